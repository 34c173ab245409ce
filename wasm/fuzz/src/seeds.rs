//! Inputs to start from: the minted vectors, and real evidence where there is a
//! folder of it beside the repository.

use crate::gce_seeds;
use crate::log_seeds;
use crate::nitro::Document;
use crate::operation::{self, Operation};
use crate::pem;
use crate::quote::Quote;
use crate::seed_case::Case;
use crate::shape::{self, Field, Kind, Shape};
use crate::table;
use crate::tpm_seeds::{Files, Seed};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors");
const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/evidence");

/// Quote, signature, key, certificate.
const TPM: [&str; 4] = ["tpmQuoteMsg", "tpmQuoteSig", "akPub", "akCert"];
const REAL_TPM: [&str; 4] = ["tpm_quote_msg", "tpm_quote_sig", "ak_pub", "ak_cert"];

/// Vectors of clouds.
const CLOUDS: [&str; 5] = [
    "nitro-enclave",
    "aws-nitro-tpm",
    "aws-sev-snp",
    "azure-sev-snp",
    "azure-tdx",
];

/// Evidence with all that belongs to it.
#[derive(Default)]
pub struct Seeds {
    /// The operation that verifies it, and its fields.
    pub evidence: Vec<(&'static Operation, Vec<Field>)>,
}

impl Seeds {
    /// The minted vectors.
    ///
    /// # Panics
    /// Where they are not what they should be.
    #[must_use]
    pub fn minted() -> Self {
        let mut seeds = Self::default();
        for technology in ["sev-snp", "tdx"] {
            for folder in folders(&Path::new(VECTORS).join(technology)) {
                let plain = read_json(&folder.join("case.json"));
                seeds.add(&Case {
                    folder: &folder,
                    files: &plain["files"],
                    time: plain["time"].as_str().expect("a case has a time"),
                    lab: true,
                });
            }
        }
        for folder in folders(&Path::new(VECTORS).join("tpm")) {
            seeds.add_tpm(&folder);
        }
        for (registers, log) in log_seeds::minted() {
            seeds.add_log(registers, log);
        }
        for variant in CLOUDS {
            for folder in folders(&Path::new(VECTORS).join(variant)) {
                let plain = read_json(&folder.join("case.json"));
                let case = Case {
                    folder: &folder,
                    files: &plain["files"],
                    time: plain["time"].as_str().expect("a case has a time"),
                    lab: true,
                };
                // What is wrong with an instance of AWS is mostly not wrong with its documents.
                if plain["code"].is_null() || !variant.starts_with("aws-") {
                    let roots = case.all(&plain["labRoots"]);
                    seeds.add_all(case.cloud(&roots).seeds());
                }
            }
        }
        seeds.add_all(gce_seeds::minted());
        seeds
    }

    fn add_all(&mut self, seeds: impl IntoIterator<Item = Seed>) {
        for (name, fields) in seeds {
            let operation = operation::find(name).expect("an operation of this name");
            self.evidence.push((operation, fields));
        }
    }

    fn add_log(&mut self, registers: &str, log: Vec<u8>) {
        let fields = vec![
            Field::One(Kind::Registers, registers.into()),
            Field::One(Kind::EventLog, log),
        ];
        let operation = operation::find("event_log").expect("an operation of this name");
        self.evidence.push((operation, fields));
    }

    /// A case of the vectors; in other forms, too, where it is sound.
    fn add_tpm(&mut self, folder: &Path) {
        let plain = read_json(&folder.join("case.json"));
        let case = Case {
            folder,
            files: &plain["files"],
            time: plain["time"].as_str().expect("a case has a time"),
            lab: true,
        };
        let roots = case.all(&plain["labRoots"]);
        let Some(files) = case.tpm(TPM, roots) else {
            return;
        };
        let forms = plain["code"].is_null().then(|| files.forms());
        self.add_all(files.seeds());
        self.add_all(forms.into_iter().flatten());
    }

    /// Quotes of a case of the corpus.
    fn add_real_tpm(&mut self, case: &Case<'_>, quotes: &Value) {
        let mut all: Vec<Files> = case.tpm(REAL_TPM, vec![]).into_iter().collect();
        for quote in quotes.as_array().into_iter().flatten() {
            let bank = quote["bank"].as_str().expect("a bank");
            let [message, signature] = ["msg", "sig"].map(|part| format!("quote_{bank}_{part}"));
            let names = [message.as_str(), &signature, "ak_tpmt_public", "ak_cert"];
            let root = case.file(["ak_cert_root"; 2]).expect("a root");
            let found = case.tpm(names, vec![root.clone()]);
            let mut files = found.expect("a quote with its certificate");
            files.values = serde_json::json!({ bank: quote["pcrs"] });
            let issuer = case.file(["ak_cert_issuer"; 2]).expect("an issuer");
            files.certificates.extend([issuer, root]);
            all.push(files);
        }
        self.add_all(all.iter().flat_map(Files::seeds));
    }

