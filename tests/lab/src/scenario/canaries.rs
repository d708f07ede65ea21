//! Secrets wherever a request or an answer can hold one, each to be recognised wherever it turns up.

use super::PLAIN;
use crate::token::{HOUR, jwt_that_says};
use crate::{Answer, Ask, Expect, Scenario, Shown, State};

/// A secret for each place. They look like what sites put there: letters of both cases, and digits.
pub const CANARIES: [(&str, &str); 16] = [
    ("a value in the query", "q3RyV4lu3Xc7TnW9kZ2b"),
    ("a fragment", "fR4gm3ntHs8LpQ1vJ6yD"),
    ("a segment of the path", "p4ThS3gmTb5NrK0wE7xU"),
    ("a password in the address", "uS3r1nf0Gv2MjC9sA4zO"),
    ("a password in Basic", "b4S1cPwdYf6HtB8qI3eL"),
    ("a password in a form", "f0rMp4ssDk1WuX5oR9nP"),
    ("a password in JSON", "j50NpwdZm7EvS2cF8gT"),
    ("a Bearer token", "b34rErT0kQa9JxN4iV6hM"),
    ("an API key", "4p1K3yHdRw5CbU7lP0sYk"),
    ("a refresh token", "r3Fr3shOe8ZqG6tB1mXj"),
    ("a private claim", "cl41MpRvVi2AyD5fK9uNw"),
    ("the path of a cookie", "p4ThC00kMx3RbV6sF1zHt"),
    ("a cookie", "c00K13vTs6PoL3rH8jEq"),
    ("a cookie that is set with the refusal", "s3Tc00kMh4QzI7nW1bFy"),
    ("a realm", "r34LmSecUg9XkT2dJ5vBa"),
    ("the words of an error", "3rR0rWrdFc8YsO6pZ1wKi"),
];

pub(super) const SCENARIO: Scenario = Scenario {
    id: "canaries",
    title: "Secrets everywhere",
    host: "canary.test",
    sets_up: "The address has a password, a query, a fragment; the page signs in with all that there is: \
              cookies, Basic, Bearer, API keys, forms, a renewal; the answers repeat some of it.",
    start: Some("/start"),
    login: Some(("sam", "uS3r1nf0Gv2MjC9sA4zO")),
    page: "/account?ticket=q3RyV4lu3Xc7TnW9kZ2b&user=sam#fR4gm3ntHs8LpQ1vJ6yD",
    person: Some("window.spill();"),
    expect: Expect::LockOut { status: 401, cause: None, fix: None, one_click: false },
    answer,
    ..PLAIN
};

/// The secret for a place.
fn canary(place: &str) -> &'static str {
    CANARIES.iter().find(|(known, _)| *known == place).map_or("", |(_, secret)| secret)
}

fn answer(ask: &Ask, state: &mut State) -> Answer {
    let (realm, words) = (canary("a realm"), canary("the words of an error"));
    let challenge = format!(
        "Bearer realm=\"{realm}\", error=\"invalid_token\", error_description=\"token {words} is unknown\""
    );
    let refused = |body: &str| {
        Answer::json(401, body)
            .header("www-authenticate", &challenge)
            .cookie(format!("next={}; Path=/; HttpOnly", canary("a cookie that is set with the refusal")))
    };
    match ask.path() {
        "/start" => Answer::page(200, Shown::Done, "Signed in", "")
            .cookie(format!("session={}; Path=/; HttpOnly; Max-Age=2592000", canary("a cookie")))
            .cookie(format!("draft=1; Path=/drafts/{}; Max-Age=2592000", canary("the path of a cookie")))
            .cookie(format!("remember={}; Path=/; HttpOnly; Max-Age=2592000", state.remember())),
        "/account" => Answer::page(200, Shown::Done, "Your account", &script()),
        "/oauth/token" => {
            Answer::json(400, &format!(r#"{{"error":"invalid_grant","error_description":"{words}"}}"#))
        }
        _ => refused(&format!(r#"{{"error":"token {words} is unknown"}}"#)),
    }
}

/// Each request is refused; the page shows it when the last one is.
fn script() -> String {
    let claim = format!(r#""email":"{0}@example.com","name":"{0}""#, canary("a private claim"));
    let jwt = jwt_that_says(-2 * HOUR, -HOUR, &claim);
    let values = [
        ("query", "a value in the query"),
        ("path", "a segment of the path"),
        ("basic", "a password in Basic"),
        ("form", "a password in a form"),
        ("json", "a password in JSON"),
        ("bearer", "a Bearer token"),
        ("key", "an API key"),
        ("refresh", "a refresh token"),
    ];
    let values: Vec<String> =
        values.iter().map(|(name, place)| format!("{name}: '{}'", canary(place))).collect();
    format!(
        "<script>
  const secret = {{ jwt: '{jwt}', {} }};
  localStorage.access_token = secret.jwt;
  localStorage.refresh_token = secret.refresh;
  window.spill = async () => {{
    const post = (type, body) => ({{ method: 'POST', headers: {{ 'Content-Type': type }}, body }});
    const form = 'application/x-www-form-urlencoded';
    const all = [
      ['/oauth/token', post(form, 'grant_type=refresh_token&refresh_token=' + secret.refresh)],
      ['/api/orders?access_token=' + secret.query, {{ headers: {{ Authorization: 'Bearer ' + secret.jwt }} }}],
      ['/api/orders?page=2', {{ headers: {{ Authorization: 'Bearer ' + secret.bearer }} }}],
      ['/api/keys', {{ headers: {{ 'X-Api-Key': secret.key }} }}],
      ['/api/old', {{ headers: {{ Authorization: 'Basic ' + btoa('sam:' + secret.basic) }} }}],
      ['/reset/' + secret.path, {{ headers: {{ Authorization: 'Bearer ' + secret.jwt }} }}],
      ['/login', post(form, 'user=sam&password=' + secret.form)],
      ['/api/login', post('application/json', JSON.stringify({{ user: 'sam', password: secret.json }}))],
    ];
    for (const [url, options] of all) await fetch(url, options).catch(() => {{}});
    document.body.dataset.lab = 'out';
  }};
</script>",
        values.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_has_a_secret_of_its_own() {
        for (place, secret) in CANARIES {
            assert_eq!(canary(place), secret);
            assert_eq!(CANARIES.iter().filter(|(_, other)| *other == secret).count(), 1);
        }
        for place in ["a value in the query", "a fragment"] {
            assert!(SCENARIO.page.contains(canary(place)), "{place}");
        }
        assert_eq!(SCENARIO.login.map(|(_, password)| password), Some(canary("a password in the address")));
    }
}
