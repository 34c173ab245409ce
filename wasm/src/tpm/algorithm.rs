//! Identifiers of algorithms (`TPM_ALG_ID`, Part 2 §6.3).

use crate::json::write::names;
use crate::x509::hash::Hash;

/// RSA keys.
pub const RSA: u16 = 0x0001;
/// SHA-1.
const SHA1: u16 = 0x0004;
/// AES.
pub const AES: u16 = 0x0006;
/// SHA-256.
const SHA256: u16 = 0x000b;
/// SHA-384.
const SHA384: u16 = 0x000c;
/// SHA-512.
const SHA512: u16 = 0x000d;
/// No algorithm.
pub const NULL: u16 = 0x0010;
/// RSASSA-PKCS1-v1_5.
pub const RSASSA: u16 = 0x0014;
/// RSAES-PKCS1-v1_5, which encrypts.
pub const RSAES: u16 = 0x0015;
/// RSASSA-PSS.
pub const RSAPSS: u16 = 0x0016;
/// RSAES-OAEP, which encrypts.
pub const OAEP: u16 = 0x0017;
/// ECDSA.
pub const ECDSA: u16 = 0x0018;
/// ECDH, which agrees on keys.
pub const ECDH: u16 = 0x0019;
/// Keys of elliptic curves.
pub const ECC: u16 = 0x0023;

/// The hash of a signature, name or scheme; none for SHA-1 and unknown ones.
#[must_use]
pub const fn strong_hash(id: u16) -> Option<Hash> {
    match id {
        SHA256 => Some(Hash::Sha256),
        SHA384 => Some(Hash::Sha384),
        SHA512 => Some(Hash::Sha512),
        _ => None,
    }
}

/// Identifier of a hash.
#[must_use]
pub const fn id_of(hash: Hash) -> u16 {
    match hash {
        Hash::Sha256 => SHA256,
        Hash::Sha384 => SHA384,
        Hash::Sha512 => SHA512,
    }
}

/// A bank of registers. SHA-1's is read, since quotes over it are genuine too;
/// nothing that it holds satisfies a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names say it.
pub enum Bank {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

names!(Bank {
    Sha1: "sha1",
    Sha256: "sha256",
    Sha384: "sha384",
    Sha512: "sha512"
});

impl Bank {
    /// The bank of an identifier.
    #[must_use]
    pub const fn read(id: u16) -> Option<Self> {
        match id {
            SHA1 => Some(Self::Sha1),
            SHA256 => Some(Self::Sha256),
            SHA384 => Some(Self::Sha384),
            SHA512 => Some(Self::Sha512),
            _ => None,
        }
    }

    /// Name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// Size of a register, bytes.
    #[must_use]
    pub const fn size(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bank, id_of, strong_hash};

    #[test]
    fn hashes_and_banks_agree() {
        for id in [0x000b, 0x000c, 0x000d] {
            let hash = strong_hash(id).unwrap();
            assert_eq!(id_of(hash), id);
            assert_eq!(Bank::read(id).unwrap().size(), hash.size());
        }
        assert_eq!(strong_hash(0x0004), None);
        assert_eq!(Bank::read(0x0004).unwrap().name(), "sha1");
        assert_eq!(Bank::read(0x0012), None, "SM3");
    }
}
