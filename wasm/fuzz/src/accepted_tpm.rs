//! What must hold of a TPM's quotes, keys and signatures that were accepted.

use crate::accepted::{bytes, items};
use crate::accepted_tpm_chain::{self as chain, Given};
use crate::arithmetic::{Made, Public};
use crate::certificate::{hex, sha256};
use crate::log::hash;
use crate::pem;
use crate::proof::{Proof, Scheme, numbers_of};
use crate::shape::Field;
use crate::tpm::{Area, Attest, ECC, NULL, Tpmt, padded};
use crate::tpm_keys;
use crate::tpm_resign::made;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// `TPM_GENERATED_VALUE` and `TPM_ST_ATTEST_QUOTE`.
const HEAD: [u8; 6] = [0xff, 0x54, 0x43, 0x47, 0x80, 0x18];
/// Bits of attributes by their names.
const ATTRIBUTES: [(&str, u32); 11] = [
    ("fixedTPM", 1),
    ("stClear", 2),
    ("fixedParent", 4),
    ("sensitiveDataOrigin", 5),
    ("userWithAuth", 6),
    ("adminWithPolicy", 7),
    ("noDA", 10),
    ("encryptedDuplication", 11),
    ("restricted", 16),
    ("decrypt", 17),
    ("sign", 18),
];
/// Of them, all that an attestation key has; and that it has not.
const WANTED: u32 = 1 << 1 | 1 << 4 | 1 << 5 | 1 << 16 | 1 << 18;
const UNWANTED: u32 = 1 << 17;
const BANKS: [&str; 4] = ["sha1", "sha256", "sha384", "sha512"];

/// Whether a refusal must be the caller's mistake, though each field is well made.
#[must_use]
pub fn is_misuse(operation: &str, fields: &[Field]) -> bool {
    operation == "tpm_verify" && items(&fields[4]).is_empty() && !items(&fields[5]).is_empty()
}

/// Checks an answer; gives everything that must be signed.
///
/// # Panics
/// Where something does not hold.
pub fn check(operation: &str, fields: &[Field], found: &Value) -> Vec<Proof> {
    match (operation, fields) {
        ("tpm_quote", [quote]) => drop(check_quote(bytes(quote), found)),
        ("tpm_public", [key]) => drop(check_area(bytes(key), found)),
        ("tpm_signature", [file]) => check_scheme(bytes(file), found),
        ("tpm_certificate", [role, certificates, lists, anchors, key, now]) => {
            let info = key_of(bytes(key));
            assert!(info.is_some() || bytes(key).is_empty(), "no key");
            let given = Given {
                role: bytes(role),
                certificates,
                lists,
                anchors,
                key: info,
                now: bytes(now),
            };
            return chain::check(&given, found);
        }
        ("tpm_verify", _) => return check_verified(fields, found),
        _ => panic!("{operation} has other fields"),
    }
    vec![]
}

fn bank(id: u16) -> &'static str {
    let index = if id == 4 { 0 } else { id.wrapping_sub(10) };
    BANKS.get(usize::from(index)).expect("a known bank")
}

/// A hash that is better than SHA-1.
fn strong(id: u16) -> &'static str {
    assert_ne!(id, 4, "SHA-1 is accepted");
    bank(id)
}

fn size(bank: &str) -> usize {
    hash(bank, b"").map_or(0, |hash| hash.len())
}

