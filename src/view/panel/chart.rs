//! Lock-outs day by day, as a picture and as a table: the picture says nothing that the table does not.

use maud::{Markup, html};

use super::super::theirs::sentence;
use crate::time::Time;
use crate::words::{Arg, Line, Words};

/// A day of the person's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// When it began.
    pub at: Time,
    /// How many lock-outs began on it.
    pub count: u32,
}

/// The picture's size, in its own units (its `viewBox`). It is stretched to the page's width, so no text
/// stands in it, which would be stretched as well.
const WIDTH: u32 = 600;
const HEIGHT: u32 = 64;

pub(super) fn render(words: &dyn Words, days: &[Day]) -> Markup {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return html! {} };
    let sum = days.iter().fold(0_u32, |sum, day| sum.saturating_add(day.count));
    let Some(worst) = days.iter().max_by_key(|day| day.count).filter(|worst| worst.count > 0) else {
        return html! {};
    };
    let length = u32::try_from(days.len()).unwrap_or(u32::MAX);
    let title = Line::new("chart_title").with(Arg::Count(length));
    let desc = Line::new("chart_desc")
        .with(Arg::Count(sum))
        .said(words.date(worst.at))
        .said(words.number(worst.count));
    let desc = words.line(&desc);
    let step = WIDTH / length.max(1);
    html! {
        h2 id="chart-title" { (sentence(words, &title)) }
        svg.chart role="img" aria-labelledby="chart-title" aria-describedby="chart-desc" viewBox="0 0 600 64" preserveAspectRatio="none" {
            @for (at, day) in days.iter().enumerate().filter(|(_, day)| day.count > 0) {
                @let x = u32::try_from(at).unwrap_or(u32::MAX).saturating_mul(step);
                @let high = height(day.count, worst.count);
                rect.bar x=(x + 2) y=(HEIGHT - high) width=(step.saturating_sub(4).max(1)) height=(high) data-count=(day.count) {
                    title { (words.date(day.at)) ": " (words.number(day.count)) }
                }
            }
        }
        p.dates { span { (words.date(first.at)) } span { (words.date(last.at)) } }
        p.note id="chart-desc" { (desc) }
        details data-fold="days" {
            summary { span { (words.say("chart_table")) } }
            table {
                thead { tr { th scope="col" { (words.say("chart_day")) } th scope="col" { (words.say("chart_count")) } } }
                tbody {
                    @for day in days.iter().rev().filter(|day| day.count > 0) {
                        tr { th scope="row" { (words.date(day.at)) } td { (words.number(day.count)) } }
                    }
                }
            }
        }
    }
}

/// How high a bar is: what happened at all is seen, however much happened on another day.
fn height(count: u32, most: u32) -> u32 {
    let high = u64::from(count) * u64::from(HEIGHT) / u64::from(most.max(1));
    u32::try_from(high).unwrap_or(HEIGHT).clamp(u32::from(count > 0) * 3, HEIGHT)
}
