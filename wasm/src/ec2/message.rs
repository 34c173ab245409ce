//! Files that hold a signed message: binary, PEM, or base64 alone, as the
//! metadata service of an instance gives it.

use crate::x509::pem::Head;
use base64ct::{Base64, Encoding};

/// Labels of a signed message in PEM (RFC 7468 §8 and §9).
const LABELS: [&str; 2] = ["PKCS7", "CMS"];
/// Tag of a SEQUENCE, with which a message in binary begins.
const SEQUENCE: u8 = 0x30;

/// The message in binary, as it was written.
///
/// # Errors
/// Says for a person what is wrong.
pub fn read(file: &[u8]) -> Result<Vec<u8>, &'static str> {
    if file.first() == Some(&SEQUENCE) {
        return Ok(file.to_vec());
    }
    let text = core::str::from_utf8(file).map_err(|_| "it is no text")?;
    let text = text.trim_ascii();
    if text.starts_with("-----BEGIN ") {
        return read_pem(text);
    }
    let base64: String = text.lines().collect();
    Base64::decode_vec(&base64).map_err(|_| "it is not base64")
}

fn read_pem(text: &str) -> Result<Vec<u8>, &'static str> {
    let head = Head::read(text)?;
    if !LABELS.contains(&head.label) {
        return Err("a PEM block is neither PKCS7 nor CMS");
    }
    let block = head.finish()?;
    if block.rest.is_empty() {
        return Ok(block.der);
    }
    Err("something follows the PEM block")
}
