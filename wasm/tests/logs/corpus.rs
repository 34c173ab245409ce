//! Real logs of a corpus: what they replay to, and what bends of them are.

use crate::make::answer;
use casemate_core::answer::Refusal;
use serde_json::Value;
use std::path::PathBuf;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/evidence");

/// A case with a log.
struct Case {
    manifest: Value,
    registers: &'static str,
    log: Vec<u8>,
}

fn read(name: &str) -> Vec<u8> {
    let path = PathBuf::from(FOLDER).join(name);
    std::fs::read(path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// All cases with a log; none, and a word of it, where there is no corpus.
fn cases() -> Vec<Case> {
    if !PathBuf::from(FOLDER).join("MANIFEST.json").exists() {
        println!("skipped: no corpus at ../shared/evidence");
        return vec![];
    }
    let manifest: Value = serde_json::from_slice(&read("MANIFEST.json")).unwrap();
    let all = manifest.as_array().unwrap().iter().cloned();
    let cases: Vec<Case> = all.filter_map(Case::of).collect();
    assert!(cases.len() >= 16, "only {} logs", cases.len());
    cases
}

impl Case {
    fn of(manifest: Value) -> Option<Self> {
        if !["tpm-eventlog", "ccel", "gcp"].contains(&manifest["tech"].as_str()?) {
            return None;
        }
        let files = &manifest["files"];
        let name = files["event_log"].as_str().or(files["ccel"].as_str())?;
        let log = read(name);
        let registers = if name.ends_with("ccel.bin") {
            "RTMR"
        } else {
            "PCR"
        };
        Some(Self {
            manifest,
            registers,
            log,
        })
    }

    fn name(&self) -> String {
        let [tech, id] = ["tech", "id"].map(|name| self.manifest[name].as_str().unwrap());
        format!("{tech}/{id}")
    }

    fn fields(&self) -> &Value {
        &self.manifest["expect"]["fields"]
    }

    fn answer(&self) -> Result<Value, Refusal> {
        answer(self.registers, &self.log)
    }

    /// Values of a bank's registers as the manifest has them, a TD's numbered from 0.
    fn register(&self, index: &str) -> String {
        match self.registers {
            "RTMR" => (index.parse::<u8>().unwrap() - 1).to_string(),
            _ => index.to_owned(),
        }
    }

    fn check_replay(&self, found: &Value, banks: &Value) {
        for (bank, values) in banks.as_object().unwrap() {
            let replay = found["replay"][bank].as_object().unwrap();
            for (index, value) in values.as_object().unwrap() {
                let register = self.register(index);
                assert_eq!(&replay[&register], value, "{} {bank} {index}", self.name());
            }
        }
    }
}

fn of_kind(verdict: &str) -> Vec<Case> {
    let all = cases().into_iter();
    all.filter(|case| case.manifest["expect"]["verdict"] == verdict)
        .collect()
}

fn find(name: &str) -> Option<Case> {
    cases().into_iter().find(|case| case.name() == name)
}

#[test]
fn genuine_logs_are_read_as_published() {
    for case in of_kind("valid") {
        let found = case
            .answer()
            .unwrap_or_else(|refusal| panic!("{}: {refusal:?}", case.name()));
        let fields = case.fields();
        let Some(banks) = fields["algs"].as_array() else {
            continue;
        };
        assert_eq!(found["banks"].as_array(), Some(banks), "{}", case.name());
        let (events, header) = (found["events"].as_array().unwrap(), &found["header"]);
        let count = u64::try_from(events.len() + usize::from(!header.is_null())).unwrap();
        assert_eq!(fields["events"].as_u64(), Some(count), "{}", case.name());
        let end = u64::try_from(case.log.len()).unwrap() - found["padding"].as_u64().unwrap();
        assert_eq!(fields["log_end"].as_u64(), Some(end), "{}", case.name());
        let extended = found["replay"].as_object().unwrap().values();
        let extended: usize = extended
            .map(|values| values.as_object().unwrap().len())
            .sum();
        let published = fields["replay"].as_object().unwrap().values();
        let published: usize = published
            .map(|values| values.as_object().unwrap().len())
            .sum();
        assert_eq!(extended, published, "{}", case.name());
        case.check_replay(&found, &fields["replay"]);
        if !fields["published_pcrs"].is_null() {
            case.check_replay(&found, &fields["published_pcrs"]);
        }
    }
}

#[test]
fn logs_of_quoted_registers_lead_to_them() {
    if let Some(case) = find("gcp/tdx-cos113-ccel") {
        let found = case.answer().unwrap();
        let body = &case.fields()["quote"]["td"];
        for register in ["0", "1", "2"] {
            let quoted = &body[format!("rtmr{register}")];
            assert_eq!(&found["replay"]["sha384"][register], quoted);
        }
        // Nothing extends RTMR 3, so that nothing is said of it.
        assert_eq!(found["replay"]["sha384"]["3"], Value::Null);
    }
    if let Some(case) = find("gcp/gce-cos85-tpm-quote-nonce9009") {
        let found = case.answer().unwrap();
        for quote in case.fields()["quotes"].as_array().unwrap() {
            let bank = quote["bank"].as_str().unwrap();
            let replayed = found["replay"][bank].as_object().unwrap();
            assert!(replayed.len() >= 9, "{bank}");
            for (register, value) in replayed {
                assert_eq!(&quote["pcrs"][register], value, "{bank} {register}");
            }
        }
    }
}

#[test]
fn logs_that_were_edited_or_cut_are_noticed() {
    for case in of_kind("invalid") {
        let refusal = |case: &Case| {
            let refusal = case.answer().unwrap_err();
            let event = refusal.field("event").unwrap_or_default().to_owned();
            (refusal.code(), event)
        };
        match case.name().as_str() {
            "tpm-eventlog/neg-data-edited" => {
                assert_eq!(refusal(&case), ("logs.data_mismatch", "2".to_owned()));
            }
            "tpm-eventlog/neg-truncated" => {
                assert_eq!(refusal(&case), ("logs.truncated", "81".to_owned()));
            }
            // It is an action's digest that was edited, which then is not its data's hash.
            "gcp/neg-ccel-event-edited" => {
                assert_eq!(refusal(&case), ("logs.data_mismatch", "14".to_owned()));
            }
            "tpm-eventlog/neg-digest-edited" => {
                let found = case.answer().unwrap();
                case.check_replay(&found, &case.fields()["replay"]);
                let published = &case.fields()["published_pcrs"]["sha256"]["4"];
                assert_ne!(&found["replay"]["sha256"]["4"], published);
            }
            other => panic!("{other} is not known"),
        }
    }
}

/// How many events of a case have a part covered.
fn covered(name: &str, part: &str) -> Option<usize> {
    let found = find(name)?.answer().unwrap();
    let events = found["events"].as_array().unwrap().iter();
    Some(events.filter(|event| event["covered"] == part).count())
}

#[test]
fn what_digests_cover_is_known_of_real_events() {
    for (name, part, count) in [
        ("tpm-eventlog/rhel8-uefi", "text", 50),
        ("tpm-eventlog/rhel8-uefi", "value", 4),
        ("tpm-eventlog/cos-101-amd-sev", "text", 15),
        ("ccel/dupe-separator", "text", 15),
        ("ccel/gcp-trustee", "value", 3),
    ] {
        let Some(found) = covered(name, part) else {
            return;
        };
        assert_eq!(found, count, "{name} {part}");
    }
}

#[test]
fn sha_1_alone_refuses_no_data() {
    let Some(case) = find("tpm-eventlog/debian-10-sha1-only") else {
        return;
    };
    let found = case.answer().unwrap();
    assert_eq!(
        (&found["format"], &found["header"]),
        (&"tcg-1.2".into(), &Value::Null)
    );
    for event in case.fields()["data_digest_mismatches"].as_array().unwrap() {
        let number = usize::try_from(event["event"].as_u64().unwrap()).unwrap();
        assert_eq!(found["events"][number]["covered"], Value::Null);
        let kind = found["events"][number]["type"].as_u64().unwrap();
        assert_eq!(event["type"], format!("{kind:#010x}"));
    }
}

#[test]
fn a_log_of_the_other_kind_is_refused() {
    for case in of_kind("valid") {
        let other = if case.registers == "PCR" {
            "RTMR"
        } else {
            "PCR"
        };
        let refusal = answer(other, &case.log).unwrap_err();
        assert_eq!(refusal.code(), "logs.header", "{}", case.name());
        let any = answer("ANY", &case.log).unwrap();
        assert_eq!(
            any["registers"],
            case.registers.to_lowercase(),
            "{}",
            case.name()
        );
    }
}

/// Hex of the part of an event's data that its digests are said to cover.
fn covered_part(event: &Value) -> Option<&str> {
    let data = event["data"].as_str().unwrap();
    match event["covered"].as_str()? {
        // Of a variable the value alone: its name may be any.
        "value" => {
            let bytes = u64::from_str_radix(&data[48..50], 16).unwrap();
            let bytes = bytes + (u64::from_str_radix(&data[50..52], 16).unwrap() << 8);
            Some(&data[data.len() - usize::try_from(2 * bytes).unwrap()..])
        }
        _ => Some(data),
    }
}

/// One bend must not pass for the log that it was made of.
fn check_bend(name: &str, genuine: &Value, bent: &Value) {
    assert!(genuine != bent, "{name}");
    if genuine["replay"] != bent["replay"] {
        return;
    }
    let pairs = [genuine, bent].map(|log| log["events"].as_array().unwrap());
    for (before, after) in pairs[0].iter().zip(pairs[1]) {
        if let Some(part) = covered_part(after) {
            let whole = before["data"].as_str().unwrap();
            assert!(whole.ends_with(part), "{name}: {after}");
        }
    }
}

#[test]
fn log_02_no_bit_can_be_bent_without_being_noticed() {
    for case in of_kind("valid") {
        let genuine = case.answer().unwrap();
        let padding = usize::try_from(genuine["padding"].as_u64().unwrap()).unwrap();
        let length = case.log.len() - padding;
        // Every byte of a small log, some of others; not the first, since a TD's
        // log may begin with register 0 or 1, neither of which that event extends.
        for at in (1..length).step_by(1 + length / 2500 * 40) {
            let mut bent = case.log.clone();
            bent[at] ^= 1 << (at % 8);
            if let Ok(found) = answer(case.registers, &bent) {
                let name = format!("{} with byte {at} bent", case.name());
                check_bend(&name, &genuine, &found);
            }
        }
    }
}

#[test]
fn no_cut_passes_for_the_whole() {
    for case in of_kind("valid") {
        let genuine = case.answer().unwrap();
        let count = genuine["events"].as_array().unwrap().len();
        for end in (1..case.log.len()).step_by(1 + case.log.len() / 200) {
            if let Ok(found) = answer(case.registers, &case.log[..end]) {
                let events = found["events"].as_array().unwrap().len();
                let is_padding = events == count && found["padding"] != genuine["padding"];
                assert!(events < count || is_padding, "{} cut at {end}", case.name());
            }
        }
    }
}
