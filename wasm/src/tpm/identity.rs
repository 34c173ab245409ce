//! What a certificate says of the TPM: manufacturer, model and version in the
//! subject alternative name (EK Credential Profile §3.2.9).

use crate::json::write::object;
use crate::x509::certificate::Certificate;
use crate::x509::extensions::{self, SUBJECT_ALT_NAME};
use crate::x509::tlv::{
    self, CONTEXT, CONTEXT_PRIMITIVE, Element, Elements, IA5_STRING, OBJECT_IDENTIFIER, SEQUENCE,
    SET,
};
use crate::x509::value;

/// Content of the identifiers of manufacturer, model and version, 2.23.133.2.1 to .3.
const PREFIX: [u8; 4] = [0x67, 0x81, 0x05, 0x02];
/// Bits of a tag that are the number of a `GeneralName`'s kind.
const KIND: u8 = 0x1f;
/// The last kind.
const LAST_KIND: u8 = 8;
/// `directoryName`.
const DIRECTORY_NAME: u8 = 4;

/// What a certificate says of the TPM, as the TypeScript type of the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `src/evidence/tpm/report.ts` documents each field.
pub struct TpmIdentity {
    pub manufacturer: String,
    pub model: String,
    pub version: String,
}

object!(TpmIdentity {
    manufacturer,
    model,
    version
});

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
    read_names(&found.value)
}

fn read_names(der: &[u8]) -> Result<Option<TpmIdentity>, String> {
    let malformed = |reason| format!("its alternative name is malformed: {reason}");
    let mut found = Found::default();
    let mut names = tlv::only(der, SEQUENCE).map_err(malformed)?;
    if names.is_empty() {
        return Err(String::from("its alternative name is empty"));
    }
    while !names.is_empty() {
        let name = names.take().map_err(malformed)?;
        let (class, kind) = (name.tag & !KIND, name.tag & KIND);
        if !matches!(class, CONTEXT | CONTEXT_PRIMITIVE) || kind > LAST_KIND {
            return Err(String::from("its alternative name has an unknown kind"));
        }
        if kind == DIRECTORY_NAME {
            if class != CONTEXT {
                return Err(String::from("a directory name is not constructed"));
            }
            found.take_name(tlv::only(name.content, SEQUENCE).map_err(malformed)?)?;
        }
    }
    found.finish()
}

impl Found {
    /// A name's attributes may stand in one set or several; some issuers do not
    /// sort a set, so its order is not judged.
    fn take_name(&mut self, mut parts: Elements<'_>) -> Result<(), String> {
        while !parts.is_empty() {
            let mut attributes = parts.open(SET)?;
            if attributes.is_empty() {
                return Err(String::from("a part of a directory name is empty"));
            }
            while !attributes.is_empty() {
                let mut fields = attributes.open(SEQUENCE)?;
                let (id, value) = (fields.need(OBJECT_IDENTIFIER)?, fields.take()?);
                fields.finish()?;
                self.take(id, value)?;
            }
        }
        Ok(())
    }

    fn take(&mut self, id: &[u8], value: Element<'_>) -> Result<(), String> {
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

/// Text of one of the two types that names have; not of the third, which only domain components have.
fn text(value: Element<'_>) -> Option<&str> {
    let text = value::text(value.tag, value.content).filter(|_| value.tag != IA5_STRING)?;
    (!text.is_empty() && !text.chars().any(char::is_control)).then_some(text)
}
