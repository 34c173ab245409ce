//! Guest policy: what the guest's owner demanded at launch (56860 §4.3).

use crate::answer::Refusal;
use crate::hex::Word;
use crate::json::write::object;
use crate::snp::codes::Code;

/// POLICY, as the TypeScript type of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuestPolicy {
    /// The whole field.
    pub raw: Word,
    /// Bits 15:8, lowest ABI major version.
    pub abi_major: u8,
    /// Bits 7:0, lowest ABI minor version.
    pub abi_minor: u8,
    /// Bit 16.
    pub smt: bool,
    /// Bit 18.
    pub migrate_ma: bool,
    /// Bit 19.
    pub debug: bool,
    /// Bit 20.
    pub single_socket: bool,
    /// Bit 21.
    pub cxl_allowed: bool,
    /// Bit 22.
    pub mem_aes256_xts: bool,
    /// Bit 23.
    pub rapl_disabled: bool,
    /// Bit 24.
    pub ciphertext_hiding_dram: bool,
    /// Bit 25.
    pub page_swap_disabled: bool,
}

object!(GuestPolicy {
    raw,
    abi_major,
    abi_minor,
    smt,
    migrate_ma,
    debug,
    single_socket,
    cxl_allowed,
    mem_aes256_xts,
    rapl_disabled,
    ciphertext_hiding_dram,
    page_swap_disabled,
});

impl GuestPolicy {
    /// Reads the field.
    ///
    /// # Errors
    /// `snp.policy_malformed`: bit 17 is zero or one of bits 26 to 63 is one.
    pub fn read(raw: u64) -> Result<Self, Refusal> {
        let bit = |number: u32| raw >> number & 1 == 1;
        if !bit(17) || raw >> 26 != 0 {
            return Err(Refusal::from(Code::PolicyMalformed)
                .with("expected", "bit 17 one and bits 26 to 63 zero")
                .with("actual", Word(raw).text()));
        }
        let [abi_minor, abi_major, ..] = raw.to_le_bytes();
        Ok(Self {
            raw: Word(raw),
            abi_major,
            abi_minor,
            smt: bit(16),
            migrate_ma: bit(18),
            debug: bit(19),
            single_socket: bit(20),
            cxl_allowed: bit(21),
            mem_aes256_xts: bit(22),
            rapl_disabled: bit(23),
            ciphertext_hiding_dram: bit(24),
            page_swap_disabled: bit(25),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::GuestPolicy;

    #[test]
    fn read_takes_the_version_apart() {
        let policy = GuestPolicy::read(0x3_0a1f).unwrap();
        assert_eq!((policy.abi_major, policy.abi_minor), (0x0a, 0x1f));
        assert!(policy.smt && !policy.debug && !policy.migrate_ma);
    }

    #[test]
    fn snp_16_read_refuses_reserved_bits() {
        assert!(GuestPolicy::read(0x1_0000).is_err(), "bit 17 is zero");
        assert!(GuestPolicy::read(0x3ff_0000).is_ok(), "all known bits");
        for bit in 26..64 {
            let refusal = GuestPolicy::read(0x3_0000 | 1 << bit).unwrap_err();
            assert_eq!(refusal.code(), "snp.policy_malformed", "bit {bit}");
        }
    }
}
