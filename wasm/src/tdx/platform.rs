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

/// Finds the first level that the SGX half reaches alone. Levels stand newest
/// first (PCS, "Get TDX TCB Info").
///
/// # Errors
/// `tdx.tcb_level_not_found`
pub fn find_sgx_level<'a>(info: &'a TcbInfo, facts: &Facts) -> Result<Found<'a>, Refusal> {
    levels_of(info, facts)
        .next()
        .ok_or_else(|| refuse_sgx(facts))
}

/// Finds the first level that both halves reach.
///
/// # Errors
/// `tdx.tcb_level_not_found`
pub fn find_level<'a>(
    info: &'a TcbInfo,
    facts: &Facts,
    tee_tcb_svn: [u8; 16],
) -> Result<Found<'a>, Refusal> {
    levels_of(info, facts)
        .find(|found| reaches_tdx(tee_tcb_svn, &found.level.tcb))
        .ok_or_else(|| refuse_tdx(tee_tcb_svn))
}

fn levels_of<'a>(info: &'a TcbInfo, facts: &Facts) -> impl Iterator<Item = Found<'a>> {
    let levels = info.tcb_levels.iter().enumerate();
    levels
        .map(|(index, level)| Found { index, level })
        .filter(|found| reaches_sgx(facts, &found.level.tcb))
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
