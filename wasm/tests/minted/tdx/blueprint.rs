//! Everything of a case before it is signed.

use super::bytes::{QuoteBytes, enclave_report, td_report};
use super::documents::{qe_identity, sign, tcb_info};
use super::key::{Key, ecdsa};
use super::platform::Platform;
use crate::part::{extension, null, sequence, serial, time};
use crate::x509::structure::{Content, Extension, ListContent, SignedCertificate, SignedList};
use casemate_core::anchor::Anchor;
use casemate_core::answer::Refusal;
use casemate_core::digest::sha256;
use casemate_core::tdx::collateral::Input;
use casemate_core::tdx::header::Tee;
use casemate_core::tdx::verify::{Cache, Evidence, Request, verify};
use core::str::FromStr;
use der::Encode;
use der::asn1::BitString;
use serde_json::Value;
use x509_cert::AlgorithmIdentifier;
use x509_cert::certificate::Version;
use x509_cert::name::Name;
use x509_cert::time::Validity;

/// A moment at which everything is in force.
pub const NOW: &str = "2026-06-15T00:00:00Z";
/// Common names.
pub const ROOT: &str = "Intel SGX Root CA";
pub const PLATFORM: &str = "Intel SGX PCK Platform CA";
pub const PROCESSOR: &str = "Intel SGX PCK Processor CA";
pub const PCK: &str = "Intel SGX PCK Certificate";
pub const SIGNING: &str = "Intel SGX TCB Signing";

/// What is signed, by whom, and how the signature names itself.
#[derive(Clone)]
pub struct Paper<T> {
    pub content: T,
    pub signer: Key,
    pub outer: AlgorithmIdentifier,
}

/// Everything of one case.
#[derive(Clone)]
pub struct Case {
    pub tee: &'static str,
    pub quote: QuoteBytes,
    pub root: Paper<Content>,
    pub ca: Paper<Content>,
    pub pck: Paper<Content>,
    pub platform: Platform,
    pub signing: Paper<Content>,
    pub pck_list: Paper<ListContent>,
    pub root_list: Paper<ListContent>,
    /// CA in the chain of the PCK CRL, and its root where it is another one.
    pub crl_chain: Option<(Paper<Content>, Option<Paper<Content>>)>,
    /// Root of the TCB chain where it is another one.
    pub tcb_root: Option<Paper<Content>>,
    /// Order of the certificates in the quote.
    pub order: Vec<usize>,
    pub info: Value,
    pub info_signer: Key,
    pub identity: Value,
    pub identity_signer: Key,
    pub with_collateral: bool,
    pub now: u64,
    pub lab: bool,
}

impl Case {
    /// A trust domain of TDX 1.5, quote of version 5.
    pub fn tdx_15() -> Self {
        Self::new("TDX", QuoteBytes::new(5, 0x81, td_report(648), 2))
    }

    /// A trust domain of TDX 1.0, quote of version 4.
    pub fn tdx_10() -> Self {
        Self::new("TDX", QuoteBytes::new(4, 0x81, td_report(584), 2))
    }

    /// An enclave, quote of version 3.
    pub fn sgx() -> Self {
        Self::new("SGX", QuoteBytes::new(3, 0, enclave_report(), 1))
    }

    fn new(tee: &'static str, quote: QuoteBytes) -> Self {
        let ca = certificate(PLATFORM, ROOT, Key::Ca, Key::Root, authority(Some(0)));
        Self {
            tee,
            quote,
            root: certificate(ROOT, ROOT, Key::Root, Key::Root, authority(Some(1))),
            crl_chain: Some((ca.clone(), None)),
            ca,
            pck: certificate(PCK, PLATFORM, Key::Pck, Key::Ca, end()),
            platform: Platform::new(),
            signing: certificate(SIGNING, ROOT, Key::Signing, Key::Root, end()),
            pck_list: list(PLATFORM, Key::Ca),
            root_list: list(ROOT, Key::Root),
            tcb_root: None,
            order: vec![0, 1, 2],
            info: tcb_info(tee),
            info_signer: Key::Signing,
            identity: qe_identity(tee),
            identity_signer: Key::Signing,
            with_collateral: true,
            now: seconds(NOW),
            lab: false,
        }
    }

    /// All certificates.
    pub fn certificates(&mut self) -> Vec<&mut Paper<Content>> {
        let mut all = vec![
            &mut self.root,
            &mut self.ca,
            &mut self.pck,
            &mut self.signing,
        ];
        all.extend(self.crl_chain.as_mut().map(|(ca, _)| ca));
        all
    }

    /// Puts the lab mark into every certificate and pins the root as a lab's.
    pub fn mark(&mut self) {
        self.lab = true;
        for certificate in self.certificates() {
            certificate.mark();
        }
    }

    /// PCK certificate, CA and root, signed.
    pub fn chain(&self) -> [Vec<u8>; 3] {
        let mut pck = self.pck.clone();
        pck.extensions().extend(self.platform.extension());
        [pck.sign(), self.ca.sign(), self.root.sign()]
    }

    /// The quote, signed.
    pub fn signed_quote(&self) -> Vec<u8> {
        let chain = self.chain();
        let chain = self.order.iter().map(|index| pem(&chain[*index]));
        self.quote.sign(&chain.collect::<Vec<_>>().concat())
    }

    /// Signs everything and verifies it.
    pub fn verify(&self, cache: &mut Cache) -> Result<Evidence, Refusal> {
        self.verify_quote(&self.signed_quote(), cache)
    }

