//! A real server in front of the lab: Debian's nginx, with nothing but a temporary folder.

use std::env;
use std::fs;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::{Hit, SCENARIOS, Server};

/// Starting is a matter of milliseconds; a busy machine may still need a while.
const START: Duration = Duration::from_secs(15);

/// How often it is asked meanwhile.
const INTERVAL: Duration = Duration::from_millis(5);

/// Another program may take the port before nginx does: then there is another port.
const TRIES: usize = 3;

/// A running nginx. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Nginx {
    port: u16,
    child: Child,
    folder: TempDir,
}

impl Nginx {
    /// Starts one on a free port of 127.0.0.1, in front of the lab on the given port, and returns
    /// when it answers.
    pub(crate) fn start(lab: u16) -> io::Result<Self> {
        let program = program();
        let mut started = Self::try_start(&program, lab);
        for _ in 1..TRIES {
            if started.is_ok() {
                break;
            }
            started = Self::try_start(&program, lab);
        }
        started.map_err(|error| {
            let program = program.display();
            io::Error::other(format!(
                "{program} does not start: {error}. `cargo xtask setup` gets it; LATCHKEY_NGINX names one \
                 of your own."
            ))
        })
    }

    fn try_start(program: &Path, lab: u16) -> io::Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let folder = tempfile::Builder::new().prefix("latchkey-nginx-").tempdir()?;
        let file = |name: &str| folder.path().join(name);
        fs::write(file("nginx.conf"), configuration(port, lab))?;
        fs::write(file("to_lab"), to_lab(lab))?;
        fs::write(file("passwords"), passwords())?;
        let child = Command::new(program)
            .arg("-p")
            .arg(folder.path())
            .args(["-c", "nginx.conf", "-e", "stderr"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(file("errors.log"))?)
            .spawn()?;
        let mut nginx = Self { port, child, folder };
        let begun = Instant::now();
        while !nginx.answers(lab) {
            if begun.elapsed() > START || nginx.child.try_wait()?.is_some() {
                return Err(io::Error::other(format!("it says: {}", nginx.read("errors.log").trim())));
            }
            thread::sleep(INTERVAL);
        }
        Ok(nginx)
    }

    /// The port that browsers ask.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Every request that it has answered for `host`, what it refused by itself included.
    pub(crate) fn hits(&self, host: &str) -> Vec<Hit> {
        self.read("requests.log").lines().filter_map(hit).filter(|hit| hit.host == host).collect()
    }

    /// Whether it is there, and is the one in front of this lab.
    fn answers(&self, lab: u16) -> bool {
        let ask = || -> io::Result<String> {
            let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
            stream.set_read_timeout(Some(START))?;
            stream.write_all(b"GET / HTTP/1.0\r\n\r\n")?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok(answer)
        };
        ask().is_ok_and(|answer| answer.ends_with(&in_front_of(lab)))
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.folder.path().join(file)).unwrap_or_default()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One's own, Debian's, or the one that `cargo xtask setup` has unpacked.
fn program() -> PathBuf {
    if let Some(own) = env::var_os("LATCHKEY_NGINX").filter(|path| !path.is_empty()) {
        return own.into();
    }
    let unpacked = env::home_dir().unwrap_or_default().join(".cache/latchkey/tools/nginx/usr/sbin/nginx");
    let known = [PathBuf::from("/usr/sbin/nginx"), unpacked];
    known.into_iter().find(|path| path.is_file()).unwrap_or_else(|| "nginx".into())
}

/// What it says where no scenario is asked for.
fn in_front_of(lab: u16) -> String {
    format!("in front of the lab on port {lab}")
}

/// Paths are relative to the folder. Nobody's own nginx, nor its files, are touched.
fn configuration(port: u16, lab: u16) -> String {
    let servers: String = SCENARIOS
        .iter()
        .filter_map(|scenario| match scenario.server {
            Server::Nginx(lines) => Some((scenario, lines)),
            _ => None,
        })
        .map(|(scenario, lines)| {
            let names: Vec<_> = scenario.hosts().collect();
            format!("  server {{ listen 127.0.0.1:{port}; server_name {}; {lines} }}\n", names.join(" "))
        })
        .collect();
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
{temporary}  server {{ listen 127.0.0.1:{port} default_server; access_log off; return 200 '{}'; }}
{servers}}}
",
        in_front_of(lab)
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
