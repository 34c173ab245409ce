//! Bytes of a quote, taken one field after the other.

use crate::answer::Refusal;
use crate::tdx::codes::Code;

/// What was not taken yet.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    /// All of these bytes.
    #[must_use]
    pub const fn of(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// What was not taken yet.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.0
    }

    /// Takes a number of bytes; never fewer, whatever a size field promises.
    ///
    /// # Errors
    /// `tdx.quote_length`
    pub fn take(&mut self, length: usize, field: &'static str) -> Result<&'a [u8], Refusal> {
        let split = self.0.split_at_checked(length);
        let (taken, rest) = split.ok_or_else(|| refuse(field, length, self.0.len()))?;
        self.0 = rest;
        Ok(taken)
    }

    /// Takes a field of a fixed size.
    ///
    /// # Errors
    /// `tdx.quote_length`
    pub fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], Refusal> {
        let split = self.0.split_first_chunk();
        let (taken, rest) = split.ok_or_else(|| refuse(field, N, self.0.len()))?;
        self.0 = rest;
        Ok(*taken)
    }

    /// Takes a number of 16 bits, little-endian.
    ///
    /// # Errors
    /// `tdx.quote_length`
    pub fn u16(&mut self, field: &'static str) -> Result<u16, Refusal> {
        self.array(field).map(u16::from_le_bytes)
    }

    /// Takes a number of 32 bits, little-endian.
    ///
    /// # Errors
    /// `tdx.quote_length`
    pub fn u32(&mut self, field: &'static str) -> Result<u32, Refusal> {
        self.array(field).map(u32::from_le_bytes)
    }

    /// Takes as many bytes as a size of 32 bits before them says.
    ///
    /// # Errors
    /// `tdx.quote_length`
    pub fn sized(&mut self, field: &'static str) -> Result<&'a [u8], Refusal> {
        let length = usize::try_from(self.u32(field)?);
        self.take(length.unwrap_or(usize::MAX), field)
    }

    /// Refuses bytes that belong to no field.
    ///
    /// # Errors
    /// `tdx.quote_length`
    pub fn finish(&self, field: &'static str) -> Result<(), Refusal> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(Refusal::from(Code::QuoteLength)
            .with("field", field)
            .with("expected", "a size that its parts fill")
            .with("actual", format!("{} bytes more", self.0.len())))
    }
}

fn refuse(field: &'static str, expected: usize, actual: usize) -> Refusal {
    Refusal::from(Code::QuoteLength)
        .with("field", field)
        .with("expected", format!("{expected} bytes"))
        .with("actual", format!("{actual} bytes"))
}

#[cfg(test)]
mod tests {
    use super::Cursor;

    #[test]
    fn cursor_takes_fields_in_their_order() {
        let mut cursor = Cursor::of(&[1, 2, 3, 0, 0, 0, 7, 8, 9, 10]);
        assert_eq!(cursor.u16("a").unwrap(), 0x0201);
        assert_eq!(cursor.sized("b").unwrap(), [7, 8, 9]);
        assert_eq!(
            cursor.finish("c").unwrap_err().field("actual"),
            Some("1 bytes more")
        );
        assert_eq!(cursor.array("d").unwrap(), [10]);
        assert!(cursor.finish("c").is_ok());
    }

    #[test]
    fn cursor_never_gives_fewer_bytes_than_declared() {
        for declared in [4, 5, u8::MAX] {
            let bytes = [declared, 0, 0, 0, 1, 2, 3];
            let refusal = Cursor::of(&bytes).sized("field").unwrap_err();
            assert_eq!(refusal.code(), "tdx.quote_length");
            assert_eq!(refusal.field("actual"), Some("3 bytes"));
        }
        assert!(Cursor::of(&[0xff; 8]).sized("field").is_err());
        assert!(Cursor::of(&[1, 2, 3]).u32("field").is_err());
    }
}
