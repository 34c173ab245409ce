//! Cases of the corpus, read from its `MANIFEST.json`.

use casemate_core::answer::Refusal;
use casemate_core::frame;
use casemate_core::snp::verify::Cache;
use casemate_core::snp::verify::{Evidence, verify_framed};
use casemate_core::x509::certificate::Certificate;
use casemate_core::x509::encoding::{self, MAX_CHAIN_BYTES, Place};
use serde_json::Value;
use std::path::PathBuf;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/evidence");
const TECHNOLOGIES: [&str; 2] = ["snp", "aws-snp"];

/// The corpus.
pub struct Corpus {
    manifest: Vec<Value>,
}

/// One case.
pub struct Case(Value);

/// A root that is pinned for a case.
#[derive(Clone, Debug)]
pub struct Root {
    /// SHA-256 of the certificate.
    pub certificate: [u8; 32],
    /// SHA-256 of the key.
    pub key: [u8; 32],
    /// Whether it is a lab's.
    pub lab: bool,
}

fn path_of(name: &str) -> PathBuf {
    PathBuf::from(FOLDER).join(name)
}

/// Bytes of a file of the corpus.
pub fn read(name: &str) -> Vec<u8> {
    std::fs::read(path_of(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Root of a chain file: its second certificate.
fn root_of(chain: &[u8]) -> Root {
    let place = Place {
        name: "anchor",
        kind: None,
        limit: MAX_CHAIN_BYTES,
    };
    let [_, root] = encoding::exactly(chain, &place).unwrap();
    let root = Certificate::parse(root, "anchor").unwrap();
    Root {
        certificate: root.fingerprint(),
        key: root.key_fingerprint(),
        lab: false,
    }
}

impl Corpus {
    /// Opens the corpus, or says that it is not there.
    pub fn open() -> Option<Self> {
        if !path_of("MANIFEST.json").exists() {
            println!("skipped: no corpus at ../shared/evidence");
            return None;
        }
        let manifest = serde_json::from_slice(&read("MANIFEST.json")).unwrap();
        Some(Self { manifest })
    }

    /// All cases of SEV-SNP.
    pub fn cases(&self) -> Vec<Case> {
        self.cases_of(&TECHNOLOGIES)
    }

    /// All cases of some technologies.
    pub fn cases_of(&self, technologies: &[&str]) -> Vec<Case> {
        let all = self.manifest.iter().cloned().map(Case);
        all.filter(|case| technologies.contains(&case.text("tech")))
            .collect()
    }

    /// The cases that must verify.
    pub fn genuine(&self) -> Vec<Case> {
        let all = self.cases().into_iter();
        all.filter(|case| case.reason().is_none()).collect()
    }

    /// A case by its name.
    pub fn case(&self, name: &str) -> Case {
        let mut all = self.cases().into_iter();
        all.find(|case| case.name() == name).unwrap()
    }

    /// Roots of all chains of AMD in the corpus.
    pub fn vendor_roots(&self) -> Vec<Root> {
        let files = std::fs::read_dir(path_of("anchors/amd")).unwrap();
        let roots = files.map(|file| root_of(&std::fs::read(file.unwrap().path()).unwrap()));
        roots.collect()
    }

    /// Roots to pin for a case: AMD's, or the one that the case says to trust.
    pub fn roots(&self, case: &Case) -> Vec<Root> {
        if case.0.pointer("/params/trusted_root").is_some() {
            vec![root_of(&case.bytes("chain_ask_ark"))]
        } else {
            self.vendor_roots()
        }
    }

    /// Verifies a case at its own time.
    pub fn verify(&self, case: &Case, cache: &mut Cache) -> Result<Evidence, Refusal> {
        self.verify_at(case, case.now(), cache)
    }

    /// Verifies a case at another time.
    pub fn verify_at(&self, case: &Case, now: u64, cache: &mut Cache) -> Result<Evidence, Refusal> {
        self.verify_with(case, &self.roots(case), now, cache)
    }

    /// Verifies a case with other roots.
    pub fn verify_with(
        &self,
        case: &Case,
        roots: &[Root],
        now: u64,
        cache: &mut Cache,
    ) -> Result<Evidence, Refusal> {
        let parts = ["report", "leaf", "chain_ask_ark"].map(|role| case.bytes(role));
        let parts = parts.each_ref().map(Vec::as_slice);
        verify_framed(&input(parts, roots, now), cache)
    }

    /// Verifies other bytes (report, leaf, chain) as a case's.
    pub fn judge_with(
        &self,
        case: &Case,
        parts: [&[u8]; 3],
        roots: &[Root],
        cache: &mut Cache,
    ) -> Result<Evidence, Refusal> {
        verify_framed(&input(parts, roots, case.now()), cache)
    }
}

fn input(parts: [&[u8]; 3], roots: &[Root], now: u64) -> Vec<u8> {
    let roots: Vec<Vec<u8>> = roots.iter().map(anchor).collect();
    let roots: Vec<&[u8]> = roots.iter().map(Vec::as_slice).collect();
    let [report, leaf, chain] = parts;
    let fields = [
        report,
        leaf,
        chain,
        &[],
        &frame::write(&roots).unwrap(),
        &now.to_be_bytes(),
    ];
    frame::write(&fields).unwrap()
}

/// The root as an anchor of the boundary.
pub fn anchor(root: &Root) -> Vec<u8> {
    let flags = [u8::from(root.lab)];
    frame::write(&[&[], &root.certificate, &root.key, &flags]).unwrap()
}

impl Case {
    fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap()
    }

    /// Technology and id.
    pub fn name(&self) -> String {
        format!("{}/{}", self.text("tech"), self.text("id"))
    }

    /// Why it must be refused; `None` where it must verify.
    pub fn reason(&self) -> Option<&str> {
        let expect = &self.0["expect"];
        match expect["verdict"].as_str() {
            Some("valid") => None,
            Some("invalid") => Some(expect["reason"].as_str().unwrap()),
            other => panic!("{}: verdict {other:?}", self.name()),
        }
    }

    /// Whether signatures and chains hold even where it must be refused.
    pub fn is_genuine(&self) -> bool {
        self.0["expect"]["crypto_valid"] == true
    }

    /// Whether it has a file of a role.
    pub fn has(&self, role: &str) -> bool {
        self.0["files"].get(role).is_some()
    }

    /// Published fields.
    pub fn fields(&self) -> &Value {
        &self.0["expect"]["fields"]
    }

    /// Bytes of a file by its role.
    pub fn bytes(&self, role: &str) -> Vec<u8> {
        read(self.0["files"][role].as_str().unwrap())
    }

    /// Time of verification.
    pub fn now(&self) -> u64 {
        let date: der::DateTime = self.text("verify_at").parse().unwrap();
        date.unix_duration().as_secs()
    }
}
