//! The mark of evidence that a lab made under its own root.

use crate::x509::certificate::Certificate;
use crate::x509::extensions;

/// Critical extension of lab certificates, 2.999.67.1, with the value NULL:
/// vendor paths refuse it, the lab path demands it, and no other verifier
/// accepts it. 2.999 is the arc for examples (X.660).
pub const LAB_MARK: [u8; 4] = [0x88, 0x37, 0x43, 0x01];

const NULL: [u8; 2] = [5, 0];

/// Whether a certificate carries the mark in any form, even a wrong one.
#[must_use]
pub fn is_marked(certificate: &Certificate) -> bool {
    extensions::find(certificate.extensions(), &LAB_MARK).is_some()
}

/// Whether a certificate carries the mark as it must be.
#[must_use]
pub fn is_rightly_marked(certificate: &Certificate) -> bool {
    let found = extensions::find(certificate.extensions(), &LAB_MARK);
    found.is_some_and(|mark| mark.critical && mark.value == NULL)
}
