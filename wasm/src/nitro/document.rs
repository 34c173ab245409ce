//! What a document says: AWS, "Validate a NitroTPM Attestation Document", and
//! "Verifying the root of trust" of Nitro Enclaves. Each field is checked as
//! it is listed there, and no other may be there.

use crate::answer::Refusal;
use crate::frame;
use crate::hex;
use crate::input::Part;
use crate::json::write::{names, object};
use crate::nitro::cbor::{self, Item};
use crate::nitro::codes::Code;
use crate::nitro::cose::Message;
use core::ops::RangeInclusive;

/// The document; genuine ones have 4 to 6 KiB.
pub const PART: Part = Part {
    name: "document",
    limit: 32 * 1024,
};

/// Name of the registers of an enclave, and of those of a NitroTPM.
const REGISTERS: [&str; 2] = ["pcrs", "nitrotpm_pcrs"];
/// All other fields.
const FIELDS: [&str; 8] = [
    "module_id",
    "digest",
    "timestamp",
    "certificate",
    "cabundle",
    "public_key",
    "user_data",
    "nonce",
];
/// Largest number that JavaScript tells from its neighbours.
const MAX_TIMESTAMP: u64 = (1 << 53) - 1;
/// Numbers of registers, and how many there may be.
const MAX_REGISTERS: u64 = 32;
/// Bytes of a certificate, and of the caller's public key.
const CERTIFICATE: RangeInclusive<usize> = 1..=1024;
/// Bytes of what else the caller gives.
const CALLERS: RangeInclusive<usize> = 0..=512;

/// Whose registers they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An enclave's.
    Enclave,
    /// A NitroTPM's.
    Tpm,
}

names!(Kind {
    Enclave: "enclave",
    Tpm: "tpm"
});

/// A register.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `src/evidence/nitro/report.ts` documents each field.
pub struct Register {
    pub register: u64,
    pub value: String,
}

object!(Register { register, value });

/// A document, as the TypeScript type of the same name; nothing was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `src/evidence/nitro/report.ts` documents each field.
pub struct Document {
    pub kind: Kind,
    pub module_id: String,
    pub timestamp: u64,
    pub digest: &'static str,
    pub registers: Vec<Register>,
    pub public_key: Option<String>,
    pub user_data: Option<String>,
    pub nonce: Option<String>,
}

object!(Document {
    kind,
    module_id,
    timestamp,
    digest,
    registers,
    public_key,
    user_data,
    nonce
});

/// A document with the certificates that it brings.
pub struct Payload<'a> {
    /// What it says.
    pub document: Document,
    /// DER of the certificate whose key signed it.
    pub certificate: &'a [u8],
    /// DER of those above it, root first.
    pub authorities: Vec<&'a [u8]>,
}

/// Fields of a payload by their names.
struct Fields<'a>(Vec<(Item<'a>, Item<'a>)>);

/// Reads a document for showing it. Fields: the document.
///
/// # Errors
/// `input.*`, `nitro.cbor`, `nitro.cose`, `nitro.algorithm`, `nitro.field`,
/// `nitro.kind`, `nitro.pcr_length`
pub fn operation(input: &[u8]) -> Result<Document, Refusal> {
    let [bytes] = frame::fields(input)?;
    PART.check(bytes)?;
    Ok(Payload::read(Message::read(bytes)?.payload)?.document)
}

fn refuse(field: &str) -> Refusal {
    Refusal::from(Code::Field).with("field", field)
}

fn refuse_registers(reason: &'static str) -> Refusal {
    Refusal::from(Code::PcrLength).with("reason", reason)
}

impl<'a> Payload<'a> {
    /// Reads the payload of a message.
    ///
    /// # Errors
    /// `nitro.cbor`, `nitro.field`, `nitro.kind`, `nitro.pcr_length`
    pub fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let fields = Fields::read(bytes)?;
        let module_id = fields.module_id()?;
        if fields.get("digest") != Some(&Item::Text("SHA384")) {
            return Err(refuse("digest"));
        }
        let timestamp = fields.timestamp()?;
        let (kind, registers) = fields.registers()?;
        let certificate = fields.certificate()?;
        let authorities = fields.authorities()?;
        let document = Document {
            kind,
            module_id,
            timestamp,
            digest: "SHA384",
            registers,
            public_key: fields.callers("public_key", &CERTIFICATE)?,
            user_data: fields.callers("user_data", &CALLERS)?,
            nonce: fields.callers("nonce", &CALLERS)?,
        };
        Ok(Self {
            document,
            certificate,
            authorities,
        })
    }
}

