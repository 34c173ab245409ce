//! Members of an object, taken one by one: one that stands twice is refused,
//! and so is, at the end, one that nobody took.

use core::fmt;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Members that were not taken yet, as they stand in the text.
#[derive(Debug)]
pub struct Members<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Members<'a> {
    /// Reads a text that is one object and nothing else.
    ///
    /// # Errors
    /// Why it is not, for a person.
    pub fn of(text: &'a str) -> Result<Self, String> {
        super::read(text)
    }

    /// Takes a member that may be absent; gives the text of its value.
    pub fn may(&mut self, name: &str) -> Option<&'a str> {
        self.0.remove(name).map(RawValue::get)
    }

    /// Takes a member that must be there; gives the text of its value.
    ///
    /// # Errors
    /// That it is missing.
    pub fn need(&mut self, name: &str) -> Result<&'a str, String> {
        self.may(name).ok_or_else(|| format!("{name} is missing"))
    }

    /// Refuses members that were not taken.
    ///
    /// # Errors
    /// That there is one.
    pub fn finish(&self) -> Result<(), String> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(String::from("it has a member that is not known"))
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = BTreeMap<String, &'de RawValue>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut members = BTreeMap::new();
        while let Some(name) = map.next_key()? {
            if members.insert(name, map.next_value()?).is_some() {
                return Err(M::Error::custom("a member is there twice"));
            }
        }
        Ok(members)
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(MembersVisitor).map(Self)
    }
}

/// The string that a text is.
///
/// # Errors
/// That it is none.
pub fn string(text: &str) -> Result<String, String> {
    serde_json::from_str(text).map_err(|_| String::from("a value is no string"))
}

/// The whole number that a text is, in digits alone.
///
/// # Errors
/// That it is none, or above `most`.
pub fn number(text: &str, most: u64) -> Result<u64, String> {
    let digits = text.bytes().all(|digit| digit.is_ascii_digit());
    let number = text.parse().ok().filter(|_| digits);
    number
        .filter(|number| *number <= most)
        .ok_or_else(|| format!("a number is none from 0 to {most}"))
}

/// The bytes that a text is, as a string of hex digits of either case.
///
/// # Errors
/// That it is none.
pub fn bytes(text: &str) -> Result<Vec<u8>, String> {
    let text = string(text)?;
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let bytes = pairs
        .iter()
        .map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?));
    let bytes = bytes.collect::<Option<_>>();
    bytes
        .filter(|_| rest.is_empty())
        .ok_or_else(|| String::from("a text is no bytes in hex"))
}

fn digit(letter: u8) -> Option<u8> {
    let digit = char::from(letter).to_digit(16)?;
    u8::try_from(digit).ok()
}

#[cfg(test)]
mod tests {
    use super::{Members, bytes, number, string};

    #[test]
    fn members_are_taken_as_they_stand() {
        let mut members = Members::of(" {\"a\" : [1, {} ] ,\"\\u0062\":null} ").unwrap();
        assert!(members.finish().is_err());
        assert_eq!(members.need("a").unwrap(), "[1, {} ]");
        assert_eq!(members.may("b"), Some("null"));
        assert_eq!(members.may("b"), None);
        assert_eq!(members.need("c").unwrap_err(), "c is missing");
        assert!(members.finish().is_ok());
        assert!(Members::of("{}").unwrap().finish().is_ok());
    }

    #[test]
    fn members_are_those_of_one_object() {
        for text in [
            "",
            "[]",
            "null",
            "{} {}",
            "{\"a\":1,}",
            "{\"a\":1,\"a\":1}",
            "{\"a\":1,\"\\u0061\":1}",
            "{\"\\ud800\":1}",
            "{\"a\":01}",
            "{\"a\":\"\n\"}",
        ] {
            assert!(Members::of(text).is_err(), "{text}");
        }
    }

    #[test]
    fn number_is_whole_and_in_digits() {
        assert_eq!(number("0", 9), Ok(0));
        assert_eq!(number("9", 9), Ok(9));
        for text in [
            "10",
            "-0",
            "+1",
            "1.0",
            "1e0",
            "\"1\"",
            "99999999999999999999",
            "null",
        ] {
            assert!(number(text, 9).is_err(), "{text}");
        }
    }

    #[test]
    fn bytes_have_two_digits_each() {
        assert_eq!(bytes("\"0aBc\""), Ok(vec![0x0A, 0xBC]));
        assert_eq!(bytes("\"\\u0030a\""), Ok(vec![0x0A]));
        assert_eq!(bytes("\"\""), Ok(vec![]));
        for text in [
            "\"0\"", "\"0g\"", "\"+a\"", "\"0ä\"", "\" a\"", "10", "null",
        ] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }

    #[test]
    fn string_is_of_unicode() {
        assert_eq!(string("\"a\\u0062\""), Ok(String::from("ab")));
        for text in ["\"\\ud800\"", "1", "null", "[\"a\"]"] {
            assert!(string(text).is_err(), "{text}");
        }
    }
}
