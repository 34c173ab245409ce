//! Keys in the runtime data (RFC 7517): RSA, as the paravisor makes them.

use crate::answer::Refusal;
use crate::digest::sha256;
use crate::hcl::codes::Code;
use crate::hcl::report::refuse;
use crate::hcl::runtime::refuse_member;
use crate::hex;
use crate::json::value::{self, Value};
use crate::json::write::object;
use crate::x509::rsa_key::{EXPONENT, Numbers};
use base64ct::{Base64UrlUnpadded, Encoding};
use core::ops::RangeInclusive;

/// How many keys there may be; real runtime data have 2.
const KEYS: RangeInclusive<usize> = 1..=8;
/// Characters of a key's name.
const NAME: RangeInclusive<usize> = 1..=64;
/// How many uses a key may have, and their characters.
const USES: RangeInclusive<usize> = 1..=8;
const USE: RangeInclusive<usize> = 1..=32;
/// Sizes of a modulus, bytes.
const SIZES: [usize; 3] = [256, 384, 512];

/// As the TypeScript type `HclKey`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `src/evidence/hcl/report.ts` documents each field.
pub struct HclKey {
    pub kid: String,
    pub key_ops: Vec<String>,
    pub bits: usize,
    pub spki: String,
    pub spki_sha256: String,
}

object!(HclKey {
    kid,
    key_ops,
    bits,
    spki,
    spki_sha256
});

/// Members of a key, each of the right type.
struct Members {
    kid: String,
    key_ops: Vec<String>,
    kty: String,
    e: String,
    n: String,
}

/// Reads the member `keys`.
///
/// # Errors
/// `hcl.runtime_value`, `hcl.key_attributes`, `hcl.key_repeated`
pub fn read(value: Option<Value>) -> Result<Vec<HclKey>, Refusal> {
    let malformed = || refuse_member("keys", "it is no list of 1 to 8 keys with their members");
    let items = list(value, &KEYS).ok_or_else(malformed)?;
    let mut keys: Vec<HclKey> = Vec::new();
    for item in items {
        let members = Members::read(item).ok_or_else(malformed)?;
        let key = members.key()?;
        if keys.iter().any(|known| known.kid == key.kid) {
            return Err(refuse(Code::KeyRepeated, "its name stands twice").with("kid", key.kid));
        }
        keys.push(key);
    }
    Ok(keys)
}

fn list(value: Option<Value>, size: &RangeInclusive<usize>) -> Option<Vec<Value>> {
    match value? {
        Value::List(items) if size.contains(&items.len()) => Some(items),
        _ => None,
    }
}

fn text(value: Option<Value>, size: &RangeInclusive<usize>) -> Option<String> {
    let text = value?.text()?;
    size.contains(&text.chars().count()).then_some(text)
}

impl Members {
    fn read(item: Value) -> Option<Self> {
        let Value::Object(mut all) = item else {
            return None;
        };
        let any = 0..=usize::MAX;
        let mut take = |name| value::take(&mut all, name);
        let uses = list(take("key_ops"), &USES)?.into_iter();
        let members = Self {
            kid: text(take("kid"), &NAME)?,
            key_ops: uses
                .map(|one| text(Some(one), &USE))
                .collect::<Option<_>>()?,
            kty: text(take("kty"), &any)?,
            e: text(take("e"), &any)?,
            n: text(take("n"), &any)?,
        };
        all.is_empty().then_some(members)
    }

    fn key(self) -> Result<HclKey, Refusal> {
        let spki = self
            .spki()
            .map_err(|reason| refuse(Code::KeyAttributes, reason).with("kid", self.kid.as_str()))?;
        Ok(HclKey {
            kid: self.kid,
            key_ops: self.key_ops,
            bits: spki.0,
            spki_sha256: hex::encode(&sha256(&spki.1)),
            spki: hex::encode(&spki.1),
        })
    }

    /// Bits of the modulus, and the key's encoding.
    fn spki(&self) -> Result<(usize, Vec<u8>), String> {
        if self.kty != "RSA" || self.e != "AQAB" {
            return Err(String::from("it is not RSA with the exponent 65537"));
        }
        let modulus = Base64UrlUnpadded::decode_vec(&self.n).unwrap_or_default();
        let (first, last) = (modulus.first().copied(), modulus.last().copied());
        let right = SIZES.contains(&modulus.len())
            && first.is_some_and(|byte| byte & 0x80 != 0)
            && last.is_some_and(|byte| byte & 1 != 0);
        if !right {
            return Err(String::from(
                "its modulus is none of 2048, 3072 or 4096 bits",
            ));
        }
        let numbers = Numbers {
            modulus: &modulus,
            exponent: &EXPONENT,
        };
        let spki = numbers.spki()?;
        Ok((numbers.bits(), spki))
    }
}
