//! Quotes: version 3 of SGX enclaves (SGX ECDSA Quote Library Reference,
//! appendix A.4), versions 4 and 5 of trust domains and enclaves (TDX DCAP
//! Quoting Library API, appendix A.3). Numbers are little-endian.

use crate::answer::Refusal;
use crate::frame;
use crate::hex::{Hex, encode};
use crate::json::write::{Json, Writer, object};
use crate::tdx::codes::Code;
use crate::tdx::cursor::Cursor;
use crate::tdx::enclave_report::{ENCLAVE_REPORT_BYTES, EnclaveReport};
use crate::tdx::header::{ECDSA_P256, Header, SGX_ONLY, Tee};
use crate::tdx::pck::Pck;
use crate::tdx::signature::QuoteSignature;
use crate::tdx::td_report::{TdReport, TdReportKind};

/// Largest file with a quote, bytes. Google's, with its padding, has 8000.
pub const MAX_QUOTE_BYTES: usize = 32 * 1024;

/// Certification data: a chain of PCK certificates in PEM.
const PCK_CHAIN: u16 = 5;
/// Certification data: report of the quoting enclave, and certification data within.
const QE_REPORT: u16 = 6;

/// The report in a quote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Of a trust domain.
    Td(Box<TdReport>),
    /// Of an enclave.
    Enclave(Box<EnclaveReport>),
}

impl Json for Body {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::Td(report) => report.write(to),
            Self::Enclave(report) => report.write(to),
        }
    }
}

/// What follows a quote in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trailing {
    /// How many bytes.
    pub bytes: usize,
    /// Whether all of them are zero.
    pub zero: bool,
}

object!(Trailing { bytes, zero });

/// A quote, as the TypeScript type of the same name describes it field by field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `src/evidence/tdx/report.ts` documents each field.
pub struct Quote {
    pub version: u16,
    pub tee_type: Tee,
    pub attestation_key_type: u16,
    pub qe_vendor: Hex<16>,
    pub user_data: Hex<20>,
    pub body: Body,
    pub signature: QuoteSignature,
    pub attestation_key: Hex<64>,
    pub qe_report: EnclaveReport,
    pub qe_authentication_data: Vec<u8>,
    pub trailing: Trailing,
}

object!(Quote {
    version, tee_type, attestation_key_type, qe_vendor, user_data, body, signature, attestation_key,
    qe_report, qe_authentication_data = encode(qe_authentication_data), trailing,
});

/// A quote and the parts of its bytes that are needed to verify it.
#[derive(Clone, Debug)]
pub struct Parsed<'a> {
    /// What it says.
    pub quote: Quote,
    /// What the attestation key signed: header and body, with the descriptor
    /// between them in version 5.
    pub signed: &'a [u8],
    /// What the PCK signed: the report of the quoting enclave.
    pub qe_report: &'a [u8],
    /// The PCK's signature.
    pub qe_signature: QuoteSignature,
    /// PCK chain, PEM.
    pub chain: &'a [u8],
}

/// What `evidence show` prints of a quote.
pub struct Shown {
    quote: Quote,
    pck: Option<Pck>,
}

object!(Shown { quote, pck });

/// Reads a quote for showing it; nothing is verified. Fields: quote.
///
/// # Errors
/// The codes of [`Parsed::read`].
pub fn operation(input: &[u8]) -> Result<Shown, Refusal> {
    let [bytes] = frame::fields(input)?;
    let parsed = Parsed::read(bytes, None)?;
    let pck = Pck::of_chain(parsed.chain).ok();
    Ok(Shown {
        quote: parsed.quote,
        pck,
    })
}

/// What the signature's part of a quote holds.
struct Signatures<'a> {
    signature: QuoteSignature,
    attestation_key: [u8; 64],
    qe_report: &'a [u8],
    qe_signature: QuoteSignature,
    qe_authentication_data: &'a [u8],
    chain: &'a [u8],
}

