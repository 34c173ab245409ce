//! Headers of quotes, and the descriptor that version 5 has behind its header.
//!
//! QE SVN and PCE SVN, which version 3 has at 8 to 11, are reserved in later
//! versions; older quoting enclaves fill them there too, so they are not looked
//! at. The signature covers them.

use crate::answer::Refusal;
use crate::hex::encode;
use crate::json::write::names;
use crate::tdx::codes::Code;
use crate::tdx::cursor::Cursor;
use crate::tdx::enclave_report::ENCLAVE_REPORT_BYTES;
use crate::tdx::td_report::TdReportKind;

const HEADER_BYTES: usize = 48;
/// Type and size of the body in version 5.
const DESCRIPTOR_BYTES: usize = 6;
/// Version that has SGX reports only.
pub const SGX_ONLY: u16 = 3;
/// Version that tells the body's type and size.
const WITH_DESCRIPTOR: u16 = 5;
/// `ECDSA_P256` of the attestation key types.
pub const ECDSA_P256: u16 = 2;
/// Intel's quoting enclaves; another vendor's have other identities and rules.
const INTEL: [u8; 16] = [
    0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9, 0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06, 0x07,
];
/// Kind of TEE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tee {
    /// Type 0x81.
    Tdx,
    /// Type 0.
    Sgx,
}

names!(Tee {
    Tdx: "TDX",
    Sgx: "SGX"
});

/// Header of a quote whose version, key type and vendor are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// 3, 4 or 5.
    pub version: u16,
    /// Kind of TEE.
    pub tee: Tee,
    /// Vendor of the quoting enclave.
    pub vendor: [u8; 16],
    /// Id of the platform's quoting enclave, then zeros.
    pub user_data: [u8; 20],
}

impl Tee {
    /// Name in results and in the collateral of Intel.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tdx => "TDX",
            Self::Sgx => "SGX",
        }
    }

    /// The TEE that a caller names.
    ///
    /// # Errors
    /// A bug where it is none of the two.
    pub fn read(name: &[u8]) -> Result<Self, Refusal> {
        let all = [Self::Tdx, Self::Sgx].into_iter();
        let mut found = all.filter(|tee| tee.name().as_bytes() == name);
        found
            .next()
            .ok_or_else(|| Refusal::bug("the TEE is neither TDX nor SGX"))
    }
}

impl Header {
    /// Takes the header.
    ///
    /// # Arguments
    /// `wanted` is the kind of TEE that is asked for; none takes both.
    ///
    /// # Errors
    /// `tdx.quote_length`, `tdx.quote_version`, `tdx.tee_type`,
    /// `tdx.reserved_not_zero`, `tdx.attestation_key_type`, `tdx.qe_vendor`
    pub fn take(fields: &mut Cursor<'_>, wanted: Option<Tee>) -> Result<Self, Refusal> {
        let mut header = Cursor::of(fields.take(HEADER_BYTES, "header")?);
        let version = read_version(&mut header)?;
        let key_type = header.u16("attestation key type")?;
        let tee = read_tee(header.u32("TEE type")?, version, wanted)?;
        header.array::<4>("SVNs")?;
        let vendor = header.array("QE vendor")?;
        check_key_type(key_type)?;
        check_vendor(vendor)?;
        let user_data = header.array("user data")?;
        Ok(Self {
            version,
            tee,
            vendor,
            user_data,
        })
    }

    /// Layout of the body, none for an enclave's, and its size. Takes the
    /// descriptor where the version has one.
    ///
    /// # Errors
    /// `tdx.quote_length`, `tdx.body_type`
    pub fn take_body_kind(
        &self,
        fields: &mut Cursor<'_>,
    ) -> Result<(Option<TdReportKind>, usize), Refusal> {
        let kind = match (self.version, self.tee) {
            (WITH_DESCRIPTOR, tee) => return take_descriptor(fields, tee),
            (_, Tee::Tdx) => Some(TdReportKind::Tdx10),
            (_, Tee::Sgx) => None,
        };
        Ok((kind, kind.map_or(ENCLAVE_REPORT_BYTES, TdReportKind::bytes)))
    }
}

fn read_version(header: &mut Cursor<'_>) -> Result<u16, Refusal> {
    let version = header.u16("version")?;
    if (SGX_ONLY..=WITH_DESCRIPTOR).contains(&version) {
        return Ok(version);
    }
    Err(Refusal::from(Code::QuoteVersion)
        .with("expected", "3 to 5")
        .with("actual", version.to_string()))
}

/// In version 3 the field is reserved and the TEE is SGX.
fn read_tee(number: u32, version: u16, wanted: Option<Tee>) -> Result<Tee, Refusal> {
    let stated = match (version, number) {
        (SGX_ONLY, _) | (_, 0) => Some(Tee::Sgx),
        (_, 0x81) => Some(Tee::Tdx),
        _ => None,
    };
    let actual = stated.map_or_else(|| format!("type {number:#x}"), |tee| tee.name().into());
    let refuse = |expected: &str| {
        Refusal::from(Code::TeeType)
            .with("expected", expected)
            .with("actual", actual.as_str())
    };
    let tee = stated.ok_or_else(|| refuse("TDX or SGX"))?;
    if let Some(wanted) = wanted
        && wanted != tee
    {
        return Err(refuse(wanted.name()));
    }
    if version == SGX_ONLY && number != 0 {
        return Err(Refusal::from(Code::ReservedNotZero)
            .with("field", "bytes 4 to 7 of the header")
            .with("actual", format!("{number:#x}")));
    }
    Ok(tee)
}

fn check_key_type(key_type: u16) -> Result<(), Refusal> {
    if key_type == ECDSA_P256 {
        return Ok(());
    }
    Err(Refusal::from(Code::AttestationKeyType)
        .with("expected", "2 (ECDSA P-256)")
        .with("actual", key_type.to_string()))
}

fn check_vendor(vendor: [u8; 16]) -> Result<(), Refusal> {
    if vendor == INTEL {
        return Ok(());
    }
    Err(Refusal::from(Code::QeVendor)
        .with("expected", encode(&INTEL))
        .with("actual", encode(&vendor)))
}

fn take_descriptor(
    fields: &mut Cursor<'_>,
    tee: Tee,
) -> Result<(Option<TdReportKind>, usize), Refusal> {
    let mut descriptor = Cursor::of(fields.take(DESCRIPTOR_BYTES, "body descriptor")?);
    let number = descriptor.u16("body type")?;
    let size = descriptor.u32("body size")?;
    let refuse = |expected: &str| {
        Refusal::from(Code::BodyType)
            .with("expected", expected)
            .with("actual", format!("type {number} of {size} bytes"))
    };
    let kind = match (number, tee) {
        (1, Tee::Sgx) => None,
        (2, Tee::Tdx) => Some(TdReportKind::Tdx10),
        (3, Tee::Tdx) => Some(TdReportKind::Tdx15),
        (_, Tee::Sgx) => return Err(refuse("type 1 (SGX)")),
        (_, Tee::Tdx) => return Err(refuse("type 2 (TDX 1.0) or 3 (TDX 1.5)")),
    };
    let length = kind.map_or(ENCLAVE_REPORT_BYTES, TdReportKind::bytes);
    if usize::try_from(size) != Ok(length) {
        return Err(refuse(&format!("{length} bytes")));
    }
    Ok((kind, length))
}
