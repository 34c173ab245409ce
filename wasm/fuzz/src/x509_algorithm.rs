//! Algorithms by which certificates and lists are signed.

use crate::arithmetic::Made;
use crate::certificate::{content, elements};

const NAMES: [&str; 3] = ["sha256", "sha384", "sha512"];
/// Contents of identifiers, but for the last arc.
const PKCS1: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1];
const ECDSA: [u8; 7] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3];
const HASHES: [u8; 8] = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2];
const NULL: [u8; 2] = [5, 0];

/// Reads an `AlgorithmIdentifier`; none for all that is not accepted of an issuer.
#[must_use]
pub fn read(algorithm: &[u8]) -> Option<Made> {
    let parts = elements(content(algorithm)?)?;
    let (last, arcs) = content(parts.first()?)?.split_last()?;
    let name = |first: u8| NAMES.get(usize::from(last.checked_sub(first)?)).copied();
    match (arcs, *last, &parts[1..]) {
        (arcs, 10, [parameters]) if arcs == PKCS1 => pss(parameters),
        (arcs, _, [null]) if arcs == PKCS1 && *null == NULL => name(11).map(Made::Pkcs1),
        (arcs, _, []) if arcs == ECDSA => name(2).map(Made::Ecdsa),
        _ => None,
    }
}

/// Hash, the same in the mask, a salt as long as the hash; the trailer may be there.
fn pss(parameters: &[u8]) -> Option<Made> {
    let parts = elements(content(parameters)?)?;
    let [first, mask, salt, ..] = parts.as_slice() else {
        return None;
    };
    let name = hash(content(first)?)?;
    let mask = elements(content(content(mask)?)?)?;
    let length = content(content(salt)?)?;
    let index = NAMES.iter().position(|known| *known == name)? as u8;
    let is_same = mask.len() == 2 && hash(mask[1])? == name;
    (is_same && length == [32 + 16 * index]).then_some(Made::Pss(name, false))
}

fn hash(algorithm: &[u8]) -> Option<&'static str> {
    let parts = elements(content(algorithm)?)?;
    let (last, arcs) = content(parts.first()?)?.split_last()?;
    let index = usize::from(last.checked_sub(1)?);
    NAMES.get(index).copied().filter(|_| arcs == HASHES)
}
