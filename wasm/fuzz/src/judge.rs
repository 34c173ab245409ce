//! One input, judged: what comes out is an answer, the same each time, within
//! bounds, and nothing is accepted that must not be.

use crate::accepted_cloud;
use crate::accepted_log;
use crate::accepted_snp;
use crate::accepted_tdx;
use crate::accepted_tpm;
use crate::answer::{self, Answer};
use crate::bounds::{self, Cost};
use crate::candidates_tpm;
use crate::operation::{self, Operation};
use crate::pool::Pool;
use crate::proof::{Genuine, Proof};
use crate::resign;
use crate::seeds::Seeds;
use crate::shape::{self, Field};
use std::borrow::Cow;

/// Behind the name of an operation: inputs are signed again before it sees them.
pub const SIGNED: &str = "+signed";

/// What is tried, and what is known of the seeds.
pub struct Trial {
    /// The operation.
    pub operation: &'static Operation,
    /// Parts of the seeds.
    pub pool: Pool,
    /// Seeds that are accepted, to start anew from.
    pub sound: Vec<Vec<u8>>,
    /// What keys did sign; empty where the fuzzer signs.
    pub genuine: Genuine,
    resigns: bool,
}

impl Trial {
    /// Prepares a trial of an operation, by its name, perhaps with `+signed`.
    ///
    /// # Panics
    /// Where there is no such operation.
    #[must_use]
    pub fn new(name: &str, seeds: &Seeds) -> Self {
        let plain = name.strip_suffix(SIGNED);
        let operation = operation::find(plain.unwrap_or(name)).expect("an operation of this name");
        let mut pool = Pool::default();
        for known in &operation::ALL {
            for input in seeds.inputs(known) {
                pool.add(&input, known.fields);
            }
        }
        let mut genuine = Genuine::default();
        for (known, fields) in &seeds.evidence {
            if plain.is_none() && technology(known) == technology(operation) {
                genuine.add(&candidates(known, fields).unwrap_or_default());
            }
        }
        let mut sound = seeds.inputs(operation);
        sound.retain(|input| matches!(Answer::read(&(operation.run)(input)), Answer::Ok(_)));
        Self {
            operation,
            pool,
            sound,
            genuine,
            resigns: plain.is_some(),
        }
    }

    /// The input that the operation sees: the given one, or that signed again.
    #[must_use]
    pub fn prepare<'a>(&self, data: &'a [u8]) -> Cow<'a, [u8]> {
        let resigned = self.resigns.then(|| resign::resign(data, self.operation));
        resigned.flatten().map_or(data.into(), Cow::Owned)
    }

    /// Judges a prepared input; whether it is accepted, and what it cost.
    ///
    /// # Panics
    /// Where something is wrong with the answer or the memory.
    pub fn judge(&self, input: &[u8]) -> (bool, Cost) {
        let (text, cost) = bounds::measure(self.operation, input);
        cost.check(input.len());
        let answer = Answer::read(&text);
        self.check(input, &answer);
        if is_one_of_eight(input) {
            // What was verified before must not show in the answer.
            bounds::forget();
            let again = (self.operation.run)(input);
            assert_eq!(text, again, "two answers to one input");
        }
        (matches!(answer, Answer::Ok(_)), cost)
    }

    fn check(&self, input: &[u8], answer: &Answer) {
        let fields = shape::read(input, self.operation.fields);
        let name = self.operation.name;
        let is_misuse =
            |fields: &[Field]| shape::is_misuse(fields) || accepted_tpm::is_misuse(name, fields);
        let fields = fields.filter(|fields| !is_misuse(fields));
        if let Some(fields) = &fields {
            self.check_proofs(&accepted_cloud::check(name, fields, answer));
        }
        match (fields, answer) {
            (None, Answer::Ok(_)) => panic!("wrong framing is accepted"),
            (Some(_), Answer::Bug) => panic!("a file is called the caller's mistake"),
            (Some(fields), Answer::Ok(found)) => {
                if !self.resigns {
                    let proofs = proofs(self.operation, &fields);
                    self.genuine.check(&proofs.unwrap_or_default());
                }
                if !accepted_cloud::quotes(name) {
                    answer::check_texts(found);
                }
                match name {
                    "snp_verify" => accepted_snp::check(&fields, found),
                    "tdx_verify" => accepted_tdx::check(&fields, found),
                    "event_log" => accepted_log::check(found),
                    _ if name.starts_with("tpm_") => {
                        self.check_proofs(&accepted_tpm::check(name, &fields, found));
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

impl Trial {
    /// Everything is genuine, or by the fuzzer, as arithmetic has it.
    fn check_proofs(&self, proofs: &[Proof]) {
        if !self.resigns {
            return self.genuine.check(proofs);
        }
        for proof in proofs {
            assert!(proof.holds(), "accepted, and not signed: {}", proof.what);
        }
    }
}

/// What must be signed; none where nothing must, or where evidence cannot be taken apart.
fn proofs(operation: &Operation, fields: &[Field]) -> Option<Vec<Proof>> {
    match operation.name {
        "snp_verify" => accepted_snp::proofs(fields),
        "tdx_verify" => accepted_tdx::proofs(fields),
        _ => None,
    }
}

/// The same of a seed, which may be refused, and more that may be signed.
fn candidates(operation: &Operation, fields: &[Field]) -> Option<Vec<Proof>> {
    match technology(operation) {
        "tpm" => Some(candidates_tpm::of(operation.name, fields)),
        "nitro" | "gce" | "ec2" => Some(accepted_cloud::candidates(operation.name, fields)),
        _ => proofs(operation, fields),
    }
}

fn technology(operation: &Operation) -> &'static str {
    operation.name.split('_').next().unwrap_or_default()
}

fn is_one_of_eight(data: &[u8]) -> bool {
    let mix = |sum: u8, byte: &u8| sum.wrapping_mul(31) ^ byte;
    data.iter().fold(0, mix).is_multiple_of(8)
}
