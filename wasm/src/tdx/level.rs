//! Levels of TCB info and QE identity.

use crate::answer::Refusal;
use crate::json::members::{Members, small};
use crate::json::string::string;
use crate::json::write::object;
use crate::moment;
use crate::tdx::codes::Code;
use crate::tdx::json_value::{date, list};
use crate::tdx::status::TcbStatus;
use core::ops::RangeInclusive;

/// How many levels a list has. Intel's have up to 20.
pub const LEVELS: RangeInclusive<usize> = 1..=64;
/// How many advisories a level has. Intel's have up to 20.
const ADVISORIES: RangeInclusive<usize> = 0..=64;
/// Longest name of an advisory; Intel's have 14 characters, as `INTEL-SA-00837`.
const MAX_ADVISORY: usize = 32;

/// A level: what must be reached, and what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level<T> {
    /// What must be reached.
    pub tcb: T,
    /// When it was the newest, seconds since 1970.
    pub tcb_date: u64,
    /// Its status.
    pub tcb_status: TcbStatus,
    /// Advisories that affect it.
    pub advisory_ids: Vec<String>,
}

/// What a level of a module or of a quoting enclave demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnclaveTcb {
    /// Least SVN.
    pub isvsvn: u16,
}

/// The level that something reached, as the TypeScript type of the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReachedLevel {
    /// Its status.
    pub status: TcbStatus,
    /// Its date, ISO 8601.
    pub tcb_date: String,
    /// Its advisories, in the document's order.
    pub advisory_ids: Vec<String>,
}

object!(ReachedLevel {
    status,
    tcb_date,
    advisory_ids
});

impl EnclaveTcb {
    fn read(text: &str) -> Result<Self, String> {
        let mut members = Members::of(text)?;
        let isvsvn = members.read("isvsvn", small)?;
        members.finish()?;
        Ok(Self { isvsvn })
    }
}

impl Level<EnclaveTcb> {
    /// Reads a level of a module or of a quoting enclave.
    ///
    /// # Errors
    /// The reason, for a person.
    pub fn read(text: &str) -> Result<Self, String> {
        Self::read_with(text, EnclaveTcb::read)
    }
}

impl<T> Level<T> {
    /// Reads a level, and what it demands as said.
    ///
    /// # Errors
    /// The reason, for a person.
    pub fn read_with(text: &str, tcb: fn(&str) -> Result<T, String>) -> Result<Self, String> {
        let mut members = Members::of(text)?;
        let advisory_ids = members.read_some("advisoryIDs", |text| list(text, &ADVISORIES, string));
        let level = Self {
            tcb: members.read("tcb", tcb)?,
            tcb_date: members.read("tcbDate", date)?,
            tcb_status: members.read("tcbStatus", TcbStatus::read)?,
            advisory_ids: advisory_ids?.unwrap_or_default(),
        };
        members.finish()?;
        Ok(level)
    }

    /// Refuses a revoked level, which `what` reached.
    ///
    /// # Errors
    /// `tdx.tcb_revoked`
    pub fn check_in_force(&self, what: &'static str) -> Result<(), Refusal> {
        if self.tcb_status != TcbStatus::Revoked {
            return Ok(());
        }
        Err(Refusal::from(Code::TcbRevoked)
            .with("what", what)
            .with("tcbDate", moment::text(self.tcb_date)))
    }

    /// The level as it leaves the engine.
    #[must_use]
    pub fn reached(&self) -> ReachedLevel {
        ReachedLevel {
            status: self.tcb_status,
            tcb_date: moment::text(self.tcb_date),
            advisory_ids: self.advisory_ids.clone(),
        }
    }
}

/// Names of advisories are shown and compared with a policy's, so they have to look like names.
///
/// # Errors
/// The reason, for a person.
pub fn check_advisories<T>(levels: &[Level<T>]) -> Result<(), String> {
    let mut all = levels.iter().flat_map(|level| &level.advisory_ids);
    if all.all(|id| is_advisory(id)) {
        return Ok(());
    }
    Err(String::from("an advisory's name has the wrong form"))
}

fn is_advisory(id: &str) -> bool {
    let is_known = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=MAX_ADVISORY).contains(&id.len()) && id.bytes().all(is_known)
}

/// First level that an SVN reaches; levels stand newest first (PCS, "Get TDX TCB Info").
#[must_use]
pub fn find(levels: &[Level<EnclaveTcb>], svn: u16) -> Option<&Level<EnclaveTcb>> {
    levels.iter().find(|level| level.tcb.isvsvn <= svn)
}

/// Lowest SVN that reaches any level, for a person.
#[must_use]
pub fn lowest(levels: &[Level<EnclaveTcb>]) -> String {
    let lowest = levels.iter().map(|level| level.tcb.isvsvn).min();
    lowest.map_or_else(String::new, |svn| format!("at least {svn}"))
}

#[cfg(test)]
mod tests {
    use super::{EnclaveTcb, Level, find, is_advisory, lowest};
    use crate::tdx::status::TcbStatus;

    fn levels(svns: &[u16]) -> Vec<Level<EnclaveTcb>> {
        let level = |isvsvn: &u16| Level {
            tcb: EnclaveTcb { isvsvn: *isvsvn },
            tcb_date: 0,
            tcb_status: TcbStatus::UpToDate,
            advisory_ids: vec![],
        };
        svns.iter().map(level).collect()
    }

    #[test]
    fn tdx_09_find_takes_the_first_that_is_not_higher() {
        let levels = levels(&[8, 6, 2]);
        let found = |svn: u16| find(&levels, svn).map(|level| level.tcb.isvsvn);
        assert_eq!(found(u16::MAX), Some(8));
        assert_eq!(found(8), Some(8));
        assert_eq!(found(7), Some(6));
        assert_eq!(found(2), Some(2));
        assert_eq!(found(1), None);
        assert_eq!(lowest(&levels), "at least 2");
    }

    #[test]
    fn advisories_look_like_names() {
        for id in ["INTEL-SA-00837", "A", "0", &"A".repeat(32)] {
            assert!(is_advisory(id), "{id}");
        }
        for id in [
            "",
            "intel-sa-00837",
            "INTEL SA",
            "INTEL-SA-00837\n",
            "Ä",
            &"A".repeat(33),
        ] {
            assert!(!is_advisory(id), "{id}");
        }
    }
}
