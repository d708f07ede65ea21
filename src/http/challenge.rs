//! `WWW-Authenticate` and `Proxy-Authenticate` (RFC 9110, section 11.6.1).
//!
//! The list grammar is ambiguous: a comma ends a parameter or a challenge. It is settled by what
//! comes next: `token BWS "="` is a parameter, a token followed by a space and something else, or
//! by a comma or the end, is a scheme. What does not fit is skipped to the next comma and kept as
//! an [`Oddity`].
//!
//! Where parsers disagree:
//! - a quoted string without its end goes to the end of the field, as in Chrome and Firefox, and
//!   is an oddity;
//! - `name=` is a token68 if nothing else stands in the challenge (section 11.2 allows it),
//!   otherwise a parameter with an empty value;
//! - what stands between a closing quote and the next comma is junk; the parameter stays;
//! - a word between parameters begins a new challenge, also where it was meant as a parameter
//!   without a value, which the grammar does not have;
//! - `a=b c=d` is two parameters, since servers that leave out the comma mean that;
//! - of a parameter that comes twice the first counts, as in browsers;
//! - a token68 is kept as sent, however much padding it has.

mod facts;

use serde::{Deserialize, Serialize};

pub use facts::ChallengeFacts;

use crate::http::head;

/// One challenge, as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenge {
    /// The scheme, in the server's spelling; compare without case.
    pub scheme: String,
    /// The parameters in order, names in the server's spelling.
    pub params: Vec<(String, String)>,
    /// The token68, for schemes that carry one (Negotiate, NTLM).
    pub token68: Option<String>,
}

/// What a header did that the grammar does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Oddity {
    /// A quoted string without its closing quote; read to the end.
    UnclosedQuote,
    /// Text that is no scheme and no parameter; skipped to the next comma.
    Junk,
    /// A parameter before any scheme.
    NoScheme,
    /// A parameter name twice in one challenge; the first counts, as in browsers.
    DuplicateParameter,
    /// `name=` with nothing behind it where a value was expected.
    EmptyValue,
    /// Parameters with a space between them instead of a comma; read all the same.
    MissingComma,
    /// A header larger than [`LONGEST`] or with more than [`MOST`] challenges, or parameters in
    /// one; the rest was not read.
    TooLong,
}

/// More of a header than this is not read: no server needs it, and browsers refuse it soon after.
pub const LONGEST: usize = 64 * 1024;

/// More challenges than this are not kept, nor more parameters of one.
pub const MOST: usize = 64;

/// Reads one header field's value.
#[must_use]
pub fn parse(value: &str) -> (Vec<Challenge>, Vec<Oddity>) {
    let mut reader = Reader { rest: value, challenges: Vec::new(), oddities: Vec::new() };
    if value.len() > LONGEST {
        reader.rest = head(value, LONGEST);
        reader.oddities.push(Oddity::TooLong);
    }
    reader.run();
    (reader.challenges, reader.oddities)
}

struct Reader<'a> {
    rest: &'a str,
    challenges: Vec<Challenge>,
    oddities: Vec<Oddity>,
}

impl Reader<'_> {
    fn run(&mut self) {
        // A parameter may follow a comma only after a parameter of the same challenge:
        // `Scheme, realm="x"` names no scheme for `realm` (section 11.3 asks for a space).
        let mut takes_params = false;
        loop {
            self.skip(|c| is_space(c) || c == ',');
            if self.rest.is_empty() {
                return;
            }
            let Some(word) = self.token() else {
                self.junk();
                continue;
            };
            if self.peek_equals() {
                if takes_params {
                    self.param(word);
                } else {
                    self.note(Oddity::NoScheme);
                    self.junk();
                }
                continue;
            }
            let spaced = self.skip(is_space) > 0;
            if !self.rest.is_empty() && !self.rest.starts_with(',') && !spaced {
                self.junk();
                continue;
            }
            if self.challenges.len() >= MOST {
                self.note(Oddity::TooLong);
                return;
            }
            self.challenges.push(Challenge { scheme: word, ..Challenge::default() });
            // `Basic , realm=x` is allowed by the list rule; `Basic, realm=x` is not.
            takes_params = spaced;
            if spaced {
                takes_params = !self.token68();
            }
        }
    }

    fn param(&mut self, name: String) {
        self.skip(is_space);
        self.rest = self.rest.strip_prefix('=').unwrap_or(self.rest);
        self.skip(is_space);
        let value = if self.rest.starts_with('"') {
            self.quoted()
        } else {
            let value = self.token().unwrap_or_default();
            if value.is_empty() {
                self.note(Oddity::EmptyValue);
            }
            value
        };
        let spaced = self.skip(is_space) > 0;
        if spaced && is_param(self.rest) {
            self.note(Oddity::MissingComma);
        } else if !self.rest.is_empty() && !self.rest.starts_with(',') {
            self.junk();
        }
        let Some(challenge) = self.challenges.last_mut() else { return };
        if challenge.params.len() >= MOST {
            self.note(Oddity::TooLong);
        } else if challenge.params.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name)) {
            self.note(Oddity::DuplicateParameter);
        } else {
            challenge.params.push((name, value));
        }
    }

    /// `quoted-string` (section 5.6.4), its quoting removed.
    fn quoted(&mut self) -> String {
        let mut value = String::new();
        let mut characters = self.rest.char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return value;
                }
                '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
                _ => value.push(character),
            }
        }
        self.rest = "";
        self.note(Oddity::UnclosedQuote);
        value
    }

    /// Takes a token68 (section 11.2) when one stands here and nothing but a comma follows it.
    fn token68(&mut self) -> bool {
        let is_68 = |c: char| c.is_ascii_alphanumeric() || "-._~+/".contains(c);
        let body = self.rest.len() - self.rest.trim_start_matches(is_68).len();
        let padded = body + (self.rest[body..].len() - self.rest[body..].trim_start_matches('=').len());
        let after = self.rest[padded..].trim_start_matches(is_space);
        if body == 0 || !(after.is_empty() || after.starts_with(',')) {
            return false;
        }
        // `qop=, realm="x"` is no token68, for no parameter may follow one.
        if padded == body + 1 && is_param(after.trim_start_matches(|c| is_space(c) || c == ',')) {
            return false;
        }
        let token = self.rest[..padded].to_owned();
        self.rest = after;
        if let Some(challenge) = self.challenges.last_mut() {
            challenge.token68 = Some(token);
        }
        true
    }

    fn token(&mut self) -> Option<String> {
        let length = self.rest.len() - self.rest.trim_start_matches(is_tchar).len();
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        (length > 0).then(|| word.to_owned())
    }

    fn peek_equals(&self) -> bool {
        self.rest.trim_start_matches(is_space).starts_with('=')
    }

    fn skip(&mut self, what: impl Fn(char) -> bool) -> usize {
        let before = self.rest.len();
        self.rest = self.rest.trim_start_matches(what);
        before - self.rest.len()
    }

    fn junk(&mut self) {
        self.note(Oddity::Junk);
        self.rest = self.rest.find(',').map_or("", |comma| &self.rest[comma..]);
    }

    fn note(&mut self, oddity: Oddity) {
        if !self.oddities.contains(&oddity) {
            self.oddities.push(oddity);
        }
    }
}

