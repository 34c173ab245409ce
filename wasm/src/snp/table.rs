//! Certificate tables, as the host hands them to a guest beside the report
//! (GHCB specification, publication 56421, SNP Extended Guest Request).

use crate::answer::Refusal;
use crate::frame;
use crate::hex;
use crate::json::write::object;
use crate::snp::codes::Code;
use crate::x509::codes::Code as X509Code;
use core::ops::Range;

/// Largest table, bytes. Linux takes 16 KiB from the host.
const MAX_TABLE_BYTES: usize = 64 * 1024;
/// GUID, offset and length.
const ENTRY_BYTES: usize = 24;
/// Most entries: five kinds are defined, some hosts add their own.
const MAX_ENTRIES: usize = 32;

/// GUIDs with a published meaning.
const NAMES: [(&str, &str); 5] = [
    ("c0b406a4-a803-4952-9743-3fb6014cd0ae", "ARK"),
    ("4ab7b379-bbac-4fe4-a02f-05aef327c782", "ASK"),
    ("63da758d-e664-4564-adc5-f4b93be8accd", "VCEK"),
    ("a8074bc2-a25a-483e-aae6-39c045a0b8a1", "VLEK"),
    ("92f81bc3-5811-4d3d-97ff-d19f88dc67ea", "CRL"),
];

/// A table.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// Entries, in the order of the table.
    pub entries: Vec<Entry>,
}

object!(Table { entries });

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// GUID as text.
    pub guid: String,
    /// `VCEK`, `VLEK`, `ASK`, `ARK`, `CRL` or `unknown`.
    pub name: &'static str,
    /// Where its content starts, bytes from the start of the table.
    pub offset: usize,
    /// Bytes of its content.
    pub length: usize,
}

object!(Entry {
    guid,
    name,
    offset,
    length
});

/// Reads a table. Fields: table.
///
/// # Errors
/// `snp.certificate_table`, `input.empty`, `input.too_large`
pub fn operation(input: &[u8]) -> Result<Table, Refusal> {
    let [bytes] = frame::fields(input)?;
    read(bytes)
}

/// Reads a table and refuses one that can be read in two ways.
///
/// # Errors
/// `snp.certificate_table`: no entry of zeros ends it; an entry is repeated,
/// empty, outside of the table, over the header or over another; bytes that
/// belong to no entry are not zero. `input.empty`, `input.too_large`.
pub fn read(bytes: &[u8]) -> Result<Table, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::from(X509Code::InputEmpty).with("input", "certificate table"));
    }
    if bytes.len() > MAX_TABLE_BYTES {
        return Err(Refusal::from(X509Code::InputTooLarge)
            .with("input", "certificate table")
            .with("limit", format!("{MAX_TABLE_BYTES} bytes"))
            .with("actual", format!("{} bytes", bytes.len())));
    }
    let (entries, header) = read_entries(bytes)?;
    check_guids(&entries)?;
    check_places(&entries, header, bytes)?;
    Ok(Table { entries })
}

/// Entries, and the size of the header that they stand in.
fn read_entries(bytes: &[u8]) -> Result<(Vec<Entry>, usize), Refusal> {
    let (raw, _) = bytes.as_chunks::<ENTRY_BYTES>();
    let mut entries = Vec::new();
    for entry in raw {
        if *entry == [0; ENTRY_BYTES] {
            let header = (entries.len() + 1) * ENTRY_BYTES;
            return Ok((entries, header));
        }
        if entries.len() == MAX_ENTRIES {
            return Err(refuse(format!("more than {MAX_ENTRIES} entries")));
        }
        entries.push(read_entry(entry)?);
    }
    Err(refuse("no entry of zeros ends it"))
}

fn read_entry(raw: &[u8; ENTRY_BYTES]) -> Result<Entry, Refusal> {
    let short = || refuse("an entry is too short");
    let (guid, rest) = raw.split_first_chunk::<16>().ok_or_else(short)?;
    let (offset, rest) = rest.split_first_chunk::<4>().ok_or_else(short)?;
    let length = rest.first_chunk::<4>().ok_or_else(short)?;
    let size = |bytes: &[u8; 4]| usize::try_from(u32::from_le_bytes(*bytes)).map_err(|_| short());
    let guid = guid_text(*guid);
    let known = NAMES.iter().find(|(known, _)| *known == guid);
    Ok(Entry {
        name: known.map_or("unknown", |(_, name)| name),
        guid,
        offset: size(offset)?,
        length: size(length)?,
    })
}

/// A GUID's text; its first three groups are little-endian in memory (UEFI
/// specification, appendix A).
fn guid_text(guid: [u8; 16]) -> String {
    let [a, b, c, d, e, f, g, h, rest @ ..] = guid;
    let [i, j, node @ ..] = rest;
    let groups = [
        hex::encode(&[d, c, b, a]),
        hex::encode(&[f, e]),
        hex::encode(&[h, g]),
        hex::encode(&[i, j]),
        hex::encode(&node),
    ];
    groups.join("-")
}

fn check_guids(entries: &[Entry]) -> Result<(), Refusal> {
    for (index, entry) in entries.iter().enumerate() {
        if entries
            .iter()
            .skip(index + 1)
            .any(|other| other.guid == entry.guid)
        {
            return Err(refuse("an entry is repeated").with("entry", entry.guid.as_str()));
        }
    }
    Ok(())
}

