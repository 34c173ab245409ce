//! Distinguished names (RFC 5280 §4.1.2.4) and their text (RFC 4514).

use crate::hex;
use crate::x509::tlv::{self, Element, Elements, OBJECT_IDENTIFIER, Reason, SEQUENCE, SET};
use crate::x509::{oid, value};

/// 2.5.4.3
const COMMON_NAME: &[u8] = b"\x55\x04\x03";

/// Short names of RFC 4514 §3.
const SHORT: [(&[u8], &str); 9] = [
    (COMMON_NAME, "CN"),
    // 2.5.4.7, 2.5.4.8, 2.5.4.10, 2.5.4.11, 2.5.4.6, 2.5.4.9
    (b"\x55\x04\x07", "L"),
    (b"\x55\x04\x08", "ST"),
    (b"\x55\x04\x0a", "O"),
    (b"\x55\x04\x0b", "OU"),
    (b"\x55\x04\x06", "C"),
    (b"\x55\x04\x09", "STREET"),
    // 0.9.2342.19200300.100.1.25, 0.9.2342.19200300.100.1.1
    (b"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19", "DC"),
    (b"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01", "UID"),
];

/// A name whose encoding was checked. Names are compared by it: DER has one for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(Vec<u8>);

/// An attribute of a part of a name.
struct Attribute<'a> {
    id: &'a [u8],
    value: Element<'a>,
}

impl Name {
    /// Takes a name.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn take(from: &mut Elements<'_>) -> Result<Self, Reason> {
        let element = from.need_take(SEQUENCE)?;
        read_parts(element.content)?;
        Ok(Self(element.whole.to_vec()))
    }

    /// DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.0
    }

    /// Attributes of its parts. Nothing is wrong with them, since the name was read before.
    fn parts(&self) -> Vec<Vec<Attribute<'_>>> {
        let parts = tlv::content(&self.0, SEQUENCE).and_then(read_parts);
        parts.unwrap_or_default()
    }
}

fn read_parts(content: &[u8]) -> Result<Vec<Vec<Attribute<'_>>>, Reason> {
    let mut left = Elements::of(content);
    let mut parts = Vec::new();
    while !left.is_empty() {
        parts.push(read_part(left.open(SET)?)?);
    }
    Ok(parts)
}

/// At least one attribute (`SET SIZE (1..MAX)`), all in their order (X.690 §11.6).
fn read_part(mut left: Elements<'_>) -> Result<Vec<Attribute<'_>>, Reason> {
    let mut attributes = Vec::new();
    let mut last: &[u8] = &[];
    while !left.is_empty() {
        let element = left.need_take(SEQUENCE)?;
        if element.whole < last {
            return Err("the attributes of a name are not in their order");
        }
        last = element.whole;
        attributes.push(read_attribute(Elements::of(element.content))?);
    }
    if attributes.is_empty() {
        return Err("a part of a name is empty");
    }
    Ok(attributes)
}

fn read_attribute(mut fields: Elements<'_>) -> Result<Attribute<'_>, Reason> {
    let attribute = Attribute {
        id: oid::short(fields.need(OBJECT_IDENTIFIER)?)?,
        value: fields.take()?,
    };
    fields.finish()?;
    Ok(attribute)
}

/// A name as RFC 4514 text: the last part first, parts divided by commas.
#[must_use]
pub fn text(name: &Name) -> String {
    let parts = name.parts();
    let texts = parts.iter().rev().map(|part| {
        let attributes: Vec<String> = part.iter().map(attribute_text).collect();
        attributes.join("+")
    });
    texts.collect::<Vec<String>>().join(",")
}

/// The common name, where the name has exactly one and it is text.
#[must_use]
pub fn common_name(name: &Name) -> Option<&str> {
    let all = name.parts().into_iter().flatten();
    let mut found = all.filter(|attribute| attribute.id == COMMON_NAME);
    let only = found.next()?;
    found.next().is_none().then(|| string(&only.value))?
}

/// Cuts a text to what a person reads: a foreign name can be as long as its file.
#[must_use]
pub fn shorten(text: String) -> String {
    const MOST: usize = 200;
    if text.chars().count() <= MOST {
        return text;
    }
    let start: String = text.chars().take(MOST).collect();
    format!("{start}…")
}

fn attribute_text(attribute: &Attribute<'_>) -> String {
    let short = SHORT.iter().find(|(id, _)| *id == attribute.id);
    match (short, string(&attribute.value)) {
        (Some((_, short)), Some(value)) => format!("{short}={}", escape(value)),
        _ => {
            let value = hex::encode(attribute.value.whole);
            format!("{}=#{value}", oid::text(attribute.id))
        }
    }
}

fn string<'a>(element: &Element<'a>) -> Option<&'a str> {
    value::text(element.tag, element.content)
}

