//! What TCB info and QE identity say of a platform: levels, module, quoting enclave, converged status.

use crate::answer::Refusal;
use crate::json::write::object;
use crate::moment;
use crate::tdx::level::{EnclaveTcb, Level, ReachedLevel};
use crate::tdx::platform::{self, Found};
use crate::tdx::qe_identity::QeIdentity;
use crate::tdx::quoting_enclave;
use crate::tdx::status::TcbStatus;
use crate::tdx::tcb_info::{Id, TcbInfo};
use crate::tdx::tdx_module::{self, FoundModule};

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
#[derive(Clone, Debug, PartialEq, Eq)]
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

object!(TcbEvaluation {
    status,
    tcb_date,
    advisory_ids,
    sgx,
    platform,
    module,
    qe
});

/// A level of the platform and its place, counted from the newest.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct PlatformLevel {
    pub reached: ReachedLevel,
    pub level: usize,
}

object!(PlatformLevel { ..reached, level });

/// A TDX module, its SVN and the level that it reached.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ModuleLevel {
    pub reached: ReachedLevel,
    pub id: String,
    pub isv_svn: u8,
}

object!(ModuleLevel { ..reached, id, isv_svn });

/// The quoting enclave's SVN and the level that it reached.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct QeLevel {
    pub reached: ReachedLevel,
    pub isv_svn: u16,
}

object!(QeLevel { ..reached, isv_svn });

/// The levels that were found, and by what.
struct Reached<'a> {
    sgx: Found<'a>,
    qe: &'a Level<EnclaveTcb>,
    launched: Tcb<'a>,
    /// After an update of the TDX module under a living TD; only TDX 1.5 tells.
    running: Option<Tcb<'a>>,
}

/// The levels that one TCB reached: of the platform, and of the TDX module
/// where it has its own.
struct Tcb<'a> {
    platform: Found<'a>,
    module: Option<FoundModule<'a>>,
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
    let reached = Reached::find(info, identity, facts)?;
    reached.check_revoked()?;
    Ok(reached.evaluation(facts.qe.isv_svn))
}

impl<'a> Tcb<'a> {
    fn find(info: &'a TcbInfo, facts: &Facts, tee_tcb_svn: [u8; 16]) -> Result<Self, Refusal> {
        let module = tdx_module::find_level(info, tee_tcb_svn)?;
        let platform = platform::find_level(info, facts, tee_tcb_svn)?;
        Ok(Self { platform, module })
    }

    fn check_revoked(&self) -> Result<(), Refusal> {
        self.platform.level.check_in_force("platform")?;
        if let Some(module) = self.module {
            module.level.check_in_force("module")?;
        }
        Ok(())
    }

    /// Status of platform, module and quoting enclave together.
    fn status(&self, qe: &Level<EnclaveTcb>) -> TcbStatus {
        let module = self.module.map(|found| found.level.tcb_status);
        let platform = self.platform.level.tcb_status;
        platform
            .converge(module.unwrap_or(TcbStatus::UpToDate))
            .converge(qe.tcb_status)
    }

    fn date(&self) -> u64 {
        let platform = self.platform.level.tcb_date;
        self.module
            .map_or(platform, |found| platform.min(found.level.tcb_date))
    }

    fn advisories(&self) -> impl Iterator<Item = &'a String> {
        let module = self.module.map(|found| &found.level.advisory_ids);
        let platform = &self.platform.level.advisory_ids;
        platform.iter().chain(module.into_iter().flatten())
    }
}

impl<'a> Reached<'a> {
    fn find(info: &'a TcbInfo, identity: &'a QeIdentity, facts: &Facts) -> Result<Self, Refusal> {
        let qe = quoting_enclave::find_level(identity, &facts.qe)?;
        let Some(module) = &facts.module else {
            let sgx = platform::find_sgx_level(info, facts)?;
            let launched = Tcb {
                platform: sgx,
                module: None,
            };
            return Ok(Self {
                sgx,
                qe,
                launched,
                running: None,
            });
        };
        tdx_module::check_signer(info, module)?;
        let sgx = platform::find_sgx_level(info, facts)?;
        let launched = Tcb::find(info, facts, module.tee_tcb_svn)?;
        let running = module
            .tee_tcb_svn2
            .map(|svn| Tcb::find(info, facts, svn))
            .transpose()?;
        Ok(Self {
            sgx,
            qe,
            launched,
            running,
        })
    }

    /// What is revoked can be forged, whichever part it is: the SGX half signs
    /// the quoting enclave's report, also of a TD on a platform whose TDX half
    /// is sound; and the module that runs has the TD's memory, whichever
    /// launched it.
    fn check_revoked(&self) -> Result<(), Refusal> {
        self.sgx.level.check_in_force("sgx")?;
        self.launched.check_revoked()?;
        if let Some(running) = &self.running {
            running.check_revoked()?;
        }
        self.qe.check_in_force("qe")
    }

    /// A module may be updated under a living TD. Where the TCB was out of date
    /// when the TD was launched and no longer is, a launch anew helps (Intel's
    /// quote verification library, the check for relaunch); otherwise whatever
    /// is wrong with either TCB counts.
    fn status(&self) -> TcbStatus {
        let launched = self.launched.status(self.qe);
        let Some(running) = &self.running else {
            return launched;
        };
        let running = running.status(self.qe);
        if launched.is_out_of_date() && !running.is_out_of_date() {
            let either = launched.needs_configuration() || running.needs_configuration();
            TcbStatus::relaunch_advised(either)
        } else {
            launched.converge(running)
        }
    }

    fn evaluation(&self, qe_svn: u16) -> TcbEvaluation {
        let tcbs = || {
            [Some(&self.launched), self.running.as_ref()]
                .into_iter()
                .flatten()
        };
        let advisories = tcbs().flat_map(Tcb::advisories);
        let mut advisories: Vec<String> =
            advisories.chain(&self.qe.advisory_ids).cloned().collect();
        advisories.sort_unstable();
        advisories.dedup();
        TcbEvaluation {
            status: self.status(),
            tcb_date: moment::text(tcbs().map(Tcb::date).fold(self.qe.tcb_date, u64::min)),
            advisory_ids: advisories,
            sgx: self.sgx.into(),
            platform: self.launched.platform.into(),
            module: self.launched.module.map(ModuleLevel::from),
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
