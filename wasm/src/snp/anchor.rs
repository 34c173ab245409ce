//! Roots of trust that the caller pins, and the choice among them.

use crate::answer::Refusal;
use crate::frame;
use crate::hex;
use crate::snp::chain::Certificates;
use crate::snp::codes::Code;
use crate::snp::lab;

/// Most roots that a caller may pin.
const MAX_ANCHORS: usize = 16;
/// Flag: the root is a lab's.
const LAB: u8 = 1;

/// A pinned root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor<'a> {
    /// Product line; empty to take it from the root's common name.
    pub line: &'a str,
    /// SHA-256 of the ARK certificate's DER.
    pub certificate: [u8; 32],
    /// SHA-256 of the ARK's `SubjectPublicKeyInfo`.
    pub key: [u8; 32],
    /// Whether it is a lab's, which must not be mistaken for AMD.
    pub lab: bool,
}

/// Reads a list of anchors; each is four fields: line, SHA-256 of the
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
    let [line, certificate, key, flags] = frame::fields(item)?;
    let lab = match flags {
        [0] => false,
        [LAB] => true,
        _ => return Err(wrong("flags")),
    };
    Ok(Anchor {
        line: core::str::from_utf8(line).map_err(|_| wrong("line"))?,
        certificate: certificate.try_into().map_err(|_| wrong("fingerprint"))?,
        key: key.try_into().map_err(|_| wrong("key"))?,
        lab,
    })
}

/// Finds the anchor that is the chain's root, certificate and key both, and
/// keeps lab and vendor apart.
///
/// # Errors
/// `snp.root_unknown`, `snp.root_mismatch`, `snp.lab_on_vendor_path`,
/// `snp.lab_extension_missing`
pub fn choose<'a>(
    anchors: &'a [Anchor<'a>],
    certificates: &Certificates,
) -> Result<&'a Anchor<'a>, Refusal> {
    let certificate = certificates.ark.fingerprint();
    let key = certificates.ark.key_fingerprint();
    let is_root = |anchor: &&Anchor<'_>| anchor.certificate == certificate && anchor.key == key;
    // A root that was given twice counts as the vendor's, so that nobody gets a
    // lab's verdict for it by mistake.
    let mut roots: Vec<_> = anchors.iter().filter(is_root).collect();
    roots.sort_by_key(|anchor| anchor.lab);
    match roots.first() {
        Some(anchor) if anchor.lab => check_all_marked(certificates).map(|()| *anchor),
        Some(anchor) => check_none_marked(certificates).map(|()| *anchor),
        None => Err(refuse_root(anchors, certificates)),
    }
}

fn refuse_root(anchors: &[Anchor<'_>], certificates: &Certificates) -> Refusal {
    let key = certificates.ark.key_fingerprint();
    if !anchors.iter().any(|anchor| anchor.lab)
        && let Err(refusal) = check_none_marked(certificates)
    {
        return refusal;
    }
    let summary = certificates.ark.summary();
    match anchors.iter().find(|anchor| anchor.key == key) {
        Some(anchor) => Refusal::from(Code::RootMismatch)
            .with("expected", hex::encode(&anchor.certificate))
            .with("actual", summary.sha256),
        None => Refusal::from(Code::RootUnknown)
            .with("root", summary.subject)
            .with("actual", summary.sha256),
    }
}

fn check_all_marked(certificates: &Certificates) -> Result<(), Refusal> {
    let all = certificates.named();
    match all
        .into_iter()
        .find(|(_, one)| !lab::is_rightly_marked(one))
    {
        None => Ok(()),
        Some((name, _)) => Err(Refusal::from(Code::LabExtensionMissing).with("certificate", name)),
    }
}

fn check_none_marked(certificates: &Certificates) -> Result<(), Refusal> {
    let all = certificates.named();
    match all.into_iter().find(|(_, one)| lab::is_marked(one)) {
        None => Ok(()),
        Some((name, _)) => Err(Refusal::from(Code::LabOnVendorPath).with("certificate", name)),
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
        assert_eq!((anchor.line, anchor.lab), ("Milan", true));
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
