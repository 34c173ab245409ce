//! Signed JSON documents of Intel's PCS: the text that is signed, and its signature.

use crate::answer::Refusal;
use crate::digest::sha256;
use crate::hex::Hex;
use crate::tdx::codes::Code;
use crate::tdx::json;
use crate::x509::codes::Code as InputCode;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Largest file, bytes. Intel's are up to 20 KiB.
const MAX_BYTES: usize = 128 * 1024;
/// What some editors put in front of a file; it stands outside of the signed text.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `{"tcbInfo": …, "signature": …}`
    TcbInfo,
    /// `{"enclaveIdentity": …, "signature": …}`
    QeIdentity,
}

/// A document taken apart; its signature is not verified yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed<'a> {
    /// The signed text, byte for byte as it stands in the file.
    pub text: &'a [u8],
    /// R and S, each 32 bytes big-endian.
    pub signature: [u8; 64],
    /// SHA-256 of the text.
    pub sha256: [u8; 32],
}

/// Head of a document, as the TypeScript type of the same name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)] // `src/evidence/tdx/report.ts` documents each field.
pub struct SignedDocument {
    pub id: &'static str,
    pub version: u32,
    pub issue_date: String,
    pub next_update: String,
    pub tcb_evaluation_data_number: u32,
    pub sha256: Hex<32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TcbInfoFile<'a> {
    #[serde(borrow)]
    tcb_info: &'a RawValue,
    #[serde(deserialize_with = "json::hex")]
    signature: [u8; 64],
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct QeIdentityFile<'a> {
    #[serde(borrow)]
    enclave_identity: &'a RawValue,
    #[serde(deserialize_with = "json::hex")]
    signature: [u8; 64],
}

impl Kind {
    /// Name for the person who gave the file.
    #[must_use]
    pub const fn input(self) -> &'static str {
        match self {
            Self::TcbInfo => "tcb-info",
            Self::QeIdentity => "qe-identity",
        }
    }

    /// Name of the member that is signed.
    const fn member(self) -> &'static str {
        match self {
            Self::TcbInfo => "tcbInfo",
            Self::QeIdentity => "enclaveIdentity",
        }
    }

    /// A refusal of the form, which names the file.
    #[must_use]
    pub fn refuse(self, reason: impl Into<String>) -> Refusal {
        let code = match self {
            Self::TcbInfo => Code::TcbInfoFormat,
            Self::QeIdentity => Code::QeIdentityFormat,
        };
        Refusal::from(code)
            .with("input", self.input())
            .with("reason", reason)
    }
}

/// Takes a file of the PCS apart. The text is not written anew, since it would
/// then differ from what Intel signed, and a name that stands twice would be
/// one thing to the signature and another to a reader.
///
/// # Errors
/// `input.empty`, `input.too_large`, `tdx.tcb_info_format`, `tdx.qe_identity_format`
pub fn split(file: &[u8], kind: Kind) -> Result<Signed<'_>, Refusal> {
    check_size(file, kind.input())?;
    let file = text_of(file).ok_or_else(|| kind.refuse("it is not UTF-8"))?;
    let (text, signature) = match kind {
        Kind::TcbInfo => {
            json::read(file).map(|file: TcbInfoFile<'_>| (file.tcb_info, file.signature))
        }
        Kind::QeIdentity => {
            json::read(file).map(|file: QeIdentityFile<'_>| (file.enclave_identity, file.signature))
        }
    }
    .map_err(|reason| kind.refuse(reason))?;
    let text = text.get().as_bytes();
    Ok(Signed {
        text,
        signature,
        sha256: sha256(text),
    })
}

/// Tells by its members what a file is.
///
/// # Errors
/// `input.empty`, `input.too_large`, `input.encoding` where it is no JSON
/// object, `input.wrong_kind` where it is another
pub fn kind_of(file: &[u8]) -> Result<Kind, Refusal> {
    const INPUT: &str = "file";
    check_size(file, INPUT)?;
    let refuse = |code: InputCode| Refusal::from(code).with("input", INPUT);
    let text = text_of(file).ok_or_else(|| refuse(InputCode::InputEncoding))?;
    let members: BTreeMap<String, IgnoredAny> = json::read(text)
        .map_err(|reason| refuse(InputCode::InputEncoding).with("reason", reason))?;
    let known = [Kind::TcbInfo, Kind::QeIdentity].into_iter();
    let mut found = known.filter(|kind| members.contains_key(kind.member()));
    found.next().ok_or_else(|| {
        refuse(InputCode::InputWrongKind).with("expected", "TCB info or QE identity")
    })
}

fn check_size(file: &[u8], input: &'static str) -> Result<(), Refusal> {
    if file.is_empty() {
        return Err(Refusal::from(InputCode::InputEmpty).with("input", input));
    }
    if file.len() > MAX_BYTES {
        return Err(Refusal::from(InputCode::InputTooLarge)
            .with("input", input)
            .with("limit", format!("{MAX_BYTES} bytes"))
            .with("actual", format!("{} bytes", file.len())));
    }
    Ok(())
}

/// The file as text, without a mark in front.
fn text_of(file: &[u8]) -> Option<&str> {
    let text = core::str::from_utf8(file).ok()?;
    Some(text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text))
}
