//! Documents and facts that fit each other, the newest of everything.

use crate::tree;
use casemate_core::answer::Refusal;
use casemate_core::tdx::evaluation::{Facts, ModuleFacts, QeFacts, TcbEvaluation, evaluate};
use casemate_core::tdx::qe_identity::QeIdentity;
use casemate_core::tdx::tcb_info::TcbInfo;
use serde_json::{Value, json};

/// SVNs of the newest level's SGX half.
pub const SGX: [u8; 16] = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 1, 2, 3, 4, 5, 6];
/// SVNs of the newest level's TDX half.
pub const TDX: [u8; 16] = [5, 0, 8, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1];
/// Signer of the TDX module; zero for Intel's own, which would hide a missing comparison.
pub const MODULE_SIGNER: [u8; 48] = [0xA1; 48];
/// Signer of the quoting enclave.
pub const QE_SIGNER: [u8; 32] = [0xE5; 32];
/// Attributes of the quoting enclave: INIT, 64 bit, PROVISION_KEY, then XFRM.
pub const QE_ATTRIBUTES: [u8; 16] = [0x15, 0, 0, 0, 0, 0, 0, 0, 0xE7, 0, 0, 0, 0, 0, 0, 0];

/// Documents and facts.
#[derive(Clone)]
pub struct Sample {
    pub info: Value,
    pub identity: Value,
    pub facts: Facts,
}

fn components(svns: [u8; 16]) -> Value {
    let component = |svn| json!({"svn": svn, "category": "BIOS", "type": "Microcode \"late\" }"});
    svns.map(component).to_vec().into()
}

/// A level of the platform.
pub fn level(sgx: [u8; 16], pce: u16, tdx: Option<[u8; 16]>, status: &str) -> Value {
    let mut tcb = json!({"sgxtcbcomponents": components(sgx), "pcesvn": pce});
    if let Some(tdx) = tdx {
        tcb["tdxtcbcomponents"] = components(tdx);
    }
    json!({"tcb": tcb, "tcbDate": "2025-01-01T00:00:00Z", "tcbStatus": status})
}

/// A level of a module or quoting enclave.
pub fn enclave_level(svn: u16, status: &str) -> Value {
    json!({"tcb": {"isvsvn": svn}, "tcbDate": "2025-02-02T00:00:00Z", "tcbStatus": status})
}

/// An identity of the TDX module.
pub fn module(id: &str, levels: &[Value]) -> Value {
    let mut module = signer();
    module["id"] = id.into();
    module["tcbLevels"] = levels.to_vec().into();
    module
}

fn signer() -> Value {
    json!({
        "mrsigner": "a1".repeat(48),
        "attributes": "00000000000000C0",
        "attributesMask": "FFFFFFFFFFFFFFFE",
    })
}

fn info(id: &str, levels: Vec<Value>) -> Value {
    json!({
        "id": id,
        "version": 3,
        "issueDate": "2025-06-01T00:00:00Z",
        "nextUpdate": "2025-07-01T00:00:00Z",
        "fmspc": "00906ED50000",
        "pceId": "0a0B",
        "tcbType": 0,
        "tcbEvaluationDataNumber": 17,
        "tcbLevels": levels,
    })
}

fn identity(id: &str) -> Value {
    json!({
        "id": id,
        "version": 2,
        "issueDate": "2025-06-02T00:00:00Z",
        "nextUpdate": "2025-07-02T00:00:00Z",
        "tcbEvaluationDataNumber": 17,
        "miscselect": "04030200",
        "miscselectMask": "FFFFFF00",
        "attributes": "11000000000000000000000000000000",
        "attributesMask": "FBFFFFFFFFFFFFFF0000000000000000",
        "mrsigner": "e5".repeat(32),
        "isvprodid": 2,
        "tcbLevels": [
            enclave_level(8, "UpToDate"),
            enclave_level(6, "OutOfDate"),
            enclave_level(3, "Revoked"),
        ],
    })
}

