//! What the wire said. Every parser here is total: any text in, a value out, oddities kept.

pub mod address;
pub mod authorization;
pub mod challenge;
pub mod cookie;
pub mod date;
pub mod jwt;
pub mod set_cookie;
