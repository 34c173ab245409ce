//! Logs of firmware: `TCG_PCR_EVENT` of SHA-1 alone, and the crypto-agile
//! `TCG_PCR_EVENT2` (PFP §10.2). Numbers are little-endian.

use crate::answer::Refusal;
use crate::logs::algorithm::{Algorithm, SHA1, SHA384};
use crate::logs::builder::{Builder, Entry};
use crate::logs::bytes::Bytes;
use crate::logs::codes::Code;
use crate::logs::event::{Digest, Format, Header, Registers};
use crate::logs::event_type::NO_ACTION;
use crate::logs::header::{self, Bank, SIGNATURE};
use crate::logs::refuse;

/// Name of what firmware logs, as a CEL calls it (CEL §4.5).
pub const CONTENT: &str = "pcclient_std";

/// An event of SHA-1 alone.
#[derive(Debug)]
pub struct Event1<'a> {
    /// Register.
    pub index: u32,
    /// Type.
    pub kind: u32,
    /// SHA-1.
    pub digest: [u8; 20],
    /// Data.
    pub data: &'a [u8],
}

/// What was read before coverage and replay.
#[derive(Debug)]
pub struct Parts {
    /// Format.
    pub format: Format,
    /// Header.
    pub header: Option<Header>,
    /// Banks.
    pub banks: Vec<Algorithm>,
    /// Events.
    pub builder: Builder,
    /// Bytes behind them.
    pub padding: usize,
}

impl<'a> Event1<'a> {
    fn take(from: &mut Bytes<'a>) -> Option<Self> {
        Some(Self {
            index: from.u32()?,
            kind: from.u32()?,
            digest: from.array()?,
            data: from.sized()?,
        })
    }
}

/// Reads a log.
///
/// # Errors
/// `logs.format`, `logs.header`, `logs.limit`, `logs.truncated`,
/// `logs.digests`, `logs.register`, `logs.locality`
pub fn read(log: &[u8], registers: Registers) -> Result<Parts, Refusal> {
    let mut rest = Bytes(log);
    let first = Event1::take(&mut rest).filter(|_| padding_of(log) < log.len());
    let first = first.ok_or_else(|| refuse(Code::Format, "it begins with no event"))?;
    let is_agile = first.kind == NO_ACTION && first.data.starts_with(SIGNATURE);
    let (header, banks) = if is_agile {
        let (header, banks) = header::read(&first, registers)?;
        (Some(header), banks)
    } else {
        rest = Bytes(log);
        (None, vec![(SHA1, 20)])
    };
    let algorithms: Vec<Algorithm> = banks.iter().map(|(algorithm, _)| *algorithm).collect();
    if registers == Registers::Rtmr && algorithms != [SHA384] {
        return Err(refuse(
            Code::Header,
            "a TD's registers are of SHA-384 alone",
        ));
    }
    let mut events = Events {
        rest,
        banks: &banks,
        is_agile,
        builder: Builder::of(registers),
    };
    let padding = events.read_all(padding_of(log))?;
    let builder = events.builder;
    if builder.events.is_empty() {
        return Err(refuse(Code::Format, "it has no event"));
    }
    Ok(Parts {
        format: if is_agile { Format::Tcg2 } else { Format::Tcg1 },
        header,
        banks: algorithms,
        builder,
        padding,
    })
}

/// How many equal bytes, 00 or FF, a log ends with: firmware reserves more than it fills.
fn padding_of(log: &[u8]) -> usize {
    let Some(last @ (0x00 | 0xFF)) = log.last() else {
        return 0;
    };
    log.iter().rev().take_while(|byte| *byte == last).count()
}

struct Events<'a> {
    rest: Bytes<'a>,
    banks: &'a [Bank],
    is_agile: bool,
    builder: Builder,
}

impl Events<'_> {
    /// Reads up to the end, or to where nothing but padding is left; gives how much.
    fn read_all(&mut self, padding: usize) -> Result<usize, Refusal> {
        while self.rest.0.len() > padding {
            self.builder.check_room()?;
            let (index, entry) = if self.is_agile {
                self.event2()?
            } else {
                self.event1()?
            };
            let register = match entry.kind {
                Some(NO_ACTION) => None,
                _ => Some(self.builder.register(index)?),
            };
            self.builder.add(Entry { register, ..entry })?;
        }
        Ok(self.rest.0.len())
    }

    fn event1(&mut self) -> Result<(u32, Entry), Refusal> {
        let event = Event1::take(&mut self.rest).ok_or_else(|| self.truncated())?;
        let digests = vec![(SHA1, event.digest.to_vec())];
        Ok((event.index, entry(event.kind, digests, event.data)))
    }

    fn event2(&mut self) -> Result<(u32, Entry), Refusal> {
        let index = self.rest.u32().ok_or_else(|| self.truncated())?;
        let kind = self.rest.u32().ok_or_else(|| self.truncated())?;
        let digests = self.digests()?;
        let data = self.rest.sized().ok_or_else(|| self.truncated())?;
        Ok((index, entry(kind, digests, data)))
    }

    /// One of each bank, in any order.
    fn digests(&mut self) -> Result<Vec<Digest>, Refusal> {
        let count = self.rest.u32().ok_or_else(|| self.truncated())?;
        if usize::try_from(count) != Ok(self.banks.len()) {
            return Err(self
                .builder
                .refuse(Code::Digests, format!("it has {count}")));
        }
        let mut digests: Vec<Digest> = Vec::new();
        for _ in self.banks {
            let algorithm = self.rest.u16().ok_or_else(|| self.truncated())?;
            let algorithm = Algorithm(algorithm);
            let bank = self.banks.iter().find(|(known, _)| *known == algorithm);
            let is_new = digests.iter().all(|(known, _)| *known != algorithm);
            let (_, size) = bank.filter(|_| is_new).ok_or_else(|| {
                let reason = format!("{} is there twice, or of no bank", algorithm.name());
                self.builder.refuse(Code::Digests, reason)
            })?;
            let digest = self.rest.take(*size).ok_or_else(|| self.truncated())?;
            digests.push((algorithm, digest.to_vec()));
        }
        Ok(digests)
    }

    fn truncated(&self) -> Refusal {
        self.builder
            .refuse(Code::Truncated, "the log ends within it")
    }
}

fn entry(kind: u32, digests: Vec<Digest>, data: &[u8]) -> Entry {
    Entry {
        register: None,
        kind: Some(kind),
        content: String::from(CONTENT),
        digests,
        data: data.to_vec(),
    }
}
