//! Signed JSON documents of Intel's PCS: the text that is signed, and its signature.

use crate::answer::Refusal;
use crate::digest::sha256;
use crate::hex::Hex;
use crate::json::members::Members;
use crate::json::write::object;
use crate::tdx::codes::Code;
use crate::tdx::json_value;
use crate::x509::codes::Code as InputCode;

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
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `src/evidence/tdx/report.ts` documents each field.
pub struct SignedDocument {
    pub id: &'static str,
    pub version: u32,
    pub issue_date: String,
    pub next_update: String,
    pub tcb_evaluation_data_number: u32,
    pub sha256: Hex<32>,
}

object!(SignedDocument {
    id,
    version,
    issue_date,
    next_update,
    tcb_evaluation_data_number,
    sha256,
});

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
    #[must_use]
    pub const fn member(self) -> &'static str {
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
    let (text, signature) = members(file, kind).map_err(|reason| kind.refuse(reason))?;
    Ok(Signed {
        text,
        signature,
        sha256: sha256(text),
    })
}

/// Text and signature.
fn members(file: &str, kind: Kind) -> Result<(&[u8], [u8; 64]), String> {
    let mut members = Members::of(file)?;
    let text = members.need(kind.member())?;
    let signature = members.read("signature", json_value::hex)?;
    members.finish()?;
    Ok((text.as_bytes(), signature))
}

/// Refuses a file by its size alone.
///
/// # Errors
/// `input.empty`, `input.too_large`
pub fn check_size(file: &[u8], input: &'static str) -> Result<(), Refusal> {
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
#[must_use]
pub fn text_of(file: &[u8]) -> Option<&str> {
    let text = core::str::from_utf8(file).ok()?;
    Some(text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::{Kind, MAX_BYTES, split};
    use crate::digest::sha256;

    const SIGNATURE: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\
                             00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF";

    fn file(text: &str) -> String {
        format!(r#"{{"tcbInfo":{text},"signature":"{SIGNATURE}"}}"#)
    }

    fn code(file: &[u8], kind: Kind) -> &'static str {
        split(file, kind).map_or_else(|refusal| refusal.code(), |_| "")
    }

    #[test]
    fn tdx_12_split_gives_the_text_byte_for_byte() {
        for text in [
            "{}",
            "{\t\"a\" :\r\n 1.0e0 }",
            r#"{"a":"\u0041\"}{\\","b":[{"c":"}"}]}"#,
            r#"{"a":1,"a":2}"#,
            "{\"ü\":\"\u{1F600}\"}",
        ] {
            let file = file(text);
            let signed = split(file.as_bytes(), Kind::TcbInfo).unwrap();
            assert_eq!(signed.text, text.as_bytes());
            assert_eq!(signed.sha256, sha256(text.as_bytes()));
            let half: Vec<u8> = (0..16).map(|nibble| nibble * 17).collect();
            assert_eq!(signed.signature.to_vec(), half.repeat(4));
        }
    }

    #[test]
    fn split_tolerates_only_what_stands_outside() {
        let plain = file(r#"{ "a": 1 }"#);
        let expected = split(plain.as_bytes(), Kind::TcbInfo).unwrap();
        let spaced = plain
            .replace(r#"{"tcbInfo":"#, "{ \"tcbInfo\" :\n ")
            .replace(r#","signature":"#, "\r\n,\t\"signature\" : ");
        for around in [
            format!("\u{feff}{plain}"),
            format!("{plain}\n"),
            format!("\u{feff} \t\r\n{plain}\r\n \t"),
            spaced,
        ] {
            let signed = split(around.as_bytes(), Kind::TcbInfo).unwrap();
            assert_eq!(signed, expected);
        }
        for around in [
            format!("\u{feff}\u{feff}{plain}"),
            format!("{plain}\u{feff}"),
            format!(" \u{feff}{plain}"),
            format!("\u{a0}{plain}"),
            format!("{plain}\0"),
            format!("{plain}{plain}"),
            format!("[{plain}]"),
        ] {
            assert_eq!(
                code(around.as_bytes(), Kind::TcbInfo),
                "tdx.tcb_info_format"
            );
        }
    }

    #[test]
    fn split_takes_exactly_two_members() {
        let plain = file("{}");
        let signature = format!(r#""signature":"{SIGNATURE}""#);
        for other in [
            String::from("null"),
            String::from("\u{feff}"),
            String::from(" "),
            String::from(r#"{"tcbInfo":{}}"#),
            format!("{{{signature}}}"),
            format!(r#"{{"tcbInfo":{{}},"tcbInfo":{{}},{signature}}}"#),
            format!(r#"{{"tcbInfo":{{}},"tcbInf\u006f":{{}},{signature}}}"#),
            format!(r#"{{"tcbInfo":{{}},{signature},{signature}}}"#),
            format!(r#"{{"tcbInfo":{{}},{signature},"more":1}}"#),
            format!(r#"{{"tcbInfo":{{}},{signature},}}"#),
            format!(r#"{{"enclaveIdentity":{{}},{signature}}}"#),
            format!(r#"[{{}},"{SIGNATURE}"]"#),
            plain.replace("\"00", "\""),
            plain.replace("\"00", "\"0000"),
            plain.replace("\"00", "\"0g"),
            plain.replace("{}", "{]}"),
            plain.replace("{}", "{\"a\":NaN}"),
        ] {
            let found = code(other.as_bytes(), Kind::TcbInfo);
            assert_eq!(found, "tdx.tcb_info_format", "{other}");
        }
        assert_eq!(
            code(plain.as_bytes(), Kind::QeIdentity),
            "tdx.qe_identity_format"
        );
        let other = plain.replace("tcbInfo", "enclaveIdentity");
        assert_eq!(code(other.as_bytes(), Kind::QeIdentity), "");
    }

    #[test]
    fn split_refuses_by_size_and_encoding() {
        assert_eq!(code(b"", Kind::TcbInfo), "input.empty");
        let mut large = file("{}").into_bytes();
        large.resize(MAX_BYTES, b' ');
        assert_eq!(code(&large, Kind::TcbInfo), "");
        large.push(b' ');
        let refusal = split(&large, Kind::QeIdentity).unwrap_err();
        assert_eq!(refusal.code(), "input.too_large");
        assert_eq!(refusal.field("input"), Some("qe-identity"));
        let latin = file(r#"{"a":"?"}"#).into_bytes();
        let latin: Vec<u8> = latin
            .into_iter()
            .map(|byte| if byte == b'?' { 0xFC } else { byte })
            .collect();
        let refusal = split(&latin, Kind::TcbInfo).unwrap_err();
        assert_eq!(refusal.code(), "tdx.tcb_info_format");
        assert_eq!(refusal.field("input"), Some("tcb-info"));
        assert_eq!(refusal.field("reason"), Some("it is not UTF-8"));
    }

    #[test]
    fn split_is_not_led_into_depth() {
        for text in ["[", "{\"a\":", "[{\"a\":"] {
            let deep = file(&text.repeat(MAX_BYTES / 8));
            assert_eq!(code(deep.as_bytes(), Kind::TcbInfo), "tdx.tcb_info_format");
        }
        let closed = file(&["[".repeat(50_000), "]".repeat(50_000)].concat());
        assert_eq!(code(closed.as_bytes(), Kind::TcbInfo), "");
    }
}
