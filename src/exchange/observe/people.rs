//! Whether a request speaks for one person or for two: compared where it is seen, and no name kept.

use crate::http::address::Address;
use crate::http::{cookie, jwt};

/// Cookies that name the account in plain text (Nextcloud and ownCloud, GitHub, Phabricator, Trac;
/// others by habit).
const NAMES: [&str; 8] =
    ["nc_username", "oc_username", "dotcom_user", "phusr", "username", "user_name", "user", "login"];

/// Which of several accounts the address chooses: Google's `/u/N/`, `authuser` and `u`. An
/// account that is chosen by name counts as one of the later ones.
pub(super) fn account(address: &Address<'_>) -> Option<u8> {
    let slot = |text: &str| match text.as_bytes() {
        [digit @ b'0'..=b'9'] => Some(digit - b'0'),
        _ => None,
    };
    let mut path = address.path.split('/');
    let by_path = if path.any(|part| part == "u") { path.next().and_then(slot) } else { None };
    let mut query = address.query.split('&').filter_map(|pair| pair.split_once('='));
    by_path.or_else(|| {
        query.find_map(|(name, value)| match name.to_ascii_lowercase().as_str() {
            "authuser" if value.contains('@') || value.contains("%40") => Some(1),
            "authuser" | "u" => slot(value),
            _ => None,
        })
    })
}

/// Do the login or the token and a cookie name different people?
pub(super) fn two_names(headers: Option<&[(String, String)]>) -> bool {
    let headers = headers.unwrap_or_default();
    let all = |wanted: &'static str| {
        headers
            .iter()
            .filter(move |(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value.as_str())
    };
    let Some((scheme, credential)) =
        all("authorization").next().and_then(|value| value.trim().split_once(' '))
    else {
        return false;
    };
    let mut cookies = all("cookie").flat_map(cookie::parse_header);
    if scheme.eq_ignore_ascii_case("basic") {
        let Some(login) = login_of(credential) else { return false };
        return cookies.any(|(name, value)| {
            NAMES.contains(&name.to_ascii_lowercase().as_str())
                && is_name(value)
                && !value.trim_matches('"').eq_ignore_ascii_case(&login)
        });
    }
    // `sub` means something only beside its `iss` (RFC 7519, section 4.1.2).
    let Some(person) = person_of(credential) else { return false };
    cookies
        .filter_map(|(_, value)| person_of(value))
        .any(|(issuer, other)| issuer == person.0 && other != person.1)
}

fn login_of(credential: &str) -> Option<String> {
    let bytes = jwt::decode_base64url(credential.trim())?;
    let text = String::from_utf8(bytes).ok()?;
    let (login, _) = text.split_once(':')?;
    (!login.is_empty()).then(|| login.to_owned())
}

/// A cookie of such a name may hold anything; a name is short and plain.
fn is_name(value: &str) -> bool {
    let value = value.trim_matches('"');
    (2..=40).contains(&value.len())
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-@".contains(&byte))
}

/// `iss` and `sub` of a token.
fn person_of(token: &str) -> Option<(String, String)> {
    let reading = jwt::Reading::of(token.trim());
    let claims = reading.claims()?;
    let text = |name: &str| claims.get(name)?.as_str().map(str::to_owned);
    Some((text("iss")?, text("sub")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two(authorization: &str, cookies: &str) -> bool {
        let own = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        two_names(Some(&[own("Authorization", authorization), own("Cookie", cookies)]))
    }

    #[test]
    fn names_of_people() {
        // `tusk:pw`.
        assert!(two("Basic dHVzazpwdw==", "a=b; nc_username=alice"));
        assert!(!two("Basic dHVzazpwdw==", "nc_username=Tusk"));
        assert!(!two("Basic dHVzazpwdw==", "sid=alice"));
        assert!(!two("Bearer abc", "nc_username=alice"));
        // `{"iss":"a","sub":"1"}` and `{"iss":"a","sub":"2"}`.
        let (one, other) = ("e30.eyJpc3MiOiJhIiwic3ViIjoiMSJ9.x", "e30.eyJpc3MiOiJhIiwic3ViIjoiMiJ9.x");
        assert!(two(&format!("Bearer {one}"), &format!("session={other}")));
        assert!(!two(&format!("Bearer {one}"), &format!("session={one}")));
        assert!(!two_names(None));
    }

    #[test]
    fn accounts_in_an_address() {
        let account = |url: &str| account(&Address::parse(url));
        assert_eq!(account("https://mail.test/mail/u/1/inbox"), Some(1));
        assert_eq!(account("https://docs.test/d/x?authuser=2"), Some(2));
        assert_eq!(account("https://docs.test/d/x?authuser=me%40a.test"), Some(1));
        assert_eq!(account("https://mail.test/mail/u/0/"), Some(0));
        assert_eq!(account("https://a.test/u/alice"), None);
    }
}
