//! VCEK and VLEK: the certificates of the keys that sign reports (57230 §3.1).

use crate::answer::Refusal;
use crate::frame;
use crate::hex;
use crate::json::write::{names, object};
use crate::snp::codes::Code;
use crate::snp::line::Line;
use crate::snp::tcb::{Layout, Tcb};
use crate::x509::certificate::{Certificate, CertificateSummary};
use crate::x509::encoding::{self, Kind, MAX_CERTIFICATE_BYTES, Place};
use crate::x509::tlv::{self, IA5_STRING, INTEGER};
use crate::x509::{extensions, oid, value};

const STRUCT_VERSION: &[u8] = b"\x2b\x06\x01\x04\x01\x9c\x78\x01\x01";
const PRODUCT_NAME: &[u8] = b"\x2b\x06\x01\x04\x01\x9c\x78\x01\x02";
const BOOTLOADER: &[u8] = b"\x2b\x06\x01\x04\x01\x9c\x78\x01\x03\x01";
const TEE: &[u8] = b"\x2b\x06\x01\x04\x01\x9c\x78\x01\x03\x02";
const SNP: &[u8] = b"\x2b\x06\x01\x04\x01\x9c\x78\x01\x03\x03";
const SPL_4: &[u8] = b"\x2b\x06\x01\x04\x01\x9c\x78\x01\x03\x04";
const SPL_5: &[u8] = b"\x2b\x06\x01\x04\x01\x9c\x78\x01\x03\x05";
const SPL_6: &[u8] = b"\x2b\x06\x01\x04\x01\x9c\x78\x01\x03\x06";
const SPL_7: &[u8] = b"\x2b\x06\x01\x04\x01\x9c\x78\x01\x03\x07";
const MICROCODE: &[u8] = b"\x2b\x06\x01\x04\x01\x9c\x78\x01\x03\x08";
const FMC: &[u8] = b"\x2b\x06\x01\x04\x01\x9c\x78\x01\x03\x09";
const HWID: &[u8] = b"\x2b\x06\x01\x04\x01\x9c\x78\x01\x04";
const CSP_ID: &[u8] = b"\x2b\x06\x01\x04\x01\x9c\x78\x01\x05";

/// Arc of all of AMD's extensions.
const AMD_ARC: &[u8] = b"\x2b\x06\x01\x04\x01\x9c\x78\x01";

/// AMD's extensions of leaves that are known.
pub const EXTENSIONS: [&[u8]; 13] = [
    STRUCT_VERSION,
    PRODUCT_NAME,
    BOOTLOADER,
    TEE,
    SNP,
    SPL_4,
    SPL_5,
    SPL_6,
    SPL_7,
    MICROCODE,
    FMC,
    HWID,
    CSP_ID,
];

/// Highest structVersion that is known (Turin's leaves have 1).
const MAX_STRUCT_VERSION: u8 = 1;

/// The two kinds of leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Versioned chip endorsement key: bound to one chip.
    Vcek,
    /// Versioned loaded endorsement key: bound to a cloud provider.
    Vlek,
}

names!(Form {
    Vcek: "VCEK",
    Vlek: "VLEK"
});

/// What a leaf certifies, as the TypeScript type `SnpLeaf`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Kind.
    pub form: Form,
    /// structVersion.
    pub struct_version: u8,
    /// productName.
    pub product_name: String,
    /// Versions of the TCB that the key was derived for.
    pub tcb: Tcb,
    /// hwID, hex; only in a VCEK.
    pub hwid: Option<String>,
    /// cspID; only in a VLEK.
    pub csp_id: Option<String>,
    /// The certificate itself.
    pub certificate: CertificateSummary,
}

object!(Leaf {
    form,
    struct_version,
    product_name,
    tcb,
    hwid,
    csp_id,
    certificate
});

impl Form {
    /// Name of the leaf.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Vcek => "VCEK",
            Self::Vlek => "VLEK",
        }
    }

    /// Name of the intermediate that issues it.
    #[must_use]
    pub const fn issuer_name(self) -> &'static str {
        match self {
            Self::Vcek => "ASK",
            Self::Vlek => "ASVK",
        }
    }

    /// Common name in the leaf's subject.
    #[must_use]
    pub const fn common_name(self) -> &'static str {
        match self {
            Self::Vcek => "SEV-VCEK",
            Self::Vlek => "SEV-VLEK",
        }
    }

    /// The form that a leaf states.
    #[must_use]
    pub fn of(certificate: &Certificate) -> Option<Self> {
        let name = certificate.common_name()?;
        [Self::Vcek, Self::Vlek]
            .into_iter()
            .find(|form| form.common_name() == name)
    }
}

impl Leaf {
    /// Reads the extensions of a leaf of a known line.
    ///
    /// # Errors
    /// `snp.leaf_extension`: one is missing, unknown, has no place in this form
    /// or line, or is not encoded as specified.
    pub fn read(certificate: &Certificate, form: Form, line: &Line) -> Result<Self, Refusal> {
        let reader = Reader { certificate, form };
        let leaf = reader.read(line.layout)?;
        let bytes = leaf
            .hwid
            .as_ref()
            .map_or(line.hwid_bytes, |hwid| hwid.len() / 2);
        if bytes != line.hwid_bytes {
            let expected = format!("{} bytes on {}", line.hwid_bytes, line.name);
            return Err(reader
                .refuse(HWID, "it has another length")
                .with("expected", expected)
                .with("actual", format!("{bytes} bytes")));
        }
        Ok(leaf)
    }

