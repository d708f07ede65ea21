//! Pages, read as text: each state in one line, and what must hold of every page whatever it shows.

use super::panel::{self, Panel};
use super::popup::{self, NoAccess, Popup};
use crate::cause::CauseId;
use crate::diagnose::{Diagnosis, Verdict};
use crate::exchange::{Kind, Observation};
use crate::fix::{FixId, Offer};
use crate::http::cookie::CookieId;
use crate::incident::{Attempt, Closed, Incident, Outcome, Phase, Step, Undo, Undone};
use crate::mark::MarkKey;
use crate::time::{DAY, HOUR, Time};
use crate::words::{Arg, English, Line, Words};

const NOW: Time = Time(1_790_000_000_000);

/// Every element that a page is made of; anything else got in from outside.
const ELEMENTS: &[&str] = &[
    "header", "section", "footer", "div", "p", "span", "bdi", "h1", "h2", "ul", "ol", "li", "time", "button",
    "details", "summary", "svg", "path",
];

// What the tests start from.

fn cookie(name: &str, domain: &str, path: &str) -> CookieId {
    CookieId {
        name: name.into(),
        domain: domain.into(),
        path: path.into(),
        store: "0".into(),
        partition: None,
    }
}

fn removal(cookies: &[CookieId]) -> Offer {
    Offer { fix: FixId::RemoveCookies, cookies: cookies.to_vec() }
}

fn verdict(cause: CauseId, confidence: f64, why: Line) -> Verdict {
    Verdict { cause, confidence, why: vec![why], suspects: Vec::new() }
}

/// A lapsed session at `https://app.test/account`, nothing tried yet.
fn open() -> Incident {
    let observation = Observation {
        at: NOW.plus(-HOUR),
        url: "https://app.test/account".into(),
        method: "GET".into(),
        kind: Kind::MainFrame,
        status: 401,
        ..Observation::default()
    };
    let mut incident = Incident::new("i1".into(), observation.into_exchange(&MarkKey::default()), Phase::Open);
    let plain = [FixId::Retry, FixId::ReloadFresh, FixId::OpenPrivateWindow].map(Offer::plain);
    let mut offers = vec![removal(&[cookie("sid", "app.test", "/")])];
    offers.extend(plain);
    let why = Line::new("why_cookie_sent").text("sid");
    incident.diagnosis =
        Some(Diagnosis { causes: vec![verdict(CauseId::SessionExpired, 0.92, why)], offers });
    incident
}

/// The same, but nothing stands out; the lapsed session is a guess.
fn unknown() -> Incident {
    let mut incident = open();
    let diagnosis = incident.diagnosis.as_mut().unwrap();
    diagnosis.causes.insert(0, verdict(CauseId::Unknown, 0.0, Line::new("why_means_401")));
    diagnosis.causes[1].confidence = 0.4;
    diagnosis.offers.remove(0);
    incident
}

/// After the first offer was clicked.
fn after(phase: Phase, outcome: Option<Outcome>, removed: Option<(u32, u32)>) -> Incident {
    let mut incident = open();
    incident.phase = phase;
    let offer = incident.offers()[0].clone();
    incident.attempts = vec![Attempt { offer, at: NOW, tab: 7, outcome, removed }];
    incident
}

fn checking(reloaded: bool, at_sign_in: bool) -> Incident {
    after(Phase::Checking { reloaded, at_sign_in }, None, Some((1, 1)))
}

fn recovered(by: Option<FixId>) -> Incident {
    let mut incident = after(Phase::Recovered, Some(Outcome::Recovered), by.map(|_| (1, 1)));
    incident.closed = Some(Closed { at: NOW, by });
    if by.is_none() {
        incident.attempts.clear();
    }
    incident
}

fn still_locked(status: u16) -> Incident {
    let mut incident = after(Phase::StillLocked, Some(Outcome::StillLocked { status }), Some((1, 1)));
    incident.diagnosis.as_mut().unwrap().offers.rotate_left(1);
    incident
}

