//! Signs documents of clouds again with the fuzzer's keys: Nitro's, and
//! Google's endorsements of firmware.

use crate::accepted::{bytes, items};
use crate::arithmetic::Made;
use crate::cbor::{Body, Item};
use crate::certificate::sha256;
use crate::nitro::Document;
use crate::operation::TPM_ITEMS;
use crate::proto::{self, ENVELOPE, Record, Value};
use crate::shape::{Field, Kind};
use crate::tpm_keys::TpmKey;
use crate::tpm_resign::{LEAF, certify};

/// Where certificates stand in what is signed of an endorsement.
const CERTIFICATE: u64 = 4;
const BUNDLE: u64 = 6;

fn list(files: Vec<Vec<u8>>) -> Field {
    let fields = files
        .into_iter()
        .map(|der| Field::One(Kind::Certificates, der));
    Field::List(TPM_ITEMS, fields.collect())
}

/// Signs an input of `nitro_verify`: lists too.
pub fn nitro(fields: &mut [Field]) {
    let [Field::One(_, file), lists, anchors, _] = fields else {
        return;
    };
    let Some(mut document) = Document::read(file) else {
        return;
    };
    let mut certificates = list(document.certificates());
    certify(&mut certificates, lists, anchors);
    let Field::List(_, certificates) = certificates else {
        return;
    };
    let mut signed = certificates.iter().map(bytes);
    for place in certificates_of(&mut document) {
        if let Some(der) = signed.next() {
            place.body = Body::Bytes(der.to_vec());
        }
    }
    if let Some(message) = document.signed() {
        let made = TpmKey::P384(LEAF).sign(Made::Ecdsa("sha384"), 0, &message);
        // Another length is a change that is to stay.
        if let (Some(made), Some(place)) = (made, document.part(3))
            && place.content().is_some_and(|old| old.len() == made.len())
        {
            place.body = Body::Bytes(made);
        }
    }
    *file = document.whole.write();
}

/// Places of certificates: the document's own first.
fn certificates_of(document: &mut Document) -> Vec<&mut Item> {
    let Some(payload) = document.payload_mut() else {
        return Vec::new();
    };
    let (mut own, mut above) = (None, Vec::new());
    if let Body::Items(items) = &mut payload.body {
        for pair in items.chunks_exact_mut(2) {
            let [name, value] = pair else { continue };
            match name.content().filter(|_| name.major == 3).as_deref() {
                Some(b"certificate") if own.is_none() => own = Some(value),
                Some(b"cabundle") if above.is_empty() => {
                    let is_bytes = |item: &&mut Item| item.content().is_some();
                    above = match &mut value.body {
                        Body::Items(items) => items.iter_mut().filter(is_bytes).collect(),
                        _ => Vec::new(),
                    };
                }
                _ => {}
            }
        }
    }
    let own = own.into_iter().filter(|item| item.content().is_some());
    own.chain(above).collect()
}

/// Signs an input of `gce_endorsement`.
pub fn endorsement(fields: &mut [Field]) {
    let [Field::One(_, file), roots, anchors, _] = fields else {
        return;
    };
    let Some(mut envelope) = proto::read(file, ENVELOPE) else {
        return;
    };
    certify_golden(&mut envelope, roots, anchors);
    let golden = proto::find(&envelope, 1).and_then(Record::content);
    let made = golden.and_then(|golden| {
        let way = Made::Pss("sha256", false);
        TpmKey::Rsa2048.sign(way, salt(&golden), &golden)
    });
    let place = envelope.iter_mut().find(|record| record.number == 2);
    if let (Some(made), Some(place)) = (made, place)
        && place.content().is_some_and(|old| old.len() == made.len())
    {
        place.value = Value::Bytes(made, None);
    }
    *file = proto::write(&envelope);
}

/// Mostly what it must be.
fn salt(message: &[u8]) -> usize {
    match sha256(message)[0] % 16 {
        0 => 20,
        1 => 222,
        _ => 32,
    }
}

/// Signs certificates within what is signed, and those of the roots.
fn certify_golden(envelope: &mut [Record], roots: &mut Field, anchors: &mut Field) {
    let golden = envelope.iter_mut().find(|record| record.number == 1);
    let Some(Value::Message(golden)) = golden.map(|record| &mut record.value) else {
        return;
    };
    let places = [CERTIFICATE, BUNDLE].map(|number| {
        let mut all = golden.iter();
        all.position(|one| one.number == number && one.content().is_some())
    });
    let places: Vec<usize> = places.into_iter().flatten().collect();
    let own = places.iter().filter_map(|place| golden[*place].content());
    let own: Vec<Vec<u8>> = own.collect();
    let above = items(roots).iter().map(|file| bytes(file).to_vec());
    let mut all = list(own.iter().cloned().chain(above).collect());
    certify(&mut all, &mut list(vec![]), anchors);
    let signed: Vec<Vec<u8>> = items(&all)
        .iter()
        .map(|file| bytes(file).to_vec())
        .collect();
    let (own, above) = signed.split_at(own.len());
    for (place, file) in places.into_iter().zip(own) {
        if golden[place].content().as_ref() != Some(file) {
            golden[place].value = Value::Bytes(file.clone(), None);
        }
    }
    if let Field::List(_, roots) = roots {
        for (place, file) in roots.iter_mut().zip(above) {
            *place = Field::One(Kind::Certificates, file.clone());
        }
    }
}
