//! What a log holds, as it leaves the engine. `src/evidence/logs/event_log.ts`
//! documents each field.

use crate::hex::encode;
use crate::json::write::{Pairs, names, object};
use crate::logs::algorithm::Algorithm;
use crate::logs::replay::Replay;

/// Format of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// SHA-1 alone, as of TPM 1.2.
    Tcg1,
    /// Crypto-agile (PFP).
    Tcg2,
    /// CEL in type, length, value.
    CelTlv,
    /// CEL in JSON.
    CelJson,
}

names!(Format {
    Tcg1: "tcg-1.2",
    Tcg2: "tcg-2",
    CelTlv: "cel-tlv",
    CelJson: "cel-json"
});

/// Registers that a log extends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registers {
    /// Of a TPM.
    Pcr,
    /// Of a TD.
    Rtmr,
}

names!(Registers {
    Pcr: "pcr",
    Rtmr: "rtmr"
});

/// Which part of the data the digests are the hash of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

names!(Covered {
    Whole: "whole",
    Value: "value",
    Text: "text",
    Name: "name"
});

/// A digest by its algorithm.
pub type Digest = (Algorithm, Vec<u8>);

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `event_log.ts` documents each field.
pub struct Event {
    pub number: usize,
    pub register: Option<u8>,
    pub kind: Option<u32>,
    pub content: String,
    pub digests: Vec<Digest>,
    pub data: Vec<u8>,
    pub covered: Option<Covered>,
}

object!(Event {
    number, register, kind as "type", content, digests = Pairs(&by_name(digests)), data = encode(data),
    covered,
});

impl Event {
    /// Its digest of an algorithm.
    #[must_use]
    pub fn digest(&self, of: Algorithm) -> Option<&[u8]> {
        let found = self.digests.iter().find(|(algorithm, _)| *algorithm == of);
        found.map(|(_, digest)| digest.as_slice())
    }
}

/// What the first event of a crypto-agile log says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Header {
    pub specification: String,
    pub platform_class: u32,
    pub vendor_info: Vec<u8>,
}

object!(Header { specification, platform_class, vendor_info = encode(vendor_info) });

/// A log, read and replayed.
#[derive(Clone, Debug, PartialEq, Eq)]
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

object!(EventLog {
    format,
    registers,
    header,
    banks,
    startup_locality,
    events,
    replay,
    padding
});

/// Digests in hex by the names of their algorithms.
fn by_name(digests: &[Digest]) -> Vec<(String, String)> {
    let digests = digests.iter();
    let named = digests.map(|(algorithm, digest)| (algorithm.name(), encode(digest)));
    named.collect()
}
