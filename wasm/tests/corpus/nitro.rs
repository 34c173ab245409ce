//! Attestation documents of AWS Nitro in the corpus.

use crate::case::{Case, Corpus, Root, anchor, read};
use crate::tree;
use casemate_core::answer::Refusal;
use casemate_core::frame;
use casemate_core::nitro::verify::{Evidence, verify_framed};
use casemate_core::x509::certificate::Certificate;
use casemate_core::x509::encoding::{self, MAX_CERTIFICATE_BYTES, Place};
use casemate_core::x509::signer::Cache;
use serde_json::{Value, json};

/// AWS's root of Nitro attestation, as AWS publishes its fingerprint (SHA-256 of the DER).
const ROOT: &str = "641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b";

fn root() -> Root {
    let place = Place {
        name: "anchor",
        kind: None,
        limit: MAX_CERTIFICATE_BYTES,
    };
    let [der] = encoding::exactly(&read("anchors/aws/nitro_root.pem"), &place).unwrap();
    let root = Certificate::parse(der, "anchor").unwrap();
    Root {
        certificate: root.fingerprint(),
        key: root.key_fingerprint(),
        lab: false,
    }
}

fn verify_with(
    document: &[u8],
    root: &Root,
    now: u64,
    cache: &mut Cache,
) -> Result<Evidence, Refusal> {
    let anchors = frame::write(&[&anchor(root)]).unwrap();
    let fields: [&[u8]; 4] = [document, &[], &anchors, &now.to_be_bytes()];
    verify_framed(&frame::write(&fields).unwrap(), cache)
}

fn verify(case: &Case, cache: &mut Cache) -> Result<Evidence, Refusal> {
    verify_with(&case.bytes("document"), &root(), case.now(), cache)
}

fn cases(corpus: &Corpus) -> Vec<Case> {
    let all = corpus.cases_of(&["aws-nitro"]);
    assert!(all.len() >= 3, "only {} cases", all.len());
    all
}

fn genuine(corpus: &Corpus) -> Case {
    let mut all = cases(corpus).into_iter();
    all.find(|case| case.reason().is_none()).unwrap()
}

#[test]
fn nitro_documents_are_judged_as_expected() {
    let Some(corpus) = Corpus::open() else { return };
    for case in cases(&corpus) {
        let refusal = verify(&case, &mut Cache::default()).err();
        let expected = match case.reason() {
            None => "",
            Some("cose_sig") => "nitro.signature_mismatch",
            Some(other) => panic!("no code is known for the reason {other:?}"),
        };
        let name = case.name();
        assert_eq!(refusal.map_or("", |it| it.code()), expected, "{name}");
    }
}

#[test]
fn fields_of_the_genuine_document_are_as_published() {
    let Some(corpus) = Corpus::open() else { return };
    let case = genuine(&corpus);
    let answer = verify(&case, &mut Cache::default()).unwrap();
    let answer = tree(&answer);
    let (document, fields) = (&answer["document"], case.fields());
    assert_eq!(document["kind"], "enclave");
    for (ours, theirs) in [
        ("moduleId", "module_id"),
        ("digest", "digest"),
        ("timestamp", "timestamp"),
        ("publicKey", "public_key"),
        ("userData", "user_data"),
        ("nonce", "nonce"),
    ] {
        assert_eq!(document[ours], fields[theirs], "{ours}");
    }
    let registers = document["registers"].as_array().unwrap();
    assert_eq!(registers.len(), fields["pcrs"].as_object().unwrap().len());
    for register in registers {
        let number = register["register"].to_string();
        assert_eq!(register["value"], fields["pcrs"][&number], "{number}");
    }
    let certificates = answer["certificates"].as_array().unwrap();
    assert_eq!(certificates.len(), 5);
    assert_eq!(certificates[4]["sha256"], ROOT);
    let validity = ["notBefore", "notAfter"].map(|name| certificates[0][name].clone());
    assert_eq!(Value::from(validity.to_vec()), fields["leaf_validity"]);
    assert_eq!(answer["lab"], json!(false));
    assert_eq!(
        answer["revocationChecked"],
        json!(false),
        "no list is at hand"
    );
}

#[test]
fn the_genuine_document_is_of_its_time_and_root() {
    let Some(corpus) = Corpus::open() else { return };
    let case = genuine(&corpus);
    let document = case.bytes("document");
    let cache = &mut Cache::default();
    let mut code = |root: &Root, now: u64| {
        let answer = verify_with(&document, root, now, cache);
        answer.err().map_or("", |refusal| refusal.code())
    };
    assert_eq!(code(&root(), case.now()), "");
    assert_eq!(
        code(&root(), case.now() - 4),
        "nitro.certificate_not_yet_valid"
    );
    assert_eq!(
        code(&root(), case.now() + 3 * 3600 + 1),
        "nitro.certificate_expired"
    );
    let mut other = root();
    other.certificate = [0; 32];
    assert_eq!(code(&other, case.now()), "nitro.root_unknown");
    let mut lab = root();
    lab.lab = true;
    assert_eq!(code(&lab, case.now()), "nitro.lab_extension_missing");
}

/// The cache is warm, so that most of it costs one signature.
#[test]
fn no_byte_of_the_genuine_document_can_be_changed() {
    let Some(corpus) = Corpus::open() else { return };
    let case = genuine(&corpus);
    let whole = case.bytes("document");
    let (root, now) = (root(), case.now());
    let mut cache = Cache::default();
    assert!(verify_with(&whole, &root, now, &mut cache).is_ok());
    for place in (0..whole.len()).step_by(11) {
        let mut bent = whole.clone();
        bent[place] ^= 1 << (place % 8);
        let answer = verify_with(&bent, &root, now, &mut cache);
        assert!(answer.is_err(), "byte {place}");
    }
    for end in 0..whole.len() {
        let answer = verify_with(&whole[..end], &root, now, &mut cache);
        let code = answer.err().unwrap().code();
        assert!(
            ["nitro.cbor", "input.empty"].contains(&code),
            "cut at {end}: {code}"
        );
    }
}
