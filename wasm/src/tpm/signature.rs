//! Signatures of quotes: `TPMT_SIGNATURE` (Part 2 §11.3.4), or the plain bytes
//! as other tools keep them. Exactly one algorithm is tried.

use crate::answer::Refusal;
use crate::frame;
use crate::input::Part;
use crate::tpm::algorithm::strong_hash;
use crate::tpm::codes::Code;
use crate::tpm::cursor::Cursor;
use crate::tpm::scheme::{Scheme, SignatureScheme};
use crate::x509::ec_key::{EcKey, EcSignature};
use crate::x509::hash::Hash;
use crate::x509::rsa_key::RsaKey;
use crate::x509::signature::PublicKey;

/// The file: RSA 4096 has 518 bytes.
const PART: Part = Part {
    name: "signature",
    limit: 1024,
};
/// Longest signature of RSA, bytes.
const MAX_RSA: usize = 512;
/// Longest R or S, bytes.
const MAX_NUMBER: usize = 48;

/// What a `TPMT_SIGNATURE` holds.
enum Numbers<'a> {
    Rsa(&'a [u8]),
    Ecdsa(&'a [u8], &'a [u8]),
}

struct TpmtSignature<'a> {
    scheme: SignatureScheme,
    numbers: Numbers<'a>,
}

/// A signature that fits a key.
#[derive(Debug)]
pub struct Signature<'a> {
    /// How it says it was made.
    pub scheme: SignatureScheme,
    by: By<'a>,
}

#[derive(Debug)]
enum By<'a> {
    Rsa(&'a RsaKey, &'a [u8]),
    Ec(&'a EcKey, Box<EcSignature>),
}

/// Reads a signature for showing it. Fields: `TPMT_SIGNATURE`.
///
/// # Errors
/// `input.*`, `tpm.signature_algorithm`, `tpm.signature_malformed`
pub fn operation(input: &[u8]) -> Result<SignatureScheme, Refusal> {
    let [bytes] = frame::fields(input)?;
    PART.check(bytes)?;
    TpmtSignature::read(bytes).map(|found| found.scheme)
}

fn malformed(reason: impl Into<String>) -> Refusal {
    Refusal::from(Code::SignatureMalformed).with("reason", reason)
}

fn refuse_algorithm(reason: impl Into<String>) -> Refusal {
    Refusal::from(Code::SignatureAlgorithm).with("reason", reason)
}

impl<'a> TpmtSignature<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let mut fields = Cursor::of(bytes, Code::SignatureMalformed);
        let id = fields.u16("sigAlg")?;
        let scheme = Scheme::read(id);
        let scheme = scheme.ok_or_else(|| refuse_algorithm(format!("sigAlg is {id:#06x}")))?;
        let id = fields.u16("hash")?;
        let hash = strong_hash(id);
        let hash = hash.ok_or_else(|| refuse_algorithm(format!("its hash is {id:#06x}")))?;
        let numbers = if scheme.is_of_curve() {
            let r = take_number(&mut fields, "R", MAX_NUMBER)?;
            Numbers::Ecdsa(r, take_number(&mut fields, "S", MAX_NUMBER)?)
        } else {
            Numbers::Rsa(take_number(&mut fields, "sig", MAX_RSA)?)
        };
        fields.finish()?;
        Ok(Self {
            scheme: SignatureScheme { scheme, hash },
            numbers,
        })
    }
}

fn take_number<'a>(
    fields: &mut Cursor<'a>,
    field: &'static str,
    most: usize,
) -> Result<&'a [u8], Refusal> {
    let number = fields.sized(field)?;
    if number.is_empty() || number.len() > most {
        return Err(malformed(format!("{field} has {} bytes", number.len())));
    }
    Ok(number)
}

impl<'a> Signature<'a> {
    /// Reads a signature by a key.
    ///
    /// # Arguments
    /// `scheme` is the key's own, where it has one.
    ///
    /// # Errors
    /// `input.*`, `tpm.signature_algorithm`, `tpm.signature_malformed`
    pub fn read(
        bytes: &'a [u8],
        key: &'a PublicKey,
        scheme: Option<SignatureScheme>,
    ) -> Result<Self, Refusal> {
        PART.check(bytes)?;
        match key {
            PublicKey::Rsa(key) if bytes.len() == key.bytes() => Ok(Self {
                scheme: scheme.unwrap_or(usual(Scheme::Rsassa, Hash::Sha256)),
                by: By::Rsa(key, bytes),
            }),
            PublicKey::Ec(key) if bytes.first() == Some(&0x30) => Self::of_der(bytes, key, scheme),
            _ => Self::of_tpmt(&TpmtSignature::read(bytes)?, key, scheme),
        }
    }

