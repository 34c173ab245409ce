//! Values of registers beside a quote (TPM-03, TPM-04).

use super::blueprint::Case;
use casemate_core::json::write::text;
use casemate_core::tpm::certificate::Cache;

fn code(values: &[Vec<u8>]) -> &'static str {
    let answer = Case::new().verify_values(values, &mut Cache::default());
    answer.err().map_or("", |refusal| refusal.code())
}

fn item(register: u8, value: &[u8]) -> Vec<u8> {
    [&[0, 0x0b, register], value].concat()
}

#[test]
fn tpm_03_values_beside_the_selection_are_named_and_not_given() {
    let mut values = Case::new().quote.values();
    values.insert(0, item(14, &[0xee; 32]));
    let evidence = Case::new().verify_values(&values, &mut Cache::default());
    let answer = text(&evidence.unwrap());
    assert!(answer.contains(r#""notQuoted":[{"bank":"sha256","register":14}]"#));
    assert!(!answer.contains("eeee"), "its value is nowhere");
}

#[test]
fn tpm_03_every_selected_register_is_needed() {
    for absent in 0..3 {
        let mut values = Case::new().quote.values();
        values.remove(absent);
        assert_eq!(code(&values), "tpm.pcr_missing");
    }
    assert_eq!(code(&[]), "tpm.pcr_missing");
}

#[test]
fn tpm_04_values_that_are_cut_elsewhere_are_refused() {
    let joined = [[0; 32], [4; 32], [7; 32]].concat();
    let values = [
        item(0, &joined[..31]),
        item(4, &joined[31..64]),
        item(7, &joined[64..]),
    ];
    assert_eq!(code(&values), "tpm.pcr_length");
    let mut twice = Case::new().quote.values();
    twice.push(twice[0].clone());
    assert_eq!(code(&twice), "tpm.pcr_repeated");
}

#[test]
fn values_in_another_order_are_the_same_and_swapped_ones_are_not() {
    let mut values = Case::new().quote.values();
    values.reverse();
    assert_eq!(code(&values), "");
    values[0][2] = 4;
    values[1][2] = 7;
    assert_eq!(code(&values), "tpm.pcr_digest_mismatch");
}