/// Part 2 §10.12.8: every byte of a quote shows in the answer.
fn check_quote(file: &[u8], found: &Value) -> Attest {
    let attest = Attest::read(file).expect("the sizes of an accepted quote fit");
    assert_eq!(attest.head, HEAD, "magic and type");
    assert!(attest.rest.is_empty(), "something follows the quote");
    let [high, low, name @ ..] = attest.signer.bytes.as_slice() else {
        panic!("the signer has no name");
    };
    let id = u16::from_be_bytes([*high, *low]);
    assert_eq!(name.len(), size(strong(id)), "the signer's name");
    assert!(attest.data.bytes.len() <= 66, "data of the caller");
    assert!(attest.clock[16] <= 1, "safe is a bit");
    assert!(matches!(attest.digest.bytes.len(), 32 | 48 | 64));
    let word = |at: usize| u32::from_be_bytes(attest.clock[at..at + 4].try_into().expect("4"));
    let clock = u64::from(word(0)) << 32 | u64::from(word(4));
    let expected = json!({
        "qualifiedSigner": hex(&attest.signer.bytes),
        "qualifyingData": hex(&attest.data.bytes),
        "clock": {
            "clock": clock.to_string(),
            "resetCount": word(8),
            "restartCount": word(12),
            "safe": attest.clock[16] == 1,
        },
        "firmwareVersion": hex(&attest.clock[17..]),
        "selections": selections(&attest),
        "pcrDigest": hex(&attest.digest.bytes),
    });
    assert_eq!(*found, expected, "the quote is shown as it is");
    attest
}

fn selections(attest: &Attest) -> Vec<Value> {
    let mut banks: Vec<u16> = attest.selected.iter().map(|one| one.bank).collect();
    banks.sort_unstable();
    banks.dedup();
    assert_eq!(banks.len(), attest.selected.len(), "a bank is there twice");
    let all = attest.selected.iter().map(|one| {
        assert!((1..=3).contains(&one.bitmap.len()), "a bitmap's size");
        (bank(one.bank), one.registers())
    });
    let all = all.filter(|(_, registers)| !registers.is_empty());
    let all: Vec<Value> = all
        .map(|(bank, registers)| json!({ "bank": bank, "registers": registers }))
        .collect();
    assert!(!all.is_empty(), "nothing is quoted");
    all
}

/// `SubjectPublicKeyInfo` of a public area: of the kind and size that it says.
fn info_of(area: &Area) -> Option<Vec<u8>> {
    let length = match (area.head[0] == ECC, area.kind[0]) {
        (true, 3) => 32,
        (true, 4) => 48,
        (false, bits @ (2048 | 3072 | 4096)) => usize::from(bits) / 8,
        _ => return None,
    };
    let numbers = area.numbers.iter();
    let numbers = numbers.map(|one| padded(&one.bytes, length));
    tpm_keys::info(&numbers.collect::<Option<Vec<_>>>()?)
}

/// `SubjectPublicKeyInfo` of a key in whichever form; none where there is none.
#[must_use]
pub fn key_of(file: &[u8]) -> Option<Vec<u8>> {
    match file.first()? {
        b'0' | b'-' => {
            let [item] = pem::items(file)?.try_into().ok()?;
            Some(item.der)
        }
        _ => info_of(&Area::read(file)?),
    }
}

/// The scheme of a key that tells it.
#[must_use]
pub fn scheme_of(file: &[u8]) -> Option<Made> {
    let is_bare = matches!(file.first(), Some(b'0' | b'-'));
    let area = Area::read(file).filter(|_| !is_bare)?;
    made(*area.scheme.first()?, *area.scheme.get(1)?)
}

/// A key as answers show it.
///
/// # Panics
/// Where it is of no known kind.
#[must_use]
pub fn shown(info: &[u8]) -> Value {
    let kind = match Public::read(info).expect("a key") {
        Public::Rsa(numbers) => {
            let [bits, exponent] = numbers.map(|number| number.to_bytes_be());
            assert_eq!(exponent, [1, 0, 1], "the exponent");
            assert!(matches!(bits.len(), 256 | 384 | 512), "the modulus");
            format!("RSA {}", 8 * bits.len())
        }
        Public::Ec(curve, _) => format!("ECC P-{}", 8 * curve.size),
    };
    json!({ "kind": kind, "spkiSha256": hex(&sha256(info)), "spki": hex(info) })
}

