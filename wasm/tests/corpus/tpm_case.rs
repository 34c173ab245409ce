//! Quotes of TPMs in the corpus.

use crate::case::{Case, Corpus, Root, anchor, read};
use casemate_core::answer::Refusal;
use casemate_core::frame;
use casemate_core::tpm::certificate::Cache;
use casemate_core::tpm::verify::{VerifiedQuote, verify_framed};
use casemate_core::x509::certificate::Certificate;
use serde_json::Value;

const BANKS: [(&str, u8); 3] = [("sha1", 4), ("sha256", 11), ("sha384", 12)];

/// Everything that a quote is verified with.
#[derive(Clone)]
pub struct Files {
    /// `TPMS_ATTEST`.
    pub quote: Vec<u8>,
    /// Signature.
    pub signature: Vec<u8>,
    /// Key.
    pub key: Vec<u8>,
    /// Items of the list of values.
    pub registers: Vec<Vec<u8>>,
    /// Files with certificates.
    pub certificates: Vec<Vec<u8>>,
    /// Pinned roots.
    pub roots: Vec<Root>,
    /// Seconds since 1970.
    pub now: u64,
}

fn list(items: &[Vec<u8>]) -> Vec<u8> {
    let items: Vec<&[u8]> = items.iter().map(Vec::as_slice).collect();
    frame::write(&items).unwrap()
}

fn unhex(text: &str) -> Vec<u8> {
    let at = |index| u8::from_str_radix(&text[index..index + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(at).collect()
}

/// Values of a bank, from an object of register to hex.
fn values(bank: &str, values: &Value) -> Vec<Vec<u8>> {
    let (_, id) = BANKS.iter().find(|(name, _)| *name == bank).unwrap();
    let all = values.as_object().unwrap().iter();
    let item = |(number, value): (&String, &Value)| {
        let head = [0, *id, number.parse().unwrap()];
        [&head[..], &unhex(value.as_str().unwrap())].concat()
    };
    all.map(item).collect()
}

impl Files {
    /// A case with one quote and a key alone.
    pub fn of(case: &Case) -> Self {
        let pcrs: Value = serde_json::from_slice(&case.bytes("pcrs")).unwrap();
        Self {
            quote: case.bytes("tpm_quote_msg"),
            signature: case.bytes("tpm_quote_sig"),
            key: case.bytes("ak_pub"),
            registers: values("sha256", &pcrs["sha256"]),
            certificates: vec![],
            roots: vec![],
            now: 0,
        }
    }

    /// One of Google's three quotes, with public area and certificates.
    pub fn of_google(case: &Case, bank: &str) -> Self {
        let quotes = case.fields()["quotes"].as_array().unwrap();
        let fields = quotes.iter().find(|quote| quote["bank"] == bank).unwrap();
        let root = Certificate::parse(case.bytes("ak_cert_root"), "root").unwrap();
        Self {
            quote: case.bytes(&format!("quote_{bank}_msg")),
            signature: case.bytes(&format!("quote_{bank}_sig")),
            key: case.bytes("ak_tpmt_public"),
            registers: values(bank, &fields["pcrs"]),
            certificates: ["ak_cert", "ak_cert_issuer", "ak_cert_root"]
                .map(|role| case.bytes(role))
                .to_vec(),
            roots: vec![Root {
                certificate: root.fingerprint(),
                key: root.key_fingerprint(),
                lab: false,
            }],
            now: case.now(),
        }
    }

    /// Verifies it.
    pub fn verify(&self, cache: &mut Cache) -> Result<VerifiedQuote, Refusal> {
        let anchors: Vec<Vec<u8>> = self.roots.iter().map(anchor).collect();
        let fields: [&[u8]; 8] = [
            &self.quote,
            &self.signature,
            &self.key,
            &list(&self.registers),
            &list(&self.certificates),
            &[],
            &list(&anchors),
            &self.now.to_be_bytes(),
        ];
        verify_framed(&frame::write(&fields).unwrap(), cache)
    }

    /// Code of the refusal; empty where it verifies.
    pub fn code(&self) -> &'static str {
        let answer = self.verify(&mut Cache::default());
        answer.err().map_or("", |refusal| refusal.code())
    }
}

/// Google's case.
pub fn google(corpus: &Corpus) -> Case {
    let mut all = corpus.cases_of(&["gcp"]).into_iter();
    all.find(|case| case.has("ak_tpmt_public")).unwrap()
}

/// All cases with one quote and a key alone.
pub fn bare(corpus: &Corpus) -> Vec<Case> {
    let all = corpus.cases_of(&["tpm-quote", "azure-snp", "azure-tdx"]);
    all.into_iter()
        .filter(|case| case.has("tpm_quote_msg"))
        .collect()
}

/// A root of Google's that signed nothing here.
pub fn other_root() -> Root {
    let der = read("anchors/google/gcp_ek_ak_ca_root.crt");
    let root = Certificate::parse(der, "root").unwrap();
    Root {
        certificate: root.fingerprint(),
        key: root.key_fingerprint(),
        lab: false,
    }
}
