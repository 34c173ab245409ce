//! Changes of identity documents and of the messages that sign them.

use crate::bytes;
use crate::cms::{self, Form};
use crate::der::{self, Body, Node};
use crate::der_mutation;
use crate::json::{self, Value};
use crate::json_mutation;
use crate::pool::Pool;
use crate::random::Random;

/// End of an element of indefinite length, of which there can be one too many.
const END: u8 = 0;

/// Changes a message in its file.
pub fn mutate(file: &mut Vec<u8>, random: &mut Random, pool: &Pool) {
    let Some((form, mut message)) = cms::read(file) else {
        bytes::mutate(file, random);
        return;
    };
    match random.below(12) {
        0 => {
            let form = random.choose([Form::Binary, Form::Pem, Form::Base64]);
            *file = cms::write(form, &message);
            return;
        }
        1 => {
            mutate_text(file, random);
            return;
        }
        2..=4 => convert(&mut message, random),
        _ => {
            if !der_mutation::mutate(&mut message, random, pool) {
                bytes::mutate(&mut message, random);
            }
        }
    }
    *file = cms::write(form, &message);
}

/// What may stand around base64, or nearly.
fn mutate_text(file: &mut Vec<u8>, random: &mut Random) {
    let piece = random.choose([&b"\n"[..], b"\r\n", b"\r", b" ", b"\x0c", b"=", b"A", b"\0"]);
    let at = random.choose([0, file.len(), random.clone().below(file.len() + 1)]);
    let more = piece.repeat(random.power(12));
    file.splice(at..at, more);
}

/// One element in another form of BER: of indefinite length, or in pieces.
fn convert(message: &mut Vec<u8>, random: &mut Random) {
    let mut nodes = der::read(message).unwrap_or_default();
    let mut number = random.below(der::count(&nodes));
    let Some((list, index)) = der::locate(&mut nodes, &mut number) else {
        return;
    };
    let node = &mut list[index];
    match (node.tag.as_slice(), &mut node.body) {
        ([4], _) => {
            let whole = der::write(core::slice::from_ref(node));
            let content = der::measure(&whole).map_or(&[][..], |(start, _)| &whole[start..]);
            let size = random.choose([1, 7, 1000]).max(content.len() / 64);
            let pieces = content.chunks(size).map(|piece| Node::primitive(4, piece));
            node.body = Body::Nodes(vec![], pieces.collect());
            node.tag = vec![0x24];
            node.length = None;
        }
        ([tag], Body::Nodes(before, nodes)) if tag & 0x20 != 0 && before.is_empty() => {
            let ends = |node: &Node| node.tag == [END];
            if node.length.take().is_some() {
                nodes.retain(|node| !ends(node));
            } else {
                node.length = Some(vec![0x80]);
                nodes.push(Node::primitive(END, &[]));
            }
        }
        _ => {}
    }
    *message = der::write(&nodes);
}

/// Changes a document.
pub fn mutate_document(file: &mut Vec<u8>, random: &mut Random, pool: &Pool) {
    let Some(mut document) = json::read(file).filter(|_| random.once_in(3)) else {
        json_mutation::mutate_file(file, random, pool);
        return;
    };
    let Value::Object(members) = &mut document.value else {
        return;
    };
    let index = random.below(members.len());
    if let Some((name, value)) = members.get_mut(index) {
        let digits = random.choose(["0", "9", "a", "٣"]);
        let count = random.choose([0, 11, 12, 13]);
        match random.below(4) {
            0 => *name = "\"accountId\"".to_owned(),
            1 => *value = Value::Text("null".to_owned()),
            _ => *value = Value::Text(format!("\"{}\"", digits.repeat(count))),
        }
    }
    *file = document.write();
}
