//! Writing JSON: a type says of which members it is made ([`object`]), or by
//! which names its variants go ([`names`]).

use crate::hex;

/// Something that is written as JSON.
pub trait Json {
    /// Writes it.
    fn write(&self, to: &mut Writer);
}

/// A text in the making.
#[derive(Debug, Default)]
pub struct Writer(String);

/// The text of a value.
#[must_use]
pub fn text(value: &dyn Json) -> String {
    let mut to = Writer::default();
    value.write(&mut to);
    to.0
}

/// A value as others read what is written of it.
#[cfg(test)]
pub fn tree(value: &dyn Json) -> serde_json::Value {
    serde_json::from_str(&text(value)).unwrap()
}

impl Writer {
    /// Writes an object.
    pub fn object(&mut self, members: impl FnOnce(&mut Self)) {
        self.0.push('{');
        members(self);
        self.0.push('}');
    }

    /// Writes a member of the object that is open.
    pub fn member(&mut self, name: &str, value: &dyn Json) {
        self.separate();
        self.string(name);
        self.0.push(':');
        value.write(self);
    }

    /// Writes a member by the name of a field: that of `tcb_date` is `tcbDate`.
    pub fn field(&mut self, name: &str, value: &dyn Json) {
        self.separate();
        self.0.push('"');
        let mut is_initial = false;
        for letter in name.chars() {
            match letter {
                '_' => {}
                _ if is_initial => self.0.push(letter.to_ascii_uppercase()),
                _ => self.0.push(letter),
            }
            is_initial = letter == '_';
        }
        self.plain("\":");
        value.write(self);
    }

    /// Writes a list.
    pub fn list<'a>(&mut self, items: impl Iterator<Item = &'a dyn Json>) {
        self.0.push('[');
        for item in items {
            self.separate();
            item.write(self);
        }
        self.0.push(']');
    }

    /// Writes a string.
    pub fn string(&mut self, text: &str) {
        self.0.push('"');
        let mut rest = text;
        while let Some((plain, escaped, others)) = split_escaped(rest) {
            self.0.push_str(plain);
            self.escape(escaped);
            rest = others;
        }
        self.0.push_str(rest);
        self.0.push('"');
    }

    /// Writes bytes as a string of lowercase hex.
    pub fn hex(&mut self, bytes: &[u8]) {
        self.plain("\"");
        self.plain(&hex::encode(bytes));
        self.plain("\"");
    }

    /// Writes what needs no escapes: a number, a word.
    fn plain(&mut self, text: &str) {
        self.0.push_str(text);
    }

    fn escape(&mut self, character: u8) {
        let letter = match character {
            b'"' => '"',
            b'\\' => '\\',
            0x08 => 'b',
            b'\t' => 't',
            b'\n' => 'n',
            0x0C => 'f',
            b'\r' => 'r',
            _ => return self.plain(&format!("\\u{character:04x}")),
        };
        self.0.extend(['\\', letter]);
    }

    /// Puts a comma before all but the first. Only what opens an object or a
    /// list ends in its bracket: strings end in a quotation mark.
    fn separate(&mut self) {
        if !self.0.ends_with(['{', '[']) {
            self.0.push(',');
        }
    }
}

/// What stands before the first byte that must be escaped (RFC 8259 §7), it,
/// and what stands behind it.
fn split_escaped(text: &str) -> Option<(&str, u8, &str)> {
    let is_escaped = |byte: u8| matches!(byte, 0..0x20 | b'"' | b'\\');
    let at = text.bytes().position(is_escaped)?;
    let (plain, rest) = text.split_at_checked(at)?;
    let (escaped, rest) = rest.split_at_checked(1)?;
    Some((plain, *escaped.as_bytes().first()?, rest))
}

/// Writes a struct as an object.
///
/// `object!(Type { ..part, field, other as "name", third = value; hidden });`:
/// members stand in the order given, first those of the part. One is named as
/// its field in camel case, or as said; its value is the field's, or as said.
/// What is hidden is not written. It does not compile where a field is left out.
macro_rules! object {
    ($type:ty {
        $(..$part:ident,)?
        $($field:ident $(as $name:literal)? $(= $value:expr)?),* $(,)?
        $(; $($hidden:ident),+)?
    }) => {
        impl $type {
            pub(crate) fn write_members(&self, to: &mut $crate::json::write::Writer) {
                let Self { $($part,)? $($field,)* $($($hidden: _,)+)? } = self;
                $($part.write_members(to);)?
                $($crate::json::write::member!(to, $field $(as $name)? $(= $value)?);)*
            }
        }

        impl $crate::json::write::Json for $type {
            fn write(&self, to: &mut $crate::json::write::Writer) {
                to.object(|to| self.write_members(to));
            }
        }
    };
}

/// One member of [`object`].
macro_rules! member {
    ($to:ident, $field:ident) => {
        $to.field(stringify!($field), $field)
    };
    ($to:ident, $field:ident as $name:literal) => {
        $to.member($name, $field)
    };
    ($to:ident, $field:ident = $value:expr) => {
        $to.field(stringify!($field), &$value)
    };
}