fn undone(done: Option<Undone>) -> Incident {
    let mut incident = still_locked(401);
    incident.undo = Some(Undo { cookies: 3, until: NOW.plus(DAY), done });
    incident
}

fn popup(incidents: &[Incident]) -> Popup {
    Popup { site: "app.test".into(), incidents: incidents.to_vec(), on_record: 2, ..Popup::default() }
}

// What is read off a page.

fn show(popup: &Popup) -> String {
    popup::render(&English::at(NOW), popup).into_string()
}

/// The values of an attribute, in the order of the page.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    html.split(&start).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// The names of the elements that are opened.
fn elements(html: &str) -> impl Iterator<Item = &str> {
    let name = |rest: &'static str| rest;
    let _ = name;
    html.split('<').skip(1).filter(|rest| !rest.starts_with('/')).map(|rest| {
        rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default()
    })
}

/// The texts between tags as they are read, without the isolates around a site's own words.
fn texts(html: &str) -> Vec<String> {
    let unescape = |text: &str| {
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
    };
    html.split('<')
        .filter_map(|piece| Some(piece.split_once('>')?.1))
        .map(|text| unescape(text).replace(['\u{2068}', '\u{2069}'], ""))
        .filter(|text| !text.trim().is_empty())
        .collect()
}

/// What the last click led to.
fn status(html: &str) -> String {
    let after = html.split("role=\"status\"").nth(1).unwrap_or_default();
    texts(after.split("</div>").next().unwrap_or_default()).join(" ")
}

/// `state: causes [!primary others; actions] status`.
fn outline(popup: &Popup) -> String {
    let html = show(popup);
    let primary: Vec<&str> = html
        .split("<button")
        .filter(|tag| tag.split('>').next().is_some_and(|tag| tag.contains(" data-primary")))
        .flat_map(|tag| values(tag, "data-fix").first().copied())
        .collect();
    let fixes: Vec<String> = values(&html, "data-fix")
        .iter()
        .map(|fix| if primary.contains(fix) { format!("!{fix}") } else { (*fix).to_owned() })
        .collect();
    let actions: Vec<&str> =
        values(&html, "data-action").into_iter().filter(|action| *action != "history").collect();
    let (causes, status) = (values(&html, "data-cause").join(" "), status(&html));
    let buttons = [fixes.join(" "), actions.join(" ")].join("; ");
    format!("{}: {causes} [{}] {status}", popup.shown().id(), buttons.trim_end_matches("; ")).trim().to_owned()
}

/// What holds of every page.
fn sound(html: &str) {
    for name in elements(html) {
        assert!(ELEMENTS.contains(&name), "<{name}> in {html}");
    }
    for name in ["p", "h1", "h2", "li", "span", "bdi", "button", "summary", "time"] {
        assert!(!html.contains(&format!("></{name}>")), "an empty <{name}> in {html}");
    }
    assert!(!html.contains("\u{2068}\u{2069}"), "an empty gap in {html}");
    let keys = English::at(NOW);
    for text in texts(html) {
        for amiss in ["$", "null", "undefined", "NaN", "one=", "other=", "()"] {
            assert!(!text.contains(amiss), "“{amiss}” in “{text}”");
        }
        let is_key = |word: &str| word.contains('_') && !keys.message(word).is_empty();
        assert!(!text.split(' ').any(is_key), "a message key in “{text}”");
    }
    let has_primary = html.matches(" data-primary").count();
    assert!(has_primary <= 1, "{has_primary} primary buttons in {html}");
}

fn check(popup: &Popup, expect: &str) {
    sound(&show(popup));
    assert_eq!(outline(popup), expect);
}

