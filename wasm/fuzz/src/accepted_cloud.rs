//! What must hold of the answers about clouds, accepted or not.

use crate::accepted::{bytes, der_of};
use crate::accepted_ec2;
use crate::accepted_gce;
use crate::accepted_hcl;
use crate::accepted_instance;
use crate::accepted_nitro;
use crate::answer::{self, Answer};
use crate::candidates_tpm::of_items;
use crate::certificate::{Signed, hex};
use crate::nitro::Document;
use crate::proof::Proof;
use crate::shape::Field;
use serde_json::{Value, json};

/// Parts of an answer that are made for a person; all else is as it stands in the file.
const MADE: [&str; 3] = ["certificate", "certificates", "revocationLists"];

/// Whether an answer quotes texts as they stand in a file, which the caller shows as is fit.
#[must_use]
pub fn quotes(operation: &str) -> bool {
    let starts = ["hcl_", "nitro_", "ec2_", "gce_instance"];
    starts.iter().any(|start| operation.starts_with(start))
}

/// Checks an answer; gives everything that must be signed.
///
/// # Panics
/// Where something does not hold.
pub fn check(operation: &str, fields: &[Field], answer: &Answer) -> Vec<Proof> {
    match answer {
        Answer::Ok(found) => {
            let made = MADE.iter().filter_map(|name| found.get(name));
            made.for_each(answer::check_texts);
            check_accepted(operation, fields, found)
        }
        Answer::Rejected(code) => {
            check_refused(operation, fields, code);
            vec![]
        }
        Answer::Bug => vec![],
    }
}

fn check_accepted(operation: &str, fields: &[Field], found: &Value) -> Vec<Proof> {
    match (operation, fields) {
        ("hcl_report" | "hcl_runtime", _) => {
            assert_eq!(Some(found), accepted_hcl::expected(fields).as_ref());
        }
        ("nitro_document", [file]) => {
            assert_eq!(Some(found), accepted_nitro::expected(bytes(file)).as_ref());
        }
        ("nitro_verify", _) => return accepted_nitro::check(fields, found),
        ("gce_endorsement", _) => return accepted_gce::check(fields, found),
        ("ec2_identity", _) => return accepted_ec2::check(fields, found),
        ("gce_instance", [file]) => {
            let der = only(file);
            let read = Signed::read_unsigned(&der).expect("strict DER");
            assert_eq!(Some(found), accepted_instance::expected(&read).as_ref());
        }
        ("x509_extension", [file, id]) => {
            let der = only(file);
            assert_eq!(*found, extension(&der, bytes(id)));
        }
        _ => {}
    }
    vec![]
}

fn only(file: &Field) -> Vec<u8> {
    let all = der_of(bytes(file)).expect("DER or PEM");
    let [der] = all.try_into().expect("one certificate");
    der
}

/// What must be shown of an extension, by the dotted text of its identifier.
fn extension(der: &[u8], id: &[u8]) -> Value {
    let text = core::str::from_utf8(id).expect("ASCII");
    let read = Signed::read_unsigned(der).expect("strict DER");
    let mut all = read.extensions().into_iter();
    let found = all.find(|(known, ..)| dotted(known).as_deref() == Some(text));
    found.map_or(
        Value::Null,
        |(_, critical, value)| json!({ "critical": critical, "value": hex(value) }),
    )
}

/// X.690 §8.19; none of what has parts beyond 64 bits.
fn dotted(arcs: &[u8]) -> Option<String> {
    let mut numbers: Vec<u64> = Vec::new();
    let mut sum: u64 = 0;
    for byte in arcs {
        sum = sum.checked_mul(128)? | u64::from(byte & 0x7f);
        if *byte < 0x80 {
            numbers.push(core::mem::take(&mut sum));
        }
    }
    let first = numbers.first().copied()?;
    let top = (first / 40).min(2);
    let rest = numbers.iter().skip(1).map(|number| format!(".{number}"));
    Some(format!("{top}.{}", first - 40 * top) + &rest.collect::<String>())
}

fn check_refused(operation: &str, fields: &[Field], code: &str) {
    match (operation, fields) {
        ("hcl_report" | "hcl_runtime", _) => {
            assert!(accepted_hcl::expected(fields).is_none(), "refused: {code}");
        }
        ("nitro_document", [file]) => {
            assert!(
                accepted_nitro::expected(bytes(file)).is_none(),
                "refused: {code}"
            );
        }
        ("nitro_verify", [file, ..]) => {
            let is_sound = accepted_nitro::expected(bytes(file)).is_some();
            let is_refused = accepted_nitro::is_of_document(code);
            // A list may be too large as well.
            assert!(
                is_sound != is_refused || code.starts_with("input."),
                "{code}"
            );
        }
        ("gce_endorsement", [file, ..]) if !code.starts_with("input.") => {
            let is_sound = accepted_gce::expected(bytes(file)).is_some();
            assert_eq!(is_sound, code != "gce.endorsement_malformed", "{code}");
        }
        ("gce_instance", [file]) if code == "gce.instance_malformed" => {
            let der = only(file);
            let read = Signed::read_unsigned(&der).expect("strict DER");
            assert!(accepted_instance::expected(&read).is_none(), "refused");
        }
        ("ec2_identity", _) => accepted_ec2::check_refusal(fields, code),
        _ => {}
    }
}

/// What may be signed in a seed.
#[must_use]
pub fn candidates(operation: &str, fields: &[Field]) -> Vec<Proof> {
    match (operation, fields) {
        ("nitro_verify", [file, lists, ..]) => {
            let Some(document) = Document::read(bytes(file)) else {
                return vec![];
            };
            let lists = crate::accepted::items(lists).iter();
            let lists = lists.filter_map(|list| der_of(bytes(list))).flatten();
            let mut all = of_items(&document.certificates(), &lists.collect::<Vec<_>>());
            all.extend(accepted_nitro::proof(&document));
            all
        }
        ("gce_endorsement", [file, roots, ..]) => {
            let own = accepted_gce::certificates(bytes(file)).unwrap_or_default();
            let roots = crate::accepted::items(roots).iter();
            let roots = roots.filter_map(|root| der_of(bytes(root))).flatten();
            let mut all = of_items(&own.into_iter().chain(roots).collect::<Vec<_>>(), &[]);
            all.extend(accepted_gce::proof(bytes(file)));
            all
        }
        ("ec2_identity", _) => {
            let found = accepted_ec2::signed(fields);
            found.map(|(_, proof)| proof).into_iter().collect()
        }
        _ => vec![],
    }
}
