//! DER, or BER with indefinite lengths, as a tree, read leniently: what was bent
//! once can be bent again.

/// Deepest nesting that is taken apart.
const MAX_DEPTH: usize = 24;
/// End of an element of indefinite length.
const END: [u8; 2] = [0, 0];

/// An element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Identifier, one byte or several.
    pub tag: Vec<u8>,
    /// Length as it stands there, where it is not the canonical one.
    pub length: Option<Vec<u8>>,
    /// Content.
    pub body: Body,
}

/// Content of an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Bytes.
    Bytes(Vec<u8>),
    /// Elements; behind a byte of unused bits in a BIT STRING.
    Nodes(Vec<u8>, Vec<Node>),
}

/// Elements one after the other; none unless they fill the bytes.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Vec<Node>> {
    read_at(bytes, 0)
}

/// The elements as bytes.
#[must_use]
pub fn write(nodes: &[Node]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for node in nodes {
        node.write(&mut bytes);
    }
    bytes
}

/// One element at the start: its header's length and the whole's.
#[must_use]
pub fn measure(bytes: &[u8]) -> Option<(usize, usize)> {
    let first = *bytes.first()?;
    let mut at = 1;
    if first & 0x1f == 0x1f {
        while bytes.get(at)? & 0x80 != 0 {
            at += 1;
        }
        at += 1;
    }
    let short = *bytes.get(at)?;
    at += 1;
    let mut length = usize::from(short);
    if short & 0x80 != 0 {
        let count = usize::from(short & 0x7f);
        if count == 0 || count > 4 {
            return None;
        }
        let digits = bytes.get(at..at + count)?;
        length = digits
            .iter()
            .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        at += count;
    }
    let end = at.checked_add(length)?;
    (end <= bytes.len()).then_some((at, end))
}

/// A length in its canonical form.
#[must_use]
pub fn canonical(length: usize) -> Vec<u8> {
    if length < 0x80 {
        return vec![length as u8];
    }
    let bytes = length.to_be_bytes();
    let digits = &bytes[(length.leading_zeros() / 8) as usize..];
    [&[0x80 | digits.len() as u8], digits].concat()
}

fn read_at(mut bytes: &[u8], depth: usize) -> Option<Vec<Node>> {
    let mut nodes = Vec::new();
    while !bytes.is_empty() {
        let (node, rest) = read_one(bytes, depth)?;
        nodes.push(node);
        bytes = rest;
    }
    Some(nodes)
}

fn read_one(bytes: &[u8], depth: usize) -> Option<(Node, &[u8])> {
    if let [tag, 0x80, rest @ ..] = bytes
        && tag & 0x20 != 0
        && depth < MAX_DEPTH
    {
        return read_until_end(*tag, rest, depth);
    }
    let (start, end) = measure(bytes)?;
    let node = Node::of(&bytes[..start], &bytes[start..end], depth);
    Some((node, &bytes[end..]))
}

/// The end of an indefinite length is the last element within.
fn read_until_end(tag: u8, mut rest: &[u8], depth: usize) -> Option<(Node, &[u8])> {
    let mut nodes = Vec::new();
    loop {
        let after = rest.strip_prefix(&END);
        if let Some(after) = after {
            nodes.push(Node::primitive(0, &[]));
            let node = Node {
                tag: vec![tag],
                length: Some(vec![0x80]),
                body: Body::Nodes(vec![], nodes),
            };
            return Some((node, after));
        }
        let (node, after) = read_one(rest, depth + 1)?;
        nodes.push(node);
        rest = after;
    }
}

impl Node {
    fn of(header: &[u8], content: &[u8], depth: usize) -> Self {
        let mut tag_bytes = 1;
        if header[0] & 0x1f == 0x1f {
            tag_bytes += header[1..]
                .iter()
                .take_while(|byte| **byte & 0x80 != 0)
                .count()
                + 1;
        }
        let (tag, length) = header.split_at(tag_bytes);
        let is_canonical = length == canonical(content.len());
        Self {
            tag: tag.to_vec(),
            length: (!is_canonical).then(|| length.to_vec()),
            body: Body::of(tag[0], content, depth),
        }
    }

