//! Which instance a certificate of Google Compute Engine is of: its extension
//! 1.3.6.1.4.1.11129.2.1.21.

use crate::answer::Refusal;
use crate::frame;
use crate::gce::codes::Code;
use crate::json::write::object;
use crate::x509::certificate::Certificate;
use crate::x509::encoding::{self, Kind, MAX_CRL_BYTES, Place};
use crate::x509::extensions;
use crate::x509::tlv::{self, BOOLEAN, CONTEXT, Elements, INTEGER, Reason, SEQUENCE, UTF8_STRING};
use crate::x509::value;

/// The extension, 1.3.6.1.4.1.11129.2.1.21.
const EXTENSION: &[u8] = b"\x2b\x06\x01\x04\x01\xd6\x79\x02\x01\x15";
/// Longest text, characters.
const MAX_TEXT: usize = 256;
/// `[1]`, constructed.
const SECOND: u8 = CONTEXT | 1;
/// Bits of a tag that tell its class, and those of a context-specific one.
const CLASS: u8 = 0xc0;
const CONTEXT_CLASS: u8 = 0x80;
/// Bits of a tag that are its number; where all are set, the number is a larger one.
const NUMBER: u8 = 0x1f;

const PLACE: Place = Place {
    name: "certificate",
    kind: Some(Kind::Certificate),
    limit: MAX_CRL_BYTES,
};

/// As the TypeScript type `GceInstance`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `src/evidence/gce/report.ts` documents each field.
pub struct GceInstance {
    pub zone: String,
    pub project_number: String,
    pub project_id: String,
    pub instance_id: String,
    pub instance_name: String,
    pub security: Option<Security>,
}

object!(GceInstance {
    zone,
    project_number,
    project_id,
    instance_id,
    instance_name,
    security
});

/// What is said of the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `src/evidence/gce/report.ts` documents each field.
pub struct Security {
    pub version: Option<String>,
    pub is_production: Option<bool>,
}

object!(Security {
    version,
    is_production
});

/// Reads what a certificate says of its instance, none where it says nothing;
/// nothing is verified. Fields: the certificate, PEM or DER.
///
/// # Errors
/// `gce.instance_malformed`, `x509.*`, `input.*`
pub fn operation(input: &[u8]) -> Result<Option<GceInstance>, Refusal> {
    let [bytes] = frame::fields(input)?;
    let [der] = encoding::exactly(bytes, &PLACE)?;
    let certificate = Certificate::parse(der, "AK")?;
    let found = extensions::find(certificate.extensions(), EXTENSION);
    let instance = found.map(|extension| GceInstance::read(&extension.value));
    instance
        .transpose()
        .map_err(|reason| Refusal::from(Code::InstanceMalformed).with("reason", reason))
}

impl GceInstance {
    fn read(der: &[u8]) -> Result<Self, Reason> {
        let mut fields = tlv::only(der, SEQUENCE)?;
        let instance = Self {
            zone: text(&mut fields)?,
            project_number: number(&mut fields)?,
            project_id: text(&mut fields)?,
            instance_id: number(&mut fields)?,
            instance_name: text(&mut fields)?,
            security: match fields.may(CONTEXT)? {
                None => None,
                Some(content) => Some(Security::read(tlv::only(content, SEQUENCE)?)?),
            },
        };
        fields.finish()?;
        Ok(instance)
    }
}

impl Security {
    fn read(mut fields: Elements<'_>) -> Result<Self, Reason> {
        let version = fields.may(CONTEXT)?;
        let is_production = fields.may(SECOND)?;
        pass_others(&mut fields)?;
        Ok(Self {
            version: match version {
                None => None,
                Some(content) => Some(last_of(content, number)?),
            },
            is_production: match is_production {
                None => None,
                Some(content) => Some(last_of(content, flag)?),
            },
        })
    }
}

/// Of the members two are known; real certificates have six.
fn pass_others(fields: &mut Elements<'_>) -> Result<(), Reason> {
    let mut last = SECOND & NUMBER;
    while !fields.is_empty() {
        let tag = fields.take()?.tag;
        let number = tag & NUMBER;
        if tag & CLASS != CONTEXT_CLASS || number <= last || number == NUMBER {
            return Err("a member is of another type or out of order");
        }
        last = number;
    }
    Ok(())
}

/// Reads the one element that there is.
fn last_of<T>(
    content: &[u8],
    read: fn(&mut Elements<'_>) -> Result<T, Reason>,
) -> Result<T, Reason> {
    let mut all = Elements::of(content);
    let value = read(&mut all)?;
    all.finish()?;
    Ok(value)
}

fn text(fields: &mut Elements<'_>) -> Result<String, Reason> {
    let content = fields.need(UTF8_STRING)?;
    let text = core::str::from_utf8(content).map_err(|_| "a text is not UTF-8")?;
    if (1..=MAX_TEXT).contains(&text.chars().count()) {
        return Ok(String::from(text));
    }
    Err("a text is empty or too long")
}

fn number(fields: &mut Elements<'_>) -> Result<String, Reason> {
    let number = value::number(fields.need(INTEGER)?)?;
    Ok(number.to_string())
}

fn flag(fields: &mut Elements<'_>) -> Result<bool, Reason> {
    value::boolean(fields.need(BOOLEAN)?)
}