/// Part 2 §12.2.4, Part 1 §16.
fn check_area(file: &[u8], found: &Value) -> Area {
    let area = Area::read(file).expect("the sizes of an accepted public area fit");
    assert!(area.rest.is_empty(), "something follows the public area");
    check_parameters(&area);
    let known = ATTRIBUTES.iter().fold(0, |bits, (_, bit)| bits | 1 << bit);
    assert_eq!(area.attributes & !known, 0, "a reserved attribute is set");
    let is_set = |bit: &u32| area.attributes >> bit & 1 == 1;
    let attributes = ATTRIBUTES.iter();
    let attributes: serde_json::Map<_, _> = attributes
        .map(|(name, bit)| ((*name).to_owned(), is_set(bit).into()))
        .collect();
    let name_algorithm = strong(area.head[1]);
    let policy = &area.policy.bytes;
    assert!(policy.is_empty() || policy.len() == size(name_algorithm));
    let digest = hash(name_algorithm, &area.plain()).unwrap_or_default();
    let expected = json!({
        "key": shown(&info_of(&area).expect("a key of a kind and its size")),
        "name": hex(&[&area.head[1].to_be_bytes(), digest.as_slice()].concat()),
        "nameAlgorithm": name_algorithm,
        "attributes": attributes,
        "authPolicy": hex(policy),
        "scheme": scheme_of(file).map(scheme),
    });
    assert_eq!(*found, expected, "the public area is shown as it is");
    area
}

fn check_parameters(area: &Area) {
    let is_curve = area.head[0] == ECC;
    assert!(is_curve || area.head[0] == 1, "the type");
    assert!(matches!(area.symmetric[0], 6 | NULL), "its algorithm");
    match area.scheme.as_slice() {
        [0x18 | 0x19, hash] if is_curve => drop(strong(*hash)),
        [0x14 | 0x16 | 0x17, hash] if !is_curve => drop(strong(*hash)),
        [id] => assert!(*id == NULL || !is_curve, "a scheme of another kind"),
        other => panic!("the scheme {other:?}"),
    }
    if !is_curve {
        assert!(matches!(area.kind[1..], [0, 0] | [1, 1]), "the exponent");
        let modulus = &area.numbers[0].bytes;
        let is_odd = modulus.last().is_some_and(|last| last % 2 == 1);
        let is_whole = modulus.first().is_some_and(|first| *first >= 0x80);
        assert_eq!(8 * modulus.len(), usize::from(area.kind[0]), "the modulus");
        assert!(is_odd && is_whole, "the modulus");
    }
}

fn scheme(made: Made) -> Value {
    let (scheme, hash) = match made {
        Made::Pkcs1(hash) => ("rsassa", hash),
        Made::Pss(hash, _) => ("rsapss", hash),
        Made::Ecdsa(hash) => ("ecdsa", hash),
    };
    json!({ "scheme": scheme, "hash": hash })
}

/// Part 2 §11.3.4.
fn check_scheme(file: &[u8], found: &Value) {
    let read = Tpmt::read(file).expect("the sizes of an accepted signature fit");
    assert!(read.rest.is_empty(), "something follows the signature");
    let [id, hash] = read.scheme;
    strong(hash);
    let way = made(id, hash).expect("a scheme that signs");
    let most = if read.numbers.len() == 2 { 48 } else { 512 };
    let mut lengths = read.numbers.iter().map(|one| one.bytes.len());
    assert!(lengths.all(|length| (1..=most).contains(&length)));
    assert_eq!(*found, scheme(way));
}

