//! Collateral of Intel's PCS: what its documents may look like, and how a
//! platform is judged by them. The documents are made here, apart from the
//! code that reads them; those of a corpus are read where there is one.

mod bounds;
mod convergence;
mod corpus;
mod edit;
mod format;
mod levels;
mod module;
mod quoting_enclave;
mod relaunch;
mod sample;
mod shown;
