//! The options, the first page, and what both say of an organisation.

use serde_json::{Value, json};

use super::*;
use crate::exchange::STATUSES;
use crate::settings::Settings;
use crate::view::options::{self, Options, Used};
use crate::view::panel::{Panel, Rows, render as render_panel};
use crate::view::popup::Off;
use crate::view::welcome::{self, Welcome};

fn page(options: &Options) -> String {
    let html = options::render(&English::at(NOW), options).into_string();
    sound(&html);
    html
}

fn chosen(own: Value, managed: Value) -> Options {
    Options { settings: Settings::read(&own, &managed), may_notify: true, ..Options::default() }
}

/// The controls that can be used, by their ids.
fn usable(html: &str) -> Vec<&str> {
    let tags = html
        .split('<')
        .filter(|tag| (tag.starts_with("input") || tag.starts_with("select")) && !tag.contains(" disabled"));
    tags.filter_map(|tag| values(tag, "id").first().copied()).collect()
}

fn ticked(html: &str) -> Vec<&str> {
    let tags = html.split('<').filter(|tag| tag.contains(" checked"));
    tags.filter_map(|tag| values(tag, "id").first().copied()).collect()
}

#[test]
fn the_usual_options() {
    let html = page(&chosen(Value::Null, Value::Null));
    let statuses = STATUSES.map(|status| format!("status-{status}"));
    assert_eq!(ticked(&html), statuses, "all are watched, and notifications are off");
    assert_eq!(usable(&html).len(), STATUSES.len() + 5);
    assert_eq!(values(&html, "data-fixed"), Vec::<&str>::new());
    assert!(html.contains("<option value=\"90\" selected>90 days</option>"), "{html}");
    assert!(html.contains("<option value=\"10000\" selected>10000 lock-outs</option>"), "{html}");
}

#[test]
fn every_control_has_a_label() {
    let html = page(&chosen(json!({ "ignoredSites": ["a.test"] }), Value::Null));
    let labelled = values(&html, "for");
    for id in usable(&html) {
        assert!(labelled.contains(&id), "{id}");
    }
    // A button that says "Remove" says of what to those who do not see where it stands.
    assert!(html.contains("aria-label=\"Remove \u{2068}a.test\u{2069}\""), "{html}");
}

#[test]
fn what_was_chosen() {
    let own = json!({ "ignoredSites": ["a.test", "b.test:8080"], "statusesOff": [403], "notifications": true,
                      "retentionDays": 12, "expiryWatch": ["c.test"] });
    let options = chosen(own, Value::Null);
    let html = page(&options);
    assert_eq!(values(&html, "data-action"), ["remove", "remove", "remove", "erase"]);
    assert!(!ticked(&html).contains(&"status-403") && ticked(&html).contains(&"notifications"));
    assert!(html.contains("<option value=\"12\" selected>12 days</option>"), "a choice of its own stays one");
    assert!(!html.contains("data-withheld"));
    let withheld = page(&Options { may_notify: false, ..options });
    assert!(withheld.contains("data-withheld"), "the browser has a say in notifications");
}

#[test]
fn what_an_organisation_has_chosen_is_shown_and_fixed() {
    let managed = json!({ "ignoredSites": ["intranet.test"], "statusesOff": [], "notifications": false,
                          "retentionDays": 30, "mostIncidents": 100, "expiryWatch": [],
                          "supportContact": "help@corp.test", "fixesOff": ["clear_site_data", "retry"] });
    let html = page(&chosen(json!({ "ignoredSites": ["own.test"] }), managed));
    assert_eq!(
        values(&html, "data-fixed"),
        ["ignored", "statuses", "notifications", "expiry", "days", "most"]
    );
    assert_eq!(usable(&html), Vec::<&str>::new());
    assert_eq!(values(&html, "data-action"), ["erase"], "the lists too");
    assert!(html.contains("intranet.test") && !html.contains("own.test"));
    assert_eq!(values(&html, "href"), ["mailto:help@corp.test"]);
    assert_eq!(values(&html, "data-fix-off"), ["retry", "clear_site_data"]);
}

