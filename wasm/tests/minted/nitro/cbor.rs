//! CBOR as these tests write it (RFC 8949 §3), apart from the code that reads it.

/// Major type and argument, as short as can be.
pub fn head(major: u8, value: u64) -> Vec<u8> {
    let all = value.to_be_bytes();
    let (info, size) = match value {
        0..24 => return vec![major << 5 | all[7]],
        24..0x100 => (24, 1),
        0x100..0x1_0000 => (25, 2),
        0x1_0000..0x1_0000_0000 => (26, 4),
        _ => (27, 8),
    };
    [&[major << 5 | info], &all[8 - size..]].concat()
}

fn sized(major: u8, content: &[u8]) -> Vec<u8> {
    let length = u64::try_from(content.len()).unwrap();
    [head(major, length), content.to_vec()].concat()
}

/// A number from zero up.
pub fn number(value: u64) -> Vec<u8> {
    head(0, value)
}

/// Bytes.
pub fn bytes(content: &[u8]) -> Vec<u8> {
    sized(2, content)
}

/// Text.
pub fn text(content: &str) -> Vec<u8> {
    sized(3, content.as_bytes())
}

/// An array of encoded items.
pub fn array(items: &[Vec<u8>]) -> Vec<u8> {
    let count = u64::try_from(items.len()).unwrap();
    [head(4, count), items.concat()].concat()
}

/// A map of encoded keys and values.
pub fn map(entries: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let count = u64::try_from(entries.len()).unwrap();
    let flat = entries
        .iter()
        .flat_map(|(key, value)| [&key[..], value].concat());
    [head(5, count), flat.collect()].concat()
}

/// Null.
pub const NULL: [u8; 1] = [0xf6];
