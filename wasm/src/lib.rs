//! Parses and verifies attestation evidence.
//!
//! This file is the boundary to JavaScript and nothing else: each function
//! takes framed fields ([`frame`]) and gives an answer as JSON text
//! ([`answer`]). What an operation does stands in its module, where native
//! tests reach it.
#![deny(missing_docs, unsafe_code, clippy::as_conversions)]
// A panic would stop the instance of the module with whatever it had cached.
#![cfg_attr(
    not(test),
    deny(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

pub mod anchor;
pub mod answer;
pub mod cache;
pub mod describe;
pub mod digest;
pub mod ec2;
pub mod frame;
pub mod gce;
pub mod hcl;
pub mod hex;
pub mod input;
pub mod json;
pub mod lab;
pub mod logs;
pub mod moment;
pub mod nitro;
pub mod snp;
pub mod sorted;
pub mod tdx;
pub mod tpm;
pub mod x509;

use wasm_bindgen::prelude::wasm_bindgen;

/// Fields of an SEV-SNP report: [`snp::report::operation`].
#[wasm_bindgen]
#[must_use]
pub fn snp_report(input: &[u8]) -> String {
    answer::run(input, snp::report::operation)
}

/// SEV-SNP report with its certificates, verified: [`snp::verify::operation`].
#[wasm_bindgen]
#[must_use]
pub fn snp_verify(input: &[u8]) -> String {
    answer::run(input, snp::verify::operation)
}

/// What a VCEK or VLEK certifies, unverified: [`snp::leaf::operation`].
#[wasm_bindgen]
#[must_use]
pub fn snp_leaf(input: &[u8]) -> String {
    answer::run(input, snp::leaf::operation)
}

/// Entries of a certificate table: [`snp::table::operation`].
#[wasm_bindgen]
#[must_use]
pub fn snp_certificate_table(input: &[u8]) -> String {
    answer::run(input, snp::table::operation)
}

/// TDX or SGX quote with its chain and collateral, verified: [`tdx::verify::operation`].
#[wasm_bindgen]
#[must_use]
pub fn tdx_verify(input: &[u8]) -> String {
    answer::run(input, tdx::verify::operation)
}

/// Fields of a TDX or SGX quote: [`tdx::quote::operation`].
#[wasm_bindgen]
#[must_use]
pub fn tdx_quote(input: &[u8]) -> String {
    answer::run(input, tdx::quote::operation)
}

/// What a PCK certificate certifies, unverified: [`tdx::pck::operation`].
#[wasm_bindgen]
#[must_use]
pub fn tdx_pck(input: &[u8]) -> String {
    answer::run(input, tdx::pck::operation)
}

/// Levels of TCB info or QE identity, unverified: [`tdx::show::operation`].
#[wasm_bindgen]
#[must_use]
pub fn tdx_collateral(input: &[u8]) -> String {
    answer::run(input, tdx::show::operation)
}

/// Events of a log, replayed into registers: [`logs::read::operation`].
#[wasm_bindgen]
#[must_use]
pub fn event_log(input: &[u8]) -> String {
    answer::run(input, logs::read::operation)
}

/// TPM quote with key, certificates and register values, verified: [`tpm::verify::operation`].
#[wasm_bindgen]
#[must_use]
pub fn tpm_verify(input: &[u8]) -> String {
    answer::run(input, tpm::verify::operation)
}

/// Fields of a TPM quote, unverified: [`tpm::attest::operation`].
#[wasm_bindgen]
#[must_use]
pub fn tpm_quote(input: &[u8]) -> String {
    answer::run(input, tpm::attest::operation)
}

/// Public area of a TPM's key: [`tpm::public_area::operation`].
#[wasm_bindgen]
#[must_use]
pub fn tpm_public(input: &[u8]) -> String {
    answer::run(input, tpm::public_area::operation)
}

/// How a TPM's signature says it was made: [`tpm::signature::operation`].
#[wasm_bindgen]
#[must_use]
pub fn tpm_signature(input: &[u8]) -> String {
    answer::run(input, tpm::signature::operation)
}

/// Certificate of a TPM's key with its chain, verified: [`tpm::certificate::operation`].
#[wasm_bindgen]
#[must_use]
pub fn tpm_certificate(input: &[u8]) -> String {
    answer::run(input, tpm::certificate::operation)
}

/// Certificates and revocation lists, unverified: [`describe::operation`].
#[wasm_bindgen]
#[must_use]
pub fn x509_describe(input: &[u8]) -> String {
    answer::run(input, describe::operation)
}

/// One extension of a certificate, unverified: [`x509::extension::operation`].
#[wasm_bindgen]
#[must_use]
pub fn x509_extension(input: &[u8]) -> String {
    answer::run(input, x509::extension::operation)
}

/// HCL report of Azure's paravisor, unverified: [`hcl::report::operation`].
#[wasm_bindgen]
#[must_use]
pub fn hcl_report(input: &[u8]) -> String {
    answer::run(input, hcl::report::operation)
}

/// Runtime data of Azure's paravisor, unverified: [`hcl::runtime::operation`].
#[wasm_bindgen]
#[must_use]
pub fn hcl_runtime(input: &[u8]) -> String {
    answer::run(input, hcl::runtime::operation)
}

/// Which instance of Google's a certificate is of, unverified: [`gce::instance::operation`].
#[wasm_bindgen]
#[must_use]
pub fn gce_instance(input: &[u8]) -> String {
    answer::run(input, gce::instance::operation)
}

/// Google's endorsement of firmware, verified: [`gce::endorsement::operation`].
#[wasm_bindgen]
#[must_use]
pub fn gce_endorsement(input: &[u8]) -> String {
    answer::run(input, gce::endorsement::operation)
}

/// Identity document of an instance of AWS, verified: [`ec2::identity::operation`].
#[wasm_bindgen]
#[must_use]
pub fn ec2_identity(input: &[u8]) -> String {
    answer::run(input, ec2::identity::operation)
}

/// Attestation document of AWS Nitro, unverified: [`nitro::document::operation`].
#[wasm_bindgen]
#[must_use]
pub fn nitro_document(input: &[u8]) -> String {
    answer::run(input, nitro::document::operation)
}

/// Attestation document of AWS Nitro, verified: [`nitro::verify::operation`].
#[wasm_bindgen]
#[must_use]
pub fn nitro_verify(input: &[u8]) -> String {
    answer::run(input, nitro::verify::operation)
}

/// Forgets everything that was verified: [`cache::operation`].
#[wasm_bindgen]
#[must_use]
pub fn cache_clear(input: &[u8]) -> String {
    answer::run(input, cache::operation)
}
