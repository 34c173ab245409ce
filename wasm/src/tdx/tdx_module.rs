//! Whether a TDX module is one that TCB info describes, the level that it
//! reaches, and whether a newer one runs since.

use crate::answer::Refusal;
use crate::hex;
use crate::tdx::codes::Code;
use crate::tdx::evaluation::ModuleFacts;
use crate::tdx::level::{self, EnclaveTcb, Level};
use crate::tdx::quoting_enclave::masked;
use crate::tdx::tcb_info::{ModuleIdentity, TcbInfo, TdxModule};

/// An identity and its level that a module reached.
#[derive(Clone, Copy, Debug)]
pub struct FoundModule<'a> {
    /// The identity.
    pub identity: &'a ModuleIdentity,
    /// The level.
    pub level: &'a Level<EnclaveTcb>,
    /// The module's own SVN.
    pub isv_svn: u8,
}

/// Parts of `TEE_TCB_SVN` that say which TDX module it is.
struct ModuleSvn {
    isv_svn: u8,
    version: u8,
    microcode: u8,
}

impl ModuleSvn {
    const fn of(tee_tcb_svn: [u8; 16]) -> Self {
        let [isv_svn, version, microcode, ..] = tee_tcb_svn;
        Self {
            isv_svn,
            version,
            microcode,
        }
    }
}

/// Compares a module with TCB info and finds its level. Version 0 has none of
/// its own: its SVN is a component of the platform.
///
/// # Errors
/// `tdx.module_unknown`, `tdx.module_mismatch`, `tdx.module_level_not_found`
pub fn find_level<'a>(
    info: &'a TcbInfo,
    module: &ModuleFacts,
) -> Result<Option<FoundModule<'a>>, Refusal> {
    let ModuleSvn {
        isv_svn, version, ..
    } = ModuleSvn::of(module.tee_tcb_svn);
    if version == 0 {
        let expected = info.tdx_module.ok_or_else(|| unknown(version))?;
        check(&expected, module, version)?;
        return Ok(None);
    }
    let identity = find_identity(info, version)?;
    check(&identity.signer(), module, version)?;
    let level = level::find(&identity.tcb_levels, u16::from(isv_svn)).ok_or_else(|| {
        Refusal::from(Code::ModuleLevelNotFound)
            .with("module", identity.id.as_str())
            .with("expected", level::lowest(&identity.tcb_levels))
            .with("actual", isv_svn.to_string())
    })?;
    Ok(Some(FoundModule {
        identity,
        level,
        isv_svn,
    }))
}

fn find_identity(info: &TcbInfo, version: u8) -> Result<&ModuleIdentity, Refusal> {
    info.module(version).ok_or_else(|| unknown(version))
}

fn unknown(version: u8) -> Refusal {
    Refusal::from(Code::ModuleUnknown).with("module", ModuleIdentity::name_of(version))
}

fn check(expected: &TdxModule, module: &ModuleFacts, version: u8) -> Result<(), Refusal> {
    let mismatch = |field: &str, expected: &[u8], actual: &[u8]| {
        Refusal::from(Code::ModuleMismatch)
            .with("module", ModuleIdentity::name_of(version))
            .with("field", field)
            .with("expected", hex::encode(expected))
            .with("actual", hex::encode(actual))
    };
    if module.mr_signer_seam != expected.mrsigner {
        return Err(mismatch(
            "mrsigner",
            &expected.mrsigner,
            &module.mr_signer_seam,
        ));
    }
    let attributes = masked(module.seam_attributes, expected.attributes_mask);
    if attributes != expected.attributes {
        return Err(mismatch("attributes", &expected.attributes, &attributes));
    }
    Ok(())
}

/// Whether the module that runs now is the newest that Intel lists, so that a
/// TD which is launched anew stands on it.
///
/// # Errors
/// `tdx.module_unknown`
pub fn is_newest(info: &TcbInfo, tee_tcb_svn2: [u8; 16]) -> Result<bool, Refusal> {
    let running = ModuleSvn::of(tee_tcb_svn2);
    let newest = info.tcb_levels.first();
    let Some(newest) = newest.and_then(|level| level.tcb.tdxtcbcomponents) else {
        return Ok(false);
    };
    let newest = ModuleSvn::of(newest);
    let isv_svn = if running.version == 0 {
        Some(u16::from(newest.isv_svn))
    } else {
        let levels = &find_identity(info, running.version)?.tcb_levels;
        levels.first().map(|level| level.tcb.isvsvn)
    };
    let is_newest_module = isv_svn.is_some_and(|svn| u16::from(running.isv_svn) >= svn);
    Ok(is_newest_module && running.microcode >= newest.microcode)
}
