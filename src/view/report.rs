//! A report, seen before it is copied or saved: all of it, with the places marked where something was
//! removed.

use maud::{Markup, html};

use crate::redact::MASK;
use crate::report::{Format, REMOVED};
use crate::words::Words;

/// A report that is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The incident's id.
    pub incident: String,
    /// Its form.
    pub format: Format,
    /// All of it.
    pub text: String,
}

/// The preview with its buttons.
#[must_use]
pub fn render(words: &dyn Words, preview: &Preview) -> Markup {
    let label = |format| match format {
        Format::Markdown => "report_markdown",
        Format::Json => "report_json",
        Format::Har => "report_har",
    };
    html! {
        p { (words.say("report_shown")) }
        div.formats role="group" aria-label=(words.say("report_format")) {
            @for format in Format::ALL {
                button.second type="button" data-action="format" data-format=(format.id())
                    data-incident=(preview.incident) aria-pressed=(format == preview.format) {
                    (words.say(label(format)))
                }
            }
        }
        pre.report data-report=(preview.format.id()) tabindex="0" aria-label=(words.say("report_text")) dir="ltr" {
            @for (text, is_removed) in pieces(&preview.text) {
                @if is_removed { mark.removed { (text) } } @else { (text) }
            }
        }
        p.will { (words.say("report_removed")) }
        p.deeds {
            button.second type="button" data-action="copy" data-copies="copy_report" data-incident=(preview.incident) {
                (words.say("report_copy"))
            }
            button.second type="button" data-action="save" data-incident=(preview.incident) {
                (words.say("report_save"))
            }
        }
        div.will role="status" data-copied {}
    }
}

/// The text, with the places apart where something was removed.
fn pieces(text: &str) -> Vec<(&str, bool)> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        let marks = [MASK, REMOVED].into_iter().filter_map(|mark| Some((rest.find(mark)?, mark)));
        let Some((at, mark)) = marks.min() else { break };
        let (before, after) = rest.split_at(at);
        found.extend([(before, false), (mark, true)]);
        rest = after.strip_prefix(mark).unwrap_or_default();
    }
    found.push((rest, false));
    found.retain(|(piece, _)| !piece.is_empty());
    found
}
