//! Keys of a TPM, whichever form they were given in.

use crate::answer::Refusal;
use crate::digest::sha256;
use crate::hex::encode;
use crate::json::write::{Json, Writer, object};
use crate::tpm::codes::Code;
use crate::x509::algorithm::{self, Curve};
use crate::x509::ec_key::EcKey;
use crate::x509::pem;
use crate::x509::pss::RSA_ENCRYPTION;
use crate::x509::rsa_key::{self, EXPONENT, Numbers, RsaKey};
use crate::x509::signature::PublicKey;
use crate::x509::structure::PublicKeyInfo;

/// Sizes of RSA keys, bits.
pub const RSA_SIZES: [usize; 3] = [2048, 3072, 4096];
/// Label of a key in PEM (RFC 7468 §13).
const LABEL: &str = "PUBLIC KEY";

/// A key that can verify, with its one encoding.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key.
    pub public: PublicKey,
    kind: String,
    spki: Vec<u8>,
}

/// Why a key is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// It is of another kind or size.
    Algorithm(String),
    /// It is damaged.
    Malformed(String),
}

impl KeyError {
    /// What is wrong, for a person.
    #[must_use]
    pub fn reason(self) -> String {
        match self {
            Self::Algorithm(reason) | Self::Malformed(reason) => reason,
        }
    }
}

impl From<KeyError> for Refusal {
    fn from(error: KeyError) -> Self {
        let code = match &error {
            KeyError::Algorithm(_) => Code::PublicAlgorithm,
            KeyError::Malformed(_) => Code::PublicMalformed,
        };
        Self::from(code).with("reason", error.reason())
    }
}

fn malformed(reason: impl Into<String>) -> KeyError {
    KeyError::Malformed(reason.into())
}

/// Whether bytes are a key alone, DER or PEM, and not a TPM's structure.
#[must_use]
pub fn is_bare(bytes: &[u8]) -> bool {
    bytes.first() == Some(&0x30) || bytes.starts_with(b"-----BEGIN")
}

impl Key {
    /// Reads a key alone, DER or PEM.
    ///
    /// # Errors
    /// `tpm.public_algorithm`, `tpm.public_malformed`
    pub fn read_bare(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.first() == Some(&0x30) {
            return Ok(Self::read_der(bytes)?);
        }
        let der = read_pem(bytes).map_err(malformed)?;
        Ok(Self::read_der(&der)?)
    }

    fn read_der(der: &[u8]) -> Result<Self, KeyError> {
        Self::read(&PublicKeyInfo::read(der).map_err(malformed)?)
    }

    /// Reads the key of a certificate.
    ///
    /// # Errors
    /// Says whether it is of another kind or damaged.
    pub fn read(spki: &PublicKeyInfo) -> Result<Self, KeyError> {
        if spki.algorithm.id == RSA_ENCRYPTION {
            let numbers = rsa_key::numbers(spki).map_err(malformed)?;
            return Self::of_numbers(&numbers);
        }
        if !algorithm::is_ec_key(spki) {
            let actual = algorithm::key_text(spki);
            return Err(KeyError::Algorithm(format!("it is {actual}")));
        }
        let Some(curve) = algorithm::curve_of(spki) else {
            return Err(match algorithm::has_named_curve(spki) {
                true => KeyError::Algorithm(String::from("its curve is not P-256 or P-384")),
                false => malformed("it names no curve"),
            });
        };
        let point = algorithm::point(spki, curve).map_err(malformed)?;
        Self::of_point(curve, point)
    }

    /// Makes a key of RSA's two numbers.
    ///
    /// # Errors
    /// Says whether it is of another kind or damaged.
    pub fn of_numbers(numbers: &Numbers<'_>) -> Result<Self, KeyError> {
        let bits = numbers.bits();
        if !RSA_SIZES.contains(&bits) {
            return Err(KeyError::Algorithm(format!("it has {bits} bits")));
        }
        if numbers.exponent != EXPONENT {
            return Err(KeyError::Algorithm(String::from(
                "its exponent is not 65537",
            )));
        }
        let key = RsaKey::of_numbers(numbers).map_err(malformed)?;
        Ok(Self {
            public: PublicKey::Rsa(key),
            kind: format!("RSA {bits}"),
            spki: numbers.spki().map_err(malformed)?,
        })
    }

    /// Makes a key of an uncompressed point.
    ///
    /// # Errors
    /// Where it is no point of the curve.
    pub fn of_point(curve: Curve, point: &[u8]) -> Result<Self, KeyError> {
        let key = EcKey::of_point(curve, point).map_err(malformed)?;
        let algorithm = curve.key_algorithm().map_err(malformed)?;
        Ok(Self {
            public: PublicKey::Ec(key),
            kind: format!("ECC {}", curve.name()),
            spki: algorithm::encode_key(&algorithm, point).map_err(malformed)?,
        })
    }

    /// SHA-256 of the `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        sha256(&self.spki)
    }
}

fn read_pem(bytes: &[u8]) -> Result<Vec<u8>, &'static str> {
    let text = core::str::from_utf8(bytes).map_err(|_| "it is no text")?;
    // As in certificates: blank space behind the block is none of its lines.
    let head = pem::Head::read(text.trim_ascii_end())?;
    if head.label != LABEL {
        return Err("a PEM block is not PUBLIC KEY");
    }
    let block = head.finish()?;
    if block.rest.is_empty() {
        Ok(block.der)
    } else {
        Err("something follows the PEM block")
    }
}

struct KeyView<'a> {
    kind: &'a str,
    spki_sha256: String,
    spki: String,
}

object!(KeyView<'_> { kind, spki_sha256, spki });

/// As the TypeScript type `TpmKey`.
impl Json for Key {
    fn write(&self, to: &mut Writer) {
        let view = KeyView {
            kind: &self.kind,
            spki_sha256: encode(&self.fingerprint()),
            spki: encode(&self.spki),
        };
        view.write(to);
    }
}
