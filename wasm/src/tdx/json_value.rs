//! Values of JSON members: bytes, moments, names, numbers that are fixed.

use crate::moment::Window;
use der::DateTime;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// `N` bytes as hex digits of either case.
///
/// # Errors
/// The format's.
pub fn hex<'de, D: Deserializer<'de>, const N: usize>(from: D) -> Result<[u8; N], D::Error> {
    let text = String::deserialize(from)?;
    decode(&text).ok_or_else(|| D::Error::custom(format!("expected {N} bytes in hex")))
}

fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.chars().map(|digit| digit.to_digit(16));
    let digits: Vec<u8> = digits
        .map(|digit| digit.and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
    bytes.try_into().ok()
}

/// A moment, `YYYY-MM-DDTHH:MM:SSZ`, as seconds since 1970.
///
/// # Errors
/// The format's.
pub fn date<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    let text = String::deserialize(from)?;
    let date: Result<DateTime, _> = text.parse();
    date.map(|date| date.unix_duration().as_secs())
        .map_err(|_| D::Error::custom("expected a moment as YYYY-MM-DDTHH:MM:SSZ"))
}

/// One of a few names.
///
/// # Errors
/// The format's.
pub fn named<'de, D, T, const N: usize>(
    from: D,
    known: [T; N],
    name_of: fn(T) -> &'static str,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Copy,
{
    let name = String::deserialize(from)?;
    let found = known.into_iter().find(|one| name_of(*one) == name);
    found.ok_or_else(|| {
        let names = known.map(name_of).join(", ");
        D::Error::custom(format!("unknown name {name:?}, expected one of {names}"))
    })
}

/// A number that has one value in every document that is known here.
///
/// # Errors
/// The reason, for a person.
pub fn check_number(member: &str, actual: u32, expected: u32) -> Result<(), String> {
    if actual == expected {
        return Ok(());
    }
    Err(format!("{member} is {actual}, not {expected}"))
}

/// A document that ends before it begins is never in force.
///
/// # Errors
/// The reason, for a person.
pub fn check_dates(window: &Window) -> Result<(), String> {
    if window.from <= window.until {
        return Ok(());
    }
    Err(String::from("nextUpdate is before issueDate"))
}

#[cfg(test)]
mod tests {
    use crate::json::read;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    struct Bytes {
        #[serde(deserialize_with = "super::hex")]
        bytes: [u8; 2],
    }

    #[derive(Debug, Deserialize)]
    struct Dated {
        #[serde(deserialize_with = "super::date")]
        date: u64,
    }

    #[test]
    fn hex_has_two_digits_for_each_byte() {
        let read_bytes = read::<Bytes>(r#"{"bytes":"0aBc"}"#);
        assert_eq!(read_bytes.unwrap().bytes, [0x0A, 0xBC]);
        for bytes in [
            "\"\"",
            "\"0ab\"",
            "\"0abc0\"",
            "\"0abc00\"",
            "\"0x0a\"",
            "\" 0ab\"",
            "\"+aab\"",
            "\"0äb\"",
            "\"0abg\"",
            "[10,188]",
            "2748",
        ] {
            let text = format!(r#"{{"bytes":{bytes}}}"#);
            assert!(read::<Bytes>(&text).is_err(), "{text}");
        }
    }

    #[test]
    fn date_is_to_the_second_and_in_utc() {
        let date = |text: &str| {
            let text = format!(r#"{{"date":"{text}"}}"#);
            read::<Dated>(&text).map(|read| read.date).ok()
        };
        assert_eq!(date("2025-06-19T10:16:03Z"), Some(1_750_328_163));
        assert_eq!(date("2024-02-29T00:00:00Z"), Some(1_709_164_800));
        for text in [
            "2025-02-29T00:00:00Z",
            "2025-06-19T24:00:00Z",
            "2025-06-19T10:16:60Z",
            "2025-13-01T00:00:00Z",
            "2025-00-01T00:00:00Z",
            "2025-06-19",
            "2025-06-19T10:16Z",
            "2025-06-19T10:16:03",
            "2025-06-19T10:16:03.0Z",
            "2025-06-19T10:16:03+00:00",
            "2025-06-19t10:16:03z",
            "2025-06-19 10:16:03Z",
            "1969-12-31T23:59:59Z",
            " 2025-06-19T10:16:03Z",
            "20250619T101603Z",
            "",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
        assert!(read::<Dated>(r#"{"date":1750328163}"#).is_err());
    }
}
