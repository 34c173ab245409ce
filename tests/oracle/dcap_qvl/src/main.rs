//! Judges TDX and SGX quotes with the crate `dcap-qvl`, for comparison.
//!
//! Each line of standard input is a request and is answered with one line on
//! standard output, both JSON. Nothing is fetched from the network.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dcap_qvl::QuoteCollateralV3;
use dcap_qvl::configs::{RingConfig, RustCryptoConfig};
use dcap_qvl::verify::{QuoteVerifier, VerifiedReport};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use std::error::Error;
use std::io::{BufRead as _, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// One case; byte strings are base64 in JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    /// Quote, as the caller has it.
    #[serde(deserialize_with = "bytes")]
    quote: Vec<u8>,
    /// TCB info, as the PCS returns it.
    #[serde(deserialize_with = "bytes")]
    tcb_info: Vec<u8>,
    /// QE identity, as the PCS returns it.
    #[serde(deserialize_with = "bytes")]
    qe_identity: Vec<u8>,
    /// TCB signing certificate and root, PEM.
    #[serde(deserialize_with = "bytes")]
    tcb_chain: Vec<u8>,
    /// List of the CA of the PCK certificate, DER.
    #[serde(deserialize_with = "bytes")]
    pck_crl: Vec<u8>,
    /// List of the root, DER.
    #[serde(deserialize_with = "bytes")]
    root_crl: Vec<u8>,
    /// Trusted root, DER; empty for Intel's.
    #[serde(deserialize_with = "bytes")]
    root: Vec<u8>,
    /// Moment of the verification, seconds since 1970.
    time: u64,
    /// How often to verify; the answer has the median.
    rounds: usize,
    /// Whether the crates of RustCrypto compute, else ring.
    #[serde(default)]
    rust_crypto: bool,
}

/// What came of a request.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    /// Whether the evidence verified.
    accepted: bool,
    /// Why it did not, else empty.
    error: String,
    /// Whether verification panicked.
    panicked: bool,
    /// TCB status, where it verified.
    status: String,
    /// Advisories, where it verified.
    advisory_ids: Vec<String>,
    /// Median time of one verification from bytes.
    nanoseconds: u64,
}

/// A signed document: the signature is over the exact text of the other member.
#[derive(Deserialize)]
struct Signed<'a> {
    #[serde(borrow, alias = "tcbInfo", alias = "enclaveIdentity")]
    document: &'a RawValue,
    signature: String,
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
    let collateral = match collateral_of(asked) {
        Ok(collateral) => collateral,
        Err(error) => return refused(error.to_string()),
    };
    let mut times = Vec::new();
    let mut last = Answer::default();
    for _ in 0..asked.rounds.max(1) {
        let start = Instant::now();
        let said = catch_unwind(AssertUnwindSafe(|| verify(asked, &collateral)));
        times.push(u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX));
        last = match said {
            Ok(Ok(report)) => Answer {
                accepted: true,
                status: report.status,
                advisory_ids: report.advisory_ids,
                ..Answer::default()
            },
            Ok(Err(error)) => refused(error),
            Err(_) => Answer {
                panicked: true,
                ..refused(String::from("panicked"))
            },
        };
    }
    times.sort_unstable();
    last.nanoseconds = times.get(times.len() / 2).copied().unwrap_or_default();
    last
}

/// Debugging and service TDs are let through: the project that compares leaves
/// both to its policy.
fn verify(asked: &Request, collateral: &QuoteCollateralV3) -> Result<VerifiedReport, String> {
    let verifier = if asked.root.is_empty() {
        QuoteVerifier::new_prod()
    } else {
        QuoteVerifier::new(asked.root.clone())
    };
    let verifier = verifier.allow_debug(true).allow_service_td(true);
    let said = if asked.rust_crypto {
        let verifier = verifier.with_config::<RustCryptoConfig>();
        verifier.verify(&asked.quote, collateral, asked.time)
    } else {
        let verifier = verifier.with_config::<RingConfig>();
        verifier.verify(&asked.quote, collateral, asked.time)
    };
    // The whole chain of causes on one line.
    said.map_err(|error| format!("{error:#}"))
}

fn collateral_of(asked: &Request) -> Result<QuoteCollateralV3, Box<dyn Error>> {
    let tcb_info: Signed<'_> = serde_json::from_slice(&asked.tcb_info)?;
    let qe_identity: Signed<'_> = serde_json::from_slice(&asked.qe_identity)?;
    let chain = String::from_utf8(asked.tcb_chain.clone())?;
    Ok(QuoteCollateralV3 {
        // Not read by the verification, which takes the chain in the quote.
        pck_crl_issuer_chain: String::new(),
        root_ca_crl: asked.root_crl.clone(),
        pck_crl: asked.pck_crl.clone(),
        tcb_info_issuer_chain: chain.clone(),
        tcb_info: tcb_info.document.get().to_owned(),
        tcb_info_signature: hex::decode(tcb_info.signature)?,
        qe_identity_issuer_chain: chain,
        qe_identity: qe_identity.document.get().to_owned(),
        qe_identity_signature: hex::decode(qe_identity.signature)?,
        pck_certificate_chain: None,
    })
}

fn refused(error: String) -> Answer {
    Answer {
        error,

        ..Answer::default()
    }
}

fn bytes<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(from)?;
    STANDARD.decode(text).map_err(serde::de::Error::custom)
}
