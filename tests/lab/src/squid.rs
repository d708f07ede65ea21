//! A proxy that asks for a login: Debian's squid, with nothing but a temporary folder.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::program::{Program, libraries, open_to_all, tool};
use crate::scenario::proxied;

/// A proxy, begun when it is needed. Its port is known before, and kept for it, since browsers are told
/// of it when they start.
#[derive(Debug)]
pub(crate) enum Squid {
    /// Nobody has asked for it.
    Kept(TcpListener),
    /// It serves. Ended before its folder goes.
    Running { port: u16, _program: Program, _folder: TempDir },
    /// It did not start.
    Failed(u16),
}

impl Squid {
    pub(crate) fn keep_a_port() -> io::Result<Self> {
        Ok(Self::Kept(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?))
    }

    pub(crate) fn port(&self) -> io::Result<u16> {
        match self {
            Self::Kept(listener) => Ok(listener.local_addr()?.port()),
            Self::Running { port, .. } | Self::Failed(port) => Ok(*port),
        }
    }

    /// Starts it, if it does not run yet.
    pub(crate) fn run(&mut self) -> io::Result<()> {
        if matches!(self, Self::Running { .. }) {
            return Ok(());
        }
        let port = self.port()?;
        // The port is free from here on, for squid to take.
        *self = Self::Failed(port);
        let squid = program().ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, LACKING))?;
        let (_program, _folder) = start(&squid, port).map_err(|error| {
            let squid = squid.display();
            io::Error::other(format!(
                "{squid} does not start: {error}. LATCHKEY_SQUID names one of your own."
            ))
        })?;
        *self = Self::Running { port, _program, _folder };
        Ok(())
    }
}

/// Why it is not there.
pub(crate) const LACKING: &str = "there is no squid: `cargo xtask setup` gets it, LATCHKEY_SQUID names one";

/// One's own, Debian's, or the one that `cargo xtask setup` has unpacked.
pub(crate) fn program() -> Option<PathBuf> {
    tool("LATCHKEY_SQUID", &["/usr/sbin/squid"], "squid/usr/sbin/squid")
}

fn start(squid: &Path, port: u16) -> io::Result<(Program, TempDir)> {
    // Unpacked, it has its libraries and helpers beside it.
    let root = squid.ancestors().nth(3).unwrap_or(Path::new("/"));
    let folder = tempfile::Builder::new().prefix("latchkey-squid-").tempdir()?;
    let file = |name: &str| folder.path().join(name);
    fs::create_dir(file("pages"))?;
    fs::write(file("pages/ERR_CACHE_ACCESS_DENIED"), PAGE)?;
    fs::write(file("mime.conf"), "")?;
    // The practice sites are on this machine, as the browsers believe too.
    fs::write(file("hosts"), format!("127.0.0.1 {}\n", proxied().join(" ")))?;
    fs::write(file("passwords"), PASSWORDS)?;
    // Copied: started by root, it becomes somebody who may not look into root's folders.
    fs::copy(root.join("usr/lib/squid/basic_ncsa_auth"), file("basic_ncsa_auth"))?;
    open_to_all(folder.path())?;
    fs::write(file("squid.conf"), configuration(folder.path(), root, port))?;
    let mut command = Command::new(squid);
    command.args(["-N", "-f"]).arg(file("squid.conf"));
    if root != Path::new("/") {
        command.env("LD_LIBRARY_PATH", libraries(root));
    }
    Ok((Program::start(&mut command, port, &file("said"))?, folder))
}

/// `sam`, `open`: an MD5 of Apache's kind, made by `openssl passwd -apr1 -salt latchkey open`.
const PASSWORDS: &str = "sam:$apr1$latchkey$JKZoLsk7GZ0UNy08Yft5D.\n";

/// The proxy's own words, as companies give it.
const PAGE: &str = "<!doctype html><html lang=\"en\"><head><title>407</title></head><body data-lab=\"out\">\
    <h1>The company's network</h1><p>The proxy wants to know who you are.</p></body></html>";

fn configuration(folder: &Path, root: &Path, port: u16) -> String {
    let (folder, root) = (folder.display(), root.display());
    format!(
        "http_port 127.0.0.1:{port}
pid_filename none
unlinkd_program {root}/usr/lib/squid/unlinkd
cache deny all
cache_log stdio:{folder}/cache.log
access_log stdio:{folder}/requests.log
error_directory {folder}/pages
icon_directory {folder}
mime_table {folder}/mime.conf
netdb_filename none
pinger_enable off
hosts_file {folder}/hosts
visible_hostname proxy.company.test
shutdown_lifetime 0 seconds
auth_param basic program {folder}/basic_ncsa_auth {folder}/passwords
auth_param basic children 1
auth_param basic realm Company network
acl known proxy_auth REQUIRED
http_access allow known
http_access deny all
"
    )
}
