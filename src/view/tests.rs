//! Pages, read as text: each state in one line, and what must hold of every page whatever it shows.

mod advice;
mod developer;
mod given;
mod options;
mod panel;
mod report;
mod theirs;

use given::*;

use super::popup::{self, NoAccess, Popup};
use crate::exchange::Scope;
use crate::fix::{FixId, Offer};
use crate::http::cookie::{CookieId, Partition};
use crate::incident::{Incident, Outcome, Phase, Step, Undo, Undone};
use crate::words::{Arg, English, Line};

/// Every element that a page is made of; anything else got in from outside.
const ELEMENTS: &[&str] = &[
    "header", "section", "footer", "div", "p", "span", "bdi", "h1", "h2", "h3", "ul", "ol", "li", "time",
    "button", "details", "summary", "svg", "path", "dl", "dt", "dd", "code", "b", "a", "form", "label",
    "input", "select", "option", "kbd", "strong", "desc", "title", "rect", "line", "text", "table", "thead",
    "tbody", "tr", "th", "td", "pre", "mark",
];

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
    html.split('<')
        .skip(1)
        .filter(|rest| !rest.starts_with('/'))
        .map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default())
}

/// The texts between tags as they are read, without the isolates around a site's own words.
fn texts(html: &str) -> Vec<String> {
    let unescape = |text: &str| {
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
    };
    // A site's words are part of the sentence that they stand in.
    let html = html.replace("<bdi class=\"theirs\">", "").replace("</bdi>", "");
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

/// What a person may do or say wherever something is wrong.
const EVERYWHERE: [&str; 4] = ["history", "options", "wrong", "quiet"];

/// `state: causes [!primary others; actions] status`.
fn outline(popup: &Popup) -> String {
    let html = show(popup);
    let fix = |button: &str| {
        let tag = button.split('>').next()?;
        let mark = if tag.contains(" data-primary") { "!" } else { "" };
        Some(format!("{mark}{}", values(tag, "data-fix").first()?))
    };
    let fixes: Vec<String> = html.split("<button").filter_map(fix).collect();
    let actions: Vec<&str> =
        values(&html, "data-action").into_iter().filter(|action| !EVERYWHERE.contains(action)).collect();
    let buttons = [fixes.join(" "), actions.join(" ")].join("; ");
    let (state, causes) = (popup.shown().id(), values(&html, "data-cause").join(" "));
    let outline = format!("{state}: {causes} [{}] {}", buttons.trim_end_matches("; "), status(&html));
    outline.trim().to_owned()
}

/// What holds of every page.
fn sound(html: &str) {
    for name in elements(html) {
        assert!(ELEMENTS.contains(&name), "<{name}> in {html}");
    }
    let pieces: Vec<&str> = html.split('<').collect();
    for pair in pieces.windows(2).filter(|pair| pair[0].ends_with('>') && pair[1].starts_with('/')) {
        // A region or a list may be empty, and the place where progress is said.
        let may_be_empty = ["/section", "/footer", "/div", "/ol", "/svg", "/line"]
            .iter()
            .any(|end| pair[1].starts_with(end));
        assert!(pair[0].starts_with('/') || may_be_empty, "an empty <{} in {html}", pair[0]);
    }
    assert!(!html.contains("\u{2068}\u{2069}"), "an empty gap in {html}");
    for text in texts(html) {
        // Only message keys have an underscore here: a key without a message shows itself.
        for amiss in ["$", "_", "null", "undefined", "NaN", "one=", "other=", "()"] {
            assert!(!text.contains(amiss), "“{amiss}” in “{text}”");
        }
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
    for site in ["app.test", "other.test"] {
        let html = panel::show(&panel::of(site, vec![incident.clone()]));
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
    let fixing = |step| after(Phase::Fixing { step }, None, None);
    for step in [Step::Snapshot, Step::Remove] {
        check_one(fixing(step), "fixing: session_expired [] Putting a copy aside, then removing\u{a0}…");
    }
    for reloaded in [false, true] {
        let says = "Checking whether you are back in\u{a0}… Removed: 1 of 1.";
        check_one(checking(reloaded, false), &format!("fixing: session_expired [] {says}"));
    }
    let says = "The site now shows its sign-in page. Sign in there, and you are back. Removed: 1 of 1.";
    // Nothing is pressed on who could sign in; the rest is there for second thoughts.
    let rest = "[retry reload_fresh open_private_window remove_cookies]";
    check_one(checking(true, true), &format!("fixing: session_expired {rest} {says}"));
    let app = Incident { scope: Scope::App, ..checking(true, false) };
    let says = "The page is loaded again. We wait for it to repeat what failed. Removed: 1 of 1.";
    check_one(app, &format!("fixing: session_expired [] {says}"));
    for (status, answers) in [(401, "still answers 401"), (0, "does not answer")] {
        let says = format!("That did not help. The site {answers}. Here is the next thing to try.");
        let says = format!("still-locked: session_expired [{NEXT}] {says} Removed: 1 of 1.");
        check_one(still_locked(status), &says);
    }
    let says = "recovered: session_expired [] You are back in. Removed: 1 of 1.";
    check_one(recovered(Some(FixId::RemoveCookies)), says);
    let says = "recovered: session_expired [] The site lets you in again. It came right by itself.";
    check_one(recovered(None), says);
    for (why, says) in [
        (Line::new("trouble_storage"), "No copy could be put aside, so nothing was removed."),
        // Its gaps are filled too.
        (Line::new("cookie_of").text("sid").text("a.test"), "sid of a.test"),
    ] {
        let failed = after(Phase::Open, Some(Outcome::Failed { why }), None);
        check_one(failed, &format!("incident: session_expired [{ALL}] That could not be done. {says}"));
    }
    let opened = after(Phase::Open, Some(Outcome::Opened), None);
    check_one(opened, &format!("incident: session_expired [{ALL}] A private window is open."));
}

#[test]
fn after_the_private_window_the_popup_asks_how_it_went() {
    let mut incident = after(Phase::Open, Some(Outcome::Opened), None);
    incident.attempts[0].offer = Offer::plain(FixId::OpenPrivateWindow);
    let answers = |incident: &Incident| {
        let html = show(&popup(std::slice::from_ref(incident)));
        sound(&html);
        values(&html, "data-works").join(" ")
    };
    assert_eq!(answers(&incident), "yes no");
    // Also where the person had to open it by hand.
    incident.attempts[0].outcome = Some(Outcome::Failed { why: Line::new("trouble_private_off") });
    assert_eq!(answers(&incident), "yes no");
    for works in [true, false] {
        incident.works_privately = Some(works);
        assert_eq!(answers(&incident), "", "to be taken back by one button");
        assert!(
            show(&popup(std::slice::from_ref(&incident))).contains(&format!("data-said-private=\"{works}\""))
        );
    }
}

#[test]
fn what_goes_is_listed_before_the_click() {
    let mut incident = open();
    let goes = |incident: &Incident| {
        let html = show(&popup(std::slice::from_ref(incident)));
        sound(&html);
        let names = values(&html, "data-goes").join(" ");
        format!("{names}; {}", html.contains("data-shared"))
    };
    assert_eq!(goes(&incident), "; false", "one cookie is said in the sentence");
    let mut partitioned = cookie("pid", "app.test", "/");
    partitioned.partition =
        Some(Partition { top_level_site: "https://shop.test".into(), has_cross_site_ancestor: Some(true) });
    let all = [cookie("sid", ".test", "/"), cookie("sid", "app.test", "/a"), partitioned];
    incident.diagnosis.as_mut().unwrap().offers[0] = removal(&all);
    assert_eq!(goes(&incident), "sid sid pid; true");
    let html = show(&popup(&[incident]));
    let listed = texts(&html).join(" ");
    assert!(listed.contains("shop.test"), "{listed}");
}

/// Before the diagnosis there is nothing to press.
#[test]
fn a_diagnosis_still_to_come() {
    let mut incident = open();
    incident.diagnosis = None;
    check_one(incident, "incident: unknown []");
}

const WATCHING: &str =
    "watching:  [; check] Nothing wrong here. If this site refuses you, we will say why, right here.";

#[test]
fn the_popup_without_a_lock_out() {
    let quiet = Popup::default();
    check(&quiet, WATCHING);
    let mut seen = open();
    seen.phase = Phase::Seen;
    check(&popup(&[seen.clone()]), WATCHING);
    for (reason, expect) in
        [(NoAccess::BrowserPage, "no-access:  []"), (NoAccess::Withheld, "no-access:  [; allow]")]
    {
        check(&Popup { no_access: Some(reason), ..quiet.clone() }, expect);
        check(&Popup { no_access: Some(reason), ..popup(&[seen.clone()]) }, expect);
    }
    // What was seen before the access went is still told.
    let withheld = Popup { no_access: Some(NoAccess::Withheld), ..popup(&[unknown()]) };
    assert!(outline(&withheld).starts_with("incident: unknown"));
    sound(&super::broken(&English::at(NOW), "<b>QuotaExceededError</b>").into_string());
}

#[test]
fn what_can_be_put_back_and_what_was() {
    let says = |incident: Incident| {
        let popup = popup(&[incident]);
        sound(&show(&popup));
        let outline = outline(&popup);
        outline.find("Put back").map(|at| outline[at..].to_owned())
    };
    assert!(outline(&popup(&[undone(None)])).contains("; undo]"), "{}", outline(&popup(&[undone(None)])));
    assert!(show(&popup(&[undone(None)])).contains("Put 3 cookies back"));
    let done = |restored, newer, refused| undone(Some(Undone { restored, newer, refused }));
    assert!(!outline(&popup(&[done(3, 0, 0)])).contains("undo]"));
    assert_eq!(says(done(3, 0, 0)).as_deref(), Some("Put back: 3 of 3."));
    assert_eq!(
        says(done(1, 1, 1)).as_deref(),
        Some("Put back: 1 of 3. 1 was left alone: the site has set a newer one. Your browser refused 1.")
    );
    assert_eq!(
        says(done(0, 2, 0)).as_deref(),
        Some("Put back: 0 of 3. 2 were left alone: the site has set newer ones.")
    );
    // Nobody is told that they are back in by what has just been taken back.
    let mut taken_back = done(3, 0, 0);
    (taken_back.phase, taken_back.closed) = (Phase::Recovered, recovered(Some(FixId::RemoveCookies)).closed);
    let html = show(&popup(&[taken_back]));
    sound(&html);
    assert!(html.contains("data-undone=\"3\"") && !html.contains("back in"), "{html}");
    // Not while something is under way, and not for ever.
    let mut fixing = undone(None);
    fixing.phase = Phase::Fixing { step: Step::Remove };
    let mut late = undone(None);
    late.undo = late.undo.map(|undo| Undo { until: NOW, ..undo });
    for incident in [fixing, late] {
        assert!(!outline(&popup(&[incident])).contains("undo]"));
    }
}

#[test]
fn several_at_once() {
    let mut api = open();
    (api.id, api.scope) = ("i2".into(), Scope::App);
    let mut ad = open();
    (ad.id, ad.scope) = ("i3".into(), Scope::Other);
    let mut done = recovered(None);
    done.id = "i4".into();
    let all = popup(&[ad.clone(), api.clone(), done.clone(), unknown()]);
    // The page before its parts, what is solved last, what is nobody's concern not at all.
    check(
        &all,
        "incident: unknown session_expired session_expired \
         [!retry reload_fresh open_private_window remove_cookies]",
    );
    assert_eq!(values(&show(&all), "data-fold"), ["why", "others", "developer", "i2"]);
    assert_eq!(popup(&[done, api.clone()]).shown().id(), "incident");
    assert_eq!(popup(&[ad]).shown().id(), "watching");
    // What a click mended says so, and can be put back, though another thing is still in the way.
    let mut mended = undone(None);
    (mended.id, mended.phase) = ("i5".into(), Phase::Recovered);
    mended.closed = recovered(Some(FixId::RemoveCookies)).closed;
    let html = show(&popup(&[mended, api]));
    sound(&html);
    assert_eq!((values(&html, "data-over"), html.matches("data-action=\"undo\"").count()), (vec!["i5"], 1));
}

#[test]
fn what_removes_something_stands_apart() {
    let html = show(&popup(&[still_locked(401)]));
    let (others, apart) = html.split_once("These remove something").unwrap();
    assert_eq!(values(others, "data-fix"), ["retry", "reload_fresh", "open_private_window"]);
    assert_eq!(values(apart, "data-fix"), ["remove_cookies"]);
    assert!(!show(&popup(&[open()])).contains("These remove something"));
}

#[test]
fn the_preview_names_what_goes() {
    let will = |cookies: &[CookieId]| {
        let mut incident = open();
        incident.diagnosis.as_mut().unwrap().offers[0] = removal(cookies);
        let html = show(&popup(&[incident]));
        sound(&html);
        let says = texts(&html).into_iter().find(|text| text.starts_with("Removes ")).unwrap();
        format!("{})", says.split_once("). ").unwrap().0)
    };
    let sid = cookie("sid", "app.test", "/");
    assert_eq!(will(std::slice::from_ref(&sid)), "Removes 1 cookie (sid)");
    assert_eq!(
        will(&[sid.clone(), cookie("sid", ".test.example", "/a"), cookie("jwt", "app.test", "/")]),
        "Removes 3 cookies (sid of app.test/, sid of test.example/a, jwt)"
    );
    let many: Vec<CookieId> = ('a'..='m').map(|name| cookie(&name.to_string(), "app.test", "/")).collect();
    assert_eq!(will(&many), "Removes 13 cookies (a, b, c, d, e, f, g, h, i, j, k, l, …)");
    // What others share is said.
    let mut incident = open();
    incident.diagnosis.as_mut().unwrap().offers[0] = removal(&[cookie("sid", ".test.example", "/")]);
    let html = show(&popup(&[incident]));
    sound(&html);
    let says = "Removes 1 cookie (sid of test.example/). Everything under test.example shares it";
    assert!(texts(&html).iter().any(|text| text.starts_with(says)), "{html}");
    // A site's own `$2` is no gap, and what turns text around or goes on for ever does not.
    assert_eq!(will(&[cookie("sid\u{202e}\u{2069}x", "app.test", "/")]), "Removes 1 cookie (sidx)");
    let long = cookie(&"🍪".repeat(2560), "app.test", &format!("/{}\u{202e}", "a/".repeat(5000)));
    let says = will(&[long.clone(), CookieId { store: "1".into(), ..long }]);
    assert!(says.chars().count() < 600, "{} characters", says.chars().count());
    assert!(!says.contains('\u{202e}'));
}

#[test]
fn a_site_cannot_bring_in_elements() {
    let bad = "<img src=x onerror=alert(1)>\"'&\u{202e}";
    let mut incident = still_locked(401);
    incident.site = bad.into();
    incident.id = bad.into();
    incident.exchange.url = bad.into();
    incident.exchange.method = bad.into();
    let cookies = [cookie(bad, bad, bad), cookie(bad, "app.test", "/")];
    incident.attempts[0].offer = removal(&cookies);
    let diagnosis = incident.diagnosis.as_mut().unwrap();
    diagnosis.offers[3] = removal(&cookies);
    diagnosis.causes[0].why = vec![
        Line::new("why_cookie_ran_out").text(bad).with(Arg::At(NOW)),
        Line { key: bad.to_owned().into(), args: Vec::new() },
    ];
    let mut second = incident.clone();
    second.id = "i2".into();
    let page = Popup { site: bad.into(), ..popup(&[incident.clone(), second]) };
    let panel = panel::show(&panel::of(bad, vec![incident]));
    for html in [show(&page), panel, super::broken(&English::at(NOW), bad).into_string()] {
        sound(&html);
        assert!(html.contains("&lt;img"), "{html}");
    }
}
