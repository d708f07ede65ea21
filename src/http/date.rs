//! Dates as cookies and `Date` headers carry them.
//!
//! One algorithm for both, that of cookies. So of what RFC 9110, section 5.6.7, says of `Date` two things are
//! left out: a leap second (`:60`) is no date, and a year of two digits is put between 1970 and 2069, not by
//! its distance from now.

use crate::time::{DAY, HOUR, MINUTE, SECOND, Time, days_from_civil};

/// Reads a date by the algorithm of RFC 6265bis, section 5.1.1, which browsers use for
/// `Expires` and which also reads the three forms of RFC 9110, section 5.6.7.
///
/// Returns `None` when the algorithm fails (the cookie then has no expiry).
#[must_use]
pub fn parse(text: &str) -> Option<Time> {
    let (mut clock, mut day, mut month, mut year) = (None, None, None, None);
    for token in text.split(is_delimiter).filter(|token| !token.is_empty()) {
        // Each field takes the first token that fits it, in this order.
        if clock.is_none()
            && let Some(found) = read_clock(token)
        {
            clock = Some(found);
        } else if day.is_none()
            && let Some(found) = read_number(token, 1, 2)
        {
            day = Some(found);
        } else if month.is_none()
            && let Some(found) = read_month(token)
        {
            month = Some(found);
        } else if year.is_none()
            && let Some(found) = read_number(token, 2, 4)
        {
            year = Some(match found {
                70..=99 => found + 1900,
                0..=69 => found + 2000,
                _ => found,
            });
        }
    }
    let ((hour, minute, second), day, month, year) = (clock?, day?, month?, year?);
    let valid = (1..=days_in(month, year)).contains(&day)
        && year >= 1601
        && hour <= 23
        && minute <= 59
        && second <= 59;
    valid.then(|| {
        Time(days_from_civil(year, month, day) * DAY + hour * HOUR + minute * MINUTE + second * SECOND)
    })
}

/// `delimiter` of RFC 6265bis, section 5.1.1: everything but digits, letters, `:` and bytes ≥ 0x7F.
fn is_delimiter(character: char) -> bool {
    matches!(character, '\t' | ' '..='/' | ';'..='@' | '['..='`' | '{'..='~')
}

/// `hms-time`: three fields of one or two digits; what follows the last one is ignored.
fn read_clock(token: &str) -> Option<(i64, i64, i64)> {
    let mut fields = token.splitn(3, ':');
    let exact = |field: &str| read_number(field, 1, 2).filter(|_| field.bytes().all(|b| b.is_ascii_digit()));
    let hour = exact(fields.next()?)?;
    let minute = exact(fields.next()?)?;
    Some((hour, minute, read_number(fields.next()?, 1, 2)?))
}

/// A number of `least` to `most` digits, not followed by a further digit.
fn read_number(token: &str, least: usize, most: usize) -> Option<i64> {
    let digits = token.bytes().take_while(u8::is_ascii_digit).count();
    if (least..=most).contains(&digits) { token.get(..digits)?.parse().ok() } else { None }
}

fn read_month(token: &str) -> Option<i64> {
    const NAMES: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let head = token.get(..3)?;
    (1..).zip(NAMES).find(|(_, name)| head.eq_ignore_ascii_case(name)).map(|(number, _)| number)
}

fn days_in(month: i64, year: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_of_rfc_9110() {
        for text in
            ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
        {
            assert_eq!(parse(text), Some(Time(784_111_777_000)), "{text}");
        }
    }

    #[test]
    fn a_year_of_two_digits_is_of_this_century_up_to_69() {
        let year = |short: &str| parse(&format!("01 Jan {short} 00:00:00"));
        assert_eq!(year("69"), parse("01 Jan 2069 00:00:00"));
        assert_eq!(year("70"), Some(Time(0)));
        assert_eq!(year("99"), parse("01 Jan 1999 00:00:00"));
        assert_eq!(year("00"), Some(Time(946_684_800_000)));
    }

    #[test]
    fn every_month_has_its_last_day() {
        let is_date =
            |day: u8, month: &str, year: u16| parse(&format!("{day} {month} {year} 12:00:00")).is_some();
        for (month, last) in [
            ("Jan", 31),
            ("Feb", 28),
            ("Mar", 31),
            ("Apr", 30),
            ("May", 31),
            ("Jun", 30),
            ("Jul", 31),
            ("Aug", 31),
            ("Sep", 30),
            ("Oct", 31),
            ("Nov", 30),
            ("Dec", 31),
        ] {
            assert!(is_date(last, month, 2025), "{last} {month}");
            assert!(!is_date(last + 1, month, 2025), "{} {month}", last + 1);
        }
        // The Gregorian rule: every fourth year, but for the centuries that 400 does not divide.
        for (year, leaps) in [(2024, true), (2026, false), (1900, false), (2000, true), (2100, false)] {
            assert_eq!(is_date(29, "Feb", year), leaps, "{year}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "0",
            "Sun, 31 Feb 2026 00:00:00 GMT",
            "Thu, 01 Jan 1600 00:00:00 GMT",
            "24:00:00 1 Jan 2020",
            "ÄÄÄ",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
