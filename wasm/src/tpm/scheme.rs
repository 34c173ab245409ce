//! How a key signs (`TPMT_RSA_SCHEME`, `TPMT_ECC_SCHEME`, Part 2 §11.2.4 and §11.2.5).

use crate::answer::Refusal;
use crate::json::write::{names, object};
use crate::tpm::algorithm::{ECDH, ECDSA, NULL, OAEP, RSAES, RSAPSS, RSASSA, strong_hash};
use crate::tpm::codes::Code;
use crate::tpm::cursor::Cursor;
use crate::x509::hash::Hash;

/// Algorithm of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names are the specification's.
pub enum Scheme {
    Rsassa,
    Rsapss,
    Ecdsa,
}

names!(Scheme {
    Rsassa: "rsassa",
    Rsapss: "rsapss",
    Ecdsa: "ecdsa"
});

/// Algorithm and hash, as the TypeScript type of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignatureScheme {
    /// Algorithm.
    pub scheme: Scheme,
    /// Hash.
    pub hash: Hash,
}

object!(SignatureScheme { scheme, hash });

impl Scheme {
    /// The scheme of an identifier that signs.
    #[must_use]
    pub const fn read(id: u16) -> Option<Self> {
        match id {
            RSASSA => Some(Self::Rsassa),
            RSAPSS => Some(Self::Rsapss),
            ECDSA => Some(Self::Ecdsa),
            _ => None,
        }
    }

    /// Whether keys of an elliptic curve sign so.
    #[must_use]
    pub const fn is_of_curve(self) -> bool {
        matches!(self, Self::Ecdsa)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Rsassa => "RSASSA",
            Self::Rsapss => "RSAPSS",
            Self::Ecdsa => "ECDSA",
        }
    }
}

impl SignatureScheme {
    /// For a person.
    #[must_use]
    pub fn text(&self) -> String {
        format!(
            "{} over hashes of {} bytes",
            self.scheme.name(),
            self.hash.size()
        )
    }
}

fn refuse(reason: String) -> Refusal {
    Refusal::from(Code::PublicAlgorithm).with("reason", reason)
}

/// Takes the scheme of a key; none where it signs with none or leaves it to the caller.
///
/// # Arguments
/// `curve` tells whether the key is of an elliptic curve.
///
/// # Errors
/// `tpm.public_algorithm` and the cursor's code.
pub fn take(fields: &mut Cursor<'_>, curve: bool) -> Result<Option<SignatureScheme>, Refusal> {
    let id = fields.u16("the scheme")?;
    match (id, curve) {
        (NULL, _) | (RSAES, false) => Ok(None),
        (OAEP, false) | (ECDH, true) => take_hash(fields).map(|_| None),
        _ => {
            let scheme = Scheme::read(id).filter(|scheme| scheme.is_of_curve() == curve);
            let scheme = scheme.ok_or_else(|| refuse(format!("its scheme is {id:#06x}")))?;
            let hash = take_hash(fields)?;
            Ok(Some(SignatureScheme { scheme, hash }))
        }
    }
}

fn take_hash(fields: &mut Cursor<'_>) -> Result<Hash, Refusal> {
    let id = fields.u16("the scheme's hash")?;
    strong_hash(id).ok_or_else(|| refuse(format!("its scheme's hash is {id:#06x}")))
}

#[cfg(test)]
mod tests {
    use super::{Scheme, SignatureScheme, take};
    use crate::answer::Refusal;
    use crate::tpm::codes::Code;
    use crate::tpm::cursor::Cursor;
    use crate::x509::hash::Hash;

    fn read(bytes: &[u8], curve: bool) -> Result<Option<SignatureScheme>, Refusal> {
        let mut fields = Cursor::of(bytes, Code::PublicMalformed);
        let scheme = take(&mut fields, curve)?;
        fields.finish().map(|()| scheme)
    }

    #[test]
    fn take_knows_schemes_that_sign_and_that_do_not() {
        let signing = read(&[0, 0x16, 0, 0x0c], false).unwrap().unwrap();
        assert_eq!(
            (signing.scheme, signing.hash),
            (Scheme::Rsapss, Hash::Sha384)
        );
        assert!(read(&[0, 0x18, 0, 0x0b], true).unwrap().is_some());
        for (bytes, curve) in [
            ([0, 0x10].as_slice(), false),
            (&[0, 0x10], true),
            (&[0, 0x15], false),
            (&[0, 0x17, 0, 0x0b], false),
            (&[0, 0x19, 0, 0x0b], true),
        ] {
            assert_eq!(read(bytes, curve).unwrap(), None, "{bytes:?}");
        }
    }

    #[test]
    fn tpm_public_algorithm_of_other_schemes_and_hashes() {
        for (bytes, curve) in [
            ([0, 0x18, 0, 0x0b], false),
            ([0, 0x14, 0, 0x0b], true),
            ([0, 0x1a, 0, 0x0b], true),
            ([0, 0x14, 0, 0x04], false),
            ([0, 0x17, 0, 0x04], false),
            ([0, 0x16, 0, 0x10], false),
        ] {
            let refusal = read(&bytes, curve).unwrap_err();
            assert_eq!(refusal.code(), "tpm.public_algorithm", "{bytes:?}");
        }
    }
}
