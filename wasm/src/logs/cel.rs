//! Records of a Canonical Event Log, whatever their encoding (CEL §4).

use crate::answer::Refusal;
use crate::logs::algorithm::{Algorithm, SHA384};
use crate::logs::builder::{Builder, Entry};
use crate::logs::codes::Code;
use crate::logs::event::{Digest, Format, Registers};
use crate::logs::refuse;
use crate::logs::tcg::Parts;
use std::collections::BTreeMap;

/// Content that firmware logs (CEL §4.5).
pub const PCCLIENT: &str = crate::logs::tcg::CONTENT;
/// Content of the log's own management (CEL §4.4).
pub const MANAGEMENT: &str = "cel";
/// Content of Linux's integrity measurement (CEL §4.6).
pub const IMA_TEMPLATE: &str = "ima_template";
/// The same, in TLVs (CEL §4.6).
pub const IMA_TLV: &str = "ima_tlv";
/// Content of systemd.
pub const SYSTEMD: &str = "systemd";

/// What a record extends (CEL §4.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Index {
    /// A register of a TPM.
    Pcr(u32),
    /// A register of a TD, numbered from 1; no part of the specification.
    Ccmr(u32),
    /// An index of a TPM's memory.
    Nv(u32),
}

/// A record.
#[derive(Debug, PartialEq, Eq)]
pub struct Record {
    /// Its number.
    pub number: Option<u64>,
    /// What it extends.
    pub index: Index,
    /// Digests, each of its algorithm's size and none twice.
    pub digests: Vec<Digest>,
    /// What it says.
    pub content: Content,
}

/// What a record says.
#[derive(Debug, PartialEq, Eq)]
pub struct Content {
    /// Kind.
    pub name: String,
    /// Type, of what firmware logs.
    pub kind: Option<u32>,
    /// Data.
    pub data: Vec<u8>,
    /// Whether it is extended into anything.
    pub is_measured: bool,
}

impl Content {
    /// Content that is extended.
    #[must_use]
    pub fn of(name: impl Into<String>, data: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            kind: None,
            data: data.into(),
            is_measured: true,
        }
    }
}

/// Why a record is none.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault(pub Code, pub String);

impl Fault {
    /// It is not written as the format demands.
    pub fn syntax(reason: impl Into<String>) -> Self {
        Self(Code::Syntax, reason.into())
    }
}

impl From<String> for Fault {
    fn from(reason: String) -> Self {
        Self::syntax(reason)
    }
}

/// Records so far.
#[derive(Debug)]
pub struct Records {
    /// Events.
    pub builder: Builder,
    banks: Vec<Algorithm>,
    numbering: Numbering,
}

/// Which ways of numbering fit all records so far. The specification counts
/// within each index (§4.2.2), go-eventlog over the whole log.
#[derive(Debug, Default)]
struct Numbering {
    is_numbered: Option<bool>,
    is_other_than_place: bool,
    is_other_than_count: bool,
    counts: BTreeMap<Index, u64>,
}

impl Records {
    /// None yet.
    #[must_use]
    pub fn of(registers: Registers) -> Self {
        Self {
            builder: Builder::of(registers),
            banks: Vec::new(),
            numbering: Numbering::default(),
        }
    }

    /// Adds a record.
    ///
    /// # Errors
    /// Why it is none, as given; `logs.register`, `logs.record_number`,
    /// `logs.digests`, `logs.locality`
    pub fn add(&mut self, record: Result<Record, Fault>) -> Result<(), Refusal> {
        let record = record.map_err(|Fault(code, reason)| self.builder.refuse(code, reason))?;
        let index = self.own(record.index)?;
        let is_measured = record.content.is_measured;
        let register = if is_measured {
            Some(self.builder.register(index)?)
        } else {
            None
        };
        let place = u64::try_from(self.builder.events.len()).unwrap_or(u64::MAX);
        if !self.numbering.allows(place, &record) {
            let reason = "it is not the next one";
            return Err(self.builder.refuse(Code::RecordNumber, reason));
        }
        self.check_digests(&record.digests, is_measured)?;
        self.builder.add(Entry {
            register,
            kind: record.content.kind,
            content: record.content.name,
            digests: record.digests,
            data: record.content.data,
        })
    }

    /// The number of a register of this log's kind.
    fn own(&self, index: Index) -> Result<u32, Refusal> {
        match (index, self.builder.registers) {
            (Index::Pcr(index), Registers::Pcr) | (Index::Ccmr(index), Registers::Rtmr) => {
                Ok(index)
            }
            _ => {
                let reason = "it names no register of the kind that was asked for";
                Err(self.builder.refuse(Code::Register, reason))
            }
        }
    }

    fn check_digests(&mut self, digests: &[Digest], is_measured: bool) -> Result<(), Refusal> {
        if digests.is_empty() && !is_measured {
            return Ok(());
        }
        if self.banks.is_empty() {
            self.banks = digests.iter().map(|(algorithm, _)| *algorithm).collect();
        }
        let is_known = |(algorithm, _): &Digest| self.banks.contains(algorithm);
        let is_same = digests.len() == self.banks.len() && digests.iter().all(is_known);
        let is_strange = self.builder.registers == Registers::Rtmr && self.banks != [SHA384];
        if is_same && !is_strange && !digests.is_empty() {
            return Ok(());
        }
        let reason = "its digests are not of the banks of the log";
        Err(self.builder.refuse(Code::Digests, reason))
    }

    /// The whole log.
    ///
    /// # Errors
    /// `logs.format`
    pub fn finish(self, format: Format) -> Result<Parts, Refusal> {
        if self.builder.events.is_empty() {
            return Err(refuse(Code::Format, "it has no record"));
        }
        Ok(Parts {
            format,
            header: None,
            banks: self.banks,
            builder: self.builder,
            padding: 0,
        })
    }
}

impl Numbering {
    fn allows(&mut self, place: u64, record: &Record) -> bool {
        let is_numbered = *self.is_numbered.get_or_insert(record.number.is_some());
        let Some(number) = record.number else {
            return !is_numbered;
        };
        let count = self.counts.entry(record.index).or_default();
        self.is_other_than_place |= number != place;
        self.is_other_than_count |= number != *count;
        *count = count.saturating_add(1);
        is_numbered && !(self.is_other_than_place && self.is_other_than_count)
    }
}
