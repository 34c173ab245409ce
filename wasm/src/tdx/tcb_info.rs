//! TCB info, version 3: levels of the platform and identities of the TDX module
//! (PCS, "Get SGX TCB Info" and "Get TDX TCB Info").
//!
//! Every member is known by name: an unknown one could be one more condition,
//! which would then go unchecked.

use crate::answer::Refusal;
use crate::hex::Hex;
use crate::json;
use crate::moment::{self, Window};
use crate::tdx::document::{Kind, SignedDocument};
use crate::tdx::json_value;
use crate::tdx::level::{self, EnclaveTcb, Level, MAX_LEVELS};
use serde::{Deserialize, Deserializer, Serialize};

const VERSION: u32 = 3;
/// The only way to compare SVNs that the PCS has: component by component.
const TCB_TYPE: u32 = 0;
/// Most identities of the TDX module. Intel lists 2.
const MAX_MODULES: usize = 16;
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
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TcbInfo {
    /// Kind of TEE.
    pub id: Id,
    version: u32,
    #[serde(deserialize_with = "json_value::date")]
    issue_date: u64,
    #[serde(deserialize_with = "json_value::date")]
    next_update: u64,
    /// The platforms that it is for.
    #[serde(deserialize_with = "json_value::hex")]
    pub fmspc: [u8; 6],
    /// The PCE that it is for.
    #[serde(deserialize_with = "json_value::hex")]
    pub pce_id: [u8; 2],
    /// How SVNs compare; always 0.
    pub tcb_type: u32,
    /// Number of the TCB recovery.
    pub tcb_evaluation_data_number: u32,
    /// The TDX module of version 0; only for TDX.
    #[serde(default, deserialize_with = "json::some_object")]
    pub tdx_module: Option<TdxModule>,
    /// Newer TDX modules; only for TDX, and not in older TCB info.
    #[serde(default, deserialize_with = "json::objects::<_, _, 0, MAX_MODULES>")]
    pub tdx_module_identities: Vec<ModuleIdentity>,
    /// Levels of the platform, newest first.
    #[serde(deserialize_with = "json::objects::<_, _, 1, MAX_LEVELS>")]
    pub tcb_levels: Vec<Level<PlatformTcb>>,
}

/// Who must have signed the TDX module, and how it must be configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TdxModule {
    /// MRSIGNERSEAM.
    #[serde(deserialize_with = "json_value::hex")]
    pub mrsigner: [u8; 48],
    /// SEAMATTRIBUTES under the mask.
    #[serde(deserialize_with = "json_value::hex")]
    pub attributes: [u8; 8],
    /// Which bits are compared.
    #[serde(deserialize_with = "json_value::hex")]
    pub attributes_mask: [u8; 8],
}

/// One major version of the TDX module.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ModuleIdentity {
    /// Name, as `TDX_01`.
    pub id: String,
    /// MRSIGNERSEAM.
    #[serde(deserialize_with = "json_value::hex")]
    pub mrsigner: [u8; 48],
    /// SEAMATTRIBUTES under the mask.
    #[serde(deserialize_with = "json_value::hex")]
    pub attributes: [u8; 8],
    /// Which bits are compared.
    #[serde(deserialize_with = "json_value::hex")]
    pub attributes_mask: [u8; 8],
    /// Levels, newest first.
    #[serde(deserialize_with = "json::objects::<_, _, 1, MAX_LEVELS>")]
    pub tcb_levels: Vec<Level<EnclaveTcb>>,
}

/// What a level of the platform demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlatformTcb {
    /// Least SVNs of the SGX half.
    #[serde(deserialize_with = "components")]
    pub sgxtcbcomponents: [u8; COMPONENTS],
    /// Least SVN of the PCE.
    pub pcesvn: u16,
    /// Least SVNs of the TDX half; only for TDX.
    #[serde(default, deserialize_with = "some_components")]
    pub tdxtcbcomponents: Option<[u8; COMPONENTS]>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Component {
    svn: u8,
    #[serde(rename = "category", default, deserialize_with = "json::some_string")]
    _category: Option<String>,
    #[serde(rename = "type", default, deserialize_with = "json::some_string")]
    _type: Option<String>,
}

/// Head of TCB info, as it leaves the engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)] // `src/evidence/tdx/report.ts` documents each field.
pub struct TcbInfoHead {
    #[serde(flatten)]
    pub document: SignedDocument,
    pub fmspc: Hex<6>,
    pub pce_id: Hex<2>,
}

fn components<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; COMPONENTS], D::Error> {
    let all: Vec<Component> = json::objects::<_, _, COMPONENTS, COMPONENTS>(from)?;
    let svns: Vec<u8> = all.into_iter().map(|component| component.svn).collect();
    svns.try_into()
        .map_err(|_| serde::de::Error::custom("expected 16 components"))
}

fn some_components<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<[u8; COMPONENTS]>, D::Error> {
    components(from).map(Some)
}

impl Id {
    /// Intel's name of it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tdx => "TDX",
            Self::Sgx => "SGX",
        }
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        json_value::named(from, [Self::Tdx, Self::Sgx], Self::as_str)
    }
}

impl ModuleIdentity {
    /// Name of a major version, which is `TEE_TCB_SVN[1]`.
    #[must_use]
    pub fn name_of(version: u8) -> String {
        format!("TDX_{version:02X}")
    }

    /// Who must have signed it, in the form of version 0.
    #[must_use]
    pub const fn signer(&self) -> TdxModule {
        TdxModule {
            mrsigner: self.mrsigner,
            attributes: self.attributes,
            attributes_mask: self.attributes_mask,
        }
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
        let info: Self = json::read(text).map_err(refuse)?;
        info.check().map_err(refuse)?;
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

fn wrong_place(member: &str, is_missing: bool) -> String {
    if is_missing {
        format!("{member} is missing")
    } else {
        format!("{member} has no place in TCB info for SGX")
    }
}
