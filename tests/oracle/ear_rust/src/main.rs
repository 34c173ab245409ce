//! Reads attestation results with the crate `ear`, for comparison.
//!
//! Each line of standard input is a request and is answered with one line on
//! standard output, both JSON. Nothing is fetched from the network.

use ear::{Algorithm, Ear};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::error::Error;
use std::io::{BufRead as _, Write as _};

/// One token to verify.
#[derive(Deserialize)]
struct Request {
    /// JWT in compact form.
    token: String,
    /// Algorithm of the key, as `ES256`.
    algorithm: String,
    /// The key.
    jwk: Value,
}

/// What came of a request.
#[derive(Default, Serialize)]
struct Answer {
    /// Whether it verified and is valid.
    accepted: bool,
    /// Why not.
    reason: String,
    /// Claims as they were understood, written again.
    claims: Value,
    /// The same after the library lowered each status to the worst claim.
    lowered: Value,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let request: Request = serde_json::from_str(&line?)?;
        let answer = judge(&request).unwrap_or_else(|reason| Answer {
            reason: reason.to_string(),
            ..Answer::default()
        });
        serde_json::to_writer(&mut out, &answer)?;
        writeln!(out)?;
        out.flush()?;
    }
    Ok(())
}

fn judge(request: &Request) -> Result<Answer, Box<dyn Error>> {
    let algorithm = match request.algorithm.as_str() {
        "ES256" => Algorithm::ES256,
        "ES384" => Algorithm::ES384,
        "EdDSA" => Algorithm::EdDSA,
        other => return Err(format!("no algorithm {other}").into()),
    };
    let key = serde_json::to_vec(&request.jwk)?;
    let mut ear = Ear::from_jwt_jwk(&request.token, algorithm, &key)?;
    ear.validate()?;
    let claims = serde_json::to_value(&ear)?;
    for appraisal in ear.submods.values_mut() {
        appraisal.update_status_from_trust_vector();
    }
    let lowered = serde_json::to_value(&ear)?;
    Ok(Answer { accepted: true, reason: String::new(), claims, lowered })
}
