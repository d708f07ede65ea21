//! Apache with mod_auth_openidc, and the OpenID provider that its sites sign people in by.

use std::cell::RefCell;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::apache::{Apache, sites};
use crate::practice::Practice;
use crate::program::{open_to_all, tool};
use crate::started::Place;
use crate::{App, SCENARIOS, Server};

/// Both of them, running. Dropping it ends them.
#[derive(Debug)]
pub(crate) struct Openid {
    pub(crate) apache: Apache,
    _provider: Practice,
}

/// Where browsers find the provider: another site than those that it signs people in for.
pub(crate) const PROVIDER: &str = "login.people.test";

impl Openid {
    /// Starts them on free ports of 127.0.0.1, beside the lab on the given port.
    pub(crate) fn start(lab: u16) -> io::Result<Self> {
        let module =
            module().ok_or_else(|| io::Error::new(ErrorKind::NotFound, lacking().unwrap_or_default()))?;
        // Each has to know the other's port, and Apache may have to try several.
        let provider = RefCell::new(None);
        let apache = Apache::run(Some(&module), &|place| {
            let started = Practice::at(App::Provider, PROVIDER, lab, apps(place.port))?;
            let lines = configuration(place, &module, lab, &started)?;
            provider.replace(Some(started));
            Ok(lines)
        })?;
        let provider = provider.into_inner();
        let _provider = provider.ok_or_else(|| io::Error::other("Apache started without a provider"))?;
        Ok(Self { apache, _provider })
    }

    /// As [`Apache::turn`]; when time has passed, the sessions that are kept on the server are over.
    pub(crate) fn turn(&self, host: &str, word: &str) -> io::Result<()> {
        if word == "lapsed" {
            for file in fs::read_dir(sessions(self.apache.folder(), host))? {
                fs::remove_file(file?.path())?;
            }
        }
        self.apache.turn(host, word)
    }
}

/// Why it cannot be had, if it cannot.
pub(crate) fn lacking() -> Option<String> {
    if module().is_none() {
        let name = "there is no mod_auth_openidc";
        return Some(format!("{name}: `cargo xtask setup` gets it, LATCHKEY_OPENIDC names one"));
    }
    App::Provider.lacking()
}

/// One's own, Debian's, or the one that `cargo xtask setup` has unpacked.
fn module() -> Option<PathBuf> {
    const INSTALLED: &str = "/usr/lib/apache2/modules/mod_auth_openidc.so";
    tool("LATCHKEY_OPENIDC", &[INSTALLED], &format!("openidc{INSTALLED}"))
}

/// The sites that the provider sends people back to.
fn apps(port: u16) -> String {
    let hosts = SCENARIOS.iter().filter(|scenario| matches!(scenario.server, Server::Openid { .. }));
    hosts.map(|scenario| format!("http://{}:{port}", scenario.host)).collect::<Vec<_>>().join(" ")
}

/// Where Apache keeps the sessions of a site: in files, for time to pass over. It does so as nobody
/// where root has started it.
fn sessions(folder: &Path, host: &str) -> PathBuf {
    folder.join(format!("{host}.sessions"))
}

fn configuration(place: Place<'_>, module: &Path, lab: u16, provider: &Practice) -> io::Result<String> {
    for scenario in SCENARIOS {
        if matches!(scenario.server, Server::Openid { .. }) {
            let folder = sessions(place.folder, scenario.host);
            fs::create_dir(&folder)?;
            open_to_all(&folder)?;
        }
    }
    let sites = sites(place, lab, &|scenario| {
        let Server::Openid { lines, files } = scenario.server else { return None };
        let (port, secret) = (provider.port(), provider.secret());
        let base = format!(
            "OIDCProviderMetadataURL http://127.0.0.1:{port}/metadata
OIDCClientID apache
OIDCClientSecret {secret}
OIDCCryptoPassphrase {secret}
OIDCRedirectURI /oidc/callback
OIDCScope openid
OIDCCacheType file
OIDCCacheDir \"${{site}}.sessions\"
<Location /oidc/>
AuthType openid-connect
Require valid-user
</Location>
"
        );
        Some((base + lines, files))
    })?;
    Ok(format!("LoadModule auth_openidc_module \"{}\"\n{sites}", module.display()))
}
