//! Strict reading of JSON. What serde lets pass in a second form, as an array
//! for an object or null for something absent, is refused here.

use crate::moment::Window;
use core::fmt;
use core::marker::PhantomData;
use der::DateTime;
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
fn reason(error: &serde_json::Error) -> String {
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
