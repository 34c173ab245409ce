//! What a certificate says of its TPM.

use super::blueprint::{Case, alternative_name, attribute, identity};
use crate::part::{oid, sequence, tlv};
use crate::tree;
use casemate_core::tpm::certificate::Cache;
use serde_json::{Value, json};

/// The identity in an alternative name; an error for a refusal.
fn read(value: &[u8]) -> Result<Value, &'static str> {
    let mut case = Case::new();
    case.leaf.set_extension("2.5.29.17", value);
    let answer = case.certify(&mut Cache::default());
    let answer = answer.map_err(|refusal| refusal.code())?;
    Ok(tree(&answer)["identity"].clone())
}

/// A directory name of sets.
fn directory(sets: &[Vec<u8>]) -> Vec<u8> {
    tlv(0xa4, &tlv(0x30, &sets.concat()))
}

#[test]
fn read_takes_one_set_or_several_in_any_order() {
    let expected = json!({
        "manufacturer": "id:54455354",
        "model": "Test",
        "version": "id:00010002",
    });
    let mut attributes = identity();
    assert_eq!(read(&alternative_name(&attributes)), Ok(expected.clone()));
    attributes.reverse();
    assert_eq!(read(&alternative_name(&attributes)), Ok(expected.clone()));
    let one_set = sequence(&[&directory(&[tlv(0x31, &attributes.concat())])]);
    assert_eq!(
        read(&one_set),
        Ok(expected.clone()),
        "a set that is not sorted"
    );
    let two_names = sequence(&[
        &directory(&[tlv(0x31, &attributes[0])]),
        &tlv(0x82, b"a.example"),
        &directory(&[tlv(0x31, &attributes[1..].concat())]),
    ]);
    assert_eq!(read(&two_names), Ok(expected));
}

#[test]
fn read_finds_nothing_in_other_names() {
    let mail = sequence(&[&tlv(0x81, b"a@b.example")]);
    assert_eq!(read(&mail), Ok(Value::Null));
    let other = sequence(&[&tlv(6, &oid("2.5.4.3")), &tlv(0x0c, b"x")]);
    assert_eq!(read(&alternative_name(&[other])), Ok(Value::Null));
    let far = sequence(&[&tlv(6, &oid("2.23.133.1.1")), &tlv(0x0c, b"x")]);
    assert_eq!(read(&alternative_name(&[far])), Ok(Value::Null));
}

#[test]
fn tpm_ak_certificate_shape_of_what_has_several_readings() {
    let with = |change: fn(&mut Vec<Vec<u8>>)| {
        let mut attributes = identity();
        change(&mut attributes);
        alternative_name(&attributes)
    };
    let bits = |tag: u8| sequence(&[&tlv(6, &oid("2.23.133.2.2")), &tlv(tag, b"\0x")]);
    let refused = [
        with(|all| all.truncate(2)),
        with(|all| all.push(attribute(2, "Other"))),
        with(|all| all[1] = attribute(2, "")),
        with(|all| all[1] = attribute(2, "a\u{1b}[2J")),
        with(|all| all[1] = attribute(2, "a\u{9b}b")),
        alternative_name(&[attribute(1, "a"), bits(0x1e), attribute(3, "c")]),
        alternative_name(&[attribute(1, "a"), bits(0x04), attribute(3, "c")]),
        sequence(&[]),
        vec![],
        vec![0x31, 0],
        sequence(&[&[0x0c, 1, 0x41]]),
        sequence(&[&tlv(0x89, b"x")]),
        sequence(&[&tlv(0x84, b"x")]),
        sequence(&[&directory(&[vec![0x31, 0]])]),
        sequence(&[&directory(&[vec![0x30, 0]])]),
        sequence(&[&tlv(0xa4, &[tlv(0x30, &[]), vec![5, 0]].concat())]),
        sequence(&[&directory(&[tlv(
            0x31,
            &tlv(0x30, &tlv(6, &oid("2.5.4.3"))),
        )])]),
        [alternative_name(&identity()), vec![0]].concat(),
    ];
    for (index, value) in refused.iter().enumerate() {
        assert_eq!(read(value), Err("tpm.ak_certificate_shape"), "case {index}");
    }
}
