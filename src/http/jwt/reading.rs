//! A token cut into header and claims, with what is odd about it. Total and bounded.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::kind::{TokenKind, kind};

/// A longer token is not decoded: it would not fit into a header.
pub const LONGEST: usize = 64 * 1024;

/// What a token does that verifiers refuse, or take otherwise than it was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Oddity {
    /// Neither three nor five parts (RFC 7515, section 7.1; RFC 7516, section 7.1).
    NotAToken,
    /// Longer than [`LONGEST`]; not decoded.
    TooLong,
    /// A part has `=` at its end (RFC 7515, section 2: base64url without padding).
    Padding,
    /// A part has `+` or `/`: plain base64, which strict verifiers refuse.
    PlainBase64,
    /// The header is not base64url or not JSON (RFC 7519, section 7.2, steps 3 and 4).
    HeaderUnreadable,
    /// The header is JSON, but no object (RFC 7519, section 7.2, step 4).
    HeaderNotAnObject,
    /// The claims are not base64url or not JSON (RFC 7519, section 7.2, step 10).
    ClaimsUnreadable,
    /// The claims are JSON, but no object (RFC 7519, section 7.2, step 10).
    ClaimsNotAnObject,
    /// Five parts and no `enc` in the header (RFC 7516, section 4.1.2).
    NoEncryption,
    /// A token within a token (`cty` is `JWT`; RFC 7519, section 5.2).
    Nested,
    /// No `alg` (RFC 7515, section 4.1.1: it must be there).
    NoAlgorithm,
    /// `alg` is `none`: unsecured, which verifiers refuse (RFC 7519, section 6).
    AlgorithmNone,
    /// An empty signature, though `alg` is not `none` (RFC 7515, section 5.2).
    NoSignature,
    /// No `exp` (RFC 7519, section 4.1.4): the token does not say when it runs out.
    NoExpiry,
    /// A date that is text (RFC 7519, section 2: `NumericDate` is a number).
    DateIsText,
    /// A date in milliseconds; verifiers read it as seconds, thousands of years from now.
    DateInMillis,
    /// A date that is neither a number nor text with one.
    DateUnreadable,
    /// `exp` is not after `iat` or `nbf`: the token was never good.
    NeverGood,
}

/// A token, decoded, signature left out. For people's own tokens: nothing is masked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The header, where it is JSON.
    pub header: Option<Value>,
    /// The claims, where they are JSON; an encrypted token has none that could be read.
    pub claims: Option<Value>,
    /// Encrypted (JWE)?
    pub encrypted: bool,
    /// What is odd about it.
    pub oddities: Vec<Oddity>,
}

impl Reading {
    /// Decodes a token. JSON nested deeper than 128 levels is unreadable, as everywhere here.
    #[must_use]
    pub fn of(token: &str) -> Self {
        let mut reading = Self::default();
        let token = token.trim();
        if token.len() > LONGEST {
            reading.note(Oddity::TooLong);
            return reading;
        }
        let mut parts = [""; 5];
        let mut count = 0;
        for part in token.split('.') {
            if let Some(slot) = parts.get_mut(count) {
                *slot = part;
            }
            count += 1;
        }
        if count != 3 && count != 5 {
            reading.note(Oddity::NotAToken);
            return reading;
        }
        let [header, claims, signature, ..] = parts;
        reading.header = reading.json(header, Oddity::HeaderUnreadable, Oddity::HeaderNotAnObject);
        reading.encrypted = count == 5 && reading.header().is_some_and(|header| header.contains_key("enc"));
        if count == 3 {
            reading.claims = reading.json(claims, Oddity::ClaimsUnreadable, Oddity::ClaimsNotAnObject);
        } else if !reading.encrypted {
            reading.note(Oddity::NoEncryption);
        }
        reading.look(signature);
        reading
    }

    /// Is it a token at all: a header, and claims unless they are encrypted?
    #[must_use]
    pub fn is_token(&self) -> bool {
        self.header().is_some() && (self.encrypted || self.claims().is_some())
    }

    /// The header's fields.
    #[must_use]
    pub fn header(&self) -> Option<&Map<String, Value>> {
        self.header.as_ref().and_then(Value::as_object)
    }

    /// The claims' fields.
    #[must_use]
    pub fn claims(&self) -> Option<&Map<String, Value>> {
        self.claims.as_ref().and_then(Value::as_object)
    }

