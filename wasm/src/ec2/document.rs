//! Identity documents: JSON of which some members are known here.

use crate::answer::Refusal;
use crate::ec2::codes::Code;
use crate::json::value::{self, Members};
use crate::json::write::object;

/// Digits of an account's number.
const ACCOUNT_DIGITS: usize = 12;

/// What a document says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `src/evidence/ec2/report.ts` documents each field.
pub struct Document {
    pub account_id: String,
    pub instance_id: String,
    pub region: String,
    pub image_id: String,
    pub instance_type: String,
    pub architecture: String,
    pub availability_zone: String,
    pub pending_time: String,
    pub version: String,
}

object!(Document {
    account_id,
    instance_id,
    region,
    image_id,
    instance_type,
    architecture,
    availability_zone,
    pending_time,
    version,
});

impl Document {
    /// Reads a document; members that are not known here are passed by.
    ///
    /// # Errors
    /// `ec2.document_malformed`
    pub fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        let members = value::object(bytes);
        let mut members = members
            .map_err(|reason| Refusal::from(Code::DocumentMalformed).with("reason", reason))?;
        Ok(Self {
            account_id: account(&mut members)?,
            instance_id: text(&mut members, "instanceId")?,
            region: text(&mut members, "region")?,
            image_id: text(&mut members, "imageId")?,
            instance_type: text(&mut members, "instanceType")?,
            architecture: text(&mut members, "architecture")?,
            availability_zone: text(&mut members, "availabilityZone")?,
            pending_time: text(&mut members, "pendingTime")?,
            version: text(&mut members, "version")?,
        })
    }
}

fn refuse(member: &'static str, reason: &str) -> Refusal {
    Refusal::from(Code::DocumentMalformed)
        .with("member", member)
        .with("reason", reason)
}

fn text(members: &mut Members, name: &'static str) -> Result<String, Refusal> {
    let found = value::take(members, name);
    let text = found.and_then(value::Value::text);
    text.ok_or_else(|| refuse(name, "it is no text, or missing"))
}

fn account(members: &mut Members) -> Result<String, Refusal> {
    let id = text(members, "accountId")?;
    if id.len() == ACCOUNT_DIGITS && id.bytes().all(|digit| digit.is_ascii_digit()) {
        return Ok(id);
    }
    Err(refuse("accountId", "it does not have 12 digits"))
}
