//! Changes of certificates and lists, element by element. Lengths above a
//! change follow it, unless the length itself is what is changed.

use crate::bytes;
use crate::der::{self, Body, Node};
use crate::extension_mutation;
use crate::pem::{self, Item};
use crate::pool::Pool;
use crate::random::Random;

/// Most bytes that a repetition may make of a file.
const MAX_GROWN: usize = 64 * 1024;

/// Changes a file of certificates or lists.
pub fn mutate_file(file: &mut Vec<u8>, random: &mut Random, pool: &Pool) {
    let Some(mut items) = pem::items(file) else {
        bytes::mutate(file, random);
        return;
    };
    match random.below(16) {
        0 => rearrange(&mut items, random),
        1 => convert(&mut items, random),
        2 if items[0].label.is_some() => {
            mutate_text(file, random);
            return;
        }
        3..=5 => {
            let index = random.below(items.len());
            extension_mutation::mutate(&mut items[index].der, random);
        }
        _ => {
            let index = random.below(items.len());
            if !mutate(&mut items[index].der, random, pool) {
                bytes::mutate(&mut items[index].der, random);
            }
        }
    }
    *file = pem::file(&items);
}

fn rearrange(items: &mut Vec<Item>, random: &mut Random) {
    let (one, other) = (random.below(items.len()), random.below(items.len()));
    match random.below(3) {
        0 => drop(items.remove(one)),
        1 => items.insert(other, items[one].clone()),
        _ => items.swap(one, other),
    }
}

fn convert(items: &mut [Item], random: &mut Random) {
    let label = random.choose([
        None,
        Some("CERTIFICATE"),
        Some("X509 CRL"),
        Some("CERTIFICATE\n"),
        Some("PUBLIC KEY"),
    ]);
    for item in items {
        item.label = label.map(str::to_owned);
    }
}

/// What is near to PEM: blank space, borders, padding.
fn mutate_text(file: &mut Vec<u8>, random: &mut Random) {
    const PIECES: [&[u8]; 16] = [
        b"\n",
        b"\r\n",
        b" ",
        b"\t",
        b"\0",
        b"-",
        b"=",
        b"==",
        b"-----BEGIN CERTIFICATE-----\n",
        b"-----END CERTIFICATE-----\n",
        b"-----BEGIN X509 CRL-----",
        b"Header: x\n\n",
        b"\xef\xbb\xbf",
        b"\xc2\xa0",
        b"A",
        b"/",
    ];
    let at = random.choose([0, file.len(), random.clone().below(file.len() + 1)]);
    let piece = random.choose(PIECES);
    let more = piece.repeat(random.power(10));
    if random.once_in(3) {
        let end = (at + more.len()).min(file.len());
        file.splice(at..end, more);
    } else {
        file.splice(at..at, more);
    }
}

/// Changes an element of DER; false where there is none.
pub fn mutate(der: &mut Vec<u8>, random: &mut Random, pool: &Pool) -> bool {
    let Some(mut nodes) = der::read(der) else {
        return false;
    };
    let mut number = random.below(der::count(&nodes));
    let Some((list, index)) = der::locate(&mut nodes, &mut number) else {
        return false;
    };
    let size = der.len();
    mutate_node(list, index, random, pool, size);
    *der = der::write(&nodes);
    true
}

fn mutate_node(list: &mut Vec<Node>, index: usize, random: &mut Random, pool: &Pool, size: usize) {
    match random.below(16) {
        0 => list[index].tag[0] ^= random.choose([0x20, 1, 2, 0x80, 0x40, 8]),
        1 => {
            list[index].tag[0] =
                random.choose([2, 3, 4, 5, 6, 1, 10, 12, 19, 22, 23, 24, 0x30, 0x31, 0xa0])
        }
        2 => list[index].length = Some(other_length(&list[index], random)),
        3 => drop(list.remove(index)),
        4 => list.insert(index, list[index].clone()),
        5 => {
            let other = random.below(list.len());
            list.swap(index, other);
        }
        6 => repeat(list, index, random, size),
        7 => wrap(&mut list[index], random),
        8 => list.insert(index, Node::primitive(random.choose([5, 1, 2, 4, 12]), &[])),
        9 | 10 => {
            if let Some(node) = pool.node(&list[index].tag, random) {
                list[index] = node.clone();
            }
        }
        _ => mutate_content(&mut list[index], random),
    }
}

