//! What Intel's PCS says of a platform, authenticated under the root of the quote's chain.

use crate::answer::Refusal;
use crate::frame;
use crate::hex::encode;
use crate::moment::Window;
use crate::tdx::chain::Chain;
use crate::tdx::codes::Code;
use crate::tdx::crl_chain;
use crate::tdx::document::{self, Kind, Signed, SignedDocument};
use crate::tdx::header::Tee;
use crate::tdx::qe_identity::{self, QeIdentity};
use crate::tdx::revocation::{PCK_CRL, ROOT_CRL, RevocationList};
use crate::tdx::tcb_info::{self, TcbInfo, TcbInfoHead};
use crate::tdx::tcb_signing::TcbSigner;
use crate::x509::certificate::{Certificate, CertificateSummary};
use crate::x509::ecdsa::{self, P256Key};

/// The files.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// TCB info, JSON.
    pub tcb_info: &'a [u8],
    /// QE identity, JSON.
    pub qe_identity: &'a [u8],
    /// TCB signing certificate and root; PEM or DER.
    pub tcb_chain: &'a [u8],
    /// List of the CA of the PCK certificate; PEM or DER.
    pub pck_crl: &'a [u8],
    /// List of the root; PEM or DER.
    pub root_crl: &'a [u8],
    /// CA and root of the first list; PEM or DER.
    pub pck_crl_chain: Option<&'a [u8]>,
}

/// Collateral that is genuine and about this platform; whether it is in force
/// depends on the time.
pub struct Collateral {
    /// TCB info.
    pub tcb_info: TcbInfo,
    /// Its head.
    pub tcb_info_head: TcbInfoHead,
    /// QE identity.
    pub qe_identity: QeIdentity,
    /// Its head.
    pub qe_identity_head: SignedDocument,
    /// Certificate that signed both.
    pub tcb_signing: CertificateSummary,
    /// List of the CA of the PCK certificate.
    pub pck_crl: RevocationList,
    /// List of the root.
    pub root_crl: RevocationList,
    /// When its certificates are in force.
    pub windows: Vec<(&'static str, Window)>,
}

impl<'a> Input<'a> {
    /// Takes the files out of a field: TCB info; QE identity; chain of both; PCK
    /// CRL; root CRL; list of at most one chain of the PCK CRL. An empty field
    /// means that there is no collateral.
    ///
    /// # Errors
    /// A bug, since the calling code framed it.
    pub fn read(field: &'a [u8]) -> Result<Option<Self>, Refusal> {
        if field.is_empty() {
            return Ok(None);
        }
        let [tcb_info, qe_identity, tcb_chain, pck_crl, root_crl, rest] = frame::fields(field)?;
        Ok(Some(Self {
            tcb_info,
            qe_identity,
            tcb_chain,
            pck_crl,
            root_crl,
            pck_crl_chain: frame::list(rest, 1)?.first().copied(),
        }))
    }

    /// All of it, for the key of a cache. A chain that is missing and an empty
    /// one differ in the number of parts.
    pub fn parts(&self) -> impl Iterator<Item = &'a [u8]> {
        let all = [
            self.tcb_info,
            self.qe_identity,
            self.tcb_chain,
            self.pck_crl,
            self.root_crl,
        ];
        all.into_iter().chain(self.pck_crl_chain)
    }
}

/// The two lists, and the CA that came with the first.
struct Lists {
    pck: RevocationList,
    root: RevocationList,
    ca: Option<Certificate>,
}

impl Collateral {
    /// Verifies collateral for a platform: chain, lists, documents.
    ///
    /// # Errors
    /// `tdx.tcb_chain_*`, `tdx.crl_*`, `tdx.revoked`, `tdx.tcb_info_*`,
    /// `tdx.fmspc_mismatch`, `tdx.pceid_mismatch`, `tdx.qe_identity_*`,
    /// `tdx.evaluation_number_mismatch`, `tdx.lab_*`, `x509.*`, `input.*`
    pub fn verify(input: &Input<'_>, chain: &Chain, tee: Tee) -> Result<Self, Refusal> {
        let signer = TcbSigner::verify(input.tcb_chain, chain)?;
        let lists = Lists::verify(input, chain, &signer.certificate)?;
        let (tcb_info, tcb_info_head) = read_tcb_info(input.tcb_info, &signer.key, chain, tee)?;
        let (qe_identity, qe_identity_head) =
            read_qe_identity(input.qe_identity, &signer.key, tee)?;
        check_numbers(&tcb_info, &qe_identity)?;
        let signing = (TcbSigner::NAME, signer.certificate.window());
        let ca = lists.ca.map(|ca| (crl_chain::NAME, ca.window()));
        Ok(Self {
            tcb_info,
            tcb_info_head,
            qe_identity,
            qe_identity_head,
            tcb_signing: signer.certificate.summary(),
            pck_crl: lists.pck,
            root_crl: lists.root,
            windows: [signing].into_iter().chain(ca).collect(),
        })
    }
}

