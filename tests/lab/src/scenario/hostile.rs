//! Servers and pages that mean no good: each answer is as large, as deep or as late as browsers let it be.

use super::PLAIN;
use crate::token::{base64url, jwt_that_says};
use crate::{Answer, Expect, Scenario, Shown};

const BASE: Scenario =
    Scenario { expect: Expect::LockOut { status: 401, cause: None, fix: None, one_click: false }, ..PLAIN };

pub(super) const THOUSAND_CHALLENGES: Scenario = Scenario {
    id: "hostile_challenges",
    title: "A thousand challenges",
    host: "challenges.hostile.test",
    sets_up: "Five hundred header lines and one line of five hundred, each a challenge of a scheme of its own, \
              with the same parameter over and over.",
    answer: |_, _| {
        let challenge = |n: usize| format!("Scheme{n} realm=\"r{n}\", realm=\"again\", x=y");
        let line = (500..1_000).map(challenge).collect::<Vec<_>>().join(", ");
        (0..500).fold(out().header("www-authenticate", line), |answer, n| {
            answer.header("www-authenticate", challenge(n))
        })
    },
    ..BASE
};

pub(super) const THOUSANDS_OF_COOKIES: Scenario = Scenario {
    id: "hostile_cookies",
    title: "Three thousand cookies at once",
    host: "cookies.hostile.test",
    sets_up: "One answer sets three thousand cookies; the browser keeps as many as it likes, and sends those.",
    start: Some("/start"),
    page: "/account",
    answer: |ask, _| match ask.path() {
        "/start" => (0..3_000).fold(Answer::page(200, Shown::Done, "Hello", ""), |answer, n| {
            answer.cookie(format!("c{n}=v{n}; Path=/; Max-Age=3600"))
        }),
        _ => out(),
    },
    ..BASE
};

pub(super) const ANOTHER_TIME: Scenario = Scenario {
    id: "hostile_dates",
    title: "From the end of time",
    host: "dates.hostile.test",
    sets_up: "The server's clock stands at the end of the year 9999, or at no date at all; a cookie ends before \
              1601, another after more seconds than numbers can count.",
    answer: |_, _| {
        out()
            .header("date", "Fri, 31 Dec 9999 23:59:59 GMT")
            .header("date", "Thu, 00 Foo -001 99:99:99 XYZ")
            .header("age", "99999999999999999999999999")
            .header("retry-after", "99999999999999999999999999")
            .header("www-authenticate", "Bearer error=\"invalid_token\"")
            .cookie("late=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT; Path=/")
            .cookie("later=1; Max-Age=99999999999999999999999999; Path=/")
            .cookie("early=1; Expires=Mon, 01 Jan 0001 00:00:00 GMT; Path=/")
            .cookie("never=1; Max-Age=-99999999999999999999999999; Path=/")
    },
    ..BASE
};

pub(super) const TOKEN_BOMB: Scenario = Scenario {
    id: "hostile_tokens",
    title: "Tokens that are too deep, too large, too late",
    host: "tokens.hostile.test",
    sets_up: "The app sends tokens: one of lists in lists, twenty thousand deep, one with ten thousand claims, \
              one whose times are no times.",
    page: "/app",
    person: Some("window.send();"),
    answer: |ask, _| match ask.path() {
        "/app" => Answer::page(200, Shown::Done, "Your app", &bombs()),
        _ => Answer::json(401, r#"{"error":"unauthorized"}"#).header("www-authenticate", "Bearer"),
    },
    ..BASE
};

pub(super) const OUR_NAMES: Scenario = Scenario {
    id: "hostile_names",
    title: "Names that look like the extension's own",
    host: "names.hostile.test",
    sets_up: "Cookies, entries and messages of the page are called what the extension's own things are called, or \
              what every JavaScript object has.",
    start: Some("/start"),
    page: "/account",
    answer: |ask, _| match ask.path() {
        "/start" => NAMES.iter().fold(Answer::page(200, Shown::Done, "Hello", &names()), |answer, name| {
            answer.cookie(format!("{name}=1; Path=/; Max-Age=3600"))
        }),
        _ => out().header("www-authenticate", "__proto__ constructor=\"toString\", __proto__=\"x\""),
    },
    ..BASE
};

pub(super) const GROWING_CIRCLES: Scenario = Scenario {
    id: "hostile_circles",
    title: "Circles that grow",
    host: "circles.hostile.test",
    page: "/login/",
    sets_up: "A sign-in that leads nowhere: each address leads to another that is longer by two thousand letters, until the browser gives up.",
    // The browser's own page says that there were too many redirects.
    ends_blank: true,
    expect: Expect::LockOut { status: 0, cause: None, fix: None, one_click: false },
    answer: |ask, _| {
        Answer::see_other(&format!("{}{}", ask.path(), "x".repeat(2_000))).cookie("round=1; Path=/")
    },
    ..BASE
};

/// What JavaScript gives every object, and what the extension calls its own things.
const NAMES: [&str; 8] =
    ["__proto__", "constructor", "toString", "hasOwnProperty", "watch", "incidents", "mark", "latchkey"];

fn out() -> Answer {
    Answer::page(401, Shown::Out, "Please sign in", "")
}

/// Entries and messages by those names.
fn names() -> String {
    let names = NAMES.map(|name| format!("'{name}'")).join(", ");
    format!(
        "<script>
  for (const name of [{names}]) {{
    localStorage.setItem(name, '1');
    postMessage({{ kind: name, incident: name, request: name }}, '*');
  }}
</script>"
    )
}

fn bombs() -> String {
    let deep = format!(r#""a":{}{}"#, "[".repeat(20_000), "]".repeat(20_000));
    let wide = (0..10_000).map(|n| format!(r#""c{n}":{n}"#)).collect::<Vec<_>>().join(",");
    let late = r#"{"exp":1e308,"iat":-1e308,"nbf":"soon","aud":[[]],"scope":{},"exp":null}"#;
    let late = format!("{}.{}.x", base64url(br#"{"alg":"none"}"#), base64url(late.as_bytes()));
    let all =
        [jwt_that_says(0, 0, &deep), jwt_that_says(0, 0, &wide), late].map(|token| format!("'{token}'"));
    format!(
        "<script>
  const tokens = [{}];
  window.send = async () => {{
    for (const [n, token] of tokens.entries()) {{
      localStorage['token' + n] = token;
      await fetch('/api/' + n, {{ headers: {{ Authorization: 'Bearer ' + token }} }}).catch(() => {{}});
    }}
    document.body.dataset.lab = 'out';
  }};
</script>",
        all.join(", ")
    )
}
