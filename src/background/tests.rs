//! The background as a machine: events in, effects out.

mod fixing;
mod said;
mod watching;
mod world;
