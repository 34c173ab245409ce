//! What a Nitro document says, made again out of its bytes: of each document it
//! is known whether it must be read, and as what. Beyond that, what must hold
//! of one that was verified.

use crate::accepted::bytes;
use crate::accepted_chain::{
    self as chain, BASIC_CONSTRAINTS, Given, KEY_USAGE, all_of, check_end, check_known, usage,
};
use crate::arithmetic::{Made, Public};
use crate::cbor::{self, Item};
use crate::certificate::{Signed, hex};
use crate::moment;
use crate::nitro::{Document, TAG};
use crate::proof::{Proof, Scheme};
use crate::shape::Field;
use crate::x509_algorithm;
use core::ops::RangeInclusive;
use serde_json::{Value, json};
use std::collections::HashSet;

const MAX_BYTES: usize = 32 * 1024;
/// Deepest nesting of arrays and maps.
const MAX_DEPTH: usize = 8;
/// {1: -35}: ES384, and nothing else.
const HEADER: [u8; 4] = [0xa1, 1, 0x38, 34];
const NAMES: [&str; 10] = [
    "module_id",
    "digest",
    "timestamp",
    "pcrs",
    "nitrotpm_pcrs",
    "certificate",
    "cabundle",
    "public_key",
    "user_data",
    "nonce",
];
/// Codes of what is wrong with the document alone.
const CODES: [&str; 8] = [
    "nitro.cbor",
    "nitro.cose",
    "nitro.algorithm",
    "nitro.kind",
    "nitro.field",
    "nitro.pcr_length",
    "input.empty",
    "input.too_large",
];

/// The one answer to a document; none where it must be refused.
#[must_use]
pub fn expected(file: &[u8]) -> Option<Value> {
    let bare = file.strip_prefix(&[TAG]).unwrap_or(file);
    let whole = strict(bare).filter(|_| file.len() <= MAX_BYTES)?;
    let [protected, unprotected, payload, signature] = whole.items() else {
        return None;
    };
    let is_message = whole.major == 4
        && protected.major == 2
        && protected.content()? == HEADER
        && unprotected.write() == [0xa0]
        && signature.major == 2
        && signature.content()?.len() == 96;
    let payload = payload
        .content()
        .filter(|_| payload.major == 2 && is_message)?;
    shown(&strict(&payload)?)
}

/// Whether a refusal is for the document alone.
#[must_use]
pub fn is_of_document(code: &str) -> bool {
    CODES.contains(&code)
}

/// An item in its one form that fills its bytes.
fn strict(bytes: &[u8]) -> Option<Item> {
    cbor::read(bytes).filter(|item| is_strict(item, 0))
}

fn is_strict(item: &Item, depth: usize) -> bool {
    let is_known = match item.major {
        3 => item
            .content()
            .is_some_and(|text| String::from_utf8(text).is_ok()),
        4 => depth < MAX_DEPTH,
        5 => {
            let mut known = HashSet::new();
            let mut keys = item.items().iter().step_by(2);
            depth < MAX_DEPTH && keys.all(|key| known.insert(key.write()))
        }
        6 => false,
        7 => matches!(item.value, 20..=22),
        _ => true,
    };
    // What is in bytes is read for itself.
    let is_whole = || item.items().iter().all(|one| is_strict(one, depth + 1));
    is_known && item.head.is_none() && is_whole()
}

fn shown(payload: &Item) -> Option<Value> {
    let names = payload.items().iter().step_by(2);
    let is_known = |name: &Item| {
        let text = name.content().filter(|_| name.major == 3);
        text.is_some_and(|text| NAMES.iter().any(|known| known.as_bytes() == text))
    };
    if payload.major != 5 || !names.into_iter().all(is_known) {
        return None;
    }
    let (kind, registers) = match (payload.get("pcrs"), payload.get("nitrotpm_pcrs")) {
        (Some(found), None) => ("enclave", found),
        (None, Some(found)) => ("tpm", found),
        _ => return None,
    };
    let time = payload
        .get("timestamp")
        .filter(|time| time.major == 0)?
        .value;
    let is_timed = (1..1 << 53).contains(&time);
    let above = payload.get("cabundle").filter(|above| above.major == 4)?;
    let is_certified = is_certificate(payload.get("certificate")?)
        && (1..=8).contains(&above.items().len())
        && above.items().iter().all(is_certificate);
    let is_hashed = text(payload.get("digest")?)? == "SHA384";
    if !(is_timed && is_certified && is_hashed) {
        return None;
    }
    Some(json!({
        "kind": kind,
        "moduleId": text(payload.get("module_id")?).filter(|id| (1..=256).contains(&id.len()))?,
        "timestamp": time,
        "digest": "SHA384",
        "registers": shown_registers(registers)?,
        "publicKey": callers(payload, "public_key", &(1..=1024))?,
        "userData": callers(payload, "user_data", &(0..=512))?,
        "nonce": callers(payload, "nonce", &(0..=512))?,
    }))
}

