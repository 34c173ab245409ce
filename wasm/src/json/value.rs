//! JSON as a tree, for documents of which not every member is known. Members
//! keep their order; whole numbers that JavaScript holds exactly are the only
//! ones, so that no reader can understand another number.

use crate::json::members;
use crate::json::split::{Fault, list};
use crate::json::string::string;
use crate::json::write::{Json, Writer};

/// Deepest nesting of objects and lists.
const MAX_DEPTH: usize = 32;
/// Largest number, and the smallest below zero: 2^53 - 1.
const MAX_NUMBER: u64 = (1 << 53) - 1;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// One without parts.
    Plain(Plain),
    /// Its items.
    List(Vec<Value>),
    /// Its members.
    Object(Members),
}

/// A value without parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plain {
    /// `null`
    Null,
    /// `true` or `false`
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A string.
    Text(String),
}

impl Json for Plain {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::Null => ().write(to),
            Self::Flag(flag) => flag.write(to),
            Self::Number(number) => number.write(to),
            Self::Text(text) => text.write(to),
        }
    }
}

/// Members of an object, in their order, none of them twice.
pub type Members = Vec<(String, Value)>;

/// Reads a file that is one object and nothing else.
///
/// # Errors
/// Why it is not, for a person.
pub fn object(file: &[u8]) -> Result<Members, String> {
    let text = core::str::from_utf8(file).map_err(|_| String::from("it is not UTF-8"))?;
    read_members(text, MAX_DEPTH)
}

/// Reads an object that nests no deeper than said, itself counted.
fn read_members(text: &str, depth: usize) -> Result<Members, String> {
    let below = below(depth)?;
    let members = members::distinct(text)?.into_iter();
    let read = members.map(|(name, text)| Ok((name, read(text, below)?)));
    read.collect()
}

fn read_list(text: &str, depth: usize) -> Result<Vec<Value>, String> {
    let below = below(depth)?;
    let items = list(text, usize::MAX).map_err(Fault::reason)?;
    items.into_iter().map(|text| read(text, below)).collect()
}

fn below(depth: usize) -> Result<usize, String> {
    let below = depth.checked_sub(1);
    below.ok_or_else(|| String::from("it is nested too deep"))
}

/// Reads a value as it stands in a text that was taken apart.
fn read(text: &str, depth: usize) -> Result<Value, String> {
    let plain = match text.as_bytes() {
        [b'{', ..] => return read_members(text, depth).map(Value::Object),
        [b'[', ..] => return read_list(text, depth).map(Value::List),
        [b'"', ..] => Plain::Text(string(text)?),
        b"null" => Plain::Null,
        b"true" => Plain::Flag(true),
        b"false" => Plain::Flag(false),
        _ => Plain::Number(whole(text)?),
    };
    Ok(Value::Plain(plain))
}

/// A whole number that is written in one way only: zero has no sign.
fn whole(text: &str) -> Result<i64, String> {
    let number: Option<i64> = text.parse().ok().filter(|_| text != "-0");
    let number = number.filter(|number| number.unsigned_abs() <= MAX_NUMBER);
    number.ok_or_else(|| String::from("a number is not whole, or above 2^53 - 1"))
}

/// Takes a member out of others; they keep their order.
pub fn take(members: &mut Members, name: &str) -> Option<Value> {
    let index = members.iter().position(|(known, _)| known == name)?;
    Some(members.remove(index).1)
}

impl Value {
    /// The string that it is.
    #[must_use]
    pub fn text(self) -> Option<String> {
        match self {
            Self::Plain(Plain::Text(text)) => Some(text),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Members, Plain, Value, object, take};

    fn number(number: i64) -> Value {
        Value::Plain(Plain::Number(number))
    }

    #[test]
    fn object_reads_every_kind_of_value_in_order() {
        let text = br#" {"b":[1,-2,{}],"a":null,"c":true,"d":"\u00e9\n", "":9007199254740991}"#;
        let mut members = object(text).unwrap();
        let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["b", "a", "c", "d", ""]);
        let list = vec![number(1), number(-2), Value::Object(Members::new())];
        assert_eq!(take(&mut members, "b"), Some(Value::List(list)));
        assert_eq!(take(&mut members, "b"), None);
        let text = take(&mut members, "d").unwrap().text();
        assert_eq!(text.as_deref(), Some("é\n"));
        assert_eq!(
            take(&mut members, "").unwrap(),
            number(9_007_199_254_740_991)
        );
        assert_eq!(members.len(), 2);
    }

    #[test]
    fn object_refuses_what_has_a_second_reading() {
        let refused: [&[u8]; 18] = [
            b"",
            b"[]",
            b"1",
            b"{} {}",
            b"{\"a\":1,}",
            b"\xef\xbb\xbf{}",
            b"{\"a\":\"\xff\"}",
            br#"{"a":1,"a":1}"#,
            br#"{"a":1,"\u0061":1}"#,
            br#"{"x":[{"a":1,"b":{},"a":1}]}"#,
            br#"{"a":9007199254740992}"#,
            br#"{"a":-9007199254740992}"#,
            br#"{"a":99999999999999999999999}"#,
            br#"{"a":1.0}"#,
            br#"{"a":1e2}"#,
            br#"{"a":-0}"#,
            br#"{"a":"\ud800"}"#,
            b"{\"a\":\"\n\"}",
        ];
        for text in refused {
            let shown = String::from_utf8_lossy(text);
            assert!(object(text).is_err(), "{shown}");
        }
    }

    #[test]
    fn object_nests_no_deeper_than_its_limit() {
        let nested = |lists: usize| {
            let (open, close) = ("[".repeat(lists), "]".repeat(lists));
            format!("{{\"a\":{open}{close}}}")
        };
        assert!(object(nested(31).as_bytes()).is_ok());
        assert!(object(nested(32).as_bytes()).is_err());
        assert!(object(nested(7000).as_bytes()).is_err());
    }
}
