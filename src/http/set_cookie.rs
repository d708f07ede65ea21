//! `Set-Cookie` as the server meant it (RFC 6265bis, section 5.6). Whether a browser keeps it is
//! [`storage`]'s question.
//!
//! The algorithm never fails: what it cannot read it ignores, and the cookie is kept without it.
//! That is what makes such mistakes hard to find, so each is told as an [`Oddity`]. Decisions:
//! names and values are trimmed of spaces and tabs alone, the last attribute of a name counts, and
//! attributes that no browser knows are an oddity but for those that servers send by habit
//! (`Priority`, and `Version` and `Comment` of RFC 2109).

use serde::{Deserialize, Serialize};

use crate::http::address::Address;
use crate::http::storage::{self, Refusal};
use crate::http::{date, head, is_wsp};
use crate::redact;
use crate::time::{MOST, SECOND, Time};

/// More of a line than this is not read: browsers refuse a header of such a size altogether.
pub const LONGEST: usize = 64 * 1024;

/// The longest attribute value that is not ignored (section 5.6, step 6 of the second list).
const LONGEST_ATTRIBUTE: usize = 1024;

/// What a line says that browsers do not take as it was most likely meant. The cookie may be
/// stored all the same. Not kept: what was ignored is not among the facts, which is what a rule
/// goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Oddity {
    /// No name: browsers send the value alone (section 5.6, step 3).
    Nameless,
    /// An attribute value over 1,024 bytes, which is ignored (section 5.6, step 6).
    LongAttribute,
    /// An attribute that comes twice; the last one counts (section 5.7, steps 6 to 17).
    RepeatedAttribute,
    /// `Expires` that is no date and is ignored (section 5.6.1, step 2).
    BadExpires,
    /// `Max-Age` that is no whole number and is ignored (section 5.6.2, steps 1 to 3).
    BadMaxAge,
    /// `Domain` without a value: the cookie is for this very host (section 5.7, step 10).
    EmptyDomain,
    /// `Path` that does not begin with a slash: the page's folder counts (section 5.6.4, step 1).
    BadPath,
    /// `SameSite` that is none of the three words: as if it were not there (section 5.6.7).
    UnknownSameSite,
    /// An attribute that browsers do not know (section 5.6, step 7): a misspelt one, most likely.
    UnknownAttribute,
    /// A line longer than [`LONGEST`]; the rest was not read.
    TooLong,
}

/// One line, cut up by the algorithm of section 5.6. Borrowed, secrets included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line<'a> {
    /// The name, empty for a nameless cookie.
    pub name: &'a str,
    /// The value.
    pub value: &'a str,
    /// `Domain` without its leading dot, in the server's case; may be empty.
    pub domain: Option<&'a str>,
    /// `Path` as written.
    pub path: Option<&'a str>,
    /// `Expires`, where it can be read.
    pub expires: Option<Time>,
    /// `Max-Age` in seconds, no longer than [`MOST`].
    pub max_age: Option<i64>,
    /// `Secure`.
    pub secure: bool,
    /// `HttpOnly`.
    pub http_only: bool,
    /// `SameSite` as written.
    pub same_site: Option<&'a str>,
    /// `Partitioned` (CHIPS).
    pub partitioned: bool,
    /// Is there a control character other than the tab in the line (section 5.6, step 1)?
    pub has_control: bool,
    /// What is odd about it.
    pub oddities: Vec<Oddity>,
}

impl<'a> Line<'a> {
    /// Reads one line. Total.
    #[must_use]
    pub fn read(line: &'a str) -> Self {
        let mut read = Self::default();
        let mut line = line;
        if line.len() > LONGEST {
            line = head(line, LONGEST);
            read.note(Oddity::TooLong);
        }
        read.has_control = line.bytes().any(|byte| byte.is_ascii_control() && byte != b'\t');
        let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
        let (name, value) = pair.split_once('=').unwrap_or(("", pair));
        (read.name, read.value) = (name.trim_matches(is_wsp), value.trim_matches(is_wsp));
        if read.name.is_empty() {
            read.note(Oddity::Nameless);
        }
        let mut seen = 0_u32;
        for attribute in attributes.split(';') {
            let (key, value) = attribute.split_once('=').unwrap_or((attribute, ""));
            read.attribute(key.trim_matches(is_wsp), value.trim_matches(is_wsp), &mut seen);
        }
        read
    }

