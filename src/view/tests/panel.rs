//! The history: its rows, its pages, its chart, and what is asked before something goes.

use super::given::*;
use super::{sound, texts, values};
use crate::cause::CauseId;
use crate::fix::FixId;
use crate::history::query::Query;
use crate::history::summary::{Ending, Kind, SiteSummary};
use crate::incident::Incident;
use crate::message::Deletion;
use crate::time::DAY;
use crate::view::panel::{Asks, Day, MOST_PAGES, PAGE, Panel, Rows, render};
use crate::words::{Arg, English, Line};

pub(super) fn show(panel: &Panel) -> String {
    render(&English::at(NOW), panel).into_string()
}

/// A site's history with these incidents.
pub(super) fn of(site: &str, incidents: Vec<Incident>) -> Panel {
    let count = u32::try_from(incidents.len()).unwrap();
    Panel {
        site: Some(site.into()),
        matching: count,
        incidents: Some(count),
        rows: Rows::Incidents(incidents),
        kinds: vec![Kind { cause: CauseId::SessionExpired, ending: Ending::Ongoing }],
        ..Panel::default()
    }
}

fn summary(site: &str, kinds: &[(&str, u32)]) -> SiteSummary {
    SiteSummary {
        count: kinds.iter().map(|(_, count)| count).sum(),
        kinds: kinds.iter().map(|(kind, count)| ((*kind).to_owned(), *count)).collect(),
        latest: "i9".into(),
        latest_at: NOW,
        latest_cause: "token_expired".into(),
        ..SiteSummary::new(site)
    }
}

fn all_sites() -> Panel {
    let rows = vec![
        summary("app.test", &[("token_expired/fixed", 3), ("session_expired/ongoing", 1)]),
        summary("other.test:8443", &[("unknown/itself", 1)]),
    ];
    Panel { matching: 2, incidents: Some(5), rows: Rows::Sites(rows), ..Panel::default() }
}

fn many(count: usize) -> Vec<Incident> {
    (0..count).map(|at| Incident { id: format!("i{at}"), ..open() }).collect()
}

#[test]
fn the_history_says_how_it_ended() {
    let says = |incident: Incident| {
        let html = show(&of("app.test", vec![incident]));
        sound(&html);
        let outcome = texts(html.split("class=\"outcome\"").nth(1).unwrap()).swap_remove(0);
        format!("{}: {outcome}", values(&html, "data-ended")[0])
    };
    assert_eq!(says(open()), "no: Not solved yet");
    assert_eq!(says(recovered(None)), "itself: Came right by itself");
    let by = recovered(Some(FixId::RemoveCookies));
    assert_eq!(says(by.clone()), "remove_cookies: Solved by: Remove the old sign-in cookie");
    // A record whose attempts were lost still names the fix.
    let lost = Incident { attempts: Vec::new(), ..by };
    assert_eq!(says(lost), "remove_cookies: Solved by: Remove the old sign-in cookie");
}

#[test]
fn all_sites_say_how_often_why_last_and_whether_it_is_over() {
    let panel = all_sites();
    let html = show(&panel);
    sound(&html);
    assert_eq!(values(&html, "data-site"), ["app.test", "other.test:8443"]);
    assert_eq!(values(&html, "data-count"), ["4", "1"]);
    assert_eq!(values(&html, "data-ongoing"), ["1", "0"]);
    let says = texts(&html).join(" | ");
    for words in ["2 sites", "Not solved yet: 1", "All solved", "4 lock-outs"] {
        assert!(says.contains(words), "{words}: {says}");
    }
    // What fits the filter is said beside what there is.
    let query = Query { ending: Some(Ending::Fixed), ..Query::default() };
    let html = show(&Panel { query, ..panel });
    assert!(texts(&html).iter().any(|text| text.ends_with(" · 3 fit")), "{:?}", texts(&html));
}

#[test]
fn nothing_yet_is_not_nothing_found() {
    let says = |panel: &Panel| {
        let html = show(panel);
        sound(&html);
        let found = html.split("data-matching=\"0\"").nth(1).unwrap();
        format!("{} {}", texts(found)[0], html.contains("data-field"))
    };
    assert_eq!(says(&Panel::default()), "No lock-outs so far. false");
    assert_eq!(says(&of("app.test", Vec::new())), "No lock-outs on this site so far. false");
    // Whoever searched must be able to search for something else.
    let query = Query { search: "x".into(), ..Query::default() };
    let none = Panel { query, incidents: Some(5), ..Panel::default() };
    assert!(says(&none).starts_with("Nothing in the history fits this.") && says(&none).ends_with("true"));
}

