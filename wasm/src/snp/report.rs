//! Attestation reports (56860 Table 23, `ATTESTATION_REPORT`), versions 2 to 5.

use crate::answer::Refusal;
use crate::frame;
use crate::hex::{Hex, Word, encode};
use crate::json::write::{names, object};
use crate::snp::codes::Code;
use crate::snp::guest_policy::GuestPolicy;
use crate::snp::platform_info::PlatformInfo;
use crate::snp::signature::ReportSignature;
use crate::snp::tcb::{Layout, Tcb};
use core::ops::Range;

/// Size of a report, all versions.
pub const REPORT_BYTES: usize = 0x4A0;
/// The signature covers everything before this offset.
pub const SIGNED_BYTES: usize = 0x2A0;
/// First version with CPUID fields.
const WITH_CPUID: u32 = 3;
/// First version with mitigation vectors.
const WITH_MITIGATIONS: u32 = 5;
/// CPUID family from which on the TCB layout has the FMC.
const TURIN_FAMILY: u8 = 0x1A;
/// VMPL of a report that the host asked for.
const HOST_VMPL: u32 = 0xFFFF_FFFF;
/// `SIGNATURE_ALGO` of ECDSA P-384 with SHA-384 (Table 138).
const ECDSA_P384_SHA384: u32 = 1;

/// Fields that Table 23 calls zero in every version.
const RESERVED: [Range<usize>; 5] = [
    0x04C..0x050,
    0x18B..0x1A0,
    0x1EB..0x1EC,
    0x1EF..0x1F0,
    0x208..0x2A0,
];

/// The key that signed a report, bits 4:2 at 0x048.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningKey {
    /// Bound to one chip.
    Vcek,
    /// Loaded by a cloud provider.
    Vlek,
    /// Not signed.
    None,
}

names!(SigningKey {
    Vcek: "VCEK",
    Vlek: "VLEK",
    None: "NONE"
});

/// Version of the SNP firmware.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirmwareVersion {
    /// API major version.
    pub major: u8,
    /// API minor version.
    pub minor: u8,
    /// Build number.
    pub build: u8,
}

object!(FirmwareVersion {
    major,
    minor,
    build
});

/// Family, model and stepping of the processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cpuid {
    /// `CPUID_FAM_ID`, base and extended family together.
    pub family: u8,
    /// `CPUID_MOD_ID`, base and extended model together.
    pub model: u8,
    /// `CPUID_STEP`.
    pub stepping: u8,
}

object!(Cpuid {
    family,
    model,
    stepping
});

/// A report, as the TypeScript type `SnpReport` describes it field by field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The fields are Table 23's; `src/evidence/snp/report.ts` documents each.
pub struct Report {
    pub version: u32,
    pub guest_svn: u32,
    pub policy: GuestPolicy,
    pub family_id: Hex<16>,
    pub image_id: Hex<16>,
    pub vmpl: u32,
    pub signature_algorithm: u32,
    pub current_tcb: Tcb,
    pub platform_info: PlatformInfo,
    pub author_key_enabled: bool,
    pub mask_chip_key: bool,
    pub signing_key: SigningKey,
    pub report_data: Hex<64>,
    pub measurement: Hex<48>,
    pub host_data: Hex<32>,
    pub id_key_digest: Hex<48>,
    pub author_key_digest: Hex<48>,
    pub report_id: Hex<32>,
    pub report_id_ma: Hex<32>,
    pub reported_tcb: Tcb,
    pub cpuid: Option<Cpuid>,
    pub chip_id: Hex<64>,
    pub committed_tcb: Tcb,
    pub current_version: FirmwareVersion,
    pub committed_version: FirmwareVersion,
    pub launch_tcb: Tcb,
    pub launch_mitigation_vector: Option<Word>,
    pub current_mitigation_vector: Option<Word>,
    pub signature: ReportSignature,
}

