//! What of an event's data its digests vouch for. The log itself vouches for
//! nothing: whoever edits it can leave the digests, and so the registers, alone.

use crate::answer::Refusal;
use crate::logs::algorithm::{Algorithm, SHA1, STRONG};
use crate::logs::codes::Code;
use crate::logs::event::{Covered, Event};
use crate::logs::event_type::{HASHED_BY_VALUE, HASHED_WHOLE, IPL, SEPARATOR};
use std::borrow::Cow;

/// What GRUB and others put before a text that they hash without it.
const PREFIXES: [&[u8]; 7] = [
    b"grub_cmd: ",
    b"grub_cmd ",
    b"kernel_cmdline: ",
    b"kernel_cmdline ",
    b"grub_kernel_cmdline ",
    b"module_cmdline: ",
    b"module_cmdline ",
];
/// What a separator has for a hash where the firmware failed (PFP §10.4.1).
const SEPARATOR_ERROR: [u8; 4] = [1, 0, 0, 0];
/// GUID and two lengths of `UEFI_VARIABLE_DATA` (PFP §10.2.6).
const VARIABLE_HEAD: usize = 32;

/// Looks at all events.
///
/// # Errors
/// `logs.data_mismatch`: a type whose data are hashed whole has others.
pub fn cover(events: &mut [Event], banks: &[Algorithm]) -> Result<(), Refusal> {
    let strong = STRONG.into_iter().filter(|bank| banks.contains(bank));
    let strong: Vec<Algorithm> = strong.collect();
    let considered = match strong.as_slice() {
        [] if banks.contains(&SHA1) => vec![SHA1],
        _ => strong.clone(),
    };
    for event in events.iter_mut() {
        event.covered = covered_of(event, &considered);
        check_whole(event, &strong)?;
    }
    Ok(())
}

fn covered_of(event: &Event, banks: &[Algorithm]) -> Option<Covered> {
    event.register?;
    if banks.is_empty() {
        return None;
    }
    if matches(event, &event.data, banks) {
        return Some(Covered::Whole);
    }
    let forms = forms_of(event.kind?, &event.data);
    let found = forms.into_iter().find(|(_, form)| {
        form.as_ref()
            .is_some_and(|form| matches(event, form, banks))
    });
    found.map(|(covered, _)| covered)
}

