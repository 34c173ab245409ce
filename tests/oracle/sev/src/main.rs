//! Judges SEV-SNP reports with the crate `sev`, for comparison.
//!
//! Each line of standard input is a request and is answered with one line on
//! standard output, both JSON. Nothing is fetched from the network.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize};
use sev::certs::snp::{Certificate, Chain, Verifiable as _, builtin, ca};
use sev::firmware::guest::AttestationReport;
use sev::parser::ByteParser as _;
use std::error::Error;
use std::io::{BufRead as _, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// What PEM begins with.
const PEM: &[u8] = b"-----BEGIN";

/// One case; byte strings are base64 in JSON. The crate knows no time and no
/// revocation lists, so what a request says of them is left aside.
#[derive(Deserialize)]
struct Request {
    /// Attestation report, as the caller has it.
    #[serde(deserialize_with = "bytes")]
    report: Vec<u8>,
    /// VCEK or VLEK, PEM or DER.
    #[serde(deserialize_with = "bytes")]
    leaf: Vec<u8>,
    /// ASK or ASVK, then ARK, PEM.
    #[serde(deserialize_with = "bytes")]
    chain: Vec<u8>,
    /// Trusted root, DER; empty for the crate's own of the line.
    #[serde(deserialize_with = "bytes")]
    root: Vec<u8>,
    /// Product line.
    line: String,
    /// How often to verify; the answer has the median.
    rounds: usize,
}

/// What came of a request.
#[derive(Default, Serialize)]
struct Answer {
    /// Whether the evidence verified.
    accepted: bool,
    /// Why it did not, else empty.
    error: String,
    /// Median time of one verification from bytes.
    nanoseconds: u64,
}

fn main() -> Result<(), Box<dyn Error>> {
    // Said in the answer, not on standard error.
    std::panic::set_hook(Box::new(|_| {}));
    let mut answers = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let answer = judge(&serde_json::from_str(&line?)?);
        serde_json::to_writer(&mut answers, &answer)?;
        answers.write_all(b"\n")?;
        answers.flush()?;
    }
    Ok(())
}

/// Verifies the evidence of a request as often as it asks.
fn judge(asked: &Request) -> Answer {
    let mut times = Vec::new();
    let mut last = Answer::default();
    for _ in 0..asked.rounds.max(1) {
        let start = Instant::now();
        let said = catch_unwind(AssertUnwindSafe(|| verify(asked)));
        times.push(u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX));
        let error = match said {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some(String::from("panicked")),
        };
        last = Answer {
            accepted: error.is_none(),
            error: error.unwrap_or_default(),
            nanoseconds: 0,
        };
    }
    times.sort_unstable();
    last.nanoseconds = times.get(times.len() / 2).copied().unwrap_or_default();
    last
}

/// All that the crate verifies: ARK over itself and over the ASK, ASK over the
/// leaf, leaf over the report.
fn verify(asked: &Request) -> Result<(), Box<dyn Error>> {
    let report = AttestationReport::from_bytes(&asked.report)?;
    let chain = Chain {
        ca: ca::Chain {
            ark: root_of(asked)?,
            ask: intermediate_of(&asked.chain)?,
        },
        vek: certificate_of(&asked.leaf)?,
    };
    (&chain, &report).verify()?;
    Ok(())
}

/// The root is the caller's, never the evidence's: the crate compares none with its own.
fn root_of(asked: &Request) -> Result<Certificate, Box<dyn Error>> {
    if !asked.root.is_empty() {
        return Ok(Certificate::from_der(&asked.root)?);
    }
    Ok(match asked.line.as_str() {
        "Milan" => builtin::milan::ark()?,
        "Genoa" => builtin::genoa::ark()?,
        "Turin" => builtin::turin::ark()?,
        other => return Err(format!("the crate has no root of {other}").into()),
    })
}

/// A caller of the crate splits the chain himself; this one wants two certificates and takes the first.
fn intermediate_of(chain: &[u8]) -> Result<Certificate, Box<dyn Error>> {
    let certificates = x509_cert::Certificate::load_pem_chain(chain)?;
    let [ask, _ark] = <[_; 2]>::try_from(certificates)
        .map_err(|found| format!("the chain has {} certificates", found.len()))?;
    Ok(Certificate::from(ask))
}

fn certificate_of(file: &[u8]) -> Result<Certificate, Box<dyn Error>> {
    Ok(if file.starts_with(PEM) {
        Certificate::from_pem(file)?
    } else {
        Certificate::from_der(file)?
    })
}

fn bytes<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(from)?;
    STANDARD.decode(text).map_err(serde::de::Error::custom)
}
