//! A fixed budget: so many changes of the minted vectors, the same each time,
//! without libFuzzer and without a clock.

use casemate_fuzz::bytes;
use casemate_fuzz::judge::Trial;
use casemate_fuzz::mutator;
use casemate_fuzz::random::Random;
use casemate_fuzz::seeds::Seeds;

/// Most changes that stand one on the other.
const MAX_STACKED: usize = 4;

/// Tries changes of an operation's seeds; gives how many inputs it accepted.
fn try_out(name: &str, rounds: usize) -> usize {
    let seeds = Seeds::minted();
    let trial = Trial::new(name, &seeds);
    let inputs = seeds.inputs(trial.operation);
    let mut random = Random::of(0x5eed);
    let mut accepted = 0;
    for round in 0..rounds {
        let mut input = inputs[round % inputs.len()].clone();
        for _ in 0..random.below(MAX_STACKED) {
            let mut own = random.clone();
            let mut own = |bytes: &mut Vec<u8>| bytes::mutate(bytes, &mut own);
            let (operation, pool) = (trial.operation, &trial.pool);
            mutator::mutate(&mut input, operation, &mut random, pool, &mut own);
        }
        accepted += usize::from(trial.judge(&trial.prepare(&input)).0);
    }
    println!("{name}: {rounds} inputs, {accepted} accepted");
    accepted
}

macro_rules! fixed {
    ($($test:ident: $name:literal, $rounds:literal;)*) => {
        $(#[test]
        fn $test() {
            let accepted = try_out($name, $rounds);
            // Changes that are all refused at the door would try nothing.
            assert!(accepted > $rounds / 100, "{accepted} accepted");
        })*
    };
}

// Verifying costs milliseconds, and RSA's signatures ten times that.
fixed! {
    snp_verify: "snp_verify", 4_000;
    snp_verify_signed_again: "snp_verify+signed", 600;
    snp_report: "snp_report", 20_000;
    snp_leaf: "snp_leaf", 20_000;
    snp_certificate_table: "snp_certificate_table", 20_000;
    x509_describe: "x509_describe", 20_000;
    tdx_verify: "tdx_verify", 3_000;
    tdx_verify_signed_again: "tdx_verify+signed", 1_200;
    tdx_quote: "tdx_quote", 20_000;
    tdx_collateral: "tdx_collateral", 20_000;
    tdx_pck: "tdx_pck", 20_000;
    event_log: "event_log", 20_000;
    tpm_verify: "tpm_verify", 3_000;
    tpm_verify_signed_again: "tpm_verify+signed", 2_000;
    tpm_certificate: "tpm_certificate", 3_000;
    tpm_certificate_signed_again: "tpm_certificate+signed", 4_000;
    tpm_quote: "tpm_quote", 20_000;
    tpm_public: "tpm_public", 20_000;
    tpm_signature: "tpm_signature", 20_000;
    hcl_report: "hcl_report", 6_000;
    hcl_runtime: "hcl_runtime", 6_000;
    nitro_document: "nitro_document", 6_000;
    nitro_verify: "nitro_verify", 1_200;
    nitro_verify_signed_again: "nitro_verify+signed", 500;
    ec2_identity: "ec2_identity", 4_000;
    ec2_identity_signed_again: "ec2_identity+signed", 1_500;
    gce_instance: "gce_instance", 10_000;
    gce_endorsement: "gce_endorsement", 1_000;
    gce_endorsement_signed_again: "gce_endorsement+signed", 600;
    x509_extension: "x509_extension", 10_000;
}
