//! Parameters and numbers of a public area (`TPMS_RSA_PARMS`, `TPMS_ECC_PARMS`,
//! `TPMU_PUBLIC_ID`, Part 2 §12.2.3).

use crate::answer::Refusal;
use crate::tpm::algorithm::{AES, NULL};
use crate::tpm::codes::Code;
use crate::tpm::cursor::Cursor;
use crate::tpm::key::{Key, KeyError, RSA_SIZES};
use crate::tpm::scheme::{self, SignatureScheme};
use crate::x509::algorithm::{CURVE_P256, CURVE_P384, Curve};
use crate::x509::rsa_key::{EXPONENT, Numbers};

/// `TPM_ECC_NIST_P256`.
const P256: u16 = 0x0003;
/// `TPM_ECC_NIST_P384`.
const P384: u16 = 0x0004;
/// An exponent of zero means this one (Part 2 §12.2.3.5).
const DEFAULT_EXPONENT: u32 = 65_537;

/// Numbers that were taken and not judged yet: first all bytes must be those of
/// a public area.
#[derive(Clone, Copy, Debug)]
pub enum Unread<'a> {
    /// Modulus, and the bits that it must have.
    Rsa(&'a [u8], u16),
    /// X and Y.
    Ecc(Curve, &'a [u8], &'a [u8]),
}

fn algorithm(reason: String) -> Refusal {
    Refusal::from(Code::PublicAlgorithm).with("reason", reason)
}

/// Takes parameters and numbers.
///
/// # Arguments
/// `curve` tells whether the key is of an elliptic curve.
///
/// # Errors
/// `tpm.public_algorithm`, `tpm.public_malformed`
pub fn take<'a>(
    fields: &mut Cursor<'a>,
    curve: bool,
) -> Result<(Option<SignatureScheme>, Unread<'a>), Refusal> {
    take_symmetric(fields)?;
    let scheme = scheme::take(fields, curve)?;
    let unread = if curve {
        take_ecc(fields)?
    } else {
        take_rsa(fields)?
    };
    Ok((scheme, unread))
}

/// What a key encrypts its children with; of no interest here.
fn take_symmetric(fields: &mut Cursor<'_>) -> Result<(), Refusal> {
    match fields.u16("symmetric")? {
        NULL => Ok(()),
        AES => fields.u32("keyBits and mode").map(|_| ()),
        other => Err(algorithm(format!(
            "its symmetric algorithm is {other:#06x}"
        ))),
    }
}

fn take_rsa<'a>(fields: &mut Cursor<'a>) -> Result<Unread<'a>, Refusal> {
    let bits = fields.u16("keyBits")?;
    if !RSA_SIZES.contains(&bits.into()) {
        return Err(algorithm(format!("it has {bits} bits")));
    }
    let exponent = fields.u32("exponent")?;
    if exponent != 0 && exponent != DEFAULT_EXPONENT {
        return Err(algorithm(format!("its exponent is {exponent}")));
    }
    Ok(Unread::Rsa(fields.sized("modulus")?, bits))
}

fn take_ecc<'a>(fields: &mut Cursor<'a>) -> Result<Unread<'a>, Refusal> {
    let curve = match fields.u16("curveID")? {
        P256 => CURVE_P256,
        P384 => CURVE_P384,
        other => return Err(algorithm(format!("its curve is {other:#06x}"))),
    };
    if fields.u16("kdf")? != NULL {
        fields.u16("the kdf's hash")?;
    }
    Ok(Unread::Ecc(curve, fields.sized("x")?, fields.sized("y")?))
}

impl Unread<'_> {
    /// Makes the key.
    ///
    /// # Errors
    /// `tpm.public_malformed`
    pub fn read(self) -> Result<Key, KeyError> {
        match self {
            Self::Rsa(modulus, bits) => {
                let numbers = Numbers {
                    modulus,
                    exponent: &EXPONENT,
                };
                let is_whole = modulus.len() * 8 == usize::from(bits);
                if !is_whole || numbers.bits() != usize::from(bits) {
                    let reason = format!("the modulus does not have {bits} bits");
                    return Err(KeyError::Malformed(reason));
                }
                Key::of_numbers(&numbers)
            }
            Self::Ecc(curve, x, y) => {
                let size = curve.number_bytes();
                let point = [vec![4], padded(x, size)?, padded(y, size)?].concat();
                Key::of_point(curve, &point)
            }
        }
    }
}

/// A TPM may leave zeros before a coordinate out.
fn padded(number: &[u8], size: usize) -> Result<Vec<u8>, KeyError> {
    let zeros = size.checked_sub(number.len());
    let zeros = zeros.ok_or_else(|| {
        let reason = format!("a coordinate has {} bytes", number.len());
        KeyError::Malformed(reason)
    })?;
    Ok([vec![0; zeros].as_slice(), number].concat())
}
