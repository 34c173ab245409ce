//! What was verified before, so that the next evidence of the same machine
//! costs little. Failures are never kept, and whoever uses a kept result
//! compares it with the time again.

use crate::answer::Refusal;
use crate::frame;
use crate::x509::signer;
use crate::{snp, tdx, tpm};
use core::cell::RefCell;
use sha2::{Digest, Sha256};
use std::rc::Rc;
use std::thread::LocalKey;

/// Most results of one technology that are kept; one takes 3 to 40 KiB.
const MAX_ENTRIES: usize = 64;

/// Verified results, last used last.
pub struct Cache<T> {
    entries: Vec<([u8; 32], Rc<T>)>,
}

/// The cache of a technology in this instance of the module.
pub type Instance<T> = LocalKey<RefCell<Cache<T>>>;

/// Forgets everything that this instance keeps. No fields.
///
/// # Errors
/// A bug when fields are given.
pub fn operation(input: &[u8]) -> Result<(), Refusal> {
    let [] = frame::fields(input)?;
    with(&snp::verify::INSTANCE, Cache::clear)?;
    with(&tdx::verify::INSTANCE, Cache::clear)?;
    with(&tpm::certificate::INSTANCE, Cache::clear)?;
    with(&signer::INSTANCE, Cache::clear)
}

/// Runs something with a cache of this instance.
///
/// # Errors
/// A bug when it is in use already.
pub fn with<T, R>(
    instance: &'static Instance<T>,
    run: impl FnOnce(&mut Cache<T>) -> R,
) -> Result<R, Refusal> {
    instance.with(|cache| {
        let mut cache = cache
            .try_borrow_mut()
            .map_err(|_| Refusal::bug("the cache is in use"))?;
        Ok(run(&mut cache))
    })
}

/// Hash over everything that a verification looks at, each part with its length.
///
/// # Errors
/// A bug when a part is longer than 8 bytes can say.
pub fn key<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Result<[u8; 32], Refusal> {
    let mut hash = Sha256::new();
    for part in parts {
        let length = u64::try_from(part.len()).map_err(|_| Refusal::bug("a field is too long"))?;
        hash.update(length.to_be_bytes());
        hash.update(part);
    }
    Ok(hash.finalize().into())
}

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
        }
    }
}

impl<T> Cache<T> {
    /// Gives the verified result of an input, from memory where the same key
    /// was verified before.
    ///
    /// # Errors
    /// Those of `verify`.
    pub fn get(
        &mut self,
        key: [u8; 32],
        verify: impl FnOnce() -> Result<T, Refusal>,
    ) -> Result<Rc<T>, Refusal> {
        if let Some(index) = self.entries.iter().position(|(known, _)| *known == key) {
            let entry = self.entries.remove(index);
            let result = Rc::clone(&entry.1);
            self.entries.push(entry);
            return Ok(result);
        }
        let result = Rc::new(verify()?);
        if self.entries.len() >= MAX_ENTRIES {
            self.entries.remove(0);
        }
        self.entries.push((key, Rc::clone(&result)));
        Ok(result)
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// How many results are kept.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is kept.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{Cache, MAX_ENTRIES, key};
    use crate::answer::Refusal;

    fn key_of(number: usize) -> [u8; 32] {
        key([number.to_be_bytes().as_slice()]).unwrap()
    }

    #[test]
    fn get_keeps_results_and_no_failures() {
        let mut cache = Cache::default();
        for _ in 0..2 {
            assert!(cache.get(key_of(1), || Err(Refusal::bug("x"))).is_err());
        }
        assert!(cache.is_empty());
        assert_eq!(*cache.get(key_of(1), || Ok(5)).unwrap(), 5);
        assert_eq!(*cache.get(key_of(1), || Ok(6)).unwrap(), 5);
        assert_eq!(*cache.get(key_of(2), || Ok(7)).unwrap(), 7);
        cache.clear();
        assert_eq!(*cache.get(key_of(1), || Ok(6)).unwrap(), 6);
    }

    #[test]
    fn get_forgets_what_was_not_used_for_longest() {
        let mut cache = Cache::default();
        for number in 0..MAX_ENTRIES {
            cache.get(key_of(number), || Ok(number)).unwrap();
        }
        cache.get(key_of(0), || Ok(99)).unwrap();
        cache.get(key_of(MAX_ENTRIES), || Ok(99)).unwrap();
        assert_eq!(cache.len(), MAX_ENTRIES);
        assert_eq!(*cache.get(key_of(0), || Ok(99)).unwrap(), 0);
        assert_eq!(*cache.get(key_of(1), || Ok(99)).unwrap(), 99);
    }

    #[test]
    fn key_tells_parts_apart() {
        let parts = |parts: &[&'static [u8]]| key(parts.iter().copied()).unwrap();
        assert_eq!(parts(&[b"ab", b"c"]), parts(&[b"ab", b"c"]));
        assert_ne!(parts(&[b"ab", b"c"]), parts(&[b"a", b"bc"]));
        assert_ne!(parts(&[b"ab", b""]), parts(&[b"ab"]));
    }
}
