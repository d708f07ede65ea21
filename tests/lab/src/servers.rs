//! The servers that browsers reach the scenarios by; those that are not the lab start when needed.

use std::collections::HashMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::apache::Apache;
use crate::nginx::Nginx;
use crate::openid::{self, Openid};
use crate::practice::Practice;
use crate::scenario::by_host;
use crate::squid::{self, Squid};
use crate::{Hit, Scenario, Server};

/// The servers of one lab.
#[derive(Debug)]
pub(crate) struct Servers {
    lab: u16,
    nginx: Mutex<Option<Nginx>>,
    apache: Mutex<Option<Apache>>,
    openid: Mutex<Option<Openid>>,
    squid: Mutex<Squid>,
    /// By the scenario's host.
    practice: Mutex<HashMap<&'static str, Practice>>,
}

impl Servers {
    pub(crate) fn new(lab: u16) -> io::Result<Self> {
        let squid = Mutex::new(Squid::keep_a_port()?);
        let (nginx, apache, openid) = Default::default();
        Ok(Self { lab, nginx, apache, openid, squid, practice: Mutex::default() })
    }

    /// How addresses at `host` begin; its server is started if need be.
    pub(crate) fn origin(&self, host: &str) -> io::Result<String> {
        match by_host(host).map(|scenario| scenario.server) {
            Some(Server::LabHttp) => Ok(format!("http://{host}")),
            Some(Server::LabHttps) => Ok(format!("https://{host}")),
            _ => Ok(format!("http://{host}:{}", self.port_of(host)?)),
        }
    }

    /// The port that `host` is reached at on this machine; its server is started if need be.
    pub(crate) fn port_of(&self, host: &str) -> io::Result<u16> {
        let Some(scenario) = by_host(host) else { return Ok(self.lab) };
        match scenario.server {
            Server::Lab | Server::LabHttp | Server::LabHttps => Ok(self.lab),
            Server::Squid => lock(&self.squid).run().map(|()| self.lab),
            // Its further hosts are the lab's: apps that rely on it.
            Server::Practice(..) if host != scenario.host => Ok(self.lab),
            Server::Practice(app, _) => {
                let mut all = lock(&self.practice);
                match all.get(scenario.host) {
                    Some(running) => Ok(running.port()),
                    None => {
                        let started = Practice::start(app, scenario, self.lab)?;
                        let port = started.port();
                        all.insert(scenario.host, started);
                        Ok(port)
                    }
                }
            }
            Server::Nginx(_) => {
                let mut nginx = lock(&self.nginx);
                match &*nginx {
                    Some(running) => Ok(running.port()),
                    None => Ok(nginx.insert(Nginx::start(self.lab)?).port()),
                }
            }
            Server::Apache { .. } => {
                let mut apache = lock(&self.apache);
                match &*apache {
                    Some(running) => Ok(running.port()),
                    None => Ok(apache.insert(Apache::start(self.lab)?).port()),
                }
            }
            Server::Openid { .. } => {
                let mut openid = lock(&self.openid);
                match &*openid {
                    Some(running) => Ok(running.apache.port()),
                    None => Ok(openid.insert(Openid::start(self.lab)?).apache.port()),
                }
            }
        }
    }

    /// The port of the proxy, which need not run yet.
    pub(crate) fn proxy(&self) -> io::Result<u16> {
        lock(&self.squid).port()
    }

    /// What nginx has answered for `host`.
    pub(crate) fn nginx_hits(&self, host: &str) -> Vec<Hit> {
        lock(&self.nginx).as_ref().map(|running| running.hits(host)).unwrap_or_default()
    }

    /// What Apache has answered for `host`.
    pub(crate) fn apache_hits(&self, host: &str) -> Vec<Hit> {
        lock(&self.apache).as_ref().map(|running| running.hits(host)).unwrap_or_default()
    }

    /// The story of `host` turns, if a server of its own tells it: `lapsed` when time passes, `mended`.
    pub(crate) fn turn(&self, host: &str, word: &str) -> io::Result<()> {
        match by_host(host).map(|scenario| (scenario.server, scenario.host)) {
            Some((Server::Practice(_, turn), host)) if word == "lapsed" => {
                lock(&self.practice).get_mut(host).map_or(Ok(()), |running| running.turn(turn))
            }
            Some((Server::Apache { .. }, host)) => {
                lock(&self.apache).as_ref().map_or(Ok(()), |running| running.turn(host, word))
            }
            Some((Server::Openid { .. }, host)) => {
                lock(&self.openid).as_ref().map_or(Ok(()), |running| running.turn(host, word))
            }
            _ => Ok(()),
        }
    }

    /// The story of `host` begins again.
    pub(crate) fn reset(&self, host: &str) {
        if let Some(running) = &*lock(&self.apache) {
            running.reset(host);
        }
        if let Some(running) = &*lock(&self.openid) {
            running.apache.reset(host);
        }
    }

    /// Ends them all but the lab.
    pub(crate) fn stop(&self) {
        lock(&self.nginx).take();
        lock(&self.apache).take();
        lock(&self.openid).take();
        lock(&self.practice).clear();
        if let Ok(kept) = Squid::keep_a_port() {
            *lock(&self.squid) = kept;
        }
    }
}

/// Why a scenario cannot be played on this machine, in one line, if its server cannot be had.
pub fn lacking(scenario: &Scenario) -> Option<String> {
    match scenario.server {
        Server::Squid => squid::program().is_none().then(|| squid::LACKING.to_owned()),
        Server::Practice(app, _) => app.lacking(),
        Server::Openid { .. } => openid::lacking(),
        // nginx is in every distribution: where it does not start, that is an error.
        _ => None,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