    /// A primitive element.
    #[must_use]
    pub fn primitive(tag: u8, content: &[u8]) -> Self {
        Self {
            tag: vec![tag],
            length: None,
            body: Body::Bytes(content.to_vec()),
        }
    }

    fn write(&self, into: &mut Vec<u8>) {
        let content = match &self.body {
            Body::Bytes(bytes) => bytes.clone(),
            Body::Nodes(before, nodes) => [before.as_slice(), &write(nodes)].concat(),
        };
        into.extend_from_slice(&self.tag);
        match &self.length {
            Some(length) => into.extend_from_slice(length),
            None => into.extend(canonical(content.len())),
        }
        into.extend(content);
    }
}

impl Body {
    /// Constructed ones, and strings whose content is DER again.
    fn of(tag: u8, content: &[u8], depth: usize) -> Self {
        let before = match tag {
            _ if depth >= MAX_DEPTH || content.len() < 2 => 0,
            0x03 => 1,
            0x04 => 0,
            _ if tag & 0x20 != 0 => 0,
            _ => return Self::Bytes(content.to_vec()),
        };
        let (before, inner) = content.split_at(before.min(content.len()));
        match read_at(inner, depth + 1) {
            Some(nodes) if depth < MAX_DEPTH && !nodes.is_empty() => {
                Self::Nodes(before.to_vec(), nodes)
            }
            _ => Self::Bytes(content.to_vec()),
        }
    }
}

/// How many elements there are in all.
#[must_use]
pub fn count(nodes: &[Node]) -> usize {
    let below = |node: &Node| match &node.body {
        Body::Bytes(_) => 0,
        Body::Nodes(_, nodes) => count(nodes),
    };
    nodes.iter().map(|node| 1 + below(node)).sum()
}

/// The list that holds the element of a number, counted from the top, and its place there.
pub fn locate<'a>(
    nodes: &'a mut Vec<Node>,
    number: &mut usize,
) -> Option<(&'a mut Vec<Node>, usize)> {
    let mut found = None;
    for (index, node) in nodes.iter().enumerate() {
        let inside = match &node.body {
            Body::Bytes(_) => 0,
            Body::Nodes(_, nodes) => count(nodes),
        };
        if *number <= inside {
            found = Some(index);
            break;
        }
        *number -= inside + 1;
    }
    let index = found?;
    if *number == 0 {
        return Some((nodes, index));
    }
    *number -= 1;
    match &mut nodes[index].body {
        Body::Bytes(_) => None,
        Body::Nodes(_, inner) => locate(inner, number),
    }
}

#[cfg(test)]
mod tests {
    use super::{canonical, count, locate, read, write};

    #[test]
    fn write_gives_what_read_read() {
        let bytes = [0x30, 12, 4, 4, 0x30, 2, 5, 0, 2, 0x81, 1, 7, 5, 0];
        let nodes = read(&bytes).unwrap();
        assert_eq!(write(&nodes), bytes);
        assert_eq!(count(&nodes), 6);
        assert_eq!(canonical(0x1234), [0x82, 0x12, 0x34]);
    }

    #[test]
    fn write_gives_back_indefinite_lengths() {
        let bytes = [
            0x30, 0x80, 6, 1, 5, 0xa0, 0x80, 0x24, 0x80, 4, 1, 9, 0, 0, 0, 0, 0, 0,
        ];
        let nodes = read(&bytes).unwrap();
        assert_eq!(write(&nodes), bytes);
        assert_eq!(count(&nodes), 8);
        assert_eq!(read(&bytes[..16]), None);
    }

    #[test]
    fn locate_finds_each_element_once() {
        let mut nodes = read(&[0x30, 6, 0x30, 2, 5, 0, 5, 0, 0x02, 1, 7]).unwrap();
        let tags: Vec<u8> = (0..count(&nodes))
            .map(|number| {
                let (list, index) = locate(&mut nodes, &mut number.clone()).unwrap();
                list[index].tag[0]
            })
            .collect();
        assert_eq!(tags, [0x30, 0x30, 5, 5, 2]);
    }
}