/// Every fix that can be turned off has a name there.
#[test]
fn fixes_that_are_turned_off_have_names() {
    let all: Vec<&str> = FixId::ALL.iter().map(|fix| fix.id()).collect();
    let html = page(&chosen(Value::Null, json!({ "fixesOff": all })));
    assert_eq!(values(&html, "data-fix-off").len(), all.len());
}

#[test]
fn what_is_stored_and_erased_in_two_steps() {
    let used = Used { kilobytes: Some(12), incidents: 1, sites: 2, copies: 0 };
    let mut options = Options { used, ..chosen(Value::Null, Value::Null) };
    let html = page(&options);
    assert!(html.contains("1 lock-out on record") && html.contains("12 KB"), "{html}");
    assert_eq!(values(&html, "data-action"), ["erase"]);
    options.erasing = true;
    assert_eq!(values(&page(&options), "data-action"), ["erase-yes", "erase-no"]);
}

#[test]
fn support_is_a_link_only_where_it_is_an_address() {
    for (contact, href) in [
        ("help@corp.test", Some("mailto:help@corp.test")),
        ("https://help.corp.test/it", Some("https://help.corp.test/it")),
        ("Extension 4711, or ask Kim", None),
        ("javascript:alert(1)//@", None),
        ("http://corp.test", None),
        ("a@b.test?subject=x", None),
    ] {
        let html = show(&Popup { support: Some(contact.into()), ..popup(&[open()]) });
        sound(&html);
        assert_eq!(values(&html, "href"), href.into_iter().collect::<Vec<_>>(), "{contact}");
        assert!(html.contains("data-support"));
    }
}

#[test]
fn a_site_that_is_left_alone() {
    let own = Popup { off: Some(Off::Own), can_turn_off: true, ..popup(&[open()]) };
    check(&own, "off:  [; watch]");
    let managed = Popup { off: Some(Off::Managed), ..popup(&[]) };
    check(&managed, "off:  []");
    let watching = Popup { can_turn_off: true, ..popup(&[]) };
    assert!(outline(&watching).starts_with("watching:  [; check ignore]"), "{}", outline(&watching));
    let locked = Popup { can_turn_off: true, ..popup(&[open()]) };
    assert!(!outline(&locked).contains("ignore"), "there one says that it is no lock-out");
}

#[test]
fn a_lock_out_whose_end_was_not_seen() {
    let mut incident = open();
    incident.phase = Phase::Lapsed;
    incident.closed = Some(crate::incident::Closed { at: NOW, by: None });
    assert!(outline(&popup(&[incident.clone()])).starts_with("watching:"));
    let panel = Panel {
        site: Some(incident.site.clone()),
        rows: Rows::Incidents(vec![incident]),
        matching: 1,
        ..Panel::default()
    };
    let html = render_panel(&English::at(NOW), &panel).into_string();
    sound(&html);
    assert_eq!(values(&html, "data-ended"), ["lapsed"]);
}

#[test]
fn the_first_page() {
    let show = |welcome: &Welcome| {
        let html = welcome::render(&English::at(NOW), welcome).into_string();
        sound(&html);
        html
    };
    let mut welcome = Welcome::default();
    let html = show(&welcome);
    assert_eq!(values(&html, "data-access"), ["withheld"]);
    assert_eq!(values(&html, "data-action"), ["allow", "options"]);
    welcome = Welcome { has_access: true, is_firefox: true, keys: Some("Alt+Shift+L".into()), ..welcome };
    let html = show(&welcome);
    assert_eq!(values(&html, "data-access"), ["granted"]);
    assert_eq!(values(&html, "data-action"), ["options"]);
    assert!(html.contains("<kbd>Alt+Shift+L</kbd>"));
    welcome.settings = Settings::read(&Value::Null, &json!({ "retentionDays": 7 }));
    assert!(show(&welcome).contains("7 days"), "what is said is what is done");
}
