//! A chain that was verified, and the time at which it is in force.

use crate::answer::Refusal;
use crate::moment::{self, Position, Window};
use crate::x509::certificate::CertificateSummary;
use crate::x509::path::Path;

/// How a technology calls a certificate that is not in force.
pub struct ValidityCodes {
    /// Not any more.
    pub expired: &'static str,
    /// Not yet.
    pub not_yet_valid: &'static str,
}

/// Certificates of a path; whether they are in force depends on the time.
pub struct Chain {
    /// From the leaf to the root.
    pub certificates: Vec<CertificateSummary>,
    /// Whether the root is a lab's.
    pub lab: bool,
    windows: Vec<(&'static str, Window)>,
}

impl Chain {
    /// What is kept of a path.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let named = path.named();
        let windows = named.iter().map(|(name, one)| (*name, one.window()));
        Self {
            certificates: named.iter().map(|(_, one)| one.summary()).collect(),
            lab: path.lab,
            windows: windows.collect(),
        }
    }

    /// Refuses a time outside of any certificate's validity, the leaf's first.
    ///
    /// # Errors
    /// Those of `codes`.
    pub fn check_validity(&self, now: u64, codes: &ValidityCodes) -> Result<(), Refusal> {
        for (name, window) in &self.windows {
            let (code, bound, limit) = match window.position(now) {
                Position::Within => continue,
                Position::Before => (codes.not_yet_valid, "notBefore", window.from),
                Position::After => (codes.expired, "notAfter", window.until),
            };
            return Err(Refusal::of_code(code)
                .with("certificate", *name)
                .with(bound, moment::text(limit))
                .with("now", moment::text(now)));
        }
        Ok(())
    }
}
