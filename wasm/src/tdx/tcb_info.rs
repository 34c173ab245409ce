//! TCB info, version 3: levels of the platform and identities of the TDX module
//! (PCS, "Get SGX TCB Info" and "Get TDX TCB Info").
//!
//! Every member is known by name: an unknown one could be one more condition,
//! which would then go unchecked.

use crate::answer::Refusal;
use crate::hex::Hex;
use crate::json::members::{Members, small};
use crate::json::string::string;
use crate::json::write::object;
use crate::moment::{self, Window};
use crate::tdx::document::{Kind, SignedDocument};
use crate::tdx::json_value::{self, date, hex, list, named};
use crate::tdx::level::{self, EnclaveTcb, LEVELS, Level};
use core::ops::RangeInclusive;

const VERSION: u32 = 3;
/// The only way to compare SVNs that the PCS has: component by component.
const TCB_TYPE: u32 = 0;
/// How many identities of the TDX module there are. Intel lists 2.
const MODULES: RangeInclusive<usize> = 0..=16;
const COMPONENTS: usize = 16;

/// The kind of TEE that TCB info is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Id {
    /// `TDX`
    Tdx,
    /// `SGX`
    Sgx,
}

/// TCB info.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TcbInfo {
    /// Kind of TEE.
    pub id: Id,
    version: u32,
    issue_date: u64,
    next_update: u64,
    /// The platforms that it is for.
    pub fmspc: [u8; 6],
    /// The PCE that it is for.
    pub pce_id: [u8; 2],
    /// How SVNs compare; always 0.
    pub tcb_type: u32,
    /// Number of the TCB recovery.
    pub tcb_evaluation_data_number: u32,
    /// The TDX module of version 0; only for TDX.
    pub tdx_module: Option<TdxModule>,
    /// Newer TDX modules; only for TDX, and not in older TCB info.
    pub tdx_module_identities: Vec<ModuleIdentity>,
    /// Levels of the platform, newest first.
    pub tcb_levels: Vec<Level<PlatformTcb>>,
}

/// Who must have signed the TDX module, and how it must be configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TdxModule {
    /// MRSIGNERSEAM.
    pub mrsigner: [u8; 48],
    /// SEAMATTRIBUTES under the mask.
    pub attributes: [u8; 8],
    /// Which bits are compared.
    pub attributes_mask: [u8; 8],
}

/// One major version of the TDX module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleIdentity {
    /// Name, as `TDX_01`.
    pub id: String,
    /// Who must have signed it.
    pub signer: TdxModule,
    /// Levels, newest first.
    pub tcb_levels: Vec<Level<EnclaveTcb>>,
}

/// What a level of the platform demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlatformTcb {
    /// Least SVNs of the SGX half.
    pub sgxtcbcomponents: [u8; COMPONENTS],
    /// Least SVN of the PCE.
    pub pcesvn: u16,
    /// Least SVNs of the TDX half; only for TDX.
    pub tdxtcbcomponents: Option<[u8; COMPONENTS]>,
}

/// Head of TCB info, as it leaves the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `src/evidence/tdx/report.ts` documents each field.
pub struct TcbInfoHead {
    pub document: SignedDocument,
    pub fmspc: Hex<6>,
    pub pce_id: Hex<2>,
}

object!(TcbInfoHead { ..document, fmspc, pce_id });

impl Id {
    fn read(text: &str) -> Result<Self, String> {
        named(text, &[Self::Tdx, Self::Sgx], Self::as_str)
    }

    /// Intel's name of it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tdx => "TDX",
            Self::Sgx => "SGX",
        }
    }
}

impl TdxModule {
    fn read(text: &str) -> Result<Self, String> {
        let mut members = Members::of(text)?;
        let module = Self::take(&mut members)?;
        members.finish()?;
        Ok(module)
    }

    fn take(members: &mut Members<'_>) -> Result<Self, String> {
        Ok(Self {
            mrsigner: members.read("mrsigner", hex)?,
            attributes: members.read("attributes", hex)?,
            attributes_mask: members.read("attributesMask", hex)?,
        })
    }
}

impl PlatformTcb {
    fn read(text: &str) -> Result<Self, String> {
        let mut members = Members::of(text)?;
        let tcb = Self {
            sgxtcbcomponents: members.read("sgxtcbcomponents", components)?,
            pcesvn: members.read("pcesvn", small)?,
            tdxtcbcomponents: members.read_some("tdxtcbcomponents", components)?,
        };
        members.finish()?;
        Ok(tcb)
    }
}

fn components(text: &str) -> Result<[u8; COMPONENTS], String> {
    let svns = list(text, &(COMPONENTS..=COMPONENTS), component)?;
    svns.try_into()
        .map_err(|_| String::from("expected 16 components"))
}

/// The SVN of a component; what else it says is for people.
fn component(text: &str) -> Result<u8, String> {
    let mut members = Members::of(text)?;
    let svn = members.read("svn", small)?;
    for name in ["category", "type"] {
        members.read_some(name, string)?;
    }
    members.finish()?;
    Ok(svn)
}

