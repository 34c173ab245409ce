//! Fuzzing of the engine's operations: inputs are taken apart into fields,
//! certificates, documents and quotes, changed there, and judged without the
//! engine's own readers. `main.rs` gives all of it to libFuzzer.
#![allow(clippy::as_conversions)]

pub mod accepted;
pub mod accepted_log;
pub mod accepted_snp;
pub mod accepted_tdx;
pub mod accepted_tpm;
pub mod accepted_tpm_chain;
pub mod answer;
pub mod arithmetic;
pub mod bounds;
pub mod bytes;
pub mod candidates_tpm;
pub mod certificate;
pub mod der;
pub mod der_mutation;
pub mod extension_mutation;
pub mod json;
pub mod json_mutation;
pub mod judge;
pub mod keys;
pub mod log;
pub mod log_mutation;
pub mod log_seeds;
pub mod memory;
pub mod moment;
pub mod mutator;
pub mod operation;
pub mod pem;
pub mod pool;
pub mod proof;
pub mod quote;
pub mod quote_mutation;
pub mod random;
pub mod report;
pub mod resign;
pub mod seeds;
pub mod shape;
pub mod table;
pub mod tpm;
pub mod tpm_keys;
pub mod tpm_mutation;
pub mod tpm_resign;
pub mod tpm_seeds;
pub mod x509_algorithm;
