//! Bytes of a TPM's structure, taken one field after the other. Numbers are
//! big-endian (Part 1 §30 "Canonical Form").

use crate::answer::Refusal;
use crate::tpm::codes::Code;

/// What was not taken yet, and the code of sizes that do not fit.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a> {
    rest: &'a [u8],
    code: Code,
}

impl<'a> Cursor<'a> {
    /// All of these bytes.
    #[must_use]
    pub const fn of(bytes: &'a [u8], code: Code) -> Self {
        Self { rest: bytes, code }
    }

    /// How much was not taken yet.
    #[must_use]
    pub const fn left(&self) -> usize {
        self.rest.len()
    }

    /// Takes a number of bytes; never fewer, whatever a size field promises.
    ///
    /// # Errors
    /// The cursor's code.
    pub fn take(&mut self, length: usize, field: &'static str) -> Result<&'a [u8], Refusal> {
        let split = self.rest.split_at_checked(length);
        let (taken, rest) = split.ok_or_else(|| self.refuse(field, length))?;
        self.rest = rest;
        Ok(taken)
    }

    /// Takes a field of a fixed size.
    ///
    /// # Errors
    /// The cursor's code.
    pub fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], Refusal> {
        let split = self.rest.split_first_chunk();
        let (taken, rest) = split.ok_or_else(|| self.refuse(field, N))?;
        self.rest = rest;
        Ok(*taken)
    }

    /// Takes a byte.
    ///
    /// # Errors
    /// The cursor's code.
    pub fn u8(&mut self, field: &'static str) -> Result<u8, Refusal> {
        self.array(field).map(u8::from_be_bytes)
    }

    /// Takes a number of 16 bits.
    ///
    /// # Errors
    /// The cursor's code.
    pub fn u16(&mut self, field: &'static str) -> Result<u16, Refusal> {
        self.array(field).map(u16::from_be_bytes)
    }

    /// Takes a number of 32 bits.
    ///
    /// # Errors
    /// The cursor's code.
    pub fn u32(&mut self, field: &'static str) -> Result<u32, Refusal> {
        self.array(field).map(u32::from_be_bytes)
    }

    /// Takes a number of 64 bits.
    ///
    /// # Errors
    /// The cursor's code.
    pub fn u64(&mut self, field: &'static str) -> Result<u64, Refusal> {
        self.array(field).map(u64::from_be_bytes)
    }

    /// Takes a TPM2B: as many bytes as 16 bits before them say.
    ///
    /// # Errors
    /// The cursor's code.
    pub fn sized(&mut self, field: &'static str) -> Result<&'a [u8], Refusal> {
        let length = self.u16(field)?;
        self.take(length.into(), field)
    }

    /// Refuses bytes that belong to no field.
    ///
    /// # Errors
    /// The cursor's code.
    pub fn finish(&self) -> Result<(), Refusal> {
        match self.rest.len() {
            0 => Ok(()),
            more => Err(Refusal::from(self.code).with("reason", format!("{more} bytes too many"))),
        }
    }

    fn refuse(&self, field: &'static str, expected: usize) -> Refusal {
        let actual = self.rest.len();
        let reason = format!("{field} has {expected} bytes, and {actual} are left");
        Refusal::from(self.code).with("reason", reason)
    }
}

#[cfg(test)]
mod tests {
    use super::Cursor;
    use crate::tpm::codes::Code;

    fn of(bytes: &[u8]) -> Cursor<'_> {
        Cursor::of(bytes, Code::AttestLength)
    }

    #[test]
    fn cursor_takes_fields_in_their_order() {
        let mut cursor = of(&[1, 2, 0, 3, 7, 8, 9, 10]);
        assert_eq!(cursor.u16("a").unwrap(), 0x0102);
        assert_eq!(cursor.sized("b").unwrap(), [7, 8, 9]);
        let left = cursor.finish().unwrap_err();
        assert_eq!(left.field("reason"), Some("1 bytes too many"));
        assert_eq!(cursor.u8("c").unwrap(), 10);
        assert!(cursor.finish().is_ok());
    }

    #[test]
    fn cursor_never_gives_fewer_bytes_than_declared() {
        for declared in [[0, 4], [0, 5], [0xff, 0xff]] {
            let bytes = [&declared[..], &[1, 2, 3]].concat();
            let refusal = of(&bytes).sized("x").unwrap_err();
            assert_eq!(refusal.code(), "tpm.attest_length");
        }
        assert!(of(&[1]).u16("x").is_err());
        assert!(of(&[1, 2, 3]).u32("x").is_err());
        assert!(of(&[1; 7]).u64("x").is_err());
    }
}
