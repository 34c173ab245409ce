//! Bends genuine evidence byte by byte: nothing that was bent may verify.

use crate::case::Corpus;
use casemate_core::answer::Refusal;
use casemate_core::snp::verify::Cache;
use casemate_core::snp::verify::Evidence;
use casemate_core::x509::encoding::{self, MAX_CHAIN_BYTES, Place};

const FILE: Place = Place {
    name: "file",
    kind: None,
    limit: MAX_CHAIN_BYTES,
};

/// The file as DER, so that no byte is white space.
fn to_der(file: &[u8]) -> Vec<u8> {
    let items = encoding::items(file, &FILE).unwrap();
    items.into_iter().flat_map(|item| item.der).collect()
}

fn assert_every_byte_matters(
    what: &str,
    bytes: &[u8],
    judge: impl Fn(&[u8]) -> Result<Evidence, Refusal>,
) {
    assert!(judge(bytes).is_ok(), "{what} does not verify");
    for index in 0..bytes.len() {
        for flip in [0x01, 0x80] {
            let mut bent = bytes.to_vec();
            bent[index] ^= flip;
            match judge(&bent) {
                Ok(_) => panic!("{what}: byte {index:#x} does not matter"),
                Err(Refusal::Bug(text)) => panic!("{what}: byte {index:#x}: {text}"),
                Err(Refusal::Rejected(_)) => {}
            }
        }
    }
}

#[test]
fn snp_01_every_byte_of_a_report_matters() {
    let Some(corpus) = Corpus::open() else { return };
    for name in [
        "snp/milan-v2-virtee",
        "snp/turin-v5-microsoft",
        "aws-snp/milan-v3-vlek-trustee",
    ] {
        let case = corpus.case(name);
        let (leaf, chain) = (case.bytes("leaf"), case.bytes("chain_ask_ark"));
        let roots = corpus.roots(&case);
        let cache = core::cell::RefCell::new(Cache::default());
        assert_every_byte_matters(name, &case.bytes("report"), |report| {
            corpus.judge_with(
                &case,
                [report, &leaf, &chain],
                &roots,
                &mut cache.borrow_mut(),
            )
        });
        assert_eq!(cache.borrow().len(), 1, "the chain was verified once");
    }
}

#[test]
fn every_byte_of_the_certificates_matters() {
    let Some(corpus) = Corpus::open() else { return };
    let case = corpus.case("snp/genoa-v5-lunal");
    let (report, leaf) = (case.bytes("report"), to_der(&case.bytes("leaf")));
    let chain = to_der(&case.bytes("chain_ask_ark"));
    let roots = corpus.roots(&case);
    let judge = |leaf: &[u8], chain: &[u8]| {
        corpus.judge_with(&case, [&report, leaf, chain], &roots, &mut Cache::default())
    };
    assert_every_byte_matters("leaf", &leaf, |leaf| judge(leaf, &chain));
    assert_every_byte_matters("chain", &chain, |chain| judge(&leaf, chain));
}

#[test]
fn every_cut_and_extension_is_refused() {
    let Some(corpus) = Corpus::open() else { return };
    let case = corpus.case("snp/genoa-v5-lunal");
    let files = [
        case.bytes("report"),
        to_der(&case.bytes("leaf")),
        to_der(&case.bytes("chain_ask_ark")),
    ];
    let roots = corpus.roots(&case);
    for bent in 0..files.len() {
        let whole = &files[bent];
        let longer = [whole.as_slice(), &[0]].concat();
        let cuts = (0..whole.len()).map(|end| &whole[..end]);
        for file in cuts.chain([longer.as_slice()]) {
            let mut parts = files.each_ref().map(Vec::as_slice);
            parts[bent] = file;
            let answer = corpus.judge_with(&case, parts, &roots, &mut Cache::default());
            let refused = matches!(answer, Err(Refusal::Rejected(_)));
            assert!(refused, "file {bent} of {} bytes", file.len());
        }
    }
}
