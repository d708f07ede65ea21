//! The only room that names JavaScript: listeners' details become exchanges here, effects become
//! calls of WebExtension APIs. It decides nothing; what it decides about is in the rooms above.

#[cfg(feature = "background")]
mod alarms;
mod api;
#[cfg(feature = "background")]
mod background;
#[cfg(feature = "background")]
mod cookies;
#[cfg(feature = "background")]
mod deeds;
#[cfg(feature = "pages")]
mod dom;
#[cfg(feature = "failpoints")]
mod failpoint;
#[cfg(feature = "background")]
mod forget;
#[cfg(feature = "background")]
mod gather;
#[cfg(feature = "background")]
mod inject;
#[cfg(feature = "background")]
mod notices;
#[cfg(feature = "pages")]
mod page;
#[cfg(feature = "background")]
mod routine;
#[cfg(feature = "background")]
mod session;
mod settings;
#[cfg(feature = "background")]
mod snapshot;
mod store;
#[cfg(feature = "background")]
mod stored;
#[cfg(feature = "background")]
mod trouble;
mod value;
#[cfg(feature = "background")]
mod wire;
#[cfg(feature = "pages")]
mod words;
