//! RSASSA-PSS as AMD uses it: SHA-384, MGF1 with SHA-384, 48 bytes of salt
//! (RFC 4055 §3.1, RFC 8017 §8.1), keys of 4096 bits. One algorithm, never a
//! second one tried after the first failed.

use crate::x509::hash::Hash;
use crate::x509::rsa_key;
use crate::x509::structure::{AlgorithmIdentifier, PublicKeyInfo};
use crate::x509::tlv::{self, CONTEXT, INTEGER, Reason, SEQUENCE};
use crate::x509::value;

/// A plain RSA key (RFC 4055 §1.2), 1.2.840.113549.1.1.1.
pub const RSA_ENCRYPTION: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
/// 1.2.840.113549.1.1.8
const MGF1: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08";
/// 1.2.840.113549.1.1.10
const RSASSA_PSS: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a";
/// 2.16.840.1.101.3.4.2.1 to .3
const HASHES: [(&[u8], Hash); 3] = [
    (b"\x60\x86\x48\x01\x65\x03\x04\x02\x01", Hash::Sha256),
    (b"\x60\x86\x48\x01\x65\x03\x04\x02\x02", Hash::Sha384),
    (b"\x60\x86\x48\x01\x65\x03\x04\x02\x03", Hash::Sha512),
];

/// Size of a modulus, bits (57230 §2: RSA 4096).
const KEY_BITS: usize = 4096;
/// Length of the salt, bytes.
const SALT_BYTES: usize = 48;

/// RSASSA-PSS-params of RFC 4055 §3.1, in the fields that must not be left out here.
struct Parameters {
    hash: AlgorithmIdentifier,
    mask: AlgorithmIdentifier,
    salt: u8,
    /// DER leaves a default out; AMD's roots write it, so both are read.
    trailer: Option<u8>,
}

impl Parameters {
    fn read(der: &[u8]) -> Result<Self, Reason> {
        let mut fields = tlv::only(der, SEQUENCE)?;
        let parameters = Self {
            hash: AlgorithmIdentifier::read(fields.need(CONTEXT)?)?,
            mask: AlgorithmIdentifier::read(fields.need(CONTEXT | 1)?)?,
            salt: read_byte(fields.need(CONTEXT | 2)?)?,
            trailer: fields.may(CONTEXT | 3)?.map(read_byte).transpose()?,
        };
        fields.finish()?;
        Ok(parameters)
    }
}

fn read_byte(der: &[u8]) -> Result<u8, Reason> {
    value::byte(tlv::content(der, INTEGER)?)
}

/// Whether an algorithm is RSASSA-PSS with any parameters.
#[must_use]
pub fn is_pss(algorithm: &AlgorithmIdentifier) -> bool {
    algorithm.id == RSASSA_PSS
}

/// Whether an algorithm is a plain RSA key.
#[must_use]
pub fn is_rsa_key(algorithm: &AlgorithmIdentifier) -> bool {
    algorithm.id == RSA_ENCRYPTION && algorithm.has_null()
}

/// Whether an algorithm is exactly the one AMD specifies.
#[must_use]
pub fn is_amd_pss(algorithm: &AlgorithmIdentifier) -> bool {
    hash(algorithm) == Some(Hash::Sha384)
}

/// The hash of RSASSA-PSS with the same one in MGF1 and a salt of its length;
/// none for any other algorithm or parameters.
#[must_use]
pub fn hash(algorithm: &AlgorithmIdentifier) -> Option<Hash> {
    let found = Parameters::read(algorithm.parameters.as_deref()?).ok()?;
    let hash = hash_of(&found.hash)?;
    let right = is_pss(algorithm)
        && mask_hash(&found.mask) == Some(hash)
        && usize::from(found.salt) == hash.size()
        && found.trailer.is_none_or(|trailer| trailer == 1);
    right.then_some(hash)
}

fn mask_hash(mask: &AlgorithmIdentifier) -> Option<Hash> {
    let found = AlgorithmIdentifier::read(mask.parameters.as_deref()?).ok()?;
    (mask.id == MGF1).then(|| hash_of(&found))?
}

