//! TD reports as quotes carry them: `TDREPORT_STRUCT` without its MAC (TDX DCAP
//! Quoting Library API, "TD Quote Body", versions 1.0 and 1.5).

use crate::answer::Refusal;
use crate::hex::{Hex, Word};
use crate::json::write::{names, object};
use crate::tdx::attributes::TdAttributes;
use crate::tdx::cursor::Cursor;

/// Size of a report of TDX 1.0.
pub const TD_REPORT_10_BYTES: usize = 584;
/// Size of a report of TDX 1.5, which has two more fields at its end.
pub const TD_REPORT_15_BYTES: usize = 648;

/// Layout of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TdReportKind {
    /// TDX 1.0.
    Tdx10,
    /// TDX 1.5.
    Tdx15,
}

names!(TdReportKind {
    Tdx10: "tdx-1.0",
    Tdx15: "tdx-1.5"
});

/// A TD report, as the TypeScript type `TdReport` describes it field by field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `src/evidence/tdx/report.ts` documents each field.
pub struct TdReport {
    pub kind: TdReportKind,
    pub tee_tcb_svn: Hex<16>,
    pub mr_seam: Hex<48>,
    pub mr_signer_seam: Hex<48>,
    pub seam_attributes: Word,
    pub td_attributes: TdAttributes,
    pub xfam: Word,
    pub mr_td: Hex<48>,
    pub mr_config_id: Hex<48>,
    pub mr_owner: Hex<48>,
    pub mr_owner_config: Hex<48>,
    pub rtmrs: [Hex<48>; 4],
    pub report_data: Hex<64>,
    pub tee_tcb_svn2: Option<Hex<16>>,
    pub mr_service_td: Option<Hex<48>>,
}

object!(TdReport {
    kind,
    tee_tcb_svn,
    mr_seam,
    mr_signer_seam,
    seam_attributes,
    td_attributes,
    xfam,
    mr_td,
    mr_config_id,
    mr_owner,
    mr_owner_config,
    rtmrs,
    report_data,
    tee_tcb_svn2,
    mr_service_td,
});

impl TdReportKind {
    /// Size of the report.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::Tdx10 => TD_REPORT_10_BYTES,
            Self::Tdx15 => TD_REPORT_15_BYTES,
        }
    }
}

impl TdReport {
    /// Reads a report of exactly its size.
    ///
    /// # Errors
    /// `tdx.quote_length`
    pub fn read(bytes: &[u8], kind: TdReportKind) -> Result<Self, Refusal> {
        let mut fields = Cursor::of(bytes);
        let report = Self {
            kind,
            tee_tcb_svn: fields.array("TEE_TCB_SVN").map(Hex)?,
            mr_seam: fields.array("MRSEAM").map(Hex)?,
            mr_signer_seam: fields.array("MRSIGNERSEAM").map(Hex)?,
            seam_attributes: word(&mut fields, "SEAMATTRIBUTES").map(Word)?,
            td_attributes: word(&mut fields, "TDATTRIBUTES").map(TdAttributes::read)?,
            xfam: word(&mut fields, "XFAM").map(Word)?,
            mr_td: fields.array("MRTD").map(Hex)?,
            mr_config_id: fields.array("MRCONFIGID").map(Hex)?,
            mr_owner: fields.array("MROWNER").map(Hex)?,
            mr_owner_config: fields.array("MROWNERCONFIG").map(Hex)?,
            rtmrs: [
                fields.array("RTMR0").map(Hex)?,
                fields.array("RTMR1").map(Hex)?,
                fields.array("RTMR2").map(Hex)?,
                fields.array("RTMR3").map(Hex)?,
            ],
            report_data: fields.array("REPORTDATA").map(Hex)?,
            tee_tcb_svn2: match kind {
                TdReportKind::Tdx10 => None,
                TdReportKind::Tdx15 => Some(fields.array("TEE_TCB_SVN_2").map(Hex)?),
            },
            mr_service_td: match kind {
                TdReportKind::Tdx10 => None,
                TdReportKind::Tdx15 => Some(fields.array("MRSERVICETD").map(Hex)?),
            },
        };
        fields.finish("TD report")?;
        Ok(report)
    }
}

fn word(fields: &mut Cursor<'_>, name: &'static str) -> Result<u64, Refusal> {
    fields.array(name).map(u64::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::{TdReport, TdReportKind};
    use crate::json::write;
    use serde_json::{Value, json};

    /// Offsets and sizes of the fields (TDX DCAP Quoting Library API, "TD Quote Body").
    const PLACES: [(&str, usize, usize); 11] = [
        ("/teeTcbSvn", 0, 16),
        ("/mrSeam", 16, 48),
        ("/mrSignerSeam", 64, 48),
        ("/mrTd", 136, 48),
        ("/mrConfigId", 184, 48),
        ("/mrOwner", 232, 48),
        ("/mrOwnerConfig", 280, 48),
        ("/rtmrs/0", 328, 48),
        ("/rtmrs/3", 472, 48),
        ("/reportData", 520, 64),
        ("/mrServiceTd", 600, 48),
    ];

    fn numbered(kind: TdReportKind) -> (Vec<u8>, Value) {
        let bytes: Vec<u8> = (0..kind.bytes())
            .map(|index| u8::try_from(index % 251).unwrap())
            .collect();
        let report = TdReport::read(&bytes, kind).unwrap();
        (bytes, write::tree(&report))
    }

    #[test]
    fn read_finds_every_field_at_its_place() {
        let (bytes, report) = numbered(TdReportKind::Tdx15);
        for (name, offset, length) in PLACES {
            let expected = crate::hex::encode(&bytes[offset..offset + length]);
            assert_eq!(report.pointer(name).unwrap(), &json!(expected), "{name}");
        }
        assert_eq!(report["seamAttributes"], "0x7776757473727170");
        assert_eq!(report["tdAttributes"]["raw"], "0x7f7e7d7c7b7a7978");
        assert_eq!(report["xfam"], "0x8786858483828180");
        assert_eq!(report["kind"], "tdx-1.5");
    }

    #[test]
    fn read_has_no_fields_of_tdx_15_in_a_report_of_10() {
        let (_, report) = numbered(TdReportKind::Tdx10);
        assert_eq!(report["kind"], "tdx-1.0");
        assert!(report["teeTcbSvn2"].is_null() && report["mrServiceTd"].is_null());
    }

    #[test]
    fn read_refuses_another_size() {
        for kind in [TdReportKind::Tdx10, TdReportKind::Tdx15] {
            for length in [0, kind.bytes() - 1, kind.bytes() + 1] {
                assert!(TdReport::read(&vec![0; length], kind).is_err(), "{length}");
            }
        }
    }
}