/// Writes each variant of an enum as a string: `names!(Type { Variant: "name" });`
macro_rules! names {
    ($type:ty { $($variant:ident: $name:literal),+ $(,)? }) => {
        impl $crate::json::write::Json for $type {
            fn write(&self, to: &mut $crate::json::write::Writer) {
                to.string(match self {
                    $(Self::$variant => $name,)+
                });
            }
        }
    };
}

pub(crate) use {member, names, object};

/// Names and values that are written as an object.
pub struct Pairs<'a, N, V>(pub &'a [(N, V)]);

impl<N: AsRef<str>, V: Json> Json for Pairs<'_, N, V> {
    fn write(&self, to: &mut Writer) {
        to.object(|to| {
            for (name, value) in self.0 {
                to.member(name.as_ref(), value);
            }
        });
    }
}

impl Json for () {
    fn write(&self, to: &mut Writer) {
        to.plain("null");
    }
}

impl Json for bool {
    fn write(&self, to: &mut Writer) {
        to.plain(if *self { "true" } else { "false" });
    }
}

macro_rules! numbers {
    ($($type:ty)+) => {
        $(impl Json for $type {
            fn write(&self, to: &mut Writer) {
                to.plain(&self.to_string());
            }
        })+
    };
}

numbers!(u8 u16 u32 u64 usize i64);

impl Json for str {
    fn write(&self, to: &mut Writer) {
        to.string(self);
    }
}

impl Json for String {
    fn write(&self, to: &mut Writer) {
        to.string(self);
    }
}

impl<T: Json + ?Sized> Json for &T {
    fn write(&self, to: &mut Writer) {
        T::write(self, to);
    }
}

impl<T: Json> Json for Box<T> {
    fn write(&self, to: &mut Writer) {
        T::write(self, to);
    }
}

impl<T: Json> Json for Option<T> {
    fn write(&self, to: &mut Writer) {
        match self {
            Some(value) => value.write(to),
            None => ().write(to),
        }
    }
}

impl<T: Json> Json for [T] {
    fn write(&self, to: &mut Writer) {
        to.list(self.iter().map(|item| -> &dyn Json { item }));
    }
}

impl<T: Json, const N: usize> Json for [T; N] {
    fn write(&self, to: &mut Writer) {
        self.as_slice().write(to);
    }
}

impl<T: Json> Json for Vec<T> {
    fn write(&self, to: &mut Writer) {
        self.as_slice().write(to);
    }
}

#[cfg(test)]
mod tests {
    use super::{Json, Pairs, text};
    use crate::hex::{Hex, Word};

    enum Kind {
        First,
        Second,
    }

    names!(Kind {
        First: "the-first",
        Second: "2"
    });

    struct Part {
        a_bc_d2: u8,
    }

    object!(Part { a_bc_d2 });

    struct Whole {
        part: Part,
        kind: Kind,
        list: Vec<Option<bool>>,
        other: i64,
        bytes: [u8; 2],
        left_out: (),
    }

    object!(Whole { ..part, kind, list, other as "other_", bytes = Hex(*bytes); left_out });

    #[test]
    fn object_writes_members_in_their_order() {
        let whole = |list| Whole {
            part: Part { a_bc_d2: 255 },
            kind: Kind::Second,
            list,
            other: -1,
            bytes: [0x0a, 0xff],
            left_out: (),
        };
        let full = whole(vec![Some(true), None, Some(false)]);
        let expected = r#""kind":"2","list":[true,null,false],"other_":-1,"bytes":"0aff"}"#;
        assert_eq!(text(&full), format!(r#"{{"aBcD2":255,{expected}"#));
        let () = full.left_out;
        let mut list = vec![whole(vec![])];
        list.push(Whole {
            kind: Kind::First,
            ..whole(vec![])
        });
        let expected = r#"[{"aBcD2":255,"kind":"2","list":[],"other_":-1,"bytes":"0aff"},"#;
        assert!(text(&list).starts_with(expected));
        assert!(text(&list).contains(r#","kind":"the-first","#));
    }

    #[test]
    fn strings_are_escaped_as_others_do() {
        let all: String = (0..=0x100).filter_map(char::from_u32).collect();
        for string in [
            &all,
            "",
            "{",
            "[",
            "\"\\",
            "\u{1F600}\u{2028}\u{7f}",
            "a\nb",
        ] {
            assert_eq!(text(&string), serde_json::to_string(string).unwrap());
        }
        let pairs = [("[", "{"), ("\"", "[")];
        assert_eq!(text(&Pairs(&pairs)), r#"{"[":"{","\"":"["}"#);
        assert_eq!(text(&[["["; 2]; 2]), r#"[["[","["],["[","["]]"#);
    }

    #[test]
    fn numbers_have_all_their_digits() {
        let list: [&dyn Json; 5] = [&0_u8, &u16::MAX, &u64::MAX, &usize::MAX, &i64::MIN];
        let expected = format!("[0,65535,{},{},{}]", u64::MAX, usize::MAX, i64::MIN);
        assert_eq!(text(&list.as_slice()), expected);
        assert_eq!(text(&Word(31)), r#""0x000000000000001f""#);
        assert_eq!(text(&()), "null");
    }
}
