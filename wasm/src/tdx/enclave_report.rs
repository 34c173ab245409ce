//! SGX reports: of the quoting enclave, and the body of an SGX quote (SGX ECDSA
//! Quote Library Reference, "Enclave Report Body").

use crate::answer::Refusal;
use crate::hex::{Hex, encode};
use crate::json::write::{names, object};
use crate::tdx::codes::Code;
use crate::tdx::cursor::Cursor;

/// Size of a report.
pub const ENCLAVE_REPORT_BYTES: usize = 384;
/// Bit of the first byte of ATTRIBUTES: the enclave may be debugged.
const DEBUG: u8 = 1 << 1;

/// The name of the layout, `sgx`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Sgx,
}

names!(Kind { Sgx: "sgx" });

/// A report, as the TypeScript type `EnclaveReport` describes it field by field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `src/evidence/tdx/report.ts` documents each field.
pub struct EnclaveReport {
    kind: Kind,
    pub cpu_svn: Hex<16>,
    pub misc_select: Hex<4>,
    pub isv_ext_prod_id: Hex<16>,
    pub attributes: Hex<16>,
    pub debug: bool,
    pub mr_enclave: Hex<32>,
    pub mr_signer: Hex<32>,
    pub config_id: Hex<64>,
    pub isv_prod_id: u16,
    pub isv_svn: u16,
    pub config_svn: u16,
    pub isv_family_id: Hex<16>,
    pub report_data: Hex<64>,
}

object!(EnclaveReport {
    kind,
    cpu_svn,
    misc_select,
    isv_ext_prod_id,
    attributes,
    debug,
    mr_enclave,
    mr_signer,
    config_id,
    isv_prod_id,
    isv_svn,
    config_svn,
    isv_family_id,
    report_data,
});

impl EnclaveReport {
    /// Reads a report of exactly its size.
    ///
    /// # Arguments
    /// `name` says for a person whose report it is.
    ///
    /// # Errors
    /// `tdx.quote_length`, `tdx.reserved_not_zero`
    pub fn read(bytes: &[u8], name: &'static str) -> Result<Self, Refusal> {
        let mut fields = Cursor::of(bytes);
        let cpu_svn = fields.array("CPUSVN").map(Hex)?;
        let misc_select = fields.array("MISCSELECT").map(Hex)?;
        check_zero(fields.array::<12>("reserved")?, name, "20 to 31")?;
        let isv_ext_prod_id = fields.array("ISVEXTPRODID").map(Hex)?;
        let attributes: [u8; 16] = fields.array("ATTRIBUTES")?;
        let mr_enclave = fields.array("MRENCLAVE").map(Hex)?;
        check_zero(fields.array::<32>("reserved")?, name, "96 to 127")?;
        let mr_signer = fields.array("MRSIGNER").map(Hex)?;
        check_zero(fields.array::<32>("reserved")?, name, "160 to 191")?;
        let config_id = fields.array("CONFIGID").map(Hex)?;
        let isv_prod_id = fields.u16("ISVPRODID")?;
        let isv_svn = fields.u16("ISVSVN")?;
        let config_svn = fields.u16("CONFIGSVN")?;
        check_zero(fields.array::<42>("reserved")?, name, "262 to 303")?;
        let isv_family_id = fields.array("ISVFAMILYID").map(Hex)?;
        let report_data = fields.array("REPORTDATA").map(Hex)?;
        fields.finish(name)?;
        let [flags, ..] = attributes;
        Ok(Self {
            kind: Kind::Sgx,
            cpu_svn,
            misc_select,
            isv_ext_prod_id,
            attributes: Hex(attributes),
            debug: flags & DEBUG != 0,
            mr_enclave,
            mr_signer,
            config_id,
            isv_prod_id,
            isv_svn,
            config_svn,
            isv_family_id,
            report_data,
        })
    }
}

fn check_zero<const N: usize>(
    bytes: [u8; N],
    report: &'static str,
    place: &str,
) -> Result<(), Refusal> {
    if bytes == [0; N] {
        return Ok(());
    }
    Err(Refusal::from(Code::ReservedNotZero)
        .with("field", format!("bytes {place} of the {report}"))
        .with("actual", encode(&bytes)))
}

#[cfg(test)]
mod tests {
    use super::{ENCLAVE_REPORT_BYTES, EnclaveReport};
    use crate::json::write;
    use core::ops::Range;
    use serde_json::json;

    const RESERVED: [Range<usize>; 4] = [20..32, 96..128, 160..192, 262..304];

    fn is_reserved(index: usize) -> bool {
        RESERVED.iter().any(|range| range.contains(&index))
    }

    #[test]
    fn read_finds_every_field_at_its_place() {
        let mut bytes = [0; ENCLAVE_REPORT_BYTES];
        for (index, byte) in bytes.iter_mut().enumerate() {
            if !is_reserved(index) {
                *byte = u8::try_from(index % 251).unwrap();
            }
        }
        let report = EnclaveReport::read(&bytes, "test").unwrap();
        let report = write::tree(&report);
        let places = [
            ("cpuSvn", 0, 16),
            ("miscSelect", 16, 4),
            ("isvExtProdId", 32, 16),
            ("attributes", 48, 16),
            ("mrEnclave", 64, 32),
            ("mrSigner", 128, 32),
            ("configId", 192, 64),
            ("isvFamilyId", 304, 16),
            ("reportData", 320, 64),
        ];
        for (name, offset, length) in places {
            let expected = crate::hex::encode(&bytes[offset..offset + length]);
            assert_eq!(report[name], json!(expected), "{name}");
        }
        assert_eq!(report["isvProdId"], 0x0605);
        assert_eq!(report["isvSvn"], 0x0807);
        assert_eq!(report["configSvn"], 0x0a09);
        assert_eq!(report["kind"], "sgx");
    }

    #[test]
    fn read_refuses_every_reserved_byte() {
        for index in 0..ENCLAVE_REPORT_BYTES {
            let mut bytes = [0; ENCLAVE_REPORT_BYTES];
            bytes[index] = 1;
            let code = EnclaveReport::read(&bytes, "test")
                .err()
                .map(|refusal| refusal.code());
            let expected = is_reserved(index).then_some("tdx.reserved_not_zero");
            assert_eq!(code, expected, "byte {index}");
        }
    }

    #[test]
    fn read_sees_debug() {
        for (flags, debug) in [(0, false), (2, true), (0xfd, false)] {
            let mut bytes = [0; ENCLAVE_REPORT_BYTES];
            bytes[48] = flags;
            assert_eq!(EnclaveReport::read(&bytes, "test").unwrap().debug, debug);
        }
    }

    #[test]
    fn read_refuses_another_size() {
        for length in [0, ENCLAVE_REPORT_BYTES - 1, ENCLAVE_REPORT_BYTES + 1] {
            assert!(EnclaveReport::read(&vec![0; length], "test").is_err());
        }
    }
}
