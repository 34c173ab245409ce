//! One block of PEM (RFC 7468). Lines may have any length (§2 lets parsers
//! choose); nothing but base64 may stand between the borders.

use base64ct::{Base64, Encoding};

/// A block whose label was read, and nothing else.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// What stands behind BEGIN, as `CERTIFICATE`.
    pub label: &'a str,
    after: &'a str,
}

/// A block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    /// Its content.
    pub der: Vec<u8>,
    /// What stands behind it.
    pub rest: &'a str,
}

impl<'a> Head<'a> {
    /// Reads the border that begins a block at the start of a text.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn read(text: &'a str) -> Result<Self, &'static str> {
        let text = text
            .strip_prefix("-----BEGIN ")
            .ok_or("neither DER nor PEM")?;
        let (label, after) = text
            .split_once("-----")
            .ok_or("a PEM border is cut short")?;
        Ok(Self { label, after })
    }

    /// Reads the rest of the block.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn finish(self) -> Result<Block<'a>, &'static str> {
        let (body, text) = self
            .after
            .split_once("-----END ")
            .ok_or("a PEM block has no end")?;
        let (end, rest) = text
            .split_once("-----")
            .ok_or("a PEM border is cut short")?;
        if end != self.label {
            return Err("a PEM block ends with another label than it starts with");
        }
        if !starts_line(body) || !starts_line(rest) && !rest.is_empty() {
            return Err("something follows a PEM border on its line");
        }
        let base64: String = body.lines().collect();
        let der = Base64::decode_vec(&base64).map_err(|_| "a PEM block is not base64")?;
        Ok(Block { der, rest })
    }
}

fn starts_line(text: &str) -> bool {
    text.starts_with('\n') || text.starts_with("\r\n")
}
