//! Judges all TPM quotes of the corpus, and bends genuine ones.

use crate::case::{Corpus, Root};
use crate::tpm_case::{Files, bare, google, other_root};
use crate::tree;
use casemate_core::tpm::certificate::Cache;
use serde_json::{Value, json};

/// Codes that a case may be refused with here, by what `expect.reason` says;
/// none where what is wrong with it is not the quote.
const CODES_OF_REASON: [(&str, &str); 6] = [
    ("pcr_digest", "tpm.pcr_digest_mismatch"),
    (
        "tpm quote signature not by this HCLAkPub",
        "tpm.signature_mismatch",
    ),
    ("runtime_data_hash_matches_report_data", ""),
    ("tpm magic (and signature)", "tpm.attest_magic"),
    ("nonce mismatch", ""),
    ("td_quote_report_data_is_runtime_hash", ""),
];

fn code_of(reason: &str) -> &'static str {
    let known = CODES_OF_REASON.iter().find(|(known, _)| *known == reason);
    known
        .unwrap_or_else(|| panic!("no code is known for the reason {reason:?}"))
        .1
}

#[test]
fn every_tpm_quote_is_judged_as_expected() {
    let Some(corpus) = Corpus::open() else { return };
    let cases = bare(&corpus);
    assert!(cases.len() >= 10, "only {} cases", cases.len());
    for case in &cases {
        let expected = case.reason().map_or("", code_of);
        assert_eq!(Files::of(case).code(), expected, "{}", case.name());
    }
}

/// Holds an answer against what another program read from the same bytes.
fn compare(name: &str, quote: &Value, published: &Value) {
    let hex = |field: &str| published[field].as_str().unwrap();
    assert_eq!(quote["qualifiedSigner"], hex("qualified_signer"), "{name}");
    assert_eq!(quote["qualifyingData"], hex("extra_data"), "{name}");
    assert_eq!(quote["pcrDigest"], hex("pcr_digest"), "{name}");
    let firmware = hex("firmware_version").trim_start_matches("0x");
    assert_eq!(quote["firmwareVersion"], firmware, "{name}");
    let clock = json!({
        "clock": published["clock"].to_string(),
        "resetCount": published["reset_count"],
        "restartCount": published["restart_count"],
        "safe": published["safe"] == 1,
    });
    assert_eq!(quote["clock"], clock, "{name}");
    let selections = published["pcr_select"].as_array().unwrap().iter();
    let selections: Vec<Value> = selections
        .map(|one| json!({ "bank": one["alg"], "registers": one["pcrs"] }))
        .collect();
    assert_eq!(quote["selections"], Value::Array(selections), "{name}");
}

#[test]
fn fields_of_genuine_tpm_quotes_are_as_published() {
    let Some(corpus) = Corpus::open() else { return };
    let mut compared = 0;
    for case in bare(&corpus) {
        let published = &case.fields()["tpm_quote"];
        if case.reason().is_none() {
            let evidence = Files::of(&case).verify(&mut Cache::default()).unwrap();
            let answer = tree(&evidence);
            compare(&case.name(), &answer["quote"], published);
            compared += 1;
        }
    }
    assert!(compared >= 4, "only {compared} cases");
    let case = google(&corpus);
    for published in case.fields()["quotes"].as_array().unwrap() {
        let bank = published["bank"].as_str().unwrap();
        let evidence = Files::of_google(&case, bank).verify(&mut Cache::default());
        let answer = tree(&evidence.unwrap());
        compare(bank, &answer["quote"], &published["attest"]);
        assert_eq!(answer["registers"].as_array().unwrap().len(), 24);
        assert_eq!(answer["notQuoted"], json!([]));
    }
}

#[test]
fn googles_key_is_certified_to_googles_root() {
    let Some(corpus) = Corpus::open() else { return };
    let case = google(&corpus);
    let evidence = Files::of_google(&case, "sha256").verify(&mut Cache::default());
    let answer = tree(&evidence.unwrap());
    let identity = json!({
        "manufacturer": "id:474F4F47",
        "model": "vTPM",
        "version": "id:20160511",
    });
    let certificate = &answer["certificate"];
    assert_eq!(certificate["identity"], identity);
    assert_eq!(certificate["certificates"].as_array().unwrap().len(), 3);
    assert_eq!(certificate["lab"], false);
    assert_eq!(certificate["revocationChecked"], false, "none was given");
    assert_eq!(certificate["key"], answer["key"]);
    assert_eq!(answer["publicArea"]["key"], answer["key"]);
    assert_eq!(answer["key"]["kind"], "RSA 2048");
    assert_eq!(
        answer["signature"],
        json!({ "scheme": "rsassa", "hash": "sha256" })
    );
    let mut alone = Files::of_google(&case, "sha256");
    alone.key = case.bytes("ak_pub");
    let alone = alone.verify(&mut Cache::default()).unwrap();
    let alone = tree(&alone);
    assert_eq!(alone["key"], answer["key"], "the same key as PEM");
    assert_eq!(alone["publicArea"], Value::Null);
}

