//! Prints what the parsers read, for the tests that read it again (here and in `fuzz/`).

use latchkey::http::challenge::Challenge;
use latchkey::http::set_cookie::Line;
use latchkey::time::{DAY, HOUR, MINUTE, SECOND, Time, civil_from_days};

/// A field's value with these challenges, every value quoted.
pub fn challenges(challenges: &[Challenge]) -> String {
    let print = |challenge: &Challenge| {
        let mut text = challenge.scheme.clone();
        if let Some(token) = &challenge.token68 {
            text += &format!(" {token}");
        }
        for (place, (name, value)) in challenge.params.iter().enumerate() {
            let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
            text += &format!("{} {name}=\"{quoted}\"", if place > 0 { "," } else { "" });
        }
        text
    };
    challenges.iter().map(print).collect::<Vec<_>>().join(", ")
}

/// `IMF-fixdate` of RFC 9110, section 5.6.7.
pub fn date(time: Time) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (days, rest) = (time.0.div_euclid(DAY), time.0.rem_euclid(DAY));
    let (year, month, day) = civil_from_days(days);
    let weekday = DAYS[usize::try_from(days.rem_euclid(7)).unwrap()];
    let month = MONTHS[usize::try_from(month - 1).unwrap()];
    let (hour, minute, second) = (rest / HOUR, rest % HOUR / MINUTE, rest % MINUTE / SECOND);
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

/// A line that says what this one says.
pub fn cookie(line: &Line<'_>) -> String {
    let mut text = format!("{}={}", line.name, line.value);
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            text += &format!("; {name}={value}");
        }
    };
    // One dot at its head is not read; one more may make it too long.
    add(
        "Domain",
        line.domain.map(|domain| {
            if domain.starts_with(['.', ' ', '\t']) { format!(".{domain}") } else { domain.to_owned() }
        }),
    );
    add("Path", line.path.map(str::to_owned));
    add("Expires", line.expires.map(date));
    add("Max-Age", line.max_age.map(|age| age.to_string()));
    add("SameSite", line.same_site.map(str::to_owned));
    for (is_set, name) in
        [(line.secure, "Secure"), (line.http_only, "HttpOnly"), (line.partitioned, "Partitioned")]
    {
        if is_set {
            text += &format!("; {name}");
        }
    }
    text
}

/// Bytes as base64url, by another way than the one that is tested.
pub fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut bits: Vec<u8> =
        bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    bits.resize(bits.len().div_ceil(6) * 6, 0);
    bits.chunks(6)
        .map(|six| char::from(LETTERS[usize::from(six.iter().fold(0, |sum, bit| sum << 1 | bit))]))
        .collect()
}
