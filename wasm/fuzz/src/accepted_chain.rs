//! What must hold of certificates that were accepted, whatever their key signs.
//! The way to the root is the one that the answer shows; each step of it is
//! looked at.

use crate::accepted::{bytes, check_anchor, check_revoked, check_windows, der_of, items, signed};
use crate::arithmetic::Public;
use crate::certificate::{Signed, content, elements, hex, sha256};
use crate::proof::{Proof, Scheme, numbers_of};
use crate::shape::Field;
use crate::x509_algorithm;
use serde_json::Value;

/// Contents of identifiers.
pub const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
/// The same.
pub const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
/// The same.
pub const PURPOSES: &[u8] = &[0x55, 0x1d, 0x25];
const DELTA: &[u8] = &[0x55, 0x1d, 0x1b];
const ISSUING_POINT: &[u8] = &[0x55, 0x1d, 0x1c];
const POINTS: &[u8] = &[0x55, 0x1d, 0x1f];
/// Number of a list, its point, key of its issuer.
const KNOWN_OF_LIST: [&[u8]; 3] = [&[0x55, 0x1d, 0x14], ISSUING_POINT, &[0x55, 0x1d, 0x23]];
const LAB: &[u8] = &[0x88, 0x37, 0x43, 1];
/// Most certificates, and most lists.
const MOST: usize = 8;

/// Everything that a certificate was verified with.
pub struct Given<'a> {
    /// DER of certificates.
    pub certificates: &'a [Vec<u8>],
    /// DER of lists; none where there can be none.
    pub lists: Option<&'a [Vec<u8>]>,
    /// Pinned roots.
    pub anchors: &'a Field,
    /// 8 bytes.
    pub now: &'a [u8],
    /// Extensions that are understood in an authority.
    pub known: &'a [&'a [u8]],
}

/// Checks all of it but what only the technology demands, which is left to
/// `more`, of the path from the leaf to the root; gives what must be signed.
///
/// # Panics
/// Where something does not hold.
pub fn check(given: &Given<'_>, found: &Value, more: impl FnOnce(&[Signed<'_>])) -> Vec<Proof> {
    let lists = given.lists.unwrap_or_default();
    assert!((1..=MOST).contains(&given.certificates.len()) && lists.len() <= MOST);
    let path = path(given.certificates, &found["certificates"]);
    let read = signed(&path).expect("strict DER");
    let (root, whole) = read.last().zip(path.last()).expect("a root");
    check_anchor(whole, root.key(), given.anchors, &found["lab"]);
    check_windows(found, given.now);
    check_marks(&read, found["lab"] == true);
    for (below, authority) in read.iter().skip(1).enumerate() {
        check_authority(authority, below, given.known);
    }
    more(&read);
    let mut proofs = Vec::new();
    for (number, one) in read.iter().enumerate() {
        // The root is known by its pin, whatever it calls who signed it.
        let above = read.get(number + 1);
        let issuer = above.unwrap_or(root);
        let is_named = above.is_none() || one.issuer() == issuer.subject();
        assert!(is_named, "issued by another");
        proofs.push(by(issuer, "certificate", one).expect("an algorithm that is accepted"));
    }
    if given.lists.is_some() {
        proofs.extend(check_lists(lists, &read, found));
    }
    proofs
}

/// Checks a certificate whose key issues none.
///
/// # Panics
/// Where it may.
pub fn check_end(one: &Signed<'_>) {
    let constraints = one.extension(BASIC_CONSTRAINTS).and_then(content);
    let is_authority = constraints.is_some_and(|inner| inner.starts_with(&[1, 1, 0xff]));
    assert!(!is_authority, "a key's certificate issues others");
}

/// DER of all items of a list of files.
///
/// # Panics
/// Where one is neither DER nor PEM.
#[must_use]
pub fn all_of(files: &Field) -> Vec<Vec<u8>> {
    let files = items(files).iter();
    files
        .flat_map(|file| der_of(bytes(file)).expect("DER or PEM"))
        .collect()
}

