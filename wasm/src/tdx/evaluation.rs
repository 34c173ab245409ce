//! What TCB info and QE identity say of a platform: levels, module, quoting enclave, converged status.

use crate::answer::Refusal;
use crate::moment;
use crate::tdx::level::{EnclaveTcb, Level, ReachedLevel};
use crate::tdx::platform::{self, Found};
use crate::tdx::qe_identity::QeIdentity;
use crate::tdx::quoting_enclave;
use crate::tdx::status::TcbStatus;
use crate::tdx::tcb_info::{Id, TcbInfo};
use crate::tdx::tdx_module::{self, FoundModule};
use serde::Serialize;
use std::collections::BTreeSet;

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

/// The levels that were found, and by what.
struct Reached<'a> {
    sgx: Found<'a>,
    platform: Found<'a>,
    module: Option<FoundModule<'a>>,
    qe: &'a Level<EnclaveTcb>,
}

/// Judges a platform (PCS, "Get TDX TCB Info"): quoting enclave, TDX module,
/// levels, then their status together.
///
/// # Errors
/// `tdx.qe_mismatch`, `tdx.qe_level_not_found`, `tdx.module_unknown`,
/// `tdx.module_mismatch`, `tdx.module_level_not_found`,
/// `tdx.tcb_level_not_found`, `tdx.tcb_revoked`; a bug where TCB info and facts
/// are of different kinds of TEE.
pub fn evaluate(
    info: &TcbInfo,
    identity: &QeIdentity,
    facts: &Facts,
) -> Result<TcbEvaluation, Refusal> {
    // Judged by the other kind's rules, the TDX half would go unseen.
    if (info.id == Id::Tdx) != facts.module.is_some() {
        return Err(Refusal::bug("TCB info and quote are of different TEEs"));
    }
    let qe = quoting_enclave::find_level(identity, &facts.qe)?;
    let module = match &facts.module {
        Some(module) => tdx_module::find_level(info, module)?,
        None => None,
    };
    let (sgx, platform) = platform::find_levels(info, facts)?;
    let reached = Reached {
        sgx,
        platform,
        module,
        qe,
    };
    reached.check_revoked()?;
    let status = reached.status(info, facts)?;
    Ok(reached.evaluation(status, facts.qe.isv_svn))
}

impl Reached<'_> {
    /// What is revoked can be forged, whichever part it is: the SGX half signs
    /// the quoting enclave's report, also of a TD on a platform whose TDX half
    /// is sound.
    fn check_revoked(&self) -> Result<(), Refusal> {
        self.sgx.level.check_in_force("sgx")?;
        self.platform.level.check_in_force("platform")?;
        if let Some(module) = self.module {
            module.level.check_in_force("module")?;
        }
        self.qe.check_in_force("qe")
    }

    /// Status of platform, module and quoting enclave together.
    fn status(&self, info: &TcbInfo, facts: &Facts) -> Result<TcbStatus, Refusal> {
        let module = self.module.map(|found| found.level.tcb_status);
        let module = module.unwrap_or(TcbStatus::UpToDate);
        let platform = self.platform.level.tcb_status.converge(module);
        let platform = match facts.module.as_ref().and_then(|module| module.tee_tcb_svn2) {
            Some(running) if self.may_relaunch() && tdx_module::is_newest(info, running)? => {
                let sgx = self.sgx.level.tcb_status;
                let configuration = sgx.needs_configuration() || platform.needs_configuration();
                TcbStatus::relaunch_advised(configuration)
            }
            _ => platform,
        };
        Ok(platform.converge(self.qe.tcb_status))
    }

    /// Whether of all that a relaunch cannot change nothing is out of date, but
    /// the TDX module was when the TD was launched. Then a newer one that was
    /// loaded since serves a TD that is launched anew (the check for relaunch of
    /// Intel's quote verification library).
    fn may_relaunch(&self) -> bool {
        let module = self.module.map(|found| found.level.tcb_status);
        module == Some(TcbStatus::OutOfDate)
            && !self.sgx.level.tcb_status.is_out_of_date()
            && !self.qe.tcb_status.is_out_of_date()
    }

    fn evaluation(&self, status: TcbStatus, qe_svn: u16) -> TcbEvaluation {
        let platform = self.platform.level;
        let module = self.module.map(|found| found.level);
        let enclaves = || [module, Some(self.qe)].into_iter().flatten();
        let dates = enclaves().map(|level| level.tcb_date);
        let advisories = enclaves().flat_map(|level| &level.advisory_ids);
        let advisories: BTreeSet<_> = advisories.chain(&platform.advisory_ids).collect();
        TcbEvaluation {
            status,
            tcb_date: moment::text(dates.fold(platform.tcb_date, u64::min)),
            advisory_ids: advisories.into_iter().cloned().collect(),
            sgx: self.sgx.into(),
            platform: self.platform.into(),
            module: self.module.map(ModuleLevel::from),
            qe: QeLevel {
                reached: self.qe.reached(),
                isv_svn: qe_svn,
            },
        }
    }
}

impl From<Found<'_>> for PlatformLevel {
    fn from(found: Found<'_>) -> Self {
        Self {
            reached: found.level.reached(),
            level: found.index,
        }
    }
}

impl From<FoundModule<'_>> for ModuleLevel {
    fn from(found: FoundModule<'_>) -> Self {
        Self {
            reached: found.level.reached(),
            id: found.identity.id.clone(),
            isv_svn: found.isv_svn,
        }
    }
}
