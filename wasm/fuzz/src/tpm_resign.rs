//! Signs a TPM's quotes and certificates again with the fuzzer's keys, whatever
//! the way that leads to the root.

use crate::accepted::items;
use crate::arithmetic::Made;
use crate::certificate::{Signed, content, element, elements, sha256};
use crate::der;
use crate::log::hash;
use crate::pem::{self, Item};
use crate::resign::pin_der;
use crate::shape::Field;
use crate::tpm::{Area, Attest, ECC, ECDSA, Sized2, Tpmt};
use crate::tpm_keys::TpmKey;
use crate::tpm_seeds::der_of_numbers;
use crate::x509_algorithm;
use std::collections::BTreeMap;

/// Number of the key that certificates are about.
pub const LEAF: u8 = 1;

/// Signs an input of `tpm_verify`.
pub fn verify(fields: &mut [Field]) {
    let [
        attest,
        signature,
        key,
        values,
        certificates,
        lists,
        anchors,
        _,
    ] = fields
    else {
        return;
    };
    certify(certificates, lists, anchors);
    let (Field::One(_, attest), Field::One(_, signature), Field::One(_, key)) =
        (attest, signature, key)
    else {
        return;
    };
    let Some(signer) = put_key(key) else { return };
    let (made, is_plain) = way(signature, signer, key);
    digest(attest, values, made);
    if let Some(numbers) = signer.sign(made, salt(made, attest), attest) {
        write_signature(signature, signer, is_plain, &numbers);
    }
}

/// Signs an input of `tpm_certificate`.
pub fn certificate(fields: &mut [Field]) {
    let [_, certificates, lists, anchors, key, _] = fields else {
        return;
    };
    certify(certificates, lists, anchors);
    if let Field::One(_, key) = key {
        put_key(key);
    }
}

/// Puts the fuzzer's key into a public area or a key alone; none where it is of no known kind.
fn put_key(file: &mut Vec<u8>) -> Option<TpmKey> {
    if matches!(file.first(), Some(b'0' | b'-')) {
        let mut items = pem::items(file)?;
        let info = &mut items.first_mut()?.der;
        let key = TpmKey::like(info, LEAF)?;
        put_info(info, key);
        if pem::items(file).as_ref() != Some(&items) {
            *file = pem::file(&items);
        }
        return Some(key);
    }
    let mut area = Area::read(file)?;
    let key = match (area.head[0] == ECC, area.kind.first()?) {
        (true, 3) => TpmKey::P256(LEAF),
        (true, 4) => TpmKey::P384(LEAF),
        (false, 0x800) => TpmKey::Rsa2048,
        (false, 0x1000) => TpmKey::Rsa4096,
        _ => return None,
    };
    for (place, number) in area.numbers.iter_mut().zip(key.numbers()) {
        // Another length is a change that is to stay.
        if place.bytes.len() == number.len() {
            place.bytes = number;
        }
    }
    *file = area.write();
    Some(key)
}

/// The numbers alone, which stand last, so that a bent algorithm stays bent.
pub fn put_info(info: &mut [u8], key: TpmKey) {
    let mut numbers = key.numbers().concat();
    if matches!(key, TpmKey::Rsa2048 | TpmKey::Rsa4096) {
        numbers.extend([2, 3, 1, 0, 1]);
    }
    let start = info.len() - numbers.len();
    info[start..].copy_from_slice(&numbers);
}

/// How a signature says that it was made, or how a plain one by such a key is; whether it is plain.
fn way(signature: &[u8], signer: TpmKey, key: &[u8]) -> (Made, bool) {
    let is_curve = matches!(signer, TpmKey::P256(_) | TpmKey::P384(_));
    let is_plain = if is_curve {
        signature.first() == Some(&0x30)
    } else {
        matches!(signature.len(), 256 | 512)
    };
    let named = if is_plain {
        let area = Area::read(key).filter(|_| !matches!(key.first(), Some(b'0' | b'-')));
        area.and_then(|area| made(area.scheme.first().copied()?, area.scheme.get(1).copied()?))
    } else {
        Tpmt::read(signature).and_then(|found| made(found.scheme[0], found.scheme[1]))
    };
    let usual = match signer {
        TpmKey::P384(_) => Made::Ecdsa("sha384"),
        TpmKey::P256(_) => Made::Ecdsa("sha256"),
        _ => Made::Pkcs1("sha256"),
    };
    (named.unwrap_or(usual), is_plain)
}

