//! What a log holds, as it leaves the engine. `src/evidence/logs/event_log.ts`
//! documents each field.

use crate::hex::encode;
use crate::logs::algorithm::Algorithm;
use crate::logs::replay::Replay;
use serde::{Serialize, Serializer};

/// Format of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Format {
    /// SHA-1 alone, as of TPM 1.2.
    #[serde(rename = "tcg-1.2")]
    Tcg1,
    /// Crypto-agile (PFP).
    #[serde(rename = "tcg-2")]
    Tcg2,
    /// CEL in type, length, value.
    #[serde(rename = "cel-tlv")]
    CelTlv,
    /// CEL in JSON.
    #[serde(rename = "cel-json")]
    CelJson,
}

/// Registers that a log extends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Registers {
    /// Of a TPM.
    Pcr,
    /// Of a TD.
    Rtmr,
}

/// Which part of the data the digests are the hash of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Covered {
    /// All of it.
    Whole,
    /// The value alone of an EFI variable.
    Value,
    /// The text after the boot loader's prefix.
    Text,
    /// A name in ASCII that is logged as UTF-16.
    Name,
}

/// A digest by its algorithm.
pub type Digest = (Algorithm, Vec<u8>);

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // `event_log.ts` documents each field.
pub struct Event {
    pub number: usize,
    pub register: Option<u8>,
    #[serde(rename = "type")]
    pub kind: Option<u32>,
    pub content: String,
    #[serde(serialize_with = "as_map")]
    pub digests: Vec<Digest>,
    #[serde(serialize_with = "as_hex")]
    pub data: Vec<u8>,
    pub covered: Option<Covered>,
}

impl Event {
    /// Its digest of an algorithm.
    #[must_use]
    pub fn digest(&self, of: Algorithm) -> Option<&[u8]> {
        let found = self.digests.iter().find(|(algorithm, _)| *algorithm == of);
        found.map(|(_, digest)| digest.as_slice())
    }
}

/// What the first event of a crypto-agile log says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Header {
    pub specification: String,
    pub platform_class: u32,
    #[serde(serialize_with = "as_hex")]
    pub vendor_info: Vec<u8>,
}

/// A log, read and replayed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct EventLog {
    pub format: Format,
    pub registers: Registers,
    pub header: Option<Header>,
    pub banks: Vec<Algorithm>,
    pub startup_locality: Option<u8>,
    pub events: Vec<Event>,
    pub replay: Replay,
    pub padding: usize,
}

fn as_hex<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&encode(bytes))
}

fn as_map<S: Serializer>(digests: &[Digest], to: S) -> Result<S::Ok, S::Error> {
    let named = digests.iter();
    to.collect_map(named.map(|(algorithm, digest)| (algorithm, encode(digest))))
}
