//! PCK certificates: the keys of Intel's provisioning certification enclave, and
//! what they certify of a platform (SGX PCK Certificate and CRL Profile Specification).

use crate::answer::Refusal;
use crate::frame;
use crate::hex::Hex;
use crate::json::write::{names, object};
use crate::tdx::chain::{self, Ca};
use crate::tdx::codes::Code;
use crate::tdx::pck_extension::{Items, byte, enumerated, flag, octets, word};
use crate::x509::certificate::{Certificate, CertificateSummary};
use crate::x509::encoding::{self, Kind, MAX_CERTIFICATE_BYTES, Place};
use crate::x509::extensions;
use crate::x509::shape::{check_end, check_names};

/// Intel's extension, 1.2.840.113741.1.13.1; its items have identifiers below this one.
pub const EXTENSION: &[u8] = b"\x2a\x86\x48\x86\xf8\x4d\x01\x0d\x01";
/// Common name of all PCK certificates.
const COMMON_NAME: &str = "Intel SGX PCK Certificate";
/// TCB components of the SGX half.
const COMPONENTS: usize = 16;

const PLACE: Place = Place {
    name: "pck",
    kind: Some(Kind::Certificate),
    limit: MAX_CERTIFICATE_BYTES,
};

/// How SGX protects memory on a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SgxType {
    /// Encryption with integrity, on small memory.
    Standard,
    /// Encryption of all memory.
    Scalable,
    /// The same with integrity.
    ScalableWithIntegrity,
}

names!(SgxType {
    Standard: "Standard",
    Scalable: "Scalable",
    ScalableWithIntegrity: "ScalableWithIntegrity",
});

/// Configuration of a platform, as the TypeScript type `PlatformConfiguration`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `src/evidence/tdx/report.ts` documents each field.
pub struct PlatformConfiguration {
    pub dynamic_platform: Option<bool>,
    pub cached_keys: Option<bool>,
    pub smt_enabled: Option<bool>,
}

object!(PlatformConfiguration {
    dynamic_platform,
    cached_keys,
    smt_enabled
});

/// What a PCK certificate certifies, as the TypeScript type of the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `src/evidence/tdx/report.ts` documents each field.
pub struct Pck {
    pub ppid: Hex<16>,
    pub components: [u8; COMPONENTS],
    pub pce_svn: u16,
    pub cpu_svn: Hex<16>,
    pub pce_id: Hex<2>,
    pub fmspc: Hex<6>,
    pub sgx_type: SgxType,
    pub platform_instance_id: Option<Hex<16>>,
    pub configuration: Option<PlatformConfiguration>,
    pub certificate: CertificateSummary,
}

object!(Pck {
    ppid,
    components,
    pce_svn,
    cpu_svn,
    pce_id,
    fmspc,
    sgx_type,
    platform_instance_id,
    configuration,
    certificate,
});

/// `TCB` of the extension.
struct Tcb {
    components: [u8; COMPONENTS],
    pce_svn: u16,
    cpu_svn: [u8; 16],
}

/// Reads a PCK certificate; nothing is verified. Fields: the certificate, PEM or DER.
///
/// # Errors
/// Those of [`Pck::describe`], `x509.*`, `input.*`
pub fn operation(input: &[u8]) -> Result<Pck, Refusal> {
    let [bytes] = frame::fields(input)?;
    let [certificate] = encoding::exactly(bytes, &PLACE)?;
    Pck::describe(&Certificate::parse(certificate, "PCK")?)
}

/// Checks that a certificate is a PCK certificate of an issuer.
///
/// # Errors
/// `tdx.pck_shape`
pub fn check_shape(certificate: &Certificate, issuer: &Certificate) -> Result<(), Refusal> {
    let checked = check_names(certificate, issuer, COMMON_NAME);
    checked
        .and_then(|()| check_end(certificate, &[EXTENSION]))
        .map_err(misshapen)
}

