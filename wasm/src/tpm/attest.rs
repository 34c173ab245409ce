//! Quotes: `TPMS_ATTEST` of type `TPM_ST_ATTEST_QUOTE` (Part 2 §10.12.8).

use crate::answer::Refusal;
use crate::frame;
use crate::hex::encode;
use crate::input::Part;
use crate::json::write::object;
use crate::tpm::algorithm::strong_hash;
use crate::tpm::codes::Code;
use crate::tpm::cursor::Cursor;
use crate::tpm::selection::{self, Selection};
use crate::x509::hash::Hash;

/// The file: 8 banks of 3 bytes and all digests at their largest are 300 bytes.
const PART: Part = Part {
    name: "quote",
    limit: 1024,
};
/// `TPM_GENERATED_VALUE`: a TPM signs nothing that begins so but its own.
const MAGIC: u32 = 0xff54_4347;
/// `TPM_ST_ATTEST_QUOTE`.
const QUOTE: u16 = 0x8018;
/// Largest `TPM2B_DATA`: an algorithm and the longest hash.
const MAX_DATA: usize = 66;

/// Clock and counters, as the TypeScript type of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `src/evidence/tpm/report.ts` documents each field.
pub struct ClockInfo {
    pub clock: u64,
    pub reset_count: u32,
    pub restart_count: u32,
    pub safe: bool,
}

object!(ClockInfo { clock = clock.to_string(), reset_count, restart_count, safe });

/// A quote, as the TypeScript type of the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `src/evidence/tpm/report.ts` documents each field.
pub struct Quote {
    pub qualified_signer: Vec<u8>,
    pub qualifying_data: Vec<u8>,
    pub clock: ClockInfo,
    pub firmware_version: u64,
    pub selections: Vec<Selection>,
    pub pcr_digest: Vec<u8>,
}

object!(Quote {
    qualified_signer = encode(qualified_signer), qualifying_data = encode(qualifying_data), clock,
    firmware_version = encode(&firmware_version.to_be_bytes()), selections, pcr_digest = encode(pcr_digest),
});

/// Reads a quote for showing it; nothing is verified. Fields: quote.
///
/// # Errors
/// The codes of [`Quote::read`].
pub fn operation(input: &[u8]) -> Result<Quote, Refusal> {
    let [bytes] = frame::fields(input)?;
    Quote::read(bytes)
}

fn value(reason: impl Into<String>) -> Refusal {
    Refusal::from(Code::AttestValue).with("reason", reason)
}

impl Quote {
    /// Takes a quote apart; its fields must fill it exactly.
    ///
    /// # Errors
    /// `input.*`, `tpm.attest_*`, `tpm.selection_*`
    pub fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        PART.check(bytes)?;
        let mut fields = Cursor::of(bytes, Code::AttestLength);
        check_head(&mut fields)?;
        let quote = Self {
            qualified_signer: take_signer(&mut fields)?,
            qualifying_data: take_data(&mut fields)?,
            clock: ClockInfo::take(&mut fields)?,
            firmware_version: fields.u64("firmwareVersion")?,
            selections: selection::take(&mut fields)?,
            pcr_digest: take_digest(&mut fields)?,
        };
        fields.finish()?;
        Ok(quote)
    }
}

fn check_head(fields: &mut Cursor<'_>) -> Result<(), Refusal> {
    let magic = fields.u32("magic")?;
    if magic != MAGIC {
        let reason = format!("magic is {magic:08x}");
        return Err(Refusal::from(Code::AttestMagic).with("reason", reason));
    }
    let kind = fields.u16("type")?;
    if kind != QUOTE {
        let reason = format!("type is {kind:04x}");
        return Err(Refusal::from(Code::AttestType).with("reason", reason));
    }
    Ok(())
}

/// The Qualified Name: an algorithm and its hash. Keys of a hierarchy's own
/// (a handle instead) sign no quotes.
fn take_signer(fields: &mut Cursor<'_>) -> Result<Vec<u8>, Refusal> {
    let name = fields.sized("qualifiedSigner")?;
    let id = name.first_chunk().map(|id| u16::from_be_bytes(*id));
    let size = id.and_then(strong_hash).map(|hash| hash.size() + 2);
    if size != Some(name.len()) {
        return Err(value("qualifiedSigner is not an algorithm and its hash"));
    }
    Ok(name.to_vec())
}

