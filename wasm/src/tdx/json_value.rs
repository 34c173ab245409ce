//! Values of JSON members: bytes, moments, names, numbers that are fixed.

use crate::json::members::bytes;
use crate::json::split::{self, Fault};
use crate::json::string::string;
use crate::moment::{self, Window};
use core::ops::RangeInclusive;

/// `N` bytes as hex digits of either case.
///
/// # Errors
/// The reason, for a person.
pub fn hex<const N: usize>(text: &str) -> Result<[u8; N], String> {
    let bytes = bytes(text)?.try_into();
    bytes.map_err(|_| format!("expected {N} bytes in hex"))
}

/// A moment, `YYYY-MM-DDTHH:MM:SSZ`, as seconds since 1970.
///
/// # Errors
/// The reason, for a person.
pub fn date(text: &str) -> Result<u64, String> {
    moment::parse(&string(text)?)
        .ok_or_else(|| String::from("expected a moment as YYYY-MM-DDTHH:MM:SSZ"))
}

/// One of a few names.
///
/// # Errors
/// The reason, for a person.
pub fn named<T: Copy>(
    text: &str,
    known: &[T],
    name_of: fn(T) -> &'static str,
) -> Result<T, String> {
    let name = string(text)?;
    let found = known.iter().find(|one| name_of(**one) == name);
    found.copied().ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|one| name_of(*one)).collect();
        format!("unknown name, expected one of {}", names.join(", "))
    })
}

/// A list of as many values as there may be.
///
/// # Errors
/// The reason, for a person.
pub fn list<'a, T>(
    text: &'a str,
    sizes: &RangeInclusive<usize>,
    read: fn(&'a str) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    let items = split::list(text, *sizes.end()).map_err(Fault::reason)?;
    if items.len() < *sizes.start() {
        return Err(String::from("a list has too few items"));
    }
    items.into_iter().map(read).collect()
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
    use super::{date, hex, list, named};
    use crate::json::members::small;

    #[test]
    fn hex_has_two_digits_for_each_byte() {
        assert_eq!(hex("\"0aBc\""), Ok([0x0A, 0xBC]));
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
            assert!(hex::<2>(bytes).is_err(), "{bytes}");
        }
    }

    #[test]
    fn date_is_to_the_second_and_in_utc() {
        let date = |text: &str| date(&format!("\"{text}\"")).ok();
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
        assert!(super::date("1750328163").is_err());
    }

    #[test]
    fn named_is_one_of_the_known() {
        let name_of = |one: u8| if one == 1 { "one" } else { "two" };
        assert_eq!(named("\"two\"", &[1, 2], name_of), Ok(2));
        for text in ["\"two\"", "\"One\"", "\"\"", "1", "null"] {
            assert!(named(text, &[1], name_of).is_err(), "{text}");
        }
    }

    #[test]
    fn list_has_as_many_items_as_may_be() {
        let read = |text: &'static str| list(text, &(1..=2), small::<u8>);
        assert_eq!(read("[1]"), Ok(vec![1]));
        assert_eq!(read("[1, 2]"), Ok(vec![1, 2]));
        for text in [
            "[]", "[1,2,3]", "[1,-2]", "[null]", "1", "null", "{}", "1 2",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