impl ModuleIdentity {
    fn read(text: &str) -> Result<Self, String> {
        let mut members = Members::of(text)?;
        let identity = Self {
            id: members.read("id", string)?,
            signer: TdxModule::take(&mut members)?,
            tcb_levels: members.read("tcbLevels", |text| list(text, &LEVELS, Level::read))?,
        };
        members.finish()?;
        Ok(identity)
    }

    /// Name of a major version, which is `TEE_TCB_SVN[1]`.
    #[must_use]
    pub fn name_of(version: u8) -> String {
        format!("TDX_{version:02X}")
    }

    fn is_named_well(&self) -> bool {
        (0..=u8::MAX).any(|version| Self::name_of(version) == self.id)
    }
}

impl TcbInfo {
    /// Reads the signed text.
    ///
    /// # Errors
    /// `tdx.tcb_info_format`
    pub fn parse(text: &[u8]) -> Result<Self, Refusal> {
        let refuse = |reason: String| Kind::TcbInfo.refuse(reason);
        let text =
            core::str::from_utf8(text).map_err(|_| refuse(String::from("it is not UTF-8")))?;
        let info = Self::read(text).map_err(refuse)?;
        info.check().map_err(refuse)?;
        Ok(info)
    }

    fn read(text: &str) -> Result<Self, String> {
        let mut members = Members::of(text)?;
        let modules = members.read_some("tdxModuleIdentities", |text| {
            list(text, &MODULES, ModuleIdentity::read)
        });
        let info = Self {
            id: members.read("id", Id::read)?,
            version: members.read("version", small)?,
            issue_date: members.read("issueDate", date)?,
            next_update: members.read("nextUpdate", date)?,
            fmspc: members.read("fmspc", hex)?,
            pce_id: members.read("pceId", hex)?,
            tcb_type: members.read("tcbType", small)?,
            tcb_evaluation_data_number: members.read("tcbEvaluationDataNumber", small)?,
            tdx_module: members.read_some("tdxModule", TdxModule::read)?,
            tdx_module_identities: modules?.unwrap_or_default(),
            tcb_levels: members.read("tcbLevels", platform_levels)?,
        };
        members.finish()?;
        Ok(info)
    }

    /// Head, as it leaves the engine.
    #[must_use]
    pub fn head(&self, sha256: [u8; 32]) -> TcbInfoHead {
        TcbInfoHead {
            document: SignedDocument {
                id: self.id.as_str(),
                version: self.version,
                issue_date: moment::text(self.issue_date),
                next_update: moment::text(self.next_update),
                tcb_evaluation_data_number: self.tcb_evaluation_data_number,
                sha256: Hex(sha256),
            },
            fmspc: Hex(self.fmspc),
            pce_id: Hex(self.pce_id),
        }
    }

    /// When it is in force.
    #[must_use]
    pub const fn window(&self) -> Window {
        Window {
            from: self.issue_date,
            until: self.next_update,
        }
    }

    /// Identity of a major version of the TDX module.
    #[must_use]
    pub fn module(&self, version: u8) -> Option<&ModuleIdentity> {
        let name = ModuleIdentity::name_of(version);
        let mut all = self.tdx_module_identities.iter();
        all.find(|identity| identity.id == name)
    }

    fn check(&self) -> Result<(), String> {
        json_value::check_number("version", self.version, VERSION)?;
        json_value::check_number("tcbType", self.tcb_type, TCB_TYPE)?;
        json_value::check_dates(&self.window())?;
        self.check_halves()?;
        self.check_modules()?;
        level::check_advisories(&self.tcb_levels)
    }

    /// TDX has both halves in every level, SGX only the first.
    fn check_halves(&self) -> Result<(), String> {
        let is_tdx = self.id == Id::Tdx;
        let has_half = |level: &Level<PlatformTcb>| level.tcb.tdxtcbcomponents.is_some();
        if self
            .tcb_levels
            .iter()
            .any(|level| has_half(level) != is_tdx)
        {
            return Err(wrong_place("tdxtcbcomponents", is_tdx));
        }
        if self.tdx_module.is_some() != is_tdx {
            return Err(wrong_place("tdxModule", is_tdx));
        }
        if !is_tdx && !self.tdx_module_identities.is_empty() {
            return Err(wrong_place("tdxModuleIdentities", is_tdx));
        }
        Ok(())
    }

    /// Two identities of one name could say different things of one module.
    fn check_modules(&self) -> Result<(), String> {
        let all = &self.tdx_module_identities;
        for (index, module) in all.iter().enumerate() {
            if !module.is_named_well() {
                return Err(String::from("a TDX module's id has the wrong form"));
            }
            if all
                .iter()
                .skip(index + 1)
                .any(|other| other.id == module.id)
            {
                return Err(format!("two TDX modules have the id {}", module.id));
            }
            level::check_advisories(&module.tcb_levels)?;
        }
        Ok(())
    }
}

fn platform_levels(text: &str) -> Result<Vec<Level<PlatformTcb>>, String> {
    list(text, &LEVELS, |text| {
        Level::read_with(text, PlatformTcb::read)
    })
}

fn wrong_place(member: &str, is_missing: bool) -> String {
    if is_missing {
        format!("{member} is missing")
    } else {
        format!("{member} has no place in TCB info for SGX")
    }
}
