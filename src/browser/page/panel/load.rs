//! What the panel reads: the rows that are shown, and numbers of all the rest.

use wasm_bindgen::JsValue;

use crate::browser::store;
use crate::history::summary::SiteSummary;
use crate::message::Deletion;
use crate::time::Time;
use crate::view::panel::{Asks, Day, PAGE, Panel, Rows};

/// So many days are in the chart.
const DAYS: u32 = 30;

/// Fills in the rows of so many pages, and what is told by summaries.
pub(super) async fn rows(panel: &mut Panel, pages: usize) -> Result<(), JsValue> {
    let [first, most] = [panel.first, pages * PAGE].map(|count| u32::try_from(count).unwrap_or(u32::MAX));
    match &panel.site {
        Some(site) => {
            let summary = store::summary(site).await?.unwrap_or_else(|| SiteSummary::new(site));
            panel.rows = Rows::Incidents(store::timeline(&summary, &panel.query, first, most).await?);
            panel.matching = panel.query.count(&summary);
            panel.incidents = Some(summary.count);
            panel.kinds = summary.each_kind().map(|(kind, _)| kind).collect();
        }
        None => {
            let (rows, matching) = store::sites(&panel.query, first, most).await?;
            (panel.rows, panel.matching) = (Rows::Sites(rows), matching);
            panel.kinds = store::kinds().await?;
        }
    }
    Ok(())
}

/// Fills in what has to be counted: in a long history that takes longer than the rows.
pub(super) async fn numbers(panel: &mut Panel) -> Result<(), JsValue> {
    if panel.site.is_none() {
        panel.incidents = Some(store::total().await?);
    }
    let bounds = midnights();
    let counts = store::counts(panel.site.as_deref(), &bounds).await?;
    panel.days = Some(bounds.into_iter().zip(counts).map(|(at, count)| Day { at, count }).collect());
    Ok(())
}

/// The beginnings of the last days, and of tomorrow, by the person's own calendar: a day may have 23 hours.
fn midnights() -> Vec<Time> {
    let today = js_sys::Date::new_0();
    (0..=DAYS)
        .rev()
        .map(|ago| {
            let day = js_sys::Date::new(&today);
            day.set_hours(0);
            day.set_minutes(0);
            day.set_seconds(0);
            day.set_milliseconds(0);
            // Below 1 it is a day of the month before, which `setDate` takes (ECMA-262, section 21.4.4.20).
            let date = i64::from(today.get_date()) + 1 - i64::from(ago);
            let date = JsValue::from(i32::try_from(date).unwrap_or_default());
            crate::browser::value::call(&day, "setDate", &date);
            Time::from_millis_f64(day.get_time())
        })
        .collect()
}

/// What a deletion would take; `all` is how many incidents the panel speaks of.
pub(super) async fn asks(what: Deletion, all: u32) -> Result<Asks, JsValue> {
    let incidents = if matches!(what, Deletion::Incident { .. }) { 1 } else { left(&what).await? };
    let is_last = all <= incidents;
    Ok(Asks { snapshots: store::snapshots(&what).await?, incidents, is_last, what })
}

/// How many incidents there are of what was to go.
pub(super) async fn left(what: &Deletion) -> Result<u32, JsValue> {
    match what {
        Deletion::Incident { id } => Ok(u32::from(store::incident(id).await?.is_some())),
        Deletion::Site { site } => store::count(site).await,
        Deletion::All => store::total().await,
    }
}
