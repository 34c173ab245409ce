//! Moments as seconds since 1970 (UTC, without leap seconds) and their text.

use crate::answer::Refusal;

/// Last second of the year 9999.
const LAST: u64 = 253_402_300_799;
/// Seconds of a day.
const DAY: u64 = 86_400;
/// Days from the 1st of March of the year 0 to 1970-01-01.
const DAYS_TO_1970: u64 = 719_468;
/// Days after which the calendar repeats itself.
const DAYS_OF_400_YEARS: u64 = 146_097;

/// A span of time, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First second.
    pub from: u64,
    /// Last second.
    pub until: u64,
}

/// How a moment lies to a [`Window`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// Earlier than its first second.
    Before,
    /// Within.
    Within,
    /// Later than its last second.
    After,
}

impl Window {
    /// Where a moment lies.
    #[must_use]
    pub const fn position(&self, moment: u64) -> Position {
        if moment < self.from {
            Position::Before
        } else if moment > self.until {
            Position::After
        } else {
            Position::Within
        }
    }
}

/// Reads the time of an operation, 8 bytes big-endian.
///
/// # Errors
/// A bug where it is not 8 bytes.
pub fn read(now: &[u8]) -> Result<u64, Refusal> {
    let now = now.try_into();
    now.map(u64::from_be_bytes)
        .map_err(|_| Refusal::bug("now is not 8 bytes"))
}

/// A moment as ISO 8601 text, `2026-03-07T01:04:33Z`; beyond the year 9999 as
/// a number of seconds.
#[must_use]
pub fn text(moment: u64) -> String {
    if moment > LAST {
        return format!("{moment} seconds after 1970-01-01T00:00:00Z");
    }
    let [year, month, day] = date(moment / DAY);
    let time = moment % DAY;
    let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The moment of a text as [`text`] writes it, of the years from 1970 to 9999.
#[must_use]
pub fn parse(text: &str) -> Option<u64> {
    let [year, month, day, hour, minute, second] = [0..4, 5..7, 8..10, 11..13, 14..16, 17..19]
        .map(|part| text.as_bytes().get(part).and_then(decimal));
    let moment = of(year?, [month?, day?, hour?, minute?, second?])?;
    // What stands between the numbers is compared with what must stand there.
    (self::text(moment) == text).then_some(moment)
}

/// The number of at most four decimal digits.
#[must_use]
pub fn decimal(digits: &[u8]) -> Option<u64> {
    let is_number = digits.len() <= 4 && digits.iter().all(u8::is_ascii_digit);
    let digits = digits.iter().map(|digit| u64::from(digit & 0xf));
    is_number.then(|| digits.fold(0, |sum, digit| sum * 10 + digit))
}

/// The moment of a year and of month, day, hour, minute and second, which have
/// two digits each; none where there is no such one from 1970 to 9999.
#[must_use]
pub fn of(year: u64, [month, day, hour, minute, second]: [u64; 5]) -> Option<u64> {
    let days = days(year, month, day)?;
    let right = hour < 24 && minute < 60 && second < 60;
    right.then(|| days * DAY + hour * 3600 + minute * 60 + second)
}

/// Days from 1970-01-01 to a date.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    // Years that begin with March, so that a leap day is their last one.
    let (year_of_march, months) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year_of_march / 4 - year_of_march / 100 + year_of_march / 400;
    let before = year_of_march * 365 + leap_days + (months * 153 + 2) / 5;
    let days = (before + day).checked_sub(DAYS_TO_1970 + 1)?;
    // A date that does not exist, as 30 February, comes out as another one.
    (date(days) == [year, month, day]).then_some(days)
}

/// Year, month and day of a day, counted from 1970-01-01.
const fn date(days: u64) -> [u64; 3] {
    let days = days + DAYS_TO_1970;
    let (era, day) = (days / DAYS_OF_400_YEARS, days % DAYS_OF_400_YEARS);
    // Days of the era without its leap days: one in 4 years but for every 100th.
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (year * 365 + year / 4 - year / 100);
    // Five months from March on, as from August on, have 153 days.
    let months = (day * 5 + 2) / 153;
    let day = day - (months * 153 + 2) / 5 + 1;
    let year = era * 400 + year;
    if months < 10 {
        [year, months + 3, day]
    } else {
        [year + 1, months - 9, day]
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, LAST, Position, Window, decimal, of, parse, text};

    #[test]
    fn text_is_iso_8601() {
        assert_eq!(text(0), "1970-01-01T00:00:00Z");
        assert_eq!(text(1_772_845_473), "2026-03-07T01:04:33Z");
        assert_eq!(text(253_402_300_799), "9999-12-31T23:59:59Z");
        assert!(text(u64::MAX).starts_with("18446744073709551615 seconds"));
    }

    /// Day by day, month by month and year by year, as a calendar is written.
    #[test]
    fn dates_are_those_of_the_calendar() {
        let mut moment = 0;
        for year in 1970..=9999 {
            let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let february = if is_leap { 29 } else { 28 };
            let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
            for (month, length) in (1..).zip(lengths) {
                for day in 1..=length {
                    assert_eq!(of(year, [month, day, 0, 0, 0]), Some(moment));
                    moment += DAY;
                }
                assert_eq!(of(year, [month, 0, 0, 0, 0]), None);
                assert_eq!(of(year, [month, length + 1, 0, 0, 0]), None);
                assert_eq!(of(year, [month, 99, 0, 0, 0]), None);
            }
            assert_eq!(of(year, [0, 1, 0, 0, 0]), None);
            assert_eq!(of(year, [13, 1, 0, 0, 0]), None);
        }
        assert_eq!(moment, LAST + 1);
        assert_eq!(of(1969, [12, 31, 0, 0, 0]), None);
        assert_eq!(of(10_000, [1, 1, 0, 0, 0]), None);
    }

    #[test]
    fn parse_reads_what_text_writes() {
        for moment in (0..=LAST).step_by(99_999_989).chain([LAST]) {
            assert_eq!(parse(&text(moment)), Some(moment));
        }
        for bent in [
            "",
            "2026-03-07",
            "2026-03-07T01:04:33",
            "2026-03-07T01:04:33Z ",
            "2026-03-07 01:04:33Z",
            "2026-03-07T01:04:60Z",
            "2026-03-07T24:00:00Z",
            "2026-02-29T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "2026/03/07T01:04:33Z",
            "2026-03-07T01:04:33z",
            "2026-03-07T01:04:+3Z",
            "\u{e9}26-03-07T01:04:33Z",
        ] {
            assert_eq!(parse(bent), None, "{bent}");
        }
        assert_eq!(decimal(b"0042"), Some(42));
        assert_eq!(
            (decimal(b"00042"), decimal(b"4a"), decimal(b"-1")),
            (None, None, None)
        );
    }

    #[test]
    fn position_includes_both_ends() {
        let window = Window {
            from: 10,
            until: 20,
        };
        assert_eq!(window.position(9), Position::Before);
        assert_eq!(window.position(10), Position::Within);
        assert_eq!(window.position(20), Position::Within);
        assert_eq!(window.position(21), Position::After);
    }
}
