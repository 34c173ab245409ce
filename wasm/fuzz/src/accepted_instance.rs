//! What a certificate of Google's says of an instance, made again out of its
//! extension.

use crate::certificate::{self, Signed, elements};
use serde_json::{Value, json};

/// Content of 1.3.6.1.4.1.11129.2.1.21.
pub const INSTANCE: [u8; 10] = [0x2b, 6, 1, 4, 1, 0xd6, 0x79, 2, 1, 0x15];

/// What a certificate says of its instance: null where it says nothing; none
/// where what it says must be refused.
#[must_use]
pub fn expected(certificate: &Signed<'_>) -> Option<Value> {
    let Some(value) = certificate.extension(&INSTANCE) else {
        return Some(Value::Null);
    };
    let parts = one(value, 0x30)?;
    let [zone, project, id, instance, name, rest @ ..] = parts.as_slice() else {
        return None;
    };
    let security = match rest {
        [] => Value::Null,
        [security] => expected_security(security)?,
        _ => return None,
    };
    Some(json!({
        "zone": text(zone)?,
        "projectNumber": decimal(project)?,
        "projectId": text(id)?,
        "instanceId": decimal(instance)?,
        "instanceName": text(name)?,
        "security": security,
    }))
}

fn expected_security(element: &[u8]) -> Option<Value> {
    let [inner] = one(element, 0xa0)?.try_into().ok()?;
    let all = one(inner, 0x30)?;
    let mut shown = json!({ "version": null, "isProduction": null });
    let mut last = None;
    for member in all {
        let number = member[0] & 0x1f;
        let is_next = last.is_none_or(|last| last < number);
        if !is_next || member[0] & 0xc0 != 0x80 || number == 0x1f {
            return None;
        }
        last = Some(number);
        if number < 2 {
            let [value] = one(member, 0xa0 | number)?.try_into().ok()?;
            let (name, value) = match number {
                0 => ("version", decimal(value)?.into()),
                _ => ("isProduction", flag(value)?.into()),
            };
            shown[name] = value;
        }
    }
    Some(shown)
}

/// The elements within one that fills its bytes, all of them with shortest lengths.
fn one(element: &[u8], tag: u8) -> Option<Vec<&[u8]>> {
    let parts = elements(content_of(element, tag)?)?;
    let is_shortest = |part: &&[u8]| part[0] & 0x1f != 0x1f && content_of(part, part[0]).is_some();
    parts.iter().all(is_shortest).then_some(parts)
}

fn content_of(element: &[u8], tag: u8) -> Option<&[u8]> {
    let content = certificate::content(element).filter(|_| element[0] == tag)?;
    (certificate::element(tag, content) == element).then_some(content)
}

fn text(element: &[u8]) -> Option<&str> {
    let text = core::str::from_utf8(content_of(element, 0x0c)?).ok()?;
    (1..=256).contains(&text.chars().count()).then_some(text)
}

fn flag(element: &[u8]) -> Option<bool> {
    match content_of(element, 1)? {
        [0] => Some(false),
        [0xff] => Some(true),
        _ => None,
    }
}

fn decimal(element: &[u8]) -> Option<String> {
    let digits = content_of(element, 2)?;
    let is_minimal = !matches!(digits, [] | [0x80..=0xff, ..] | [0, 0..0x80, ..]);
    let value = digits
        .iter()
        .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    (is_minimal && digits.len() <= 8).then(|| value.to_string())
}
