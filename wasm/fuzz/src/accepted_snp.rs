//! What must hold of SEV-SNP evidence that was accepted.

use crate::accepted::{bytes, check_anchor, check_revoked, check_windows, der_of, items, signed};
use crate::certificate::Signed;
use crate::proof::{Proof, Scheme};
use crate::shape::Field;
use serde_json::Value;

/// Sizes of a report and of the part that is signed (56860 Table 23).
const REPORT: usize = 0x4A0;
const SIGNED: usize = 0x2A0;
/// R and S are followed by zeros.
const R: core::ops::Range<usize> = 0x2A0..0x2D0;
const S: core::ops::Range<usize> = 0x2E8..0x318;
const CHIP_ID: core::ops::Range<usize> = 0x1A0..0x1E0;

/// Content of the identifier of hwID, 1.3.6.1.4.1.3704.1.4.
const HWID: [u8; 9] = [0x2b, 6, 1, 4, 1, 0x9c, 0x78, 1, 4];

/// Everything that must be signed; none where evidence cannot be taken apart.
#[must_use]
pub fn proofs(fields: &[Field]) -> Option<Vec<Proof>> {
    let [report, leaf, chain, crls, ..] = fields else {
        return None;
    };
    let all = [der_of(bytes(leaf))?, der_of(bytes(chain))?].concat();
    let all = signed(&all)?;
    let [leaf, ask, ark] = all.as_slice() else {
        return None;
    };
    let mut proofs = vec![
        by(ask, "leaf", leaf),
        by(ark, "ASK", ask),
        by(ark, "ARK", ark),
        of_report(bytes(report), leaf)?,
    ];
    for list in lists(crls)? {
        proofs.push(by(ark, "revocation list", &signed(&[list])?[0]));
    }
    Some(proofs)
}

fn by(issuer: &Signed<'_>, what: &'static str, one: &Signed<'_>) -> Proof {
    Proof {
        what,
        scheme: Scheme::Pss,
        key: issuer.key().to_vec(),
        message: one.content.to_vec(),
        signature: one.signature.to_vec(),
    }
}

fn of_report(report: &[u8], leaf: &Signed<'_>) -> Option<Proof> {
    let reversed = |range| -> Option<Vec<u8>> {
        let number: &[u8] = report.get(range)?;
        Some(number.iter().rev().copied().collect())
    };
    Some(Proof {
        what: "report",
        scheme: Scheme::P384,
        key: leaf.key().to_vec(),
        message: report.get(..SIGNED)?.to_vec(),
        signature: [reversed(R)?, reversed(S)?].concat(),
    })
}

fn lists(crls: &Field) -> Option<Vec<Vec<u8>>> {
    let files = items(crls).iter().map(|crl| der_of(bytes(crl)));
    files
        .collect::<Option<Vec<_>>>()
        .map(|files| files.concat())
}

/// Checks accepted evidence beyond its signatures.
///
/// # Panics
/// Where something of it cannot be.
pub fn check(fields: &[Field], answer: &Value) {
    let [report, leaf, chain, crls, anchors, now] = fields else {
        panic!("an accepted input has six fields");
    };
    let files = [leaf, chain].map(|file| der_of(bytes(file)).expect("DER or PEM"));
    let all = files.concat();
    let read = signed(&all).expect("strict DER");
    let [leaf, ask, ark] = read.as_slice() else {
        panic!("an accepted chain has three certificates");
    };
    let report = bytes(report);
    assert_eq!(report.len(), REPORT, "a report has one size");
    let rest = [&report[R.end..S.start], &report[S.end..]].concat();
    assert!(rest.iter().all(|byte| *byte == 0), "zeros follow R and S");
    check_chip(report, leaf);
    check_lists(crls, [leaf, ask, ark], answer);
    check_anchor(&all[2], ark.key(), anchors, &answer["chain"]["lab"]);
    check_windows(answer, bytes(now));
}

fn check_lists(crls: &Field, chain: [&Signed<'_>; 3], answer: &Value) {
    let lists = lists(crls).expect("DER or PEM");
    let shown = answer["crls"].as_array().map(Vec::len);
    assert_eq!(shown, Some(lists.len()), "every list is looked at");
    for list in signed(&lists).expect("strict DER") {
        check_revoked(&list, &chain);
    }
}

/// The chip that a VCEK names is the report's, unless the report hides it.
fn check_chip(report: &[u8], leaf: &Signed<'_>) {
    let chip = &report[CHIP_ID];
    if let Some(hwid) = leaf.extension(&HWID)
        && chip.iter().any(|byte| *byte != 0)
    {
        let rest = chip.strip_prefix(hwid).expect("the leaf names the chip");
        assert!(
            rest.iter().all(|byte| *byte == 0),
            "the leaf names the chip"
        );
    }
}