impl Sample {
    /// TDX 1.5 with a module of version 1.
    pub fn tdx() -> Self {
        let mut info = info(
            "TDX",
            vec![
                level(SGX, 13, Some(TDX), "UpToDate"),
                level([0; 16], 11, Some([0; 16]), "OutOfDate"),
                level([0; 16], 5, Some([0; 16]), "Revoked"),
            ],
        );
        info["tdxModule"] = signer();
        info["tdxModuleIdentities"] = json!([
            module("TDX_03", &[enclave_level(3, "UpToDate")]),
            module(
                "TDX_01",
                &[
                    enclave_level(6, "UpToDate"),
                    enclave_level(4, "OutOfDate"),
                    enclave_level(2, "Revoked"),
                ],
            ),
        ]);
        let mut tee_tcb_svn = TDX;
        tee_tcb_svn[..2].copy_from_slice(&[6, 1]);
        Self {
            info,
            identity: identity("TD_QE"),
            facts: Facts {
                components: SGX,
                pce_svn: 13,
                module: Some(ModuleFacts {
                    tee_tcb_svn,
                    tee_tcb_svn2: Some(tee_tcb_svn),
                    mr_signer_seam: MODULE_SIGNER,
                    seam_attributes: [0, 0, 0, 0, 0, 0, 0, 0xC1],
                }),
                qe: QeFacts {
                    misc_select: [4, 3, 2, 1],
                    attributes: QE_ATTRIBUTES,
                    mr_signer: QE_SIGNER,
                    isv_prod_id: 2,
                    isv_svn: 8,
                },
            },
        }
    }

    /// TDX with a module of version 0.
    pub fn tdx_version_0() -> Self {
        let mut sample = Self::tdx();
        sample.module().tee_tcb_svn = TDX;
        sample.module().tee_tcb_svn2 = Some(TDX);
        sample
    }

    /// SGX.
    pub fn sgx() -> Self {
        let mut sample = Self::tdx();
        sample.facts.module = None;
        sample.identity = identity("QE");
        sample.info = info(
            "SGX",
            vec![
                level(SGX, 13, None, "UpToDate"),
                level([0; 16], 11, None, "OutOfDate"),
                level([0; 16], 5, None, "Revoked"),
            ],
        );
        sample
    }

    /// Facts of the TDX module.
    pub fn module(&mut self) -> &mut ModuleFacts {
        self.facts.module.as_mut().unwrap()
    }

    /// Sets a status, by the JSON pointer of its level in TCB info.
    pub fn set_info_status(&mut self, level: &str, status: &str) {
        self.info.pointer_mut(level).unwrap()["tcbStatus"] = status.into();
    }

    /// Sets the status of a level of the QE identity.
    pub fn set_qe_status(&mut self, level: usize, status: &str) {
        self.identity["tcbLevels"][level]["tcbStatus"] = status.into();
    }

    /// Judges the platform.
    pub fn evaluate(&self) -> Result<TcbEvaluation, Refusal> {
        let info = TcbInfo::parse(self.info.to_string().as_bytes()).unwrap();
        let identity = QeIdentity::parse(self.identity.to_string().as_bytes()).unwrap();
        evaluate(&info, &identity, &self.facts)
    }

    /// The judgement as JSON.
    pub fn judge(&self) -> Value {
        tree(&self.evaluate().unwrap())
    }

    /// The status alone.
    pub fn status(&self) -> &'static str {
        self.evaluate().unwrap().status.as_str()
    }

    /// Code and one field of the refusal.
    pub fn refusal(&self, field: &str) -> (&'static str, String) {
        let refusal = self.evaluate().unwrap_err();
        let field = refusal.field(field).unwrap_or_default();
        (refusal.code(), String::from(field))
    }
}

#[test]
fn newest_of_everything_is_up_to_date() {
    let reached = |date: &str| json!({"status": "UpToDate", "tcbDate": date, "advisoryIds": []});
    let with = |mut value: Value, more: Value| {
        value
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        value
    };
    let platform = with(reached("2025-01-01T00:00:00Z"), json!({"level": 0}));
    let enclave = |more: Value| with(reached("2025-02-02T00:00:00Z"), more);
    let mut expected = json!({
        "status": "UpToDate",
        "tcbDate": "2025-01-01T00:00:00Z",
        "advisoryIds": [],
        "sgx": platform,
        "platform": platform,
        "module": enclave(json!({"id": "TDX_01", "isvSvn": 6})),
        "qe": enclave(json!({"isvSvn": 8})),
    });
    assert_eq!(Sample::tdx().judge(), expected);
    expected["module"] = Value::Null;
    assert_eq!(Sample::tdx_version_0().judge(), expected);
    assert_eq!(Sample::sgx().judge(), expected);
}

#[test]
fn documents_and_facts_of_different_tees_are_a_bug() {
    let (tdx, sgx) = (Sample::tdx(), Sample::sgx());
    for facts in [(&tdx, &sgx), (&sgx, &tdx)] {
        let mixed = Sample {
            facts: facts.1.facts.clone(),
            ..facts.0.clone()
        };
        assert!(matches!(mixed.evaluate(), Err(Refusal::Bug(_))));
    }
}
