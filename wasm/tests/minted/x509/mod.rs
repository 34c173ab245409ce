//! Certificates and lists as others write and read them.

mod agreement;
mod oracle;
pub mod structure;
