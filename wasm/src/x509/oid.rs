//! Object identifiers (X.690 §8.19), by the content of their encoding. Those
//! that are known here are written as they are encoded, their text beside them.

use crate::hex;
use crate::x509::tlv::Reason;

/// Longest identifier of an algorithm, a curve or a part of a name, bytes. The longest in use have 11.
const MAX_SHORT_BYTES: usize = 39;
/// First byte of such an identifier is below: its second part is below 40 under the arc 2, too.
const FIRST_BYTES: u8 = 3 * 40;

/// Whether there is at least one part, each in as few bytes as possible, the last one complete (§8.19.2).
#[must_use]
pub fn is_well_formed(content: &[u8]) -> bool {
    let mut starts = true;
    for byte in content {
        if starts && *byte == 0x80 {
            return false;
        }
        starts = byte & 0x80 == 0;
    }
    starts && !content.is_empty()
}

/// Any identifier, as extensions have: any arc, parts of any size.
///
/// # Errors
/// Where it is not well formed.
pub fn any(content: &[u8]) -> Result<&[u8], Reason> {
    if is_well_formed(content) {
        return Ok(content);
    }
    Err("an object identifier is empty, padded or cut short")
}

/// An identifier of an algorithm, a curve or a part of a name: short, of parts
/// that fit into 32 bits, as all of those are.
///
/// # Errors
/// Where it is another, or not well formed.
pub fn short(content: &[u8]) -> Result<&[u8], Reason> {
    let first = content.first().copied().unwrap_or_default();
    let is_short = content.len() <= MAX_SHORT_BYTES && first < FIRST_BYTES;
    if is_short && has_small_parts(content) {
        return any(content);
    }
    Err("an object identifier is too large")
}

/// Whether each part fits into 32 bits.
fn has_small_parts(content: &[u8]) -> bool {
    let mut part: u64 = 0;
    content.iter().all(|byte| {
        let value = part << 7 | u64::from(byte & 0x7f);
        part = if byte & 0x80 == 0 { 0 } else { value };
        value <= u64::from(u32::MAX)
    })
}

/// Dotted text; hex where a part is beyond 64 bits.
#[must_use]
pub fn text(content: &[u8]) -> String {
    dotted(content).unwrap_or_else(|| format!("#{}", hex::encode(content)))
}

fn dotted(content: &[u8]) -> Option<String> {
    let mut text = String::new();
    let mut value: u64 = 0;
    for byte in content {
        value = value
            .checked_mul(128)?
            .checked_add(u64::from(byte & 0x7f))?;
        if byte & 0x80 != 0 {
            continue;
        }
        if text.is_empty() {
            // §8.19.4: the first two parts are one number.
            let first = (value / 40).min(2);
            text = format!("{first}.{}", value - 40 * first);
        } else {
            text.push_str(&format!(".{value}"));
        }
        value = 0;
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::{any, short, text};

    #[test]
    fn text_knows_every_arc() {
        assert_eq!(text(&[0x88, 0x37, 0x43, 0x01]), "2.999.67.1");
        assert_eq!(text(&[0x55, 0x1d, 0x13]), "2.5.29.19");
        let amd = [0x2b, 6, 1, 4, 1, 0x9c, 0x78, 1, 3, 8];
        assert_eq!(text(&amd), "1.3.6.1.4.1.3704.1.3.8");
        let long = [&[0xff; 12][..], &[0x7f]].concat();
        assert_eq!(text(&long), "#ffffffffffffffffffffffff7f");
    }

    #[test]
    fn any_refuses_empty_padded_and_cut_parts() {
        for content in [
            &[0x55][..],
            &[0x88, 0x37],
            &[0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
        ] {
            assert_eq!(any(content), Ok(content));
        }
        for content in [
            &[][..],
            &[0x80, 1],
            &[0x2b, 0x80, 1],
            &[0x2b, 0x81],
            &[0xff; 12],
        ] {
            assert!(any(content).is_err(), "{content:?}");
        }
    }

    #[test]
    fn short_takes_parts_of_32_bits() {
        let longest = [1; 39];
        let taken: [&[u8]; 5] = [
            &[0x55, 4, 3],
            &[0x77],
            &[0x55, 4, 0x8f, 0xff, 0xff, 0xff, 0x7f],
            &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2],
            &longest,
        ];
        for content in taken {
            assert_eq!(short(content), Ok(content));
        }
        let refused: [&[u8]; 7] = [
            &[],
            &[0x78],
            &[0x88, 0x37],
            &[0x55, 4, 0x80, 3],
            &[0x55, 4, 0x83],
            &[0x55, 4, 0x90, 0x80, 0x80, 0x80, 3],
            &[1; 40],
        ];
        for content in refused {
            assert!(short(content).is_err(), "{content:02x?}");
        }
    }
}