#[test]
fn googles_certificates_lead_to_no_other_root() {
    let Some(corpus) = Corpus::open() else { return };
    let files = Files::of_google(&google(&corpus), "sha256");
    let [root] = files.roots.as_slice() else {
        panic!("one root")
    };
    let other = |change: fn(Root) -> Root| Root {
        ..change(root.clone())
    };
    let wrong = [
        (vec![], "tpm.root_unknown"),
        (vec![other_root()], "tpm.root_unknown"),
        (
            vec![other(|root| Root {
                certificate: [0; 32],
                ..root
            })],
            "tpm.root_unknown",
        ),
        (
            vec![other(|root| Root {
                key: [0; 32],
                ..root
            })],
            "tpm.root_unknown",
        ),
        (
            vec![other(|root| Root { lab: true, ..root })],
            "tpm.lab_extension_missing",
        ),
    ];
    for (roots, code) in wrong {
        let files = Files {
            roots,
            ..files.clone()
        };
        assert_eq!(files.code(), code);
    }
}

#[test]
fn the_order_of_other_certificates_is_no_matter_and_gaps_are() {
    let Some(corpus) = Corpus::open() else { return };
    let files = Files::of_google(&google(&corpus), "sha256");
    let with = |order: &[usize]| {
        let mut files = files.clone();
        files.certificates = order
            .iter()
            .map(|index| files.certificates[*index].clone())
            .collect();
        files.code()
    };
    assert_eq!(with(&[0, 2, 1]), "");
    assert_eq!(with(&[0, 1, 1, 2, 2]), "");
    assert_eq!(with(&[0, 2]), "tpm.root_unknown");
    assert_eq!(with(&[0, 1]), "tpm.root_unknown");
    assert_eq!(with(&[0]), "tpm.root_unknown");
    assert_eq!(with(&[1, 0, 2]), "tpm.ak_key_mismatch");
}

#[test]
fn a_quote_of_another_bank_is_not_that_of_this() {
    let Some(corpus) = Corpus::open() else { return };
    let case = google(&corpus);
    let files = Files::of_google(&case, "sha256");
    let other = Files::of_google(&case, "sha384");
    let signature = Files {
        signature: other.signature.clone(),
        ..files.clone()
    };
    assert_eq!(signature.code(), "tpm.signature_mismatch");
    let registers = Files {
        registers: other.registers.clone(),
        ..files.clone()
    };
    assert_eq!(registers.code(), "tpm.pcr_missing");
    let mut both = files.clone();
    both.registers.extend(other.registers);
    let answer = both.verify(&mut Cache::default()).unwrap();
    let answer = tree(&answer);
    assert_eq!(answer["registers"].as_array().unwrap().len(), 24);
    assert_eq!(answer["notQuoted"].as_array().unwrap().len(), 24);
}

#[test]
fn every_byte_of_a_tpm_quote_and_its_files_matters() {
    let Some(corpus) = Corpus::open() else { return };
    let files = Files::of_google(&google(&corpus), "sha256");
    let mut cache = Cache::default();
    type Part = fn(&mut Files) -> &mut Vec<u8>;
    let parts: [(&str, Part); 5] = [
        ("quote", |files| &mut files.quote),
        ("signature", |files| &mut files.signature),
        ("value", |files| &mut files.registers[5]),
        ("AK", |files| &mut files.certificates[0]),
        ("CA", |files| &mut files.certificates[1]),
    ];
    assert!(files.verify(&mut cache).is_ok());
    for (name, part) in parts {
        let length = part(&mut files.clone()).len();
        for index in 0..length {
            // The first three bytes of a value are written by the calling code.
            if name == "value" && index < 3 {
                continue;
            }
            let mut bent = files.clone();
            part(&mut bent)[index] ^= 1 << (index % 8);
            let refused = bent.verify(&mut cache).is_err();
            assert!(refused, "{name}: byte {index:#x} does not matter");
        }
        for length in [length - 1, length + 1] {
            let mut bent = files.clone();
            part(&mut bent).resize(length, 0);
            assert!(bent.verify(&mut cache).is_err(), "{name} of {length} bytes");
        }
    }
    assert_eq!(cache.len(), 1, "no failure is kept");
}

/// Nothing signs a public area: what it says beside the key is as good as who
/// brought it. But all of it goes into the name, with which it is enrolled.
#[test]
fn every_byte_of_a_public_area_is_refused_or_gives_another_name() {
    let Some(corpus) = Corpus::open() else { return };
    let files = Files::of_google(&google(&corpus), "sha256");
    let mut cache = Cache::default();
    let mut name = |files: &Files| {
        let answer = files.verify(&mut cache).ok()?;
        let answer = tree(&answer);
        Some(answer["publicArea"]["name"].clone())
    };
    let right = name(&files).unwrap();
    let mut other_names = 0;
    for index in 0..files.key.len() {
        for bit in 0..8 {
            let mut bent = files.clone();
            bent.key[index] ^= 1 << bit;
            let found = name(&bent);
            assert_ne!(found.as_ref(), Some(&right), "byte {index:#x}, bit {bit}");
            other_names += usize::from(found.is_some());
        }
    }
    // stClear, userWithAuth, adminWithPolicy, noDA, encryptedDuplication.
    assert_eq!(other_names, 5, "bits that change only the name");
}

#[test]
fn a_warm_chain_does_not_outlive_its_certificates() {
    let Some(corpus) = Corpus::open() else { return };
    let mut cache = Cache::default();
    let mut files = Files::of_google(&google(&corpus), "sha256");
    assert!(files.verify(&mut cache).is_ok());
    for (now, code) in [
        (u64::MAX, "tpm.certificate_expired"),
        (1_500_000_000, "tpm.certificate_not_yet_valid"),
    ] {
        files.now = now;
        let warm = files.verify(&mut cache).err().unwrap();
        assert_eq!(warm.code(), code);
        assert_eq!(Some(warm), files.verify(&mut Cache::default()).err());
    }
    assert_eq!(cache.len(), 1);
}