/// How a signature was made, and its numbers one after the other.
#[must_use]
pub fn read_signature(file: &[u8], key: &Public, own: Option<Made>) -> Option<(Made, Vec<u8>)> {
    let usual = match key {
        Public::Rsa(_) => Made::Pkcs1("sha256"),
        Public::Ec(curve, _) if curve.size == 32 => Made::Ecdsa("sha256"),
        Public::Ec(..) => Made::Ecdsa("sha384"),
    };
    let half = key.length() / 2;
    match key {
        Public::Rsa(_) if file.len() == key.length() => {
            return Some((own.unwrap_or(usual), file.to_vec()));
        }
        Public::Ec(..) if file.first() == Some(&0x30) => {
            return Some((own.unwrap_or(usual), numbers_of(file, half)?));
        }
        _ => {}
    }
    let read = Tpmt::read(file)?;
    let way = made(read.scheme[0], read.scheme[1])?;
    let length = key.length() / read.numbers.len();
    let numbers = read.numbers.iter();
    let numbers = numbers.map(|one| padded(&one.bytes, length));
    let numbers = numbers.collect::<Option<Vec<_>>>()?.concat();
    (own.is_none() || own == Some(way)).then_some((way, numbers))
}

fn check_verified(fields: &[Field], found: &Value) -> Vec<Proof> {
    let [
        quote,
        signature,
        key,
        values,
        certificates,
        lists,
        anchors,
        now,
    ] = fields
    else {
        panic!("an accepted input has eight fields");
    };
    let attest = check_quote(bytes(quote), &found["quote"]);
    let info = key_of(bytes(key)).expect("a key");
    assert_eq!(found["key"], shown(&info), "the key is shown as it is");
    let mut own = None;
    if matches!(bytes(key).first(), Some(b'0' | b'-')) {
        assert!(found["publicArea"].is_null(), "a key alone has no area");
    } else {
        let area = check_area(bytes(key), &found["publicArea"]);
        let bits = area.attributes & (WANTED | UNWANTED);
        assert_eq!(bits, WANTED, "not the attributes of an attestation key");
        own = Some(scheme_of(bytes(key)).expect("a key has its scheme"));
    }
    let public = Public::read(&info).expect("a key");
    let read = read_signature(bytes(signature), &public, own);
    let (way, numbers) = read.expect("a signature that fits the key");
    assert_eq!(found["signature"], scheme(way));
    check_values(items(values), &attest, way, found);
    let mut proofs = vec![Proof {
        what: "quote",
        scheme: Scheme::By(way),
        key: info.clone(),
        message: bytes(quote).to_vec(),
        signature: numbers,
    }];
    if items(certificates).is_empty() {
        assert!(found["certificate"].is_null(), "nobody vouches for the key");
        return proofs;
    }
    let given = Given {
        role: b"AK",
        certificates,
        lists,
        anchors,
        key: Some(info),
        now: bytes(now),
    };
    proofs.extend(chain::check(&given, &found["certificate"]));
    proofs
}

/// Part 3 §18.4: the digest is over the selected values, and they alone are shown.
fn check_values(values: &[Field], attest: &Attest, way: Made, found: &Value) {
    let mut known = BTreeMap::new();
    let mut order = Vec::new();
    for item in values {
        let ([high, low, number], value) = bytes(item).split_first_chunk().expect("a register");
        let place = (bank(u16::from_be_bytes([*high, *low])), *number);
        assert_eq!(value.len(), size(place.0), "a value fills its register");
        assert!(known.insert(place, value).is_none(), "a register twice");
        order.push(place);
    }
    let selected = attest.selected.iter().flat_map(|one| {
        let registers = one.registers().into_iter();
        registers.map(|register| (bank(one.bank), register))
    });
    let mut all = Vec::new();
    let mut quoted = Vec::new();
    for place in selected {
        let value = known.remove(&place).expect("each selected value is there");
        all.extend_from_slice(value);
        let (bank, register) = place;
        quoted.push(json!({ "bank": bank, "register": register, "value": hex(value) }));
    }
    assert_eq!(
        hash(way.hash(), &all),
        Some(attest.digest.bytes.clone()),
        "digest"
    );
    assert_eq!(found["registers"], Value::from(quoted));
    let rest = order.iter().filter(|place| known.contains_key(place));
    let rest: Vec<Value> = rest
        .map(|(bank, register)| json!({ "bank": bank, "register": register }))
        .collect();
    assert_eq!(found["notQuoted"], Value::from(rest));
}