/// Not minimal, indefinite, too long, too short, absurd.
fn other_length(node: &Node, random: &mut Random) -> Vec<u8> {
    let content = der::write(core::slice::from_ref(node)).len();
    let length = der::canonical(content.saturating_sub(2));
    match random.below(6) {
        0 => vec![0x80],
        1 => [&[0x81], &length[length.len() - 1..]].concat(),
        2 => vec![0x84, 0xff, 0xff, 0xff, 0xff],
        3 => vec![0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        4 => [&[0x84, 0, 0], &(content as u16).to_be_bytes()[..]].concat(),
        _ => vec![length[0].wrapping_add(random.choose([1, 0xff]))],
    }
}

/// Many of the same, up to what a file may hold.
fn repeat(list: &mut Vec<Node>, index: usize, random: &mut Random, size: usize) {
    let length = der::write(&list[index..=index]).len().max(1);
    let most = (MAX_GROWN.saturating_sub(size) / length).min(1 << random.below(14));
    let copies = vec![list[index].clone(); most];
    list.splice(index..index, copies);
}

fn wrap(node: &mut Node, random: &mut Random) {
    let depth = random.power(10);
    let tag = random.choose([0x30, 0x31, 0x04, 0xa0, 0xa3]);
    let mut der = der::write(core::slice::from_ref(node));
    for _ in 1..depth {
        der = [&[tag][..], &der::canonical(der.len()), &der].concat();
    }
    *node = Node::primitive(tag, &der);
}

fn mutate_content(node: &mut Node, random: &mut Random) {
    let Body::Bytes(content) = &mut node.body else {
        let nodes = match &node.body {
            Body::Nodes(before, nodes) => [before.as_slice(), &der::write(nodes)].concat(),
            Body::Bytes(_) => return,
        };
        node.body = Body::Bytes(nodes);
        return;
    };
    match node.tag[0] {
        0x01 => {
            *content = random
                .choose([&[0][..], &[1], &[0xff], &[], &[0xff, 0xff]])
                .to_vec()
        }
        0x02 if random.once_in(2) => *content = integer(content, random),
        0x17 | 0x18 if random.once_in(2) => mutate_time(node, random),
        0x06 if random.once_in(2) => {
            let more = random.choose([0x80, 1, 0xff, 0]);
            content.push(more);
        }
        _ => bytes::mutate(content, random),
    }
}

fn integer(content: &[u8], random: &mut Random) -> Vec<u8> {
    match random.below(7) {
        0 => vec![0],
        1 => vec![0xff],
        2 => [&[0], content].concat(),
        3 => vec![1; 20],
        4 => vec![0x7f; 21],
        5 => vec![],
        _ => [&[0x00, 0x80], content].concat(),
    }
}

fn mutate_time(node: &mut Node, random: &mut Random) {
    let (tag, text) = random.choose([
        (0x17, "491231235959Z"),
        (0x17, "500101000000Z"),
        (0x17, "991231235959Z"),
        (0x17, "2001010000Z"),
        (0x17, "200101000000+0000"),
        (0x18, "20500101000000Z"),
        (0x18, "20200101000000Z"),
        (0x18, "99991231235959Z"),
        (0x18, "00000101000000Z"),
        (0x18, "19691231235959Z"),
        (0x18, "20250229000000Z"),
        (0x18, "20200101000000.5Z"),
        (0x18, "20201231235960Z"),
    ]);
    *node = Node::primitive(tag, text.as_bytes());
}
