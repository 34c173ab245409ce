//! Seeds of the operations about clouds, out of the files of a case.

use crate::cms::{self, Form};
use crate::shape::{Field, Kind};
use crate::tpm_seeds::Seed;

const HASHES: [&str; 3] = ["sha256", "sha384", "sha512"];
/// Where an HCL report tells its hash, the size of its runtime data, and where they begin.
const HASH: usize = 1228;
const SIZE: usize = 1232;
const RUNTIME: usize = 1236;
const ITEMS: usize = crate::operation::TPM_ITEMS;

/// Files of a case, as far as there are any.
#[derive(Clone)]
pub struct Files {
    /// Nitro document.
    pub document: Option<Vec<u8>>,
    /// Its lists.
    pub lists: Vec<Vec<u8>>,
    /// Identity document, signature, certificate of the region.
    pub identity: [Option<Vec<u8>>; 3],
    /// HCL report.
    pub hcl: Option<Vec<u8>>,
    /// Runtime data alone.
    pub runtime: Option<Vec<u8>>,
    /// Pinned roots.
    pub anchors: Field,
    /// 8 bytes.
    pub now: Field,
}

impl Files {
    /// Inputs of all operations about them.
    #[must_use]
    pub fn seeds(&self) -> Vec<Seed> {
        let mut seeds = Vec::new();
        if let Some(document) = &self.document {
            seeds.push(("nitro_verify", self.nitro(document)));
        }
        if let [Some(document), Some(signature), Some(certificate)] = &self.identity {
            seeds.extend(self.identity(document, signature, certificate));
        }
        if let Some(report) = &self.hcl {
            seeds.extend(reports(report));
        }
        let inside = self.hcl.as_ref().and_then(|report| runtime_of(report));
        for data in inside.iter().chain(&self.runtime) {
            seeds.extend(HASHES.map(|hash| ("hcl_runtime", runtime(hash, data))));
        }
        seeds
    }

    fn nitro(&self, document: &[u8]) -> Vec<Field> {
        let lists = self.lists.iter();
        let lists = lists.map(|list| Field::One(Kind::RevocationLists, list.clone()));
        vec![
            Field::One(Kind::Nitro, document.to_vec()),
            Field::List(ITEMS, lists.collect()),
            self.anchors.clone(),
            self.now.clone(),
        ]
    }

    /// The signature in every form of a file; BER, as it was made, and DER.
    fn identity(&self, document: &[u8], signature: &[u8], certificate: &[u8]) -> Vec<Seed> {
        let read = cms::read(signature).map(|(_, message)| message);
        let definite = read.as_ref().and_then(|message| cms::definite(message));
        let forms = [Form::Binary, Form::Pem].into_iter();
        let forms = forms.zip([read, definite]);
        let files = forms.filter_map(|(form, message)| Some(cms::write(form, &message?)));
        let files = files.chain([signature.to_vec()]);
        let seed = |file| {
            let fields = vec![
                Field::One(Kind::Identity, document.to_vec()),
                Field::One(Kind::SignedMessage, file),
                Field::One(Kind::Certificates, certificate.to_vec()),
                self.now.clone(),
            ];
            ("ec2_identity", fields)
        };
        files.map(seed).collect()
    }
}

/// A report as it is, and as it would be with each other hash.
fn reports(report: &[u8]) -> Vec<Seed> {
    let mut all = vec![report.to_vec()];
    for hash in [2, 3] {
        let mut other = report.to_vec();
        if let Some(place) = other.get_mut(HASH) {
            *place = hash;
            all.push(other);
        }
    }
    let seed = |file| ("hcl_report", vec![Field::One(Kind::HclReport, file)]);
    all.into_iter().map(seed).collect()
}

fn runtime_of(report: &[u8]) -> Option<Vec<u8>> {
    let size = report.get(SIZE..RUNTIME)?.try_into().ok()?;
    let end = RUNTIME.checked_add(u32::from_le_bytes(size) as usize)?;
    report.get(RUNTIME..end).map(<[u8]>::to_vec)
}

fn runtime(hash: &str, data: &[u8]) -> Vec<Field> {
    vec![
        Field::One(Kind::RuntimeHash, hash.into()),
        Field::One(Kind::RuntimeData, data.to_vec()),
    ]
}
