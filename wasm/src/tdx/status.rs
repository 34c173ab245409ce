//! TCB statuses and how they converge.

use crate::tdx::json;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// TCB status, as the TypeScript type of the same name (PCS, "Get TDX TCB Info").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names are Intel's; the documentation of the PCS says what each means.
pub enum TcbStatus {
    UpToDate,
    SwHardeningNeeded,
    ConfigurationNeeded,
    ConfigurationAndSwHardeningNeeded,
    OutOfDate,
    OutOfDateConfigurationNeeded,
    TdRelaunchAdvised,
    TdRelaunchAdvisedConfigurationNeeded,
    Revoked,
}

/// Statuses that a level of a document may have. Relaunch is advised by a
/// verifier alone, so a document that says it is not one of Intel's.
const OF_LEVELS: [TcbStatus; 7] = [
    TcbStatus::UpToDate,
    TcbStatus::SwHardeningNeeded,
    TcbStatus::ConfigurationNeeded,
    TcbStatus::ConfigurationAndSwHardeningNeeded,
    TcbStatus::OutOfDate,
    TcbStatus::OutOfDateConfigurationNeeded,
    TcbStatus::Revoked,
];

impl TcbStatus {
    /// Intel's name of it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UpToDate => "UpToDate",
            Self::SwHardeningNeeded => "SWHardeningNeeded",
            Self::ConfigurationNeeded => "ConfigurationNeeded",
            Self::ConfigurationAndSwHardeningNeeded => "ConfigurationAndSWHardeningNeeded",
            Self::OutOfDate => "OutOfDate",
            Self::OutOfDateConfigurationNeeded => "OutOfDateConfigurationNeeded",
            Self::TdRelaunchAdvised => "TDRelaunchAdvised",
            Self::TdRelaunchAdvisedConfigurationNeeded => "TDRelaunchAdvisedConfigurationNeeded",
            Self::Revoked => "Revoked",
        }
    }

    /// Whether Intel lists something newer that closes a hole.
    #[must_use]
    pub const fn is_out_of_date(self) -> bool {
        matches!(self, Self::OutOfDate | Self::OutOfDateConfigurationNeeded)
    }

    /// Whether the platform's configuration leaves a hole open.
    #[must_use]
    pub const fn needs_configuration(self) -> bool {
        matches!(
            self,
            Self::ConfigurationNeeded
                | Self::ConfigurationAndSwHardeningNeeded
                | Self::OutOfDateConfigurationNeeded
                | Self::TdRelaunchAdvisedConfigurationNeeded
        )
    }

    const fn needs_hardening(self) -> bool {
        matches!(
            self,
            Self::SwHardeningNeeded | Self::ConfigurationAndSwHardeningNeeded
        )
    }

    const fn advises_relaunch(self) -> bool {
        matches!(
            self,
            Self::TdRelaunchAdvised | Self::TdRelaunchAdvisedConfigurationNeeded
        )
    }

    /// Status of two parts together: whatever is wrong with either is wrong
    /// with both. Revoked hides everything else; out of date hides an advised
    /// relaunch, and both hide a needed hardening of software.
    ///
    /// For a second part that is `UpToDate`, `OutOfDate` or `Revoked`, which
    /// are all that the PCS documents for modules and quoting enclaves, this is
    /// the convergence that Intel specifies for its verification library.
    #[must_use]
    pub const fn converge(self, other: Self) -> Self {
        let configuration = self.needs_configuration() || other.needs_configuration();
        if matches!(self, Self::Revoked) || matches!(other, Self::Revoked) {
            Self::Revoked
        } else if self.is_out_of_date() || other.is_out_of_date() {
            Self::out_of_date(configuration)
        } else if self.advises_relaunch() || other.advises_relaunch() {
            Self::relaunch_advised(configuration)
        } else {
            match (
                configuration,
                self.needs_hardening() || other.needs_hardening(),
            ) {
                (false, false) => Self::UpToDate,
                (false, true) => Self::SwHardeningNeeded,
                (true, false) => Self::ConfigurationNeeded,
                (true, true) => Self::ConfigurationAndSwHardeningNeeded,
            }
        }
    }

    const fn out_of_date(needs_configuration: bool) -> Self {
        if needs_configuration {
            Self::OutOfDateConfigurationNeeded
        } else {
            Self::OutOfDate
        }
    }

    /// A relaunch is advised, and a configuration perhaps needed.
    #[must_use]
    pub const fn relaunch_advised(needs_configuration: bool) -> Self {
        if needs_configuration {
            Self::TdRelaunchAdvisedConfigurationNeeded
        } else {
            Self::TdRelaunchAdvised
        }
    }
}

impl Serialize for TcbStatus {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for TcbStatus {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        json::named(from, OF_LEVELS, Self::as_str)
    }
}