/// The certificates of the way to the root, which are all given, the first one first, none twice.
fn path(all: &[Vec<u8>], shown: &Value) -> Vec<Vec<u8>> {
    let mut rest: Vec<&Vec<u8>> = all.iter().collect();
    let shown = shown.as_array().expect("a list of certificates");
    let path = shown.iter().map(|summary| {
        let is_it = |der: &&Vec<u8>| summary["sha256"] == hex(&sha256(der));
        let at = rest.iter().position(is_it).expect("it was given");
        let der = rest.remove(at);
        check_summary(der, summary);
        der.clone()
    });
    let path: Vec<Vec<u8>> = path.collect();
    assert_eq!(path.first(), all.first(), "the first one is the key's");
    path
}

/// Checks what is shown of a certificate.
///
/// # Panics
/// Where it is something else.
pub fn check_summary(der: &[u8], summary: &Value) {
    let read = Signed::read_unsigned(der).expect("strict DER");
    assert_eq!(summary["spkiSha256"], hex(&sha256(read.key())));
    let validity = read
        .sequences()
        .get(2)
        .and_then(|both| elements(content(both)?));
    let times = validity.expect("a validity");
    assert_eq!(summary["notBefore"], moment(times[0]));
    assert_eq!(summary["notAfter"], moment(times[1]));
}

/// A time of X.509 in the form of the answers.
fn moment(time: &[u8]) -> String {
    let digits = content(time).and_then(|text| core::str::from_utf8(text).ok());
    let digits = digits.expect("a time").trim_end_matches('Z');
    let digits = match (time[0], digits.bytes().next()) {
        (0x17, Some(b'0'..=b'4')) => format!("20{digits}"),
        (0x17, _) => format!("19{digits}"),
        _ => digits.to_owned(),
    };
    let part = |from: usize| digits.get(from..from + 2).expect("two digits");
    let year = [part(0), part(2)].concat();
    format!(
        "{year}-{}-{}T{}:{}:{}Z",
        part(4),
        part(6),
        part(8),
        part(10),
        part(12)
    )
}

