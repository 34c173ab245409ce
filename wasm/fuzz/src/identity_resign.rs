//! Signs identity documents of instances again with the fuzzer's key.

use crate::accepted::bytes;
use crate::arithmetic::Made;
use crate::certificate::{element, sha256};
use crate::cms::{self, MESSAGE_DIGEST};
use crate::der::{self, Body, Node};
use crate::pem;
use crate::shape::Field;
use crate::tpm_keys::TpmKey;
use crate::tpm_resign::{key_place, put_info, split};

/// Bytes in a piece of a document within its message, as Bouncy Castle writes them.
const PIECE: usize = 1000;
const SET: u8 = 0x31;
const FIRST: u8 = 0xa0;
const OCTETS: u8 = 4;
const PIECES: u8 = 0x24;

/// Signs an input of `ec2_identity`.
pub fn identity(fields: &mut [Field]) {
    let [document, Field::One(_, file), Field::One(_, certificate), _] = fields else {
        return;
    };
    put_key(certificate);
    let Some((form, message)) = cms::read(file) else {
        return;
    };
    let mut nodes = der::read(&message).unwrap_or_default();
    let signed = sign(&mut nodes, bytes(document));
    let again = der::write(&nodes);
    // A text that is written in another way is kept, unless its message is another.
    if signed.is_some() && again != message {
        *file = cms::write(form, &again);
    }
}

/// Puts the fuzzer's key into a certificate, whose signature nobody looks at.
fn put_key(file: &mut Vec<u8>) {
    let Some(mut items) = pem::items(file) else {
        return;
    };
    let before = items.clone();
    for item in &mut items {
        let Some([mut signed, algorithm, signature]) = split(&item.der) else {
            continue;
        };
        if let Some((start, end)) = key_place(&signed) {
            let info = &mut signed[start..end];
            if let Some(key @ (TpmKey::Rsa2048 | TpmKey::Rsa4096)) = TpmKey::like(info, 1) {
                put_info(info, key);
            }
            item.der = element(0x30, &[signed, algorithm, signature].concat());
        }
    }
    if items != before {
        *file = pem::file(&items);
    }
}

fn inner(node: &mut Node) -> Option<&mut Vec<Node>> {
    match &mut node.body {
        Body::Nodes(_, nodes) => Some(nodes),
        Body::Bytes(_) => None,
    }
}

fn tagged(nodes: &mut [Node], tag: u8) -> Option<&mut Node> {
    nodes.iter_mut().rev().find(|node| node.tag == [tag])
}

/// Signs a message about a document; none where it has no place for that.
fn sign(nodes: &mut [Node], document: &[u8]) -> Option<()> {
    let wrapped = tagged(inner(nodes.first_mut()?)?, FIRST)?;
    let data = inner(inner(wrapped)?.first_mut()?)?;
    if let Some(about) = data.get_mut(2).and_then(inner)
        && let Some(wrapped) = tagged(about, FIRST).and_then(inner)
    {
        put_document(wrapped, document);
    }
    let signer = inner(inner(tagged(data, SET)?)?.first_mut()?)?;
    let message = match tagged(signer, FIRST) {
        None => document.to_vec(),
        Some(attributes) => {
            put_digest(attributes, document);
            let attributes = der::write(core::slice::from_ref(attributes));
            let mut signed = cms::definite(&attributes)?;
            signed[0] = SET;
            signed
        }
    };
    let made = TpmKey::Rsa2048.sign(Made::Pkcs1("sha256"), 0, &message)?;
    let place = tagged(signer, OCTETS)?;
    // Another length is a change that is to stay.
    if der::write(core::slice::from_ref(place)).len() == element(OCTETS, &made).len() {
        *place = Node::primitive(OCTETS, &made);
    }
    Some(())
}

/// The document in one piece or in several, as it stood there; sometimes another stays.
fn put_document(nodes: &mut [Node], document: &[u8]) {
    let before = der::write(nodes);
    let Some(first) = nodes.first_mut().filter(|_| sha256(&before)[2] >= 32) else {
        return;
    };
    match first.tag.as_slice() {
        [OCTETS] => *first = Node::primitive(OCTETS, document),
        [PIECES] => {
            let pieces = document.chunks(PIECE);
            let pieces = pieces.map(|piece| Node::primitive(OCTETS, piece));
            let mut pieces: Vec<Node> = pieces.collect();
            if first.length.is_some() {
                pieces.push(Node::primitive(0, &[]));
            }
            first.body = Body::Nodes(vec![], pieces);
        }
        _ => {}
    }
}

/// The document's hash; sometimes another stays.
fn put_digest(attributes: &mut Node, document: &[u8]) {
    let before = der::write(core::slice::from_ref(attributes));
    if sha256(&before)[1] < 32 {
        return;
    }
    for attribute in inner(attributes).into_iter().flatten() {
        let whole = der::write(core::slice::from_ref(attribute));
        let is_digest = whole
            .windows(MESSAGE_DIGEST.len())
            .any(|part| part == MESSAGE_DIGEST);
        let values = inner(attribute)
            .and_then(|parts| tagged(parts, SET))
            .and_then(inner);
        if let (Some(values), true) = (values, is_digest)
            && let Some(value) = tagged(values, OCTETS)
        {
            *value = Node::primitive(OCTETS, &sha256(document));
        }
    }
}