object!(Report {
    version,
    guest_svn,
    policy,
    family_id,
    image_id,
    vmpl,
    signature_algorithm,
    current_tcb,
    platform_info,
    author_key_enabled,
    mask_chip_key,
    signing_key,
    report_data,
    measurement,
    host_data,
    id_key_digest,
    author_key_digest,
    report_id,
    report_id_ma,
    reported_tcb,
    cpuid,
    chip_id,
    committed_tcb,
    current_version,
    committed_version,
    launch_tcb,
    launch_mitigation_vector,
    current_mitigation_vector,
    signature,
});

/// Reads a report for showing it. Fields: report.
///
/// A report of version 2 does not say its processor: it is shown in Milan's
/// layout, unless only Turin's leaves the reserved bytes zero.
///
/// # Errors
/// The codes of [`Report::parse`].
pub fn operation(input: &[u8]) -> Result<Report, Refusal> {
    let [bytes] = frame::fields(input)?;
    let report = Report::parse(bytes)?;
    let milan = report.clone().settle(Layout::Milan);
    milan.or_else(|refusal| report.settle(Layout::Turin).map_err(|_| refusal))
}

impl Report {
    /// Reads a report. Before version 3 it does not say which layout its TCB
    /// versions have: call [`Self::settle`] before using them.
    ///
    /// # Errors
    /// `snp.report_length`, `snp.report_version`, `snp.reserved_not_zero`,
    /// `snp.policy_malformed`, `snp.signature_algorithm`,
    /// `snp.signing_key_unknown`, `snp.signature_encoding`
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let fields = Fields::of(bytes)?;
        let version = fields.version()?;
        fields.check_reserved(version)?;
        let flags = fields.flags()?;
        let cpuid = fields.cpuid(version)?;
        let layout = layout_of(cpuid);
        let report = Self {
            version,
            guest_svn: fields.u32(0x004)?,
            policy: GuestPolicy::read(fields.u64(0x008)?)?,
            family_id: fields.hex(0x010)?,
            image_id: fields.hex(0x020)?,
            vmpl: fields.vmpl()?,
            signature_algorithm: fields.signature_algorithm()?,
            current_tcb: fields.tcb(0x038, layout)?,
            platform_info: PlatformInfo::read(fields.u64(0x040)?),
            author_key_enabled: flags.author_key_enabled,
            mask_chip_key: flags.mask_chip_key,
            signing_key: flags.signing_key,
            report_data: fields.hex(0x050)?,
            measurement: fields.hex(0x090)?,
            host_data: fields.hex(0x0C0)?,
            id_key_digest: fields.hex(0x0E0)?,
            author_key_digest: fields.hex(0x110)?,
            report_id: fields.hex(0x140)?,
            report_id_ma: fields.hex(0x160)?,
            reported_tcb: fields.tcb(0x180, layout)?,
            cpuid,
            chip_id: fields.hex(0x1A0)?,
            committed_tcb: fields.tcb(0x1E0, layout)?,
            current_version: fields.firmware(0x1E8)?,
            committed_version: fields.firmware(0x1EC)?,
            launch_tcb: fields.tcb(0x1F0, layout)?,
            launch_mitigation_vector: fields.mitigations(0x1F8, version)?,
            current_mitigation_vector: fields.mitigations(0x200, version)?,
            signature: ReportSignature::read(&fields.at(SIGNED_BYTES)?)?,
        };
        if report.is_signed() {
            report.signature.check_range()?;
        }
        match cpuid {
            Some(_) => report.settle(layout),
            None => Ok(report),
        }
    }

    /// Fixes the TCB layout of a report that does not say its processor, and
    /// refuses reserved bytes of the TCB versions.
    ///
    /// A report of version 2 leaves [`Self::parse`] without this check; every
    /// later one carries its CPUID and keeps that layout.
    ///
    /// # Errors
    /// `snp.reserved_not_zero`
    pub fn settle(mut self, layout: Layout) -> Result<Self, Refusal> {
        if self.cpuid.is_none() {
            for tcb in self.tcbs_mut() {
                *tcb = Tcb::read(tcb.raw.0, layout);
            }
        }
        let named = [
            ("CURRENT_TCB at 0x038", self.current_tcb),
            ("REPORTED_TCB at 0x180", self.reported_tcb),
            ("COMMITTED_TCB at 0x1E0", self.committed_tcb),
            ("LAUNCH_TCB at 0x1F0", self.launch_tcb),
        ];
        match named.iter().find(|(_, tcb)| !tcb.is_reserved_zero()) {
            None => Ok(self),
            Some((name, tcb)) => Err(Refusal::from(Code::ReservedNotZero)
                .with("field", *name)
                .with("actual", encode(&tcb.raw.0))),
        }
    }

    const fn tcbs_mut(&mut self) -> [&mut Tcb; 4] {
        [
            &mut self.current_tcb,
            &mut self.reported_tcb,
            &mut self.committed_tcb,
            &mut self.launch_tcb,
        ]
    }

    /// Whether the platform signed the report at all (`MASK_CHIP_KEY`, `SIGNING_KEY`).
    #[must_use]
    pub fn is_signed(&self) -> bool {
        !self.mask_chip_key && self.signing_key != SigningKey::None
    }
}

