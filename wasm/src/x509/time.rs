//! Times of certificates and lists (RFC 5280 §4.1.2.5): to the second, in UTC,
//! of the years from 1970 on.

use crate::moment;
use crate::x509::tlv::{Elements, GENERALIZED_TIME, Reason, UTC_TIME};

/// Last year that a `UTCTime` can say.
const LAST_UTC_YEAR: u64 = 2049;

/// A time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// Seconds since 1970.
    pub moment: u64,
    /// Whether it is in the type that certificates must have: `UTCTime` through the year 2049.
    pub is_proper: bool,
}

/// Whether the next element is a time.
#[must_use]
pub fn is_next(elements: &Elements<'_>) -> bool {
    matches!(elements.peek(), Ok(UTC_TIME | GENERALIZED_TIME))
}

/// Takes a time.
///
/// # Errors
/// Where there is none, it has another form, or it is no date.
pub fn take(elements: &mut Elements<'_>) -> Result<Time, Reason> {
    let element = elements.take()?;
    let is_utc = element.tag == UTC_TIME;
    let year_digits = match element.tag {
        UTC_TIME => 2,
        GENERALIZED_TIME => 4,
        _ => return Err("a time is missing"),
    };
    let parts = digits(element.content, year_digits);
    let (year, rest) = parts.ok_or("a time has another form than RFC 5280 demands")?;
    let year = match year {
        50.. if is_utc => 1900 + year,
        _ if is_utc => 2000 + year,
        _ => year,
    };
    let moment = moment::of(year, rest).ok_or("a time is none that exists")?;
    Ok(Time {
        moment,
        is_proper: is_utc == (year <= LAST_UTC_YEAR),
    })
}

/// The year and what stands two digits each from the month to the second, before a `Z`.
fn digits(content: &[u8], year_digits: usize) -> Option<(u64, [u64; 5])> {
    let (year, rest) = content.strip_suffix(b"Z")?.split_at_checked(year_digits)?;
    let (pairs, odd) = rest.as_chunks::<2>();
    let mut parts = [0; 5];
    if pairs.len() != parts.len() || !odd.is_empty() {
        return None;
    }
    for (part, pair) in parts.iter_mut().zip(pairs) {
        *part = moment::decimal(pair)?;
    }
    Some((moment::decimal(year)?, parts))
}

#[cfg(test)]
mod tests {
    use super::{Time, is_next, take};
    use crate::moment;
    use crate::x509::tlv::{Elements, Reason, write};

    fn read(tag: u8, content: &[u8]) -> Result<Time, Reason> {
        let mut der = Vec::new();
        write(tag, content, &mut der)?;
        take(&mut Elements::of(&der))
    }

    fn text(tag: u8, content: &str) -> Option<(String, bool)> {
        let time = read(tag, content.as_bytes()).ok()?;
        Some((moment::text(time.moment), time.is_proper))
    }

    #[test]
    fn times_are_of_1970_to_9999() {
        for (tag, content, expected, is_proper) in [
            (0x17, "700101000000Z", "1970-01-01T00:00:00Z", true),
            (0x17, "991231235959Z", "1999-12-31T23:59:59Z", true),
            (0x17, "000229000000Z", "2000-02-29T00:00:00Z", true),
            (0x17, "491231235959Z", "2049-12-31T23:59:59Z", true),
            (0x18, "20491231235959Z", "2049-12-31T23:59:59Z", false),
            (0x18, "20500101000000Z", "2050-01-01T00:00:00Z", true),
            (0x18, "99991231235959Z", "9999-12-31T23:59:59Z", true),
        ] {
            let expected = (String::from(expected), is_proper);
            assert_eq!(text(tag, content), Some(expected), "{content}");
        }
        assert_eq!(text(0x17, "500101000000Z"), None);
        assert_eq!(text(0x18, "19691231235959Z"), None);
    }

    #[test]
    fn times_have_one_form() {
        for content in [
            "",
            "Z",
            "260101000000",
            "2601010000Z",
            "260101000000+0000",
            "260101000000z",
            "26010100000Z",
            "2601010000000Z",
            "20260101000000Z",
            "2601010000 0Z",
            "+60101000000Z",
            "260101000000.0Z",
            "260230000000Z",
            "260001000000Z",
            "261301000000Z",
            "260100000000Z",
            "260101240000Z",
            "260101006000Z",
            "260101000060Z",
        ] {
            assert_eq!(text(0x17, content), None, "{content}");
        }
        for content in [
            "260101000000Z",
            "20500101000000.5Z",
            "2050010100Z",
            "20500101000000",
        ] {
            assert_eq!(text(0x18, content), None, "{content}");
        }
        assert_eq!(text(0x16, "260101000000Z"), None);
    }

    #[test]
    fn is_next_knows_both_types() {
        for (tag, right) in [(0x17, true), (0x18, true), (0x16, false), (0x30, false)] {
            assert_eq!(is_next(&Elements::of(&[tag, 0])), right);
        }
        assert!(!is_next(&Elements::of(&[])));
    }
}
