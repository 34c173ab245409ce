//! Platform information: state of the host (56860 Table 24).

use crate::hex::Word;
use crate::json::write::object;

/// Bits with a published meaning.
const KNOWN: u64 = 0b1011_1111;

/// `PLATFORM_INFO`, as the TypeScript type of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlatformInfo {
    /// The whole field.
    pub raw: Word,
    /// Bit 0.
    pub smt_enabled: bool,
    /// Bit 1.
    pub tsme_enabled: bool,
    /// Bit 2.
    pub ecc_enabled: bool,
    /// Bit 3.
    pub rapl_disabled: bool,
    /// Bit 4.
    pub ciphertext_hiding_dram_enabled: bool,
    /// Bit 5.
    pub alias_check_complete: bool,
    /// Bit 7.
    pub tio_enabled: bool,
    /// Bits set without a published meaning; shown, not refused, since genuine
    /// Turin reports set bit 6.
    pub unknown_bits: Word,
}

object!(PlatformInfo {
    raw,
    smt_enabled,
    tsme_enabled,
    ecc_enabled,
    rapl_disabled,
    ciphertext_hiding_dram_enabled,
    alias_check_complete,
    tio_enabled,
    unknown_bits,
});

impl PlatformInfo {
    /// Reads the field.
    #[must_use]
    pub const fn read(raw: u64) -> Self {
        Self {
            raw: Word(raw),
            smt_enabled: raw & 1 != 0,
            tsme_enabled: raw & 1 << 1 != 0,
            ecc_enabled: raw & 1 << 2 != 0,
            rapl_disabled: raw & 1 << 3 != 0,
            ciphertext_hiding_dram_enabled: raw & 1 << 4 != 0,
            alias_check_complete: raw & 1 << 5 != 0,
            tio_enabled: raw & 1 << 7 != 0,
            unknown_bits: Word(raw & !KNOWN),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PlatformInfo;

    #[test]
    fn read_shows_bits_without_a_meaning() {
        let info = PlatformInfo::read(0x8000_0000_0000_0065);
        assert!(info.smt_enabled && info.ecc_enabled && info.alias_check_complete);
        assert!(!info.tsme_enabled && !info.tio_enabled);
        assert_eq!(info.unknown_bits.0, 0x8000_0000_0000_0040);
    }
}
