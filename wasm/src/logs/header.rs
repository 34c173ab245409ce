//! First event of a crypto-agile log (PFP §10.4.5.1): `TCG_EfiSpecIdEvent`.

use crate::answer::Refusal;
use crate::hex::encode;
use crate::logs::algorithm::Algorithm;
use crate::logs::bytes::Bytes;
use crate::logs::codes::Code;
use crate::logs::event::{Header, Registers};
use crate::logs::refuse;
use crate::logs::tcg::Event1;

/// What its data begin with.
pub const SIGNATURE: &[u8] = b"Spec ID Event03\0";
/// Most algorithms of a log. TPM 2.0 implementations have 5 banks at most.
pub const MAX_BANKS: usize = 8;

/// A bank, and how long its digests are.
pub type Bank = (Algorithm, usize);

/// Reads it.
///
/// # Errors
/// `logs.header`, `logs.limit`
pub fn read(event: &Event1<'_>, registers: Registers) -> Result<(Header, Vec<Bank>), Refusal> {
    // Firmware of a TD names the register that stands for PCR 0.
    let index = match registers {
        Registers::Pcr => 0..=0,
        Registers::Rtmr => 0..=1,
    };
    if !index.contains(&event.index) || event.digest != [0; 20] {
        return Err(malformed("it extends a register"));
    }
    let mut data = Bytes(event.data.get(SIGNATURE.len()..).unwrap_or_default());
    let head = (|| Some((data.u32()?, data.array()?, data.u32()?)))();
    let (platform_class, [minor, major, errata, width], count) = head.ok_or_else(short)?;
    if !matches!(width, 1 | 2) {
        return Err(malformed(format!("UINTN has no size {width}")));
    }
    let banks = read_banks(&mut data, count)?;
    let length = data.byte().ok_or_else(short)?;
    let vendor_info = data.take(usize::from(length)).ok_or_else(short)?.to_vec();
    if !data.is_empty() {
        return Err(malformed(format!("it ends with {}", encode(data.0))));
    }
    let header = Header {
        specification: format!("{major}.{minor} errata {errata}"),
        platform_class,
        vendor_info,
    };
    Ok((header, banks))
}

fn read_banks(data: &mut Bytes<'_>, count: u32) -> Result<Vec<Bank>, Refusal> {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    if count == 0 {
        return Err(malformed("it has no bank"));
    }
    // Before anything is allocated: the number is anybody's.
    if count > MAX_BANKS {
        return Err(refuse(Code::Limit, format!("it declares {count} banks")));
    }
    let mut banks: Vec<Bank> = Vec::new();
    for _ in 0..count {
        let algorithm = Algorithm(data.u16().ok_or_else(short)?);
        let size = usize::from(data.u16().ok_or_else(short)?);
        if banks.iter().any(|(known, _)| *known == algorithm) {
            return Err(malformed(format!("{} is there twice", algorithm.name())));
        }
        if !algorithm.allows(size) {
            let name = algorithm.name();
            return Err(malformed(format!("{name} has no digests of {size} bytes")));
        }
        banks.push((algorithm, size));
    }
    Ok(banks)
}

fn short() -> Refusal {
    malformed("it is too short")
}

fn malformed(reason: impl Into<String>) -> Refusal {
    refuse(Code::Header, reason)
}