    /// Reads a leaf for showing it, when its line is not established: the
    /// layout is the one of its extensions.
    ///
    /// # Errors
    /// `snp.leaf_shape` where it is no leaf, `snp.leaf_extension`
    pub fn describe(certificate: &Certificate) -> Result<Self, Refusal> {
        let form = Form::of(certificate).ok_or_else(|| {
            Refusal::from(Code::LeafShape).with("expected", "common name SEV-VCEK or SEV-VLEK")
        })?;
        let layout = match extensions::find(certificate.extensions(), FMC) {
            Some(_) => Layout::Turin,
            None => Layout::Milan,
        };
        Reader { certificate, form }.read(layout)
    }
}

const PLACE: Place = Place {
    name: "leaf",
    kind: Some(Kind::Certificate),
    limit: MAX_CERTIFICATE_BYTES,
};

/// Reads a leaf; nothing is verified. Fields: the certificate, PEM or DER.
///
/// # Errors
/// Those of [`Leaf::describe`], `x509.*`, `input.*`
pub fn operation(input: &[u8]) -> Result<Leaf, Refusal> {
    let [bytes] = frame::fields(input)?;
    let [leaf] = encoding::exactly(bytes, &PLACE)?;
    Leaf::describe(&Certificate::parse(leaf, "leaf")?)
}

struct Reader<'a> {
    certificate: &'a Certificate,
    form: Form,
}

impl Reader<'_> {
    fn read(&self, layout: Layout) -> Result<Leaf, Refusal> {
        self.check_known()?;
        let hwid = self.value(HWID).map(hex::encode);
        let csp_id = self.optional_text(CSP_ID)?;
        match self.form {
            Form::Vcek => self.check_only(HWID, hwid.is_some(), CSP_ID, csp_id.is_some())?,
            Form::Vlek => self.check_only(CSP_ID, csp_id.is_some(), HWID, hwid.is_some())?,
        }
        Ok(Leaf {
            form: self.form,
            struct_version: self.struct_version()?,
            product_name: self.text(PRODUCT_NAME)?,
            tcb: self.tcb(layout)?,
            hwid,
            csp_id,
            certificate: self.certificate.summary(),
        })
    }

    /// An extension of AMD's that is not known could be one more component of
    /// the TCB, which would then go unchecked.
    fn check_known(&self) -> Result<(), Refusal> {
        for extension in self.certificate.extensions() {
            let id = extension.id.as_slice();
            if id.starts_with(AMD_ARC) && !EXTENSIONS.contains(&id) {
                return Err(self.refuse(id, "it is not known"));
            }
        }
        Ok(())
    }

    fn check_only(
        &self,
        wanted: &[u8],
        has_wanted: bool,
        other: &[u8],
        has_other: bool,
    ) -> Result<(), Refusal> {
        if !has_wanted {
            return Err(self.refuse(wanted, "it is missing"));
        }
        if has_other {
            return Err(self.refuse(other, "it has no place in this certificate"));
        }
        Ok(())
    }

    fn struct_version(&self) -> Result<u8, Refusal> {
        let version = self.number(STRUCT_VERSION)?;
        if version > MAX_STRUCT_VERSION {
            return Err(self
                .refuse(STRUCT_VERSION, "the version is not known")
                .with("actual", version.to_string()));
        }
        Ok(version)
    }

    /// The components; spl4 to spl7 stand for the reserved bytes and must be
    /// zero like these. Turin has the FMC in place of spl4.
    fn tcb(&self, layout: Layout) -> Result<Tcb, Refusal> {
        let (fmc, absent) = match layout {
            Layout::Milan => (None, FMC),
            Layout::Turin => (Some(self.number(FMC)?), SPL_4),
        };
        if self.value(absent).is_some() {
            return Err(self.refuse(absent, "it has no place in this product line"));
        }
        for id in [SPL_4, SPL_5, SPL_6, SPL_7] {
            if id != absent && self.number(id)? != 0 {
                return Err(self.refuse(id, "it is not zero"));
            }
        }
        let (bootloader, tee) = (self.number(BOOTLOADER)?, self.number(TEE)?);
        let (snp, microcode) = (self.number(SNP)?, self.number(MICROCODE)?);
        Ok(Tcb::of_parts(fmc, bootloader, tee, snp, microcode))
    }

    fn value(&self, id: &[u8]) -> Option<&[u8]> {
        let found = extensions::find(self.certificate.extensions(), id);
        found.map(|extension| extension.value.as_slice())
    }

    fn number(&self, id: &[u8]) -> Result<u8, Refusal> {
        let value = self.value(id);
        let value = value.ok_or_else(|| self.refuse(id, "it is missing"))?;
        let number = tlv::content(value, INTEGER).and_then(value::byte);
        number.map_err(|reason| self.refuse(id, reason))
    }

    fn text(&self, id: &[u8]) -> Result<String, Refusal> {
        let text = self.optional_text(id)?;
        text.ok_or_else(|| self.refuse(id, "it is missing"))
    }

    fn optional_text(&self, id: &[u8]) -> Result<Option<String>, Refusal> {
        let Some(value) = self.value(id) else {
            return Ok(None);
        };
        let text = tlv::content(value, IA5_STRING).and_then(value::ia5);
        let text = text.map_err(|reason| self.refuse(id, reason))?;
        if text.is_empty() || text.chars().any(|character| character.is_control()) {
            return Err(self.refuse(id, "it is empty or not printable"));
        }
        Ok(Some(String::from(text)))
    }

    fn refuse(&self, id: &[u8], reason: &str) -> Refusal {
        Refusal::from(Code::LeafExtension)
            .with("certificate", self.form.name())
            .with("extension", oid::text(id))
            .with("reason", reason)
    }
}