/// A way of a TPM by its numbers.
#[must_use]
pub fn made(scheme: u16, hash: u16) -> Option<Made> {
    let name = match hash {
        0xb => "sha256",
        0xc => "sha384",
        0xd => "sha512",
        _ => return None,
    };
    match scheme {
        0x14 => Some(Made::Pkcs1(name)),
        0x16 => Some(Made::Pss(name, true)),
        ECDSA => Some(Made::Ecdsa(name)),
        _ => None,
    }
}

/// Length of the salt: mostly the hash's, sometimes the longest or a wrong one.
fn salt(made: Made, message: &[u8]) -> usize {
    let length = hash(made.hash(), b"").map_or(0, |hash| hash.len());
    match sha256(message)[0] % 8 {
        // RFC 8017 allows any; TPMs take two.
        0 => [0, 20, length - 1, length + 1][usize::from(sha256(message)[2] % 4)],
        1 | 2 => 254 - length,
        _ => length,
    }
}

fn write_signature(file: &mut Vec<u8>, signer: TpmKey, is_plain: bool, made: &[u8]) {
    let is_curve = matches!(signer, TpmKey::P256(_) | TpmKey::P384(_));
    let count = if is_curve { 2 } else { 1 };
    let numbers: Vec<&[u8]> = made.chunks(made.len() / count).collect();
    match (is_plain, numbers.as_slice()) {
        (true, [r, s]) => *file = der_of_numbers([r, s]),
        (true, _) => *file = made.to_vec(),
        (false, _) => {
            let Some(mut found) = Tpmt::read(file) else {
                return;
            };
            for (place, number) in found.numbers.iter_mut().zip(numbers) {
                // Zeros before a number and a size that is not its own stay.
                let zeros = place.bytes.len().saturating_sub(number.len());
                let bytes = [&vec![0; zeros][..], number].concat();
                *place = Sized2 {
                    size: place.size,
                    bytes,
                };
            }
            *file = found.write();
        }
    }
}

/// Makes the digest that of the values, but for some quotes, where a wrong one stays.
fn digest(file: &mut Vec<u8>, values: &Field, made: Made) {
    let Some(mut attest) = Attest::read(file).filter(|_| sha256(file)[1] >= 64) else {
        return;
    };
    let values = items(values).iter().filter_map(|item| {
        let (head, value) = crate::accepted::bytes(item).split_first_chunk::<3>()?;
        Some((*head, value))
    });
    let values: BTreeMap<[u8; 3], &[u8]> = values.collect();
    let mut all = Vec::new();
    for one in &attest.selected {
        let [high, low] = one.bank.to_be_bytes();
        for register in one.registers() {
            let Some(value) = values.get(&[high, low, register]) else {
                return;
            };
            all.extend_from_slice(value);
        }
    }
    attest.digest.bytes = hash(made.hash(), &all).unwrap_or_default();
    *file = attest.write();
}

/// A certificate, and where it stands.
struct Place {
    key: Option<TpmKey>,
    /// Issuer and subject.
    names: [Vec<u8>; 2],
}

/// Signs certificates and lists, each by whoever it names, and pins where the way from the first ends.
pub fn certify(certificates: &mut Field, lists: &mut Field, anchors: &mut Field) {
    let mut files = read_files(certificates);
    let mut places: Vec<Place> = Vec::new();
    for item in files.iter_mut().flatten().flatten() {
        let number = LEAF + places.len() as u8 % 0x80;
        places.push(prepare(&mut item.der, number));
    }
    for (number, item) in files.iter_mut().flatten().flatten().enumerate() {
        let place = &places[number];
        let is_root = place.names[0] == place.names[1];
        let issuer = if is_root {
            place.key
        } else {
            issuer(&item.der, &place.names[0], &places)
        };
        sign(&mut item.der, issuer);
    }
    if let Some(root) = end(&places) {
        let der = files.iter().flatten().flatten().nth(root);
        pin_der(anchors, &der.map_or(Vec::new(), |item| item.der.clone()));
    }
    write_files(certificates, &files);
    let mut files = read_files(lists);
    for item in files.iter_mut().flatten().flatten() {
        let name = Signed::read(&item.der).map_or(Vec::new(), |list| list.issuer().to_vec());
        let issuer = issuer(&item.der, &name, &places);
        sign(&mut item.der, issuer);
    }
    write_files(lists, &files);
}

