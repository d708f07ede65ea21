//! The small commands: one value per line in, one JSON object per line out.
//!
//! They show what they were given in full, since it is the person's own; only values of cookies
//! and signatures of tokens are not repeated, so that the output may be shown around.

use std::io::{self, BufRead, Write};

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::http::address::Address;
use crate::http::challenge::{self, Challenge};
use crate::http::jwt::{self, Reading, TokenKind};
use crate::http::set_cookie::{self, Line};
use crate::http::storage::{self, Refusal};
use crate::time::Time;

/// More of a line than this is not held in memory. Every parser stops before it and says so.
const LONGEST: usize = 128 * 1024;

/// Which side failed.
#[derive(Debug)]
pub enum Error {
    /// The input.
    Read(io::Error),
    /// The output.
    Write(io::Error),
}

/// Answers each line of the input, one after the other, without waiting for its end.
///
/// # Errors
///
/// When the input cannot be read or the output cannot be written.
pub fn each_line<T: Serialize>(
    mut input: impl BufRead,
    mut output: impl Write,
    answer: impl Fn(&str) -> T,
) -> Result<(), Error> {
    let mut line = Vec::new();
    while read_line(&mut input, &mut line).map_err(Error::Read)? {
        let text = String::from_utf8_lossy(&line);
        serde_json::to_writer(&mut output, &answer(&text)).map_err(|error| Error::Write(error.into()))?;
        output.write_all(b"\n").and_then(|()| output.flush()).map_err(Error::Write)?;
    }
    Ok(())
}

/// The next line without its end, cut at [`LONGEST`]; false at the end of the input.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let mut is_any = false;
    loop {
        let chunk = match input.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if chunk.is_empty() {
            return Ok(is_any);
        }
        is_any = true;
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let part = &chunk[..end.unwrap_or(chunk.len())];
        line.extend_from_slice(&part[..part.len().min(LONGEST - line.len())]);
        let used = end.map_or(chunk.len(), |end| end + 1);
        input.consume(used);
        if end.is_some() {
            if line.ends_with(b"\r") {
                line.pop();
            }
            return Ok(true);
        }
    }
}

/// What a header field of challenges says.
#[derive(Debug, Serialize)]
pub struct Challenges {
    challenges: Vec<Shown>,
    oddities: Vec<challenge::Oddity>,
}

/// A challenge, its parameters in the order in which they were sent.
#[derive(Debug)]
struct Shown(Challenge);

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("scheme", &self.0.scheme)?;
        match &self.0.token68 {
            Some(token) => map.serialize_entry("token68", token)?,
            None => map.serialize_entry("params", &Params(&self.0.params))?,
        }
        map.end()
    }
}

struct Params<'a>(&'a [(String, String)]);

impl Serialize for Params<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// Reads the value of a `WWW-Authenticate` or `Proxy-Authenticate` field.
#[must_use]
pub fn challenges(line: &str) -> Challenges {
    let (challenges, oddities) = challenge::parse(line);
    Challenges { challenges: challenges.into_iter().map(Shown).collect(), oddities }
}

/// What a browser makes of a cookie.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cookie {
    name: String,
    size: usize,
    stored: bool,
    why: Why,
    oddities: Vec<set_cookie::Oddity>,
    domain: String,
    host_only: bool,
    path: String,
    secure: bool,
    http_only: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    same_site: Option<String>,
    partitioned: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
}

/// Why it is not stored. A time that is over is no refusal: such a line takes the cookie away.
#[derive(Debug)]
struct Why {
    refusals: Vec<Refusal>,
    expired: bool,
}

impl Serialize for Why {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut all = serializer.serialize_seq(None)?;
        for refusal in &self.refusals {
            all.serialize_element(refusal)?;
        }
        if self.expired {
            all.serialize_element("expired")?;
        }
        all.end()
    }
}

/// Reads the value of a `Set-Cookie` field that came from that address.
#[must_use]
pub fn set_cookie(line: &str, from: &Address<'_>, now: Time) -> Cookie {
    let line = Line::read(line);
    let placed = storage::place(&line, from, now);
    let why = Why {
        refusals: storage::refusals(&line, from),
        expired: placed.expires.is_some_and(|expires| expires <= now),
    };
    let domain = match line.domain {
        // Also of a cookie that is refused for it.
        Some(domain) if !domain.is_empty() => domain.to_ascii_lowercase(),
        _ => from.host.to_owned(),
    };
    Cookie {
        stored: why.refusals.is_empty() && !why.expired,
        why,
        size: line.size(),
        host_only: placed.host_only && domain == from.host,
        domain,
        name: placed.id.name,
        path: placed.id.path,
        secure: line.secure,
        http_only: line.http_only,
        same_site: line.same_site.map(str::to_owned),
        partitioned: line.partitioned,
        expires: placed.expires.map(Time::rfc3339),
        oddities: line.oddities,
    }
}

/// What a token says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Token {
    header: Option<Value>,
    claims: Option<Value>,
    kind: TokenKind,
    encrypted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_before: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    oddities: Vec<jwt::Oddity>,
}

/// Reads a token.
#[must_use]
pub fn token(line: &str) -> Token {
    let reading = Reading::of(line);
    let date = |name: &str| reading.date(name).map(|millis| Time::from_millis_f64(millis).rfc3339());
    Token {
        kind: reading.kind(),
        encrypted: reading.encrypted,
        issued_at: date("iat"),
        not_before: date("nbf"),
        expires_at: date("exp"),
        header: reading.header,
        claims: reading.claims,
        oddities: reading.oddities,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(input: &[u8]) -> String {
        let mut output = Vec::new();
        // Small chunks, so that lines lie across them.
        let reader = io::BufReader::with_capacity(3, input);
        each_line(reader, &mut output, |line| line.to_owned()).unwrap();
        String::from_utf8(output).unwrap()
    }

    #[test]
    fn lines() {
        assert_eq!(run(b""), "");
        assert_eq!(run(b"\n"), "\"\"\n");
        assert_eq!(run(b"abcd\r\n\nef"), "\"abcd\"\n\"\"\n\"ef\"\n");
        assert_eq!(run(b"a\xffb\n"), "\"a\u{fffd}b\"\n");
        let long = run(&[b'x'; LONGEST + 10]);
        assert_eq!(long.len(), LONGEST + 3);
    }

    #[test]
    fn what_is_given_out_has_no_values() {
        let from = Address::parse("https://a.test/");
        for line in ["sid=s3cr3t; Path=/", "s3cr3t", "=s3cr3t", "sid=x; Secrue=s3cr3t"] {
            let shown = serde_json::to_string(&set_cookie(line, &from, Time(0))).unwrap();
            assert!(!shown.contains("s3cr3t"), "{shown}");
        }
        let shown = serde_json::to_string(&token("e30.e30.s3cr3t")).unwrap();
        assert!(!shown.contains("s3cr3t"), "{shown}");
    }
}
