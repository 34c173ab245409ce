//! Signature of a report (56860 Table 139): ECDSA P-384 over SHA-384, R and S
//! little-endian in 72 bytes each, the rest zero.

use crate::answer::Refusal;
use crate::hex::{Hex, encode};
use crate::json::write::object;
use crate::snp::codes::Code;
use casemate_arithmetic::{P384Key, P384Signature};
use sha2::{Digest, Sha384};

/// Bytes of the SIGNATURE field.
pub const SIGNATURE_BYTES: usize = 512;

/// R and S, big-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportSignature {
    /// R.
    pub r: Hex<48>,
    /// S.
    pub s: Hex<48>,
}

object!(ReportSignature { r, s });

impl ReportSignature {
    /// Reads the field. Whether R and S are in range is left to [`Self::check_range`],
    /// since an unsigned report has zeros.
    ///
    /// # Errors
    /// `snp.signature_encoding`: not zero where zero is specified.
    pub fn read(field: &[u8; SIGNATURE_BYTES]) -> Result<Self, Refusal> {
        let short = || refuse("field", "too short");
        let (r, rest) = field.split_first_chunk::<48>().ok_or_else(short)?;
        let (r_padding, rest) = rest.split_first_chunk::<24>().ok_or_else(short)?;
        let (s, rest) = rest.split_first_chunk::<48>().ok_or_else(short)?;
        let (s_padding, rest) = rest.split_first_chunk::<24>().ok_or_else(short)?;
        check_zero("above R", r_padding)?;
        check_zero("above S", s_padding)?;
        check_zero("after S", rest)?;
        Ok(Self {
            r: reversed(*r),
            s: reversed(*s),
        })
    }

    /// Refuses R or S that are zero or not below the order of the group:
    /// reducing them would make one signature out of several. `n - s` is a
    /// signature too and is accepted, since AMD does not demand the lower one.
    ///
    /// # Errors
    /// `snp.signature_encoding`
    pub fn check_range(&self) -> Result<(), Refusal> {
        self.scalars().map(|_| ())
    }

    fn scalars(&self) -> Result<P384Signature, Refusal> {
        P384Signature::of_numbers(&self.r.0, &self.s.0).ok_or_else(|| {
            refuse(
                "expected",
                "R and S at least 1 and below the order of the group",
            )
            .with(
                "actual",
                format!("R {}, S {}", encode(&self.r.0), encode(&self.s.0)),
            )
        })
    }

    /// Verifies the signature over the signed part of a report.
    ///
    /// # Errors
    /// `snp.signature_encoding`, `snp.signature_mismatch`
    pub fn verify(&self, signed: &[u8], key: &P384Key) -> Result<(), Refusal> {
        let signature = self.scalars()?;
        if key.verifies(&Sha384::digest(signed), &signature) {
            return Ok(());
        }
        Err(Refusal::from(Code::SignatureMismatch))
    }
}

fn reversed(mut bytes: [u8; 48]) -> Hex<48> {
    bytes.reverse();
    Hex(bytes)
}

fn check_zero(place: &str, bytes: &[u8]) -> Result<(), Refusal> {
    if bytes.iter().all(|byte| *byte == 0) {
        return Ok(());
    }
    Err(refuse("expected", &format!("zeros {place}")))
}

fn refuse(name: &'static str, text: &str) -> Refusal {
    Refusal::from(Code::SignatureEncoding).with(name, text)
}

#[cfg(test)]
mod tests {
    use super::{ReportSignature, SIGNATURE_BYTES};

    /// Order of P-384's group (FIPS 186-5, SP 800-186 §3.2.1.4), little-endian.
    const ORDER: [u8; 48] = [
        0x73, 0x29, 0xc5, 0xcc, 0x6a, 0x19, 0xec, 0xec, 0x7a, 0xa7, 0xb0, 0x48, 0xb2, 0x0d, 0x1a,
        0x58, 0xdf, 0x2d, 0x37, 0xf4, 0x81, 0x4d, 0x63, 0xc7, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff,
    ];

    fn field(r: &[u8; 48], s: &[u8; 48]) -> [u8; SIGNATURE_BYTES] {
        let mut field = [0; SIGNATURE_BYTES];
        field[..48].copy_from_slice(r);
        field[72..120].copy_from_slice(s);
        field
    }

    fn small(value: u8) -> [u8; 48] {
        let mut bytes = [0; 48];
        bytes[0] = value;
        bytes
    }

    fn check(r: &[u8; 48], s: &[u8; 48]) -> bool {
        let signature = ReportSignature::read(&field(r, s)).unwrap();
        signature.check_range().is_ok()
    }

    #[test]
    fn snp_15_check_range_refuses_zero_and_the_order() {
        let mut below = ORDER;
        below[0] -= 1;
        assert!(check(&small(1), &small(1)));
        assert!(check(&below, &below));
        assert!(!check(&small(0), &small(1)));
        assert!(!check(&small(1), &small(0)));
        assert!(!check(&ORDER, &small(1)));
        assert!(!check(&small(1), &ORDER));
        assert!(!check(&[0xff; 48], &small(1)));
    }

    #[test]
    fn snp_15_read_refuses_every_byte_of_padding() {
        for index in (48..72).chain(120..SIGNATURE_BYTES) {
            let mut field = field(&small(1), &small(1));
            field[index] = 1;
            let refusal = ReportSignature::read(&field).unwrap_err();
            assert_eq!(refusal.code(), "snp.signature_encoding", "byte {index}");
        }
    }
}
