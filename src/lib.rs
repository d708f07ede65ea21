//! Latchkey says why a site answers 401 (or one of its cousins), offers the least destructive
//! fix, checks that it worked and remembers.
//!
//! What goes on between the rooms, and what always holds, stands in `docs/architecture.md`.
//!
//! # The map
//!
//! Two flows run through the house, both data in, data out:
//!
//! ```text
//! Exchange ─► Evidence ─► Diagnosis { causes ranked, why, fixes }    what happened
//! Event ─► background::step(state, event) ─► Vec<Effect>             what is done about it
//! ```
//!
//! - [`http`]: what the wire said. Total parsers: any text in, a value out.
//! - [`time`], [`mark`]: moments and spans, without a clock; "the same value as last time", not the value.
//! - [`exchange`]: one observed request and its answer, without secrets by construction.
//! - [`redact`]: the only door through which text of a site gets into a record.
//! - [`product`]: which software answered, told by its headers; one table with its sources.
//! - [`stored`]: what pages keep in the browser by themselves, without values.
//! - [`sign`]: what servers say in words of their own, as one table with its sources.
//! - [`evidence`], [`diagnose`], [`cause`]: why somebody is locked out; one file per cause.
//! - [`fix`], [`ladder`]: what can be done, from the least to the most destructive.
//! - [`incident`], [`history`]: one lock-out from first sight to recovery; what a site has been through.
//! - [`background`]: `step(state, event) -> effects`; no clock, no browser, no I/O.
//! - [`settings`]: what a person, or their organisation, has chosen.
//! - [`message`]: what pages and background say to each other.
//! - [`sorted`]: a set and a map that weigh little.
//! - [`words`], `view`: text by message key; pages as pure functions.
//! - `owner`, `report`: what a site's owner has to mend; a lock-out for support, redacted.
//! - `export`: what leaves the extension when a person saves it.
//! - `har`, `explain`: recordings, and what the extension would have said of them.
//! - `cli`: the parsers for people, one line at a time.
//! - `browser`: the only room that names JavaScript; it exists in WebAssembly builds alone.

pub mod background;
#[cfg(all(target_arch = "wasm32", any(feature = "background", feature = "pages")))]
mod browser;
pub mod cause;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diagnose;
pub mod evidence;
pub mod exchange;
#[cfg(feature = "recordings")]
pub mod explain;
#[cfg(feature = "view")]
pub mod export;
pub mod fix;
#[cfg(feature = "recordings")]
pub mod har;
pub mod history;
pub mod http;
pub mod incident;
pub mod ladder;
pub mod mark;
pub mod message;
#[cfg(feature = "view")]
pub mod owner;
pub mod product;
pub mod redact;
#[cfg(feature = "view")]
pub mod report;
pub mod settings;
pub mod sign;
pub mod sorted;
pub mod stored;
pub mod time;
#[cfg(feature = "view")]
pub mod view;
pub mod words;
