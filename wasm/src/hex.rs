//! Bytes as lowercase hexadecimal text, the form in which they leave the engine.

use crate::json::write::{Json, Writer};

/// Bytes of a fixed length that are written as hex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hex<const N: usize>(pub [u8; N]);

/// A 64-bit field that is written as `0x` and 16 digits, since a JavaScript
/// number would lose its upper bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word(pub u64);

/// Writes bytes as lowercase hex.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    // In place, since an event log has some tens of kilobytes.
    let mut text = vec![[0; 2]; bytes.len()];
    for (pair, byte) in text.iter_mut().zip(bytes) {
        *pair = [digit(byte >> 4), digit(byte & 15)];
    }
    String::from_utf8(text.into_flattened()).unwrap_or_default()
}

/// The digit of a number below 16.
const fn digit(nibble: u8) -> u8 {
    match nibble {
        0..=9 => b'0'.saturating_add(nibble),
        _ => b'a'.saturating_add(nibble.saturating_sub(10)),
    }
}

impl<const N: usize> Json for Hex<N> {
    fn write(&self, to: &mut Writer) {
        to.hex(&self.0);
    }
}

impl Word {
    /// `0x` and 16 digits.
    #[must_use]
    pub fn text(self) -> String {
        format!("{:#018x}", self.0)
    }
}

impl Json for Word {
    fn write(&self, to: &mut Writer) {
        to.string(&self.text());
    }
}

#[cfg(test)]
mod tests {
    use super::{Word, encode};

    #[test]
    fn encode_writes_two_digits_for_each_byte() {
        assert_eq!(encode(&[0, 0x0f, 0xa5, 0xff]), "000fa5ff");
        assert_eq!(encode(&[]), "");
    }

    #[test]
    fn word_text_has_sixteen_digits() {
        assert_eq!(Word(0x3_001f).text(), "0x000000000003001f");
        assert_eq!(Word(u64::MAX).text(), "0xffffffffffffffff");
    }
}
