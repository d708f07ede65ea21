//! Does a request carry a login: a name and a password, or what stands for them?

use super::Exchange;
use crate::http::address::Address;

impl Exchange {
    /// Does it carry a name and a password, by its header or, most likely, in its body?
    #[must_use]
    pub fn sends_login(&self) -> bool {
        let scheme = self.authorization.present().map(|credential| credential.scheme.as_str());
        matches!(scheme, Some("basic" | "digest")) || self.is_sign_in_attempt() || self.may_be_sign_in()
    }

    /// A form or a call without any credential of its own, at an address that speaks of sessions or
    /// passwords: most likely a sign-in.
    #[must_use]
    pub fn may_be_sign_in(&self) -> bool {
        const WORDS: [&str; 8] = [
            "authenticat",
            "/session",
            "/auth/",
            "/srp",
            "password",
            "j_security_check",
            "credentials",
            "/signup",
        ];
        let path = Address::parse(&self.url).path.to_ascii_lowercase();
        self.method == "POST"
            && !self.carries_credential()
            && !self.is_renewal()
            && (path.ends_with("/auth") || WORDS.iter().any(|word| path.contains(word)))
    }
}
