//! The two kinds of keys that certificates are about, and the names of their parts.

use crate::answer::Refusal;
use crate::input::Part;
use crate::tpm::codes::Code;
use crate::tpm::public_area::{AK_PUB, EK_PUB};
use crate::x509::encoding::{Kind, MAX_CHAIN_BYTES, MAX_CRL_BYTES, Place};

/// Kind of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Attestation key: signs quotes.
    Ak,
    /// Endorsement key: stands for the TPM itself, and only decrypts.
    Ek,
}

impl Role {
    /// Reads it as the calling code writes it.
    ///
    /// # Errors
    /// A bug where it is neither.
    pub fn read(text: &[u8]) -> Result<Self, Refusal> {
        match text {
            b"AK" => Ok(Self::Ak),
            b"EK" => Ok(Self::Ek),
            _ => Err(Refusal::bug("the kind of key is neither AK nor EK")),
        }
    }

    /// Name, also of the certificate in a chain.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ak => "AK",
            Self::Ek => "EK",
        }
    }

    /// Place of the certificates.
    #[must_use]
    pub const fn certificates(self) -> Place {
        Place {
            name: match self {
                Self::Ak => "ak-cert",
                Self::Ek => "ek-cert",
            },
            kind: Some(Kind::Certificate),
            limit: MAX_CHAIN_BYTES,
        }
    }

    /// Place of the revocation lists.
    #[must_use]
    pub const fn lists(self) -> Place {
        Place {
            name: match self {
                Self::Ak => "ak-cert-crl",
                Self::Ek => "ek-cert-crl",
            },
            kind: Some(Kind::Crl),
            limit: MAX_CRL_BYTES,
        }
    }

    /// Part of the key.
    #[must_use]
    pub const fn key(self) -> Part {
        match self {
            Self::Ak => AK_PUB,
            Self::Ek => EK_PUB,
        }
    }

    /// Code of a certificate that is not such a key's.
    #[must_use]
    pub const fn shape_code(self) -> Code {
        match self {
            Self::Ak => Code::AkCertificateShape,
            Self::Ek => Code::EkCertificateShape,
        }
    }
}
