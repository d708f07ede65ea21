//! How a cookie of the jar is read: a plain struct of all fields, as serde's own reading of a flattened one
//! keeps everything first and costs a page as much code as its largest view.

use serde::Deserialize;

use super::{CookieId, JarCookie, Partition, SameSite};
use crate::mark::Mark;
use crate::time::Time;

/// A cookie, with the fields of its id.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Listed {
    name: String,
    domain: String,
    path: String,
    path_mark: Option<Mark>,
    #[serde(default)]
    store: String,
    partition: Option<Partition>,
    host_only: bool,
    secure: bool,
    http_only: bool,
    #[serde(default)]
    same_site: SameSite,
    expires: Option<Time>,
    first_seen: Option<Time>,
    size: u32,
    mark: Option<Mark>,
    token_expires: Option<Time>,
}

impl From<Listed> for JarCookie {
    fn from(listed: Listed) -> Self {
        let Listed { name, domain, path, path_mark, store, partition, .. } = listed;
        let Listed { host_only, secure, http_only, same_site, expires, .. } = listed;
        let Listed { first_seen, size, mark, token_expires, .. } = listed;
        let id = CookieId { name, domain, path, path_mark, store, partition };
        Self { id, host_only, secure, http_only, same_site, expires, first_seen, size, mark, token_expires }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_cookie_is_read_as_it_is_written() {
        let cookie = JarCookie {
            id: CookieId {
                name: "sid".into(),
                domain: ".a.test".into(),
                path: "/app".into(),
                path_mark: None,
                store: "0".into(),
                partition: None,
            },
            host_only: false,
            secure: true,
            http_only: true,
            same_site: SameSite::Lax,
            expires: Some(Time(9)),
            first_seen: None,
            size: 12,
            mark: None,
            token_expires: Some(Time(7)),
        };
        let written = serde_json::to_value(&cookie).unwrap();
        assert_eq!(written["domain"], ".a.test", "flat, as it always was");
        assert_eq!(serde_json::from_value::<JarCookie>(written).unwrap(), cookie);
    }
}
