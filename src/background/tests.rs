//! The background as a machine: events in, effects out.

mod choices;
mod deleting;
mod fixing;
mod said;
mod undoing;
mod watching;
mod world;
