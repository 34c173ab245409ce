//! Hash algorithms by their numbers in TPM 2.0 (TCG Algorithm Registry §6.2).

use crate::json::write::{Json, Writer};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// A hash algorithm, known here or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Algorithm(pub u16);

/// SHA-1.
pub const SHA1: Algorithm = Algorithm(0x0004);
/// SHA-256.
pub const SHA256: Algorithm = Algorithm(0x000B);
/// SHA-384.
pub const SHA384: Algorithm = Algorithm(0x000C);
/// SHA-512.
pub const SHA512: Algorithm = Algorithm(0x000D);

/// Those that are computed here.
pub const KNOWN: [Algorithm; 4] = [SHA1, SHA256, SHA384, SHA512];
/// Those that prove anything.
pub const STRONG: [Algorithm; 3] = [SHA256, SHA384, SHA512];
/// Longest digest, of any algorithm.
pub const MAX_DIGEST_BYTES: usize = 64;

impl Algorithm {
    /// The algorithm of a name, of those that are known.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        KNOWN.into_iter().find(|known| known.name() == name)
    }

    /// Its name, or its number where it has none here.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            SHA1 => String::from("sha1"),
            SHA256 => String::from("sha256"),
            SHA384 => String::from("sha384"),
            SHA512 => String::from("sha512"),
            Self(other) => format!("{other:#06x}"),
        }
    }

    /// Bytes of a digest; `None` of an algorithm that is not known.
    #[must_use]
    pub const fn size(self) -> Option<usize> {
        match self {
            SHA1 => Some(20),
            SHA256 => Some(32),
            SHA384 => Some(48),
            SHA512 => Some(64),
            Self(_) => None,
        }
    }

    /// Whether digests may have a size.
    #[must_use]
    pub fn allows(self, size: usize) -> bool {
        self.size().map_or_else(
            || (1..=MAX_DIGEST_BYTES).contains(&size),
            |known| known == size,
        )
    }

    /// Hash of bytes; `None` of an algorithm that is not known.
    #[must_use]
    pub fn hash(self, parts: &[&[u8]]) -> Option<Vec<u8>> {
        match self {
            SHA1 => Some(hash::<Sha1>(parts)),
            SHA256 => Some(hash::<Sha256>(parts)),
            SHA384 => Some(hash::<Sha384>(parts)),
            SHA512 => Some(hash::<Sha512>(parts)),
            Self(_) => None,
        }
    }
}

fn hash<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut digest = D::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().to_vec()
}

impl Json for Algorithm {
    fn write(&self, to: &mut Writer) {
        to.string(&self.name());
    }
}

#[cfg(test)]
mod tests {
    use super::{Algorithm, KNOWN, SHA1};
    use crate::hex::encode;

    #[test]
    fn known_algorithms_have_names_and_sizes() {
        for known in KNOWN {
            assert_eq!(Algorithm::named(&known.name()), Some(known));
            let hash = known.hash(&[b"a", b"bc"]).unwrap();
            assert_eq!(Some(hash.len()), known.size());
            assert_eq!(known.hash(&[b"abc"]).unwrap(), hash);
            assert!(known.allows(hash.len()) && !known.allows(hash.len() - 1));
        }
        // FIPS 180-2, appendix A.1.
        let abc = "a9993e364706816aba3e25717850c26c9cd0d89d";
        assert_eq!(encode(&SHA1.hash(&[b"abc"]).unwrap()), abc);
    }

    #[test]
    fn others_have_their_number_for_a_name() {
        let sm3 = Algorithm(0x0012);
        assert_eq!(sm3.name(), "0x0012");
        assert_eq!((sm3.size(), sm3.hash(&[])), (None, None));
        assert_eq!(
            [0, 1, 64, 65].map(|size| sm3.allows(size)),
            [false, true, true, false]
        );
        assert_eq!(Algorithm::named("sm3_256"), None);
        assert_eq!(Algorithm::named("SHA256"), None);
    }
}
