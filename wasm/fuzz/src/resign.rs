//! Signs inputs again with the fuzzer's keys and pins its root, so that changes
//! reach what lies behind the signatures: shapes, revocation, bindings, levels.
//! Whatever cannot be taken apart stays as it is.

use crate::certificate::{content, elements, sha256};
use crate::cloud_resign;
use crate::der;
use crate::identity_resign;
use crate::json;
use crate::keys::Key;
use crate::operation::Operation;
use crate::pem;
use crate::quote::Quote;
use crate::shape::{self, Field};
use crate::tpm_resign;

const ROOT: Key = Key::Intel(1);
const CA: Key = Key::Intel(2);
const PCK: Key = Key::Intel(3);
const TCB_SIGNING: Key = Key::Intel(4);
/// Number of the attestation key.
const ATTESTATION: u8 = 5;

/// Where R and S stand in a report.
const SIGNED: usize = 0x2A0;
const R: core::ops::Range<usize> = 0x2A0..0x2D0;
const S: core::ops::Range<usize> = 0x2E8..0x318;
const REPORT_DATA: core::ops::Range<usize> = 320..384;

/// Signs an input of a verifying operation.
#[must_use]
pub fn resign(input: &[u8], operation: &Operation) -> Option<Vec<u8>> {
    let mut fields = shape::read(input, operation.fields)?;
    match operation.name {
        "snp_verify" => snp(&mut fields),
        "tpm_verify" => tpm_resign::verify(&mut fields),
        "tpm_certificate" => tpm_resign::certificate(&mut fields),
        "nitro_verify" => cloud_resign::nitro(&mut fields),
        "gce_endorsement" => cloud_resign::endorsement(&mut fields),
        "ec2_identity" => identity_resign::identity(&mut fields),
        _ => tdx(&mut fields),
    }
    Some(shape::write(&fields))
}

fn snp(fields: &mut [Field]) {
    let [report, leaf, chain, crls, anchors, _] = fields else {
        return;
    };
    sign_file(leaf, &[(Some(Key::Leaf), Key::Ask)]);
    sign_file(
        chain,
        &[(Some(Key::Ask), Key::Ark), (Some(Key::Ark), Key::Ark)],
    );
    if let Field::List(_, crls) = crls {
        crls.iter_mut()
            .for_each(|crl| sign_file(crl, &[(None, Key::Ark)]));
    }
    pin(anchors, chain);
    let Field::One(_, report) = report else {
        return;
    };
    if report.len() < S.end {
        return;
    }
    let made = Key::Leaf.sign(&report[..SIGNED]);
    let (r, s) = made.split_at(48);
    for (place, number) in [(R, r), (S, s)] {
        let reversed: Vec<u8> = number.iter().rev().copied().collect();
        report[place].copy_from_slice(&reversed);
    }
}

fn tdx(fields: &mut [Field]) {
    let [_, file, collateral, anchors, _] = fields else {
        return;
    };
    let Field::One(_, file) = file else { return };
    let Some(mut quote) = Quote::read(file) else {
        return;
    };
    let keys = [(Some(PCK), CA), (Some(CA), ROOT), (Some(ROOT), ROOT)];
    sign_items(&mut quote.chain, &keys);
    quote.key = Key::coordinates(ATTESTATION);
    let bound = sha256(&[&quote.key[..], &quote.authentication].concat());
    quote.qe_report[REPORT_DATA].copy_from_slice(&[bound, [0; 32]].concat());
    quote.qe_signature = PCK.sign(&quote.qe_report);
    quote.signature = Key::Intel(ATTESTATION).sign(&quote.signed);
    *file = quote.write();
    pin_root(anchors, &quote.chain);
    let Field::Fields(files) = collateral else {
        return;
    };
    let [info, identity, signers, pck_crl, root_crl, rest] = files.as_mut_slice() else {
        return;
    };
    sign_document(info, "\"tcbInfo\"");
    sign_document(identity, "\"enclaveIdentity\"");
    sign_file(signers, &[(Some(TCB_SIGNING), ROOT), (Some(ROOT), ROOT)]);
    sign_file(pck_crl, &[(None, CA)]);
    sign_file(root_crl, &[(None, ROOT)]);
    if let Field::List(_, chains) = rest {
        let keys = [(Some(CA), ROOT), (Some(ROOT), ROOT)];
        chains.iter_mut().for_each(|chain| sign_file(chain, &keys));
    }
}

