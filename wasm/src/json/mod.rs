//! Strict reading of JSON. What serde lets pass in a second form, as an array
//! for an object or null for something absent, is refused here.

pub mod members;
pub mod split;
pub mod value;

use core::fmt;
use core::marker::PhantomData;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Longest reason that is shown; it may quote what stands in the file.
const MAX_REASON: usize = 200;

/// Reads a text that is one object and nothing else.
///
/// # Errors
/// Why it is not, for a person.
pub fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, String> {
    let mut from = serde_json::Deserializer::from_str(text);
    let value = object(&mut from).map_err(|error| reason(&error))?;
    from.end().map_err(|error| reason(&error))?;
    Ok(value)
}

/// The reason of a refusal, fit to be shown: short and printable.
pub(crate) fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let printable = |character: char| match character {
        ' '..='~' => character,
        _ => '?',
    };
    text.chars().take(MAX_REASON).map(printable).collect()
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<T, M::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

/// An object; its type refuses unknown and repeated members.
///
/// # Errors
/// The format's.
pub fn object<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    from.deserialize_map(ObjectVisitor(PhantomData))
}

/// An object that may be absent, but not null.
///
/// # Errors
/// The format's.
pub fn some_object<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    object(from).map(Some)
}

/// A string that may be absent, but not null.
///
/// # Errors
/// The format's.
pub fn some_string<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    String::deserialize(from).map(Some)
}

struct Item<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Item<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        object(from).map(Self)
    }
}

struct ListVisitor<T, const LEAST: usize, const MOST: usize>(PhantomData<T>);

impl<'de, T, const LEAST: usize, const MOST: usize> Visitor<'de> for ListVisitor<T, LEAST, MOST>
where
    T: Deserialize<'de>,
{
    type Value = Vec<T>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "a list of {LEAST} to {MOST} items")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<Vec<T>, S::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
            if items.len() > MOST {
                break;
            }
        }
        if (LEAST..=MOST).contains(&items.len()) {
            return Ok(items);
        }
        Err(S::Error::invalid_length(items.len(), &self))
    }
}

/// A list of `LEAST` to `MOST` values.
///
/// # Errors
/// The format's.
pub fn list<'de, D, T, const LEAST: usize, const MOST: usize>(from: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    from.deserialize_seq(ListVisitor::<T, LEAST, MOST>(PhantomData))
}

/// A list of `LEAST` to `MOST` objects.
///
/// # Errors
/// The format's.
pub fn objects<'de, D, T, const LEAST: usize, const MOST: usize>(
    from: D,
) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let items = list::<D, Item<T>, LEAST, MOST>(from)?;
    Ok(items.into_iter().map(|Item(item)| item).collect())
}

#[cfg(test)]
mod tests {
    use super::{MAX_REASON, read};
    use crate::tdx::json_value;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Eq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[serde(default, deserialize_with = "super::objects::<_, _, 0, 2>")]
        inner: Vec<Inner>,
        #[serde(default, deserialize_with = "super::some_object")]
        other: Option<Inner>,
    }

    #[derive(Debug, PartialEq, Eq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[serde(deserialize_with = "json_value::hex")]
        bytes: [u8; 2],
        #[serde(default, deserialize_with = "super::some_string")]
        note: Option<String>,
    }

    #[test]
    fn read_takes_one_object() {
        let inner = Inner {
            bytes: [0x0A, 0xBC],
            note: Some(String::from("x\"}")),
        };
        let text = r#" {"inner":[{"bytes":"0aBC","n\u006fte":"x\"}"}]} "#;
        let outer: Outer = read(text).unwrap();
        assert_eq!((outer.inner, outer.other), (vec![inner], None));
        assert_eq!(read::<Outer>("{}").unwrap().inner, []);
    }

    #[test]
    fn read_refuses_other_forms() {
        for text in [
            "",
            "null",
            "[]",
            "{} {}",
            "{},",
            r#"[[],null]"#,
            r#"{"inner":null}"#,
            r#"{"other":null}"#,
            r#"{"other":[]}"#,
            r#"{"other":["0abc"]}"#,
            r#"{"inner":{"bytes":"0abc"}}"#,
            r#"{"inner":[["0abc"]]}"#,
            r#"{"inner":[{"bytes":"0abc","note":null}]}"#,
            r#"{"inner":[{"bytes":"0abc","bytes":"0abc"}]}"#,
            r#"{"inner":[{"bytes":"0abc","b\u0079tes":"0abc"}]}"#,
            r#"{"inner":[],"inner":[]}"#,
            r#"{"inner":[{"bytes":"0abc"},{"bytes":"0abc"},{"bytes":"0abc"}]}"#,
            r#"{"more":1}"#,
            "{\"other\":{\"bytes\":\"0abc\",\"note\":\"a\nb\"}}",
            r#"{"other":{"bytes":"0abc","note":"\ud800"}}"#,
        ] {
            assert!(read::<Outer>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn reasons_are_short_and_printable() {
        let name = "\u{202e}\\u001b[31m".repeat(1000);
        let reason = read::<Outer>(&format!(r#"{{"{name}":1}}"#)).unwrap_err();
        assert!(reason.starts_with("unknown field"), "{reason}");
        assert_eq!(reason.len(), MAX_REASON);
        assert!(reason.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
    }
}
