//! TCB statuses and how they converge.

use crate::json::write::{Json, Writer};
use crate::tdx::json_value;

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
    /// Reads the status of a level.
    ///
    /// # Errors
    /// The reason, for a person.
    pub fn read(text: &str) -> Result<Self, String> {
        json_value::named(text, &OF_LEVELS, Self::as_str)
    }

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

impl Json for TcbStatus {
    fn write(&self, to: &mut Writer) {
        to.string(self.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::{OF_LEVELS, TcbStatus};
    use crate::json::write;
    use TcbStatus::{
        ConfigurationAndSwHardeningNeeded as ConfigurationAndHardening,
        ConfigurationNeeded as Configuration, OutOfDate,
        OutOfDateConfigurationNeeded as OutOfDateConfiguration, Revoked,
        SwHardeningNeeded as Hardening, TdRelaunchAdvised as Relaunch,
        TdRelaunchAdvisedConfigurationNeeded as RelaunchConfiguration, UpToDate,
    };

    const ALL: [TcbStatus; 9] = [
        UpToDate,
        Hardening,
        Configuration,
        ConfigurationAndHardening,
        OutOfDate,
        OutOfDateConfiguration,
        Relaunch,
        RelaunchConfiguration,
        Revoked,
    ];

    /// Each status with each of `ALL`, in its order.
    #[rustfmt::skip]
    const PAIRS: [[TcbStatus; 9]; 9] = [
        ALL,
        [
            Hardening, Hardening, ConfigurationAndHardening, ConfigurationAndHardening,
            OutOfDate, OutOfDateConfiguration, Relaunch, RelaunchConfiguration, Revoked,
        ],
        [
            Configuration, ConfigurationAndHardening, Configuration, ConfigurationAndHardening,
            OutOfDateConfiguration, OutOfDateConfiguration,
            RelaunchConfiguration, RelaunchConfiguration, Revoked,
        ],
        [
            ConfigurationAndHardening, ConfigurationAndHardening, ConfigurationAndHardening,
            ConfigurationAndHardening, OutOfDateConfiguration, OutOfDateConfiguration,
            RelaunchConfiguration, RelaunchConfiguration, Revoked,
        ],
        [
            OutOfDate, OutOfDate, OutOfDateConfiguration, OutOfDateConfiguration,
            OutOfDate, OutOfDateConfiguration, OutOfDate, OutOfDateConfiguration, Revoked,
        ],
        [
            OutOfDateConfiguration, OutOfDateConfiguration, OutOfDateConfiguration,
            OutOfDateConfiguration, OutOfDateConfiguration, OutOfDateConfiguration,
            OutOfDateConfiguration, OutOfDateConfiguration, Revoked,
        ],
        [
            Relaunch, Relaunch, RelaunchConfiguration, RelaunchConfiguration,
            OutOfDate, OutOfDateConfiguration, Relaunch, RelaunchConfiguration, Revoked,
        ],
        [
            RelaunchConfiguration, RelaunchConfiguration, RelaunchConfiguration,
            RelaunchConfiguration, OutOfDateConfiguration, OutOfDateConfiguration,
            RelaunchConfiguration, RelaunchConfiguration, Revoked,
        ],
        [Revoked; 9],
    ];

    #[test]
    fn tdx_08_converge_loses_nothing_of_either() {
        for (one, row) in ALL.into_iter().zip(PAIRS) {
            for (other, expected) in ALL.into_iter().zip(row) {
                assert_eq!(one.converge(other), expected, "{one:?} with {other:?}");
                assert_eq!(other.converge(one), expected, "{other:?} with {one:?}");
            }
        }
    }

    #[test]
    fn names_are_intels() {
        let written = write::text(&ALL);
        assert_eq!(
            written,
            r#"["UpToDate","SWHardeningNeeded","ConfigurationNeeded","ConfigurationAndSWHardeningNeeded","OutOfDate","OutOfDateConfigurationNeeded","TDRelaunchAdvised","TDRelaunchAdvisedConfigurationNeeded","Revoked"]"#
        );
        for status in OF_LEVELS {
            assert_eq!(TcbStatus::read(&write::text(&status)), Ok(status));
        }
    }

    #[test]
    fn other_names_are_no_status_of_a_level() {
        for text in [
            r#""TDRelaunchAdvised""#,
            r#""TDRelaunchAdvisedConfigurationNeeded""#,
            r#""uptodate""#,
            r#""UpToDate ""#,
            r#""""#,
            r#"{"UpToDate":null}"#,
            "0",
            "null",
        ] {
            assert!(TcbStatus::read(text).is_err(), "{text}");
        }
    }
}
