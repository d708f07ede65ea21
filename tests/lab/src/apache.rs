//! A real server of its own: Debian's Apache, with nothing but a temporary folder.
//!
//! Each site is a folder of files, as on most of the world's Apaches: pages, `.htaccess`, programs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::{libraries, tool};
use crate::started::{Place, Started};
use crate::{Hit, SCENARIOS, Scenario, Server};

/// A running Apache. Dropping it ends it.
#[derive(Debug)]
pub struct Apache(Started);

/// The lines of a site in its `<VirtualHost>`, and its files.
pub(crate) type Site = (String, &'static [(&'static str, &'static str)]);

/// What the scenarios and the notes for owners need, in the order in which Apache wants them.
const MODULES: [&str; 18] = [
    "mpm_event",
    "authn_core",
    "authn_file",
    "authz_core",
    "authz_host",
    "authz_user",
    "auth_basic",
    "auth_digest",
    "alias",
    "cgi",
    "dir",
    "env",
    "headers",
    "proxy",
    "proxy_http",
    "remoteip",
    "rewrite",
    "setenvif",
];

impl Apache {
    /// Starts one on a free port of 127.0.0.1, beside the lab on the given port, and returns when it
    /// answers.
    pub(crate) fn start(lab: u16) -> io::Result<Self> {
        Self::run(None, &|place: Place<'_>| {
            let to_lab = format!("ProxyPreserveHost On\nProxyPass / http://127.0.0.1:{lab}/\n");
            fs::write(place.folder.join("to_lab"), to_lab)?;
            sites(place, lab, &|scenario| match scenario.server {
                Server::Apache { lines, files } => Some((lines.to_owned(), files)),
                _ => None,
            })
        })
    }

    /// Starts one with a single site, of these files and with these lines in its `<VirtualHost>`; above
    /// it stands what is made for the port that it is to listen on.
    pub fn serving(files: &[(&str, &str)], server: &dyn Fn(u16) -> String, lines: &str) -> io::Result<Self> {
        Self::run(None, &|place: Place<'_>| {
            write(place.folder, "app.example.com", files)?;
            Ok(format!("{}\n{}", server(place.port), site(place.port, "app.example.com", lines)))
        })
    }

    /// Starts one with what `fill` says. `module` is one from a package of its own, which `fill` loads.
    pub(crate) fn run(
        module: Option<&Path>,
        fill: &dyn Fn(Place<'_>) -> io::Result<String>,
    ) -> io::Result<Self> {
        let program = program();
        let started = Started::new("apache", &|place| {
            readable(place.folder)?;
            let lines = fill(place)?;
            fs::write(place.folder.join("apache.conf"), configuration(place, &program, &lines)?)?;
            let mut command = Command::new(&program);
            // One process, which a signal ends with all that it does.
            command.args(["-X", "-d"]).arg(place.folder).arg("-f").arg(place.folder.join("apache.conf"));
            let unpacked = [unpacked(&program, 3), module.and_then(|module| unpacked(module, 5))];
            let libraries: Vec<String> = unpacked.into_iter().flatten().map(libraries).collect();
            if !libraries.is_empty() {
                command.env("LD_LIBRARY_PATH", libraries.join(":"));
            }
            Ok(command)
        });
        started.map(Self).map_err(|error| {
            let program = program.display();
            io::Error::other(format!(
                "{program} does not start: {error}. `cargo xtask setup` gets it; LATCHKEY_APACHE names one \
                 of your own."
            ))
        })
    }

    /// Where its sites are.
    pub(crate) fn folder(&self) -> &Path {
        self.0.place().folder
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.0.port()
    }

    /// What it complained of.
    pub fn errors(&self) -> String {
        self.0.errors()
    }

    /// Lets the site of `host` know that its story has turned: `lapsed` or `mended`. Its lines ask with
    /// `<If "-f '${site}.mended'">`, at each request.
    pub(crate) fn turn(&self, host: &str, word: &str) -> io::Result<()> {
        let file = self.0.place().folder.join(format!("{host}.{word}"));
        fs::write(file, "")
    }

    /// Back to the beginning of the story.
    pub(crate) fn reset(&self, host: &str) {
        for word in ["lapsed", "mended"] {
            let _ = fs::remove_file(self.0.place().folder.join(format!("{host}.{word}")));
        }
    }

    /// Every request that it has answered for `host`, what it refused by itself included.
    pub(crate) fn hits(&self, host: &str) -> Vec<Hit> {
        self.0.read("requests.log").lines().filter_map(hit).filter(|hit| hit.host == host).collect()
    }
}

/// One's own, Debian's, or the one that `cargo xtask setup` has unpacked.
fn program() -> PathBuf {
    tool("LATCHKEY_APACHE", &["/usr/sbin/apache2"], "apache/usr/sbin/apache2")
        .unwrap_or_else(|| "apache2".into())
}

