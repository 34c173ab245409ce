//! Structures of a TPM as fields, written and read apart from the engine.

/// `TPM_ALG_ECDSA`.
pub const ECDSA: u16 = 0x18;
/// `TPM_ALG_NULL`, where an algorithm is left out.
pub const NULL: u16 = 0x10;
/// `TPM_ALG_ECC`, the type of a key.
pub const ECC: u16 = 0x23;

/// Bytes with their size before them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sized2 {
    /// The size as it stands there, where it is not theirs.
    pub size: Option<u16>,
    /// Bytes.
    pub bytes: Vec<u8>,
}

/// Registers of one bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Select {
    /// Algorithm of the bank.
    pub bank: u16,
    /// Bits of registers, the lowest first.
    pub bitmap: Vec<u8>,
}

/// `TPMS_ATTEST` of a quote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attest {
    /// Magic and type.
    pub head: [u8; 6],
    /// Qualified name of the key.
    pub signer: Sized2,
    /// What the caller gave.
    pub data: Sized2,
    /// Clock, resets, restarts, safe; version of the firmware.
    pub clock: [u8; 25],
    /// Number of banks as it stands there, where it is not theirs.
    pub count: Option<u32>,
    /// Banks.
    pub selected: Vec<Select>,
    /// Digest of the values.
    pub digest: Sized2,
    /// What follows.
    pub rest: Vec<u8>,
}

/// `TPMT_PUBLIC`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// Whether its size stands before it, and which, where it is not its own.
    pub size: Option<Option<u16>>,
    /// Type, hash of the name.
    pub head: [u16; 2],
    /// Bits.
    pub attributes: u32,
    /// Policy.
    pub policy: Sized2,
    /// Algorithm for children, with its parameters.
    pub symmetric: Vec<u16>,
    /// Scheme, with its hash.
    pub scheme: Vec<u16>,
    /// Bits and exponent, or curve and its kdf.
    pub kind: Vec<u16>,
    /// Modulus, or both coordinates.
    pub numbers: Vec<Sized2>,
    /// What follows.
    pub rest: Vec<u8>,
}

/// `TPMT_SIGNATURE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tpmt {
    /// Algorithm and hash.
    pub scheme: [u16; 2],
    /// RSA's bytes, or R and S.
    pub numbers: Vec<Sized2>,
    /// What follows.
    pub rest: Vec<u8>,
}

/// Bytes that are read from their start.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn word(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    fn sized(&mut self) -> Option<Sized2> {
        let length = self.word()?;
        self.take(length.into()).map(Sized2::of)
    }

    /// An algorithm with so many words of parameters, unless it is NULL.
    fn algorithm(&mut self, words: impl Fn(u16) -> usize) -> Option<Vec<u16>> {
        let first = self.word()?;
        let more = (0..words(first)).map(|_| self.word());
        core::iter::once(Some(first)).chain(more).collect()
    }
}

fn words(words: &[u16]) -> Vec<u8> {
    words.iter().copied().flat_map(u16::to_be_bytes).collect()
}

impl Sized2 {
    /// Bytes with their own size.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self {
            size: None,
            bytes: bytes.to_vec(),
        }
    }

    fn write(&self) -> Vec<u8> {
        let size = self.size.unwrap_or(self.bytes.len() as u16);
        [&size.to_be_bytes(), self.bytes.as_slice()].concat()
    }
}

fn write_all(all: &[Sized2]) -> Vec<u8> {
    all.iter().flat_map(Sized2::write).collect()
}

impl Select {
    /// Registers, rising.
    #[must_use]
    pub fn registers(&self) -> Vec<u8> {
        let most = 8 * self.bitmap.len().min(31);
        let is_set = |number: &usize| self.bitmap[number / 8] >> (number % 8) & 1 == 1;
        (0..most)
            .filter(is_set)
            .map(|number| number as u8)
            .collect()
    }
}

impl Attest {
    /// Takes a quote apart; what is left over is its rest.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut bytes = Bytes(bytes);
        let (head, signer, data, clock) = (
            bytes.array()?,
            bytes.sized()?,
            bytes.sized()?,
            bytes.array()?,
        );
        let count = bytes.array().map(u32::from_be_bytes)?;
        let selected = (0..count).map(|_| {
            let bank = bytes.word()?;
            let [length] = bytes.array()?;
            let bitmap = bytes.take(length.into())?.to_vec();
            Some(Select { bank, bitmap })
        });
        Some(Self {
            head,
            signer,
            data,
            clock,
            count: None,
            selected: selected.collect::<Option<_>>()?,
            digest: bytes.sized()?,
            rest: bytes.0.to_vec(),
        })
    }

    /// The quote as bytes.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut all = self.head.to_vec();
        all.extend(self.signer.write());
        all.extend(self.data.write());
        all.extend(self.clock);
        let count = self.count.unwrap_or(self.selected.len() as u32);
        all.extend(count.to_be_bytes());
        for one in &self.selected {
            all.extend(one.bank.to_be_bytes());
            all.push(one.bitmap.len() as u8);
            all.extend(&one.bitmap);
        }
        all.extend(self.digest.write());
        all.extend(&self.rest);
        all
    }
}