fn layout_of(cpuid: Option<Cpuid>) -> Layout {
    match cpuid {
        Some(cpuid) if cpuid.family >= TURIN_FAMILY => Layout::Turin,
        _ => Layout::Milan,
    }
}

struct Flags {
    author_key_enabled: bool,
    mask_chip_key: bool,
    signing_key: SigningKey,
}

/// The bytes of a report, read by offset.
struct Fields<'a>(&'a [u8; REPORT_BYTES]);

impl<'a> Fields<'a> {
    fn of(bytes: &'a [u8]) -> Result<Self, Refusal> {
        bytes.try_into().map(Self).map_err(|_| {
            Refusal::from(Code::ReportLength)
                .with("expected", format!("{REPORT_BYTES} bytes"))
                .with("actual", format!("{} bytes", bytes.len()))
        })
    }

    fn at<const N: usize>(&self, offset: usize) -> Result<[u8; N], Refusal> {
        let rest = self.0.get(offset..).and_then(<[u8]>::first_chunk);
        rest.copied()
            .ok_or_else(|| Refusal::from(Code::ReportLength))
    }

    fn hex<const N: usize>(&self, offset: usize) -> Result<Hex<N>, Refusal> {
        self.at(offset).map(Hex)
    }

    fn u32(&self, offset: usize) -> Result<u32, Refusal> {
        self.at(offset).map(u32::from_le_bytes)
    }

    fn u64(&self, offset: usize) -> Result<u64, Refusal> {
        self.at(offset).map(u64::from_le_bytes)
    }

    fn tcb(&self, offset: usize, layout: Layout) -> Result<Tcb, Refusal> {
        self.at(offset).map(|raw| Tcb::read(raw, layout))
    }

    fn version(&self) -> Result<u32, Refusal> {
        let version = self.u32(0x000)?;
        if (2..=5).contains(&version) {
            return Ok(version);
        }
        Err(Refusal::from(Code::ReportVersion)
            .with("expected", "2 to 5")
            .with("actual", version.to_string()))
    }

    fn check_reserved(&self, version: u32) -> Result<(), Refusal> {
        RESERVED
            .into_iter()
            .try_for_each(|range| self.check_zero(range))?;
        if version < WITH_CPUID {
            self.check_zero(0x188..0x18B)?;
        }
        if version < WITH_MITIGATIONS {
            self.check_zero(0x1F8..0x208)?;
        }
        Ok(())
    }

    fn check_zero(&self, range: Range<usize>) -> Result<(), Refusal> {
        let start = range.start;
        let bytes = self.0.get(range).unwrap_or_default();
        match bytes.iter().position(|byte| *byte != 0) {
            None => Ok(()),
            Some(index) => Err(Refusal::from(Code::ReservedNotZero)
                .with("field", format!("byte {:#05x}", start + index))),
        }
    }

