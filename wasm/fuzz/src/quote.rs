//! Quotes taken apart where they can be, field by field.

/// Bytes of a header.
pub const HEADER: usize = 48;
/// Bytes of a descriptor, which version 5 has.
pub const DESCRIPTOR: usize = 6;
/// Bytes of a key or a signature.
pub const NUMBERS: usize = 64;
/// Bytes of an enclave report.
pub const ENCLAVE_REPORT: usize = 384;
/// Bytes of a TD report of TDX 1.0.
pub const TD_REPORT: usize = 584;
const TD_REPORT_15: usize = 648;

/// A quote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Header, descriptor and body: what is signed.
    pub signed: Vec<u8>,
    /// R and S.
    pub signature: Vec<u8>,
    /// X and Y.
    pub key: Vec<u8>,
    /// Type of the certification data; absent in version 3.
    pub outer: Option<[u8; 2]>,
    /// Report of the quoting enclave.
    pub qe_report: Vec<u8>,
    /// R and S over it.
    pub qe_signature: Vec<u8>,
    /// Authentication data.
    pub authentication: Vec<u8>,
    /// Type of the inner certification data.
    pub inner: [u8; 2],
    /// Chain.
    pub chain: Vec<u8>,
    /// What follows.
    pub trailing: Vec<u8>,
}

struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn take(&mut self, length: usize) -> Option<Vec<u8>> {
        let (part, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(part.to_vec())
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn size(&mut self) -> Option<usize> {
        self.array().map(|bytes| u32::from_le_bytes(bytes) as usize)
    }
}

impl Quote {
    /// Takes a quote apart; none where its sizes do not fit.
    #[must_use]
    pub fn read(file: &[u8]) -> Option<Self> {
        let mut all = Cursor(file);
        let signed = all.take(signed_bytes(file)?)?;
        let size = all.size()?;
        let part = all.take(size)?;
        let trailing = all.0.to_vec();
        let mut fields = Cursor(&part);
        let (signature, key) = (fields.take(NUMBERS)?, fields.take(NUMBERS)?);
        let outer = if signed[0] == 3 { None } else { fields.array() };
        if outer.is_some() {
            fields.size()?;
        }
        let (qe_report, qe_signature) = (fields.take(ENCLAVE_REPORT)?, fields.take(NUMBERS)?);
        let length = u16::from_le_bytes(fields.array()?);
        let authentication = fields.take(length.into())?;
        let inner = fields.array()?;
        let size = fields.size()?;
        let chain = fields.take(size)?;
        fields.0.is_empty().then_some(Self {
            signed,
            signature,
            key,
            outer,
            qe_report,
            qe_signature,
            authentication,
            inner,
            chain,
            trailing,
        })
    }

    /// The quote, with sizes that fit.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let qe = [
            &self.qe_report[..],
            &self.qe_signature,
            &(self.authentication.len() as u16).to_le_bytes(),
            &self.authentication,
            &self.inner,
            &(self.chain.len() as u32).to_le_bytes(),
            &self.chain,
        ]
        .concat();
        let mut part = [&self.signature[..], &self.key].concat();
        if let Some(outer) = self.outer {
            part.extend(outer);
            part.extend((qe.len() as u32).to_le_bytes());
        }
        part.extend(qe);
        let size = (part.len() as u32).to_le_bytes();
        [&self.signed[..], &size, &part, &self.trailing].concat()
    }

    /// Where the body starts in what is signed.
    #[must_use]
    pub fn body_at(&self) -> usize {
        if self.signed[0] == 5 {
            HEADER + DESCRIPTOR
        } else {
            HEADER
        }
    }
}

fn signed_bytes(file: &[u8]) -> Option<usize> {
    let kind = if file.get(4)? == &0x81 { 2 } else { 1 };
    let (start, kind) = match file.first()? {
        5 => (HEADER + DESCRIPTOR, *file.get(HEADER)?),
        _ => (HEADER, kind),
    };
    let body = match kind {
        1 => ENCLAVE_REPORT,
        2 => TD_REPORT,
        3 => TD_REPORT_15,
        _ => return None,
    };
    Some(start + body)
}

#[cfg(test)]
mod tests {
    use super::Quote;

    #[test]
    fn write_gives_what_read_read() {
        for (version, kind, body) in [(3, 0, 384), (4, 0x81, 584), (5, 0x81, 648)] {
            let mut signed = vec![0; 48];
            (signed[0], signed[4]) = (version, kind);
            if version == 5 {
                signed.extend([3, 0, 0x88, 2, 0, 0]);
            }
            signed.extend(vec![7; body]);
            let quote = Quote {
                signed,
                signature: vec![1; 64],
                key: vec![2; 64],
                outer: (version != 3).then_some([6, 0]),
                qe_report: vec![3; 384],
                qe_signature: vec![4; 64],
                authentication: vec![5; 32],
                inner: [5, 0],
                chain: vec![6; 100],
                trailing: vec![0; 3],
            };
            assert_eq!(Quote::read(&quote.write()), Some(quote));
        }
    }
}
