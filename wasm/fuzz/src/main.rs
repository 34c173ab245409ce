//! libFuzzer's entry: the environment says which operation is tried
//! (`CASEMATE_FUZZ_OPERATION`) and where its seeds are to be written
//! (`CASEMATE_FUZZ_SEEDS`, a folder; left out, none are).
#![no_main]

use casemate_fuzz::judge::Trial;
use casemate_fuzz::mutator;
use casemate_fuzz::random::Random;
use casemate_fuzz::report::Report;
use casemate_fuzz::seeds::Seeds;
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use std::path::Path;
use std::sync::LazyLock;

/// Once in so many changes the input is a sound seed: libFuzzer stacks changes on what was refused for
/// another reason than before, and only what is nearly sound can be accepted wrongly.
const RESTART: usize = 3;

static TRIAL: LazyLock<Trial> = LazyLock::new(|| {
    let name = std::env::var("CASEMATE_FUZZ_OPERATION").expect("CASEMATE_FUZZ_OPERATION");
    let seeds = Seeds::all();
    let trial = Trial::new(&name, &seeds);
    if let Ok(folder) = std::env::var("CASEMATE_FUZZ_SEEDS") {
        for (number, input) in seeds.inputs(trial.operation).iter().enumerate() {
            let path = Path::new(&folder).join(format!("seed-{number:04}"));
            std::fs::write(path, input).expect("a seed is written");
        }
    }
    trial
});
static REPORT: LazyLock<Report> = LazyLock::new(Report::default);

fuzz_target!(init: {
    LazyLock::force(&TRIAL);
}, |data: &[u8]| {
    let input = TRIAL.prepare(data);
    let (is_accepted, mut cost) = TRIAL.judge(&input);
    cost.check_time(TRIAL.operation, &input);
    REPORT.add(is_accepted, cost.shares(input.len()));
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut random = Random::of(seed.into());
    let mut input = data[..size].to_vec();
    if random.once_in(RESTART)
        && let Some(seed) = random.pick(&TRIAL.sound)
    {
        input.clone_from(seed);
    }
    let mut own = |bytes: &mut Vec<u8>| {
        let length = bytes.len();
        bytes.resize(length + 64, 0);
        let most = bytes.len();
        let length = fuzzer_mutate(bytes, length, most);
        bytes.truncate(length);
    };
    let trial = &*TRIAL;
    mutator::mutate(
        &mut input,
        trial.operation,
        &mut random,
        &trial.pool,
        &mut own,
    );
    if input.len() > max_size {
        return fuzzer_mutate(data, size, max_size);
    }
    data[..input.len()].copy_from_slice(&input);
    input.len()
});
