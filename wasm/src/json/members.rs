//! Members of an object, taken one by one: one that stands twice is refused,
//! and so is, at the end, one that nobody took.

use crate::json::scan::Scanner;
use crate::json::string::{characters, string};

/// Most characters of a name that are shown.
const MAX_SHOWN: usize = 40;

/// Members that were not taken yet, and their values as they stand in the text.
#[derive(Debug)]
pub struct Members<'a>(Vec<(String, &'a str)>);

impl<'a> Members<'a> {
    /// Reads a text that is one object and nothing else.
    ///
    /// # Errors
    /// Why it is not, for a person.
    pub fn of(text: &'a str) -> Result<Self, String> {
        distinct(text).map(Self)
    }

    /// Takes a member that may be absent; gives the text of its value.
    pub fn may(&mut self, name: &str) -> Option<&'a str> {
        let index = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.swap_remove(index).1)
    }

    /// Takes a member that must be there; gives the text of its value.
    ///
    /// # Errors
    /// That it is missing.
    pub fn need(&mut self, name: &str) -> Result<&'a str, String> {
        self.may(name).ok_or_else(|| format!("{name} is missing"))
    }

    /// Takes a member that must be there and reads its value.
    ///
    /// # Errors
    /// That it is missing, or its name and why its value is refused.
    pub fn read<T>(
        &mut self,
        name: &str,
        read: fn(&'a str) -> Result<T, String>,
    ) -> Result<T, String> {
        read(self.need(name)?).map_err(|reason| format!("{name}: {reason}"))
    }

    /// Takes a member that may be absent and reads its value.
    ///
    /// # Errors
    /// Its name, and why its value is refused.
    pub fn read_some<T>(
        &mut self,
        name: &str,
        read: fn(&'a str) -> Result<T, String>,
    ) -> Result<Option<T>, String> {
        let value = self.may(name).map(read).transpose();
        value.map_err(|reason| format!("{name}: {reason}"))
    }

    /// Refuses members that were not taken.
    ///
    /// # Errors
    /// That there is one.
    pub fn finish(&self) -> Result<(), String> {
        match self.0.first() {
            Some((name, _)) => Err(format!("the member {} is not known", shown(name))),
            None => Ok(()),
        }
    }
}

/// Names and values of an object in their order, none of them twice.
///
/// # Errors
/// Why a text is not one such object and nothing else, for a person.
pub fn distinct(text: &str) -> Result<Vec<(String, &str)>, String> {
    let members = all(text)?;
    let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    let mut pairs = names.iter().zip(names.iter().skip(1));
    if let Some((name, _)) = pairs.find(|(one, next)| one == next) {
        return Err(format!("the member {} is there twice", shown(name)));
    }
    Ok(members)
}

/// A name that stands in a file, fit to be shown.
fn shown(name: &str) -> String {
    name.chars()
        .take(MAX_SHOWN)
        .flat_map(char::escape_default)
        .collect()
}

/// Names and values of an object, as often and in the order in which they stand there.
///
/// # Errors
/// Why a text is not one object and nothing else, for a person.
pub fn all(text: &str) -> Result<Vec<(String, &str)>, String> {
    let mut scanner = Scanner::of(text);
    let mut members = Vec::new();
    if !scanner.takes(b'{') {
        return Err(scanner.fault("an object"));
    }
    if !scanner.takes(b'}') {
        members.push(member(&mut scanner)?);
        while scanner.takes(b',') {
            members.push(member(&mut scanner)?);
        }
        if !scanner.takes(b'}') {
            return Err(scanner.fault("a comma or the end of the object"));
        }
    }
    scanner.end()?;
    Ok(members)
}

fn member<'a>(scanner: &mut Scanner<'a>) -> Result<(String, &'a str), String> {
    let name = characters(scanner.string()?);
    let name = name.ok_or_else(|| String::from("a name is not of Unicode"))?;
    scanner.colon()?;
    Ok((name, scanner.value()?))
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

/// The whole number that a text is, where its type holds it.
///
/// # Errors
/// That it is none.
pub fn small<T: TryFrom<u64>>(text: &str) -> Result<T, String> {
    let number = number(text, u64::MAX)?;
    T::try_from(number).map_err(|_| String::from("a number is too large"))
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
    use super::{Members, bytes, number, small};

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
    fn reasons_name_members_as_they_can_be_shown() {
        let text = "{\"a\":{\"b\":1,\"\u{202e}\\u001b\":2}}";
        fn inner(text: &str) -> Result<u8, String> {
            let mut members = Members::of(text)?;
            let read = members.read("b", small);
            members.finish().and(read)
        }
        let reason = |text: &str| {
            let mut members = Members::of(text).unwrap();
            assert_eq!(members.read_some("c", inner), Ok(None));
            members.read("a", inner)
        };
        let unknown = "a: the member \\u{202e}\\u{1b} is not known";
        assert_eq!(reason(text), Err(String::from(unknown)));
        let value = reason("{\"a\":{\"b\":256}}");
        assert_eq!(value, Err(String::from("a: b: a number is too large")));
        assert_eq!(reason("{\"a\":{\"b\":255}}"), Ok(255));
        let long = format!("{{\"{}\":1}}", "x".repeat(1000));
        assert_eq!(
            inner(&long).unwrap_err().len(),
            40 + "the member  is not known".len()
        );
        let twice = Members::of("{\"a\":1,\"\\u0061\":1}").unwrap_err();
        assert_eq!(twice, "the member a is there twice");
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
    fn small_numbers_fit_their_type() {
        assert_eq!(small::<u8>("255"), Ok(255));
        assert_eq!(small::<u32>("4294967295"), Ok(u32::MAX));
        for text in ["256", "18446744073709551616", "-1", "1.0", "null"] {
            assert!(small::<u8>(text).is_err(), "{text}");
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
}
