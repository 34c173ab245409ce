//! Bytes of quotes, written apart from the code that reads them.

use super::key::Key;
use casemate_core::digest::sha256;

/// Intel's quoting enclaves.
const INTEL: [u8; 16] = *b"\x93\x9a\x72\x33\xf7\x9c\x4c\xa9\x94\x0a\x0d\xb3\x95\x7f\x06\x07";

/// A quote before it is signed.
#[derive(Clone)]
pub struct QuoteBytes {
    /// Header, 48 bytes.
    pub header: Vec<u8>,
    /// Type and size of the body; only in version 5.
    pub descriptor: Vec<u8>,
    /// Report.
    pub body: Vec<u8>,
    /// Who signs the quote.
    pub signer: Key,
    /// The attestation key that the quote names.
    pub attestation_key: Vec<u8>,
    /// Report of the quoting enclave; its report data are set where `binds`.
    pub qe_report: Vec<u8>,
    /// Whether the report data bind the attestation key.
    pub binds: bool,
    /// Who signs the report.
    pub qe_signer: Key,
    /// QE authentication data.
    pub authentication: Vec<u8>,
    /// Types of the certification data, outer and inner.
    pub types: [u16; 2],
    /// What follows the PEM chain within its size.
    pub end_of_chain: Vec<u8>,
    /// What follows the quote.
    pub trailing: Vec<u8>,
}

impl QuoteBytes {
    /// A quote of a version with a body.
    pub fn new(version: u16, tee: u32, body: Vec<u8>, isv_prod_id: u16) -> Self {
        let mut header = [version.to_le_bytes(), [2, 0]].concat();
        header.extend(tee.to_le_bytes());
        header.extend([0; 4]);
        header.extend(INTEL);
        header.extend([0xAB; 20]);
        let mut quote = Self {
            header,
            descriptor: vec![],
            body,
            signer: Key::Attestation,
            attestation_key: Key::Attestation.coordinates(),
            qe_report: qe_report(isv_prod_id),
            binds: true,
            qe_signer: Key::Pck,
            authentication: (0..32).collect(),
            types: [6, 5],
            end_of_chain: vec![0],
            trailing: vec![],
        };
        quote.set_version(version);
        quote
    }

    /// Makes it a quote of another version.
    pub fn set_version(&mut self, version: u16) {
        self.header[..2].copy_from_slice(&version.to_le_bytes());
        self.descriptor.clear();
        if version == 5 {
            let kind: u16 = match self.body.len() {
                384 => 1,
                584 => 2,
                _ => 3,
            };
            let size = u32::try_from(self.body.len()).unwrap();
            self.descriptor.extend(kind.to_le_bytes());
            self.descriptor.extend(size.to_le_bytes());
        }
    }

    /// Signs it and puts a PEM chain into it.
    pub fn sign(&self, chain: &[u8]) -> Vec<u8> {
        let signed = [&self.header[..], &self.descriptor, &self.body].concat();
        let part = [
            &self.signer.sign(&signed)[..],
            &self.attestation_key,
            &self.certification(chain),
        ]
        .concat();
        [&signed[..], &sized(&part), &self.trailing].concat()
    }

    fn certification(&self, chain: &[u8]) -> Vec<u8> {
        let mut report = self.qe_report.clone();
        if self.binds {
            let bound = [&self.attestation_key[..], &self.authentication].concat();
            report[320..352].copy_from_slice(&sha256(&bound));
        }
        let length = u16::try_from(self.authentication.len()).unwrap();
        let chain = [chain, &self.end_of_chain].concat();
        let [outer, inner] = self.types;
        let parts = [
            &report[..],
            &self.qe_signer.sign(&report),
            &length.to_le_bytes(),
            &self.authentication,
            &inner.to_le_bytes(),
            &sized(&chain),
        ]
        .concat();
        if self.header[0] == 3 {
            return parts;
        }
        [&outer.to_le_bytes()[..], &sized(&parts)].concat()
    }
}

/// Bytes after their length.
fn sized(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap();
    [&length.to_le_bytes()[..], bytes].concat()
}

/// A report of the quoting enclave.
fn qe_report(isv_prod_id: u16) -> Vec<u8> {
    let mut report = vec![0; 384];
    report[..16].fill(7);
    report[48] = 0x15;
    report[56] = 0xE7;
    report[64..96].fill(0xEE);
    report[128..160].fill(0xE5);
    report[256..258].copy_from_slice(&isv_prod_id.to_le_bytes());
    report[258] = 8;
    report
}

/// A report of a trust domain, of 584 or 648 bytes.
pub fn td_report(length: usize) -> Vec<u8> {
    let mut report = vec![0; length];
    // TEE_TCB_SVN: module 1.5, then the TDX half.
    report[..3].copy_from_slice(&[5, 1, 8]);
    report[64..112].fill(0xA1);
    report[112] = 0xC0;
    report[123] = 0x10;
    report[128..136].copy_from_slice(&[0xE7, 0, 6, 0, 0, 0, 0, 0]);
    report[136..184].fill(0x3E);
    report[520..584].fill(0xDA);
    if length > 584 {
        report[584..587].copy_from_slice(&[5, 1, 8]);
    }
    report
}

/// A report of an enclave.
pub fn enclave_report() -> Vec<u8> {
    let mut report = vec![0; 384];
    report[48] = 5;
    report[64..96].fill(0x3E);
    report[320..384].fill(0xDA);
    report
}
