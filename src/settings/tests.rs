//! Settings: what counts, what is believed, and what a change does.

use serde_json::{Value, json};

use super::*;

fn read(own: Value, managed: Value) -> Settings {
    Settings::read(&own, &managed)
}

#[test]
fn what_is_usual() {
    let settings = read(Value::Null, Value::Null);
    assert_eq!(settings, Settings::default());
    assert!(STATUSES.iter().all(|status| settings.watches(*status)));
    assert!(!settings.notifications() && !settings.is_ignored("app.test") && !settings.is_managed());
    assert_eq!((settings.days(), settings.most()), (90, 10_000));
    assert_eq!((settings.support(), settings.fixes_off().count(), settings.expiry().count()), (None, 0, 0));
}

#[test]
fn the_organisation_wins_and_says_so() {
    let own = json!({ "retentionDays": 365, "notifications": true, "ignoredSites": ["own.test"] });
    let managed = json!({ "retentionDays": 30, "ignoredSites": [], "supportContact": "it@corp.test" });
    let mut settings = read(own.clone(), managed);
    assert_eq!(settings.days(), 30);
    assert!(settings.notifications(), "where it says nothing, the person's own choice counts");
    assert!(!settings.is_ignored("own.test"), "an empty list is said too");
    assert_eq!(settings.support(), Some("it@corp.test"));
    for (field, fixed) in [
        (Field::Days, true),
        (Field::Ignored, true),
        (Field::Notifications, false),
        (Field::Statuses, false),
        (Field::Most, false),
        (Field::Expiry, false),
    ] {
        assert_eq!(settings.is_fixed(field), fixed, "{field:?}");
    }
    let before = settings.clone();
    assert_eq!(settings.change(&Change::Days { days: 7 }), Err("refused_fixed"));
    assert_eq!(settings, before);
    // The person's own choices are still there when the policy goes.
    let written = serde_json::to_value(settings.own()).unwrap();
    assert_eq!(written, own);
    assert_eq!(read(written, Value::Null).days(), 365);
}

#[test]
fn a_person_is_not_their_own_organisation() {
    let settings = read(json!({ "supportContact": "me", "fixesOff": ["retry"] }), json!({}));
    assert_eq!((settings.support(), settings.fixes_off().count()), (None, 0));
    assert!(!settings.is_managed());
}

#[test]
fn whatever_is_read_nothing_breaks() {
    let junk = [
        json!(null),
        json!("text"),
        json!(7),
        json!([]),
        json!({ "retentionDays": "long", "mostIncidents": [], "notifications": "yes", "ignoredSites": "a.test",
                "statusesOff": { "401": true }, "expiryWatch": 3, "supportContact": 7, "fixesOff": true,
                "unknown": { "deep": [1] } }),
    ];
    for own in &junk {
        for managed in &junk {
            assert_eq!(Settings::read(own, managed), Settings::default(), "{own} {managed}");
        }
    }
    let odd = json!({ "retentionDays": -5, "mostIncidents": 1e300, "statusesOff": [401, "403", 200, 403.0, -1, null],
                      "ignoredSites": ["A.test/path", 4, "", "no spaces", "*.b.test", "http://c.test:8080/", "x..y"],
                      "supportContact": "  it\n@corp ", "fixesOff": ["retry", "no_such_fix", 3] });
    let settings = Settings::read(&odd, &odd);
    assert_eq!((settings.days(), settings.most()), (1, MOST_MOST));
    assert_eq!(settings.statuses_off().collect::<Vec<_>>(), [401, 403]);
    assert_eq!(settings.ignored().collect::<Vec<_>>(), ["a.test", "b.test", "c.test:8080"]);
    assert_eq!(settings.support(), Some("it@corp"));
    assert_eq!(settings.fixes_off().collect::<Vec<_>>(), [FixId::Retry]);
}

#[test]
fn a_name_stands_for_what_is_under_it() {
    let list = ["example.test", "one.test:8080", "localhost"].map(str::to_owned).into();
    for (site, named) in [
        ("example.test", true),
        ("example.test:8443", true),
        ("app.example.test", true),
        ("badexample.test", false),
        ("test", false),
        ("one.test:8080", true),
        ("sub.one.test:8080", true),
        ("one.test", false),
        ("one.test:80", false),
        ("localhost:3000", true),
        ("[::1]:3000", false),
        ("", false),
    ] {
        assert_eq!(names(&list, site), named, "{site}");
    }
}

#[test]
fn what_people_type() {
    for (typed, site) in [
        ("https://App.Example.test/path?q=1#x", Some("app.example.test")),
        ("app.example.test:443", Some("app.example.test")),
        ("http://app.example.test:8080", Some("app.example.test:8080")),
        (" intranet ", Some("intranet")),
        ("[::1]:3000", Some("[::1]:3000")),
        ("user:secret@app.test", Some("app.test")),
        ("", None),
        ("two words", None),
        ("..", None),
        ("https://", None),
        ("<b>", None),
    ] {
        assert_eq!(super::site(typed).as_deref(), site, "{typed}");
    }
}

