//! What must hold of an input that was accepted, judged without the engine.

use crate::certificate::{Signed, sha256};
use crate::moment;
use crate::pem;
use crate::shape::Field;
use serde_json::Value;

/// Bytes of a field.
#[must_use]
pub fn bytes(field: &Field) -> &[u8] {
    match field {
        Field::One(_, bytes) => bytes,
        _ => &[],
    }
}

/// Fields within a field.
#[must_use]
pub fn items(field: &Field) -> &[Field] {
    match field {
        Field::List(_, items) | Field::Fields(items) => items,
        _ => &[],
    }
}

/// DER of the items in a file; none where it cannot be taken apart.
#[must_use]
pub fn der_of(file: &[u8]) -> Option<Vec<Vec<u8>>> {
    let items = pem::items(file)?;
    Some(items.into_iter().map(|item| item.der).collect())
}

/// Items of a file; none where one could be written differently without breaking its signature.
#[must_use]
pub fn signed(der: &[Vec<u8>]) -> Option<Vec<Signed<'_>>> {
    der.iter().map(|der| Signed::read(der)).collect()
}

/// Checks that a root is one of the anchors, and that a lab's is called so.
///
/// # Panics
/// Where it is not.
pub fn check_anchor(root: &[u8], key: &[u8], anchors: &Field, lab: &Value) {
    let (root, key) = (sha256(root), sha256(key));
    let own = items(anchors).iter().map(items).filter(|anchor| {
        matches!(anchor, [_, certificate, known, _]
            if bytes(certificate) == root && bytes(known) == key)
    });
    let flags: Vec<&[u8]> = own.map(|anchor| bytes(&anchor[3])).collect();
    assert!(
        !flags.is_empty(),
        "accepted under a root that is not pinned"
    );
    let all_lab = flags.iter().all(|flags| *flags == [1]);
    assert_eq!(
        lab.as_bool(),
        Some(all_lab),
        "a lab's root is called a lab's"
    );
}

/// Checks that a moment lies in every window that an answer shows.
///
/// # Panics
/// Where it does not.
pub fn check_windows(shown: &Value, now: &[u8]) {
    let now = now.try_into().expect("now has 8 bytes");
    let now = moment::text(u64::from_be_bytes(now));
    visit(shown, &mut |name, value| {
        let Some(text) = value.as_str() else { return };
        match name {
            "notBefore" | "thisUpdate" | "issueDate" => {
                assert!(text <= now.as_str(), "{name} {text} is after {now}");
            }
            "notAfter" | "nextUpdate" => {
                assert!(text >= now.as_str(), "{name} {text} is before {now}");
            }
            _ => {}
        }
    });
}

/// Checks that no list names any of some certificates of one issuer.
///
/// # Panics
/// Where one does.
pub fn check_revoked(list: &Signed<'_>, certificates: &[&Signed<'_>]) {
    let revoked = list.revoked();
    for certificate in certificates {
        assert!(
            !revoked.contains(&certificate.serial()),
            "a revoked certificate is accepted"
        );
    }
}

fn visit(value: &Value, see: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                see(name, value);
                visit(value, see);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| visit(item, see)),
        _ => {}
    }
}
