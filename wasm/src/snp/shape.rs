//! What the certificates of a chain must look like (57230 §2 and §3).

use crate::answer::Refusal;
use crate::snp::codes::Code;
use crate::snp::leaf::{self, Form};
use crate::x509::certificate::Certificate;
use crate::x509::shape::{check_authority, check_end, check_names};

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
    match check_authority(ark, &["keyCertSign", "cRLSign"]).map_err(refuse)? {
        // RFC 5280 §6.1.4 l: it may be followed by leaves alone, not by an ASK.
        Some(0) => Err(refuse(String::from("the path length is 0"))),
        _ => Ok(()),
    }
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
    let checked = check_names(certificate, ask, form.common_name());
    checked
        .and_then(|()| check_end(certificate, &leaf::EXTENSIONS))
        .map_err(|reason| {
            Refusal::from(Code::LeafShape)
                .with("certificate", name)
                .with("reason", reason)
        })
}

fn refuse_chain(certificate: &'static str, reason: String) -> Refusal {
    Refusal::from(Code::ChainShape)
        .with("certificate", certificate)
        .with("reason", reason)
}
