//! The engine's signature primitives with bare keys, messages and signatures,
//! so that published vectors reach them. Built for WebAssembly, as the shipped
//! module is.

use casemate_arithmetic::P384Key;
use casemate_core::snp::signature::{ReportSignature, SIGNATURE_BYTES};
use casemate_core::x509::algorithm::{self, CURVE_P384};
use casemate_core::x509::ecdsa::{self, P256Key};
use casemate_core::x509::pss::RsaKey;
use casemate_core::x509::structure::PublicKeyInfo;
use wasm_bindgen::prelude::wasm_bindgen;

/// Bytes of R or S of P-384, and of the place that a report has for each.
const P384_BYTES: usize = 48;
const P384_PLACE: usize = 72;

/// Judges one signature: `accepted`, `refused`, or `key refused`.
///
/// # Arguments
/// `scheme` is one of `p256-raw`, `p256-der`, `p384-raw`, `pss`; `key` is a DER SubjectPublicKeyInfo.
#[wasm_bindgen]
#[must_use]
pub fn judge(scheme: &str, key: &[u8], message: &[u8], signature: &[u8]) -> String {
    let Ok(key) = PublicKeyInfo::read(key) else {
        return String::from("key refused");
    };
    let judged = match scheme {
        "p256-raw" => p256(&key, |key| p256_raw(key, message, signature)),
        "p256-der" => p256(&key, |key| key.verifies_der(message, signature)),
        "p384-raw" => p384(&key, message, signature),
        "pss" => RsaKey::read(&key).ok().map(|key| key.verifies(message, signature)),
        _ => return format!("{scheme} is no scheme"),
    };
    String::from(match judged {
        None => "key refused",
        Some(false) => "refused",
        Some(true) => "accepted",
    })
}

fn p256(key: &PublicKeyInfo, verifies: impl Fn(&P256Key) -> bool) -> Option<bool> {
    P256Key::read(key).ok().map(|key| verifies(&key))
}

fn p256_raw(key: &P256Key, message: &[u8], signature: &[u8]) -> bool {
    let numbers = signature.try_into().ok();
    let signature = numbers.and_then(ecdsa::signature_of);
    signature.is_some_and(|signature| key.verifies(message, &signature))
}

/// As the chain reads a leaf's key, and the report its signature.
fn p384(key: &PublicKeyInfo, message: &[u8], signature: &[u8]) -> Option<bool> {
    let point = algorithm::point(key, CURVE_P384).ok()?;
    let key = P384Key::of_point(point)?;
    let field = field_of(signature);
    let read = field.and_then(|field| ReportSignature::read(&field).ok());
    Some(read.is_some_and(|read| read.verify(message, &key).is_ok()))
}

/// SIGNATURE of a report with these numbers; none where they do not fill their places evenly.
fn field_of(signature: &[u8]) -> Option<[u8; SIGNATURE_BYTES]> {
    if signature.len() != 2 * P384_BYTES {
        return None;
    }
    let (r, s) = signature.split_at(P384_BYTES);
    let little = |number: &[u8]| number.iter().rev().copied().collect::<Vec<u8>>();
    let padding = vec![0; P384_PLACE - P384_BYTES];
    let mut field = [little(r), padding.clone(), little(s), padding].concat();
    field.resize(SIGNATURE_BYTES, 0);
    field.try_into().ok()
}