    fn attribute(&mut self, key: &str, value: &'a str, seen: &mut u32) {
        const KNOWN: [&str; 8] =
            ["expires", "max-age", "domain", "path", "secure", "httponly", "samesite", "partitioned"];
        const HABIT: [&str; 4] = ["", "priority", "version", "comment"];
        if value.len() > LONGEST_ATTRIBUTE {
            self.note(Oddity::LongAttribute);
            return;
        }
        let Some(which) = KNOWN.iter().position(|known| key.eq_ignore_ascii_case(known)) else {
            if !HABIT.iter().any(|habit| key.eq_ignore_ascii_case(habit)) {
                self.note(Oddity::UnknownAttribute);
            }
            return;
        };
        if *seen & (1 << which) != 0 {
            self.note(Oddity::RepeatedAttribute);
        }
        *seen |= 1 << which;
        match KNOWN[which] {
            "expires" => match date::parse(value) {
                Some(date) => self.expires = Some(date),
                None => self.note(Oddity::BadExpires),
            },
            "max-age" => match read_max_age(value) {
                Some(seconds) => self.max_age = Some(seconds),
                None => self.note(Oddity::BadMaxAge),
            },
            "domain" => {
                let bare = value.strip_prefix('.').unwrap_or(value);
                self.domain = Some(bare);
                if bare.is_empty() {
                    self.note(Oddity::EmptyDomain);
                }
            }
            "path" => {
                self.path = Some(value);
                if !value.starts_with('/') {
                    self.note(Oddity::BadPath);
                }
            }
            "secure" => self.secure = true,
            "httponly" => self.http_only = true,
            "samesite" => {
                self.same_site = Some(value);
                if !["none", "lax", "strict"].iter().any(|known| value.eq_ignore_ascii_case(known)) {
                    self.note(Oddity::UnknownSameSite);
                }
            }
            _ => self.partitioned = true,
        }
    }

    fn note(&mut self, oddity: Oddity) {
        if !self.oddities.contains(&oddity) {
            self.oddities.push(oddity);
        }
    }

    /// Name and value together, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.name.len() + self.value.len()
    }

    /// What may be kept of it.
    #[must_use]
    pub fn facts(&self) -> SetCookie {
        SetCookie {
            name: redact::name(self.name),
            size: u32::try_from(self.size()).unwrap_or(u32::MAX),
            domain: self
                .domain
                .filter(|domain| !domain.is_empty())
                .map(|domain| redact::name(&domain.to_ascii_lowercase())),
            path: self.path.filter(|path| path.starts_with('/')).map(redact::path),
            expires: self.expires,
            max_age: self.max_age,
            secure: self.secure,
            http_only: self.http_only,
            same_site: self.same_site.map(redact::name),
            partitioned: self.partitioned,
            refusals: Vec::new(),
        }
    }
}

/// What is kept of one `Set-Cookie` line: everything but the value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SetCookie {
    /// The name, empty for a nameless cookie.
    pub name: String,
    /// Name and value together, in bytes.
    pub size: u32,
    /// `Domain` without a leading dot, lower case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// `Path`, when it starts with a slash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// `Expires`, where it can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Time>,
    /// `Max-Age` in seconds, no longer than [`MOST`]; wins over `Expires`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<i64>,
    /// `Secure`.
    pub secure: bool,
    /// `HttpOnly`.
    pub http_only: bool,
    /// `SameSite`, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same_site: Option<String>,
    /// `Partitioned` (CHIPS).
    pub partitioned: bool,
    /// Why a browser does not store it, as far as line and address tell.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refusals: Vec<Refusal>,
}

impl SetCookie {
    /// Does this line take the cookie away (an age of zero or a date gone by)?
    #[must_use]
    pub fn deletes(&self, now: Time) -> bool {
        match self.max_age {
            Some(seconds) => seconds <= 0,
            None => self.expires.is_some_and(|expires| expires <= now),
        }
    }
}

/// Reads one line that came from that address. Total: the algorithm of section 5.6 never fails.
#[must_use]
pub fn parse(line: &str, from: &Address<'_>) -> SetCookie {
    let line = Line::read(line);
    SetCookie { refusals: storage::refusals(&line, from), ..line.facts() }
}

