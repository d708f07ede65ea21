//! The server itself.

use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{oneshot, watch};

use crate::https::{Front, Scheme};
use crate::scenario::{by_host, home};
use crate::servers::Servers;
use crate::state::{Hit, State, States};
use crate::{Answer, Ask, Scenario, control, index};

/// A running practice site. Dropping it stops the server and closes its connections.
#[derive(Debug)]
pub struct Lab {
    port: u16,
    servers: Arc<Servers>,
    states: Arc<Mutex<States>>,
    /// The host whose visitors wait.
    held: watch::Sender<Option<String>>,
    /// Always there until the drop, which needs it by value.
    runtime: Option<Runtime>,
}

impl Lab {
    /// Starts a lab on a free port of 127.0.0.1.
    pub fn start() -> io::Result<Self> {
        Self::start_on(0)
    }

    /// Starts a lab on the given port of 127.0.0.1; 0 means any free one.
    pub fn start_on(port: u16) -> io::Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let listener = bind(&runtime, port)?;
        let port = listener.local_addr()?.port();
        let states = Arc::new(Mutex::new(States::default()));
        let servers = Arc::new(Servers::new(port)?);
        let (held, holds) = watch::channel(None);
        let shared = (Arc::clone(&states), Arc::clone(&servers), holds);
        let router =
            Router::new().fallback(move |ConnectInfo(scheme): ConnectInfo<Scheme>, request: Request| {
                let (states, servers, mut holds) = shared.clone();
                async move {
                    let ask = request.headers().get("host").and_then(|host| host.to_str().ok());
                    let host = ask.map(|host| host.split(':').next().unwrap_or(host).to_owned());
                    // A lab that is gone holds nobody.
                    let _ = holds.wait_for(|held| held.is_none() || *held != host).await;
                    serve(&states, &servers, scheme, request).await
                }
            });
        let service = router.into_make_service_with_connect_info::<Scheme>();
        runtime.spawn(async move { axum::serve(Front::open(listener), service).await });
        Ok(Self { port, servers, states, held, runtime: Some(runtime) })
    }

    /// The port that the lab listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The port of the server that `host` lives on, which is started if it does not run yet.
    pub fn port_of(&self, host: &str) -> io::Result<u16> {
        self.servers.port_of(host)
    }

    /// The address of `path` on the practice site `host`. Where the site's server does not start,
    /// it leads nowhere: [`Lab::port_of`] says why.
    pub fn url(&self, host: &str, path: &str) -> String {
        format!("{}{path}", self.servers.origin(host).unwrap_or_else(|_| format!("http://{host}:0")))
    }

    /// Where a scenario begins: its start or its page, with the login that is typed there.
    pub fn first_visit(&self, scenario: &Scenario) -> String {
        let url = self.url(scenario.host, scenario.start.unwrap_or(scenario.page));
        match scenario.login {
            Some((user, password)) => url.replacen("://", &format!("://{user}:{password}@"), 1),
            None => url,
        }
    }

    /// The port of the proxy that some hosts ([`crate::proxied`]) are reached by.
    pub fn proxy(&self) -> io::Result<u16> {
        self.servers.proxy()
    }

    /// Ends the sessions of `host` on the server, as time would. Same as `GET /__lab/expire`, for servers
    /// of their own at the lab's port.
    pub fn expire(&self, host: &str) {
        lock(&self.states).of(host).expire();
        turned(host, self.servers.turn(host, "lapsed"));
    }

    /// Mends the server of `host`. Same as `GET /__lab/mend`.
    pub fn mend(&self, host: &str) {
        lock(&self.states).of(host).mended = true;
        turned(host, self.servers.turn(host, "mended"));
    }

    /// Makes `host` forget everything. Same as `GET /__lab/reset`.
    pub fn reset(&self, host: &str) {
        let mut states = lock(&self.states);
        let state = states.of(host);
        // Forgotten by the site, not by who looks for it.
        *state = State { issued: std::mem::take(&mut state.issued), ..State::default() };
        drop(states);
        self.servers.reset(host);
    }

    /// Lets who asks `host` wait for an answer, until another is held, or none.
    pub fn hold(&self, host: Option<&str>) {
        self.held.send_replace(host.map(str::to_owned));
    }

    /// Every request that nginx has answered for `host`, what it refused by itself included. It
    /// writes them down once they are over.
    pub fn nginx_hits(&self, host: &str) -> Vec<Hit> {
        self.servers.nginx_hits(host)
    }

    /// The same of Apache.
    pub fn apache_hits(&self, host: &str) -> Vec<Hit> {
        self.servers.apache_hits(host)
    }

    /// Every credential that the lab itself has issued since it started; real servers keep theirs to
    /// themselves.
    pub fn issued(&self) -> Vec<String> {
        lock(&self.states).issued()
    }

    /// Every request that the lab has answered for the scenario at `host` since the start or the last reset.
    pub fn hits(&self, host: &str) -> Vec<Hit> {
        lock(&self.states).of(host).hits.clone()
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        self.servers.stop();
        if let Some(runtime) = self.runtime.take() {
            // A plain drop would block, which is forbidden inside another runtime.
            runtime.shutdown_background();
        }
    }
}

