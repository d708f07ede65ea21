//! The servers that browsers reach the scenarios by; those that are not the lab start when needed.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::apache::Apache;
use crate::nginx::Nginx;
use crate::scenario::by_host;
use crate::{Hit, Server};

/// The servers of one lab.
#[derive(Debug)]
pub(crate) struct Servers {
    lab: u16,
    nginx: Mutex<Option<Nginx>>,
    apache: Mutex<Option<Apache>>,
}

impl Servers {
    pub(crate) fn new(lab: u16) -> Self {
        Self { lab, nginx: Mutex::new(None), apache: Mutex::new(None) }
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
            Some(Server::Apache { .. }) => {
                let mut apache = self.apache();
                match &*apache {
                    Some(running) => Ok(running.port()),
                    None => Ok(apache.insert(Apache::start(self.lab)?).port()),
                }
            }
        }
    }

    /// What nginx has answered for `host`.
    pub(crate) fn nginx_hits(&self, host: &str) -> Vec<Hit> {
        self.nginx().as_ref().map(|running| running.hits(host)).unwrap_or_default()
    }

    /// What Apache has answered for `host`.
    pub(crate) fn apache_hits(&self, host: &str) -> Vec<Hit> {
        self.apache().as_ref().map(|running| running.hits(host)).unwrap_or_default()
    }

    /// The story of `host` turns, if it is Apache's to tell: `lapsed`, `mended`.
    pub(crate) fn turn(&self, host: &str, word: &str) -> io::Result<()> {
        self.apache().as_ref().map_or(Ok(()), |running| running.turn(host, word))
    }

    /// The story of `host` begins again.
    pub(crate) fn reset(&self, host: &str) {
        if let Some(running) = &*self.apache() {
            running.reset(host);
        }
    }

    /// Ends them all but the lab.
    pub(crate) fn stop(&self) {
        self.nginx().take();
        self.apache().take();
    }

    fn apache(&self) -> MutexGuard<'_, Option<Apache>> {
        self.apache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn nginx(&self) -> MutexGuard<'_, Option<Nginx>> {
        self.nginx.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