/// Section 5.6.2: a digit or `-`, then digits; everything else is ignored.
fn read_max_age(value: &str) -> Option<i64> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // More digits than fit are a time far away, in the direction of the sign.
    let seconds = value.parse().unwrap_or(if value.starts_with('-') { i64::MIN } else { i64::MAX });
    Some(seconds.clamp(-MOST / SECOND, MOST / SECOND))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> SetCookie {
        super::parse(line, &Address::parse("https://www.example.com/"))
    }

    #[test]
    fn attributes() {
        let cookie =
            parse("sid=abc; Path=/; Domain=.Example.com; Secure; HttpOnly; SameSite=Lax; Max-Age=60");
        assert_eq!(cookie.name, "sid");
        assert_eq!(cookie.size, 6);
        assert_eq!(cookie.domain.as_deref(), Some("example.com"));
        assert_eq!(cookie.path.as_deref(), Some("/"));
        assert!(cookie.secure && cookie.http_only && !cookie.deletes(Time(0)));
        assert!(cookie.refusals.is_empty());
    }

    #[test]
    fn the_last_attribute_counts() {
        let line = Line::read("a=b; Domain=example.com; domain=; PATH=/x; path=y; Max-Age=1; max-age=2");
        assert_eq!((line.domain, line.path, line.max_age), (Some(""), Some("y"), Some(2)));
        // One that cannot be read is as if it were not there.
        let line = Line::read("a=b; Max-Age=1; Max-Age=soon");
        assert_eq!(line.max_age, Some(1));
    }

    #[test]
    fn deletions() {
        let now = Time::from_seconds(2_000_000_000);
        assert!(parse("sid=; Max-Age=0").deletes(now));
        assert!(parse("sid=; Expires=Thu, 01 Jan 1970 00:00:00 GMT").deletes(now));
        assert!(!parse("sid=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=5").deletes(now));
        assert!(!parse("sid=x").deletes(now));
        assert_eq!(parse("a=b; Max-Age=99999999999999999999").max_age, Some(MOST / SECOND));
        assert_eq!(parse("a=b; Max-Age=-99999999999999999999").max_age, Some(-MOST / SECOND));
        assert_eq!(MOST / SECOND, 8_640_000_000_000);
        assert_eq!(parse("a=b; Max-Age=+5").max_age, None);
    }

    #[test]
    fn as_long_as_may_be_is_read_and_a_byte_more_is_not() {
        let path = |length: usize| format!("a=b; Path=/{}", "x".repeat(length - 1));
        assert_eq!(Line::read(&path(1024)).path.map(str::len), Some(1024));
        assert_eq!(Line::read(&path(1025)).path, None);
        let line = format!("a={}", "x".repeat(LONGEST - 2));
        assert!(!Line::read(&line).oddities.contains(&Oddity::TooLong));
        let line = format!("{line}x");
        assert!(Line::read(&line).oddities.contains(&Oddity::TooLong));
    }

    #[test]
    fn oddities() {
        let long = format!("a=b; Path=/{}", "x".repeat(LONGEST_ATTRIBUTE));
        for (line, expected) in [
            ("abc", Oddity::Nameless),
            ("=abc", Oddity::Nameless),
            (long.as_str(), Oddity::LongAttribute),
            ("a=b; Path=/; path=/x", Oddity::RepeatedAttribute),
            ("a=b; Expires=tomorrow", Oddity::BadExpires),
            ("a=b; Expires=2026-01-01T00:00:00Z", Oddity::BadExpires),
            ("a=b; Max-Age=1h", Oddity::BadMaxAge),
            ("a=b; Domain=", Oddity::EmptyDomain),
            ("a=b; Domain=.", Oddity::EmptyDomain),
            ("a=b; Path=app", Oddity::BadPath),
            ("a=b; SameSite=Cross", Oddity::UnknownSameSite),
            ("a=b; Secrue", Oddity::UnknownAttribute),
        ] {
            assert_eq!(Line::read(line).oddities, [expected], "{line}");
        }
        assert!(Line::read("a=b; Priority=High; Version=1;").oddities.is_empty());
    }

    #[test]
    fn a_huge_line_is_read_in_part() {
        let line = format!("a={}; Secure", "é".repeat(LONGEST));
        let read = Line::read(&line);
        assert!(read.oddities.contains(&Oddity::TooLong) && !read.secure);
        assert!(read.size() <= LONGEST);
    }

    #[test]
    fn the_value_is_not_kept() {
        let kept = format!("{:?}", parse("sid=s3cr3t-value; Path=/"));
        assert!(!kept.contains("s3cr3t"), "{kept}");
    }
}
