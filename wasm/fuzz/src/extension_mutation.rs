//! Changes of the extensions of certificates and lists: to what is well made and
//! says something else, which bytes that are bent at random seldom are.

use crate::certificate::element;
use crate::der::{self, Body, Node};
use crate::random::Random;

/// Contents of identifiers.
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
const NUMBER: &[u8] = &[0x55, 0x1d, 0x14];
const DELTA: &[u8] = &[0x55, 0x1d, 0x1b];
const ISSUING_POINT: &[u8] = &[0x55, 0x1d, 0x1c];
const POINTS: &[u8] = &[0x55, 0x1d, 0x1f];
const PURPOSES: &[u8] = &[0x55, 0x1d, 0x25];
const LAB: &[u8] = &[0x88, 0x37, 0x43, 1];

/// Extensions and values of theirs.
const VALUES: [(&[u8], &[u8]); 26] = [
    (KEY_USAGE, &[3, 2, 7, 0x80]),
    (KEY_USAGE, &[3, 2, 5, 0x20]),
    (KEY_USAGE, &[3, 2, 3, 8]),
    (KEY_USAGE, &[3, 2, 2, 4]),
    (KEY_USAGE, &[3, 2, 1, 2]),
    (KEY_USAGE, &[3, 2, 1, 6]),
    (KEY_USAGE, &[3, 2, 1, 0x86]),
    (KEY_USAGE, &[3, 3, 7, 0, 0x80]),
    (BASIC_CONSTRAINTS, &[0x30, 0]),
    (BASIC_CONSTRAINTS, &[0x30, 3, 1, 1, 0xff]),
    (BASIC_CONSTRAINTS, &[0x30, 6, 1, 1, 0xff, 2, 1, 0]),
    (BASIC_CONSTRAINTS, &[0x30, 6, 1, 1, 0xff, 2, 1, 1]),
    (BASIC_CONSTRAINTS, &[0x30, 7, 1, 1, 0xff, 2, 2, 1, 0]),
    (BASIC_CONSTRAINTS, &[0x30, 3, 2, 1, 0]),
    (PURPOSES, b"\x30\x07\x06\x05\x67\x81\x05\x08\x01"),
    (PURPOSES, b"\x30\x07\x06\x05\x67\x81\x05\x08\x03"),
    (PURPOSES, b"\x30\x07\x06\x05\x67\x81\x05\x08\x02"),
    (PURPOSES, b"\x30\x06\x06\x04\x55\x1d\x25\x00"),
    (NUMBER, &[2, 1, 0]),
    (NUMBER, &[2, 1, 2]),
    (DELTA, &[2, 1, 1]),
    (ISSUING_POINT, &[0x30, 0]),
    (ISSUING_POINT, &[0x30, 3, 0x81, 1, 0xff]),
    (LAB, &[5, 0]),
    (LAB, &[4, 0]),
    (&[0x2a, 3], &[5, 0]),
];
/// Where lists lie, in the vectors and nowhere.
const PLACES: [&str; 3] = ["lab:tpm/issuing.crl", "lab:tpm/root.crl", "lab:other"];

/// Changes an extension or adds one; false where there is no place for it.
pub fn mutate(der: &mut Vec<u8>, random: &mut Random) -> bool {
    let mut nodes = der::read(der).unwrap_or_default();
    let Some(listed) = extensions(&mut nodes) else {
        return false;
    };
    let (id, value) = if random.once_in(5) {
        point(random)
    } else {
        let (id, value) = random.choose(VALUES);
        (id, value.to_vec())
    };
    let known = listed.iter().position(|one| {
        let Body::Nodes(_, parts) = &one.body else {
            return false;
        };
        matches!(parts.first().map(|id| &id.body), Some(Body::Bytes(known)) if known == id)
    });
    let critical = match known {
        Some(known) if random.once_in(2) => is_critical(&listed[known]),
        _ => random.once_in(2),
    };
    let other = extension(id, critical, &value);
    match known {
        Some(known) if random.once_in(16) => drop(listed.remove(known)),
        Some(known) => listed[known] = other,
        None => listed.push(other),
    }
    *der = der::write(&nodes);
    true
}

/// A list's own place, or where the list of a certificate lies.
fn point(random: &mut Random) -> (&'static [u8], Vec<u8>) {
    let uri = element(0x86, random.choose(PLACES).as_bytes());
    let name = element(0x30, &element(0xa0, &element(0xa0, &uri)));
    if random.once_in(2) {
        (ISSUING_POINT, name)
    } else {
        (POINTS, element(0x30, &name))
    }
}

fn extension(id: &[u8], critical: bool, value: &[u8]) -> Node {
    let flag: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
    let whole = [&element(6, id), flag, &element(4, value)].concat();
    let mut nodes = der::read(&element(0x30, &whole)).unwrap_or_default();
    nodes.remove(0)
}

fn is_critical(extension: &Node) -> bool {
    matches!(&extension.body, Body::Nodes(_, parts) if parts.len() == 3)
}

/// The extensions of a certificate or list.
fn extensions(nodes: &mut [Node]) -> Option<&mut Vec<Node>> {
    let signed = inner(nodes.first_mut()?)?.first_mut()?;
    let fields = inner(signed)?.iter_mut().skip(1);
    let last = fields.filter(|field| matches!(field.tag[0], 0xa0 | 0xa3));
    inner(inner(last.last()?)?.first_mut()?)
}

fn inner(node: &mut Node) -> Option<&mut Vec<Node>> {
    match &mut node.body {
        Body::Nodes(_, nodes) => Some(nodes),
        Body::Bytes(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::mutate;
    use crate::certificate::Signed;
    use crate::pem;
    use crate::random::Random;
    use crate::seeds::Seeds;
    use crate::shape::{self, Kind};

    #[test]
    fn mutate_changes_certificates_and_lists_and_leaves_them_well_made() {
        let seeds = Seeds::minted();
        let tpm = seeds
            .evidence
            .iter()
            .find(|(one, _)| one.name == "tpm_verify");
        let mut fields = tpm.unwrap().1.clone();
        let mut leaves = Vec::new();
        shape::leaves(&mut fields, &mut leaves);
        let kinds = [Kind::Certificates, Kind::RevocationLists];
        leaves.retain(|(kind, _)| kinds.contains(kind));
        let mut random = Random::of(1);
        for (_, file) in leaves {
            let seed = pem::items(file).unwrap().remove(0).der;
            let mut changed = 0;
            for _ in 0..200 {
                let mut der = seed.clone();
                assert!(mutate(&mut der, &mut random));
                assert!(Signed::read(&der).is_some());
                changed += usize::from(der != seed);
            }
            assert!(changed > 150, "{changed}");
        }
    }
}