/// RFC 4514 §2.4; control characters too, so that a name cannot move a terminal's cursor.
fn escape(value: &str) -> String {
    let last = value.chars().count().saturating_sub(1);
    let mut escaped = String::new();
    for (index, character) in value.chars().enumerate() {
        let special = matches!(character, '"' | '+' | ',' | ';' | '<' | '>' | '\\')
            || character == '#' && index == 0
            || character == ' ' && (index == 0 || index == last);
        if character.is_control() {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                escaped.push_str(&format!("\\{byte:02x}"));
            }
        } else {
            if special {
                escaped.push('\\');
            }
            escaped.push(character);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{Name, SHORT, common_name, escape, text};
    use crate::x509::oid;
    use crate::x509::structure::whole;
    use crate::x509::tlv::{Reason, write};

    fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
        let mut der = Vec::new();
        write(tag, content, &mut der).unwrap();
        der
    }

    /// An attribute below 2.5.4.
    fn attribute(arc: u8, tag: u8, value: &str) -> Vec<u8> {
        let id = tlv(6, &[0x55, 4, arc]);
        tlv(0x30, &[id, tlv(tag, value.as_bytes())].concat())
    }

    /// A name of parts of attributes.
    fn name(parts: &[&[Vec<u8>]]) -> Result<Name, Reason> {
        let parts = parts.iter().map(|part| tlv(0x31, &part.concat()));
        let der = tlv(0x30, &parts.collect::<Vec<_>>().concat());
        whole(&der, Name::take)
    }

    #[test]
    fn text_starts_with_the_last_part() {
        let (us, amd) = (
            attribute(6, 0x13, "US"),
            attribute(10, 0x0c, "Micro Devices"),
        );
        let ark = attribute(3, 0x0c, "ARK-Milan");
        let name = name(&[&[us][..], &[ark, amd]]).unwrap();
        assert_eq!(text(&name), "CN=ARK-Milan+O=Micro Devices,C=US");
        assert_eq!(common_name(&name), Some("ARK-Milan"));
    }

    #[test]
    fn text_writes_what_it_cannot_name_as_hex() {
        for (arc, tag, value, expected) in [
            (99, 0x0c, "ab", "2.5.4.99=#0c026162"),
            (3, 4, "ab", "2.5.4.3=#04026162"),
            (3, 0x13, "a@", "2.5.4.3=#13026140"),
        ] {
            let name = name(&[&[attribute(arc, tag, value)]]).unwrap();
            assert_eq!(text(&name), expected);
            assert_eq!(common_name(&name), None);
        }
    }

    #[test]
    fn short_names_are_of_these_identifiers() {
        let ids: Vec<String> = SHORT.iter().map(|(id, _)| oid::text(id)).collect();
        let expected = "2.5.4.3 2.5.4.7 2.5.4.8 2.5.4.10 2.5.4.11 2.5.4.6 2.5.4.9 \
            0.9.2342.19200300.100.1.25 0.9.2342.19200300.100.1.1";
        assert_eq!(ids.join(" "), expected);
    }

    #[test]
    fn names_have_one_encoding() {
        let (a, b) = (attribute(3, 0x0c, "a"), attribute(3, 0x0c, "b"));
        assert_eq!(name(&[]).map(|name| text(&name)), Ok(String::new()));
        assert!(name(&[&[a.clone(), b.clone()]]).is_ok());
        assert!(name(&[&[a.clone(), a.clone()]]).is_ok());
        assert!(name(&[&[b.clone(), a.clone()]]).is_err(), "order");
        let longer = attribute(3, 0x0c, "aa");
        assert!(
            name(&[&[b, longer.clone()]]).is_ok(),
            "the shorter one first"
        );
        assert!(name(&[&[longer, a.clone()]]).is_err());
        assert!(name(&[&[]]).is_err(), "a part of nothing");
        let padded = tlv(0x30, &[tlv(6, &[0x55, 4, 0x80, 3]), tlv(12, b"a")].concat());
        assert!(name(&[&[padded]]).is_err());
        let more = tlv(0x30, &[&a[2..], &[5, 0]].concat());
        assert!(name(&[&[more]]).is_err());
        assert!(name(&[&[tlv(0x31, &a[2..])]]).is_err());
        assert!(whole(&tlv(0x30, &a), Name::take).is_err());
    }

    #[test]
    fn common_name_refuses_two() {
        let one = [attribute(3, 0x0c, "a")];
        let two = [attribute(3, 0x0c, "b")];
        assert_eq!(common_name(&name(&[&one, &two]).unwrap()), None);
    }

    #[test]
    fn escape_follows_rfc_4514() {
        assert_eq!(escape("# a,b+\"c\" "), "\\# a\\,b\\+\\\"c\\\"\\ ");
        assert_eq!(escape("a\u{1b}[0m\u{9b}"), "a\\1b[0m\\c2\\9b");
    }
}
