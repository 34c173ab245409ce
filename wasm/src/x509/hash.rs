//! Hash algorithms that a signature may be made over.

use crate::json::write::names;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// SHA-256 or better. SHA-1 is not among them: collisions can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names say it.
pub enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

names!(Hash {
    Sha256: "sha256",
    Sha384: "sha384",
    Sha512: "sha512"
});

impl Hash {
    /// Hash of a message.
    #[must_use]
    pub fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(message).to_vec(),
            Self::Sha384 => Sha384::digest(message).to_vec(),
            Self::Sha512 => Sha512::digest(message).to_vec(),
        }
    }

    /// Size of a hash, bytes.
    #[must_use]
    pub const fn size(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The hash with a size.
    #[must_use]
    pub fn of_size(size: usize) -> Option<Self> {
        let mut all = [Self::Sha256, Self::Sha384, Self::Sha512].into_iter();
        all.find(|hash| hash.size() == size)
    }
}

#[cfg(test)]
mod tests {
    use super::Hash;
    use crate::hex::encode;

    /// First bytes of the hashes of "abc" (FIPS 180-4, examples).
    #[test]
    fn digest_is_that_of_the_standard() {
        for (hash, start) in [
            (Hash::Sha256, "ba7816bf"),
            (Hash::Sha384, "cb00753f"),
            (Hash::Sha512, "ddaf35a1"),
        ] {
            let digest = hash.digest(b"abc");
            assert_eq!(Hash::of_size(digest.len()), Some(hash));
            assert_eq!(encode(&digest[..4]), start);
        }
        assert_eq!(Hash::of_size(20), None);
    }
}