    fn of_der(
        der: &'a [u8],
        key: &'a EcKey,
        scheme: Option<SignatureScheme>,
    ) -> Result<Self, Refusal> {
        let hash = match key {
            EcKey::P256(_) => Hash::Sha256,
            EcKey::P384(_) => Hash::Sha384,
        };
        let made = key.signature_of_der(der);
        let made = made.ok_or_else(|| malformed("it is not the DER of two numbers in range"))?;
        Ok(Self {
            scheme: scheme.unwrap_or(usual(Scheme::Ecdsa, hash)),
            by: By::Ec(key, Box::new(made)),
        })
    }

    fn of_tpmt(
        found: &TpmtSignature<'a>,
        key: &'a PublicKey,
        scheme: Option<SignatureScheme>,
    ) -> Result<Self, Refusal> {
        if let Some(expected) = scheme.filter(|expected| *expected != found.scheme) {
            let reason = format!(
                "it is {}, its key's scheme {}",
                found.scheme.text(),
                expected.text()
            );
            return Err(refuse_algorithm(reason));
        }
        let by = match (key, &found.numbers) {
            (PublicKey::Rsa(key), Numbers::Rsa(bytes)) => {
                if bytes.len() != key.bytes() {
                    return Err(malformed("it has another length than the modulus"));
                }
                By::Rsa(key, bytes)
            }
            (PublicKey::Ec(key), Numbers::Ecdsa(r, s)) => {
                let made = key.signature(r, s);
                By::Ec(
                    key,
                    Box::new(made.ok_or_else(|| malformed("R or S is out of range"))?),
                )
            }
            _ => return Err(refuse_algorithm("it is of another kind than the key")),
        };
        Ok(Self {
            scheme: found.scheme,
            by,
        })
    }

    /// Refuses a signature that is not the key's over a message.
    ///
    /// # Errors
    /// `tpm.signature_mismatch`
    pub fn check(&self, message: &[u8]) -> Result<(), Refusal> {
        if self.verifies(message) {
            return Ok(());
        }
        Err(Refusal::from(Code::SignatureMismatch))
    }

    fn verifies(&self, message: &[u8]) -> bool {
        let hash = self.scheme.hash;
        match (&self.by, self.scheme.scheme) {
            (By::Rsa(key, bytes), Scheme::Rsassa) => key.verifies_pkcs1(hash, message, bytes),
            // Part 1 annex B.7: TPMs take a salt as long as the hash, or the longest.
            (By::Rsa(key, bytes), Scheme::Rsapss) => [hash.size(), key.longest_salt(hash)]
                .into_iter()
                .any(|salt| key.verifies_pss(hash, salt, message, bytes)),
            (By::Ec(key, made), Scheme::Ecdsa) => key.verifies(hash, message, made),
            _ => false,
        }
    }
}

const fn usual(scheme: Scheme, hash: Hash) -> SignatureScheme {
    SignatureScheme { scheme, hash }
}

#[cfg(test)]
mod tests {
    use super::TpmtSignature;

    fn code(bytes: &[u8]) -> &'static str {
        let answer = TpmtSignature::read(bytes);
        answer.err().map_or("", |refusal| refusal.code())
    }

    #[test]
    fn read_takes_both_shapes() {
        assert_eq!(code(&[0, 0x14, 0, 0x0b, 0, 2, 7, 7]), "");
        assert_eq!(code(&[0, 0x16, 0, 0x0d, 0, 1, 7]), "");
        assert_eq!(code(&[0, 0x18, 0, 0x0c, 0, 1, 7, 0, 2, 0, 8]), "");
    }

    #[test]
    fn tpm_06_signature_algorithm_of_sha_1_and_unknown_ones() {
        for bytes in [
            [0, 0x14, 0, 0x04],
            [0, 0x18, 0, 0x10],
            [0, 0x1a, 0, 0x0b],
            [0, 0x05, 0, 0x0b],
            [0, 0x10, 0, 0x0b],
        ] {
            assert_eq!(code(&bytes), "tpm.signature_algorithm", "{bytes:?}");
        }
    }

    #[test]
    fn tpm_signature_malformed_of_every_cut_and_of_more() {
        let rsa = [0, 0x14, 0, 0x0b, 0, 2, 7, 7];
        let ecdsa = [0, 0x18, 0, 0x0c, 0, 1, 7, 0, 2, 0, 8];
        for whole in [rsa.as_slice(), &ecdsa] {
            for end in 0..whole.len() {
                assert_eq!(code(&whole[..end]), "tpm.signature_malformed");
            }
            let longer = [whole, &[0]].concat();
            assert_eq!(code(&longer), "tpm.signature_malformed");
        }
        let empty = [0, 0x18, 0, 0x0c, 0, 0, 0, 1, 7];
        assert_eq!(code(&empty), "tpm.signature_malformed");
        let long = [[0, 0x18, 0, 0x0c, 0, 49].as_slice(), &[1; 49], &[0, 1, 1]].concat();
        assert_eq!(code(&long), "tpm.signature_malformed");
    }
}
