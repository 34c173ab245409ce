//! `TDREPORT_STRUCT` of the TDX Module ABI: what a TD says of itself to its own
//! platform. Only a quote proves it to others.

use crate::answer::Refusal;
use crate::hcl::codes::Code;
use crate::hcl::report::{refuse, slice};
use crate::hex;
use crate::json::write::object;

/// `REPORTTYPE.TYPE` of a TD.
const TD: u8 = 0x81;

/// As the TypeScript type `TdReportStruct`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `src/evidence/hcl/report.ts` documents each field.
pub struct TdReport {
    pub cpu_svn: String,
    pub report_data: String,
    pub tee_tcb_svn: String,
    pub mr_seam: String,
    pub mr_signer_seam: String,
    pub seam_attributes: String,
    pub tee_tcb_svn2: String,
    pub td_attributes: String,
    pub xfam: String,
    pub mr_td: String,
    pub mr_config_id: String,
    pub mr_owner: String,
    pub mr_owner_config: String,
    pub rtmrs: [String; 4],
    pub mr_service_td: String,
}

object!(TdReport {
    cpu_svn,
    report_data,
    tee_tcb_svn,
    mr_seam,
    mr_signer_seam,
    seam_attributes,
    tee_tcb_svn2,
    td_attributes,
    xfam,
    mr_td,
    mr_config_id,
    mr_owner,
    mr_owner_config,
    rtmrs,
    mr_service_td,
});

impl TdReport {
    /// Reads its 1024 bytes.
    ///
    /// # Errors
    /// `hcl.report_type`, `hcl.length`
    pub fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.first() != Some(&TD) {
            return Err(refuse(Code::ReportType, "the report is not of a TD"));
        }
        let hex = |offset, length| slice(bytes, offset, length).map(hex::encode);
        let register = |offset| hex(offset, 48);
        Ok(Self {
            cpu_svn: hex(16, 16)?,
            report_data: hex(128, 64)?,
            tee_tcb_svn: hex(264, 16)?,
            mr_seam: register(280)?,
            mr_signer_seam: register(328)?,
            seam_attributes: hex(376, 8)?,
            tee_tcb_svn2: hex(384, 16)?,
            td_attributes: hex(512, 8)?,
            xfam: hex(520, 8)?,
            mr_td: register(528)?,
            mr_config_id: register(576)?,
            mr_owner: register(624)?,
            mr_owner_config: register(672)?,
            rtmrs: [
                register(720)?,
                register(768)?,
                register(816)?,
                register(864)?,
            ],
            mr_service_td: register(912)?,
        })
    }
}
