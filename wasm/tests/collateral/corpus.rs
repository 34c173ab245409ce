//! Collateral and facts of a corpus of real evidence, where there is one beside
//! the repository.

use crate::tree;
use casemate_core::answer::Refusal;
use casemate_core::tdx::document::{Kind, split};
use casemate_core::tdx::evaluation::{Facts, ModuleFacts, QeFacts, TcbEvaluation, evaluate};
use casemate_core::tdx::qe_identity::QeIdentity;
use casemate_core::tdx::tcb_info::TcbInfo;
use serde_json::{Value, json};
use std::path::PathBuf;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/evidence");
/// Statuses in the corpus of a platform that no level of its TCB info fits.
const NO_MATCH: &str = "NO_MATCH";

fn path_of(name: &str) -> PathBuf {
    PathBuf::from(FOLDER).join(name)
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(path_of(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A case with collateral.
struct Case(Value);

impl Case {
    /// All of the corpus; none, and a word about it, where there is no corpus.
    fn all() -> Vec<Self> {
        if !path_of("MANIFEST.json").exists() {
            println!("skipped: no corpus at ../shared/evidence");
            return vec![];
        }
        let manifest: Vec<Value> = serde_json::from_slice(&read("MANIFEST.json")).unwrap();
        let with_collateral = manifest
            .into_iter()
            .filter(|case| case["files"]["tcb_info"].is_string());
        let cases: Vec<Self> = with_collateral.map(Self).collect();
        assert!(cases.len() >= 33, "only {} cases", cases.len());
        cases
    }

    /// Those with published facts.
    fn published() -> Vec<(Self, Value)> {
        let published = Self::all().into_iter().filter_map(|case| {
            let fields = &case.0["expect"]["fields"];
            // The Azure case has those of its quote one level deeper.
            let fields = fields.get("tdx").unwrap_or(fields);
            fields["tcb"]
                .is_object()
                .then(|| fields.clone())
                .map(|fields| (case, fields))
        });
        published.collect()
    }

    fn name(&self) -> String {
        format!("{}/{}", self.0["tech"], self.0["id"])
    }

    fn file(&self, role: &str) -> Vec<u8> {
        read(self.0["files"][role].as_str().unwrap())
    }

    fn info(&self) -> TcbInfo {
        let file = self.file("tcb_info");
        TcbInfo::parse(split(&file, Kind::TcbInfo).unwrap().text).unwrap()
    }

    fn identity(&self) -> QeIdentity {
        let file = self.file("qe_identity");
        QeIdentity::parse(split(&file, Kind::QeIdentity).unwrap().text).unwrap()
    }

    fn evaluate(&self, facts: &Facts) -> Result<TcbEvaluation, Refusal> {
        evaluate(&self.info(), &self.identity(), facts)
    }
}

fn bytes<const N: usize>(value: &Value) -> [u8; N] {
    let text = value.as_str().unwrap();
    assert_eq!(text.len(), 2 * N);
    core::array::from_fn(|index| u8::from_str_radix(&text[2 * index..2 * index + 2], 16).unwrap())
}

fn number(value: &Value) -> u16 {
    value.as_u64().unwrap().try_into().unwrap()
}

fn facts(fields: &Value) -> Facts {
    let (td, qe, pck) = (
        &fields["quote"]["td"],
        &fields["quote"]["qe_report"],
        &fields["quote"]["pck"],
    );
    let components: Vec<u8> = serde_json::from_value(pck["sgx_comps"].clone()).unwrap();
    Facts {
        components: components.try_into().unwrap(),
        pce_svn: number(&pck["pcesvn"]),
        module: td.is_object().then(|| ModuleFacts {
            tee_tcb_svn: bytes(&td["tee_tcb_svn"]),
            tee_tcb_svn2: td.get("tee_tcb_svn2").map(bytes),
            mr_signer_seam: bytes(&td["mr_signer_seam"]),
            seam_attributes: bytes(&td["seam_attributes"]),
        }),
        qe: QeFacts {
            misc_select: bytes(&qe["misc_select"]),
            attributes: bytes(&qe["attributes"]),
            mr_signer: bytes(&qe["mrsigner"]),
            isv_prod_id: number(&qe["isv_prod_id"]),
            isv_svn: number(&qe["isv_svn"]),
        },
    }
}

#[test]
fn every_document_is_read() {
    for case in Case::all() {
        let (info, identity) = (case.info(), case.identity());
        let is_edited = case.name().contains("edited");
        let numbers = (
            info.tcb_evaluation_data_number,
            identity.tcb_evaluation_data_number,
        );
        assert!(
            numbers.0 > 0 && numbers.1 > 0 || is_edited,
            "{}",
            case.name()
        );
    }
}

#[test]
fn heads_are_as_published() {
    for (case, fields) in Case::published() {
        let collateral = &fields["collateral"];
        let info = tree(&case.info().head([0; 32]));
        let identity = tree(&case.identity().head([0; 32]));
        for (ours, theirs) in [(info, "tcb_info"), (identity, "qe_identity")] {
            for (name, expected) in collateral[theirs].as_object().unwrap() {
                let expected = match name.as_str() {
                    "fmspc" => json!(expected.as_str().unwrap().to_lowercase()),
                    _ => expected.clone(),
                };
                assert_eq!(ours[name], expected, "{} {name}", case.name());
            }
        }
    }
}

#[test]
fn platforms_are_judged_as_published() {
    let mut judged = 0;
    for (case, fields) in Case::published() {
        let (name, tcb) = (case.name(), &fields["tcb"]);
        let answer = case.evaluate(&facts(&fields));
        if tcb["status"] == NO_MATCH {
            assert_eq!(
                answer.unwrap_err().code(),
                "tdx.tcb_level_not_found",
                "{name}"
            );
            continue;
        }
        let answer = tree(&answer.unwrap());
        for (ours, theirs) in [
            ("/platform/status", &tcb["status"]),
            ("/platform/level", &tcb["level"]),
            ("/platform/tcbDate", &tcb["tcbDate"]),
            ("/platform/advisoryIds", &tcb["advisories"]),
            ("/qe/status", &fields["qe_status"]),
            ("/qe/isvSvn", &fields["qe_identity"]["isvsvn"]),
            ("/status", &tcb["converged_with_module"]),
        ] {
            assert_eq!(answer.pointer(ours).unwrap(), theirs, "{name} {ours}");
        }
        let module = &tcb["module"];
        for (ours, theirs) in [("id", &module["id"]), ("status", &module["status"])] {
            assert_eq!(answer["module"][ours], *theirs, "{name} {ours}");
        }
        judged += 1;
    }
    assert!(judged >= 8 || judged == 0, "only {judged} were judged");
}

#[test]
fn tdx_03_an_identity_of_the_other_enclave_does_not_fit() {
    let published = Case::published();
    for (case, fields) in &published {
        for (foreign, _) in &published {
            let identity = foreign.identity();
            if identity.id == case.identity().id {
                continue;
            }
            let answer = evaluate(&case.info(), &identity, &facts(fields));
            assert_eq!(answer.unwrap_err().code(), "tdx.qe_mismatch");
        }
    }
}

#[test]
fn tdx_03_every_compared_bit_of_a_genuine_enclave_matters() {
    for (case, fields) in Case::published() {
        let genuine = facts(&fields);
        if case.evaluate(&genuine).is_err() {
            continue;
        }
        let code = |bend: &dyn Fn(&mut QeFacts)| {
            let mut facts = genuine.clone();
            bend(&mut facts.qe);
            case.evaluate(&facts)
                .map_or_else(|refusal| refusal.code(), |_| "")
        };
        let expected = "tdx.qe_mismatch";
        assert_eq!(code(&|qe| qe.mr_signer.reverse()), expected);
        assert_eq!(
            code(&|qe| qe.isv_prod_id = qe.isv_prod_id.swap_bytes()),
            expected
        );
        // INIT, DEBUG, 64 bit: Intel's masks leave out only PROVISION_KEY and XFRM.
        for bit in [0, 1, 3, 4, 5, 7] {
            assert_eq!(
                code(&|qe| qe.attributes[0] ^= 1 << bit),
                expected,
                "bit {bit}"
            );
        }
        assert_eq!(code(&|qe| qe.misc_select[0] ^= 1), expected);
    }
}