impl<'a> Fields<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let Item::Map(entries) = cbor::read(bytes)? else {
            return Err(refuse("payload"));
        };
        let names = entries.iter().map(|(key, _)| match key {
            Item::Text(name) => Some(*name),
            _ => None,
        });
        let names: Option<Vec<_>> = names.collect();
        let names = names.ok_or_else(|| refuse("payload"))?;
        let is_known = |name: &&str| FIELDS.contains(name) || REGISTERS.contains(name);
        match names.iter().find(|name| !is_known(name)) {
            None => Ok(Self(entries)),
            Some(name) => Err(refuse(name)),
        }
    }

    fn get(&self, name: &str) -> Option<&Item<'a>> {
        let mut entries = self.0.iter();
        let found = entries.find(|(key, _)| *key == Item::Text(name));
        found.map(|(_, value)| value)
    }

    fn module_id(&self) -> Result<String, Refusal> {
        match self.get("module_id") {
            Some(Item::Text(text)) if (1..=256).contains(&text.len()) => Ok(String::from(*text)),
            _ => Err(refuse("module_id")),
        }
    }

    fn timestamp(&self) -> Result<u64, Refusal> {
        match self.get("timestamp") {
            Some(Item::Unsigned(time)) if (1..=MAX_TIMESTAMP).contains(time) => Ok(*time),
            _ => Err(refuse("timestamp")),
        }
    }

    fn registers(&self) -> Result<(Kind, Vec<Register>), Refusal> {
        let [enclave, tpm] = REGISTERS;
        let (kind, name, found) = match (self.get(enclave), self.get(tpm)) {
            (Some(found), None) => (Kind::Enclave, enclave, found),
            (None, Some(found)) => (Kind::Tpm, tpm, found),
            _ => return Err(Refusal::from(Code::Kind)),
        };
        match found {
            Item::Map(entries) => Ok((kind, read_registers(entries)?)),
            _ => Err(refuse(name)),
        }
    }

    fn certificate(&self) -> Result<&'a [u8], Refusal> {
        let found = self.get("certificate").and_then(certificate_of);
        found.ok_or_else(|| refuse("certificate"))
    }

    fn authorities(&self) -> Result<Vec<&'a [u8]>, Refusal> {
        match self.get("cabundle") {
            Some(Item::Array(items)) if (1..=8).contains(&items.len()) => {
                let all: Option<Vec<_>> = items.iter().map(certificate_of).collect();
                all.ok_or_else(|| refuse("cabundle"))
            }
            _ => Err(refuse("cabundle")),
        }
    }

    /// What a caller may leave out.
    fn callers(&self, name: &str, size: &RangeInclusive<usize>) -> Result<Option<String>, Refusal> {
        match self.get(name) {
            None | Some(Item::Null) => Ok(None),
            Some(Item::Bytes(bytes)) if size.contains(&bytes.len()) => Ok(Some(hex::encode(bytes))),
            Some(_) => Err(refuse(name)),
        }
    }
}

fn certificate_of<'a>(item: &Item<'a>) -> Option<&'a [u8]> {
    match item {
        Item::Bytes(bytes) if CERTIFICATE.contains(&bytes.len()) => Some(bytes),
        _ => None,
    }
}

/// Registers, rising by their numbers; the map has each once.
fn read_registers(entries: &[(Item<'_>, Item<'_>)]) -> Result<Vec<Register>, Refusal> {
    let mut registers = Vec::new();
    for register in 0..MAX_REGISTERS {
        let number = Item::Unsigned(register);
        let Some((_, value)) = entries.iter().find(|(key, _)| *key == number) else {
            continue;
        };
        match value {
            Item::Bytes(bytes) if bytes.len() == 48 => registers.push(Register {
                register,
                value: hex::encode(bytes),
            }),
            _ => return Err(refuse_registers("one has not 48 bytes")),
        }
    }
    if registers.is_empty() || registers.len() != entries.len() {
        return Err(refuse_registers("their numbers are not of 0 to 31"));
    }
    Ok(registers)
}
