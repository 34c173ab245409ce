//! Logs of every format, made here.

use crate::log::{Event, Log, Tlv, write_tlvs};

/// Registers that are asked for, and a log.
pub type Seed = (&'static str, Vec<u8>);

/// Data of events by their type, with what is hashed of them.
const EVENTS: [(u32, &[u8], &[u8]); 9] = [
    (8, b"version", b"version"),
    (0x8000_0001, b"variable", b"variable"),
    (0x8000_0002, VARIABLE, b"value"),
    (
        0x8000_0007,
        b"Calling EFI Application",
        b"Calling EFI Application",
    ),
    (4, &[0; 4], &[0; 4]),
    (0xD, b"grub_cmd: linux /a\0", b"linux /a"),
    (0xD, b"grub_cmd set a\0", b"set a\0"),
    (0xD, b".\0c\0\0\0", b".c\0"),
    (0x8000_0003, b"path of an image", b"the image"),
];
const VARIABLE: &[u8] = b"0123456789abcdef\x02\0\0\0\0\0\0\0\x05\0\0\0\0\0\0\0B\0o\0value";

/// All of them.
#[must_use]
pub fn minted() -> Vec<Seed> {
    vec![
        ("PCR", firmware(&[4, 11, 12, 13], 0)),
        ("PCR", firmware(&[4], 0)),
        ("RTMR", firmware(&[12], 1)),
        ("PCR", tlvs(1, &[4, 11])),
        ("RTMR", tlvs(108, &[12])),
        ("PCR", list(&[("sha1", "4"), ("sha256", "11")])),
        ("PCR", sequence()),
    ]
}

fn event(banks: &[u16], register: u32, kind: u32, data: &[u8], hashed: &[u8]) -> Event {
    let numbers = [register, kind].map(u32::to_le_bytes).concat();
    let mut event = Event {
        head: numbers.try_into().expect("8 bytes"),
        digests: banks.iter().map(|bank| (*bank, vec![0; 20])).collect(),
        data: data.to_vec(),
    };
    event.rehash(hashed);
    event
}

/// A log of firmware, of SHA-1 alone where that is its only bank.
fn firmware(banks: &[u16], least: u32) -> Vec<u8> {
    let mut events = vec![event(banks, 0, 3, b"StartupLocality\0\x03", b"")];
    for (index, (kind, data, hashed)) in (least..).zip(EVENTS) {
        events.push(event(banks, index % 4 + least, kind, data, hashed));
    }
    Log {
        header: if banks == [4] {
            vec![]
        } else {
            header(banks, least)
        },
        events,
        rest: vec![0xFF; 7],
    }
    .write()
}

fn header(banks: &[u16], register: u32) -> Vec<u8> {
    let mut data = b"Spec ID Event03\0\0\0\0\0\0\x02\0\x02".to_vec();
    data.extend((banks.len() as u32).to_le_bytes());
    for bank in banks {
        data.extend(bank.to_le_bytes());
        let size = crate::log::hash(&bank.to_string(), b"").map_or(0, |hash| hash.len());
        data.extend((size as u16).to_le_bytes());
    }
    data.extend([1, b'v']);
    let mut header = [register, 3].map(u32::to_le_bytes).concat();
    header.extend([0; 20]);
    header.extend((data.len() as u32).to_le_bytes());
    [header, data].concat()
}

fn field(kind: u8, value: impl Into<Vec<u8>>) -> Tlv {
    Tlv {
        kind,
        value: value.into(),
    }
}

fn digests(banks: &[u16], hashed: &[u8]) -> Vec<u8> {
    let digests = banks.iter().map(|bank| {
        let hash = crate::log::hash(&bank.to_string(), hashed);
        field(*bank as u8, hash.unwrap_or_default())
    });
    write_tlvs(&digests.collect::<Vec<_>>())
}

fn tlvs(index: u8, banks: &[u16]) -> Vec<u8> {
    let cos = write_tlvs(&[field(0x50, b"event")]);
    let image = write_tlvs(&[field(0, b"ima-ng"), field(1, b"data")]);
    let mut contents = vec![
        (field(4, write_tlvs(&[field(1, [0; 8])])), vec![]),
        (field(7, image), b"data".to_vec()),
        (field(8, b"tlv"), b"tlv".to_vec()),
        (field(9, b"enter-initrd"), b"enter-initrd".to_vec()),
        (field(0x50, b"event"), cos),
    ];
    for (kind, data, hashed) in EVENTS {
        let pair = [field(0, kind.to_be_bytes()), field(1, data)];
        contents.push((field(5, write_tlvs(&pair)), hashed.to_vec()));
    }
    let records = (0_u64..)
        .zip(contents)
        .flat_map(|(number, (content, hashed))| {
            [
                field(0, number.to_be_bytes()),
                field(index, [1 + (number % 4) as u8]),
                field(3, digests(banks, &hashed)),
                content,
            ]
        });
    write_tlvs(&records.collect::<Vec<_>>())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn record(start: &str, banks: &[(&str, &str)], content: &str, hashed: &[u8]) -> String {
    let digests = banks.iter().map(|(name, number)| {
        let digest = hex(&crate::log::hash(number, hashed).unwrap_or_default());
        format!(r#"{{"hashAlg":"{name}","digest":"{digest}"}}"#)
    });
    let digests = digests.collect::<Vec<_>>().join(",");
    format!(r#"{{{start}"digests":[{digests}],{content}}}"#)
}

fn list(banks: &[(&str, &str)]) -> Vec<u8> {
    let mut contents = vec![
        (r#""content_type":"cel","content":{"type":"firmware_end"}"#.to_owned(), &b""[..]),
        (r#""content_type":"ima_tlv","content":"6162""#.to_owned(), b"ab"),
        (
            r#""content_type":"ima_template","content":{"template_name":"n","template_data":"6162"}"#
                .to_owned(),
            b"ab",
        ),
        (r#""content_type":"other","content":{"a":[1]}"#.to_owned(), br#"{"a":[1]}"#),
    ];
    for (kind, data, hashed) in EVENTS {
        let data = hex(data);
        let content = format!(r#"{{"event_type":{kind},"event_data":"{data}"}}"#);
        contents.push((
            format!(r#""content_type":"pcclient_std","content":{content}"#),
            hashed,
        ));
    }
    let records = (0..).zip(&contents).map(|(number, (content, hashed))| {
        let start = format!(r#""recnum":{number},"pcr":{},"#, number % 3);
        record(&start, banks, content, hashed)
    });
    let records = records.collect::<Vec<_>>().join(",");
    format!("[{records}]").into_bytes()
}

fn sequence() -> Vec<u8> {
    let records = ["enter-initrd", "leave-initrd"].map(|string| {
        let content = format!(
            r#""content_type":"systemd","content":{{"string":"{string}","bootId":"x","timestamp":1,"eventType":"phase"}}"#
        );
        let start = r#""pcr":11,"#;
        let record = record(start, &[("sha256", "11")], &content, string.as_bytes());
        format!("\u{1e}{record}\n")
    });
    records.concat().into_bytes()
}