fn take_data(fields: &mut Cursor<'_>) -> Result<Vec<u8>, Refusal> {
    let data = fields.sized("extraData")?;
    if data.len() > MAX_DATA {
        return Err(value(format!("extraData has {} bytes", data.len())));
    }
    Ok(data.to_vec())
}

fn take_digest(fields: &mut Cursor<'_>) -> Result<Vec<u8>, Refusal> {
    let digest = fields.sized("pcrDigest")?;
    if Hash::of_size(digest.len()).is_none() {
        return Err(value(format!("pcrDigest has {} bytes", digest.len())));
    }
    Ok(digest.to_vec())
}

impl ClockInfo {
    fn take(fields: &mut Cursor<'_>) -> Result<Self, Refusal> {
        Ok(Self {
            clock: fields.u64("clock")?,
            reset_count: fields.u32("resetCount")?,
            restart_count: fields.u32("restartCount")?,
            safe: match fields.u8("safe")? {
                0 => false,
                1 => true,
                other => return Err(value(format!("safe is {other}"))),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Quote;
    use crate::json::write;
    use serde_json::json;

    /// A quote of register 7: parts before and behind the clock's `safe`.
    fn bytes() -> Vec<u8> {
        let mut all = vec![0xff, 0x54, 0x43, 0x47, 0x80, 0x18, 0, 34, 0, 0x0b];
        all.extend([0xaa; 32]);
        all.extend([0, 2, 1, 2]);
        all.extend([0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 5, 0, 0, 0, 6, 1]);
        all.extend([0x20, 0x16, 5, 0x11, 0, 0x16, 0x28, 0]);
        all.extend([0, 0, 0, 1, 0, 0x0b, 3, 0x80, 0, 0, 0, 32]);
        all.extend([0xdd; 32]);
        all
    }

    fn bent(at: usize, value: u8) -> &'static str {
        let mut bytes = bytes();
        bytes[at] = value;
        Quote::read(&bytes).unwrap_err().code()
    }

    #[test]
    fn read_takes_every_field() {
        let quote = write::tree(&Quote::read(&bytes()).unwrap());
        let clock = json!({ "clock": "256", "resetCount": 5, "restartCount": 6, "safe": true });
        let expected = json!({
            "qualifiedSigner": format!("000b{}", "aa".repeat(32)),
            "qualifyingData": "0102",
            "clock": clock,
            "firmwareVersion": "2016051100162800",
            "selections": [{ "bank": "sha256", "registers": [7] }],
            "pcrDigest": "dd".repeat(32),
        });
        assert_eq!(quote, expected);
    }

    #[test]
    fn tpm_01_attest_magic_is_looked_at_first() {
        assert_eq!(bent(0, 0), "tpm.attest_magic");
        let other = Quote::read(b"FFTCG").unwrap_err();
        assert_eq!(other.code(), "tpm.attest_magic");
    }

    #[test]
    fn tpm_02_attest_type_refuses_other_structures() {
        // TPM_ST_ATTEST_CERTIFY, which the same key signs.
        assert_eq!(bent(5, 0x17), "tpm.attest_type");
    }

    #[test]
    fn tpm_attest_length_of_every_cut_and_of_more() {
        let whole = bytes();
        for end in 1..whole.len() {
            let refusal = Quote::read(&whole[..end]).unwrap_err();
            assert_eq!(refusal.code(), "tpm.attest_length", "cut at {end}");
        }
        let longer = [whole.as_slice(), &[0]].concat();
        assert_eq!(
            Quote::read(&longer).unwrap_err().code(),
            "tpm.attest_length"
        );
    }

    #[test]
    fn tpm_attest_value_of_each_field() {
        for (at, byte) in [(9, 0x04), (9, 0x0c), (7, 4), (7, 0), (62, 2), (82, 31)] {
            let mut bytes = bytes();
            bytes[at] = byte;
            let refusal = Quote::read(&bytes).unwrap_err();
            // A size that is bent moves what follows; the field itself is judged first.
            assert_eq!(refusal.code(), "tpm.attest_value", "byte {at}");
        }
        let mut data = bytes();
        data.splice(43..46, [67].into_iter().chain([0; 67]));
        assert_eq!(Quote::read(&data).unwrap_err().code(), "tpm.attest_value");
    }

    #[test]
    fn read_refuses_sizes() {
        assert_eq!(Quote::read(&[]).unwrap_err().code(), "input.empty");
        let large = Quote::read(&[0xff; 1025]).unwrap_err();
        assert_eq!(large.code(), "input.too_large");
        assert_eq!(large.field("input"), Some("quote"));
    }
}