type Files = Vec<Option<Vec<Item>>>;

fn read_files(field: &Field) -> Files {
    let files = items(field).iter();
    files
        .map(|file| pem::items(crate::accepted::bytes(file)))
        .collect()
}

fn write_files(field: &mut Field, files: &Files) {
    let Field::List(_, places) = field else {
        return;
    };
    for (place, items) in places.iter_mut().zip(files) {
        // A text that is written in another way is kept, unless its items are others.
        if let (Field::One(_, file), Some(items)) = (place, items)
            && pem::items(file).as_ref() != Some(items)
        {
            *file = pem::file(items);
        }
    }
}

fn prepare(der: &mut Vec<u8>, number: u8) -> Place {
    let mut place = Place {
        key: None,
        names: Default::default(),
    };
    let Some([mut signed, algorithm, signature]) = split(der) else {
        return place;
    };
    if let Some((start, end)) = key_place(&signed) {
        let info = &mut signed[start..end];
        place.key = TpmKey::like(info, number);
        if let Some(key) = place.key {
            put_info(info, key);
        }
    }
    let whole = [signed, algorithm, signature].concat();
    *der = [&der[..1], &der::canonical(whole.len()), &whole].concat();
    if let Some(fields) = fields_of(der) {
        let names = [fields.get(3), fields.get(5)];
        place.names = names.map(|name| name.map_or(Vec::new(), |name| name.to_vec()));
    }
    place
}

/// What is signed, algorithm, signature.
#[must_use]
pub fn split(der: &[u8]) -> Option<[Vec<u8>; 3]> {
    let parts = elements(content(der)?)?.into_iter();
    parts
        .map(<[u8]>::to_vec)
        .collect::<Vec<_>>()
        .try_into()
        .ok()
}

/// Fields of what is signed of a certificate, an absent version empty.
fn fields_of(der: &[u8]) -> Option<Vec<&[u8]>> {
    let mut fields = elements(content(elements(content(der)?)?.first()?)?)?;
    if fields.first()?[0] != 0xa0 {
        fields.insert(0, &[]);
    }
    Some(fields)
}

/// Where the key stands in what is signed.
#[must_use]
pub fn key_place(signed: &[u8]) -> Option<(usize, usize)> {
    let (start, _) = der::measure(signed)?;
    let fields = elements(content(signed)?)?;
    let index = 5 + usize::from(fields.first()?[0] == 0xa0);
    let before: usize = fields.iter().take(index).map(|field| field.len()).sum();
    let start = start + before;
    Some((start, start + fields.get(index)?.len()))
}

/// The key of a certificate with the name; of several with it, one that its content chooses.
fn issuer(der: &[u8], name: &[u8], places: &[Place]) -> Option<TpmKey> {
    let named: Vec<_> = places
        .iter()
        .filter(|place| place.names[1] == name)
        .collect();
    let index = usize::from(sha256(der)[0]) % named.len().max(1);
    named.get(index)?.key
}

/// Signs in the way that is named, where the key can.
fn sign(der: &mut Vec<u8>, issuer: Option<TpmKey>) {
    let signed = || {
        let [content, algorithm, _] = split(der)?;
        let made = x509_algorithm::read(&algorithm)?;
        let salt = hash(made.hash(), b"")?.len();
        let numbers = issuer?.sign(made, salt, &content)?;
        let bits = match made {
            Made::Ecdsa(_) => {
                let (r, s) = numbers.split_at(numbers.len() / 2);
                der_of_numbers([r, s])
            }
            _ => numbers,
        };
        let signature = element(3, &[&[0], bits.as_slice()].concat());
        let whole = [content, algorithm, signature].concat();
        Some([&der[..1], &der::canonical(whole.len()), &whole].concat())
    };
    if let Some(made) = signed() {
        *der = made;
    }
}

/// Where the way from the first certificate ends.
fn end(places: &[Place]) -> Option<usize> {
    let mut used = vec![0];
    let mut last = places.first()?;
    while let Some(next) = (0..places.len())
        .find(|index| !used.contains(index) && places[*index].names[1] == last.names[0])
    {
        used.push(next);
        last = &places[next];
    }
    used.last().copied()
}
