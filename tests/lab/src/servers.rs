//! The servers that browsers reach the scenarios by; those that are not the lab start when needed.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::nginx::Nginx;
use crate::scenario::by_host;
use crate::{Hit, Server};

/// The servers of one lab.
#[derive(Debug)]
pub(crate) struct Servers {
    lab: u16,
    nginx: Mutex<Option<Nginx>>,
}

impl Servers {
    pub(crate) fn new(lab: u16) -> Self {
        Self { lab, nginx: Mutex::new(None) }
    }

    /// The port that `host` is reached at; its server is started if need be.
    pub(crate) fn port_of(&self, host: &str) -> io::Result<u16> {
        match by_host(host).map(|scenario| scenario.server) {
            None | Some(Server::Lab) => Ok(self.lab),
            Some(Server::Nginx(_)) => {
                let mut nginx = self.nginx();
                match &*nginx {
                    Some(running) => Ok(running.port()),
                    None => Ok(nginx.insert(Nginx::start(self.lab)?).port()),
                }
            }
        }
    }

    /// What nginx has answered for `host`.
    pub(crate) fn nginx_hits(&self, host: &str) -> Vec<Hit> {
        self.nginx().as_ref().map(|running| running.hits(host)).unwrap_or_default()
    }

    /// Ends them all but the lab.
    pub(crate) fn stop(&self) {
        self.nginx().take();
    }

    fn nginx(&self) -> MutexGuard<'_, Option<Nginx>> {
        self.nginx.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
