//! Files of certificates and lists: DER, or PEM (RFC 7468).

use crate::der;
use base64ct::{Base64, Encoding};

/// An item of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Label, where it was PEM.
    pub label: Option<String>,
    /// DER.
    pub der: Vec<u8>,
}

/// Takes a file apart; none where it is neither.
#[must_use]
pub fn items(file: &[u8]) -> Option<Vec<Item>> {
    if file.first() == Some(&0x30) {
        return der_items(file);
    }
    let text = core::str::from_utf8(file).ok()?;
    let mut items = Vec::new();
    for block in text.split("-----BEGIN ").skip(1) {
        let (label, rest) = block.split_once("-----")?;
        let (body, _) = rest.split_once("-----END")?;
        let body: String = body.split_ascii_whitespace().collect();
        items.push(Item {
            label: Some(label.to_owned()),
            der: Base64::decode_vec(&body).ok()?,
        });
    }
    (!items.is_empty()).then_some(items)
}

fn der_items(mut file: &[u8]) -> Option<Vec<Item>> {
    let mut items = Vec::new();
    while !file.is_empty() {
        let (_, end) = der::measure(file)?;
        let (der, rest) = file.split_at(end);
        items.push(Item {
            label: None,
            der: der.to_vec(),
        });
        file = rest;
    }
    Some(items)
}

/// The items as a file: PEM where the first was PEM.
#[must_use]
pub fn file(items: &[Item]) -> Vec<u8> {
    let is_pem = items.first().is_some_and(|item| item.label.is_some());
    if !is_pem {
        return items.iter().flat_map(|item| item.der.clone()).collect();
    }
    let blocks = items.iter().map(|item| {
        let label = item.label.as_deref().unwrap_or("CERTIFICATE");
        block(label, &item.der)
    });
    blocks.collect::<String>().into_bytes()
}

fn block(label: &str, der: &[u8]) -> String {
    let base64 = Base64::encode_string(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    for line in base64.as_bytes().chunks(64) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    text + &format!("-----END {label}-----\n")
}