    fn flags(&self) -> Result<Flags, Refusal> {
        let flags = self.u32(0x048)?;
        if flags >> 5 != 0 {
            return Err(Refusal::from(Code::ReservedNotZero)
                .with("field", "bits 31:5 at 0x048")
                .with("actual", format!("{flags:#010x}")));
        }
        let signing_key = match flags >> 2 {
            0 => SigningKey::Vcek,
            1 => SigningKey::Vlek,
            7 => SigningKey::None,
            other => {
                return Err(Refusal::from(Code::SigningKeyUnknown)
                    .with("expected", "0 (VCEK), 1 (VLEK) or 7 (none)")
                    .with("actual", other.to_string()));
            }
        };
        Ok(Flags {
            author_key_enabled: flags & 1 != 0,
            mask_chip_key: flags & 2 != 0,
            signing_key,
        })
    }

    fn vmpl(&self) -> Result<u32, Refusal> {
        let vmpl = self.u32(0x030)?;
        if vmpl <= 3 || vmpl == HOST_VMPL {
            return Ok(vmpl);
        }
        Err(Refusal::from(Code::ReservedNotZero)
            .with("field", "VMPL at 0x030")
            .with("expected", "0 to 3, or 4294967295 for the host")
            .with("actual", vmpl.to_string()))
    }

    fn signature_algorithm(&self) -> Result<u32, Refusal> {
        let algorithm = self.u32(0x034)?;
        if algorithm == ECDSA_P384_SHA384 {
            return Ok(algorithm);
        }
        Err(Refusal::from(Code::SignatureAlgorithm)
            .with("expected", "1 (ECDSA P-384 with SHA-384)")
            .with("actual", algorithm.to_string()))
    }

    fn cpuid(&self, version: u32) -> Result<Option<Cpuid>, Refusal> {
        let [family, model, stepping] = self.at(0x188)?;
        Ok((version >= WITH_CPUID).then_some(Cpuid {
            family,
            model,
            stepping,
        }))
    }

    fn firmware(&self, offset: usize) -> Result<FirmwareVersion, Refusal> {
        let [build, minor, major] = self.at(offset)?;
        Ok(FirmwareVersion {
            major,
            minor,
            build,
        })
    }

    fn mitigations(&self, offset: usize, version: u32) -> Result<Option<Word>, Refusal> {
        let vector = self.u64(offset)?;
        Ok((version >= WITH_MITIGATIONS).then_some(Word(vector)))
    }
}

#[cfg(test)]
mod tests {
    use super::{REPORT_BYTES, Report, operation};
    use crate::answer::Refusal;
    use crate::frame;

    /// An unsigned report of version 2 whose four TCB versions are the same bytes.
    fn shown(tcb: [u8; 8]) -> Result<Report, Refusal> {
        let mut bytes = [0; REPORT_BYTES];
        bytes[0x000] = 2;
        bytes[0x00A] = 2;
        bytes[0x034] = 1;
        bytes[0x048] = 7 << 2;
        for offset in [0x038, 0x180, 0x1E0, 0x1F0] {
            bytes[offset..offset + 8].copy_from_slice(&tcb);
        }
        operation(&frame::write(&[&bytes]).unwrap())
    }

    #[test]
    fn snp_05_operation_shows_version_2_in_the_layout_that_fits() {
        let milan = shown([4, 0, 0, 0, 0, 0, 24, 219]).unwrap();
        assert_eq!((milan.reported_tcb.fmc, milan.reported_tcb.snp), (None, 24));
        let turin = shown([1, 2, 3, 4, 0, 0, 0, 81]).unwrap();
        assert_eq!(
            (turin.reported_tcb.fmc, turin.reported_tcb.snp),
            (Some(1), 4)
        );
        let neither = shown([1, 2, 3, 4, 5, 0, 0, 81]).unwrap_err();
        assert_eq!(neither.code(), "snp.reserved_not_zero");
    }
}