    /// The vectors, and the corpus where it is there.
    ///
    /// # Panics
    /// Where they are not what they should be.
    #[must_use]
    pub fn all() -> Self {
        let mut seeds = Self::minted();
        let folder = Path::new(CORPUS);
        if !folder.join("MANIFEST.json").exists() {
            eprintln!("no corpus at ../shared/evidence: vectors alone are the seeds");
            return seeds;
        }
        let manifest = read_json(&folder.join("MANIFEST.json"));
        for plain in manifest.as_array().expect("a list of cases") {
            let files = &plain["files"];
            for (role, registers) in [("event_log", "ANY"), ("ccel", "RTMR")] {
                if let Some(path) = files[role].as_str() {
                    let log = std::fs::read(folder.join(path)).expect("a log of a case");
                    seeds.add_log(registers, log);
                }
            }
            let time = plain["verify_at"].as_str();
            let case = Case {
                folder,
                files,
                time: time.unwrap_or("1970-01-01T00:00:00Z"),
                lab: false,
            };
            if time.is_some() {
                seeds.add(&case);
            }
            seeds.add_real_tpm(&case, &plain["expect"]["fields"]["quotes"]);
            let root: Vec<Vec<u8>> = case.file(["root"; 2]).into_iter().collect();
            seeds.add_all(case.cloud(&root).seeds());
            if let Some(certificate) = case.file(["ak_cert"; 2]) {
                let field = Field::One(Kind::Certificates, certificate.clone());
                let asked = gce_seeds::extension(&certificate, "1.3.6.1.4.1.11129.2.1.21");
                seeds.add_all([("gce_instance", vec![field]), ("x509_extension", asked)]);
            }
        }
        seeds
    }

    /// Inputs of an operation.
    #[must_use]
    pub fn inputs(&self, operation: &Operation) -> Vec<Vec<u8>> {
        let mut inputs = BTreeSet::new();
        for (known, fields) in &self.evidence {
            if known.name == operation.name {
                inputs.insert(shape::write(fields));
            } else if let ([Shape::One(kind)], true) = (operation.fields, feeds(known, operation)) {
                let files = parts(fields).into_iter();
                let files = files.filter(|(found, _)| stands_for(*found, *kind));
                inputs.extend(files.map(|(_, file)| shape::write(&[Field::One(*kind, file)])));
            }
        }
        inputs.into_iter().collect()
    }

    fn add(&mut self, case: &Case<'_>) {
        let found = case.snp().map(|fields| ("snp_verify", fields));
        let found = found.or_else(|| case.tdx().map(|fields| ("tdx_verify", fields)));
        if let Some((name, fields)) = found {
            let operation = operation::find(name).expect("an operation of this name");
            self.evidence.push((operation, fields));
        }
    }
}

/// Certificates of others are none of a platform's, and few are of an instance.
fn feeds(known: &Operation, operation: &Operation) -> bool {
    let is_platform = |name: &str| name.starts_with("snp_") || name.starts_with("tdx_");
    match operation.name {
        "gce_instance" => false,
        name => is_platform(known.name) || !is_platform(name),
    }
}

/// A revocation list can stand where certificates are described.
fn stands_for(found: Kind, wanted: Kind) -> bool {
    found == wanted || (found == Kind::RevocationLists && wanted == Kind::Certificates)
}

/// Files of evidence, also apart and as PEM, and what they make together.
fn parts(fields: &[Field]) -> Vec<(Kind, Vec<u8>)> {
    let mut fields = fields.to_vec();
    let mut leaves = Vec::new();
    shape::leaves(&mut fields, &mut leaves);
    let mut all = Vec::new();
    let mut certificates = Vec::new();
    for (kind, file) in leaves {
        let chain = Quote::read(file).map_or_else(Vec::new, |quote| quote.chain);
        if kind == Kind::Nitro {
            let certificates = Document::read(file).map(|document| document.certificates());
            let found = certificates.unwrap_or_default().into_iter();
            all.extend(found.map(|der| (Kind::Certificates, der)));
        }
        let items = match kind {
            Kind::Quote => pem::items(&chain),
            Kind::Certificates | Kind::RevocationLists => pem::items(file),
            _ => None,
        };
        let mut items = items.unwrap_or_default();
        for item in &mut items {
            all.push((Kind::Certificates, item.der.clone()));
            item.label = Some("CERTIFICATE".to_owned());
        }
        if kind == Kind::Certificates {
            certificates.extend(items.iter().map(|item| item.der.clone()));
        }
        all.push((Kind::Certificates, pem::file(&items)));
        all.push((kind, file.clone()));
    }
    all.push((Kind::Table, table::write(&certificates)));
    all
}

fn folders(within: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(within).expect("a folder of vectors");
    let mut all: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    all.sort();
    all
}

fn read_json(path: &Path) -> Value {
    let file = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&file).expect("JSON")
}

#[cfg(test)]
mod tests {
    use super::Seeds;
    use crate::accepted::bytes;
    use crate::operation;

    #[test]
    fn minted_seeds_every_operation() {
        let seeds = Seeds::minted();
        assert!(seeds.evidence.len() >= 100);
        for operation in &operation::ALL {
            let inputs = seeds.inputs(operation);
            let is_accepted = |input: &&Vec<u8>| (operation.run)(input).starts_with("{\"ok\"");
            let accepted = inputs.iter().filter(is_accepted).count();
            assert!(accepted >= 3, "{}: {accepted}", operation.name);
        }
        let (_, fields) = &seeds.evidence[0];
        assert_eq!(bytes(&fields[0]).len(), 1184);
    }
}
