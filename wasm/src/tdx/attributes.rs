//! TD attributes: what the host may do to a trust domain (TDX Module ABI Specification, `ATTRIBUTES`).

use crate::hex::Word;
use crate::json::write::object;

/// Bits with a published meaning: 0, 4 to 6, 16, 27 to 31, 62 and 63.
const KNOWN: u64 = 0xC000_0000_F801_0071;

/// `TD_ATTRIBUTES`, as the TypeScript type `TdAttributes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TdAttributes {
    /// The whole field.
    pub raw: Word,
    /// Bit 0.
    pub debug: bool,
    /// Bit 4.
    pub hgs_plus_profiling: bool,
    /// Bit 5.
    pub perf_profiling: bool,
    /// Bit 6.
    pub pmt_profiling: bool,
    /// Bit 16.
    pub icssd: bool,
    /// Bit 27.
    pub lass: bool,
    /// Bit 28.
    pub sept_ve_disable: bool,
    /// Bit 29.
    pub migratable: bool,
    /// Bit 30.
    pub pks: bool,
    /// Bit 31.
    pub key_locker: bool,
    /// Bit 62.
    pub tpa: bool,
    /// Bit 63.
    pub perfmon: bool,
    /// Bits that are reserved; shown here and judged by the policy, since a
    /// newer module may give them a meaning.
    pub reserved_bits: Word,
}

object!(TdAttributes {
    raw,
    debug,
    hgs_plus_profiling,
    perf_profiling,
    pmt_profiling,
    icssd,
    lass,
    sept_ve_disable,
    migratable,
    pks,
    key_locker,
    tpa,
    perfmon,
    reserved_bits,
});

impl TdAttributes {
    /// Reads the field.
    #[must_use]
    pub const fn read(raw: u64) -> Self {
        Self {
            raw: Word(raw),
            debug: raw & 1 != 0,
            hgs_plus_profiling: raw & 1 << 4 != 0,
            perf_profiling: raw & 1 << 5 != 0,
            pmt_profiling: raw & 1 << 6 != 0,
            icssd: raw & 1 << 16 != 0,
            lass: raw & 1 << 27 != 0,
            sept_ve_disable: raw & 1 << 28 != 0,
            migratable: raw & 1 << 29 != 0,
            pks: raw & 1 << 30 != 0,
            key_locker: raw & 1 << 31 != 0,
            tpa: raw & 1 << 62 != 0,
            perfmon: raw & 1 << 63 != 0,
            reserved_bits: Word(raw & !KNOWN),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TdAttributes;
    use crate::json::write;

    #[test]
    fn tdx_14_read_gives_every_bit_one_meaning() {
        for bit in 0..64 {
            let read = write::tree(&TdAttributes::read(1 << bit));
            let members = read.as_object().unwrap();
            let set: Vec<&str> = members
                .iter()
                .filter(|(_, value)| **value == true)
                .map(|(name, _)| name.as_str())
                .collect();
            let expected = match bit {
                0 => "debug",
                4 => "hgsPlusProfiling",
                5 => "perfProfiling",
                6 => "pmtProfiling",
                16 => "icssd",
                27 => "lass",
                28 => "septVeDisable",
                29 => "migratable",
                30 => "pks",
                31 => "keyLocker",
                62 => "tpa",
                63 => "perfmon",
                _ => "",
            };
            assert_eq!(set.join(" "), expected, "bit {bit}");
            let reserved = if expected.is_empty() { 1_u64 << bit } else { 0 };
            assert_eq!(members["reservedBits"], format!("{reserved:#018x}"));
        }
    }
}
