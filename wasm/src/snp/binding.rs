//! That a report and a leaf belong together (56860 §3.8, 57230 §3).

use crate::answer::Refusal;
use crate::hex;
use crate::json::write::names;
use crate::snp::chain::Chain;
use crate::snp::codes::Code;
use crate::snp::leaf::{Form, Leaf};
use crate::snp::report::{Report, SigningKey};

/// How report and leaf name the chip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChipBinding {
    /// The VCEK names the chip in the report.
    Matches,
    /// The report's chip id is zero: the host masks it.
    Masked,
    /// A VLEK names no chip.
    NotInCertificate,
}

names!(ChipBinding {
    Matches: "matches",
    Masked: "masked",
    NotInCertificate: "not-in-certificate",
});

/// The report must have been signed, by the kind of key that the leaf is.
///
/// # Errors
/// `snp.unsigned`, `snp.key_type_mismatch`
pub fn check_key_type(report: &Report, leaf: &Leaf) -> Result<(), Refusal> {
    check_signed(report)?;
    let named = match report.signing_key {
        SigningKey::Vcek => Form::Vcek,
        SigningKey::Vlek => Form::Vlek,
        SigningKey::None => return Err(Refusal::from(Code::Unsigned)),
    };
    if named == leaf.form {
        return Ok(());
    }
    Err(Refusal::from(Code::KeyTypeMismatch)
        .with("report", named.name())
        .with("leaf", leaf.form.name()))
}

/// Refuses a report that the platform did not sign.
///
/// # Errors
/// `snp.unsigned`
pub fn check_signed(report: &Report) -> Result<(), Refusal> {
    if report.is_signed() {
        return Ok(());
    }
    let reason = if report.mask_chip_key {
        "MASK_CHIP_KEY is set"
    } else {
        "the signing key is NONE"
    };
    Err(Refusal::from(Code::Unsigned).with("reason", reason))
}

/// Product name of the leaf and processor of the report must be of the root's line.
///
/// # Errors
/// `snp.product_mismatch`
pub fn check_product(report: &Report, chain: &Chain) -> Result<(), Refusal> {
    if !chain.line.has_product(&chain.leaf.product_name) {
        return Err(Refusal::from(Code::ProductMismatch)
            .with("root", chain.line.name)
            .with("leaf", chain.leaf.product_name.as_str()));
    }
    match report.cpuid {
        Some(cpuid) if !chain.line.has_processor(cpuid.family, cpuid.model) => {
            let actual = format!(
                "CPUID family {:#04x}, model {:#04x}",
                cpuid.family, cpuid.model
            );
            Err(Refusal::from(Code::ProductMismatch)
                .with("root", chain.line.name)
                .with("report", actual))
        }
        _ => Ok(()),
    }
}

/// The key was derived for the TCB that the report claims, in every component.
///
/// # Errors
/// `snp.tcb_mismatch`
pub fn check_tcb(report: &Report, leaf: &Leaf) -> Result<(), Refusal> {
    if report.reported_tcb == leaf.tcb {
        return Ok(());
    }
    Err(Refusal::from(Code::TcbMismatch)
        .with("report", report.reported_tcb.text())
        .with("leaf", leaf.tcb.text()))
}

/// The key was derived for the chip that the report names. On Turin the chip id
/// is 8 bytes, followed by zeros in the report.
///
/// # Errors
/// `snp.chip_id_mismatch`
pub fn check_chip(report: &Report, leaf: &Leaf) -> Result<ChipBinding, Refusal> {
    let Some(hwid) = &leaf.hwid else {
        return Ok(ChipBinding::NotInCertificate);
    };
    if report.chip_id.0 == [0; 64] {
        return Ok(ChipBinding::Masked);
    }
    let chip_id = hex::encode(&report.chip_id.0);
    let rest = chip_id.strip_prefix(hwid.as_str());
    if rest.is_some_and(|rest| rest.bytes().all(|digit| digit == b'0')) {
        return Ok(ChipBinding::Matches);
    }
    Err(Refusal::from(Code::ChipIdMismatch)
        .with("report", chip_id)
        .with("leaf", hwid.as_str()))
}
