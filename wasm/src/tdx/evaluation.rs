//! What TCB info and QE identity say of a platform: levels, module, quoting enclave, converged status.

use crate::answer::Refusal;
use crate::tdx::level::ReachedLevel;
use crate::tdx::qe_identity::QeIdentity;
use crate::tdx::status::TcbStatus;
use crate::tdx::tcb_info::TcbInfo;
use serde::Serialize;

/// What the PCK certificate and the quote say of the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// SVNs of the SGX half, of the PCK certificate.
    pub components: [u8; 16],
    /// SVN of the PCE, of the PCK certificate.
    pub pce_svn: u16,
    /// The TDX module, of the TD report; none for SGX.
    pub module: Option<ModuleFacts>,
    /// The quoting enclave, of its report.
    pub qe: QeFacts,
}

/// What a TD report says of the TDX module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleFacts {
    /// `TEE_TCB_SVN`: when the TD was launched.
    pub tee_tcb_svn: [u8; 16],
    /// `TEE_TCB_SVN_2`: now; only in TDX 1.5.
    pub tee_tcb_svn2: Option<[u8; 16]>,
    /// `MRSIGNERSEAM`.
    pub mr_signer_seam: [u8; 48],
    /// `SEAMATTRIBUTES`.
    pub seam_attributes: [u8; 8],
}

/// What the report of a quoting enclave says of it; byte strings as in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QeFacts {
    /// `MISCSELECT`.
    pub misc_select: [u8; 4],
    /// `ATTRIBUTES`.
    pub attributes: [u8; 16],
    /// `MRSIGNER`.
    pub mr_signer: [u8; 32],
    /// `ISVPRODID`.
    pub isv_prod_id: u16,
    /// `ISVSVN`.
    pub isv_svn: u16,
}

/// Judgement, as the TypeScript type of the same name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)] // `src/evidence/tdx/report.ts` documents each field.
pub struct TcbEvaluation {
    pub status: TcbStatus,
    pub tcb_date: String,
    pub advisory_ids: Vec<String>,
    pub sgx: PlatformLevel,
    pub platform: PlatformLevel,
    pub module: Option<ModuleLevel>,
    pub qe: QeLevel,
}

/// A level of the platform and its place, counted from the newest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct PlatformLevel {
    #[serde(flatten)]
    pub reached: ReachedLevel,
    pub level: usize,
}

/// A TDX module, its SVN and the level that it reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct ModuleLevel {
    #[serde(flatten)]
    pub reached: ReachedLevel,
    pub id: String,
    pub isv_svn: u8,
}

/// The quoting enclave's SVN and the level that it reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct QeLevel {
    #[serde(flatten)]
    pub reached: ReachedLevel,
    pub isv_svn: u16,
}

/// Judges a platform.
///
/// # Errors
/// `tdx.qe_mismatch`, `tdx.qe_level_not_found`, `tdx.module_unknown`,
/// `tdx.module_mismatch`, `tdx.module_level_not_found`,
/// `tdx.tcb_level_not_found`, `tdx.tcb_revoked`; a bug where TCB info and facts
/// are of different kinds of TEE.
pub fn evaluate(
    _info: &TcbInfo,
    _identity: &QeIdentity,
    _facts: &Facts,
) -> Result<TcbEvaluation, Refusal> {
    Err(Refusal::bug("not written yet"))
}
