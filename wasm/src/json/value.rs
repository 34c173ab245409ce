//! JSON as a tree, for documents of which not every member is known. Members
//! keep their order; whole numbers that JavaScript holds exactly are the only
//! ones, so that no reader can understand another number.

use core::fmt;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserializer, Serialize};

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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
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

/// Members of an object, in their order, none of them twice.
pub type Members = Vec<(String, Value)>;

/// Reads a file that is one object and nothing else.
///
/// # Errors
/// Why it is not, for a person.
pub fn object(file: &[u8]) -> Result<Members, String> {
    let text = core::str::from_utf8(file).map_err(|_| String::from("it is not UTF-8"))?;
    let mut from = serde_json::Deserializer::from_str(text);
    let value = Level(MAX_DEPTH).deserialize(&mut from);
    let value = value.and_then(|value| from.end().map(|()| value));
    match value.map_err(|error| super::reason(&error))? {
        Value::Object(members) => Ok(members),
        _ => Err(String::from("it is no object")),
    }
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

/// Reads a value; the number says how much deeper it may nest.
#[derive(Clone, Copy)]
struct Level(usize);

impl Level {
    fn below<E: Error>(self) -> Result<Self, E> {
        let below = self.0.checked_sub(1).map(Self);
        below.ok_or_else(|| E::custom("it is nested too deep"))
    }
}

impl<'de> DeserializeSeed<'de> for Level {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level {
    type Value = Value;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a value whose numbers are whole and at most 2^53 - 1")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Plain(Plain::Null))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Plain(Plain::Flag(flag)))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        if number.unsigned_abs() <= MAX_NUMBER {
            return Ok(Value::Plain(Plain::Number(number)));
        }
        Err(E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        // What does not fit is too large in any case.
        self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Plain(Plain::Text(String::from(text))))
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<Value, S::Error> {
        let below = self.below()?;
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(below)? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Value, M::Error> {
        let below = self.below()?;
        let mut members = Members::new();
        while let Some(name) = map.next_key::<String>()? {
            if members.iter().any(|(known, _)| *known == name) {
                return Err(M::Error::custom("a member is there twice"));
            }
            members.push((name, map.next_value_seed(below)?));
        }
        Ok(Value::Object(members))
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
