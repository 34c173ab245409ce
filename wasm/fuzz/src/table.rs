//! Certificate tables, as seeds.

/// GUIDs of VCEK, ASK and ARK in memory (56421).
const GUIDS: [[u8; 16]; 3] = [
    *b"\x8d\x75\xda\x63\x64\xe6\x64\x45\xad\xc5\xf4\xb9\x3b\xe8\xac\xcd",
    *b"\x79\xb3\xb7\x4a\xac\xbb\xe4\x4f\xa0\x2f\x05\xae\xf3\x27\xc7\x82",
    *b"\xa4\x06\xb4\xc0\x03\xa8\x52\x49\x97\x43\x3f\xb6\x01\x4c\xd0\xae",
];
/// GUID, offset, length.
const ENTRY: usize = 24;

/// A table of leaf, ASK and ARK; of fewer where fewer are given.
#[must_use]
pub fn write(certificates: &[Vec<u8>]) -> Vec<u8> {
    let entries: Vec<_> = GUIDS.iter().zip(certificates).collect();
    let mut at = (entries.len() + 1) * ENTRY;
    let (mut header, mut content) = (Vec::new(), Vec::new());
    for (guid, certificate) in entries {
        header.extend(guid);
        header.extend((at as u32).to_le_bytes());
        header.extend((certificate.len() as u32).to_le_bytes());
        content.extend(certificate);
        at += certificate.len();
    }
    [header, vec![0; ENTRY], content].concat()
}
