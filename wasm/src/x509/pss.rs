//! RSASSA-PSS as AMD uses it: SHA-384, MGF1 with SHA-384, 48 bytes of salt
//! (RFC 4055 §3.1, RFC 8017 §8.1), keys of 4096 bits. One algorithm, never a
//! second one tried after the first failed.

use crate::x509::hash::Hash;
use crate::x509::strict;
use der::asn1::{Any, ObjectIdentifier, UintRef};
use der::{Encode, Sequence};
use rsa::pss::{Signature, VerifyingKey};
use rsa::signature::Verifier;
use rsa::{BoxedUint, RsaPublicKey};
use sha2::Sha384;
use x509_cert::{AlgorithmIdentifier, SubjectPublicKeyInfo};

/// A plain RSA key (RFC 4055 §1.2).
pub const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");
const RSASSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const HASHES: [(ObjectIdentifier, Hash); 3] = [
    (
        ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1"),
        Hash::Sha256,
    ),
    (
        ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2"),
        Hash::Sha384,
    ),
    (
        ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3"),
        Hash::Sha512,
    ),
];

/// Size of a modulus and of a signature, bytes (57230 §2: RSA 4096).
const KEY_BYTES: usize = 512;
const KEY_BITS: u32 = 4096;
const EXPONENT: u64 = 65_537;

/// RSASSA-PSS-params of RFC 4055 §3.1, in the fields that must not be left out here.
#[derive(Sequence)]
struct Parameters {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    hash: AlgorithmIdentifier,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT")]
    mask: AlgorithmIdentifier,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT")]
    salt: u8,
    /// DER leaves a default out; AMD's roots write it, so both are read.
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    trailer: Option<u8>,
}

/// `RSAPublicKey` of RFC 8017 §A.1.1.
#[derive(Sequence)]
pub struct PublicKey<'a> {
    /// Modulus.
    pub modulus: UintRef<'a>,
    /// Exponent.
    pub exponent: UintRef<'a>,
}

/// Whether an algorithm is RSASSA-PSS with any parameters.
#[must_use]
pub fn is_pss(algorithm: &AlgorithmIdentifier) -> bool {
    algorithm.oid == RSASSA_PSS
}

/// Whether an algorithm is a plain RSA key.
#[must_use]
pub fn is_rsa_key(algorithm: &AlgorithmIdentifier) -> bool {
    algorithm.oid == RSA_ENCRYPTION && is_absent_or_null(algorithm.parameters.as_ref(), false)
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
    let der = algorithm.parameters.as_ref()?.to_der().ok()?;
    let found = strict::decode::<Parameters>(&der).ok()?;
    let hash = hash_of(&found.hash)?;
    let right = is_pss(algorithm)
        && mask_hash(&found.mask) == Some(hash)
        && usize::from(found.salt) == hash.size()
        && found.trailer.is_none_or(|trailer| trailer == 1);
    right.then_some(hash)
}

fn mask_hash(mask: &AlgorithmIdentifier) -> Option<Hash> {
    let der = mask.parameters.as_ref()?.to_der().ok()?;
    let found = strict::decode(&der).ok()?;
    (mask.oid == MGF1).then(|| hash_of(&found))?
}

/// RFC 4055 §2.1: NULL and absent parameters of a hash mean the same.
fn hash_of(algorithm: &AlgorithmIdentifier) -> Option<Hash> {
    let known = HASHES.iter().find(|(id, _)| *id == algorithm.oid);
    let (_, hash) = known.filter(|_| is_absent_or_null(algorithm.parameters.as_ref(), true))?;
    Some(*hash)
}

fn is_absent_or_null(parameters: Option<&Any>, may_be_absent: bool) -> bool {
    parameters.map_or(may_be_absent, |any| any.is_null())
}

/// An RSA key of 4096 bits with exponent 65537.
pub struct RsaKey(VerifyingKey<Sha384>);

impl RsaKey {
    /// Reads the key of a certificate.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn read(key: &SubjectPublicKeyInfo) -> Result<Self, String> {
        if !is_rsa_key(&key.algorithm) {
            return Err(String::from("the key is not an RSA key"));
        }
        let (modulus, exponent) = components(key)?;
        let key = RsaPublicKey::new_with_size_limits(modulus, exponent, 4096..=4096);
        let key = key.map_err(|error| error.to_string())?;
        Ok(Self(VerifyingKey::new(key)))
    }

    /// Whether a signature over a message is by this key.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        if signature.len() != KEY_BYTES {
            return false;
        }
        Signature::try_from(signature)
            .is_ok_and(|signature| self.0.verify(message, &signature).is_ok())
    }
}

fn components(key: &SubjectPublicKeyInfo) -> Result<(BoxedUint, BoxedUint), String> {
    let bytes = key.subject_public_key.as_bytes();
    let bytes = bytes.ok_or("the key is not whole bytes")?;
    let key: PublicKey<'_> = strict::decode(bytes)?;
    let modulus = key.modulus.as_bytes();
    if modulus.len() != KEY_BYTES || modulus.first().is_none_or(|byte| byte & 0x80 == 0) {
        return Err(String::from("the RSA key does not have 4096 bits"));
    }
    if key.exponent.as_bytes() != [1, 0, 1] {
        return Err(format!("the RSA exponent is not {EXPONENT}"));
    }
    let modulus = BoxedUint::from_be_slice(modulus, KEY_BITS).map_err(|error| error.to_string())?;
    Ok((modulus, BoxedUint::from(EXPONENT)))
}

#[cfg(test)]
mod tests {
    use super::is_amd_pss;
    use der::Decode;
    use x509_cert::AlgorithmIdentifier;

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
        AlgorithmIdentifier::from_der(&der).unwrap()
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
}
