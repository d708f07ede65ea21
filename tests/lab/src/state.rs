//! What a practice site remembers.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hasher, RandomState};

use tokio::sync::oneshot;

/// One answered request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The host that was asked.
    pub host: String,
    /// The method, in capitals.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// The first word of `Authorization`, if it was sent.
    pub scheme: Option<String>,
    /// The status that was answered.
    pub status: u16,
}

/// The memory of one site in one lab.
#[derive(Debug, Default)]
pub struct State {
    /// Credentials of short life that the site honours now.
    pub live: HashSet<String>,
    /// Credentials of long life ("remember me", refresh tokens); time does not end them here.
    pub remembered: HashSet<String>,
    /// Every credential that was ever issued here, for who looks whether one is kept.
    pub issued: HashSet<String>,
    /// Whether somebody has mended the server.
    pub mended: bool,
    /// Every request answered, in order.
    pub hits: Vec<Hit>,
    /// Whoever waits for another: see [`crate::Answer::together`].
    pub(crate) waits: Option<oneshot::Sender<()>>,
}

impl State {
    /// Issues a credential of short life and returns it.
    pub fn sign_in(&mut self) -> String {
        self.honour(random())
    }

    /// Honours a credential for a short while, whatever it says of itself, and returns it.
    pub fn honour(&mut self, credential: String) -> String {
        self.live.insert(credential.clone());
        self.issued.insert(credential.clone());
        credential
    }

    /// Issues a credential of long life and returns it.
    pub fn remember(&mut self) -> String {
        let id = random();
        self.remembered.insert(id.clone());
        self.issued.insert(id.clone());
        id
    }

    /// Time passes: everything of short life ends.
    pub fn expire(&mut self) {
        self.live.clear();
    }
}

/// The states of all the sites of one lab, made as they are first visited.
#[derive(Debug, Default)]
pub(crate) struct States(HashMap<String, State>);

impl States {
    pub(crate) fn of(&mut self, host: &str) -> &mut State {
        self.0.entry(host.to_owned()).or_default()
    }

    /// Every credential that any of them has issued.
    pub(crate) fn issued(&self) -> Vec<String> {
        self.0.values().flat_map(|state| &state.issued).cloned().collect()
    }
}

/// 32 hex digits that differ at every call. The standard library's hash keys are random enough
/// for practice cookies, and save a dependency.
pub fn random() -> String {
    let half = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", half(), half())
}
