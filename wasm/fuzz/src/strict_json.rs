//! JSON as documents of clouds must be: RFC 8259 with one reading alone. Judges
//! the engine's reader, and shares nothing with it.

use crate::json;
use serde_json::Value;
use std::collections::HashSet;

/// Deepest nesting of lists and objects.
const MAX_DEPTH: usize = 32;
/// Largest number, either side of zero.
const MAX_NUMBER: u64 = (1 << 53) - 1;

/// Members in their order.
pub type Members = Vec<(String, Node)>;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// One without parts.
    Plain(Value),
    /// Items.
    List(Vec<Node>),
    /// Members.
    Object(Members),
}

/// The members of a file that is one object; none where it has no or another reading.
#[must_use]
pub fn object(file: &[u8]) -> Option<Members> {
    let found = json::read(file)?;
    let is_blank = |text: &str| {
        text.chars()
            .all(|one| matches!(one, ' ' | '\t' | '\r' | '\n'))
    };
    if !is_blank(&found.before) || !is_blank(&found.after) {
        return None;
    }
    match node(&found.value, 1)? {
        Node::Object(members) => Some(members),
        _ => None,
    }
}

/// A member of a name.
#[must_use]
pub fn member<'a>(members: &'a Members, name: &str) -> Option<&'a Node> {
    let found = members.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value)
}

impl Node {
    /// A text.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Plain(value) => value.as_str(),
            _ => None,
        }
    }
}

fn node(value: &json::Value, depth: usize) -> Option<Node> {
    if let json::Value::Text(text) = value {
        return plain(text).map(Node::Plain);
    }
    if depth > MAX_DEPTH {
        return None;
    }
    match value {
        json::Value::List(items) => {
            let items = items.iter().map(|item| node(item, depth + 1));
            items.collect::<Option<_>>().map(Node::List)
        }
        json::Value::Object(members) => {
            let mut known = HashSet::new();
            let members = members.iter().map(|(name, value)| {
                let name = unescape(name)?;
                let is_new = known.insert(name.clone());
                is_new.then_some((name, node(value, depth + 1)?))
            });
            members.collect::<Option<_>>().map(Node::Object)
        }
        json::Value::Text(_) => None,
    }
}

fn plain(text: &str) -> Option<Value> {
    match text {
        "null" => Some(Value::Null),
        "true" => Some(true.into()),
        "false" => Some(false.into()),
        _ if text.starts_with('"') => unescape(text).map(Value::from),
        _ => number(text).map(Value::from),
    }
}

/// Whole numbers as they are written, none of them in a second way.
fn number(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_shortest = match digits.as_bytes() {
        [b'0'] => text == "0",
        [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    let number: i64 = text.parse().ok().filter(|_| is_shortest)?;
    (number.unsigned_abs() <= MAX_NUMBER).then_some(number)
}

/// The text of a string with its quotes (RFC 8259 §7).
fn unescape(quoted: &str) -> Option<String> {
    let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
    let mut units: Vec<u16> = Vec::new();
    let mut rest = inner.chars();
    while let Some(one) = rest.next() {
        match one {
            '\0'..='\u{1f}' => return None,
            '\\' => units.push(escaped(&mut rest)?),
            _ => units.extend(one.encode_utf16(&mut [0; 2]).iter()),
        }
    }
    String::from_utf16(&units).ok()
}

fn escaped(rest: &mut core::str::Chars<'_>) -> Option<u16> {
    let one = match rest.next()? {
        plain @ ('"' | '\\' | '/') => plain,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let digits: String = rest.by_ref().take(4).collect();
            let is_hex = digits.len() == 4 && digits.bytes().all(|one| one.is_ascii_hexdigit());
            return is_hex
                .then(|| u16::from_str_radix(&digits, 16).ok())
                .flatten();
        }
        _ => return None,
    };
    Some(one as u16)
}

#[cfg(test)]
mod tests {
    use super::{Node, member, object};
    use serde_json::{Value, json};

    fn value(text: &str) -> Option<Value> {
        match member(&object(format!("{{\"a\":{text}}}").as_bytes())?, "a")? {
            Node::Plain(value) => Some(value.clone()),
            _ => Some(json!("parts")),
        }
    }

    #[test]
    fn object_takes_one_reading() {
        for (text, expected) in [
            ("-12", json!(-12)),
            ("9007199254740991", json!(9_007_199_254_740_991_i64)),
            ("\"\\u00e9\\ud83d\\ude00\\/\"", json!("é😀/")),
            ("[[],{}]", json!("parts")),
            (" null ", json!(null)),
        ] {
            assert_eq!(value(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn object_takes_no_second_reading() {
        for text in [
            "-0",
            "01",
            "1.0",
            "1e2",
            "9007199254740992",
            "+1",
            "nul",
            "\"\\ud800\"",
            "\"\\x\"",
            "\"\t\"",
            "{\"b\":1,\"\\u0062\":1}",
            "[1,]",
            "1,\"a\":2",
            "\"\\u+041\"",
        ] {
            assert_eq!(value(text), None, "{text}");
        }
        for text in ["\u{feff}{}", "{} {}", "[]", "", "{}x"] {
            assert!(object(text.as_bytes()).is_none(), "{text}");
        }
        let nested = |depth: usize| value(&("[".repeat(depth) + &"]".repeat(depth)));
        assert!(nested(31).is_some() && nested(32).is_none());
    }
}
