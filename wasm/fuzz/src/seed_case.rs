//! Cases of the vectors and of the corpus: their files, put together as inputs.

use crate::accepted::der_of;
use crate::certificate::{Signed, sha256};
use crate::cloud_seeds;
use crate::moment;
use crate::quote::Quote;
use crate::shape::{Field, Kind};
use crate::tpm_seeds::Files;
use serde_json::Value;
use std::path::Path;

/// Names of files in a case: the vectors' and the corpus's.
const SNP: [[&str; 2]; 3] = [["report"; 2], ["leaf"; 2], ["chainAskArk", "chain_ask_ark"]];
const QUOTE: [[&str; 2]; 2] = [["quote"; 2], ["quote", "td_quote"]];
const COLLATERAL: [[&str; 2]; 5] = [
    ["tcbInfo", "tcb_info"],
    ["qeIdentity", "qe_identity"],
    ["tcbChain", "tcb_chain"],
    ["pckCrl", "pck_crl"],
    ["rootCrl", "root_crl"],
];
const CRL_CHAIN: [&str; 2] = ["pckCrlChain", "pck_crl_chain"];
const IDENTITY: [&str; 3] = ["identityDocument", "identitySignature", "identityCert"];
const HCL: [&str; 2] = ["hclReport", "hcl_report"];

/// A case.
pub struct Case<'a> {
    /// Its folder.
    pub folder: &'a Path,
    /// Paths by the role of a file.
    pub files: &'a Value,
    /// When it is judged.
    pub time: &'a str,
    /// Whether its root is a lab's.
    pub lab: bool,
}

impl Case<'_> {
    /// The file of a role, by its name in vectors and in the corpus.
    ///
    /// # Panics
    /// Where a file is missing.
    #[must_use]
    pub fn file(&self, names: [&str; 2]) -> Option<Vec<u8>> {
        let path = names.iter().find_map(|name| self.files[name].as_str())?;
        Some(std::fs::read(self.folder.join(path)).expect("a file of a case"))
    }

    fn now(&self) -> Field {
        let seconds = moment::seconds(self.time).expect("a time");
        Field::One(Kind::Now, seconds.to_be_bytes().to_vec())
    }

    /// Evidence of SEV-SNP.
    ///
    /// # Panics
    /// Where a file is missing.
    #[must_use]
    pub fn snp(&self) -> Option<Vec<Field>> {
        let [report, leaf, chain] = SNP.map(|names| self.file(names));
        let chain = chain?;
        let crls = self.files["crls"].as_array().map_or(&[][..], Vec::as_slice);
        let crls = crls.iter().filter_map(Value::as_str).map(|path| {
            let file = std::fs::read(self.folder.join(path)).expect("a list of a case");
            Field::One(Kind::RevocationLists, file)
        });
        Some(vec![
            Field::One(Kind::Report, report?),
            Field::One(Kind::Certificates, leaf?),
            Field::One(Kind::Certificates, chain.clone()),
            Field::List(1024, crls.collect()),
            self.anchor(&chain),
            self.now(),
        ])
    }

    /// Evidence of TDX or SGX.
    ///
    /// # Panics
    /// Where a file is missing.
    #[must_use]
    pub fn tdx(&self) -> Option<Vec<Field>> {
        let file = QUOTE.iter().find_map(|names| self.file(*names))?;
        let [info, identity, signers, pck_crl, root_crl] = COLLATERAL.map(|names| self.file(names));
        let chain = self.file(CRL_CHAIN).into_iter();
        let chain = chain.map(|file| Field::One(Kind::Certificates, file));
        let tee = if file.get(4) == Some(&0x81) {
            "TDX"
        } else {
            "SGX"
        };
        let anchor = self.anchor(&Quote::read(&file).map_or_else(Vec::new, |quote| quote.chain));
        Some(vec![
            Field::One(Kind::Tee, tee.into()),
            Field::One(Kind::Quote, file),
            Field::Fields(vec![
                Field::One(Kind::Json, info?),
                Field::One(Kind::Json, identity?),
                Field::One(Kind::Certificates, signers?),
                Field::One(Kind::RevocationLists, pck_crl?),
                Field::One(Kind::RevocationLists, root_crl?),
                Field::List(1, chain.collect()),
            ]),
            anchor,
            self.now(),
        ])
    }

    /// What is of clouds.
    ///
    /// # Panics
    /// Where a file is missing.
    #[must_use]
    pub fn cloud(&self, roots: &[Vec<u8>]) -> cloud_seeds::Files {
        let roots = roots.iter().filter_map(|root| der_of(root)).flatten();
        let anchors = roots.map(|root| self.anchor_of(&root));
        cloud_seeds::Files {
            document: self.file(["document"; 2]),
            lists: self.all(&self.files["documentCrls"]),
            identity: IDENTITY.map(|name| self.file([name; 2])),
            hcl: self.file(HCL),
            runtime: self.file(["runtimeData"; 2]),
            anchors: Field::List(16, anchors.collect()),
            now: self.now(),
        }
    }

    /// All files of a list of paths.
    ///
    /// # Panics
    /// Where a file is missing.
    #[must_use]
    pub fn all(&self, paths: &Value) -> Vec<Vec<u8>> {
        let paths = paths.as_array().into_iter().flatten();
        let paths = paths.filter_map(Value::as_str);
        paths
            .map(|path| std::fs::read(self.folder.join(path)).expect("a file of a case"))
            .collect()
    }

    /// Evidence of a TPM.
    ///
    /// # Panics
    /// Where a file is missing.
    #[must_use]
    pub fn tpm(&self, names: [&str; 4], roots: Vec<Vec<u8>>) -> Option<Files> {
        let [quote, signature, key, certificate] = names.map(|name| self.file([name; 2]));
        let issuers = self.all(&self.files["akCertIssuers"]);
        let anchors = roots.iter().map(|root| self.anchor_of(root));
        let values = self.file(["pcrs"; 2]);
        let values = values.map(|file| serde_json::from_slice(&file).expect("JSON"));
        Some(Files {
            quote: quote?,
            signature: signature?,
            key: key?,
            values: values.unwrap_or_default(),
            certificates: certificate.into_iter().chain(issuers).collect(),
            lists: self.all(&self.files["akCertCrls"]),
            trust: [Some(Field::List(16, anchors.collect())), Some(self.now())],
        })
    }

    /// Pins the last certificate of a chain.
    fn anchor(&self, chain: &[u8]) -> Field {
        Field::List(16, vec![self.anchor_of(chain)])
    }

    fn anchor_of(&self, chain: &[u8]) -> Field {
        let items = der_of(chain).unwrap_or_default();
        let root = items.last().map_or(&[][..], Vec::as_slice);
        let key = Signed::read(root).map(|root| sha256(root.key()));
        let parts = vec![
            Field::One(Kind::Label, Vec::new()),
            Field::One(Kind::Hash, sha256(root).to_vec()),
            Field::One(Kind::Hash, key.unwrap_or_default().to_vec()),
            Field::One(Kind::Flags, vec![self.lab.into()]),
        ];
        Field::Fields(parts)
    }
}
