//! Roots of trust that the caller pins, and the choice among them.

use crate::answer::Refusal;
use crate::frame;
use crate::hex;
use crate::lab;
use crate::x509::certificate::Certificate;

/// Most roots that a caller may pin.
const MAX_ANCHORS: usize = 16;
/// Flag: the root is a lab's.
const LAB: u8 = 1;

/// A pinned root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor<'a> {
    /// What the technology calls it, as a product line; may be empty.
    pub label: &'a str,
    /// SHA-256 of the root certificate's DER.
    pub certificate: [u8; 32],
    /// SHA-256 of the root's `SubjectPublicKeyInfo`.
    pub key: [u8; 32],
    /// Whether it is a lab's, which must not be mistaken for the vendor.
    pub lab: bool,
}

/// How a technology calls what is wrong with a root.
pub struct Codes {
    /// No pinned root has this key.
    pub unknown: &'static str,
    /// A pinned root has this key and another certificate.
    pub mismatch: &'static str,
    /// A lab's certificate, and the root is not one of a lab.
    pub lab_on_vendor_path: &'static str,
    /// A certificate under a lab's root that lacks the mark.
    pub lab_extension_missing: &'static str,
}

/// A certificate with its name for a person.
pub type Named<'a> = (&'static str, &'a Certificate);

/// Reads a list of anchors; each is four fields: label, SHA-256 of the
/// certificate, SHA-256 of the key, one byte of flags.
///
/// # Errors
/// A bug, since anchors come from the calling code.
pub fn read(list: &[u8]) -> Result<Vec<Anchor<'_>>, Refusal> {
    let anchors = frame::list(list, MAX_ANCHORS)?;
    anchors.into_iter().map(read_one).collect()
}

fn read_one(item: &[u8]) -> Result<Anchor<'_>, Refusal> {
    let wrong = |what: &str| Refusal::bug(format!("an anchor's {what} is wrong"));
    let [label, certificate, key, flags] = frame::fields(item)?;
    let lab = match flags {
        [0] => false,
        [LAB] => true,
        _ => return Err(wrong("flags")),
    };
    Ok(Anchor {
        label: core::str::from_utf8(label).map_err(|_| wrong("label"))?,
        certificate: certificate.try_into().map_err(|_| wrong("fingerprint"))?,
        key: key.try_into().map_err(|_| wrong("key"))?,
        lab,
    })
}

impl Anchor<'_> {
    /// All of it as bytes, for the key of a cache.
    #[must_use]
    pub const fn parts(&self) -> [&[u8]; 4] {
        let flags: &[u8] = if self.lab { &[LAB] } else { &[0] };
        [self.label.as_bytes(), &self.certificate, &self.key, flags]
    }
}

/// Finds the anchor that is a chain's root, certificate and key both, and
/// keeps lab and vendor apart.
///
/// # Arguments
/// `all` are the certificates of the chain, the root among them.
///
/// # Errors
/// All of `codes`.
pub fn choose<'a>(
    anchors: &'a [Anchor<'a>],
    root: &Certificate,
    all: &[Named<'_>],
    codes: &Codes,
) -> Result<&'a Anchor<'a>, Refusal> {
    let certificate = root.fingerprint();
    let key = root.key_fingerprint();
    let is_root = |anchor: &&Anchor<'_>| anchor.certificate == certificate && anchor.key == key;
    // A root that was given twice counts as the vendor's, so that nobody gets a
    // lab's verdict for it by mistake.
    let mut roots: Vec<_> = anchors.iter().filter(is_root).collect();
    roots.sort_by_key(|anchor| anchor.lab);
    match roots.first() {
        Some(anchor) => check_marks(anchor.lab, all, codes).map(|()| *anchor),
        None => Err(refuse_root(anchors, root, all, codes)),
    }
}

/// Demands the mark in all certificates under a lab's root, and in none under another.
///
/// # Errors
/// `lab_on_vendor_path` and `lab_extension_missing` of `codes`.
pub fn check_marks(lab: bool, all: &[Named<'_>], codes: &Codes) -> Result<(), Refusal> {
    let (is_wrong, code): (fn(&Certificate) -> bool, _) = if lab {
        (
            |one| !lab::is_rightly_marked(one),
            codes.lab_extension_missing,
        )
    } else {
        (lab::is_marked, codes.lab_on_vendor_path)
    };
    match all.iter().find(|(_, one)| is_wrong(one)) {
        None => Ok(()),
        Some((name, _)) => Err(Refusal::of_code(code).with("certificate", *name)),
    }
}

fn refuse_root(
    anchors: &[Anchor<'_>],
    root: &Certificate,
    all: &[Named<'_>],
    codes: &Codes,
) -> Refusal {
    let key = root.key_fingerprint();
    if !anchors.iter().any(|anchor| anchor.lab)
        && let Err(refusal) = check_marks(false, all, codes)
    {
        return refusal;
    }
    let summary = root.summary();
    match anchors.iter().find(|anchor| anchor.key == key) {
        Some(anchor) => Refusal::of_code(codes.mismatch)
            .with("expected", hex::encode(&anchor.certificate))
            .with("actual", summary.sha256),
        None => Refusal::of_code(codes.unknown)
            .with("root", summary.subject)
            .with("actual", summary.sha256),
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::answer::Refusal;
    use crate::frame;

    fn list(flags: &[u8], key: &[u8]) -> Vec<u8> {
        let item = frame::write(&[b"Milan", &[1; 32], key, flags]).unwrap();
        frame::write(&[&item]).unwrap()
    }

    #[test]
    fn read_takes_four_fields() {
        let framed = list(&[1], &[2; 32]);
        let [anchor] = read(&framed).unwrap().try_into().unwrap();
        assert_eq!((anchor.label, anchor.lab), ("Milan", true));
        assert_eq!((anchor.certificate, anchor.key), ([1; 32], [2; 32]));
        assert!(read(&[]).unwrap().is_empty());
    }

    #[test]
    fn read_calls_anything_else_a_bug() {
        for framed in [
            list(&[2], &[2; 32]),
            list(&[], &[2; 32]),
            list(&[0], &[2; 31]),
        ] {
            assert!(matches!(read(&framed), Err(Refusal::Bug(_))));
        }
    }
}
