//! Chains that were verified before, so that the next report of the same
//! machine costs one signature. Failures are never kept, and the time is
//! checked again at each use.

use crate::answer::Refusal;
use crate::frame;
use crate::snp::chain::{Chain, Input};
use core::cell::RefCell;
use sha2::{Digest, Sha256};
use std::rc::Rc;

/// Most chains that are kept; one takes about 3 KiB.
const MAX_CHAINS: usize = 64;

/// Verified chains, last used last.
#[derive(Default)]
pub struct Cache {
    entries: Vec<([u8; 32], Rc<Chain>)>,
}

thread_local! {
    /// The cache of this instance of the module.
    static INSTANCE: RefCell<Cache> = RefCell::default();
}

/// Forgets all chains of this instance. No fields.
///
/// # Errors
/// A bug when fields are given.
pub fn operation(input: &[u8]) -> Result<(), Refusal> {
    let [] = frame::fields(input)?;
    with_instance(Cache::clear)
}

/// Runs something with the cache of this instance.
///
/// # Errors
/// A bug when it is in use already.
pub fn with_instance<T>(run: impl FnOnce(&mut Cache) -> T) -> Result<T, Refusal> {
    INSTANCE.with(|cache| {
        let mut cache = cache
            .try_borrow_mut()
            .map_err(|_| Refusal::bug("the cache is in use"))?;
        Ok(run(&mut cache))
    })
}

impl Cache {
    /// Gives the verified chain of an input, from memory where the same bytes
    /// were verified before.
    ///
    /// # Errors
    /// Those of [`Chain::verify`].
    pub fn verify(&mut self, input: &Input<'_>) -> Result<Rc<Chain>, Refusal> {
        let key = key_of(input)?;
        if let Some(index) = self.entries.iter().position(|(known, _)| *known == key) {
            let entry = self.entries.remove(index);
            let chain = Rc::clone(&entry.1);
            self.entries.push(entry);
            return Ok(chain);
        }
        let chain = Rc::new(Chain::verify(input)?);
        if self.entries.len() >= MAX_CHAINS {
            self.entries.remove(0);
        }
        self.entries.push((key, Rc::clone(&chain)));
        Ok(chain)
    }

    /// Forgets all chains.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// How many chains are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no chain is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// Hash over everything that [`Chain::verify`] looks at, each field with its length.
fn key_of(input: &Input<'_>) -> Result<[u8; 32], Refusal> {
    let mut hash = Sha256::new();
    let mut add = |bytes: &[u8]| {
        let length = u64::try_from(bytes.len()).map_err(|_| Refusal::bug("a field is too long"))?;
        hash.update(length.to_be_bytes());
        hash.update(bytes);
        Ok::<(), Refusal>(())
    };
    add(input.leaf)?;
    add(input.chain)?;
    add(&input.crls.len().to_be_bytes())?;
    for crl in &input.crls {
        add(crl)?;
    }
    for anchor in &input.anchors {
        add(anchor.line.as_bytes())?;
        add(&anchor.certificate)?;
        add(&anchor.key)?;
        add(&[u8::from(anchor.lab)])?;
    }
    Ok(hash.finalize().into())
}
