//! Quotes of TPMs with their keys and certificates: the vectors', in each form
//! that a key or a signature may have, and under issuers of each kind.

use crate::certificate::{Signed, element};
use crate::pem::{self, Item};
use crate::shape::{Field, Kind};
use crate::tpm::{Area, Tpmt};
use crate::tpm_keys::{self, TpmKey};
use crate::tpm_mutation::plain;
use crate::tpm_resign;
use serde_json::Value;

/// An operation and its fields.
pub type Seed = (&'static str, Vec<Field>);

/// What a quote is verified with.
#[derive(Clone, Default)]
pub struct Files {
    /// `TPMS_ATTEST`.
    pub quote: Vec<u8>,
    /// Signature.
    pub signature: Vec<u8>,
    /// Key.
    pub key: Vec<u8>,
    /// By bank, by register: the value in hex.
    pub values: Value,
    /// Certificates, the key's first.
    pub certificates: Vec<Vec<u8>>,
    /// Lists.
    pub lists: Vec<Vec<u8>>,
    /// Anchors, and now.
    pub trust: [Option<Field>; 2],
}

const BANKS: [(&str, u8); 4] = [("sha1", 4), ("sha256", 11), ("sha384", 12), ("sha512", 13)];

/// `tcg-kp-AIKCertificate`, whose last byte tells it from an endorsement key's.
const PURPOSE: [u8; 5] = [0x67, 0x81, 5, 8, 3];
/// Key usage of a key that signs, its value last.
const USAGE: [u8; 12] = [6, 3, 0x55, 0x1d, 0x0f, 1, 1, 0xff, 4, 4, 3, 2];

/// Algorithms of issuers: PKCS#1 with SHA-256, PSS with SHA-384.
const PKCS1: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00";
const PSS: &[u8] = b"\x30\x41\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a\x30\x34\
\xa0\x0f\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\
\xa1\x1c\x30\x1a\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08\
\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\xa2\x03\x02\x01\x30";

/// DER of R and S.
#[must_use]
pub fn der_of_numbers(numbers: [&[u8]; 2]) -> Vec<u8> {
    let integers = numbers.map(|number| {
        let start = number.iter().take_while(|byte| **byte == 0).count();
        let digits = &number[start..];
        let sign: &[u8] = if digits.first().is_some_and(|first| *first < 0x80) {
            &[]
        } else {
            &[0]
        };
        element(2, &[sign, digits].concat())
    });
    element(0x30, &integers.concat())
}

impl Files {
    /// Inputs of both operations, as it is.
    #[must_use]
    pub fn seeds(&self) -> Vec<Seed> {
        let mut seeds = vec![("tpm_verify", self.verify())];
        if !self.certificates.is_empty() {
            seeds.push(("tpm_certificate", self.certificate("AK", &self.key)));
            seeds.push(("tpm_certificate", self.certificate("AK", &[])));
        }
        seeds
    }

    /// The same in every other form, some signed again by the fuzzer.
    #[must_use]
    pub fn forms(&self) -> Vec<Seed> {
        let mut seeds = Vec::new();
        for key in keys(&self.key) {
            let key = Self {
                key,
                ..self.clone()
            };
            seeds.extend(key.seeds());
        }
        if let Some(signature) = Tpmt::read(&self.signature) {
            let signature = plain(&signature);
            let files = Self {
                signature,
                ..self.clone()
            };
            seeds.push(("tpm_verify", files.verify()));
        }
        if !self.certificates.is_empty() {
            seeds.push(("tpm_certificate", self.endorsement()));
            seeds.extend(self.bundled().seeds());
            // Signing with RSA takes long: once each.
            let scheme = Area::read(&self.key).map(|area| area.scheme);
            let algorithm = match scheme.as_deref() {
                Some([0x18, 0xc]) => Some(PKCS1),
                Some([0x14, _]) => Some(PSS),
                _ => None,
            };
            seeds.extend(algorithm.map(|algorithm| ("tpm_verify", self.under(algorithm))));
        }
        seeds
    }

    fn verify(&self) -> Vec<Field> {
        let values = self.values.as_object().into_iter().flatten();
        let values = values.flat_map(|(bank, values)| {
            let known = BANKS.iter().find(|(name, _)| name == bank);
            let id = known.map_or(0, |(_, id)| *id);
            let values = values.as_object().into_iter().flatten();
            values.map(move |(number, value)| {
                let number = number.parse().expect("a register");
                [vec![0, id, number], unhex(value.as_str().unwrap_or(""))].concat()
            })
        });
        vec![
            Field::One(Kind::Attest, self.quote.clone()),
            Field::One(Kind::TpmSignature, self.signature.clone()),
            Field::One(Kind::TpmKey, self.key.clone()),
            list(Kind::RegisterValue, values),
            list(Kind::Certificates, self.certificates.iter().cloned()),
            list(Kind::RevocationLists, self.lists.iter().cloned()),
            self.trust[0].clone().unwrap_or(Field::List(16, vec![])),
            self.now(),
        ]
    }

    fn now(&self) -> Field {
        let zero = Field::One(Kind::Now, vec![0; 8]);
        self.trust[1].clone().unwrap_or(zero)
    }

    fn certificate(&self, role: &str, key: &[u8]) -> Vec<Field> {
        vec![
            Field::One(Kind::TpmRole, role.into()),
            list(Kind::Certificates, self.certificates.iter().cloned()),
            list(Kind::RevocationLists, self.lists.iter().cloned()),
            self.trust[0].clone().unwrap_or(Field::List(16, vec![])),
            Field::One(Kind::TpmKey, key.to_vec()),
            self.now(),
        ]
    }

    /// All certificates in one file of PEM.
    fn bundled(&self) -> Self {
        let items = self.certificates.iter().map(|der| Item {
            label: Some("CERTIFICATE".to_owned()),
            der: der.clone(),
        });
        let certificates = vec![pem::file(&items.collect::<Vec<_>>())];
        Self {
            certificates,
            ..self.clone()
        }
    }

    /// The certificate as one of an endorsement key.
    fn endorsement(&self) -> Vec<Field> {
        let mut files = self.clone();
        let leaf = &mut files.certificates[0];
        let is_rsa = Area::read(&self.key).is_some_and(|area| area.head[0] == 1);
        if let Some(at) = find(leaf, &PURPOSE) {
            leaf[at + PURPOSE.len() - 1] = 1;
        }
        if let Some(at) = find(leaf, &USAGE).map(|at| at + USAGE.len()) {
            let usage = if is_rsa { [5, 0x20] } else { [3, 8] };
            leaf[at..at + 2].copy_from_slice(&usage);
        }
        let mut fields = files.certificate("EK", &[]);
        tpm_resign::certificate(&mut fields);
        fields
    }

    /// Everything under issuers with RSA.
    fn under(&self, algorithm: &[u8]) -> Vec<Field> {
        let mut files = self.clone();
        let info = TpmKey::Rsa2048.info();
        for (number, der) in files.certificates.iter_mut().enumerate() {
            *der = rebuild(der, algorithm, Some(info.as_slice()).filter(|_| number > 0));
        }
        for der in &mut files.lists {
            *der = rebuild(der, algorithm, None);
        }
        let mut fields = files.verify();
        tpm_resign::verify(&mut fields);
        fields
    }
}

fn list(kind: Kind, files: impl Iterator<Item = Vec<u8>>) -> Field {
    let most = crate::operation::TPM_ITEMS;
    Field::List(most, files.map(|file| Field::One(kind, file)).collect())
}

/// The key as PEM and as DER, and as a public area without its size.
fn keys(file: &[u8]) -> Vec<Vec<u8>> {
    let Some(mut area) = Area::read(file) else {
        return vec![];
    };
    area.size = None;
    let numbers: Vec<_> = area.numbers.iter().map(|one| one.bytes.clone()).collect();
    let bare = [None, Some("PUBLIC KEY".to_owned())].map(|label| {
        let der = tpm_keys::info(&numbers)?;
        Some(pem::file(&[Item { label, der }]))
    });
    let bare = bare.into_iter().flatten();
    bare.chain([area.write()]).collect()
}

/// Another algorithm, perhaps another key.
fn rebuild(der: &[u8], algorithm: &[u8], info: Option<&[u8]>) -> Vec<u8> {
    let Some(read) = Signed::read(der) else {
        return der.to_vec();
    };
    let old = read.sequences().first().copied().unwrap_or_default();
    let fields = read.fields.iter().map(|field| match info {
        _ if *field == old => algorithm,
        Some(info) if *field == read.key() => info,
        _ => field,
    });
    let signed = element(0x30, &fields.collect::<Vec<_>>().concat());
    let bits = element(3, &[0]);
    element(0x30, &[&signed, algorithm, &bits].concat())
}

fn find(within: &[u8], what: &[u8]) -> Option<usize> {
    within.windows(what.len()).position(|part| part == what)
}

fn unhex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks(2);
    let digits = pairs.map(|pair| core::str::from_utf8(pair).expect("ASCII"));
    digits
        .map(|pair| u8::from_str_radix(pair, 16).expect("hex"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::der_of_numbers;
    use crate::operation;
    use crate::proof::numbers_of;
    use crate::seeds::Seeds;
    use crate::shape::{self, Field};

    #[test]
    fn every_form_of_a_sound_case_is_accepted() {
        let seeds = Seeds::minted();
        let mut forms = std::collections::BTreeMap::<String, [usize; 2]>::new();
        for (operation, fields) in &seeds.evidence {
            if !operation.name.starts_with("tpm_") {
                continue;
            }
            let answer = (operation.run)(&shape::write(fields));
            let is_accepted = usize::from(answer.starts_with("{\"ok\""));
            let role = match &fields[0] {
                Field::One(_, role) if role.len() == 2 => String::from_utf8_lossy(role).into(),
                _ => String::new(),
            };
            let count = forms.entry(operation.name.to_owned() + &role).or_default();
            count[1 - is_accepted] += 1;
        }
        println!("{forms:?}");
        assert!(forms["tpm_verify"][0] >= 40);
        assert!(forms["tpm_certificateAK"][0] >= 40);
        assert!(forms["tpm_certificateEK"][0] >= 4);
        assert!(operation::find("tpm_verify").is_some());
    }

    #[test]
    fn der_of_numbers_is_what_numbers_of_reads() {
        let der = der_of_numbers([&[0, 0x80], &[0, 1]]);
        assert_eq!(der, [0x30, 7, 2, 2, 0, 0x80, 2, 1, 1]);
        assert_eq!(numbers_of(&der, 2), Some(vec![0, 0x80, 0, 1]));
    }
}
