//! Changes of HCL reports, field by field, and of the runtime data in them.

use crate::bytes;
use crate::json::{self, Value};
use crate::json_mutation;
use crate::pool::Pool;
use crate::quote_mutation::mutate_field;
use crate::random::Random;

/// Where the hardware report begins, and the data behind it, and those of the paravisor.
const HARDWARE: usize = 32;
const DATA: usize = 1216;
const RUNTIME: usize = 1236;
/// Sizes of the fields before and behind the hardware report.
const HEAD: [usize; 6] = [4, 4, 4, 4, 4, 12];
const TAIL: [usize; 5] = [4; 5];
/// What a report of a TD is told by, and where it ends.
const TD: u8 = 0x81;
const TD_END: usize = HARDWARE + 1024;

/// Changes a report.
pub fn mutate(file: &mut Vec<u8>, random: &mut Random, pool: &Pool) {
    if file.len() < RUNTIME {
        bytes::mutate(file, random);
        return;
    }
    match random.below(16) {
        0 => bytes::mutate(file, random),
        1 => mutate_field(file, 0, &HEAD, random),
        2 => mutate_field(file, DATA, &TAIL, random),
        3 => bytes::mutate_in(&mut file[HARDWARE..DATA], random),
        4 => file[4] = random.choose([0, 1, 2, 3]),
        5 => file[1228] = random.choose([0, 1, 2, 3, 4]),
        6 => convert(file, random),
        7 => file.extend(vec![random.choose([0, 0, 0, 1]); random.power(14)]),
        8 => {
            let zeros = file.iter().rev().take_while(|byte| **byte == 0).count();
            file.truncate(file.len() - random.below(zeros + 1));
        }
        _ => mutate_inside(file, random, pool),
    }
}

/// A report of the other TEE, mostly with what it is told by.
fn convert(file: &mut [u8], random: &mut Random) {
    let is_td = file[1224] != 4;
    file[1224] = random.choose([2, 4, 4, 4, 3, 5]);
    if is_td && !random.once_in(4) {
        file[HARDWARE] = TD;
        file[TD_END..DATA].fill(0);
    }
}

/// The runtime data, and mostly the sizes that follow from them.
fn mutate_inside(file: &mut Vec<u8>, random: &mut Random, pool: &Pool) {
    let size = file[1232..RUNTIME].try_into().map(u32::from_le_bytes);
    let end = size.map_or(usize::MAX, |size| RUNTIME.saturating_add(size as usize));
    if end > file.len() {
        bytes::mutate(file, random);
        return;
    }
    let mut runtime = file[RUNTIME..end].to_vec();
    mutate_runtime(&mut runtime, random, pool);
    let size = runtime.len();
    file.splice(RUNTIME..end, runtime);
    for (at, value) in [(8, RUNTIME + size), (DATA, 20 + size), (1232, size)] {
        if !random.once_in(64) {
            file[at..at + 4].copy_from_slice(&(value as u32).to_le_bytes());
        }
    }
}

/// Changes runtime data.
pub fn mutate_runtime(file: &mut Vec<u8>, random: &mut Random, pool: &Pool) {
    let read = json::read(file).filter(|_| random.once_in(2));
    let Some(mut document) = read else {
        json_mutation::mutate_file(file, random, pool);
        return;
    };
    if let Value::Object(members) = &mut document.value {
        mutate_members(members, random);
    }
    *file = document.write();
}

type Members = Vec<(String, Value)>;

fn mutate_members(members: &mut Members, random: &mut Random) {
    let Some((name, value)) = random_member(members, random) else {
        return;
    };
    match (name.as_str(), value) {
        ("\"keys\"", Value::List(keys)) => mutate_keys(keys, random),
        ("\"vm-configuration\"", Value::Object(settings)) => mutate_settings(settings, random),
        ("\"user-data\"", value) => {
            let digits = random.choose(["0", "a", "F", "g", "0a", "é"]);
            let count = random.choose([0, 64, 127, 128, 128, 128, 129]);
            *value = text(&digits.repeat(count / digits.len()));
        }
        (_, value) => *value = text("other"),
    }
}

fn random_member<'a>(
    members: &'a mut Members,
    random: &mut Random,
) -> Option<&'a mut (String, Value)> {
    let index = random.below(members.len());
    members.get_mut(index)
}

fn text(content: &str) -> Value {
    Value::Text(format!("\"{content}\""))
}

fn mutate_keys(keys: &mut Vec<Value>, random: &mut Random) {
    let index = random.below(keys.len());
    let Some(Value::Object(key)) = keys.get_mut(index) else {
        return;
    };
    if random.once_in(4) {
        let (copy, count) = (key.clone(), random.below(10));
        let is_same = random.once_in(4);
        for number in 0..count {
            let mut copy = copy.clone();
            if let (Some((_, kid)), false) = (copy.first_mut(), is_same) {
                *kid = text(&format!("key {number}"));
            }
            keys.push(Value::Object(copy));
        }
        return;
    }
    let Some((name, value)) = random_member(key, random) else {
        return;
    };
    match name.as_str() {
        "\"kid\"" => *value = sized(&[0, 1, 64, 65], random),
        "\"key_ops\"" => {
            let one = sized(&[0, 1, 32, 33], random);
            *value = Value::List(vec![one; random.choose([0, 1, 1, 8, 9])]);
        }
        "\"n\"" => mutate_modulus(value, random),
        _ => *value = text(random.choose(["RSA", "EC", "AQAB", "AQ", "AAEAAQ", ""])),
    }
}

/// Another size, or another digit at either end.
fn mutate_modulus(value: &mut Value, random: &mut Random) {
    let Value::Text(quoted) = value else { return };
    let digits = quoted.trim_matches('"').to_owned();
    let digits = match random.below(4) {
        0 => {
            let size = random.choose([341, 342, 343, 512, 683, 684]);
            digits.chars().cycle().take(size).collect()
        }
        1 => digits + random.choose(["=", "A", "AA", "AAAA", " "]),
        2 => {
            let last = random.choose(["A", "Q", "w", "B", "+", "-"]);
            digits
                .get(..digits.len().saturating_sub(1))
                .unwrap_or("")
                .to_owned()
                + last
        }
        _ => random.choose(["A", "f", "g", "_", "/"]).to_owned() + digits.get(1..).unwrap_or(""),
    };
    *value = text(&digits);
}

fn mutate_settings(settings: &mut Members, random: &mut Random) {
    if random.once_in(3) {
        let count = random.choose([1, 56, 58, 64, 65]);
        let more = (0..count).map(|number| (format!("\"s{number}\""), text("v")));
        settings.extend(more);
        return;
    }
    if let Some((_, value)) = random_member(settings, random) {
        *value = match random.below(4) {
            0 => sized(&[0, 1023, 1024, 1025], random),
            1 => Value::Text("9007199254740991".to_owned()),
            2 => Value::Text(random.choose(["true", "null", "-1", "1.5"]).to_owned()),
            _ => Value::List(vec![]),
        };
    }
}

/// A text of one of these lengths, in characters of one byte or two.
fn sized(lengths: &[usize; 4], random: &mut Random) -> Value {
    let one = random.choose(["a", "é", "\\u001b", "😀"]);
    text(&one.repeat(random.choose(*lengths)))
}
