//! The second step of a deletion: what will go, and then the button that does it.

use maud::{Markup, html};

use super::super::theirs::sentence;
use crate::message::Deletion;
use crate::words::{Arg, Line, Words};

/// What is about to be deleted, and what goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asks {
    /// What.
    pub what: Deletion,
    /// How many incidents.
    pub incidents: u32,
    /// For how many of them something could still be put back.
    pub snapshots: u32,
    /// Is nothing of the site left then, so that what was learned of it goes too?
    pub is_last: bool,
}

pub(super) fn render(words: &dyn Words, asks: &Asks) -> Markup {
    let goes = match &asks.what {
        Deletion::Incident { .. } => Line::new("delete_goes_one"),
        Deletion::Site { site } => Line::new("delete_goes_site").with(Arg::Count(asks.incidents)).text(site),
        Deletion::All => Line::new("delete_goes_all").with(Arg::Count(asks.incidents)),
    };
    let learned = !matches!(asks.what, Deletion::Incident { .. }) || asks.is_last;
    html! {
        div.confirm role="group" aria-labelledby="confirm-goes" data-confirm {
            p id="confirm-goes" tabindex="-1" data-focus { (sentence(words, &goes)) }
            @if asks.snapshots > 0 {
                p { (sentence(words, &Line::new("delete_goes_undo").with(Arg::Count(asks.snapshots)))) }
            }
            @if learned { p { (words.say("delete_goes_learned")) } }
            p.will { (words.say("delete_keeps")) }
            p.deeds {
                button.danger type="button" data-action="delete-now" { (words.say("delete_now")) }
                button.second type="button" data-action="keep" { (words.say("delete_keep")) }
            }
        }
    }
}