impl Area {
    /// Takes a public area apart, with or without its size.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (size, rest) = bytes.split_first_chunk()?;
        if usize::from(u16::from_be_bytes(*size)) == rest.len() {
            let size = Some(None);
            return Self::read_plain(rest).map(|area| Self { size, ..area });
        }
        Self::read_plain(bytes)
    }

    fn read_plain(bytes: &[u8]) -> Option<Self> {
        let mut bytes = Bytes(bytes);
        let head = [bytes.word()?, bytes.word()?];
        let is_curve = head[0] == ECC;
        Some(Self {
            size: None,
            head,
            attributes: bytes.array().map(u32::from_be_bytes)?,
            policy: bytes.sized()?,
            symmetric: bytes.algorithm(|id| if id == NULL { 0 } else { 2 })?,
            scheme: bytes.algorithm(|id| usize::from(!matches!(id, NULL | 0x15)))?,
            kind: if is_curve {
                let curve = bytes.word()?;
                let kdf = bytes.algorithm(|id| usize::from(id != NULL))?;
                [vec![curve], kdf].concat()
            } else {
                bytes.algorithm(|_| 2)?
            },
            numbers: (0..1 + usize::from(is_curve))
                .map(|_| bytes.sized())
                .collect::<Option<_>>()?,
            rest: bytes.0.to_vec(),
        })
    }

    /// The public area as bytes, without its size.
    #[must_use]
    pub fn plain(&self) -> Vec<u8> {
        let mut all = words(&self.head);
        all.extend(self.attributes.to_be_bytes());
        all.extend(self.policy.write());
        for part in [&self.symmetric, &self.scheme, &self.kind] {
            all.extend(words(part));
        }
        all.extend(write_all(&self.numbers));
        all.extend(&self.rest);
        all
    }

    /// The public area as bytes.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let plain = self.plain();
        match self.size {
            None => plain,
            Some(size) => Sized2 { size, bytes: plain }.write(),
        }
    }
}

impl Tpmt {
    /// Takes a signature apart.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut bytes = Bytes(bytes);
        let scheme = [bytes.word()?, bytes.word()?];
        let count = 1 + usize::from(scheme[0] == ECDSA);
        Some(Self {
            scheme,
            numbers: (0..count).map(|_| bytes.sized()).collect::<Option<_>>()?,
            rest: bytes.0.to_vec(),
        })
    }

    /// The signature as bytes.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        [
            words(&self.scheme),
            write_all(&self.numbers),
            self.rest.clone(),
        ]
        .concat()
    }
}

/// A number of a signature or key, of one length; none where it is longer.
#[must_use]
pub fn padded(number: &[u8], length: usize) -> Option<Vec<u8>> {
    let zeros = length.checked_sub(number.len())?;
    Some([&vec![0; zeros][..], number].concat())
}

#[cfg(test)]
mod tests {
    use super::{Area, Attest, Select, Tpmt};
    use crate::accepted::bytes;
    use crate::seeds::Seeds;

    #[test]
    fn write_gives_what_read_read() {
        let seeds = Seeds::minted();
        let mut read = 0;
        for (known, fields) in &seeds.evidence {
            if known.name != "tpm_verify" {
                continue;
            }
            let attest = Attest::read(bytes(&fields[0])).map(|found| found.write());
            let signature = Tpmt::read(bytes(&fields[1])).map(|found| found.write());
            let area = Area::read(bytes(&fields[2])).map(|found| found.write());
            for (found, field) in [attest, signature, area].iter().zip(fields) {
                read += usize::from(found.is_some());
                assert_eq!(found.as_deref().unwrap_or(bytes(field)), bytes(field));
            }
        }
        assert!(read > 100, "{read}");
    }

    #[test]
    fn registers_are_bits_from_the_lowest() {
        let select = Select {
            bank: 11,
            bitmap: vec![0x81, 0, 0x40],
        };
        assert_eq!(select.registers(), [0, 7, 22]);
    }
}
