//! Collateral for a person to look at; nothing is verified.

use crate::answer::Refusal;
use crate::frame;
use crate::json::members;
use crate::json::write::{Json, Writer, object};
use crate::tdx::document::{self, Kind, SignedDocument};
use crate::tdx::level::{EnclaveTcb, Level, ReachedLevel};
use crate::tdx::qe_identity::QeIdentity;
use crate::tdx::tcb_info::{PlatformTcb, TcbInfo, TcbInfoHead};
use crate::x509::codes::Code as InputCode;

/// A document of Intel's PCS.
pub enum Collateral {
    /// TCB info.
    TcbInfo(Box<ShownTcbInfo>),
    /// QE identity.
    QeIdentity(Box<ShownQeIdentity>),
}

impl Json for Collateral {
    fn write(&self, to: &mut Writer) {
        to.object(|to| match self {
            Self::TcbInfo(shown) => {
                to.member("kind", &"tcb-info");
                shown.write_members(to);
            }
            Self::QeIdentity(shown) => {
                to.member("kind", &"qe-identity");
                shown.write_members(to);
            }
        });
    }
}

/// TCB info, without what only a verifier compares.
#[allow(missing_docs)]
pub struct ShownTcbInfo {
    pub head: TcbInfoHead,
    pub tcb_type: u32,
    pub levels: Vec<ShownLevel>,
    pub modules: Vec<ShownModule>,
}

object!(ShownTcbInfo { ..head, tcb_type, levels, modules });

/// QE identity, without what only a verifier compares.
#[allow(missing_docs)]
pub struct ShownQeIdentity {
    pub head: SignedDocument,
    pub levels: Vec<ShownLevel>,
}

object!(ShownQeIdentity { ..head, levels });

/// Levels of one major version of the TDX module.
#[allow(missing_docs)]
pub struct ShownModule {
    pub id: String,
    pub levels: Vec<ShownLevel>,
}

object!(ShownModule { id, levels });

/// A level, and in words what must be reached.
#[allow(missing_docs)]
pub struct ShownLevel {
    pub level: ReachedLevel,
    pub says: String,
}

object!(ShownLevel { ..level, says });

/// Reads TCB info or QE identity. Fields: the file.
///
/// # Errors
/// `input.*`, `tdx.tcb_info_format`, `tdx.qe_identity_format`
pub fn operation(input: &[u8]) -> Result<Collateral, Refusal> {
    let [file] = frame::fields(input)?;
    let kind = kind_of(file)?;
    let signed = document::split(file, kind)?;
    Ok(match kind {
        Kind::TcbInfo => {
            let info = TcbInfo::parse(signed.text)?;
            Collateral::TcbInfo(Box::new(show_tcb_info(&info, signed.sha256)))
        }
        Kind::QeIdentity => {
            let identity = QeIdentity::parse(signed.text)?;
            Collateral::QeIdentity(Box::new(ShownQeIdentity {
                head: identity.head(signed.sha256),
                levels: show_levels(&identity.tcb_levels, say_enclave),
            }))
        }
    })
}

/// Tells by its members what a file is.
fn kind_of(file: &[u8]) -> Result<Kind, Refusal> {
    const INPUT: &str = "file";
    document::check_size(file, INPUT)?;
    let refuse = |code: InputCode| Refusal::from(code).with("input", INPUT);
    let encoding = |reason: String| refuse(InputCode::InputEncoding).with("reason", reason);
    let text = document::text_of(file).ok_or_else(|| encoding(String::from("it is not UTF-8")))?;
    let members = members::all(text).map_err(encoding)?;
    let known = [Kind::TcbInfo, Kind::QeIdentity].into_iter();
    let mut found = known.filter(|kind| members.iter().any(|(name, _)| name == kind.member()));
    found.next().ok_or_else(|| {
        refuse(InputCode::InputWrongKind).with("expected", "TCB info or QE identity")
    })
}

fn show_tcb_info(info: &TcbInfo, sha256: [u8; 32]) -> ShownTcbInfo {
    let modules = info.tdx_module_identities.iter();
    ShownTcbInfo {
        head: info.head(sha256),
        tcb_type: info.tcb_type,
        levels: show_levels(&info.tcb_levels, say_platform),
        modules: modules
            .map(|module| ShownModule {
                id: module.id.clone(),
                levels: show_levels(&module.tcb_levels, say_enclave),
            })
            .collect(),
    }
}

fn show_levels<T>(levels: &[Level<T>], say: fn(&T) -> String) -> Vec<ShownLevel> {
    let levels = levels.iter().map(|level| ShownLevel {
        level: level.reached(),
        says: say(&level.tcb),
    });
    levels.collect()
}

fn say_enclave(tcb: &EnclaveTcb) -> String {
    format!("SVN {}", tcb.isvsvn)
}

fn say_platform(tcb: &PlatformTcb) -> String {
    let sgx = say_components(tcb.sgxtcbcomponents);
    let tdx = tcb.tdxtcbcomponents.map(say_components);
    let tdx = tdx.map_or_else(String::new, |svns| format!(", TDX {svns}"));
    format!("SGX {sgx}, PCE {}{tdx}", tcb.pcesvn)
}

/// SVNs in their order, up to the last that is not zero.
fn say_components(svns: [u8; 16]) -> String {
    let used = svns.iter().rposition(|svn| *svn != 0).unwrap_or(0);
    let svns = svns.iter().take(used + 1).map(u8::to_string);
    svns.collect::<Vec<_>>().join(".")
}
