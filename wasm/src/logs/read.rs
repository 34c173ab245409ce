//! Reading of a log, of whichever format its bytes show.

use crate::answer::Refusal;
use crate::frame;
use crate::logs::codes::Code;
use crate::logs::covered::cover;
use crate::logs::event::{EventLog, Registers};
use crate::logs::replay::Replay;
use crate::logs::tcg::Parts;
use crate::logs::{cel_json, cel_tlv, tcg};
use crate::x509::codes::Code as InputCode;

/// Largest log, bytes. Firmware reserves 64 KiB or 256 KiB.
pub const MAX_LOG_BYTES: usize = 1024 * 1024;
/// Name of the log in refusals of its size.
const INPUT: &str = "event log";

/// Reads a log. Fields: registers (`PCR`, `RTMR` or `ANY`); log.
///
/// `ANY` is for showing a log of which nobody said what it is: a TD's where all
/// of it can be one.
///
/// # Errors
/// The codes of [`read`].
pub fn operation(input: &[u8]) -> Result<EventLog, Refusal> {
    let [registers, log] = frame::fields(input)?;
    match registers {
        b"PCR" => read(log, Registers::Pcr),
        b"RTMR" => read(log, Registers::Rtmr),
        b"ANY" => read_any(log),
        _ => Err(Refusal::bug("registers are none of PCR, RTMR, ANY")),
    }
}

fn read_any(log: &[u8]) -> Result<EventLog, Refusal> {
    let answer = read(log, Registers::Rtmr);
    let other = [Code::Register, Code::Header].map(Code::as_str);
    match answer {
        Err(refusal) if other.contains(&refusal.code()) => read(log, Registers::Pcr),
        answer => answer,
    }
}

/// Reads and replays a log, and says which data its digests cover.
///
/// Nothing is believed of it: compare [`EventLog::replay`] with registers that
/// something has signed.
///
/// # Errors
/// `input.empty`, `input.too_large`, `logs.format`, `logs.header`,
/// `logs.truncated`, `logs.limit`, `logs.register`, `logs.digests`,
/// `logs.syntax`, `logs.record_number`, `logs.locality`, `logs.data_mismatch`
pub fn read(log: &[u8], registers: Registers) -> Result<EventLog, Refusal> {
    check_size(log)?;
    let Parts {
        format,
        header,
        banks,
        builder,
        padding,
    } = if cel_json::is_one(log) {
        cel_json::read(log, registers)?
    } else if cel_tlv::is_one(log) {
        cel_tlv::read(log, registers)?
    } else {
        tcg::read(log, registers)?
    };
    let mut events = builder.events;
    cover(&mut events, &banks)?;
    Ok(EventLog {
        format,
        registers,
        header,
        replay: Replay::of(&banks, &events, builder.locality),
        banks,
        startup_locality: builder.locality,
        events,
        padding,
    })
}

fn check_size(log: &[u8]) -> Result<(), Refusal> {
    if log.is_empty() {
        return Err(Refusal::from(InputCode::InputEmpty).with("input", INPUT));
    }
    if log.len() <= MAX_LOG_BYTES {
        return Ok(());
    }
    Err(Refusal::from(InputCode::InputTooLarge)
        .with("input", INPUT)
        .with("limit", format!("{MAX_LOG_BYTES} bytes"))
        .with("actual", format!("{} bytes", log.len())))
}
