//! Bends genuine quotes byte by byte.

use crate::case::{Case, Corpus};
use crate::quote_case::{Files, case};
use crate::tree;
use casemate_core::answer::Refusal;
use casemate_core::frame;
use casemate_core::tdx::quote::{self, Parsed};
use casemate_core::tdx::verify::{Cache, operation};

const QUOTES: [&str; 4] = [
    "sgx/v3-dcapqvl-sgx",
    "tdx/v4-dcapqvl-b0c06f",
    "tdx/v5-google-90c06f",
    "tdx/v5-alibaba-90c06f",
];

/// The length of a quote without what follows it, and of what is before its PEM chain.
fn lengths(files: &Files) -> (usize, usize) {
    let parsed = Parsed::read(&files.quote, None).unwrap();
    let whole = files.quote.len() - parsed.quote.trailing.bytes;
    (whole, whole - parsed.chain.len())
}

fn each(check: fn(&Case, &Files)) {
    let Some(corpus) = Corpus::open() else { return };
    for name in QUOTES {
        let case = case(&corpus, name);
        check(&case, &Files::of(&case));
    }
}

#[test]
fn tdx_13_every_byte_before_the_chain_matters() {
    each(|case, files| {
        let mut cache = Cache::default();
        let (_, end) = lengths(files);
        for index in 0..end {
            let mut bent = files.clone();
            bent.quote[index] ^= 0x40;
            let code = bent.code(case.now(), &mut cache);
            assert!(
                code.starts_with("tdx."),
                "{} byte {index}: {code:?}",
                case.name()
            );
        }
        assert_eq!(cache.len(), 1, "{}", case.name());
    });
}

#[test]
fn every_bit_of_signed_areas_matters() {
    each(|case, files| {
        let mut cache = Cache::default();
        let signed = Parsed::read(&files.quote, None).unwrap().signed.len();
        for index in 0..signed {
            for bit in [0, 3, 7] {
                let mut bent = files.clone();
                bent.quote[index] ^= 1 << bit;
                let code = bent.code(case.now(), &mut cache);
                assert!(!code.is_empty(), "{} byte {index} bit {bit}", case.name());
            }
        }
    });
}

#[test]
fn tdx_13_every_cut_is_refused() {
    each(|case, files| {
        let (whole, _) = lengths(files);
        for end in 0..whole {
            let mut bent = files.clone();
            bent.quote.truncate(end);
            let code = bent.code(case.now(), &mut Cache::default());
            assert_eq!(code, "tdx.quote_length", "{} cut at {end}", case.name());
        }
    });
}

/// Seen in the wild: a quote without the first four bytes of its header.
#[test]
fn tdx_16_a_quote_without_its_start_is_refused() {
    each(|case, files| {
        let mut bent = files.clone();
        bent.quote.drain(..4);
        let code = bent.code(case.now(), &mut Cache::default());
        assert_eq!(code, "tdx.quote_version", "{}", case.name());
    });
}

#[test]
fn tdx_13_bytes_after_a_quote_are_counted() {
    each(|case, files| {
        let (whole, _) = lengths(files);
        for (added, zero) in [(vec![], true), (vec![0; 9], true), (vec![0, 1], false)] {
            let mut longer = files.clone();
            longer.quote.truncate(whole);
            longer.quote.extend_from_slice(&added);
            let evidence = longer.verify(case.now(), &mut Cache::default()).unwrap();
            let trailing = evidence.quote.trailing;
            assert_eq!((trailing.bytes, trailing.zero), (added.len(), zero));
        }
        let mut longest = files.clone();
        longest.quote.resize(32 * 1024, 0);
        assert_eq!(longest.code(case.now(), &mut Cache::default()), "");
        longest.quote.push(0);
        let code = longest.code(case.now(), &mut Cache::default());
        assert_eq!(code, "tdx.quote_length");
    });
}

/// Every size that a quote declares, made larger and smaller.
#[test]
fn tdx_13_sizes_are_not_clamped() {
    each(|case, files| {
        let parsed = Parsed::read(&files.quote, None).unwrap();
        let auth = parsed.signed.len();
        let v3 = parsed.quote.version == 3;
        let report = auth + 4 + 128 + if v3 { 0 } else { 6 };
        let qe_auth = report + 384 + 64;
        let chain = qe_auth + 2 + parsed.quote.qe_authentication_data.len() + 2;
        let mut places = vec![auth, qe_auth, chain];
        if !v3 {
            places.push(auth + 4 + 128 + 2);
        }
        for place in places {
            for change in [1, 0xff] {
                let mut bent = files.clone();
                bent.quote[place] = bent.quote[place].wrapping_add(change);
                let code = bent.code(case.now(), &mut Cache::default());
                let is_layout = ["tdx.quote_length", "tdx.certification_data"].contains(&code);
                assert!(is_layout, "{} at {place}: {code:?}", case.name());
            }
        }
    });
}

#[test]
fn every_bend_of_collateral_is_refused() {
    let Some(corpus) = Corpus::open() else { return };
    let case = case(&corpus, "tdx/v4-dcapqvl-b0c06f");
    let files = Files::of(&case);
    for (file, step) in [(0, 17), (1, 5), (2, 5), (3, 3), (4, 3)] {
        for index in (0..files.collateral[file].len()).step_by(step) {
            let mut bent = files.clone();
            bent.collateral[file][index] ^= 0x10;
            let code = bent.code(case.now(), &mut Cache::default());
            assert!(!code.is_empty(), "file {file} byte {index}");
        }
        // Two bytes at the end may be blanks behind a PEM block.
        for end in (0..files.collateral[file].len() - 2).step_by(step) {
            let mut bent = files.clone();
            bent.collateral[file].truncate(end);
            let code = bent.code(case.now(), &mut Cache::default());
            assert!(!code.is_empty(), "file {file} cut at {end}");
        }
    }
}

#[test]
fn operation_calls_wrong_framing_a_bug() {
    let Some(corpus) = Corpus::open() else { return };
    let case = case(&corpus, "tdx/v5-google-90c06f");
    let mut files = Files::of(&case);
    assert!(operation(&files.framed(case.now())).is_ok());
    files.tee = "SEV";
    assert!(matches!(operation(&files.framed(0)), Err(Refusal::Bug(_))));
    assert!(matches!(operation(&[]), Err(Refusal::Bug(_))));
}

#[test]
fn quotes_are_shown_without_verifying() {
    each(|_, files| {
        let input = |quote: &[u8]| frame::write(&[quote]).unwrap();
        let shown = quote::operation(&input(&files.quote)).unwrap();
        let shown = tree(&shown);
        let subject = shown["pck"]["certificate"]["subject"].as_str().unwrap();
        assert!(
            subject.contains("CN=Intel SGX PCK Certificate"),
            "{subject}"
        );
        let (_, chain) = lengths(files);
        let mut bent = files.quote.clone();
        bent[chain] = b'x';
        let shown = quote::operation(&input(&bent)).unwrap();
        assert!(tree(&shown)["pck"].is_null());
    });
}
