//! Runtime data: JSON that the paravisor bound to the report of the hardware by
//! its hash.

use crate::answer::Refusal;
use crate::frame;
use crate::hcl::codes::Code;
use crate::hcl::key::{self, HclKey};
use crate::hcl::report::{MAX_BYTES, refuse};
use crate::hex;
use crate::input::Part;
use crate::json::value::{self, Members, Plain, Value};
use crate::json::write::object;
use crate::x509::hash::Hash;

/// Most settings of a VM; real ones have 7.
const MAX_SETTINGS: usize = 64;
/// Longest text of a setting, characters.
const MAX_SETTING: usize = 1024;
/// Hex digits of the user data.
const USER_DATA_DIGITS: usize = 128;

const PART: Part = Part {
    name: "runtime-data",
    limit: MAX_BYTES,
};

/// As the TypeScript type `HclRuntime`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `src/evidence/hcl/report.ts` documents each field.
pub struct Runtime {
    pub hash_algorithm: Hash,
    pub hash: String,
    pub bytes: usize,
    pub keys: Vec<HclKey>,
    pub vm_configuration: Vec<Setting>,
    pub user_data: Option<String>,
    pub others: Vec<String>,
}

object!(Runtime {
    hash_algorithm,
    hash,
    bytes,
    keys,
    vm_configuration,
    user_data,
    others
});

/// As the TypeScript type `HclSetting`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Setting {
    pub name: String,
    pub value: Plain,
}

object!(Setting { name, value });

/// Reads runtime data that were given alone; nothing is verified. Fields:
/// `sha256`, `sha384` or `sha512`; the data.
///
/// # Errors
/// Those of [`Runtime::read`], `input.*`
pub fn operation(input: &[u8]) -> Result<Runtime, Refusal> {
    let [hash, data] = frame::fields(input)?;
    let hash = match hash {
        b"sha256" => Hash::Sha256,
        b"sha384" => Hash::Sha384,
        b"sha512" => Hash::Sha512,
        _ => return Err(Refusal::bug("the hash is not known")),
    };
    PART.check(data)?;
    Runtime::read(data, hash)
}

/// A refusal of a member.
pub fn refuse_member(member: &'static str, reason: &str) -> Refusal {
    refuse(Code::RuntimeValue, reason).with("member", member)
}

impl Runtime {
    /// Reads runtime data.
    ///
    /// # Errors
    /// `hcl.runtime_syntax`, `hcl.runtime_value`, `hcl.key_attributes`, `hcl.key_repeated`
    pub fn read(data: &[u8], hash: Hash) -> Result<Self, Refusal> {
        let members = value::object(data);
        let mut members = members.map_err(|reason| refuse(Code::RuntimeSyntax, reason))?;
        Ok(Self {
            hash_algorithm: hash,
            hash: hex::encode(&hash.digest(data)),
            bytes: data.len(),
            keys: key::read(value::take(&mut members, "keys"))?,
            vm_configuration: settings(value::take(&mut members, "vm-configuration"))?,
            user_data: user_data(&mut members)?,
            others: members.into_iter().map(|(name, _)| name).collect(),
        })
    }
}

fn settings(value: Option<Value>) -> Result<Vec<Setting>, Refusal> {
    let refuse = |reason| refuse_member("vm-configuration", reason);
    let Some(Value::Object(members)) = value else {
        return Err(refuse("it is no object"));
    };
    if members.len() > MAX_SETTINGS {
        return Err(refuse("it has too many members"));
    }
    let setting = |(name, value)| match value {
        Value::Plain(Plain::Text(text)) if text.chars().count() > MAX_SETTING => {
            Err(refuse("a value is too long"))
        }
        Value::Plain(value) => Ok(Setting { name, value }),
        _ => Err(refuse("a value is a list or an object")),
    };
    members.into_iter().map(setting).collect()
}

fn user_data(members: &mut Members) -> Result<Option<String>, Refusal> {
    let Some(value) = value::take(members, "user-data") else {
        return Ok(None);
    };
    let is_hex = |text: &String| {
        text.len() == USER_DATA_DIGITS && text.bytes().all(|digit| digit.is_ascii_hexdigit())
    };
    let text = value.text().filter(is_hex);
    let text = text.ok_or_else(|| refuse_member("user-data", "it is not 64 bytes in hex"))?;
    Ok(Some(text.to_ascii_lowercase()))
}