impl<'a> Parsed<'a> {
    /// Takes a quote apart. Every size that it declares must be filled exactly
    /// by its parts; only behind the quote may bytes remain, which are counted.
    ///
    /// # Arguments
    /// `tee` is the kind of TEE that is asked for; none takes both.
    ///
    /// # Errors
    /// `tdx.quote_length`, `tdx.quote_version`, `tdx.tee_type`, `tdx.qe_vendor`,
    /// `tdx.attestation_key_type`, `tdx.body_type`, `tdx.certification_data`,
    /// `tdx.reserved_not_zero`, `tdx.signature_encoding`
    pub fn read(bytes: &'a [u8], tee: Option<Tee>) -> Result<Self, Refusal> {
        check_size(bytes)?;
        let mut fields = Cursor::of(bytes);
        let header = Header::take(&mut fields, tee)?;
        let (kind, length) = header.take_body_kind(&mut fields)?;
        let body = fields.take(length, "body")?;
        let signed = bytes.len() - fields.rest().len();
        let signed = bytes.get(..signed).unwrap_or_default();
        let part = fields.sized("signature data")?;
        let part = Signatures::read(part, header.version)?;
        let quote = Quote {
            version: header.version,
            tee_type: header.tee,
            attestation_key_type: ECDSA_P256,
            qe_vendor: Hex(header.vendor),
            user_data: Hex(header.user_data),
            body: Body::read(body, kind)?,
            signature: part.signature,
            attestation_key: Hex(part.attestation_key),
            qe_report: EnclaveReport::read(part.qe_report, "QE report")?,
            qe_authentication_data: part.qe_authentication_data.to_vec(),
            trailing: Trailing::of(fields.rest()),
        };
        Ok(Self {
            quote,
            signed,
            qe_report: part.qe_report,
            qe_signature: part.qe_signature,
            chain: part.chain,
        })
    }
}

impl Body {
    fn read(bytes: &[u8], kind: Option<TdReportKind>) -> Result<Self, Refusal> {
        match kind {
            None => {
                let report = EnclaveReport::read(bytes, "enclave's report")?;
                Ok(Self::Enclave(Box::new(report)))
            }
            Some(kind) => TdReport::read(bytes, kind).map(Box::new).map(Self::Td),
        }
    }
}

impl Trailing {
    fn of(bytes: &[u8]) -> Self {
        Self {
            bytes: bytes.len(),
            zero: bytes.iter().all(|byte| *byte == 0),
        }
    }
}

fn check_size(bytes: &[u8]) -> Result<(), Refusal> {
    if bytes.len() <= MAX_QUOTE_BYTES {
        return Ok(());
    }
    Err(Refusal::from(Code::QuoteLength)
        .with("expected", format!("at most {MAX_QUOTE_BYTES} bytes"))
        .with("actual", format!("{} bytes", bytes.len())))
}

impl<'a> Signatures<'a> {
    fn read(part: &'a [u8], version: u16) -> Result<Self, Refusal> {
        let mut fields = Cursor::of(part);
        let signature = QuoteSignature::take(&mut fields, "signature of the quote")?;
        let attestation_key = fields.array("attestation key")?;
        // Version 3 has the parts of type 6 without its head.
        let mut qe = if version == SGX_ONLY {
            fields
        } else {
            let data = take_certification_data(&mut fields, QE_REPORT)?;
            fields.finish("signature data")?;
            Cursor::of(data)
        };
        let qe_report = qe.take(ENCLAVE_REPORT_BYTES, "QE report")?;
        let qe_signature = QuoteSignature::take(&mut qe, "signature of the QE report")?;
        let length = qe.u16("QE authentication data")?;
        let qe_authentication_data = qe.take(length.into(), "QE authentication data")?;
        let chain = take_certification_data(&mut qe, PCK_CHAIN)?;
        qe.finish("certification data")?;
        Ok(Self {
            signature,
            attestation_key,
            qe_report,
            qe_signature,
            qe_authentication_data,
            chain,
        })
    }
}

fn take_certification_data<'a>(
    fields: &mut Cursor<'a>,
    expected: u16,
) -> Result<&'a [u8], Refusal> {
    let actual = fields.u16("certification data type")?;
    if actual != expected {
        return Err(Refusal::from(Code::CertificationData)
            .with("expected", format!("type {expected}"))
            .with("actual", format!("type {actual}")));
    }
    fields.sized("certification data")
}