/// Binds without blocking on the runtime: the caller may be inside another one already.
fn bind(runtime: &Runtime, port: u16) -> io::Result<TcpListener> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    let _inside = runtime.enter();
    TcpListener::from_std(listener)
}

/// More than any form of a practice site has.
const LONGEST_BODY: usize = 64 * 1024;

async fn serve(states: &Mutex<States>, servers: &Servers, scheme: Scheme, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, LONGEST_BODY).await.unwrap_or_default();
    let ask = Ask::new(&head, &body, scheme.is_https);
    let Some(scenario) = by_host(ask.host()) else { return index::page(&ask, servers).into_response() };
    let word = match ask.path() {
        "/__lab/expire" => Some("lapsed"),
        "/__lab/mend" => Some("mended"),
        "/__lab/reset" => {
            servers.reset(scenario.host);
            None
        }
        _ => None,
    };
    // A server that is started anew takes its time, and may ask the lab something meanwhile.
    if let Some(word) = word
        && let Err(error) = tokio::task::block_in_place(|| servers.turn(scenario.host, word))
    {
        return Answer::new(500, "text/plain", error.to_string()).into_response();
    }
    let (answer, wait) = answer(&mut lock(states), scenario, &ask);
    if let Some(wait) = wait {
        // Dropped with the state: then nobody else will come.
        let _ = wait.await;
    }
    answer.into_response()
}

/// The answer, and what it waits for.
fn answer(states: &mut States, scenario: &Scenario, ask: &Ask) -> (Answer, Option<oneshot::Receiver<()>>) {
    let state = states.of(home(scenario, ask.host()));
    if let Some(answer) = control::answer(scenario, ask, state) {
        return (answer, None);
    }
    let answer: Answer = (scenario.answer)(ask, state);
    state.hits.push(Hit {
        host: ask.host().to_owned(),
        method: ask.method().to_owned(),
        path: ask.path().to_owned(),
        scheme: ask.scheme().map(str::to_owned),
        status: answer.status(),
    });
    if !answer.together {
        return (answer, None);
    }
    // One that has given up waiting is nobody to wait for.
    if state.waits.take().is_some_and(|other| other.send(()).is_ok()) {
        return (answer, None);
    }
    let (done, wait) = oneshot::channel();
    state.waits = Some(done);
    (answer, Some(wait))
}

/// A story that cannot go on is told to whoever runs the lab.
fn turned(host: &str, turned: io::Result<()>) {
    if let Err(error) = turned {
        eprintln!("{host}: {error}");
    }
}

/// A scenario that panicked must not take the rest of the lab with it.
fn lock(states: &Mutex<States>) -> MutexGuard<'_, States> {
    states.lock().unwrap_or_else(PoisonError::into_inner)
}
