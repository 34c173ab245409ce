//! What must hold of the certificates of a TPM's key that were accepted.

use crate::accepted_chain::{
    self as chain, BASIC_CONSTRAINTS, KEY_USAGE, PURPOSES, all_of, check_end, check_known, usage,
};
use crate::accepted_tpm::shown;
use crate::arithmetic::Public;
use crate::certificate::{Signed, content, elements};
use crate::der::{self, Body, Node};
use crate::proof::Proof;
use crate::shape::Field;
use serde_json::{Value, json};

/// Content of an identifier.
const ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 0x11];
/// 2.23.133.8.1 and 2.23.133.8.3; 2.23.133.2.1 to .3 but for the last arc.
const EK: [u8; 5] = [0x67, 0x81, 5, 8, 1];
const AK: [u8; 5] = [0x67, 0x81, 5, 8, 3];
const IDENTITY: [u8; 4] = [0x67, 0x81, 5, 2];

/// Everything that a certificate was verified with.
pub struct Given<'a> {
    /// `AK` or `EK`.
    pub role: &'a [u8],
    /// Files of certificates.
    pub certificates: &'a Field,
    /// Lists.
    pub lists: &'a Field,
    /// Pinned roots.
    pub anchors: &'a Field,
    /// `SubjectPublicKeyInfo` that it must be about.
    pub key: Option<Vec<u8>>,
    /// 8 bytes.
    pub now: &'a [u8],
}

/// Checks an answer; gives everything that must be signed.
///
/// # Panics
/// Where something does not hold.
pub fn check(given: &Given<'_>, found: &Value) -> Vec<Proof> {
    let (all, lists) = (all_of(given.certificates), all_of(given.lists));
    let parts = chain::Given {
        certificates: &all,
        lists: Some(&lists),
        anchors: given.anchors,
        now: given.now,
        known: &[BASIC_CONSTRAINTS, KEY_USAGE, PURPOSES],
    };
    chain::check(&parts, found, |path| {
        let leaf = &path[0];
        if let Some(key) = &given.key {
            assert_eq!(leaf.key(), key, "the certificate is another key's");
        }
        assert_eq!(found["key"], shown(leaf.key()));
        check_leaf(leaf, given.role);
        assert_eq!(found["identity"], identity(leaf), "what TPM it is");
    })
}

fn check_leaf(one: &Signed<'_>, role: &[u8]) {
    let known = [BASIC_CONSTRAINTS, KEY_USAGE, PURPOSES, ALTERNATIVE_NAME];
    check_known(one, &known);
    check_end(one);
    let purposes = one
        .extension(PURPOSES)
        .and_then(|value| elements(content(value)?));
    let purposes: Vec<_> = purposes
        .iter()
        .flatten()
        .filter_map(|id| content(id))
        .collect();
    let is_rsa = matches!(Public::read(one.key()), Some(Public::Rsa(_)));
    let (wanted, bit): (&[&[u8]], _) = match (role, is_rsa) {
        (b"AK", _) => (&[&AK, &EK], 0x8000),
        (_, true) => (&[&EK], 0x2000),
        (_, false) => (&[&EK], 0x0800),
    };
    assert!(purposes.iter().any(|id| wanted.contains(id)), "its purpose");
    assert!(usage(one).is_some_and(|bits| bits & bit != 0), "its usage");
    assert!(role == b"AK" || identity(one).is_object(), "an unknown TPM");
}

/// Manufacturer, model and version, wherever they stand in the name.
fn identity(leaf: &Signed<'_>) -> Value {
    let nodes = leaf.extension(ALTERNATIVE_NAME).and_then(der::read);
    let mut found = [const { Vec::new() }; 3];
    for name in nodes.iter().flatten().flat_map(inner) {
        if name.tag == [0xa4] {
            let sets = inner(name).iter().flat_map(inner);
            let attributes = sets.flat_map(inner);
            attributes.for_each(|attribute| collect(attribute, &mut found));
        }
    }
    match &found {
        [one, two, three] if one.len() == 1 && two.len() == 1 && three.len() == 1 => {
            json!({ "manufacturer": one[0], "model": two[0], "version": three[0] })
        }
        _ => {
            assert!(found.iter().all(Vec::is_empty), "half an identity");
            Value::Null
        }
    }
}

fn inner(node: &Node) -> &[Node] {
    match &node.body {
        Body::Nodes(_, nodes) => nodes,
        Body::Bytes(_) => &[],
    }
}

fn collect(attribute: &Node, found: &mut [Vec<String>; 3]) {
    if let [id, value] = inner(attribute)
        && let (Body::Bytes(id), true) = (&id.body, id.tag == [6])
        && let Some([last @ 1..=3]) = id.strip_prefix(&IDENTITY)
    {
        let value = der::write(core::slice::from_ref(value));
        assert!(matches!(value[0], 0x0c | 0x13), "no text");
        let text = content(&value).map(|text| String::from_utf8_lossy(text).into_owned());
        found[usize::from(*last) - 1].extend(text);
    }
}
