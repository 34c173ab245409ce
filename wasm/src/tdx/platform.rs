//! The levels of TCB info that a platform reaches.

use crate::answer::Refusal;
use crate::hex;
use crate::tdx::codes::Code;
use crate::tdx::evaluation::Facts;
use crate::tdx::level::Level;
use crate::tdx::tcb_info::{PlatformTcb, TcbInfo};

/// A level and its place, counted from the newest.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// Its place.
    pub index: usize,
    /// The level.
    pub level: &'a Level<PlatformTcb>,
}

/// Finds the first level that the SGX half reaches alone, and the first that
/// both halves reach. Levels stand newest first (PCS, "Get TDX TCB Info").
///
/// # Errors
/// `tdx.tcb_level_not_found`
pub fn find_levels<'a>(
    info: &'a TcbInfo,
    facts: &Facts,
) -> Result<(Found<'a>, Found<'a>), Refusal> {
    let levels = info.tcb_levels.iter().enumerate();
    let mut reached = levels
        .map(|(index, level)| Found { index, level })
        .filter(|found| reaches_sgx(facts, &found.level.tcb));
    let sgx = reached.next().ok_or_else(|| refuse_sgx(facts))?;
    let Some(module) = &facts.module else {
        return Ok((sgx, sgx));
    };
    let mut both = core::iter::once(sgx).chain(reached);
    let platform = both
        .find(|found| reaches_tdx(module.tee_tcb_svn, &found.level.tcb))
        .ok_or_else(|| refuse_tdx(module.tee_tcb_svn))?;
    Ok((sgx, platform))
}

fn reaches_sgx(facts: &Facts, level: &PlatformTcb) -> bool {
    let mut components = facts.components.iter().zip(level.sgxtcbcomponents);
    components.all(|(actual, least)| *actual >= least) && facts.pce_svn >= level.pcesvn
}

/// From version 1 of the module on, components 0 and 1 are judged by its own
/// identity and say nothing here.
fn reaches_tdx(tee_tcb_svn: [u8; 16], level: &PlatformTcb) -> bool {
    let Some(least) = level.tdxtcbcomponents else {
        return false;
    };
    let [_, version, ..] = tee_tcb_svn;
    let judged = if version > 0 { 2 } else { 0 };
    let mut components = tee_tcb_svn.iter().zip(least).skip(judged);
    components.all(|(actual, least)| *actual >= least)
}

fn refuse_sgx(facts: &Facts) -> Refusal {
    Refusal::from(Code::TcbLevelNotFound)
        .with("what", "SGX components and PCESVN")
        .with("components", hex::encode(&facts.components))
        .with("pceSvn", facts.pce_svn.to_string())
}

fn refuse_tdx(tee_tcb_svn: [u8; 16]) -> Refusal {
    Refusal::from(Code::TcbLevelNotFound)
        .with("what", "TDX components")
        .with("teeTcbSvn", hex::encode(&tee_tcb_svn))
}
