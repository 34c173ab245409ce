//! Bends of the quote itself (TDX-04, TDX-13, TDX-17). Everything is signed
//! again, so that a bend is not just a broken signature.

use super::assert_codes;
use super::blueprint::Case;
use super::key::Key;
use casemate_core::tdx::verify::Cache;

fn set_u16(bytes: &mut [u8], offset: usize, value: u16) {
    bytes[offset..offset + 2].copy_from_slice(&value.to_le_bytes());
}

#[test]
fn the_header_is_judged() {
    assert_codes(
        Case::tdx_15,
        &[
            ("tdx.quote_version", |case| {
                set_u16(&mut case.quote.header, 0, 2)
            }),
            ("tdx.quote_version", |case| {
                set_u16(&mut case.quote.header, 0, 6)
            }),
            ("tdx.attestation_key_type", |case| {
                set_u16(&mut case.quote.header, 2, 3)
            }),
            ("tdx.tee_type", |case| case.quote.header[4] = 0),
            ("tdx.tee_type", |case| case.quote.header[4] = 0x82),
            ("tdx.tee_type", |case| case.quote.header[7] = 1),
            ("tdx.tee_type", |case| set_u16(&mut case.quote.header, 0, 3)),
            ("tdx.qe_vendor", |case| case.quote.header[12] ^= 1),
            ("tdx.qe_vendor", |case| case.quote.header[27] ^= 1),
            // SVNs of the enclaves in older quotes, and the user's data.
            ("", |case| case.quote.header[8..12].fill(9)),
            ("", |case| case.quote.header[28..].fill(9)),
        ],
    );
}

#[test]
fn version_3_is_of_enclaves() {
    assert_codes(
        Case::sgx,
        &[
            ("tdx.reserved_not_zero", |case| case.quote.header[4] = 0x81),
            ("tdx.reserved_not_zero", |case| case.quote.header[7] = 1),
            ("", |case| case.quote.header[8..12].fill(9)),
            ("tdx.tee_type", |case| case.tee = "TDX"),
            ("tdx.reserved_not_zero", |case| case.quote.body[20] = 1),
            ("tdx.reserved_not_zero", |case| case.quote.body[303] = 1),
            ("tdx.reserved_not_zero", |case| {
                case.quote.qe_report[100] = 1
            }),
            ("tdx.certification_data", |case| case.quote.types = [6, 6]),
        ],
    );
}

#[test]
fn the_body_is_of_the_type_that_is_declared() {
    assert_codes(
        Case::tdx_15,
        &[
            ("tdx.body_type", |case| {
                set_u16(&mut case.quote.descriptor, 0, 1)
            }),
            ("tdx.body_type", |case| {
                set_u16(&mut case.quote.descriptor, 0, 2)
            }),
            ("tdx.body_type", |case| {
                set_u16(&mut case.quote.descriptor, 0, 4)
            }),
            ("tdx.body_type", |case| {
                set_u16(&mut case.quote.descriptor, 2, 584)
            }),
            ("tdx.body_type", |case| case.quote.descriptor[5] = 1),
            ("tdx.quote_length", |case| case.quote.set_version(4)),
        ],
    );
}

#[test]
fn tdx_13_certification_data_is_a_report_around_a_chain() {
    assert_codes(
        Case::tdx_15,
        &[
            ("tdx.certification_data", |case| case.quote.types = [5, 5]),
            ("tdx.certification_data", |case| case.quote.types = [6, 1]),
            ("tdx.certification_data", |case| case.quote.types = [6, 6]),
            ("tdx.certification_data", |case| case.quote.types = [7, 5]),
            ("", |case| case.quote.authentication = vec![]),
            ("", |case| case.quote.authentication = vec![1, 2]),
            ("", |case| case.quote.authentication = vec![7; 3000]),
        ],
    );
}