/// RFC 4055 §2.1: NULL and absent parameters of a hash mean the same.
fn hash_of(algorithm: &AlgorithmIdentifier) -> Option<Hash> {
    let known = HASHES.iter().find(|(id, _)| *id == algorithm.id);
    let (_, hash) = known.filter(|_| algorithm.parameters.is_none() || algorithm.has_null())?;
    Some(*hash)
}

/// An RSA key of 4096 bits with exponent 65537.
pub struct RsaKey(rsa_key::RsaKey);

impl RsaKey {
    /// Reads the key of a certificate.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn read(key: &PublicKeyInfo) -> Result<Self, String> {
        let numbers = rsa_key::numbers(key)?;
        if numbers.bits() != KEY_BITS {
            return Err(String::from("the RSA key does not have 4096 bits"));
        }
        rsa_key::RsaKey::of_numbers(&numbers).map(Self)
    }

    /// Whether a signature over a message is by this key.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0
            .verifies_pss(Hash::Sha384, SALT_BYTES, message, signature)
    }
}

#[cfg(test)]
mod tests {
    use super::{HASHES, MGF1, RSA_ENCRYPTION, RSASSA_PSS, is_amd_pss};
    use crate::x509::oid;
    use crate::x509::structure::AlgorithmIdentifier;

    const HASH: &str = "300d06096086480165030402020500";
    const HASH_BARE: &str = "300b0609608648016503040202";
    const HASH_256: &str = "300d06096086480165030402010500";

    /// DER of tag, length and content, in hex.
    fn tlv(tag: &str, content: &str) -> String {
        format!("{tag}{:02x}{content}", content.len() / 2)
    }

    fn algorithm(hash: &str, mask_hash: &str, rest: &str) -> AlgorithmIdentifier {
        let mask = tlv("30", &format!("06092a864886f70d010108{mask_hash}"));
        let parameters = format!("{}{}{rest}", tlv("a0", hash), tlv("a1", &mask));
        let text = tlv(
            "30",
            &format!("06092a864886f70d01010a{}", tlv("30", &parameters)),
        );
        let digits: Vec<u8> = text.bytes().collect();
        let der: Vec<u8> = digits
            .chunks(2)
            .map(|pair| u8::from_str_radix(core::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect();
        AlgorithmIdentifier::read(&der).unwrap()
    }

    #[test]
    fn is_amd_pss_takes_the_trailer_written_and_left_out() {
        assert!(is_amd_pss(&algorithm(HASH, HASH, "a203020130")));
        assert!(is_amd_pss(&algorithm(HASH, HASH, "a203020130a303020101")));
        assert!(is_amd_pss(&algorithm(HASH_BARE, HASH_BARE, "a203020130")));
    }

    #[test]
    fn snp_14_is_amd_pss_refuses_other_parameters() {
        let bent = [
            algorithm(HASH_256, HASH, "a203020130"),
            algorithm(HASH, HASH_256, "a203020130"),
            algorithm(HASH, HASH, "a203020120"),
            algorithm(HASH, HASH, "a203020130a303020102"),
            algorithm(HASH, HASH, ""),
            algorithm(HASH, HASH, "a203020130a403020101"),
        ];
        for (index, algorithm) in bent.iter().enumerate() {
            assert!(!is_amd_pss(algorithm), "case {index}");
        }
    }

    #[test]
    fn identifiers_are_these() {
        let rsa = [RSA_ENCRYPTION, MGF1, RSASSA_PSS].map(oid::text);
        assert_eq!(
            rsa,
            [1, 8, 10].map(|last| format!("1.2.840.113549.1.1.{last}"))
        );
        let hashes = HASHES.map(|(id, _)| oid::text(id));
        let expected = [1, 2, 3].map(|last| format!("2.16.840.1.101.3.4.2.{last}"));
        assert_eq!(hashes, expected);
    }
}
