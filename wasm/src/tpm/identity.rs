//! What a certificate says of the TPM: manufacturer, model and version in the
//! subject alternative name (EK Credential Profile §3.2.9).

use crate::x509::certificate::Certificate;
use crate::x509::extensions::{self, SUBJECT_ALT_NAME};
use der::asn1::{AnyRef, PrintableStringRef, Utf8StringRef};
use der::{Reader, SliceReader, Tag, TagNumber, Tagged};
use serde::Serialize;

/// Content of the identifiers of manufacturer, model and version, 2.23.133.2.1 to .3.
const PREFIX: [u8; 4] = [0x67, 0x81, 0x05, 0x02];
/// Last kind of a `GeneralName`.
const LAST_KIND: TagNumber = TagNumber(8);
/// `directoryName`.
const DIRECTORY_NAME: TagNumber = TagNumber(4);

/// What a certificate says of the TPM, as the TypeScript type of the same name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // `src/evidence/tpm/report.ts` documents each field.
pub struct TpmIdentity {
    pub manufacturer: String,
    pub model: String,
    pub version: String,
}

#[derive(Default)]
struct Found([Option<String>; 3]);

/// Reads a certificate's; none where it says nothing of a TPM.
///
/// # Errors
/// Says for a person what is wrong: half of it, something twice, no text.
pub fn read(certificate: &Certificate) -> Result<Option<TpmIdentity>, String> {
    let Some(found) = extensions::find(certificate.extensions(), SUBJECT_ALT_NAME) else {
        return Ok(None);
    };
    read_names(found.value.as_bytes())
}

fn read_names(der: &[u8]) -> Result<Option<TpmIdentity>, String> {
    let text = |error: der::Error| format!("its alternative name is malformed: {error}");
    let mut found = Found::default();
    let names = contents(AnyRef::try_from(der).map_err(text)?, Tag::Sequence)?;
    let names = elements(names).map_err(text)?;
    if names.is_empty() {
        return Err(String::from("its alternative name is empty"));
    }
    for name in names {
        let tag = name.tag();
        if !tag.is_context_specific() || tag.number() > LAST_KIND {
            return Err(String::from("its alternative name has an unknown kind"));
        }
        if tag.number() == DIRECTORY_NAME {
            if !tag.is_constructed() {
                return Err(String::from("a directory name is not constructed"));
            }
            let name = AnyRef::try_from(name.value()).map_err(text)?;
            found.take_name(name)?;
        }
    }
    found.finish()
}

fn contents(any: AnyRef<'_>, tag: Tag) -> Result<&[u8], String> {
    if any.tag() == tag {
        return Ok(any.value());
    }
    Err(String::from("its alternative name has no such structure"))
}

fn elements(bytes: &[u8]) -> der::Result<Vec<AnyRef<'_>>> {
    let mut reader = SliceReader::new(bytes)?;
    let mut all = Vec::new();
    while !reader.is_finished() {
        all.push(reader.decode()?);
    }
    Ok(all)
}

impl Found {
    /// A name's attributes may stand in one set or several; some issuers do not
    /// sort a set, so its order is not judged.
    fn take_name(&mut self, name: AnyRef<'_>) -> Result<(), String> {
        let parts = elements(contents(name, Tag::Sequence)?).map_err(|error| error.to_string())?;
        for part in parts {
            let part = contents(part, Tag::Set)?;
            let attributes = elements(part).map_err(|error| error.to_string())?;
            if attributes.is_empty() {
                return Err(String::from("a part of a directory name is empty"));
            }
            for attribute in attributes {
                let attribute = contents(attribute, Tag::Sequence)?;
                let fields = elements(attribute).map_err(|error| error.to_string())?;
                let [id, value] = fields.as_slice() else {
                    return Err(String::from("an attribute is not a type and a value"));
                };
                self.take(contents(*id, Tag::ObjectIdentifier)?, *value)?;
            }
        }
        Ok(())
    }

    fn take(&mut self, id: &[u8], value: AnyRef<'_>) -> Result<(), String> {
        let [prefix @ .., last] = id else {
            return Ok(());
        };
        let index = usize::from(*last).checked_sub(1);
        let Some(place) = index.and_then(|index| self.0.get_mut(index)) else {
            return Ok(());
        };
        if prefix != PREFIX {
            return Ok(());
        }
        if place.is_some() {
            return Err(String::from("it says something of its TPM twice"));
        }
        let text = text(value).ok_or("what it says of its TPM is not readable text")?;
        *place = Some(String::from(text));
        Ok(())
    }

    fn finish(self) -> Result<Option<TpmIdentity>, String> {
        match self.0 {
            [None, None, None] => Ok(None),
            [Some(manufacturer), Some(model), Some(version)] => Ok(Some(TpmIdentity {
                manufacturer,
                model,
                version,
            })),
            _ => Err(String::from(
                "it says only a part of manufacturer, model and version of its TPM",
            )),
        }
    }
}

fn text(value: AnyRef<'_>) -> Option<&str> {
    let text = match value.tag() {
        Tag::Utf8String => Utf8StringRef::try_from(value).ok()?.as_str(),
        Tag::PrintableString => PrintableStringRef::try_from(value).ok()?.as_str(),
        _ => return None,
    };
    (!text.is_empty() && !text.chars().any(char::is_control)).then_some(text)
}
