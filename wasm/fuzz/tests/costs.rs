//! Inputs that once took more memory than they may, made again.

use casemate_fuzz::accepted::{bytes, items};
use casemate_fuzz::bounds;
use casemate_fuzz::certificate::{Signed, element};
use casemate_fuzz::operation;
use casemate_fuzz::pem;
use casemate_fuzz::seeds::Seeds;
use casemate_fuzz::shape::{self, Field, Kind};

/// Judges what an input of an operation costs; gives the answer.
fn cost(name: &str, fields: &[Field]) -> String {
    let input = shape::write(fields);
    let operation = operation::find(name).expect("an operation of this name");
    let (answer, cost) = bounds::measure(operation, &input);
    cost.check(input.len());
    answer
}

#[test]
fn the_issuer_of_a_list_is_not_read_for_each_authority() {
    let seeds = Seeds::minted();
    let mut all = seeds.evidence.into_iter();
    let listed = all.find(|(one, fields)| {
        let is_listed = one.name == "nitro_verify" && !items(&fields[1]).is_empty();
        is_listed && (one.run)(&shape::write(fields)).starts_with("{\"ok\"")
    });
    let mut fields = listed.expect("a document with lists").1;
    let file = bytes(&items(&fields[1])[0]).to_vec();
    let der = pem::items(&file).expect("a list").remove(0).der;
    let read = Signed::read(&der).expect("a list");
    let part = element(0x31, &element(0x30, b"\x06\x03\x55\x04\x03\x0c\x01a"));
    let name = element(0x30, &part.repeat(5000));
    let parts = read.fields.iter();
    let parts: Vec<&[u8]> = parts
        .map(|one| if *one == read.issuer() { &name } else { *one })
        .collect();
    let signature = element(3, &[&[0], read.signature].concat());
    let whole = [&element(0x30, &parts.concat()), parts[1], &signature].concat();
    let list = Field::One(Kind::RevocationLists, element(0x30, &whole));
    fields[1] = Field::List(operation::TPM_ITEMS, vec![list]);
    assert!(cost("nitro_verify", &fields).contains("nitro.crl_issuer"));
}

#[test]
fn items_of_cbor_are_few_however_short_they_are() {
    for (head, item) in [(0x99, &[0x80][..]), (0xb9, &[0, 0]), (0x99, &[0xa1, 0, 0])] {
        for size in [0x1000, 0x7000] {
            let count = size / item.len() as u16;
            let [high, low] = count.to_be_bytes();
            let file = [&[head, high, low], item.repeat(count.into()).as_slice()].concat();
            let answer = cost("nitro_document", &[Field::One(Kind::Nitro, file)]);
            assert!(answer.contains("nitro.cbor"), "{answer}");
        }
    }
}