impl Lists {
    fn verify(input: &Input<'_>, chain: &Chain, signer: &Certificate) -> Result<Self, Refusal> {
        let ca = input
            .pck_crl_chain
            .map(|file| crl_chain::verify(file, chain));
        let ca = ca.transpose()?;
        let leaf = [("PCK", &chain.leaf)];
        let mut under_root = vec![
            ("root", &chain.root.certificate),
            ("CA", &chain.intermediate.certificate),
            (TcbSigner::NAME, signer),
        ];
        under_root.extend(ca.as_ref().map(|ca| (crl_chain::NAME, ca)));
        let (issuer, root) = (&chain.intermediate, &chain.root);
        let pck = RevocationList::verify(input.pck_crl, &PCK_CRL, issuer, &leaf)?;
        let root = RevocationList::verify(input.root_crl, &ROOT_CRL, root, &under_root)?;
        Ok(Self { pck, root, ca })
    }
}

fn read_tcb_info(
    file: &[u8],
    key: &P256Key,
    chain: &Chain,
    tee: Tee,
) -> Result<(TcbInfo, TcbInfoHead), Refusal> {
    let signed = document::split(file, Kind::TcbInfo)?;
    check_signature(&signed, key, Kind::TcbInfo)?;
    let info = TcbInfo::parse(signed.text)?;
    let id = match tee {
        Tee::Tdx => tcb_info::Id::Tdx,
        Tee::Sgx => tcb_info::Id::Sgx,
    };
    let pck = &chain.pck;
    check(Code::TcbInfoId, info.id.as_str(), id.as_str())?;
    check(
        Code::FmspcMismatch,
        &encode(&info.fmspc),
        &encode(&pck.fmspc.0),
    )?;
    check(
        Code::PceidMismatch,
        &encode(&info.pce_id),
        &encode(&pck.pce_id.0),
    )?;
    let head = info.head(signed.sha256);
    Ok((info, head))
}

fn read_qe_identity(
    file: &[u8],
    key: &P256Key,
    tee: Tee,
) -> Result<(QeIdentity, SignedDocument), Refusal> {
    let signed = document::split(file, Kind::QeIdentity)?;
    check_signature(&signed, key, Kind::QeIdentity)?;
    let identity = QeIdentity::parse(signed.text)?;
    let id = match tee {
        Tee::Tdx => qe_identity::Id::TdQe,
        Tee::Sgx => qe_identity::Id::Qe,
    };
    check(Code::QeIdentityId, identity.id.as_str(), id.as_str())?;
    let head = identity.head(signed.sha256);
    Ok((identity, head))
}

fn check_signature(signed: &Signed<'_>, key: &P256Key, kind: Kind) -> Result<(), Refusal> {
    let found = ecdsa::signature_of(&signed.signature);
    if found.is_some_and(|found| key.verifies(signed.text, &found)) {
        return Ok(());
    }
    let code = match kind {
        Kind::TcbInfo => Code::TcbInfoSignature,
        Kind::QeIdentity => Code::QeIdentitySignature,
    };
    Err(Refusal::from(code).with("input", kind.input()))
}

/// What of two recoveries stands side by side could hide that one half is out of date.
fn check_numbers(info: &TcbInfo, identity: &QeIdentity) -> Result<(), Refusal> {
    let expected = info.tcb_evaluation_data_number.to_string();
    let actual = identity.tcb_evaluation_data_number.to_string();
    check(Code::EvaluationNumberMismatch, &actual, &expected)
}

fn check(code: Code, actual: &str, expected: &str) -> Result<(), Refusal> {
    if actual == expected {
        return Ok(());
    }
    Err(Refusal::from(code)
        .with("expected", expected)
        .with("actual", actual))
}
