//! How time grows with the size of an input, where nothing but its size grows.
//! Prints a line for each kind of input; ends with 1 where four times the size
//! takes far more than four times the time, and breaks off where an input takes
//! more memory than its bounds. Not a test: times depend on the machine.

use casemate_fuzz::bounds;
use casemate_fuzz::der::canonical;
use casemate_fuzz::operation::{self, Operation};
use casemate_fuzz::pem;
use casemate_fuzz::seeds::Seeds;
use casemate_fuzz::shape::{self, Field, Kind};
use core::time::Duration;
use std::process::ExitCode;

/// Sizes that are compared, as parts of the largest.
const PARTS: [usize; 3] = [4, 2, 1];
/// Attempts at each size; the least time counts.
const ATTEMPTS: usize = 9;
/// Growth of the time when the size grows fourfold. Linear is 4, quadratic 16.
const MAX_GROWTH: f64 = 7.0;
/// Shorter times than this say nothing.
const SHORTEST: Duration = Duration::from_micros(200);

/// A kind of input: operation, largest size in bytes, and how one of a size is made.
type Family = (&'static str, &'static str, usize, fn(usize) -> Vec<u8>);

const FAMILIES: [Family; 11] = [
    ("x509_describe", "entries of a list", 1 << 20, |size| {
        list(size, 1)
    }),
    (
        "x509_describe",
        "entries of a list, all the same",
        1 << 20,
        |size| list(size, 0),
    ),
    ("x509_describe", "blank space in PEM", 1 << 20, |size| {
        text("\n", size)
    }),
    ("x509_describe", "borders of PEM", 1 << 20, |size| {
        text("-----BEGIN X509 CRL-----\n", size)
    }),
    ("x509_describe", "dashes", 1 << 20, |size| text("-", size)),
    ("x509_describe", "parts of a name", 8 << 10, name),
    ("tdx_collateral", "members", 128 << 10, |size| {
        json("\"tcbInfo\":{}", size)
    }),
    ("tdx_collateral", "unknown members", 128 << 10, |size| {
        json("\"a\":[0]", size)
    }),
    ("tdx_collateral", "one text", 128 << 10, |size| {
        json(&format!("\"a\":\"{}\"", "\\u0041".repeat(size / 6)), 1)
    }),
    ("tdx_quote", "bytes behind a quote", 24 << 10, trailing),
    (
        "snp_certificate_table",
        "bytes behind a table",
        64 << 10,
        |size| vec![0; size],
    ),
];

fn main() -> ExitCode {
    let mut is_linear = true;
    for (name, what, most, make) in &FAMILIES {
        let operation = operation::find(name).expect("an operation of this name");
        let times = PARTS.map(|part| least(operation, &make(most / 16 * 15 / part)));
        let growth = times[2].as_secs_f64() / times[0].as_secs_f64();
        let is_steep = growth > MAX_GROWTH && times[2] > SHORTEST;
        is_linear &= !is_steep;
        let mark = if is_steep { "STEEP " } else { "" };
        println!("{mark}{name}, {what}: {times:.1?} up to {most} bytes, grows {growth:.1} times");
    }
    if is_linear {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn least(operation: &Operation, file: &[u8]) -> Duration {
    let framed = shape::write(&[Field::One(Kind::Json, file.to_vec())]);
    let costs = (0..ATTEMPTS).map(|_| bounds::measure(operation, &framed).1);
    let times = costs.map(|cost| {
        cost.check(framed.len());
        cost.time
    });
    times.min().unwrap_or_default()
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag][..], &canonical(content.len()), content].concat()
}

fn text(piece: &str, size: usize) -> Vec<u8> {
    [
        "-----BEGIN X509 CRL-----\nMAA=".as_bytes(),
        piece.repeat(size / piece.len()).as_bytes(),
    ]
    .concat()
}

/// A certificate out of the vectors with another element for its subject.
fn with_subject(subject: &[u8]) -> Vec<u8> {
    let seeds = Seeds::minted();
    let (_, fields) = &seeds.evidence[0];
    let leaf = casemate_fuzz::accepted::bytes(&fields[1]);
    let der = pem::items(leaf).expect("a certificate").remove(0).der;
    let read = casemate_fuzz::certificate::Signed::read(&der).expect("a certificate");
    let mut parts = read.fields.clone();
    parts[5] = subject;
    let content = element(0x30, &parts.concat());
    let signature = element(3, &[&[0], read.signature].concat());
    element(0x30, &[&content, parts[2], &signature].concat())
}

fn name(size: usize) -> Vec<u8> {
    let one = element(0x31, &element(0x30, b"\x06\x03\x55\x04\x03\x0c\x01a"));
    with_subject(&element(0x30, &one.repeat(size / one.len() * 3 / 4)))
}

/// A list of the vectors with so many entries; `step` is the distance of their numbers.
fn list(size: usize, step: u32) -> Vec<u8> {
    let seeds = Seeds::minted();
    let (_, fields) = &seeds.evidence[0];
    let file = casemate_fuzz::accepted::items(&fields[3]);
    let der = pem::items(casemate_fuzz::accepted::bytes(&file[0]))
        .expect("a list")
        .remove(0)
        .der;
    let read = casemate_fuzz::certificate::Signed::read(&der).expect("a list");
    let entry = |number: u32| {
        let serial = element(2, &(0x0100_0000 + number * step).to_be_bytes());
        element(0x30, &[serial, element(0x17, b"250101000000Z")].concat())
    };
    let count = u32::try_from(size / (entry(0).len() + 1)).expect("a size");
    let entries: Vec<u8> = (0..count).flat_map(entry).collect();
    let mut parts: Vec<&[u8]> = read.fields.clone();
    let entries = element(0x30, &entries);
    let at = 3 + parts
        .iter()
        .filter(|part| matches!(part[0], 0x17 | 0x18))
        .count();
    if parts[at][0] == 0x30 {
        parts[at] = &entries;
    } else {
        parts.insert(at, &entries);
    }
    let algorithm = parts[1];
    let signature = element(3, &[&[0], read.signature].concat());
    element(
        0x30,
        &[&element(0x30, &parts.concat()), algorithm, &signature].concat(),
    )
}

fn json(piece: &str, size: usize) -> Vec<u8> {
    let pieces = vec![piece; (size / (piece.len() + 1)).max(1)];
    format!("{{{}}}", pieces.join(",")).into_bytes()
}

fn trailing(size: usize) -> Vec<u8> {
    let seeds = Seeds::minted();
    let found = seeds.inputs(operation::find("tdx_quote").expect("an operation"));
    let mut quote = found[0][4..].to_vec();
    quote.resize(size.max(quote.len()), 0);
    quote
}