/// Does a parameter stand at the head of the text?
fn is_param(text: &str) -> bool {
    let after = text.trim_start_matches(is_tchar);
    after.len() < text.len() && after.trim_start_matches(is_space).starts_with('=')
}

/// Line folding (obsolete, RFC 9112, section 5.2) counts as space.
fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

/// `tchar` of RFC 9110, section 5.6.2.
fn is_tchar(character: char) -> bool {
    character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character)
}

impl Challenge {
    /// A parameter by name, without case.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, expect: &str) {
        let (challenges, oddities) = parse(header);
        let mut shown = String::new();
        for challenge in challenges {
            shown += &format!("[{}", challenge.scheme);
            for (name, value) in &challenge.params {
                shown += &format!(" {name}={value}");
            }
            if let Some(token) = &challenge.token68 {
                shown += &format!(" <{token}>");
            }
            shown += "]";
        }
        for oddity in oddities {
            shown += &format!("!{oddity:?}");
        }
        assert_eq!(shown, expect, "{header}");
    }

    #[test]
    fn challenges() {
        check(r#"Basic realm="foo""#, "[Basic realm=foo]");
        check(r#"Basic , realm="foo""#, "[Basic realm=foo]");
        check(r#"Basic realm = "f\"oo", charset=UTF-8"#, r#"[Basic realm=f"oo charset=UTF-8]"#);
        check(r#"Newauth a=b, Basic realm="x""#, "[Newauth a=b][Basic realm=x]");
        check("Negotiate, NTLM", "[Negotiate][NTLM]");
        check("Negotiate YII=, Basic realm=x", "[Negotiate <YII=>][Basic realm=x]");
        check("scheme3 aaaa=aaaa, scheme4 aaaa=", "[scheme3 aaaa=aaaa][scheme4 <aaaa=>]");
        check(r#"Digest,,,, Basic ,,foo=bar,realm="myrealm""#, "[Digest][Basic foo=bar realm=myrealm]");
    }

    #[test]
    fn oddities() {
        check("", "");
        check(r#"Basic realm="open"#, "[Basic realm=open]!UnclosedQuote");
        check(r#"error="x""#, "!NoScheme!Junk");
        check(r#"Scheme, realm="foo""#, "[Scheme]!NoScheme!Junk");
        check(r#"Bearer error"invalid""#, "[Bearer]!Junk");
        check("Digest qop=, a=1", "[Digest qop= a=1]!EmptyValue");
        check("Digest qop=, Basic a=1", "[Digest <qop=>][Basic a=1]");
        check("Bearer a=1, a=2", "[Bearer a=1]!DuplicateParameter");
        check(r#"Bearer a="1" b = 2, c=3"#, "[Bearer a=1 b=2 c=3]!MissingComma");
        check(r#"Bearer a="1"b=2, c=3"#, "[Bearer a=1 c=3]!Junk");
        // A parameter has a name.
        check("=1", "!Junk");
        check("Bearer a=1, =2", "[Bearer a=1]!Junk");
        check("Bearer a=1 =2, c=3", "[Bearer a=1 c=3]!Junk");
        check("Bearer a=1 Basic, b=2", "[Bearer a=1 b=2]!Junk");
    }

    #[test]
    fn a_huge_header_is_read_in_part() {
        let whole = format!("Basic realm=\"{}\"", "x".repeat(LONGEST - 14));
        assert_eq!((whole.len(), parse(&whole).1.len()), (LONGEST, 0));
        let (challenges, oddities) = parse(&format!("Basic realm=\"{}\"", "é".repeat(200_000)));
        assert_eq!(challenges.len(), 1);
        assert!(oddities.contains(&Oddity::TooLong));
        assert!(challenges[0].facts().realm.is_some_and(|realm| realm.len() < 300));
        assert_eq!(parse(&"A,".repeat(100_000)).0.len(), MOST);
        let many: String = (0..9_000).map(|number| format!("p{number}=,")).collect();
        let (challenges, oddities) = parse(&format!("A {many}"));
        assert_eq!((challenges.len(), challenges[0].params.len()), (1, MOST));
        assert!(oddities.contains(&Oddity::TooLong));
    }
}