/// A hundred thousand are shown by as many elements as a few hundred.
#[test]
fn a_long_history_is_shown_by_the_page() {
    let mut panel = of("app.test", many(PAGE * MOST_PAGES));
    (panel.first, panel.matching, panel.incidents) = (PAGE * 7, 100_000, Some(100_000));
    let html = show(&panel);
    sound(&html);
    let pages: Vec<&str> =
        values(&html, "data-region").into_iter().filter(|region| region.starts_with("page-")).collect();
    assert_eq!(pages, ["page-7", "page-8", "page-9", "page-10"]);
    assert_eq!(values(&html, "start"), ["351", "401", "451", "501"]);
    assert_eq!(
        values(&html, "data-incident").iter().filter(|id| **id == "i0").count(),
        3,
        "the row and its buttons"
    );
    assert!(html.contains("351 to 400 of 100000"), "{}", texts(&html).join(" | "));
    assert!(html.contains("data-action=\"newer\"") && html.contains("data-action=\"more\""));
    assert!(html.len() < 400_000, "{} bytes", html.len());
    // The first page and the last have nothing beyond them.
    (panel.first, panel.matching) = (0, 200);
    let html = show(&panel);
    assert!(!html.contains("data-action=\"newer\"") && !html.contains("data-action=\"more\""));
}

/// Regions are put in anew when they change: what is typed must not be part of them.
#[test]
fn the_fields_do_not_change_while_somebody_types() {
    let tools = |query: Query| {
        let kinds = vec![Kind { cause: CauseId::Unknown, ending: Ending::Itself }];
        let html = show(&Panel { query, kinds, ..all_sites() });
        html.split("data-region=\"tools\"").nth(1).unwrap().split("</section>").next().unwrap().to_owned()
    };
    let typed = Query { search: "app".into(), cause: Some(CauseId::Unknown), ..Query::default() };
    assert_eq!(tools(typed), tools(Query::default()));
}

#[test]
fn every_field_and_picture_has_a_name() {
    let days = (0..30).map(|day| Day { at: NOW.plus((day - 30) * DAY), count: u32::from(day % 7 == 0) * 3 });
    let html = show(&Panel { days: Some(days.collect()), ..all_sites() });
    sound(&html);
    let labels = values(&html, "for");
    for id in ["search", "cause", "ending", "sort"] {
        assert!(labels.contains(&id), "{id} has no label");
    }
    let named = values(&html, "aria-labelledby")[0];
    for id in named.split(' ') {
        assert!(html.contains(&format!("id=\"{id}\"")), "{id}");
    }
    assert!(html.contains("<svg class=\"chart\" role=\"img\""));
    assert!(
        texts(&html).iter().any(|text| text.starts_with("15 lock-outs in all. The most on one day: 3, on"))
    );
    // The table has what the picture has.
    let table = html.split("<tbody>").nth(1).unwrap();
    assert_eq!(table.matches("<tr>").count(), html.matches("<rect").count());
    let nothing = vec![Day { at: NOW, count: 0 }; 30];
    assert!(!show(&Panel { days: Some(nothing), ..all_sites() }).contains("<svg"), "no picture of nothing");
}

#[test]
fn bars_fit_whatever_the_numbers_are() {
    let counts = [0, 1, u32::MAX, 7];
    let days = counts.map(|count| Day { at: NOW, count }).to_vec();
    let html = show(&Panel { days: Some(days), ..all_sites() });
    sound(&html);
    let rects = html.split("<rect").skip(1).map(|rect| rect.split('>').next().unwrap().to_owned());
    for rect in rects {
        let number = |name: &str| values(&rect, name)[0].parse::<u32>().unwrap();
        assert!(number("height") >= 3 && number("y") + number("height") == 64, "{rect}");
    }
}

#[test]
fn what_will_go_is_said_before_it_goes() {
    let asks = |what: Deletion, snapshots: u32, is_last: bool| {
        let mut panel = of("app.test", vec![recovered(None)]);
        if what == Deletion::All {
            panel.site = None;
        }
        panel.asks = Some(Asks { what, incidents: 12, snapshots, is_last });
        let html = show(&panel);
        sound(&html);
        assert_eq!(html.matches("data-action=\"delete-now\"").count(), 1);
        assert_eq!(html.matches("data-action=\"keep\"").count(), 1);
        texts(html.split("data-confirm").nth(1).unwrap()).join(" ")
    };
    let one = asks(Deletion::Incident { id: "i1".into() }, 1, false);
    assert!(one.starts_with("This entry will be deleted. With it goes the copy") && !one.contains("learned"));
    assert!(
        asks(Deletion::Incident { id: "i1".into() }, 0, true).contains("learned"),
        "the last of its site"
    );
    let site = asks(Deletion::Site { site: "app.test".into() }, 3, true);
    assert!(site.contains("All 12 entries of app.test will be deleted. With them go 3 copies"), "{site}");
    assert!(asks(Deletion::All, 0, true).contains("All 12 entries will be deleted, of every site."));
    // Nothing is deleted by one click.
    let html = show(&of("app.test", vec![recovered(None)]));
    assert!(!html.contains("delete-now") && values(&html, "data-deletes") == ["incident", "site"]);
}

#[test]
fn what_came_of_a_click_is_said_where_it_is_heard() {
    let said = Line::new("delete_done").with(Arg::Count(3)).with(Arg::Count(3));
    let html = show(&Panel { said: Some(said), ..all_sites() });
    let region = html.split("data-region=\"said\"").nth(1).unwrap();
    assert!(region.starts_with(" role=\"status\" aria-live=\"polite\""), "{region}");
    assert!(texts(region)[0].starts_with("Deleted: 3 of 3."));
}
