//! Everything that vouches for a platform, apart from the quote itself: verified
//! once, kept, and compared with the time at each use.

use crate::anchor::Anchor;
use crate::answer::Refusal;
use crate::cache;
use crate::json::write::object;
use crate::moment::{self, Position, Window};
use crate::tdx::chain::{Ca, Chain};
use crate::tdx::codes::Code;
use crate::tdx::collateral::{self, Collateral};
use crate::tdx::document::Kind;
use crate::tdx::header::Tee;
use crate::tdx::pck::Pck;
use crate::x509::certificate::CertificateSummary;
use crate::x509::ecdsa::P256Key;

/// Everything that endorsements are verified with, except the time.
pub struct Input<'a> {
    /// Kind of TEE.
    pub tee: Tee,
    /// PCK chain out of the quote.
    pub chain: &'a [u8],
    /// Collateral, where it was given.
    pub collateral: Option<collateral::Input<'a>>,
    /// Pinned roots.
    pub anchors: &'a [Anchor<'a>],
}

/// Endorsements that are genuine; whether they are in force depends on the time.
pub struct Endorsements {
    /// What Intel certifies of the platform.
    pub pck: Pck,
    /// The PCK.
    pub key: P256Key,
    /// The chain above it.
    pub chain: ChainSummary,
    /// Collateral, where it was given.
    pub collateral: Option<Collateral>,
    windows: Vec<(&'static str, Window)>,
}

/// CA and root, as they leave the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainSummary {
    /// Which CA issued the PCK certificate.
    pub ca: Ca,
    /// Whether the root is a lab's.
    pub lab: bool,
    /// The CA.
    pub intermediate: CertificateSummary,
    /// The root.
    pub root: CertificateSummary,
}

object!(ChainSummary {
    ca,
    lab,
    intermediate,
    root
});

impl Input<'_> {
    /// Hash over all of it, for the cache.
    ///
    /// # Errors
    /// A bug when a part is too long.
    pub fn key(&self) -> Result<[u8; 32], Refusal> {
        let files = self.collateral.as_ref().map(|files| files.parts());
        let files: Vec<&[u8]> = files.into_iter().flatten().collect();
        let count = files.len().to_be_bytes();
        let parts = [self.tee.name().as_bytes(), self.chain, &count];
        let anchors = self.anchors.iter().flat_map(Anchor::parts);
        cache::key(
            parts
                .into_iter()
                .chain(files.iter().copied())
                .chain(anchors),
        )
    }
}

impl Endorsements {
    /// Verifies the chain in the quote, then the collateral under its root.
    ///
    /// # Errors
    /// Those of [`Chain::verify`] and [`Collateral::verify`].
    pub fn verify(input: &Input<'_>) -> Result<Self, Refusal> {
        let chain = Chain::verify(input.chain, input.anchors)?;
        let collateral = input.collateral.as_ref();
        let collateral = collateral.map(|files| Collateral::verify(files, &chain, input.tee));
        let collateral = collateral.transpose()?;
        let further = collateral.iter().flat_map(|found| found.windows.clone());
        let windows = [
            ("root", chain.root.certificate.window()),
            ("CA", chain.intermediate.certificate.window()),
            ("PCK", chain.leaf.window()),
        ];
        let windows = windows.into_iter().chain(further).collect();
        Ok(Self {
            chain: ChainSummary {
                ca: chain.ca,
                lab: chain.lab,
                intermediate: chain.intermediate.certificate.summary(),
                root: chain.root.certificate.summary(),
            },
            pck: chain.pck,
            key: chain.key,
            collateral,
            windows,
        })
    }

    /// Refuses a time outside of any window: certificates, lists, documents.
    ///
    /// # Errors
    /// `tdx.certificate_*`, `tdx.crl_expired`, `tdx.crl_not_yet_valid`,
    /// `tdx.collateral_expired`, `tdx.collateral_not_yet_valid`
    pub fn check_validity(&self, now: u64) -> Result<(), Refusal> {
        for (name, window) in &self.windows {
            check_certificate(name, window, now)?;
        }
        let Some(collateral) = &self.collateral else {
            return Ok(());
        };
        collateral.pck_crl.check_window(now)?;
        collateral.root_crl.check_window(now)?;
        check_document(Kind::TcbInfo, &collateral.tcb_info.window(), now)?;
        check_document(Kind::QeIdentity, &collateral.qe_identity.window(), now)
    }
}

fn check_certificate(name: &'static str, window: &Window, now: u64) -> Result<(), Refusal> {
    let (code, bound, limit) = match window.position(now) {
        Position::Within => return Ok(()),
        Position::Before => (Code::CertificateNotYetValid, "notBefore", window.from),
        Position::After => (Code::CertificateExpired, "notAfter", window.until),
    };
    Err(Refusal::from(code)
        .with("certificate", name)
        .with(bound, moment::text(limit))
        .with("now", moment::text(now)))
}

fn check_document(kind: Kind, window: &Window, now: u64) -> Result<(), Refusal> {
    let (code, bound, limit) = match window.position(now) {
        Position::Within => return Ok(()),
        Position::Before => (Code::CollateralNotYetValid, "issueDate", window.from),
        Position::After => (Code::CollateralExpired, "nextUpdate", window.until),
    };
    Err(Refusal::from(code)
        .with("input", kind.input())
        .with(bound, moment::text(limit))
        .with("now", moment::text(now)))
}