/// Key of each item, where it is a certificate, and its issuer's.
type Keys<'a> = &'a [(Option<Key>, Key)];

fn sign_file(field: &mut Field, keys: Keys<'_>) {
    if let Field::One(_, file) = field {
        sign_items(file, keys);
    }
}

fn sign_items(file: &mut Vec<u8>, keys: Keys<'_>) {
    let Some(mut items) = pem::items(file) else {
        return;
    };
    for (item, (key, issuer)) in items.iter_mut().zip(keys) {
        if let Some(der) = sign_x509(&item.der, *key, *issuer) {
            item.der = der;
        }
    }
    // A text that is written in another way is kept, unless its items are others.
    if pem::items(file).as_ref() != Some(&items) {
        *file = pem::file(&items);
    }
}

fn sign_x509(der: &[u8], key: Option<Key>, issuer: Key) -> Option<Vec<u8>> {
    let parts = elements(content(der)?)?;
    let (signed, rest) = parts.split_first()?;
    let mut signed = signed.to_vec();
    if let Some(key) = key {
        put_key(&mut signed, key);
    }
    let (_, after) = rest.split_at_checked(2)?;
    let bits = [&[0], &issuer.sign_x509(&signed)[..]].concat();
    let signature = [&[3], &der::canonical(bits.len())[..], &bits].concat();
    let whole = [&signed, rest[0], &signature, &after.concat()].concat();
    Some([&der[..1], &der::canonical(whole.len()), &whole].concat())
}

fn put_key(signed: &mut [u8], key: Key) {
    let Some((mut at, _)) = der::measure(signed) else {
        return;
    };
    let Some(fields) = content(signed).and_then(elements) else {
        return;
    };
    let version = usize::from(fields.first().is_some_and(|first| first[0] == 0xa0));
    let sizes: Vec<usize> = fields.iter().map(|field| field.len()).collect();
    let Some(size) = sizes.get(version + 5) else {
        return;
    };
    at += sizes[..version + 5].iter().sum::<usize>();
    key.put(&mut signed[at..at + size]);
}

fn pin(anchors: &mut Field, chain: &Field) {
    if let Field::One(_, chain) = chain {
        pin_root(anchors, chain);
    }
}

/// Makes the last certificate of a chain the first of the anchors.
fn pin_root(anchors: &mut Field, chain: &[u8]) {
    let items = pem::items(chain).unwrap_or_default();
    let Some(root) = items.last() else { return };
    pin_der(anchors, &root.der);
}

/// Makes a certificate the first of the anchors.
pub fn pin_der(anchors: &mut Field, root: &[u8]) {
    let Field::List(_, anchors) = anchors else {
        return;
    };
    let Some(Field::Fields(parts)) = anchors.first_mut() else {
        return;
    };
    let key = content(root).and_then(|inner| {
        let fields = elements(content(elements(inner)?.first()?)?)?;
        let version = usize::from(fields.first()?[0] == 0xa0);
        fields.get(version + 5).map(|key| sha256(key))
    });
    if let [_, Field::One(_, certificate), Field::One(_, known), _] = parts.as_mut_slice() {
        *certificate = sha256(root).to_vec();
        *known = key.unwrap_or_default().to_vec();
    }
}

fn sign_document(field: &mut Field, member: &str) {
    let Field::One(_, file) = field else { return };
    let Some(mut document) = json::read(file) else {
        return;
    };
    let json::Value::Object(members) = &mut document.value else {
        return;
    };
    let Some((_, signed)) = members.iter().find(|(name, _)| name == member) else {
        return;
    };
    let mut text = String::new();
    signed.write(&mut text);
    let digits = crate::certificate::hex(&TCB_SIGNING.sign(text.as_bytes()));
    for (name, value) in members.iter_mut() {
        if name == "\"signature\"" {
            *value = json::Value::Text(format!("\"{digits}\""));
        }
    }
    *file = document.write();
}
