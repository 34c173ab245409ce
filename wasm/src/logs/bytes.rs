//! Bytes of a log, taken one field after the other. What is short is `None`:
//! the format says which refusal that is.

/// What was not taken yet.
#[derive(Clone, Copy, Debug)]
pub struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    /// Whether nothing is left.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes a number of bytes; never fewer, whatever a size field promises.
    pub const fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let Some((taken, rest)) = self.0.split_at_checked(length) else {
            return None;
        };
        self.0 = rest;
        Some(taken)
    }

    /// Takes a field of a fixed size.
    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    /// Takes one byte.
    pub fn byte(&mut self) -> Option<u8> {
        self.array().map(|[byte]| byte)
    }

    /// Takes a number of 16 bits, little-endian.
    pub fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    /// Takes a number of 32 bits, little-endian.
    pub fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    /// Takes as many bytes as a size of 32 bits before them says, little-endian.
    pub fn sized(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.u32()?).ok()?;
        self.take(length)
    }

    /// Takes a type, and as many bytes as a size of 32 bits before them says,
    /// big-endian (CEL §5.1).
    pub fn tlv(&mut self) -> Option<(u8, &'a [u8])> {
        let kind = self.byte()?;
        let length = self.array().map(u32::from_be_bytes)?;
        let value = self.take(usize::try_from(length).ok()?)?;
        Some((kind, value))
    }
}

#[cfg(test)]
mod tests {
    use super::Bytes;

    #[test]
    fn bytes_are_taken_in_their_order() {
        let mut bytes = Bytes(&[1, 2, 3, 2, 0, 0, 0, 7, 8, 9, 0, 0, 0, 1, 10]);
        assert_eq!(bytes.u16(), Some(0x0201));
        assert_eq!(bytes.byte(), Some(3));
        assert_eq!(bytes.sized(), Some(&[7, 8][..]));
        assert_eq!(bytes.tlv(), Some((9, &[10][..])));
        assert!(bytes.is_empty());
    }

    #[test]
    fn bytes_are_never_fewer_than_declared() {
        assert_eq!(Bytes(&[3, 0, 0, 0, 7, 8]).sized(), None);
        assert_eq!(Bytes(&[0xff; 8]).sized(), None);
        assert_eq!(Bytes(&[9, 0, 0, 0, 2, 10]).tlv(), None);
        assert_eq!(Bytes(&[9, 0, 0, 0]).tlv(), None);
        assert_eq!(Bytes(&[9, 0xff, 0xff, 0xff, 0xff, 1]).tlv(), None);
        assert_eq!(Bytes(&[1]).u16(), None);
    }
}
