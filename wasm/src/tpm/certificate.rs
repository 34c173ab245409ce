//! Certificates of a TPM's keys, verified by themselves or with a quote.

use crate::anchor;
use crate::answer::Refusal;
use crate::cache;
use crate::frame;
use crate::json::write::{Json, Writer};
use crate::moment;
use crate::tpm::chain::{Chain, Input};
use crate::tpm::public_area::Given;
use crate::tpm::role::Role;
use core::cell::RefCell;
use std::rc::Rc;

/// Chains that were verified before.
pub type Cache = cache::Cache<Chain>;

thread_local! {
    /// The cache of this instance of the module.
    pub static INSTANCE: RefCell<Cache> = RefCell::default();
}

/// A key that its certificate vouches for at the time that was asked about.
pub struct CertifiedKey(Rc<Chain>);

impl CertifiedKey {
    /// The chain.
    #[must_use]
    pub fn chain(&self) -> &Chain {
        &self.0
    }
}

/// As the TypeScript type of the same name.
impl Json for CertifiedKey {
    fn write(&self, to: &mut Writer) {
        self.0.write(to);
    }
}

/// Verifies a certificate. Fields: `AK` or `EK`; list of files with
/// certificates, the key's first; list of revocation lists; list of anchors
/// ([`anchor::read`]); the key, which may be empty; now, 8 bytes big-endian,
/// seconds since 1970.
///
/// # Errors
/// Those of [`Chain::verify`] and [`Chain::check_time`], `tpm.public_*`
pub fn operation(input: &[u8]) -> Result<CertifiedKey, Refusal> {
    cache::with(&INSTANCE, |cache| verify_framed(input, cache))?
}

/// The same with the caller's cache.
///
/// # Errors
/// Those of [`operation`].
pub fn verify_framed(input: &[u8], cache: &mut Cache) -> Result<CertifiedKey, Refusal> {
    let [role, certificates, lists, anchors, key, now] = frame::fields(input)?;
    let role = Role::read(role)?;
    let now = moment::read(now)?;
    let anchors = anchor::read(anchors)?;
    let key = match key {
        [] => None,
        bytes => Some(Given::read(bytes, &role.key())?.key().fingerprint()),
    };
    let input = Input {
        role,
        certificates,
        lists,
        anchors: &anchors,
        key,
    };
    verify(&input, now, cache)
}

/// Verifies a certificate with its chain.
///
/// # Errors
/// Those of [`Chain::verify`] and [`Chain::check_time`].
pub fn verify(input: &Input<'_>, now: u64, cache: &mut Cache) -> Result<CertifiedKey, Refusal> {
    let chain = cache.get(input.cache_key()?, || Chain::verify(input))?;
    chain.check_time(now)?;
    Ok(CertifiedKey(chain))
}
