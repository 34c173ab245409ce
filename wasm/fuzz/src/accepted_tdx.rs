//! What must hold of a TDX or SGX quote that was accepted.

use crate::accepted::{bytes, check_anchor, check_revoked, check_windows, der_of, items, signed};
use crate::certificate::{Signed, sha256};
use crate::json;
use crate::proof::{Proof, Scheme, numbers_of_der, p256_key};
use crate::quote::Quote;
use crate::shape::Field;
use serde_json::Value;

/// Where a quoting enclave's report binds the attestation key.
const REPORT_DATA: core::ops::Range<usize> = 320..384;

/// Everything that must be signed; none where evidence cannot be taken apart.
#[must_use]
pub fn proofs(fields: &[Field]) -> Option<Vec<Proof>> {
    let [_, file, collateral, ..] = fields else {
        return None;
    };
    let quote = Quote::read(bytes(file))?;
    let chain = der_of(&quote.chain)?;
    let chain = signed(&chain)?;
    let [pck, ca, root] = chain.as_slice() else {
        return None;
    };
    let mut proofs = vec![
        by(ca, "PCK", pck)?,
        by(root, "CA", ca)?,
        by(root, "root", root)?,
        plain(
            "QE report",
            pck.key(),
            &quote.qe_report,
            &quote.qe_signature,
        ),
        plain(
            "quote",
            &p256_key(&quote.key),
            &quote.signed,
            &quote.signature,
        ),
    ];
    if let files @ [_, ..] = items(collateral) {
        proofs.extend(of_collateral(files, ca, root)?);
    }
    Some(proofs)
}

fn of_collateral(files: &[Field], ca: &Signed<'_>, root: &Signed<'_>) -> Option<Vec<Proof>> {
    let [info, identity, signers, pck_crl, root_crl, rest] = files else {
        return None;
    };
    let mut proofs = Vec::new();
    let signers = der_of(bytes(signers))?;
    let signers = signed(&signers)?;
    let signer = signers.first()?;
    proofs.push(by(root, "TCB signing", signer)?);
    for (file, member) in [(info, "\"tcbInfo\""), (identity, "\"enclaveIdentity\"")] {
        let (message, signature) = document(bytes(file), member)?;
        proofs.push(plain(
            "document",
            signer.key(),
            message.as_bytes(),
            &signature,
        ));
    }
    for (what, file, issuer) in [("PCK CRL", pck_crl, ca), ("root CRL", root_crl, root)] {
        for list in signed(&der_of(bytes(file))?)? {
            proofs.push(by(issuer, what, &list)?);
        }
    }
    for chain in items(rest) {
        for one in signed(&der_of(bytes(chain))?)? {
            proofs.push(by(root, "chain of the PCK CRL", &one)?);
        }
    }
    Some(proofs)
}

fn by(issuer: &Signed<'_>, what: &'static str, one: &Signed<'_>) -> Option<Proof> {
    let numbers = numbers_of_der(one.signature)?;
    Some(plain(what, issuer.key(), one.content, &numbers))
}

fn plain(what: &'static str, key: &[u8], message: &[u8], numbers: &[u8]) -> Proof {
    Proof {
        what,
        scheme: Scheme::P256,
        key: key.to_vec(),
        message: message.to_vec(),
        signature: numbers.to_vec(),
    }
}

/// Checks an accepted quote beyond its signatures.
///
/// # Panics
/// Where something of it cannot be.
pub fn check(fields: &[Field], answer: &Value) {
    let [tee, file, collateral, anchors, now] = fields else {
        panic!("an accepted input has five fields");
    };
    let quote = Quote::read(bytes(file)).expect("the sizes of an accepted quote fit");
    let der = der_of(&quote.chain).expect("DER or PEM");
    let chain = signed(&der).expect("strict DER");
    let [pck, ca, root] = chain.as_slice() else {
        panic!("an accepted chain has three certificates");
    };
    let bound = sha256(&[&quote.key[..], &quote.authentication].concat());
    let expected = [bound, [0; 32]].concat();
    assert_eq!(quote.qe_report[REPORT_DATA], expected, "the key is bound");
    check_anchor(&der[2], root.key(), anchors, &answer["chain"]["lab"]);
    check_windows(answer, bytes(now));
    if *collateral == Field::Nothing {
        assert!(answer["collateral"].is_null(), "there is no collateral");
        return;
    }
    assert!(answer["collateral"].is_object(), "collateral is looked at");
    check_lists(items(collateral), [pck, ca]);
    check_documents(items(collateral), bytes(tee), answer, bytes(now));
}

