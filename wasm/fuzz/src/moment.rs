//! Moments as the answers write them.

/// Last second of the year 9999.
const LAST: u64 = 253_402_300_799;

/// ISO 8601, to the second, in UTC; years of four digits sort as text, and before all that is later.
#[must_use]
pub fn text(seconds: u64) -> String {
    if seconds > LAST {
        return "later".to_owned();
    }
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let mut year = 1970;
    let mut left = days;
    while left >= days_of_year(year) {
        left -= days_of_year(year);
        year += 1;
    }
    let mut month = 1;
    while left >= days_of_month(year, month) {
        left -= days_of_month(year, month);
        month += 1;
    }
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!(
        "{year:04}-{month:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z",
        left + 1
    )
}

/// Seconds since 1970 of such a text; parts of a second are left out.
#[must_use]
pub fn seconds(text: &str) -> Option<u64> {
    let number = |range: core::ops::Range<usize>| text.get(range)?.parse::<u64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    let days = (1970..year).map(days_of_year).sum::<u64>()
        + (1..month)
            .map(|month| days_of_month(year, month))
            .sum::<u64>()
        + day.checked_sub(1)?;
    Some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

const fn days_of_year(year: u64) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

const fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

const fn days_of_month(year: u64, month: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::{seconds, text};

    #[test]
    fn text_is_iso_8601() {
        assert_eq!(text(0), "1970-01-01T00:00:00Z");
        assert_eq!(text(1_709_164_799), "2024-02-28T23:59:59Z");
        assert_eq!(text(1_709_164_800), "2024-02-29T00:00:00Z");
        assert_eq!(text(253_402_300_799), "9999-12-31T23:59:59Z");
    }

    #[test]
    fn seconds_reads_what_text_wrote() {
        for moment in [0, 1_709_164_799, 1_709_164_800, 253_402_300_799] {
            assert_eq!(seconds(&text(moment)), Some(moment));
        }
        assert_eq!(seconds("1970-01-01T00:00:01.500Z"), Some(1));
        assert_eq!(seconds("1970-01-01"), None);
    }
}