/// The folder `usr` (or another) that the program lies in.
fn prefix(program: &Path) -> Option<&Path> {
    program.parent()?.parent()
}

/// The folder that the package of a file was unpacked into, so many above it; `None` for one that is
/// installed, whose libraries are where programs look.
fn unpacked(file: &Path, above: usize) -> Option<&Path> {
    file.ancestors().nth(above).filter(|root| root.parent().is_some() && root.join("usr").is_dir())
}

/// Where its modules are: as Debian or as Fedora and others have it.
fn modules(program: &Path) -> io::Result<PathBuf> {
    let below = ["lib/apache2/modules", "lib64/httpd/modules", "lib/httpd/modules", "modules"];
    let folders = prefix(program).into_iter().flat_map(|prefix| below.map(|below| prefix.join(below)));
    let found = folders.into_iter().find(|folder| folder.is_dir());
    found.ok_or_else(|| io::Error::other("there are no modules beside it"))
}

/// Nobody's own Apache, nor its files, are touched. It does not serve as root: that turns into nobody,
/// who is of no account to any other user.
fn configuration(place: Place<'_>, program: &Path, lines: &str) -> io::Result<String> {
    let modules = modules(program)?;
    let mut load = String::new();
    for module in MODULES {
        let file = modules.join(format!("mod_{module}.so"));
        load += &format!("LoadModule {module}_module \"{}\"\n", file.display());
    }
    Ok(format!(
        "{load}Define folder \"{folder}\"
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile pid
DefaultRuntimeDir .
User #65534
Group #65534
ErrorLog errors.log
SetEnvIf Authorization \"^([A-Za-z]+)\" scheme_sent=$1
LogFormat \"%{{Host}}i %m %U %{{scheme_sent}}e %>s\" lab
CustomLog requests.log lab
<Directory \"${{folder}}\">
AllowOverride All
Options ExecCGI FollowSymLinks
Require all granted
</Directory>
<FilesMatch \"^\\.ht\">
Require all denied
</FilesMatch>
<FilesMatch \"\\.cgi$\">
SetHandler cgi-script
</FilesMatch>
<FilesMatch \"\\.html$\">
ForceType \"text/html; charset=utf-8\"
</FilesMatch>
DirectoryIndex index.html
{lines}<VirtualHost 127.0.0.1:{port}>
ServerName none
DocumentRoot \"${{folder}}/none\"
ErrorDocument 404 {mark}
</VirtualHost>",
        folder = place.folder.display(),
        port = place.port,
        mark = place.mark()
    ))
}

fn site(port: u16, host: &str, lines: &str) -> String {
    format!(
        "<VirtualHost 127.0.0.1:{port}>
Define site \"${{folder}}/{host}\"
ServerName {host}
DocumentRoot \"${{site}}\"
{lines}
UnDefine site
</VirtualHost>
"
    )
}

fn write(folder: &Path, host: &str, files: &[(&str, &str)]) -> io::Result<()> {
    let site = folder.join(host);
    fs::create_dir_all(&site)?;
    readable(&site)?;
    for (name, text) in files {
        let path = site.join(name);
        fs::write(&path, text)?;
        readable(&path)?;
    }
    Ok(())
}

/// The sites of those scenarios that `pick` knows lines and files for.
pub(crate) fn sites(
    place: Place<'_>,
    lab: u16,
    pick: &dyn Fn(&Scenario) -> Option<Site>,
) -> io::Result<String> {
    let mut lines = String::new();
    for scenario in SCENARIOS {
        let Some((own, files)) = pick(scenario) else { continue };
        write(place.folder, scenario.host, files)?;
        let (host, also) = (scenario.host, scenario.also.join(" "));
        let also = if also.is_empty() { also } else { format!("ServerAlias {also}\n") };
        // What a person or a test does to the site goes to the lab, whatever the site is like.
        let to_lab = format!("ProxyPreserveHost On\nProxyPass /__lab/ http://127.0.0.1:{lab}/__lab/\n");
        lines += &site(place.port, host, &format!("{also}{to_lab}{own}"));
    }
    Ok(lines)
}

/// Lets the server's user read it, and run what is a program.
#[cfg(unix)]
fn readable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let is_program = path.is_dir() || path.extension().is_some_and(|end| end == "cgi");
    fs::set_permissions(path, fs::Permissions::from_mode(if is_program { 0o755 } else { 0o644 }))
}

#[cfg(not(unix))]
fn readable(_: &Path) -> io::Result<()> {
    Ok(())
}

/// A line of the log.
fn hit(line: &str) -> Option<Hit> {
    let words: Vec<_> = line.split(' ').collect();
    let [host, method, path, scheme, status] = words[..] else { return None };
    Some(Hit {
        host: host.split(':').next()?.to_owned(),
        method: method.to_owned(),
        path: path.to_owned(),
        scheme: Some(scheme).filter(|scheme| *scheme != "-").map(str::to_owned),
        status: status.parse().ok()?,
    })
}