    /// Verifies another quote with the rest of this case.
    pub fn verify_quote(&self, quote: &[u8], cache: &mut Cache) -> Result<Evidence, Refusal> {
        let root = self.root.sign();
        let other = |paper: &Option<Paper<Content>>| {
            paper
                .as_ref()
                .map_or_else(|| root.clone(), Paper::<Content>::sign)
        };
        let tcb_chain = [self.signing.sign(), other(&self.tcb_root)].concat();
        let crl_chain = self.crl_chain.as_ref();
        let crl_chain = crl_chain.map(|(ca, root)| [ca.sign(), other(root)].concat());
        let collateral = Input {
            tcb_info: &sign("tcbInfo", &self.info, self.info_signer),
            qe_identity: &sign("enclaveIdentity", &self.identity, self.identity_signer),
            tcb_chain: &tcb_chain,
            pck_crl: &self.pck_list.sign(),
            root_crl: &self.root_list.sign(),
            pck_crl_chain: crl_chain.as_deref(),
        };
        let request = Request {
            tee: Tee::read(self.tee.as_bytes()).unwrap(),
            quote,
            collateral: self.with_collateral.then_some(collateral),
            anchors: vec![self.anchor(&root)],
        };
        verify(&request, self.now, cache)
    }

    fn anchor(&self, root: &[u8]) -> Anchor<'static> {
        Anchor {
            label: "Intel",
            certificate: sha256(root),
            key: sha256(&self.root.content.key.to_der().unwrap()),
            lab: self.lab,
        }
    }

    /// Code of the refusal; empty where it verifies.
    pub fn code(&self) -> &'static str {
        let answer = self.verify(&mut Cache::default());
        answer.err().map_or("", |refusal| refusal.code())
    }
}

impl<T> Paper<T> {
    fn sign_bytes(&self, signed: &[u8]) -> BitString {
        BitString::from_bytes(&self.signer.sign_der(signed)).unwrap()
    }
}

impl Paper<Content> {
    /// DER of the certificate.
    pub fn sign(&self) -> Vec<u8> {
        let signed = self.content.to_der().unwrap();
        let certificate = SignedCertificate {
            content: self.content.clone(),
            algorithm: self.outer.clone(),
            signature: self.sign_bytes(&signed),
        };
        certificate.to_der().unwrap()
    }

    /// Its extensions.
    pub fn extensions(&mut self) -> &mut Vec<Extension> {
        self.content.extensions.get_or_insert_default()
    }

    /// Adds an extension.
    pub fn add(&mut self, id: &str, critical: bool, value: &[u8]) {
        self.extensions().push(extension(id, critical, value));
    }

    /// Puts another value into an extension.
    pub fn set(&mut self, id: &str, value: &[u8]) {
        let other = extension(id, false, value);
        let found = self.extensions().iter_mut().find(|one| one.id == other.id);
        found.unwrap().value = other.value;
    }

    /// Puts the lab mark into it.
    pub fn mark(&mut self) {
        self.add("2.999.67.1", true, &null());
    }

    /// Says another validity.
    pub fn set_validity(&mut self, from: &str, until: &str) {
        self.content.validity = Validity::new(time(from), time(until));
    }
}

impl Paper<ListContent> {
    /// DER of the list.
    pub fn sign(&self) -> Vec<u8> {
        let signed = self.content.to_der().unwrap();
        let list = SignedList {
            content: self.content.clone(),
            algorithm: self.outer.clone(),
            signature: self.sign_bytes(&signed),
        };
        list.to_der().unwrap()
    }

    /// Its extensions.
    pub fn extensions(&mut self) -> &mut Vec<Extension> {
        self.content.extensions.get_or_insert_default()
    }
}

/// Seconds since 1970 of a time's text.
pub fn seconds(text: &str) -> u64 {
    time(text).to_unix_duration().as_secs()
}

/// A name of the tests with a common name.
pub fn name(common_name: &str) -> Name {
    Name::from_str(&format!("CN={common_name},O=Casemate tests")).unwrap()
}

fn pem(der: &[u8]) -> Vec<u8> {
    use base64ct::{Base64, Encoding};
    let body = Base64::encode_string(der);
    format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n").into_bytes()
}

/// A certificate that is in force in 2026.
pub fn certificate(
    subject: &str,
    issuer: &str,
    key: Key,
    signer: Key,
    extensions: Vec<Extension>,
) -> Paper<Content> {
    let content = Content {
        version: Version::V3,
        serial: serial(&[1, sha256(subject.as_bytes())[0]]),
        algorithm: ecdsa(2),
        issuer: name(issuer),
        validity: Validity::new(time("2026-01-01T00:00:00Z"), time("2027-01-01T00:00:00Z")),
        subject: name(subject),
        key: key.info(),
        issuer_id: None,
        subject_id: None,
        extensions: Some(extensions),
    };
    Paper {
        content,
        signer,
        outer: ecdsa(2),
    }
}

fn authority(path: Option<u8>) -> Vec<Extension> {
    let path = path.map_or_else(Vec::new, |path| vec![2, 1, path]);
    vec![
        extension("2.5.29.15", true, &[3, 2, 1, 0x06]),
        extension("2.5.29.19", true, &sequence(&[&[1, 1, 0xff], &path])),
    ]
}

fn end() -> Vec<Extension> {
    vec![
        extension("2.5.29.15", true, &[3, 2, 6, 0xC0]),
        extension("2.5.29.19", true, &sequence(&[])),
    ]
}

fn list(issuer: &str, signer: Key) -> Paper<ListContent> {
    let content = ListContent {
        version: Some(Version::V2),
        algorithm: ecdsa(2),
        issuer: name(issuer),
        this_update: time("2026-05-01T00:00:00Z"),
        next_update: Some(time("2026-07-01T00:00:00Z")),
        entries: None,
        extensions: Some(vec![extension("2.5.29.20", false, &[2, 1, 9])]),
    };
    Paper {
        content,
        signer,
        outer: ecdsa(2),
    }
}
