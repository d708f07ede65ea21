//! A real server in front of the lab: Debian's nginx, with nothing but a temporary folder.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::Command;

use crate::program::tool;
use crate::started::{Place, Started};
use crate::{Hit, SCENARIOS, Server};

/// A running nginx. Dropping it ends it.
#[derive(Debug)]
pub struct Nginx(Started);

impl Nginx {
    /// Starts one on a free port of 127.0.0.1, in front of the lab on the given port, and returns
    /// when it answers.
    pub(crate) fn start(lab: u16) -> io::Result<Self> {
        Self::run(&|place: Place<'_>| {
            fs::write(place.folder.join("to_lab"), to_lab(lab))?;
            fs::write(place.folder.join("passwords"), passwords())?;
            Ok(servers(place.port))
        })
    }

    /// Starts one with these lines in its `http` block, made for the port that it is to listen on,
    /// and with the files that they name.
    pub fn serving(files: &[(&str, &str)], lines: &dyn Fn(u16) -> String) -> io::Result<Self> {
        Self::run(&|place: Place<'_>| {
            for (name, text) in files {
                fs::write(place.folder.join(name), text)?;
            }
            Ok(lines(place.port))
        })
    }

    fn run(fill: &dyn Fn(Place<'_>) -> io::Result<String>) -> io::Result<Self> {
        let program = program();
        let started = Started::new("nginx", &|place| {
            let lines = fill(place)?;
            fs::write(place.folder.join("nginx.conf"), configuration(place, &lines))?;
            let mut command = Command::new(&program);
            command.arg("-p").arg(place.folder).args(["-c", "nginx.conf", "-e", "stderr"]);
            Ok(command)
        });
        started.map(Self).map_err(|error| {
            let program = program.display();
            io::Error::other(format!(
                "{program} does not start: {error}. `cargo xtask setup` gets it; LATCHKEY_NGINX names one \
                 of your own."
            ))
        })
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.0.port()
    }

    /// What it complained of.
    pub fn errors(&self) -> String {
        self.0.errors()
    }

    /// Every request that it has answered for `host`, what it refused by itself included.
    pub(crate) fn hits(&self, host: &str) -> Vec<Hit> {
        self.0.read("requests.log").lines().filter_map(hit).filter(|hit| hit.host == host).collect()
    }
}

/// One's own, Debian's, or the one that `cargo xtask setup` has unpacked.
fn program() -> PathBuf {
    tool("LATCHKEY_NGINX", &["/usr/sbin/nginx"], "nginx/usr/sbin/nginx").unwrap_or_else(|| "nginx".into())
}

/// The sites of the scenarios that live on nginx.
fn servers(port: u16) -> String {
    SCENARIOS
        .iter()
        .filter_map(|scenario| match scenario.server {
            Server::Nginx(lines) => Some((scenario, lines)),
            _ => None,
        })
        .map(|(scenario, lines)| {
            let names: Vec<_> = scenario.hosts().collect();
            format!("  server {{ listen 127.0.0.1:{port}; server_name {}; {lines} }}\n", names.join(" "))
        })
        .collect()
}

/// Paths are relative to the folder. Nobody's own nginx, nor its files, are touched.
fn configuration(place: Place<'_>, lines: &str) -> String {
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("  {kind}_temp_path {kind};\n"))
        .concat();
    format!(
        "daemon off;
master_process off;
pid pid;
events {{}}
http {{
  map $http_authorization $scheme_sent {{ default -; '~^(?<word>[A-Za-z]+)' $word; }}
  log_format lab '$host $request_method $uri $scheme_sent $status';
  access_log requests.log lab;
{temporary}  server {{ listen 127.0.0.1:{port} default_server; access_log off; return 200 '{mark}'; }}
{lines}}}
",
        port = place.port,
        mark = place.mark()
    )
}

/// What a scenario's lines include to reach the lab, which still sees the browser's own `Host`.
fn to_lab(port: u16) -> String {
    format!("proxy_pass http://127.0.0.1:{port};\nproxy_set_header Host $http_host;\n")
}

/// The logins of all scenarios, as plain as they are anyway.
fn passwords() -> String {
    let logins = SCENARIOS.iter().filter_map(|scenario| scenario.login);
    logins.map(|(user, password)| format!("{user}:{{PLAIN}}{password}\n")).collect()
}

/// A line of the log.
fn hit(line: &str) -> Option<Hit> {
    let words: Vec<_> = line.split(' ').collect();
    let [host, method, path, scheme, status] = words[..] else { return None };
    Some(Hit {
        host: host.to_owned(),
        method: method.to_owned(),
        path: path.to_owned(),
        scheme: Some(scheme).filter(|scheme| *scheme != "-").map(str::to_owned),
        status: status.parse().ok()?,
    })
}