/// Contents lie one after the other behind the header; what lies between and
/// behind them is padding.
fn check_places(entries: &[Entry], header: usize, bytes: &[u8]) -> Result<(), Refusal> {
    let mut sorted: Vec<&Entry> = entries.iter().collect();
    sorted.sort_by_key(|entry| entry.offset);
    let mut reached = header;
    for entry in sorted {
        let wrong = |reason: &str| refuse(reason).with("entry", entry.guid.as_str());
        if entry.length == 0 {
            return Err(wrong("an entry is empty"));
        }
        if entry.offset < reached {
            return Err(wrong("an entry lies over the header or over another"));
        }
        let end = entry.offset.checked_add(entry.length);
        let end = end.filter(|end| *end <= bytes.len());
        let end = end.ok_or_else(|| wrong("an entry lies outside of the table"))?;
        check_padding(bytes, reached..entry.offset)?;
        reached = end;
    }
    check_padding(bytes, reached..bytes.len())
}

fn check_padding(bytes: &[u8], range: Range<usize>) -> Result<(), Refusal> {
    let padding = bytes.get(range).unwrap_or_default();
    if padding.iter().all(|byte| *byte == 0) {
        return Ok(());
    }
    Err(refuse("bytes that belong to no entry are not zero"))
}

fn refuse(reason: impl Into<String>) -> Refusal {
    Refusal::from(Code::CertificateTable).with("reason", reason)
}

#[cfg(test)]
mod tests {
    use super::{Entry, read};

    /// VCEK and ASK as they stand in memory.
    const VCEK: [u8; 16] = [
        0x8d, 0x75, 0xda, 0x63, 0x64, 0xe6, 0x64, 0x45, 0xad, 0xc5, 0xf4, 0xb9, 0x3b, 0xe8, 0xac,
        0xcd,
    ];
    const ASK: [u8; 16] = [
        0x79, 0xb3, 0xb7, 0x4a, 0xac, 0xbb, 0xe4, 0x4f, 0xa0, 0x2f, 0x05, 0xae, 0xf3, 0x27, 0xc7,
        0x82,
    ];

    /// GUID, offset and length.
    type Row = ([u8; 16], u32, u32);

    fn table(entries: &[Row], content: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (guid, offset, length) in entries {
            bytes.extend_from_slice(guid);
            bytes.extend_from_slice(&offset.to_le_bytes());
            bytes.extend_from_slice(&length.to_le_bytes());
        }
        bytes.extend_from_slice(&[0; 24]);
        bytes.extend_from_slice(content);
        bytes
    }

    fn reason(bytes: &[u8]) -> String {
        let refusal = read(bytes).unwrap_err();
        assert_eq!(refusal.code(), "snp.certificate_table");
        String::from(refusal.field("reason").unwrap())
    }

    #[test]
    fn read_gives_entries_with_their_names() {
        let unknown = (
            core::array::from_fn(|index| u8::try_from(index).unwrap()),
            99,
            1,
        );
        let bytes = table(&[(VCEK, 96, 2), (ASK, 98, 1), unknown], b"vvau\0\0");
        let [vcek, ask, unknown] = read(&bytes).unwrap().entries.try_into().unwrap();
        let expected = Entry {
            guid: String::from("63da758d-e664-4564-adc5-f4b93be8accd"),
            name: "VCEK",
            offset: 96,
            length: 2,
        };
        assert_eq!(vcek, expected);
        assert_eq!(ask.name, "ASK");
        assert_eq!(unknown.name, "unknown");
        assert_eq!(unknown.guid, "03020100-0504-0706-0809-0a0b0c0d0e0f");
    }

    #[test]
    fn read_takes_a_table_without_entries() {
        assert!(read(&[0; 4096]).unwrap().entries.is_empty());
    }

    #[test]
    fn snp_20_read_refuses_ambiguous_tables() {
        let cases: [(&[Row], &str); 8] = [
            (&[(VCEK, 72, 2), (ASK, 73, 2)], "over another"),
            (&[(VCEK, 72, 2), (ASK, 72, 2)], "over another"),
            (&[(VCEK, 72, 1), (VCEK, 73, 1)], "repeated"),
            (&[(VCEK, 47, 4), (ASK, 74, 2)], "over the header"),
            (&[(VCEK, 72, 2), (ASK, 74, 3)], "outside"),
            (&[(VCEK, 72, 2), (ASK, u32::MAX, u32::MAX)], "outside"),
            (&[(VCEK, 72, 4), (ASK, 76, 0)], "empty"),
            (&[(VCEK, 72, 1), (ASK, 74, 2)], "no entry"),
        ];
        for (entries, expected) in cases {
            let found = reason(&table(entries, b"abcd"));
            assert!(found.contains(expected), "{found} is not about {expected}");
        }
    }

    #[test]
    fn snp_20_read_refuses_a_table_without_an_end() {
        let whole = table(&[(VCEK, 48, 2)], b"ab");
        assert!(read(&whole).is_ok());
        for end in 1..48 {
            assert_eq!(reason(&whole[..end]), "no entry of zeros ends it");
        }
        assert!(reason(&whole[..49]).contains("outside"));
        assert!(reason(&[&whole[..], b"x"].concat()).contains("no entry"));
        assert_eq!(read(&[]).unwrap_err().code(), "input.empty");
        assert_eq!(read(&[0; 65537]).unwrap_err().code(), "input.too_large");
    }
}
