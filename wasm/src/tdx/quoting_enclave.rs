//! Whether a quoting enclave is the one that a QE identity describes, and the
//! level that it reaches.

use crate::answer::Refusal;
use crate::hex;
use crate::tdx::codes::Code;
use crate::tdx::evaluation::QeFacts;
use crate::tdx::level::{self, EnclaveTcb, Level};
use crate::tdx::qe_identity::QeIdentity;

/// DEBUG in the first byte of ATTRIBUTES (SGX, SECS.ATTRIBUTES): whoever runs
/// such an enclave reads its keys.
const DEBUG: u8 = 1 << 1;

/// Compares an enclave with the identity and finds its level.
///
/// # Errors
/// `tdx.qe_mismatch`, `tdx.qe_level_not_found`
pub fn find_level<'a>(
    identity: &'a QeIdentity,
    enclave: &QeFacts,
) -> Result<&'a Level<EnclaveTcb>, Refusal> {
    check(identity, enclave)?;
    level::find(&identity.tcb_levels, enclave.isv_svn).ok_or_else(|| {
        Refusal::from(Code::QeLevelNotFound)
            .with("expected", level::lowest(&identity.tcb_levels))
            .with("actual", enclave.isv_svn.to_string())
    })
}

fn check(identity: &QeIdentity, enclave: &QeFacts) -> Result<(), Refusal> {
    let QeFacts {
        misc_select,
        attributes,
        mr_signer,
        ..
    } = enclave;
    // Whatever the mask says, so that no identity lets it pass.
    if attributes.first().is_none_or(|flags| flags & DEBUG != 0) {
        return Err(mismatch("debug", "off", "on"));
    }
    check_masked(
        "miscselect",
        identity.miscselect,
        identity.miscselect_mask,
        *misc_select,
    )?;
    check_masked(
        "attributes",
        identity.attributes,
        identity.attributes_mask,
        *attributes,
    )?;
    check_masked("mrsigner", identity.mrsigner, [0xFF; 32], *mr_signer)?;
    if identity.isvprodid == enclave.isv_prod_id {
        return Ok(());
    }
    let (expected, actual) = (identity.isvprodid, enclave.isv_prod_id);
    Err(mismatch(
        "isvprodid",
        &expected.to_string(),
        &actual.to_string(),
    ))
}

fn check_masked<const N: usize>(
    field: &'static str,
    expected: [u8; N],
    mask: [u8; N],
    actual: [u8; N],
) -> Result<(), Refusal> {
    let actual = masked(actual, mask);
    if actual == expected {
        return Ok(());
    }
    Err(mismatch(
        field,
        &hex::encode(&expected),
        &hex::encode(&actual),
    ))
}

/// Bytes under a mask. The expected value is compared without it: one with a
/// bit outside of its mask fits nothing, which is on the safe side.
#[must_use]
pub fn masked<const N: usize>(mut bytes: [u8; N], mask: [u8; N]) -> [u8; N] {
    for (byte, mask) in bytes.iter_mut().zip(mask) {
        *byte &= mask;
    }
    bytes
}

fn mismatch(field: &'static str, expected: &str, actual: &str) -> Refusal {
    Refusal::from(Code::QeMismatch)
        .with("field", field)
        .with("expected", expected)
        .with("actual", actual)
}