/// A refusal of a certificate that is no PCK certificate.
pub fn misshapen(reason: String) -> Refusal {
    Refusal::from(Code::PckShape)
        .with("certificate", "PCK")
        .with("reason", reason)
}

impl Pck {
    /// Reads Intel's extension in a certificate that a CA issued.
    ///
    /// # Errors
    /// `tdx.pck_extension`: an item is missing, twice there, unknown, has no
    /// place under this CA, or is not encoded as specified.
    pub fn read(certificate: &Certificate, ca: Ca) -> Result<Self, Refusal> {
        read(certificate, ca).map_err(|reason| {
            Refusal::from(Code::PckExtension)
                .with("certificate", "PCK")
                .with("reason", reason)
        })
    }

    /// Reads a certificate for showing it; the CA is the one that it names.
    ///
    /// # Errors
    /// `tdx.pck_shape` where it is no PCK certificate, `tdx.pck_extension`
    pub fn describe(certificate: &Certificate) -> Result<Self, Refusal> {
        if certificate.common_name() != Some(COMMON_NAME) {
            return Err(Refusal::from(Code::PckShape)
                .with("expected", format!("common name {COMMON_NAME}")));
        }
        let ca = Ca::of_issuer(certificate);
        let ca = ca.ok_or_else(|| misshapen(String::from("its issuer is no PCK CA")))?;
        Self::read(certificate, ca)
    }

    /// Reads the first certificate of a chain for showing it.
    ///
    /// # Errors
    /// Those of [`Self::describe`], `x509.*`, `input.*`
    pub fn of_chain(chain: &[u8]) -> Result<Self, Refusal> {
        let [certificate, _, _] = chain::split(chain)?;
        Self::describe(&Certificate::parse(certificate, "PCK")?)
    }
}

fn read(certificate: &Certificate, ca: Ca) -> Result<Pck, String> {
    let found = extensions::find(certificate.extensions(), EXTENSION);
    let found = found.ok_or("the extension is missing")?;
    let mut items = Items::read(&found.value, EXTENSION.to_vec())?;
    let tcb = read_tcb(items.list(2)?)?;
    let pck = Pck {
        ppid: items.need(1, octets).map(Hex)?,
        components: tcb.components,
        pce_svn: tcb.pce_svn,
        cpu_svn: Hex(tcb.cpu_svn),
        pce_id: items.need(3, octets).map(Hex)?,
        fmspc: items.need(4, octets).map(Hex)?,
        sgx_type: items.need(5, sgx_type)?,
        // The Processor CA certifies single packages, which have neither.
        platform_instance_id: match ca {
            Ca::Platform => Some(items.need(6, octets).map(Hex)?),
            Ca::Processor => None,
        },
        configuration: match ca {
            Ca::Platform => Some(read_configuration(items.list(7)?)?),
            Ca::Processor => None,
        },
        certificate: certificate.summary(),
    };
    items.finish()?;
    Ok(pck)
}

fn read_tcb(mut items: Items<'_>) -> Result<Tcb, String> {
    let mut components = [0; COMPONENTS];
    for (arc, component) in (1..).zip(&mut components) {
        *component = items.need(arc, byte)?;
    }
    let tcb = Tcb {
        components,
        pce_svn: items.need(17, word)?,
        cpu_svn: items.need(18, octets)?,
    };
    items.finish()?;
    Ok(tcb)
}

fn read_configuration(mut items: Items<'_>) -> Result<PlatformConfiguration, String> {
    let configuration = PlatformConfiguration {
        dynamic_platform: items.may(1, flag)?,
        cached_keys: items.may(2, flag)?,
        smt_enabled: items.may(3, flag)?,
    };
    items.finish()?;
    Ok(configuration)
}

fn sgx_type(der: &[u8]) -> Result<SgxType, String> {
    match enumerated(der)? {
        0 => Ok(SgxType::Standard),
        1 => Ok(SgxType::Scalable),
        2 => Ok(SgxType::ScalableWithIntegrity),
        other => Err(format!("SGX type {other} is not known")),
    }
}
