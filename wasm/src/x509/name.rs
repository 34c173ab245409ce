//! Distinguished names as text.

use crate::hex;
use crate::x509::identifier;
use der::asn1::{Any, Ia5StringRef, ObjectIdentifier, PrintableStringRef, Utf8StringRef};
use der::{Encode, Tag, Tagged};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::Name;

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// Short names of RFC 4514 §3.
const SHORT: [(ObjectIdentifier, &str); 9] = [
    (COMMON_NAME, "CN"),
    (ObjectIdentifier::new_unwrap("2.5.4.7"), "L"),
    (ObjectIdentifier::new_unwrap("2.5.4.8"), "ST"),
    (ObjectIdentifier::new_unwrap("2.5.4.10"), "O"),
    (ObjectIdentifier::new_unwrap("2.5.4.11"), "OU"),
    (ObjectIdentifier::new_unwrap("2.5.4.6"), "C"),
    (ObjectIdentifier::new_unwrap("2.5.4.9"), "STREET"),
    (
        ObjectIdentifier::new_unwrap("0.9.2342.19200300.100.1.25"),
        "DC",
    ),
    (
        ObjectIdentifier::new_unwrap("0.9.2342.19200300.100.1.1"),
        "UID",
    ),
];

/// Refuses a name that the decoder takes and X.509 does not know: with a part
/// of no attributes (RFC 5280 §4.1.2.4: `SET SIZE (1..MAX)`), which no text
/// would show, or a type that is no plain identifier.
///
/// # Errors
/// Says for a person what is wrong.
pub fn check(name: &Name) -> Result<(), String> {
    if name.iter_rdn().any(|part| part.iter().next().is_none()) {
        return Err(String::from("a part of a name is empty"));
    }
    let mut attributes = name.iter();
    attributes.try_for_each(|attribute| identifier::check(&attribute.oid))
}

/// A name as RFC 4514 text: the last part first, parts divided by commas.
#[must_use]
pub fn text(name: &Name) -> String {
    let mut parts: Vec<String> = name
        .iter_rdn()
        .map(|part| {
            let attributes: Vec<String> = part.iter().map(attribute).collect();
            attributes.join("+")
        })
        .collect();
    parts.reverse();
    parts.join(",")
}

/// The common name, where the name has exactly one and it is text.
#[must_use]
pub fn common_name(name: &Name) -> Option<&str> {
    let mut found = name.iter().filter(|attribute| attribute.oid == COMMON_NAME);
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

fn attribute(attribute: &AttributeTypeAndValue) -> String {
    let short = SHORT.iter().find(|(oid, _)| *oid == attribute.oid);
    match (short, string(&attribute.value)) {
        (Some((_, short)), Some(value)) => format!("{short}={}", escape(value)),
        _ => {
            let der = attribute.value.to_der().unwrap_or_default();
            format!("{}=#{}", attribute.oid, hex::encode(&der))
        }
    }
}

fn string(value: &Any) -> Option<&str> {
    match value.tag() {
        Tag::Utf8String => Utf8StringRef::try_from(value)
            .ok()
            .map(|text| text.as_str()),
        Tag::PrintableString => PrintableStringRef::try_from(value)
            .ok()
            .map(|text| text.as_str()),
        Tag::Ia5String => Ia5StringRef::try_from(value).ok().map(|text| text.as_str()),
        _ => None,
    }
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
    use super::{check, common_name, escape, text};
    use crate::x509::strict;
    use core::str::FromStr;
    use x509_cert::name::Name;

    #[test]
    fn text_starts_with_the_last_part() {
        let name = Name::from_str("CN=ARK-Milan,O=Advanced Micro Devices,C=US").unwrap();
        assert_eq!(text(&name), "CN=ARK-Milan,O=Advanced Micro Devices,C=US");
        assert_eq!(common_name(&name), Some("ARK-Milan"));
    }

    #[test]
    fn text_writes_what_it_cannot_name_as_hex() {
        let name = Name::from_str("1.2.3=#0402ABCD").unwrap();
        assert_eq!(text(&name), "1.2.3=#0402abcd");
        assert_eq!(common_name(&name), None);
    }

    #[test]
    fn check_refuses_a_part_of_nothing() {
        let empty: Name = strict::decode(&[0x30, 2, 0x31, 0]).unwrap();
        assert!(check(&empty).is_err());
        assert!(check(&Name::from_str("CN=a").unwrap()).is_ok());
        assert!(check(&Name::default()).is_ok());
    }

    #[test]
    fn common_name_refuses_two() {
        let name = Name::from_str("CN=a,CN=b").unwrap();
        assert_eq!(common_name(&name), None);
    }

    #[test]
    fn escape_follows_rfc_4514() {
        assert_eq!(escape("# a,b+\"c\" "), "\\# a\\,b\\+\\\"c\\\"\\ ");
        assert_eq!(escape("a\u{1b}[0m\u{9b}"), "a\\1b[0m\\c2\\9b");
    }
}
