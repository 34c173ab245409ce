//! What the certificates of a chain must look like (57230 §2 and §3).

use crate::answer::Refusal;
use crate::snp::codes::Code;
use crate::snp::lab::LAB_MARK;
use crate::snp::leaf::{self, Form};
use crate::x509::certificate::Certificate;
use crate::x509::extensions::{self, BASIC_CONSTRAINTS, KEY_USAGE};
use crate::x509::name;
use der::asn1::ObjectIdentifier;

/// Extensions that are understood in every certificate; where the lab mark may
/// stand was decided with the root.
const AUTHORITY_EXTENSIONS: [&[u8]; 3] = [
    BASIC_CONSTRAINTS.as_bytes(),
    KEY_USAGE.as_bytes(),
    &LAB_MARK,
];

/// The line that an ARK's common name states, `Milan` of `ARK-Milan`.
#[must_use]
pub fn line_of_ark(ark: &Certificate) -> Option<&str> {
    let line = ark.common_name()?.strip_prefix("ARK-")?;
    (!line.is_empty()).then_some(line)
}

/// Checks the root: issued by itself, may sign certificates and lists.
///
/// Key usage is checked where it is present (RFC 5280 §6.1.4 n); AMD's have it.
///
/// # Errors
/// `snp.chain_shape`
pub fn check_ark(ark: &Certificate, line: &str) -> Result<(), Refusal> {
    let refuse = |reason: String| refuse_chain("ARK", reason);
    check_names(ark, ark, &format!("ARK-{line}")).map_err(refuse)?;
    let path = check_authority(ark, &["keyCertSign", "cRLSign"]);
    path.map(|_| ()).map_err(refuse)
}

/// Checks the intermediate, and tells by its name which form of leaf it issues.
///
/// # Errors
/// `snp.chain_shape`
pub fn check_ask(ask: &Certificate, ark: &Certificate, line: &str) -> Result<Form, Refusal> {
    let form = form_of_ask(ask);
    let refuse = |reason: String| refuse_chain(form.issuer_name(), reason);
    let name = match form {
        Form::Vcek => format!("SEV-{line}"),
        Form::Vlek => format!("SEV-VLEK-{line}"),
    };
    check_names(ask, ark, &name).map_err(refuse)?;
    let path = check_authority(ask, &["keyCertSign"]).map_err(refuse)?;
    if path != Some(0) {
        return Err(refuse(String::from("the path length is not 0")));
    }
    Ok(form)
}

/// Which form of leaf an intermediate says it issues.
#[must_use]
pub fn form_of_ask(ask: &Certificate) -> Form {
    match ask.common_name() {
        Some(name) if name.starts_with("SEV-VLEK-") => Form::Vlek,
        _ => Form::Vcek,
    }
}

/// Checks the leaf: issued by the intermediate in the form that it issues,
/// not an authority, nothing critical that is unknown.
///
/// # Errors
/// `snp.leaf_shape`
pub fn check_leaf(certificate: &Certificate, ask: &Certificate, form: Form) -> Result<(), Refusal> {
    let name = form.name();
    check_end(certificate, ask, form).map_err(|reason| {
        Refusal::from(Code::LeafShape)
            .with("certificate", name)
            .with("reason", reason)
    })
}

fn check_end(certificate: &Certificate, ask: &Certificate, form: Form) -> Result<(), String> {
    check_names(certificate, ask, form.common_name())?;
    let listed = certificate.extensions();
    if extensions::basic_constraints(listed)?.is_some_and(|constraints| constraints.ca) {
        return Err(String::from("it may issue certificates"));
    }
    if extensions::key_usage(listed)?.is_some_and(|usage| !usage.allows("digitalSignature")) {
        return Err(String::from("its key may not sign"));
    }
    let leaf = leaf::EXTENSIONS.iter().map(ObjectIdentifier::as_bytes);
    let known: Vec<&[u8]> = AUTHORITY_EXTENSIONS.into_iter().chain(leaf).collect();
    check_known(certificate, &known)
}

/// Version, issuer and common name.
fn check_names(certificate: &Certificate, issuer: &Certificate, name: &str) -> Result<(), String> {
    let content = certificate.content();
    if certificate.version() != 3 {
        return Err(String::from("it is not of version 3"));
    }
    if content.issuer_id.is_some() || content.subject_id.is_some() {
        return Err(String::from("it has a unique identifier"));
    }
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

/// Checks an authority and gives its path length.
fn check_authority(certificate: &Certificate, usages: &[&str]) -> Result<Option<u8>, String> {
    let listed = certificate.extensions();
    let constraints = extensions::basic_constraints(listed)?;
    let constraints = constraints.filter(|constraints| constraints.ca);
    let constraints = constraints.ok_or("it may not issue certificates")?;
    let usage = extensions::key_usage(listed)?;
    if usage.is_some_and(|usage| !usages.iter().all(|one| usage.allows(one))) {
        return Err(String::from("its key may not sign what it has to"));
    }
    check_known(certificate, &AUTHORITY_EXTENSIONS)?;
    Ok(constraints.path_len_constraint)
}

fn check_known(certificate: &Certificate, known: &[&[u8]]) -> Result<(), String> {
    extensions::check_critical(certificate.extensions(), known)
}

fn refuse_chain(certificate: &'static str, reason: String) -> Refusal {
    Refusal::from(Code::ChainShape)
        .with("certificate", certificate)
        .with("reason", reason)
}
