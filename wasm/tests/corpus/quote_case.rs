//! Cases with a quote of a trust domain or an enclave.

use crate::case::{Case, Corpus, Root, anchor, read};
use casemate_core::answer::Refusal;
use casemate_core::frame;
use casemate_core::tdx::verify::{Cache, Evidence, verify_framed};
use casemate_core::x509::certificate::Certificate;
use casemate_core::x509::encoding::{self, MAX_CERTIFICATE_BYTES, Place};

const TECHNOLOGIES: [&str; 2] = ["tdx", "sgx"];
/// Cases of clouds whose quotes stand for themselves.
const OF_CLOUDS: [&str; 2] = ["gcp/tdx-cos113-ccel", "azure-tdx/tdx-lunal-live"];

/// Files of a case, to be judged as they are or bent.
#[derive(Clone)]
pub struct Files {
    /// `TDX` or `SGX`.
    pub tee: &'static str,
    /// Quote.
    pub quote: Vec<u8>,
    /// TCB info, QE identity, TCB chain, PCK CRL, root CRL.
    pub collateral: [Vec<u8>; 5],
    /// Chain of the PCK CRL.
    pub crl_chain: Option<Vec<u8>>,
    /// Pinned root.
    pub root: Root,
    /// Whether collateral is given at all.
    pub with_collateral: bool,
}

/// Intel's root, out of the corpus.
pub fn intel_root() -> Root {
    let place = Place {
        name: "anchor",
        kind: None,
        limit: MAX_CERTIFICATE_BYTES,
    };
    let [root] = encoding::exactly(&read("anchors/intel/sgx_root_ca.pem"), &place).unwrap();
    let root = Certificate::parse(root, "anchor").unwrap();
    Root {
        certificate: root.fingerprint(),
        key: root.key_fingerprint(),
        lab: false,
    }
}

/// All cases with a quote.
pub fn cases(corpus: &Corpus) -> Vec<Case> {
    let clouds = corpus.cases_of(&["gcp", "azure-tdx"]).into_iter();
    let clouds = clouds.filter(|case| OF_CLOUDS.contains(&case.name().as_str()));
    let mut all = corpus.cases_of(&TECHNOLOGIES);
    all.extend(clouds);
    all
}

/// A case by its name.
pub fn case(corpus: &Corpus, name: &str) -> Case {
    let mut all = cases(corpus).into_iter();
    all.find(|case| case.name() == name).unwrap()
}

impl Files {
    /// The files of a case.
    pub fn of(case: &Case) -> Self {
        let tee = if case.name().starts_with("sgx/") {
            "SGX"
        } else {
            "TDX"
        };
        let quote = ["quote", "td_quote"];
        let quote = quote.into_iter().find(|role| case.has(role)).unwrap();
        let roles = [
            "tcb_info",
            "qe_identity",
            "tcb_chain",
            "pck_crl",
            "root_crl",
        ];
        Self {
            tee,
            quote: case.bytes(quote),
            collateral: roles.map(|role| case.bytes(role)),
            crl_chain: case
                .has("pck_crl_chain")
                .then(|| case.bytes("pck_crl_chain")),
            root: intel_root(),
            with_collateral: true,
        }
    }

    /// The fields of the operation.
    pub fn framed(&self, now: u64) -> Vec<u8> {
        let mut files: Vec<&[u8]> = self.collateral.iter().map(Vec::as_slice).collect();
        let chain: Vec<&[u8]> = self.crl_chain.iter().map(Vec::as_slice).collect();
        let chain = frame::write(&chain).unwrap();
        files.push(&chain);
        let collateral = frame::write(&files).unwrap();
        let anchor = anchor(&self.root);
        let fields = [
            self.tee.as_bytes(),
            &self.quote,
            if self.with_collateral {
                &collateral
            } else {
                &[]
            },
            &frame::write(&[&anchor]).unwrap(),
            &now.to_be_bytes(),
        ];
        frame::write(&fields).unwrap()
    }

    /// Verifies the files.
    pub fn verify(&self, now: u64, cache: &mut Cache) -> Result<Evidence, Refusal> {
        verify_framed(&self.framed(now), cache)
    }

    /// Code of the refusal; empty where they verify.
    pub fn code(&self, now: u64, cache: &mut Cache) -> &'static str {
        let answer = self.verify(now, cache);
        answer.err().map_or("", |refusal| refusal.code())
    }
}
