//! Points in time and spans, in milliseconds. The core has no clock: `now` is always an input.

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z. May be negative (dates before 1970 exist in cookies).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(pub i64);

/// One second, in milliseconds.
pub const SECOND: i64 = 1_000;
/// One minute, in milliseconds.
pub const MINUTE: i64 = 60 * SECOND;
/// One hour, in milliseconds.
pub const HOUR: i64 = 60 * MINUTE;
/// One day, in milliseconds.
pub const DAY: i64 = 24 * HOUR;

/// The span that dates and differences keep to, in milliseconds either way: a hundred million days, as in
/// JavaScript (ECMA-262, section 21.4.1.1), whose numbers are exact as far as that.
pub const MOST: i64 = 100_000_000 * DAY;

impl Time {
    /// From whole seconds since 1970; saturates instead of overflowing.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Self {
        Self(near(seconds.saturating_mul(SECOND)))
    }

    /// From the fractional seconds or milliseconds that browsers report; not-a-number becomes 0.
    #[must_use]
    pub fn from_millis_f64(millis: f64) -> Self {
        // `as` saturates and maps NaN to 0, which is what a total conversion wants.
        #[allow(clippy::cast_possible_truncation)]
        Self(near(millis as i64))
    }

    /// Milliseconds from `earlier` to `self`; negative when `earlier` is later. At most [`MOST`].
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        near(self.0.saturating_sub(earlier.0))
    }

    /// `self` moved by `millis`.
    #[must_use]
    pub fn plus(self, millis: i64) -> Self {
        Self(near(self.0.saturating_add(millis)))
    }

    /// `YYYY-MM-DDTHH:MM:SSZ` (RFC 3339), clamped to the years 0–9999.
    #[must_use]
    pub fn rfc3339(self) -> String {
        let clamped = self.0.clamp(-62_167_219_200_000, 253_402_300_799_999);
        let (days, in_day) = (clamped.div_euclid(DAY), clamped.rem_euclid(DAY));
        let (year, month, day) = civil_from_days(days);
        format!(
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
            in_day / HOUR,
            in_day % HOUR / MINUTE,
            in_day % MINUTE / SECOND
        )
    }
}

fn near(millis: i64) -> i64 {
    millis.clamp(-MOST, MOST)
}

/// Days since 1970-01-01 of a proleptic Gregorian date.
///
/// Algorithm: Howard Hinnant, “chrono-compatible low-level date algorithms”.
#[must_use]
pub fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The inverse of [`days_from_civil`].
#[must_use]
pub fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// Reads the RFC 3339 dates that HAR files carry (`2026-06-16T10:00:01.123+02:00`), laxly: tools write
/// them in many ways.
///
/// The numbers must stand where they belong. What stands between them is not looked at, no zone is UTC,
/// and neither the length of a month nor a second beyond 59 is an error. `None` where a number is missing
/// or there is no such month, day, hour or minute.
#[must_use]
pub fn parse_rfc3339(text: &str) -> Option<Time> {
    let field = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (field(0, 4)?, field(5, 7)?, field(8, 10)?);
    let (hour, minute, second) = (field(11, 13)?, field(14, 16)?, field(17, 19)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 {
        return None;
    }
    let rest = text.get(19..)?;
    let fraction_len =
        rest.strip_prefix('.').map_or(0, |digits| 1 + digits.bytes().take_while(u8::is_ascii_digit).count());
    let (fraction, zone) = rest.split_at_checked(fraction_len)?;
    let millis = fraction.get(1..).map_or(0, |digits| {
        digits.bytes().chain(*b"000").take(3).fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'))
    });
    let offset = match zone {
        "" | "Z" | "z" => 0,
        _ => {
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            let digits: String = zone.chars().filter(char::is_ascii_digit).take(4).collect();
            let number = digits.parse::<i64>().ok()?;
            sign * (number / 100 * HOUR + number % 100 * MINUTE)
        }
    };
    let days = days_from_civil(year, month, day);
    Some(Time(days * DAY + hour * HOUR + minute * MINUTE + second * SECOND + millis - offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc3339_round_trips() {
        for text in
            ["1970-01-01T00:00:00Z", "2026-06-16T10:00:01Z", "2024-02-29T23:59:59Z", "1601-01-01T00:00:00Z"]
        {
            assert_eq!(parse_rfc3339(text).map(Time::rfc3339).as_deref(), Some(text));
        }
    }

    #[test]
    fn offsets_and_fractions_are_read() {
        assert_eq!(parse_rfc3339("1970-01-01T02:00:00.25+02:00"), Some(Time(250)));
        assert_eq!(parse_rfc3339("1969-12-31T23:00:00-01:00"), Some(Time(0)));
        assert!(parse_rfc3339("2026-01-01T00:00:00+999999999999999999").is_some());
        assert_eq!(parse_rfc3339("yesterday"), None);
        assert_eq!(parse_rfc3339("2026-13-01T00:00:00Z"), None);
    }

    #[test]
    fn any_number_becomes_a_date() {
        assert_eq!(Time(i64::MAX).rfc3339(), "9999-12-31T23:59:59Z");
        assert_eq!(Time(i64::MIN).rfc3339(), "0000-01-01T00:00:00Z");
        assert_eq!(Time::from_millis_f64(f64::NAN), Time(0));
    }

    /// Found by fuzzing: a recording whose years are nonsense.
    #[test]
    fn any_span_can_be_turned_round() {
        assert_eq!(Time(i64::MIN).since(Time(i64::MAX)), -MOST);
        assert_eq!(Time(i64::MAX).since(Time(i64::MIN)), MOST);
    }
}