/// The mark of a lab stands in all of them, or in none.
fn check_marks(path: &[Signed<'_>], lab: bool) {
    for one in path {
        let mut all = one.extensions().into_iter();
        let mark = all.find(|(id, ..)| *id == LAB);
        let mark = mark.map(|(_, critical, value)| (critical, value));
        assert_eq!(mark, lab.then_some((true, &[5, 0][..])), "a lab's mark");
    }
}

/// Version 3, and every critical extension is known.
///
/// # Panics
/// Where it is not so.
pub fn check_known(one: &Signed<'_>, known: &[&[u8]]) {
    assert_eq!(
        one.fields.first(),
        Some(&&[0xa0, 3, 2, 1, 2][..]),
        "version 3"
    );
    for (id, critical, _) in one.extensions() {
        let is_known = known.contains(&id) || id == LAB;
        assert!(!critical || is_known, "a critical extension is not known");
    }
}

/// The bits of an extension's BIT STRING, the first one highest.
#[must_use]
pub fn usage(one: &Signed<'_>) -> Option<u16> {
    let bits = content(one.extension(KEY_USAGE)?)?;
    let byte = |index: usize| u16::from(bits.get(index).copied().unwrap_or(0));
    Some(byte(1) << 8 | byte(2))
}

fn check_authority(one: &Signed<'_>, below: usize, known: &[&[u8]]) {
    check_known(one, known);
    let constraints = one.extension(BASIC_CONSTRAINTS);
    let constraints = constraints.and_then(|value| elements(content(value)?));
    let constraints = constraints.unwrap_or_default();
    assert_eq!(
        constraints.first(),
        Some(&&[1, 1, 0xff][..]),
        "an authority"
    );
    if let Some(most) = constraints.get(1).and_then(|most| content(most)) {
        let most = most.iter().fold(0, |sum: usize, byte| {
            sum.saturating_mul(256).saturating_add(usize::from(*byte))
        });
        assert!(
            below <= most,
            "{below} authorities are below a path of {most}"
        );
    }
    let is_signer = usage(one).is_none_or(|bits| bits & 0x0400 != 0);
    assert!(is_signer, "an authority signs no certificates");
}

/// None where the algorithm is not accepted, or what is signed with it is not a signature.
#[must_use]
pub fn by(issuer: &Signed<'_>, what: &'static str, one: &Signed<'_>) -> Option<Proof> {
    let algorithm = one.sequences().first().copied()?;
    let made = x509_algorithm::read(algorithm)?;
    let signature = match Public::read(issuer.key())? {
        Public::Ec(curve, _) => numbers_of(one.signature, curve.size)?,
        Public::Rsa(_) => one.signature.to_vec(),
    };
    Some(Proof {
        what,
        scheme: Scheme::By(made),
        key: issuer.key().to_vec(),
        message: one.content.to_vec(),
        signature,
    })
}

/// Each list is one of an authority's, whole, and names nobody that the authority certified.
fn check_lists(lists: &[Vec<u8>], path: &[Signed<'_>], found: &Value) -> Vec<Proof> {
    let shown = found["revocationLists"].as_array().expect("lists");
    assert_eq!(shown.len(), lists.len(), "every list is looked at");
    let mut proofs = Vec::new();
    let mut authors = Vec::new();
    for (der, shown) in lists.iter().zip(shown) {
        let list = Signed::read(der).expect("strict DER");
        let mut all = path.iter().skip(1).filter_map(|authority| {
            let is_signer = usage(authority).is_none_or(|bits| bits & 0x0200 != 0);
            let is_named = authority.subject() == list.issuer() && is_signer;
            let proof = by(authority, "revocation list", &list).filter(|_| is_named)?;
            proof.holds().then_some((authority, proof))
        });
        let (authority, proof) = all.next().expect("a list of an authority's");
        proofs.push(proof);
        authors.push(authority);
        let covered = covered(path, authority);
        check_revoked(&list, &covered);
        check_scope(&list, &covered);
        let times: Vec<_> = list
            .fields
            .iter()
            .filter(|field| matches!(field[0], 0x17 | 0x18))
            .collect();
        assert_eq!(shown["thisUpdate"], moment(times[0]));
        assert_eq!(shown["nextUpdate"], moment(times[1]));
        assert_eq!(shown["entries"], list.revoked().len());
    }
    let is_covered = |one: &Signed<'_>| {
        let mut authors = authors.iter();
        authors.any(|author| {
            covered(path, author)
                .iter()
                .any(|known| known.content == one.content)
        })
    };
    let below = &path[..path.len() - 1];
    let checked = below
        .iter()
        .all(|one| one.extension(POINTS).is_none() || is_covered(one));
    assert_eq!(found["revocationChecked"], checked);
    proofs
}

/// The certificates that an authority of this name and key issued, the root aside.
fn covered<'a, 'b>(path: &'b [Signed<'a>], authority: &Signed<'_>) -> Vec<&'b Signed<'a>> {
    let pairs = path.iter().zip(&path[1..]);
    let is_same = |issuer: &Signed<'_>| {
        issuer.subject() == authority.subject() && issuer.key() == authority.key()
    };
    pairs
        .filter(|(_, issuer)| is_same(issuer))
        .map(|(one, _)| one)
        .collect()
}

/// A list is no part of one; that of one point is the certificates'.
fn check_scope(list: &Signed<'_>, covered: &[&Signed<'_>]) {
    for (id, critical, _) in list.extensions() {
        let is_known = KNOWN_OF_LIST.contains(&id);
        assert!(!critical || is_known, "a critical extension of a list");
        assert_ne!(id, DELTA, "a list of changes");
    }
    let Some(point) = list.extension(ISSUING_POINT) else {
        return;
    };
    let parts = content(point).and_then(elements).expect("a point");
    let [name] = parts.as_slice() else {
        panic!("a list of a part");
    };
    assert_eq!(name[0], 0xa0, "a list of a part");
    for one in covered {
        let points = one.extension(POINTS).expect("the same point");
        let is_there = points.windows(name.len()).any(|part| part == *name);
        assert!(is_there, "a list of another point");
    }
}
