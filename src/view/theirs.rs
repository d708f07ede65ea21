//! The one door through which a site's own words get onto a page: a name, a host, a realm.
//!
//! They are set apart from ours (`.theirs`), keep their writing direction to themselves (`bdi`), show what
//! would not be seen, and are cut where they go on for ever, with a button that shows the rest. So they can
//! neither break the sentence around them nor pose as it.

use maud::{Markup, html};

use crate::words::{Arg, Line, OURS, THEIRS, Words, visible};

/// So much of a text is shown at once, in characters.
const SHOWN: usize = 96;

/// So much of it is shown at all.
const MOST: usize = 20_000;

/// A site's words.
pub fn theirs(words: &dyn Words, text: &str) -> Markup {
    let text = visible(text);
    let Some((shown, rest)) = cut(&text, SHOWN) else { return html! { bdi.theirs { (text) } } };
    let rest = cut(rest, MOST).map_or(rest, |(rest, _)| rest);
    let count = u32::try_from(rest.chars().count()).unwrap_or(u32::MAX);
    html! {
        bdi.theirs { (shown) span hidden { (rest) } }
        button.link.whole type="button" data-action="whole" aria-expanded="false" {
            (words.line(&Line::new("theirs_whole").with(Arg::Count(count))))
        }
    }
}

/// A site's words within a button or a fold's head, where no other button may stand.
pub fn theirs_brief(text: &str) -> Markup {
    let text = visible(text);
    match cut(&text, SHOWN) {
        None => html! { bdi.theirs { (text) } },
        Some((shown, _)) => html! { bdi.theirs { (shown) "…" } },
    }
}

/// A sentence of ours, with a site's words set apart in it.
pub fn sentence(words: &dyn Words, line: &Line) -> Markup {
    let text = words.line(line);
    html! {
        @for (text, is_theirs) in pieces(&text) {
            @if is_theirs { (theirs(words, text)) } @else { (text) }
        }
    }
}

/// The pieces of a filled sentence, and whether each is a site's. What is theirs holds no isolate
/// ([`visible`]), so the first end is the right one.
fn pieces(text: &str) -> Vec<(&str, bool)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((ours, after)) = rest.split_once(THEIRS) {
        let (theirs, after) = after.split_once(OURS).unwrap_or((after, ""));
        found.extend([(ours, false), (theirs, true)]);
        rest = after;
    }
    found.push((rest, false));
    found.retain(|(piece, _)| !piece.is_empty());
    found
}

fn cut(text: &str, most: usize) -> Option<(&str, &str)> {
    let (at, _) = text.char_indices().nth(most)?;
    text.split_at_checked(at)
}