fn check_lists(files: &[Field], [pck, ca]: [&Signed<'_>; 2]) {
    let [_, _, signers, pck_crl, root_crl, rest] = files else {
        panic!("collateral has six fields");
    };
    let der = |file: &Field| der_of(bytes(file)).expect("DER or PEM");
    let under_root: Vec<_> = items(rest).iter().chain([signers]).map(der).collect();
    let under_root = under_root
        .iter()
        .map(|file| signed(file).expect("strict DER"));
    let under_root: Vec<_> = under_root
        .filter_map(|file| file.into_iter().next())
        .collect();
    for (file, subjects) in [
        (pck_crl, vec![pck]),
        (root_crl, under_root.iter().chain([ca]).collect()),
    ] {
        let der = der(file);
        let lists = signed(&der).expect("strict DER");
        let [list] = lists.as_slice() else {
            panic!("one list is given");
        };
        check_revoked(list, &subjects);
    }
}

/// Text and signature of a document. Blank space within the text is lost here,
/// so that a document which has some is not found to be genuine; Intel's have none.
fn document(file: &[u8], member: &str) -> Option<(String, Vec<u8>)> {
    let file = json::read(file)?;
    let json::Value::Object(members) = file.value else {
        return None;
    };
    let find = |name: &str| {
        let mut found = members.iter().filter(|(known, _)| known == name);
        let (_, value) = found.next()?;
        let mut text = String::new();
        value.write(&mut text);
        found.next().is_none().then_some(text)
    };
    let digits = find("\"signature\"")?;
    let digits = digits.trim_matches('"').as_bytes().chunks(2);
    let bytes = digits.map(|pair| {
        let pair = core::str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok()
    });
    Some((find(member)?, bytes.collect::<Option<_>>()?))
}

/// The documents are of this kind of TEE, this platform, one recovery, and in force.
fn check_documents(files: &[Field], tee: &[u8], answer: &Value, now: &[u8]) {
    let read = |file: &Field, member: &str| -> Value {
        let text = core::str::from_utf8(bytes(file)).expect("UTF-8");
        let mut plain: Value =
            serde_json::from_str(text.trim_start_matches('\u{feff}')).expect("JSON");
        plain[member].take()
    };
    let (info, identity) = (
        read(&files[0], "tcbInfo"),
        read(&files[1], "enclaveIdentity"),
    );
    let ids = if tee == b"TDX" {
        ["TDX", "TD_QE"]
    } else {
        ["SGX", "QE"]
    };
    assert_eq!(
        [info["id"].as_str(), identity["id"].as_str()],
        ids.map(Some)
    );
    let lower = |value: &Value| value.as_str().map(str::to_ascii_lowercase);
    assert_eq!(lower(&info["fmspc"]), lower(&answer["pck"]["fmspc"]));
    assert_eq!(lower(&info["pceId"]), lower(&answer["pck"]["pceId"]));
    let number = "tcbEvaluationDataNumber";
    assert_eq!(info[number], identity[number], "one recovery");
    for document in [&info, &identity] {
        let heads =
            ["issueDate", "nextUpdate"].map(|name| (name.to_owned(), document[name].clone()));
        check_windows(&Value::Object(heads.into_iter().collect()), now);
    }
    let status = answer["collateral"]["tcb"]["status"].as_str();
    assert!(
        status.is_some_and(|status| status != "Revoked"),
        "{status:?}"
    );
}