fn text(item: &Item) -> Option<String> {
    let content = item.content().filter(|_| item.major == 3)?;
    String::from_utf8(content).ok()
}

fn is_certificate(item: &Item) -> bool {
    let length = item.content().map_or(0, |content| content.len());
    item.major == 2 && (1..=1024).contains(&length)
}

fn shown_registers(map: &Item) -> Option<Vec<Value>> {
    let pairs = map.items().chunks_exact(2).map(|pair| {
        let value = pair[1].content().filter(|value| value.len() == 48)?;
        let is_register = pair[0].major == 0 && pair[0].value < 32 && pair[1].major == 2;
        is_register.then(|| (pair[0].value, hex(&value)))
    });
    let mut pairs: Vec<_> = pairs.collect::<Option<_>>()?;
    pairs.sort_unstable();
    let shown = pairs.into_iter();
    let shown = shown.map(|(register, value)| json!({ "register": register, "value": value }));
    (map.major == 5 && !map.items().is_empty()).then(|| shown.collect())
}

/// Null where there is none; none where it is wrong.
fn callers(payload: &Item, name: &str, size: &RangeInclusive<usize>) -> Option<Value> {
    match payload.get(name) {
        None => Some(Value::Null),
        Some(item) if item.major == 7 && item.value == 22 => Some(Value::Null),
        Some(item) => {
            let content = item.content().filter(|_| item.major == 2)?;
            size.contains(&content.len()).then(|| hex(&content).into())
        }
    }
}

/// Checks a document that was verified; gives everything that must be signed.
///
/// # Panics
/// Where something does not hold.
pub fn check(fields: &[Field], found: &Value) -> Vec<Proof> {
    let [file, lists, anchors, now] = fields else {
        panic!("an accepted input has four fields");
    };
    assert_eq!(Some(&found["document"]), expected(bytes(file)).as_ref());
    let document = Document::read(bytes(file)).expect("a document");
    let certificates = document.certificates();
    let lists = all_of(lists);
    let given = Given {
        certificates: &certificates,
        lists: Some(&lists),
        anchors,
        now: bytes(now),
        known: &[BASIC_CONSTRAINTS, KEY_USAGE],
    };
    let mut proofs = chain::check(&given, found, |path| {
        let given = certificates.iter().skip(1).rev();
        let signed = given.map(|der| Signed::read(der).expect("strict DER").content);
        let above = path.iter().skip(1).map(|one| one.content);
        assert!(signed.eq(above), "the bundle is the way, the root first");
        path.iter().for_each(check_key);
        path.iter().skip(1).for_each(check_authority);
        check_leaf(&path[0], found);
    });
    proofs.push(proof(&document).expect("a signature"));
    proofs
}

/// AWS has one kind of key and one way to sign.
fn check_key(one: &Signed<'_>) {
    let key = Public::read(one.key());
    assert!(
        matches!(key, Some(Public::Ec(curve, _)) if curve.size == 48),
        "a key of P-384"
    );
    let way = one
        .sequences()
        .first()
        .and_then(|way| x509_algorithm::read(way));
    assert_eq!(way, Some(Made::Ecdsa("sha384")), "signed in another way");
}

fn check_authority(one: &Signed<'_>) {
    let mut all = one.extensions().into_iter();
    let is_critical = all.any(|(id, critical, _)| id == BASIC_CONSTRAINTS && critical);
    assert!(
        is_critical && usage(one).is_some(),
        "an authority says what it may"
    );
}

fn check_leaf(leaf: &Signed<'_>, found: &Value) {
    check_known(leaf, &[BASIC_CONSTRAINTS, KEY_USAGE]);
    check_end(leaf);
    assert!(
        usage(leaf).is_some_and(|bits| bits & 0x8000 != 0),
        "its usage"
    );
    let time = found["document"]["timestamp"].as_u64().expect("a time");
    let time = moment::text(time / 1000);
    let shown = &found["certificates"][0];
    let [from, until] = ["notBefore", "notAfter"].map(|name| shown[name].as_str().expect("a time"));
    assert!(
        from <= time.as_str() && time.as_str() <= until,
        "made at {time}"
    );
}

/// The document's own signature, by the key of its certificate.
#[must_use]
pub fn proof(document: &Document) -> Option<Proof> {
    let certificates = document.certificates();
    let leaf = Signed::read(certificates.first()?)?;
    Some(Proof {
        what: "document",
        scheme: Scheme::By(Made::Ecdsa("sha384")),
        key: leaf.key().to_vec(),
        message: document.signed()?,
        signature: document.signature().filter(|made| made.len() == 96)?,
    })
}
