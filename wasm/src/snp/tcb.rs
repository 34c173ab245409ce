//! TCB versions: one security version number per firmware component.

use crate::hex::Hex;
use crate::json::write::object;

/// Where the components stand in the eight bytes (56860 §2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Milan and Genoa: boot loader, TEE, four reserved bytes, SNP, microcode.
    Milan,
    /// Turin and later: FMC, boot loader, TEE, SNP, three reserved bytes, microcode.
    Turin,
}

/// A `TCB_VERSION`, as the TypeScript type of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tcb {
    /// Firmware of the secure microcontroller; only in the Turin layout.
    pub fmc: Option<u8>,
    /// Boot loader of the AMD Secure Processor.
    pub bootloader: u8,
    /// Operating system of the AMD Secure Processor.
    pub tee: u8,
    /// SNP firmware.
    pub snp: u8,
    /// Lowest microcode patch level of all cores.
    pub microcode: u8,
    /// The eight bytes as they stand in memory.
    pub raw: Hex<8>,
}

object!(Tcb {
    fmc,
    bootloader,
    tee,
    snp,
    microcode,
    raw
});

impl Tcb {
    /// Reads the eight bytes.
    #[must_use]
    pub const fn read(raw: [u8; 8], layout: Layout) -> Self {
        let (fmc, bootloader, tee, snp, microcode) = match (layout, raw) {
            (Layout::Milan, [bootloader, tee, _, _, _, _, snp, microcode]) => {
                (None, bootloader, tee, snp, microcode)
            }
            (Layout::Turin, [fmc, bootloader, tee, snp, _, _, _, microcode]) => {
                (Some(fmc), bootloader, tee, snp, microcode)
            }
        };
        Self {
            fmc,
            bootloader,
            tee,
            snp,
            microcode,
            raw: Hex(raw),
        }
    }

    /// Whether the bytes that the layout reserves are zero.
    #[must_use]
    pub fn is_reserved_zero(&self) -> bool {
        *self
            == Self::of_parts(
                self.fmc,
                self.bootloader,
                self.tee,
                self.snp,
                self.microcode,
            )
    }

    /// A TCB of its components, in the Turin layout where there is an FMC.
    #[must_use]
    pub const fn of_parts(
        fmc: Option<u8>,
        bootloader: u8,
        tee: u8,
        snp: u8,
        microcode: u8,
    ) -> Self {
        let raw = match fmc {
            None => [bootloader, tee, 0, 0, 0, 0, snp, microcode],
            Some(fmc) => [fmc, bootloader, tee, snp, 0, 0, 0, microcode],
        };
        Self {
            fmc,
            bootloader,
            tee,
            snp,
            microcode,
            raw: Hex(raw),
        }
    }

    /// Components for a person: `bootloader 4, tee 0, snp 24, microcode 219`.
    #[must_use]
    pub fn text(&self) -> String {
        let fmc = self
            .fmc
            .map_or_else(String::new, |fmc| format!("fmc {fmc}, "));
        let Self {
            bootloader,
            tee,
            snp,
            microcode,
            ..
        } = self;
        format!("{fmc}bootloader {bootloader}, tee {tee}, snp {snp}, microcode {microcode}")
    }
}

#[cfg(test)]
mod tests {
    use super::{Layout, Tcb};

    #[test]
    fn snp_05_read_follows_the_layout() {
        let raw = [1, 2, 3, 4, 5, 6, 7, 8];
        let milan = Tcb::read(raw, Layout::Milan);
        assert_eq!(milan.text(), "bootloader 1, tee 2, snp 7, microcode 8");
        let turin = Tcb::read(raw, Layout::Turin);
        assert_eq!(
            turin.text(),
            "fmc 1, bootloader 2, tee 3, snp 4, microcode 8"
        );
    }

    #[test]
    fn is_reserved_zero_sees_every_reserved_byte() {
        for (layout, reserved) in [(Layout::Milan, 2..6), (Layout::Turin, 4..7)] {
            for index in 0..8 {
                let mut raw = [0; 8];
                raw[index] = 1;
                let tcb = Tcb::read(raw, layout);
                assert_eq!(tcb.is_reserved_zero(), !reserved.contains(&index));
            }
        }
    }
}