/// Parts of the data that digests of a type may be the hash of.
fn forms_of(kind: u32, data: &[u8]) -> [(Covered, Option<Cow<'_, [u8]>>); 4] {
    let [mut value, mut text, mut text_and_nul, mut name] = [const { None }; 4];
    if HASHED_BY_VALUE.contains(&kind) {
        value = variable_value(data).map(Cow::Borrowed);
    } else if kind == IPL {
        let whole = text_of(data);
        // GRUB of Red Hat up to version 8 hashes the NUL, too.
        text_and_nul = Some(Cow::Borrowed(whole));
        text = whole.strip_suffix(&[0]).map(Cow::Borrowed);
        name = name_of(data).map(Cow::Owned);
    }
    [
        (Covered::Value, value),
        (Covered::Text, text),
        (Covered::Text, text_and_nul),
        (Covered::Name, name),
    ]
}

/// Whether bytes hash to the digest of every bank.
fn matches(event: &Event, bytes: &[u8], banks: &[Algorithm]) -> bool {
    banks.iter().all(|bank| is_hash(event, bytes, *bank))
}

fn is_hash(event: &Event, bytes: &[u8], bank: Algorithm) -> bool {
    bank.hash(&[bytes])
        .is_some_and(|hash| event.digest(bank) == Some(&hash))
}

/// SHA-1 refuses nothing: it vouches for nothing either.
fn check_whole(event: &Event, strong: &[Algorithm]) -> Result<(), Refusal> {
    if event.covered == Some(Covered::Whole) {
        return Ok(());
    }
    let kind = event.kind.filter(|kind| HASHED_WHOLE.contains(kind));
    let (Some(kind), Some(_)) = (kind, event.register) else {
        return Ok(());
    };
    let other = strong
        .iter()
        .find(|bank| !is_hash(event, &event.data, **bank));
    let Some(bank) = other else { return Ok(()) };
    if kind == SEPARATOR && matches(event, &SEPARATOR_ERROR, strong) {
        return Ok(());
    }
    Err(Refusal::from(Code::DataMismatch)
        .with("event", event.number.to_string())
        .with("type", format!("{kind:#010x}"))
        .with("bank", bank.name()))
}

/// `VariableData` of `UEFI_VARIABLE_DATA`; none where its sizes are others.
fn variable_value(data: &[u8]) -> Option<&[u8]> {
    let (head, rest) = data.split_first_chunk::<VARIABLE_HEAD>()?;
    let (lengths, _) = head.get(16..)?.as_chunks::<8>();
    let [name, value] = lengths else { return None };
    let name = usize::try_from(u64::from_le_bytes(*name)).ok()?;
    let value = usize::try_from(u64::from_le_bytes(*value)).ok()?;
    let rest = rest.get(name.checked_mul(2)?..)?;
    (rest.len() == value).then_some(rest)
}

fn text_of(data: &[u8]) -> &[u8] {
    let found = PREFIXES
        .iter()
        .find_map(|prefix| data.strip_prefix(*prefix));
    found.unwrap_or(data)
}

/// A name in UTF-16 with its end, in ASCII with its end: systemd's stub hashes one and logs the other.
fn name_of(data: &[u8]) -> Option<Vec<u8>> {
    let (units, []) = data.as_chunks::<2>() else {
        return None;
    };
    let ([first @ .., last], [0, 0]) = (units, units.last()?) else {
        return None;
    };
    let is_ascii = |unit: &[u8; 2]| matches!(unit, [0x01..=0x7F, 0]);
    if first.is_empty() || !first.iter().all(is_ascii) {
        return None;
    }
    let all = first.iter().chain([last]);
    Some(all.map(|[low, _]| *low).collect())
}

#[cfg(test)]
mod tests {
    use super::cover;
    use crate::logs::algorithm::{Algorithm, SHA1, SHA256, SHA384};
    use crate::logs::event::{Covered, Event};

    const BANKS: [Algorithm; 3] = [SHA1, SHA256, SHA384];

    fn event(kind: u32, data: &[u8], hashed: &[u8], banks: &[Algorithm]) -> Event {
        let digests = banks
            .iter()
            .map(|bank| (*bank, bank.hash(&[hashed]).unwrap()));
        Event {
            number: 7,
            register: Some(1),
            kind: Some(kind),
            content: String::new(),
            digests: digests.collect(),
            data: data.to_vec(),
            covered: None,
        }
    }

    fn covered(kind: u32, data: &[u8], hashed: &[u8]) -> Option<Covered> {
        let mut events = [event(kind, data, hashed, &BANKS)];
        cover(&mut events, &BANKS).unwrap();
        events[0].covered
    }

    fn variable(name: &[u8], value: &[u8]) -> Vec<u8> {
        let mut data = vec![9; 16];
        data.extend((name.len() / 2).to_le_bytes());
        data.extend(value.len().to_le_bytes());
        [data.as_slice(), name, value].concat()
    }

    #[test]
    fn whole_data_are_covered_in_any_type() {
        for kind in [0, 4, 0xD, 0x8000_0002, 0x8000_0003, u32::MAX] {
            assert_eq!(covered(kind, b"data", b"data"), Some(Covered::Whole));
        }
        assert_eq!(covered(0x8000_0003, b"data", b"date"), None);
    }

    #[test]
    fn values_of_variables_are_covered_where_the_sizes_are_exact() {
        let data = variable(b"B\0o\0", b"value");
        for kind in [0x8000_0002, 0x8000_000C, 0x8000_00E0] {
            assert_eq!(covered(kind, &data, b"value"), Some(Covered::Value));
        }
        assert_eq!(covered(0x8000_0008, &data, b"value"), None);
        let longer = [data.as_slice(), b"x"].concat();
        assert_eq!(covered(0x8000_0002, &longer, b"valuex"), None);
        assert_eq!(covered(0x8000_0002, &data[..31], b""), None);
        let mut huge = data;
        huge[16..24].copy_from_slice(&[0xff; 8]);
        assert_eq!(covered(0x8000_0002, &huge, b"value"), None);
    }

    #[test]
    fn log_06_texts_of_a_boot_loader_are_covered_without_prefix_and_nul() {
        for prefix in [
            "",
            "grub_cmd: ",
            "grub_cmd ",
            "kernel_cmdline: ",
            "kernel_cmdline ",
            "module_cmdline: ",
            "module_cmdline ",
        ] {
            let data = format!("{prefix}linux /a\0");
            assert_eq!(
                covered(0xD, data.as_bytes(), b"linux /a"),
                Some(Covered::Text)
            );
            assert_eq!(covered(6, data.as_bytes(), b"linux /a"), None);
        }
        assert_eq!(covered(0xD, b"grub_cmd: a", b"a"), Some(Covered::Text));
        assert_eq!(covered(0xD, b"grub_cmd a\0", b"a\0"), Some(Covered::Text));
        assert_eq!(covered(0xD, b"grub_cmd: a\0\0", b"a"), None);
        assert_eq!(covered(0xD, b"other_cmd: a\0", b"a"), None);
        assert_eq!(covered(0xD, b"grub_cmd: grub_cmd: a\0", b"a"), None);
    }

    #[test]
    fn names_in_utf16_are_covered_in_ascii() {
        assert_eq!(covered(0xD, b".\0a\0\0\0", b".a\0"), Some(Covered::Name));
        assert_eq!(covered(6, b".\0a\0\0\0", b".a\0"), None);
        for (data, hashed) in [
            (&b".\0a\0"[..], &b".a"[..]),
            (b".\0\0\0a\0\0\0", b".\0a\0"),
            (b"\x80\0\0\0", b"\x80\0"),
            (b".\x01\0\0", b".\0"),
            (b".\0\0\0\0", b".\0\0"),
        ] {
            assert_eq!(covered(0xD, data, hashed), None);
        }
    }

    #[test]
    fn log_02_every_bank_of_sha_256_or_better_must_agree_and_sha_1_need_not() {
        let mut events = [event(8, b"data", b"data", &BANKS)];
        events[0].digests[0].1[0] ^= 1;
        cover(&mut events, &BANKS).unwrap();
        assert_eq!(events[0].covered, Some(Covered::Whole));
        events[0].digests[2].1[0] ^= 1;
        cover(&mut events, &BANKS).unwrap();
        assert_eq!(events[0].covered, None);
    }

    #[test]
    fn sha_1_alone_covers_and_other_algorithms_cover_nothing() {
        let mut events = [event(8, b"data", b"data", &[SHA1])];
        cover(&mut events, &[SHA1]).unwrap();
        assert_eq!(events[0].covered, Some(Covered::Whole));
        cover(&mut events, &[Algorithm(0x12)]).unwrap();
        assert_eq!(events[0].covered, None);
    }

    #[test]
    fn what_extends_nothing_is_not_covered() {
        let mut events = [event(3, b"data", b"data", &BANKS)];
        events[0].register = None;
        cover(&mut events, &BANKS).unwrap();
        assert_eq!(events[0].covered, None);
    }

    #[test]
    fn log_02_types_that_are_hashed_whole_are_refused_with_other_data() {
        for kind in [4, 5, 0x8000_0001, 0x8000_0006, 0x8000_0007] {
            let mut events = [event(kind, b"data", b"date", &BANKS)];
            let refusal = cover(&mut events, &BANKS).unwrap_err();
            assert_eq!(refusal.code(), "logs.data_mismatch");
            let fields = ["event", "type", "bank"].map(|name| refusal.field(name).unwrap());
            assert_eq!(fields, ["7", &format!("{kind:#010x}"), "sha256"]);
            assert!(cover(&mut events, &[SHA1]).is_ok());
            events[0].register = None;
            assert!(cover(&mut events, &BANKS).is_ok());
        }
        let mut events = [event(4, b"data", b"data", &BANKS)];
        events[0].digests[2].1[0] ^= 1;
        let refusal = cover(&mut events, &BANKS).unwrap_err();
        assert_eq!(refusal.field("bank"), Some("sha384"));
    }

    #[test]
    fn a_separator_may_say_that_the_firmware_failed() {
        let error = [1, 0, 0, 0];
        assert_eq!(covered(4, b"what failed", &error), None);
        assert_eq!(covered(4, &error, &error), Some(Covered::Whole));
        let mut events = [event(5, b"what failed", &error, &BANKS)];
        assert!(cover(&mut events, &BANKS).is_err());
    }
}
