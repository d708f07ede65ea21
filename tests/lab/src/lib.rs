//! The practice site: one server that plays many sites, each with one way to be locked out.
//!
//! - [`Lab`] starts the server; every host is told apart by its `Host` header.
//! - [`scenario`] holds the table of scenarios, one file each.
//! - [`Ask`] and [`Answer`] are a request and a response, made short to write.
//! - [`Server`] says which server's port a scenario lives on: the lab's own, or a real one's.
//! - [`Nginx`] and [`Apache`] are those, also without a lab, for tests of what owners are told.
//! - [`State`] is what a site remembers; each lab has its own, so tests can run side by side.
//!
//! A new scenario is one new file in `scenario/` and one line in [`SCENARIOS`].

mod answer;
mod apache;
mod ask;
mod control;
pub mod https;
mod index;
mod lab;
mod nginx;
mod openid;
mod practice;
mod program;
pub mod scenario;
mod servers;
mod squid;
mod started;
mod state;
mod story;
pub mod token;

pub use answer::{Answer, Shown};
pub use apache::Apache;
pub use ask::Ask;
pub use lab::Lab;
pub use nginx::Nginx;
pub use practice::{App, Turn};
pub use scenario::canaries::CANARIES;
pub use scenario::{SCENARIOS, by_id, hosts, proxied};
pub use servers::lacking;
pub use state::{Hit, State};
pub use story::{Differs, Expect, Scenario, Server};
