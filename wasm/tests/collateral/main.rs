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

use casemate_core::json::write::{Json, text};
use serde_json::Value;

/// An answer as its reader takes it.
fn tree(answer: &dyn Json) -> Value {
    serde_json::from_str(&text(answer)).unwrap()
}