#[test]
fn tdx_17_the_attestation_key_is_bound() {
    assert_codes(
        Case::tdx_15,
        &[
            ("tdx.attestation_key_binding", |case| {
                case.quote.binds = false
            }),
            ("tdx.attestation_key_binding", |case| {
                case.quote.qe_report[352] = 1
            }),
            ("tdx.attestation_key_binding", |case| {
                case.quote.qe_report[383] = 1
            }),
            ("tdx.attestation_key_invalid", |case| {
                case.quote.attestation_key = vec![0; 64]
            }),
            ("tdx.attestation_key_invalid", |case| {
                case.quote.attestation_key[63] ^= 1
            }),
            // A key of which the platform knows nothing: bound and signed by its own report.
            ("tdx.qe_report_signature", |case| {
                case.quote.attestation_key = Key::Other.coordinates();
                case.quote.signer = Key::Other;
                case.quote.qe_signer = Key::Other;
            }),
            ("tdx.qe_report_signature", |case| {
                case.quote.qe_signer = Key::Ca
            }),
            ("tdx.signature_mismatch", |case| {
                case.quote.signer = Key::Other
            }),
            ("tdx.signature_mismatch", |case| {
                case.quote.signer = Key::Pck
            }),
        ],
    );
}

/// In version 5 six bytes of the descriptor are signed too.
#[test]
fn tdx_13_the_descriptor_is_signed() {
    let case = Case::tdx_15();
    let quote = case.signed_quote();
    let without = [&quote[..48], &quote[54..702]].concat();
    let signature = Key::Attestation.sign(&without);
    let mut forged = quote.clone();
    forged[706..770].copy_from_slice(&signature);
    let code = |quote: &[u8]| {
        let answer = case.verify_quote(quote, &mut Cache::default());
        answer.err().map_or("", |refusal| refusal.code())
    };
    assert_eq!(code(&quote), "");
    assert_eq!(code(&forged), "tdx.signature_mismatch");
}

#[test]
fn numbers_of_signatures_are_in_range() {
    let case = Case::tdx_15();
    let quote = case.signed_quote();
    // Quote's signature behind the size, QE report's behind key, type, size and report.
    for offset in [706, 738, 706 + 134 + 384, 738 + 134 + 384] {
        for value in [0, 0xff] {
            let mut bent = quote.clone();
            bent[offset..offset + 32].fill(value);
            let refusal = case
                .verify_quote(&bent, &mut Cache::default())
                .err()
                .unwrap();
            assert_eq!(refusal.code(), "tdx.signature_encoding", "at {offset}");
        }
    }
}

#[test]
fn tdx_14_a_debug_quoting_enclave_is_refused() {
    assert_codes(
        Case::tdx_15,
        &[
            ("tdx.qe_mismatch", |case| case.quote.qe_report[48] = 0x17),
            ("tdx.qe_mismatch", |case| {
                case.quote.qe_report[48] = 0x17;
                case.identity["attributesMask"] = "00".repeat(16).into();
            }),
            ("tdx.qe_mismatch", |case| case.quote.qe_report[128] = 0),
            ("tdx.qe_mismatch", |case| case.quote.qe_report[256] = 1),
            ("tdx.qe_mismatch", |case| case.quote.qe_report[16] = 1),
            ("tdx.qe_level_not_found", |case| {
                case.quote.qe_report[258] = 7
            }),
        ],
    );
}

#[test]
fn tdx_05_the_module_in_the_report_is_judged() {
    assert_codes(
        Case::tdx_15,
        &[
            ("tdx.module_mismatch", |case| case.quote.body[64] = 0),
            ("tdx.module_mismatch", |case| case.quote.body[112] = 0),
            ("tdx.module_mismatch", |case| case.quote.body[119] = 1),
            ("tdx.module_unknown", |case| case.quote.body[1] = 2),
            ("tdx.module_level_not_found", |case| case.quote.body[0] = 4),
            ("tdx.tcb_level_not_found", |case| case.quote.body[2] = 7),
        ],
    );
}