    /// A date among the claims, in milliseconds since 1970.
    #[must_use]
    pub fn date(&self, name: &str) -> Option<f64> {
        self.claims().and_then(|claims| claims.get(name)).and_then(|value| read_date(value).0)
    }

    /// What it is for.
    #[must_use]
    pub fn kind(&self) -> TokenKind {
        let none = Map::new();
        kind(self.header().unwrap_or(&none), self.claims().unwrap_or(&none))
    }

    fn json(&mut self, part: &str, unreadable: Oddity, no_object: Oddity) -> Option<Value> {
        if part.ends_with('=') {
            self.note(Oddity::Padding);
        }
        if part.contains(['+', '/']) {
            self.note(Oddity::PlainBase64);
        }
        let json = decode_base64url(part).and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        match &json {
            None => self.note(unreadable),
            Some(value) if !value.is_object() => self.note(no_object),
            Some(_) => {}
        }
        json
    }

    /// What header and claims say that is odd.
    fn look(&mut self, signature: &str) {
        let mut found = Vec::new();
        if let Some(header) = self.header() {
            let algorithm = header.get("alg").and_then(Value::as_str);
            let is_none = algorithm.is_some_and(|name| name.eq_ignore_ascii_case("none"));
            let is_nested = |value: &Value| value.as_str().is_some_and(|cty| cty.eq_ignore_ascii_case("JWT"));
            found.extend(algorithm.is_none().then_some(Oddity::NoAlgorithm));
            found.extend(is_none.then_some(Oddity::AlgorithmNone));
            let unsigned = signature.is_empty() && !is_none && !self.encrypted;
            found.extend(unsigned.then_some(Oddity::NoSignature));
            found.extend(header.get("cty").is_some_and(is_nested).then_some(Oddity::Nested));
        }
        if let Some(claims) = self.claims() {
            found.extend((!claims.contains_key("exp")).then_some(Oddity::NoExpiry));
            let dates = ["exp", "nbf", "iat"].map(|name| claims.get(name).map(read_date).unwrap_or_default());
            found.extend(dates.iter().filter_map(|(_, oddity)| *oddity));
            let [expires, good_from, issued] = dates.map(|(date, _)| date);
            let ends_by = |start: Option<f64>| start.zip(expires).is_some_and(|(start, end)| end <= start);
            found.extend((ends_by(good_from) || ends_by(issued)).then_some(Oddity::NeverGood));
        }
        found.into_iter().for_each(|oddity| self.note(oddity));
    }

    fn note(&mut self, oddity: Oddity) {
        if !self.oddities.contains(&oddity) {
            self.oddities.push(oddity);
        }
    }
}

/// A `NumericDate` (RFC 7519, section 2) in milliseconds, also where it is written in a way that
/// is not allowed but can only mean one thing.
fn read_date(value: &Value) -> (Option<f64>, Option<Oddity>) {
    // As seconds this is the year 5138; as milliseconds, 1973.
    const NO_SECONDS: f64 = 1e11;
    let scale = |number: f64| if number.abs() >= NO_SECONDS { number } else { number * 1000.0 };
    match value {
        Value::Number(number) => {
            let number = number.as_f64().filter(|number| number.is_finite());
            let in_millis = number.is_some_and(|number| number.abs() >= NO_SECONDS);
            (number.map(scale), in_millis.then_some(Oddity::DateInMillis))
        }
        Value::String(text) => {
            // Whole seconds: reading a fraction out of text would bring 16 KB of tables along.
            let whole = text.split('.').next().and_then(|digits| digits.trim().parse::<i64>().ok());
            // Far from the limits of `f64`.
            #[allow(clippy::cast_precision_loss)]
            let date = whole.map(|number| scale(number as f64));
            let oddity = if date.is_some() { Oddity::DateIsText } else { Oddity::DateUnreadable };
            (date, Some(oddity))
        }
        _ => (None, Some(Oddity::DateUnreadable)),
    }
}

/// Base64url without padding (RFC 7515, section 2); padding and the letters of plain base64 are
/// forgiven, other letters and an impossible length are not.
#[must_use]
pub fn decode_base64url(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    if text.len() % 4 == 1 {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut held, mut bits) = (0_u32, 0);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            _ => return None,
        };
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            #[allow(clippy::cast_possible_truncation)]
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}
