//! Values that registers have after the events of a log.

use crate::hex::encode;
use crate::json::write::{Json, Pairs, Writer};
use crate::logs::algorithm::{Algorithm, KNOWN};
use crate::logs::event::{Event, Registers};
use crate::sorted::Sorted;

/// Values of registers by their number.
pub type Values = Sorted<u8, Vec<u8>>;

/// Values of the registers that events extend, bank by bank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replay(pub Vec<(Algorithm, Values)>);

impl Replay {
    /// Extends registers by events (TPM 2.0 Part 1 §17.2: the hash of what they
    /// were and of the digest).
    ///
    /// All start at zeros. A D-RTM resets PCR 17 to 22 before anything can be
    /// extended into them; the locality of the TPM's startup stands in the last
    /// byte of PCR 0 (PFP §3.3.5.1).
    #[must_use]
    pub fn of(banks: &[Algorithm], events: &[Event], locality: Option<u8>) -> Self {
        let known = banks.iter().filter(|bank| KNOWN.contains(bank));
        Self(
            known
                .map(|bank| (*bank, values(*bank, events, locality)))
                .collect(),
        )
    }
}

fn values(bank: Algorithm, events: &[Event], locality: Option<u8>) -> Values {
    let mut values = Values::default();
    for event in events {
        let (Some(register), Some(digest)) = (event.register, event.digest(bank)) else {
            continue;
        };
        let extend = |value: &mut Vec<u8>| {
            if let Some(extended) = bank.hash(&[value, digest]) {
                *value = extended;
            }
        };
        values.change(register, || start(bank, register, locality), extend);
    }
    values
}

fn start(bank: Algorithm, register: u8, locality: Option<u8>) -> Vec<u8> {
    let mut value = vec![0; bank.size().unwrap_or_default()];
    if let (0, Some(locality), Some(last)) = (register, locality, value.last_mut()) {
        *last = locality;
    }
    value
}

/// Which numbers of a log name which registers (UEFI 2.10 §38.4.1: a TD's are
/// numbered from 1, since 0 is the measurement of what was loaded).
#[must_use]
pub fn register_of(index: u32, registers: Registers) -> Option<u8> {
    let index = u8::try_from(index).ok()?;
    match registers {
        Registers::Pcr => (index < 24).then_some(index),
        Registers::Rtmr => index.checked_sub(1).filter(|register| *register < 4),
    }
}

impl Json for Replay {
    fn write(&self, to: &mut Writer) {
        to.object(|to| {
            for (bank, values) in &self.0 {
                let values = values.iter();
                let values = values.map(|(register, value)| (register.to_string(), encode(value)));
                to.member(&bank.name(), &Pairs(&values.collect::<Vec<_>>()));
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{Replay, register_of};
    use crate::json::write;
    use crate::logs::algorithm::{Algorithm, SHA1, SHA256};
    use crate::logs::event::{Event, Registers};

    fn event(register: Option<u8>, digest: u8) -> Event {
        let digests = vec![
            (SHA1, vec![digest; 20]),
            (Algorithm(0x12), vec![0; 32]),
            (SHA256, vec![digest; 32]),
        ];
        Event {
            number: 0,
            register,
            kind: None,
            content: String::new(),
            digests,
            data: vec![],
            covered: None,
        }
    }

    #[test]
    fn replay_extends_from_zeros_and_from_the_locality() {
        let events = [
            event(Some(0), 1),
            event(None, 9),
            event(Some(17), 2),
            event(Some(0), 3),
        ];
        let banks = [SHA256, Algorithm(0x12), SHA1];
        for (locality, first) in [(None, 0), (Some(0), 0), (Some(3), 3)] {
            let Replay(found) = Replay::of(&banks, &events, locality);
            let [(SHA256, values), (SHA1, _)] = found.as_slice() else {
                panic!("{found:?}");
            };
            let mut start = [0; 32];
            start[31] = first;
            let one = SHA256.hash(&[&start, &[1; 32]]).unwrap();
            assert_eq!(
                *values.get(0).unwrap(),
                SHA256.hash(&[&one, &[3; 32]]).unwrap()
            );
            assert_eq!(
                *values.get(17).unwrap(),
                SHA256.hash(&[&[0; 32], &[2; 32]]).unwrap()
            );
            assert_eq!(values.len(), 2);
        }
    }

    #[test]
    fn replay_is_written_by_bank_and_register() {
        let replay = Replay::of(&[SHA1], &[event(Some(10), 1), event(Some(9), 1)], None);
        let text = write::text(&replay);
        let value = "\"2f8fa4d8ba08d15bd4f6b9ca8b7e6eb3a5d4f3c0\"";
        assert_eq!(
            text.len(),
            value.len() * 2 + r#"{"sha1":{"9":,"10":}}"#.len()
        );
        assert!(text.starts_with(r#"{"sha1":{"9":""#), "{text}");
        let none = write::text(&Replay::of(&[SHA1, SHA256], &[], None));
        assert_eq!(none, r#"{"sha1":{},"sha256":{}}"#);
    }

    #[test]
    fn log_07_registers_of_a_td_are_numbered_from_1() {
        let of = |index| register_of(index, Registers::Rtmr);
        assert_eq!(
            [0, 1, 4, 5, 257].map(of),
            [None, Some(0), Some(3), None, None]
        );
        let of = |index| register_of(index, Registers::Pcr);
        assert_eq!([0, 23, 24, 256].map(of), [Some(0), Some(23), None, None]);
    }
}
