//! What RFC 5280 demands of certificates in a chain, whoever issued them.

use crate::answer::Refusal;
use crate::lab::LAB_MARK;
use crate::x509::certificate::Certificate;
use crate::x509::extensions::{self, BASIC_CONSTRAINTS, KEY_USAGE};
use crate::x509::name;
use crate::x509::path::Path;

/// Extensions that are understood in every certificate; where the lab mark may
/// stand was decided with the root.
const UNDERSTOOD: [&[u8]; 3] = [BASIC_CONSTRAINTS, KEY_USAGE, &LAB_MARK];

/// Checks version, issuer and common name (§4.1.2, §6.1.3 a 4).
///
/// # Errors
/// Says for a person what is wrong.
pub fn check_names(
    certificate: &Certificate,
    issuer: &Certificate,
    name: &str,
) -> Result<(), String> {
    check_version(certificate)?;
    let content = certificate.content();
    if certificate.common_name() != Some(name) {
        let actual = name::text(&content.subject);
        return Err(format!("its common name is not {name} but {actual}"));
    }
    if content.issuer != issuer.content().subject {
        let actual = name::text(&content.issuer);
        let expected = name::text(&issuer.content().subject);
        return Err(format!("its issuer is {actual}, not {expected}"));
    }
    Ok(())
}

/// Checks what is the same for every certificate of a chain (§4.1.2.1, §4.1.2.8).
///
/// # Errors
/// Says for a person what is wrong.
pub fn check_version(certificate: &Certificate) -> Result<(), String> {
    let content = certificate.content();
    if content.version != 3 {
        return Err(String::from("it is not of version 3"));
    }
    if content.has_unique_id {
        return Err(String::from("it has a unique identifier"));
    }
    Ok(())
}

/// Checks an authority and gives its path length. Key usage is checked where it
/// is present (§6.1.4 n).
///
/// # Errors
/// Says for a person what is wrong.
pub fn check_authority(certificate: &Certificate, usages: &[&str]) -> Result<Option<u8>, String> {
    check_authority_with(certificate, usages, &[])
}

/// The same with further extensions that are understood.
///
/// # Errors
/// Says for a person what is wrong.
pub fn check_authority_with(
    certificate: &Certificate,
    usages: &[&str],
    known: &[&[u8]],
) -> Result<Option<u8>, String> {
    let listed = certificate.extensions();
    let constraints = extensions::basic_constraints(listed)?;
    let constraints = constraints.filter(|constraints| constraints.ca);
    let constraints = constraints.ok_or("it may not issue certificates")?;
    let usage = extensions::key_usage(listed)?;
    if usage.is_some_and(|usage| !usages.iter().all(|one| usage.allows(one))) {
        return Err(String::from("its key may not sign what it has to"));
    }
    extensions::check_critical(listed, &[&UNDERSTOOD, known].concat())?;
    Ok(constraints.path_len)
}

/// Checks the authorities of a path, the leaf's issuer first: version, flags, path length (§6.1.4 k to n).
///
/// # Arguments
/// `known` are the identifiers of further extensions that the technology
/// understands, `check` what else it demands.
///
/// # Errors
/// `code`
pub fn check_authorities(
    path: &Path,
    code: &'static str,
    known: &[&[u8]],
    check: fn(&Certificate) -> Result<(), String>,
) -> Result<(), Refusal> {
    let named = path.named();
    for (below, (name, authority)) in named.iter().skip(1).enumerate() {
        check_length(authority, below, known)
            .and_then(|()| check(authority))
            .map_err(|reason| misshapen(code, name, reason))?;
    }
    Ok(())
}

/// # Arguments
/// `below` is the number of authorities between it and the leaf.
fn check_length(authority: &Certificate, below: usize, known: &[&[u8]]) -> Result<(), String> {
    check_version(authority)?;
    let path = check_authority_with(authority, &["keyCertSign"], known)?;
    match path {
        Some(most) if usize::from(most) < below => Err(format!(
            "the path length is {most}, and {below} authorities are below it"
        )),
        _ => Ok(()),
    }
}

/// A refusal of a certificate that is not fit for its place.
#[must_use]
pub fn misshapen(code: &'static str, certificate: &'static str, reason: String) -> Refusal {
    Refusal::of_code(code)
        .with("certificate", certificate)
        .with("reason", reason)
}

/// Checks a certificate whose key signs something else than certificates.
///
/// # Arguments
/// `known` are the identifiers of further extensions that the technology understands.
///
/// # Errors
/// Says for a person what is wrong.
pub fn check_end(certificate: &Certificate, known: &[&[u8]]) -> Result<(), String> {
    let listed = certificate.extensions();
    if extensions::basic_constraints(listed)?.is_some_and(|constraints| constraints.ca) {
        return Err(String::from("it may issue certificates"));
    }
    if extensions::key_usage(listed)?.is_some_and(|usage| !usage.allows("digitalSignature")) {
        return Err(String::from("its key may not sign"));
    }
    extensions::check_critical(listed, &[&UNDERSTOOD, known].concat())
}
