//! Numbers that look random (xorshift64*), the same in each run.

/// A sequence of them.
pub struct Numbers(u64);

impl Default for Numbers {
    fn default() -> Self {
        Self(0x5eed)
    }
}

#[allow(dead_code)] // Not every test takes both forms.
impl Numbers {
    fn next(&mut self) -> u8 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d).to_be_bytes()[0]
    }

    /// Bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        core::array::from_fn(|_| self.next())
    }

    /// As many bytes as are asked for.
    pub fn vector(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next()).collect()
    }
}
