//! Whether a TDX module is one that TCB info describes, and the level that it
//! reaches.

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

/// Compares the module that launched the TD with what TCB info says of its
/// version: version 0 is described apart.
///
/// # Errors
/// `tdx.module_unknown`, `tdx.module_mismatch`
pub fn check_signer(info: &TcbInfo, module: &ModuleFacts) -> Result<(), Refusal> {
    let version = version_of(module.tee_tcb_svn);
    if version == 0 {
        let expected = info.tdx_module.ok_or_else(|| unknown(version))?;
        return check(&expected, module, version);
    }
    check(&find_identity(info, version)?.signer, module, version)
}

/// The level that a module reaches. Version 0 has none of its own: its SVN is a
/// component of the platform.
///
/// # Errors
/// `tdx.module_unknown`, `tdx.module_level_not_found`
pub fn find_level(
    info: &TcbInfo,
    tee_tcb_svn: [u8; 16],
) -> Result<Option<FoundModule<'_>>, Refusal> {
    let [isv_svn, version, ..] = tee_tcb_svn;
    if version == 0 {
        return Ok(None);
    }
    let identity = find_identity(info, version)?;
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

const fn version_of(tee_tcb_svn: [u8; 16]) -> u8 {
    let [_, version, ..] = tee_tcb_svn;
    version
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