#[test]
fn changes() {
    let mut settings = Settings::default();
    let mut change = |change: Change| {
        settings.change(&change)?;
        Ok::<_, &str>(settings.clone())
    };
    let ignored = |site: &str, on| Change::Ignored { site: site.into(), on };
    assert!(change(ignored("https://App.test/x", true)).unwrap().is_ignored("app.test"));
    assert_eq!(change(ignored("not a site", true)), Err("refused_site"));
    // Turned on again where only a name above it is on the list.
    assert!(!change(ignored("sub.app.test:8080", false)).unwrap().is_ignored("sub.app.test:8080"));
    change(ignored("app.test", true)).unwrap();
    change(ignored("sub.app.test", true)).unwrap();
    let one = change(ignored("sub.app.test", false)).unwrap();
    assert_eq!(one.ignored().collect::<Vec<_>>(), ["app.test"], "only what was taken off");
    assert!(!change(Change::Status { status: 403, on: false }).unwrap().watches(403));
    assert!(change(Change::Status { status: 403, on: true }).unwrap().watches(403));
    assert_eq!(change(Change::Status { status: 404, on: false }), Err("refused_unreadable"));
    assert!(change(Change::Notifications { on: true }).unwrap().notifications());
    assert_eq!(change(Change::Days { days: 0 }).unwrap().days(), 1);
    assert_eq!(change(Change::Most { most: 100 }).unwrap().most(), 100);
    let all = change(Change::Expiry { site: "app.test".into(), on: true }).unwrap();
    assert_eq!(all.expiry().collect::<Vec<_>>(), ["app.test"]);
    // What is written is read as what it was.
    assert_eq!(read(serde_json::to_value(all.own()).unwrap(), Value::Null), all);
}

#[test]
fn lists_are_bounded() {
    let many: Vec<String> = (0..2_000).map(|n| format!("s{n}.test")).collect();
    let mut settings = read(json!({ "ignoredSites": many }), Value::Null);
    assert_eq!(settings.ignored().count(), MOST_SITES);
    let more = Change::Ignored { site: "more.test".into(), on: true };
    assert_eq!(settings.change(&more), Err("refused_many"));
}

#[test]
fn what_is_not_offered() {
    let settings = read(Value::Null, json!({ "fixesOff": ["clear_site_data"] }));
    let mut offers = vec![Offer::plain(FixId::ClearSiteData), Offer::plain(FixId::Retry)];
    settings.keep_allowed(&mut offers);
    assert_eq!(offers, [Offer::plain(FixId::Retry)]);
}

/// What an administrator is told to write is what is read.
#[test]
fn the_schema_and_the_samples_name_every_field() {
    let schema: Value = serde_json::from_str(include_str!("../../extension/managed_schema.json")).unwrap();
    let firefox: Value = serde_json::from_str(include_str!("../../managed/firefox-policies.json")).unwrap();
    let chrome: Value = serde_json::from_str(include_str!("../../managed/chrome-policy.json")).unwrap();
    let firefox = &firefox["policies"]["3rdparty"]["Extensions"]["latchkey@latchkey.example"];
    let names = |object: &Value| {
        let mut names: Vec<String> = object.as_object().unwrap().keys().cloned().collect();
        names.sort();
        names
    };
    let known = names(&schema["properties"]);
    assert_eq!(known.len(), 8);
    for sample in [firefox, &chrome] {
        assert_eq!(names(sample), known);
        assert_eq!(
            names(&serde_json::to_value(Layer::read(sample)).unwrap()),
            known,
            "all of it is understood"
        );
    }
    let listed = |name: &str| schema["properties"][name]["items"]["enum"].as_array().unwrap().clone();
    let fixes: Vec<Value> = FixId::ALL.iter().map(|fix| json!(fix.id())).collect();
    assert_eq!(listed("fixesOff"), fixes);
    assert_eq!(listed("statusesOff"), STATUSES.map(|status| json!(status)));
}

/// What the fast path lets pass is never judged.
#[test]
fn the_watcher_looks_at_every_status_that_may_be_a_lock_out() {
    let watcher = include_str!("../../extension/watch.js");
    let (_, list) = watcher.split_once("const REFUSALS = new Set([").unwrap();
    let (list, _) = list.split_once(']').unwrap();
    let mut watched: Vec<u16> = list.split(", ").map(|status| status.parse().unwrap()).collect();
    watched.sort_unstable();
    let mut known = [&STATUSES[..], &crate::exchange::SOMETIMES].concat();
    known.sort_unstable();
    assert_eq!(watched, known);
}
