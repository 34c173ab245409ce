//! Chains of certificates whose keys sign evidence, as an instance keeps them
//! for the technologies that need no more of them than the key.

use crate::cache;
use crate::moment::Window;
use crate::x509::chain::Chain;
use crate::x509::revocation::Lists;
use crate::x509::signature::PublicKey;
use core::cell::RefCell;

/// A key whose chain was verified; whether it is in force depends on the time.
pub struct Signer {
    /// The key.
    pub key: PublicKey,
    /// When its own certificate is valid.
    pub window: Window,
    /// Its certificates.
    pub chain: Chain,
    /// Their lists, none where the technology knows none.
    pub revocation: Lists,
}

/// Chains that were verified before. Each technology puts its name into the keys.
pub type Cache = cache::Cache<Signer>;

thread_local! {
    /// The cache of this instance of the module.
    pub static INSTANCE: RefCell<Cache> = RefCell::default();
}
