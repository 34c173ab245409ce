//! Which certificates and lists are read, told by the decoder of others: it
//! decodes, encodes again, and demands the same bytes, so that what it is
//! lenient about (order of a SET, defaults written out) does not pass.

use super::structure::{Extension, SignedCertificate, SignedList};
use der::asn1::ObjectIdentifier;
use der::{Decode, Encode};
use x509_cert::name::Name;

/// Most extensions of a certificate.
const MAX_EXTENSIONS: usize = 32;

/// Whether bytes are a certificate.
pub fn is_certificate(bytes: &[u8]) -> bool {
    let Some(read) = strict::<SignedCertificate>(bytes) else {
        return false;
    };
    let content = read.content;
    let ids = [
        read.algorithm.oid,
        content.algorithm.oid,
        content.key.algorithm.oid,
    ];
    let extensions = content.extensions.unwrap_or_default();
    ids.iter().all(is_plain)
        && is_name(&content.issuer)
        && is_name(&content.subject)
        && content.serial.as_bytes()[0] & 0x80 == 0
        && extensions.len() <= MAX_EXTENSIONS
        && are_unique(&extensions)
}

/// Whether bytes are a revocation list.
pub fn is_list(bytes: &[u8]) -> bool {
    strict::<SignedList>(bytes).is_some_and(|read| {
        let ids = [read.algorithm.oid, read.content.algorithm.oid];
        ids.iter().all(is_plain) && is_name(&read.content.issuer)
    })
}

fn strict<'a, T>(bytes: &'a [u8]) -> Option<T>
where
    T: Decode<'a, Error = der::Error> + Encode,
{
    let value = T::from_der(bytes).ok()?;
    let again = value.to_der().ok()?;
    (again == bytes).then_some(value)
}

fn are_unique(extensions: &[Extension]) -> bool {
    let mut ids: Vec<_> = extensions
        .iter()
        .map(|one| one.id.to_der().unwrap())
        .collect();
    ids.sort();
    ids.windows(2).all(|pair| pair[0] != pair[1])
}

fn is_name(name: &Name) -> bool {
    name.iter_rdn().all(|part| part.iter().next().is_some())
        && name.iter().all(|attribute| is_plain(&attribute.oid))
}

/// `const-oid` takes padded parts, and reads five bytes into 32 bits whatever
/// they hold: what is written of its numbers is then something else.
fn is_plain(id: &ObjectIdentifier) -> bool {
    ObjectIdentifier::from_arcs(id.arcs()).is_ok_and(|again| again == *id)
}