fn check_one(incident: Incident, expect: &str) {
    // No page of the history falls over what the popup shows.
    for site in [None, Some("app.test".to_owned())] {
        let panel = Panel { site, incidents: vec![incident.clone()], has_more: true };
        let html = panel::render(&English::at(NOW), &panel).into_string();
        sound(&html);
        assert!(!html.contains("data-primary"), "{html}");
        assert_eq!(values(&html, "data-cause"), [incident.cause().id()]);
    }
    check(&popup(&[incident]), expect);
}

#[test]
fn the_popup_in_every_phase() {
    const ALL: &str = "!remove_cookies retry reload_fresh open_private_window";
    const NEXT: &str = "!retry reload_fresh open_private_window remove_cookies";
    check_one(open(), &format!("incident: session_expired [{ALL}]"));
    check_one(unknown(), "incident: unknown session_expired [!retry reload_fresh open_private_window]");
    for step in [Step::Snapshot, Step::Remove] {
        check_one(
            after(Phase::Fixing { step }, None, None),
            "fixing: session_expired [] Putting a copy aside, then removing …",
        );
    }
    for reloaded in [false, true] {
        check_one(
            checking(reloaded, false),
            "fixing: session_expired [] Checking whether you are back in … 1 of 1 cookies removed.",
        );
    }
    check_one(
        checking(true, true),
        "fixing: session_expired [] The site now shows its sign-in page. Sign in there, and you are back. \
         1 of 1 cookies removed.",
    );
    check_one(
        still_locked(401),
        &format!(
            "still-locked: session_expired [{NEXT}] That did not help. The site still answers 401. \
             Here is the next thing to try. 1 of 1 cookies removed."
        ),
    );
    check_one(
        still_locked(0),
        &format!(
            "still-locked: session_expired [{NEXT}] That did not help. The site does not answer. \
             Here is the next thing to try. 1 of 1 cookies removed."
        ),
    );
    check_one(
        recovered(Some(FixId::RemoveCookies)),
        "recovered: session_expired [] You are back in. 1 of 1 cookies removed.",
    );
    check_one(
        recovered(None),
        "recovered: session_expired [] The site lets you in again. It came right by itself.",
    );
    check_one(
        after(Phase::Open, Some(Outcome::Failed { why: Line::new("trouble_storage") }), None),
        &format!(
            "incident: session_expired [{ALL}] That could not be done. \
             No copy could be put aside, so nothing was removed."
        ),
    );
    check_one(
        after(Phase::Open, Some(Outcome::Opened), None),
        &format!(
            "incident: session_expired [{ALL}] A private window is open. If the page works there, \
             something stored in this browser is the reason."
        ),
    );
    let mut app = checking(true, false);
    app.scope = crate::exchange::Scope::App;
    check_one(
        app,
        "fixing: session_expired [] The page is loaded again. We wait for it to repeat what failed. \
         1 of 1 cookies removed.",
    );
}

/// Before the diagnosis there is nothing to press.
#[test]
fn a_diagnosis_still_to_come() {
    let mut incident = open();
    incident.diagnosis = None;
    check_one(incident, "incident: unknown []");
}

#[test]
fn the_popup_without_a_lock_out() {
    let quiet = Popup::default();
    check(&quiet, "watching:  []");
    let mut seen = open();
    seen.phase = Phase::Seen;
    check(&popup(&[seen.clone()]), "watching:  []");
    for (reason, expect) in
        [(NoAccess::BrowserPage, "no-access:  []"), (NoAccess::Withheld, "no-access:  [; allow]")]
    {
        check(&Popup { no_access: Some(reason), ..quiet.clone() }, expect);
        check(&Popup { no_access: Some(reason), ..popup(&[seen.clone()]) }, expect);
    }
    // What was seen before the access went is still told.
    let withheld = Popup { no_access: Some(NoAccess::Withheld), ..popup(&[unknown()]) };
    assert!(outline(&withheld).starts_with("incident: unknown"));
    sound(&super::broken(&English::at(NOW), "<b>QuotaExceededError</b>").into_string().replace("<b>", "<b "));
}
