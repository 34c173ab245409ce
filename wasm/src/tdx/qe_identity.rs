//! QE identity, version 2: how Intel's quoting enclave looks, and its levels
//! (PCS, "Get SGX QE Identity" and "Get TDX QE Identity").

use crate::answer::Refusal;
use crate::hex::Hex;
use crate::json::members::{Members, small};
use crate::moment::{self, Window};
use crate::tdx::document::{Kind, SignedDocument};
use crate::tdx::json_value::{self, date, hex, list, named};
use crate::tdx::level::{self, EnclaveTcb, LEVELS, Level};

const VERSION: u32 = 2;

/// The enclave that an identity is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Id {
    /// `TD_QE`, which quotes trust domains.
    TdQe,
    /// `QE`, which quotes SGX enclaves.
    Qe,
    /// `QVE`, which verifies quotes and never makes one.
    Qve,
}

/// QE identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QeIdentity {
    /// The enclave that it is of.
    pub id: Id,
    version: u32,
    issue_date: u64,
    next_update: u64,
    /// Number of the TCB recovery.
    pub tcb_evaluation_data_number: u32,
    /// MISCSELECT under the mask, as in memory.
    pub miscselect: [u8; 4],
    /// Which bits are compared.
    pub miscselect_mask: [u8; 4],
    /// ATTRIBUTES under the mask, as in memory.
    pub attributes: [u8; 16],
    /// Which bits are compared.
    pub attributes_mask: [u8; 16],
    /// MRSIGNER.
    pub mrsigner: [u8; 32],
    /// ISVPRODID.
    pub isvprodid: u16,
    /// Levels, newest first.
    pub tcb_levels: Vec<Level<EnclaveTcb>>,
}

impl Id {
    fn read(text: &str) -> Result<Self, String> {
        named(text, &[Self::TdQe, Self::Qe, Self::Qve], Self::as_str)
    }

    /// Intel's name of it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TdQe => "TD_QE",
            Self::Qe => "QE",
            Self::Qve => "QVE",
        }
    }
}

impl QeIdentity {
    /// Reads the signed text.
    ///
    /// # Errors
    /// `tdx.qe_identity_format`
    pub fn parse(text: &[u8]) -> Result<Self, Refusal> {
        let refuse = |reason: String| Kind::QeIdentity.refuse(reason);
        let text =
            core::str::from_utf8(text).map_err(|_| refuse(String::from("it is not UTF-8")))?;
        let identity = Self::read(text).map_err(refuse)?;
        identity.check().map_err(refuse)?;
        Ok(identity)
    }

    fn read(text: &str) -> Result<Self, String> {
        let mut members = Members::of(text)?;
        let identity = Self {
            id: members.read("id", Id::read)?,
            version: members.read("version", small)?,
            issue_date: members.read("issueDate", date)?,
            next_update: members.read("nextUpdate", date)?,
            tcb_evaluation_data_number: members.read("tcbEvaluationDataNumber", small)?,
            miscselect: members.read("miscselect", hex)?,
            miscselect_mask: members.read("miscselectMask", hex)?,
            attributes: members.read("attributes", hex)?,
            attributes_mask: members.read("attributesMask", hex)?,
            mrsigner: members.read("mrsigner", hex)?,
            isvprodid: members.read("isvprodid", small)?,
            tcb_levels: members.read("tcbLevels", |text| list(text, &LEVELS, Level::read))?,
        };
        members.finish()?;
        Ok(identity)
    }

    /// Head, as it leaves the engine.
    #[must_use]
    pub fn head(&self, sha256: [u8; 32]) -> SignedDocument {
        SignedDocument {
            id: self.id.as_str(),
            version: self.version,
            issue_date: moment::text(self.issue_date),
            next_update: moment::text(self.next_update),
            tcb_evaluation_data_number: self.tcb_evaluation_data_number,
            sha256: Hex(sha256),
        }
    }

    /// When it is in force.
    #[must_use]
    pub const fn window(&self) -> Window {
        Window {
            from: self.issue_date,
            until: self.next_update,
        }
    }

    fn check(&self) -> Result<(), String> {
        json_value::check_number("version", self.version, VERSION)?;
        json_value::check_dates(&self.window())?;
        level::check_advisories(&self.tcb_levels)
    }
}
