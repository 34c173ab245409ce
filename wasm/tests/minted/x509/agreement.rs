//! What the crate's own reader takes is what the decoder of others takes.

use super::oracle::{is_certificate, is_list};
use crate::blueprint::Case;
use crate::part::extension;
use crate::revocation::revoke;
use casemate_core::snp::leaf::Form;
use casemate_core::x509::certificate::Certificate;
use casemate_core::x509::crl::Crl;

/// Each bit of some bytes turned, each byte left out, doubled, and everything after it cut off.
fn bent(whole: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..whole.len()).flat_map(move |at| {
        let turned = (0..8).map(move |bit| {
            let mut bytes = whole.to_vec();
            bytes[at] ^= 1 << bit;
            bytes
        });
        let (before, after) = whole.split_at(at);
        let others = [
            before.to_vec(),
            [before, &after[1..]].concat(),
            [before, &after[..1], after].concat(),
        ];
        turned.chain(others)
    })
}

fn agree(whole: &[u8], reads: fn(&[u8]) -> bool, oracle: fn(&[u8]) -> bool) -> usize {
    assert!(reads(whole) && oracle(whole));
    let mut taken = 0;
    for bytes in bent(whole) {
        let right = reads(&bytes);
        assert_eq!(right, oracle(&bytes), "{bytes:02x?}");
        taken += usize::from(right);
    }
    taken
}

fn reads_certificate(bytes: &[u8]) -> bool {
    Certificate::parse(bytes.to_vec(), "bent").is_ok()
}

fn reads_list(bytes: &[u8]) -> bool {
    Crl::read(bytes).is_ok()
}

#[test]
fn readers_take_the_same_certificates() {
    let mut case = Case::new(Form::Vlek);
    case.mark();
    let taken = agree(&case.leaf.sign(), reads_certificate, is_certificate);
    assert!(taken > 1000, "{taken}");
}

#[test]
fn readers_take_the_same_lists() {
    let mut case = Case::new(Form::Vcek);
    let reason = vec![extension("2.5.29.21", false, &[10, 1, 1])];
    revoke(&mut case, &[0, 0x80], Some(reason));
    revoke(&mut case, &[7], None);
    let taken = agree(&case.list.sign(), reads_list, is_list);
    assert!(taken > 1000, "{taken}");
}
