//! The background as a machine: events in, effects out.

mod fixing;
mod watching;
mod world;
