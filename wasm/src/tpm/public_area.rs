//! Public areas of keys (`TPMT_PUBLIC`, Part 2 §12.2.4) and keys alone.

use crate::answer::Refusal;
use crate::frame;
use crate::hex::encode;
use crate::input::Part;
use crate::json::write::object;
use crate::tpm::algorithm::{ECC, RSA, id_of, strong_hash};
use crate::tpm::attributes::ObjectAttributes;
use crate::tpm::codes::Code;
use crate::tpm::cursor::Cursor;
use crate::tpm::key::{self, Key};
use crate::tpm::parameters;
use crate::tpm::scheme::SignatureScheme;
use crate::x509::hash::Hash;

/// Largest key, bytes: the public area of RSA 4096 has 600, its PEM 800.
const LIMIT: usize = 2048;
/// Name of the part.
pub const AK_PUB: Part = Part {
    name: "ak-pub",
    limit: LIMIT,
};
/// The same for an endorsement key.
pub const EK_PUB: Part = Part {
    name: "ek-pub",
    limit: LIMIT,
};

/// A public area, as the TypeScript type of the same name.
#[derive(Clone, Debug)]
#[allow(missing_docs)] // `src/evidence/tpm/report.ts` documents each field.
pub struct PublicArea {
    pub key: Key,
    pub name: Vec<u8>,
    pub name_algorithm: Hash,
    pub attributes: ObjectAttributes,
    pub auth_policy: Vec<u8>,
    pub scheme: Option<SignatureScheme>,
}

object!(PublicArea {
    key, name = encode(name), name_algorithm, attributes, auth_policy = encode(auth_policy), scheme,
});

/// A key in one of its forms.
#[derive(Clone, Debug)]
pub enum Given {
    /// With what the TPM says of it.
    Area(Box<PublicArea>),
    /// Alone.
    Bare(Box<Key>),
}

/// Reads a public area for showing it. Fields: `TPM2B_PUBLIC` or `TPMT_PUBLIC`.
///
/// # Errors
/// The codes of [`PublicArea::read`].
pub fn operation(input: &[u8]) -> Result<PublicArea, Refusal> {
    let [bytes] = frame::fields(input)?;
    AK_PUB.check(bytes)?;
    PublicArea::read(bytes)
}

impl Given {
    /// Reads a key in whichever form.
    ///
    /// # Errors
    /// `input.*`, `tpm.public_algorithm`, `tpm.public_malformed`
    pub fn read(bytes: &[u8], part: &Part) -> Result<Self, Refusal> {
        part.check(bytes)?;
        if key::is_bare(bytes) {
            return Key::read_bare(bytes).map(Box::new).map(Self::Bare);
        }
        PublicArea::read(bytes).map(Box::new).map(Self::Area)
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &Key {
        match self {
            Self::Area(area) => &area.key,
            Self::Bare(key) => key,
        }
    }

    /// What the TPM says of it.
    #[must_use]
    pub fn area(&self) -> Option<&PublicArea> {
        match self {
            Self::Area(area) => Some(area),
            Self::Bare(_) => None,
        }
    }

    /// Refuses a key that is not one for attestation, as far as it is said. Of
    /// a key alone nothing is said: that is left to the appraisal.
    ///
    /// # Errors
    /// `tpm.public_attributes`, `tpm.public_algorithm` where it has no scheme.
    pub fn check_attestation(&self) -> Result<(), Refusal> {
        let Self::Area(area) = self else {
            return Ok(());
        };
        area.attributes.check_attestation()?;
        // Part 1 §27.6.4: a restricted signing key has its scheme.
        if area.scheme.is_none() {
            let reason = "it has no scheme to sign with";
            return Err(Refusal::from(Code::PublicAlgorithm).with("reason", reason));
        }
        Ok(())
    }
}

impl PublicArea {
    /// Takes a public area apart; its fields must fill it exactly.
    ///
    /// # Errors
    /// `tpm.public_algorithm`, `tpm.public_malformed`
    pub fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        let area = unwrap(bytes);
        let mut fields = Cursor::of(area, Code::PublicMalformed);
        let curve = take_type(&mut fields)?;
        let name_algorithm = take_name_algorithm(&mut fields)?;
        let attributes = ObjectAttributes::read(fields.u32("objectAttributes")?)?;
        let auth_policy = take_policy(&mut fields, name_algorithm)?;
        let (scheme, unread) = parameters::take(&mut fields, curve)?;
        fields.finish()?;
        Ok(Self {
            key: unread.read()?,
            name: name(name_algorithm, area),
            name_algorithm,
            attributes,
            auth_policy: auth_policy.to_vec(),
            scheme,
        })
    }
}

/// The `TPMT_PUBLIC` in a `TPM2B_PUBLIC`. Its first field, a type, is never as
/// large as the size of a public area.
fn unwrap(bytes: &[u8]) -> &[u8] {
    let Some((size, rest)) = bytes.split_first_chunk() else {
        return bytes;
    };
    let is_size = usize::from(u16::from_be_bytes(*size)) == rest.len();
    if is_size { rest } else { bytes }
}

fn take_type(fields: &mut Cursor<'_>) -> Result<bool, Refusal> {
    match fields.u16("type")? {
        RSA => Ok(false),
        ECC => Ok(true),
        other => Err(refuse_algorithm(&format!("its type is {other:#06x}"))),
    }
}

fn take_name_algorithm(fields: &mut Cursor<'_>) -> Result<Hash, Refusal> {
    let id = fields.u16("nameAlg")?;
    strong_hash(id).ok_or_else(|| refuse_algorithm(&format!("the hash of its name is {id:#06x}")))
}

fn refuse_algorithm(reason: &str) -> Refusal {
    Refusal::from(Code::PublicAlgorithm).with("reason", reason)
}

fn take_policy<'a>(fields: &mut Cursor<'a>, hash: Hash) -> Result<&'a [u8], Refusal> {
    let policy = fields.sized("authPolicy")?;
    if policy.is_empty() || policy.len() == hash.size() {
        return Ok(policy);
    }
    let reason = format!("authPolicy has {} bytes", policy.len());
    Err(Refusal::from(Code::PublicMalformed).with("reason", reason))
}

/// Part 1 §16: the algorithm, then the hash of the public area.
fn name(hash: Hash, area: &[u8]) -> Vec<u8> {
    let mut name = id_of(hash).to_be_bytes().to_vec();
    name.extend(hash.digest(area));
    name
}
