//! Events of a log, one added after the other, whatever its format.

use crate::answer::Refusal;
use crate::logs::codes::Code;
use crate::logs::event::{Digest, Event, Registers};
use crate::logs::event_type::NO_ACTION;
use crate::logs::refuse_event;
use crate::logs::replay::register_of;

/// Most events of a log. The longest known, of a desktop, has some hundreds.
pub const MAX_EVENTS: usize = 4096;

/// What the data begin with that name the locality (PFP §10.4.5.3).
const LOCALITY_MARK: &[u8] = b"StartupLocality\0";

/// An event without its place.
#[derive(Debug)]
pub struct Entry {
    /// Register; none where it extends none.
    pub register: Option<u8>,
    /// Type.
    pub kind: Option<u32>,
    /// Kind of content.
    pub content: String,
    /// Digests.
    pub digests: Vec<Digest>,
    /// Data.
    pub data: Vec<u8>,
}

/// Events so far.
#[derive(Debug)]
pub struct Builder {
    /// Registers that they extend.
    pub registers: Registers,
    /// The events.
    pub events: Vec<Event>,
    /// Locality from which the TPM was started.
    pub locality: Option<u8>,
}

impl Builder {
    /// No event yet.
    #[must_use]
    pub const fn of(registers: Registers) -> Self {
        Self {
            registers,
            events: Vec::new(),
            locality: None,
        }
    }

    /// A refusal of the next event.
    pub fn refuse(&self, code: Code, reason: impl Into<String>) -> Refusal {
        refuse_event(code, self.events.len(), reason)
    }

    /// Refuses one more event than there may be.
    ///
    /// # Errors
    /// `logs.limit`
    pub fn check_room(&self) -> Result<(), Refusal> {
        if self.events.len() < MAX_EVENTS {
            return Ok(());
        }
        Err(self.refuse(
            Code::Limit,
            format!("there are more than {MAX_EVENTS} events"),
        ))
    }

    /// The register that the next event names.
    ///
    /// # Errors
    /// `logs.register`
    pub fn register(&self, index: u32) -> Result<u8, Refusal> {
        register_of(index, self.registers)
            .ok_or_else(|| self.refuse(Code::Register, format!("it names register {index}")))
    }

    /// Adds an event.
    ///
    /// # Errors
    /// `logs.locality`
    pub fn add(&mut self, entry: Entry) -> Result<(), Refusal> {
        if let Some(locality) = locality_of(&entry).filter(|_| self.registers == Registers::Pcr) {
            self.start_at(locality)?;
        }
        self.events.push(Event {
            number: self.events.len(),
            register: entry.register,
            kind: entry.kind,
            content: entry.content,
            digests: entry.digests,
            data: entry.data,
            covered: None,
        });
        Ok(())
    }

    /// It decides what PCR 0 starts with, so it cannot come later, nor twice.
    fn start_at(&mut self, locality: u8) -> Result<(), Refusal> {
        let is_late = self.events.iter().any(|event| event.register == Some(0));
        let reason = match (self.locality, locality) {
            (Some(_), _) => "the startup locality is there twice",
            (None, _) if is_late => "PCR 0 was extended before",
            (None, 0 | 3 | 4) => {
                self.locality = Some(locality);
                return Ok(());
            }
            (None, _) => "there is no such locality for a startup",
        };
        Err(self.refuse(Code::Locality, reason))
    }
}

fn locality_of(entry: &Entry) -> Option<u8> {
    if entry.kind != Some(NO_ACTION) {
        return None;
    }
    match entry.data.strip_prefix(LOCALITY_MARK)? {
        [locality] => Some(*locality),
        _ => None,
    }
}
