//! HCL reports, as NV index 0x01400001 holds them: a header, the report of the
//! hardware, and runtime data that it is bound to. Numbers are little-endian.

use crate::answer::Refusal;
use crate::frame;
use crate::hcl::codes::Code;
use crate::hcl::runtime::Runtime;
use crate::hcl::td_report::TdReport;
use crate::hex;
use crate::input::Part;
use crate::json::write::object;
use crate::x509::hash::Hash;

/// Largest file, bytes; the NV index has 2600.
pub const MAX_BYTES: usize = 16 * 1024;
/// Bytes before the hardware report.
const HEADER_BYTES: usize = 32;
/// Where the data behind the hardware report begin.
const DATA: usize = 1216;
/// Where the runtime data begin.
const RUNTIME: usize = 1236;

const MAGIC: [u8; 4] = *b"HCLA";
const VERSIONS: [u32; 2] = [1, 2];
const DATA_VERSION: u32 = 1;
/// Request for attestation.
const REQUEST_TYPE: u32 = 2;
/// TEEs of hardware reports, their sizes and where their report data begin.
const KINDS: [(u32, &str, usize, usize); 2] = [(2, "snp", 1184, 0x50), (4, "tdx", 1024, 128)];
const HASHES: [(u32, Hash); 3] = [(1, Hash::Sha256), (2, Hash::Sha384), (3, Hash::Sha512)];
/// Bytes of report data.
const REPORT_DATA_BYTES: usize = 64;

const PART: Part = Part {
    name: "hcl-report",
    limit: MAX_BYTES,
};

/// As the TypeScript type `HclReport`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `src/evidence/hcl/report.ts` documents each field.
pub struct HclReport {
    pub version: u32,
    pub report_type: &'static str,
    pub hardware_report: String,
    pub td_report: Option<TdReport>,
    pub report_data: String,
    pub runtime: Runtime,
}

object!(HclReport {
    version,
    report_type,
    hardware_report,
    td_report,
    report_data,
    runtime
});

/// Reads an HCL report; nothing is verified. Fields: the report.
///
/// # Errors
/// `hcl.length`, `hcl.magic`, `hcl.version`, `hcl.request_type`,
/// `hcl.report_type`, `hcl.hash_type`, `hcl.reserved`, those of
/// [`Runtime::read`], `input.*`
pub fn operation(input: &[u8]) -> Result<HclReport, Refusal> {
    let [file] = frame::fields(input)?;
    PART.check(file)?;
    HclReport::read(file)
}

/// A refusal with a reason for a person.
pub fn refuse(code: Code, reason: impl Into<String>) -> Refusal {
    Refusal::from(code).with("reason", reason)
}

impl HclReport {
    /// Reads a file of one report.
    ///
    /// # Errors
    /// Those of [`operation`] but for `input.*`.
    pub fn read(file: &[u8]) -> Result<Self, Refusal> {
        if file.len() < RUNTIME {
            return Err(refuse(Code::Length, format!("it has {} bytes", file.len())));
        }
        let version = check_header(file)?;
        let (_, report_type, bytes, data) = find(file, 1224, KINDS, |kind| kind.0)
            .ok_or_else(|| refuse(Code::ReportType, "the type is not known"))?;
        let (_, hash) = find(file, 1228, HASHES, |hash| hash.0)
            .ok_or_else(|| refuse(Code::HashType, "the hash is not known"))?;
        let runtime = runtime_of(file)?;
        let hardware = slice(file, HEADER_BYTES, bytes)?;
        need_zero(slice(
            file,
            HEADER_BYTES + bytes,
            DATA - HEADER_BYTES - bytes,
        )?)?;
        Ok(Self {
            version,
            report_type,
            hardware_report: hex::encode(hardware),
            td_report: match report_type {
                "tdx" => Some(TdReport::read(hardware)?),
                _ => None,
            },
            report_data: hex::encode(slice(hardware, data, REPORT_DATA_BYTES)?),
            runtime: Runtime::read(runtime, hash)?,
        })
    }
}

/// Checks what is the same in every report; gives its version.
fn check_header(file: &[u8]) -> Result<u32, Refusal> {
    if !file.starts_with(&MAGIC) {
        return Err(refuse(Code::Magic, "it does not begin with HCLA"));
    }
    let version = number(file, 4)?;
    if !VERSIONS.contains(&version) {
        return Err(refuse(Code::Version, format!("its version is {version}")));
    }
    let request = number(file, 12)?;
    if request != REQUEST_TYPE {
        return Err(refuse(Code::RequestType, format!("its type is {request}")));
    }
    need_zero(slice(file, 16, 16)?)?;
    let data = number(file, 1220)?;
    if data != DATA_VERSION {
        let reason = format!("the version of its data is {data}");
        return Err(refuse(Code::Version, reason));
    }
    Ok(version)
}

/// The runtime data, where all sizes agree and nothing follows.
fn runtime_of(file: &[u8]) -> Result<&[u8], Refusal> {
    let [report, data, runtime] = [8, 1216, 1232].map(|offset| number(file, offset));
    let (report, data, runtime) = (size(report?), size(data?), size(runtime?));
    let agree =
        report.checked_sub(DATA) == Some(data) && data.checked_sub(RUNTIME - DATA) == Some(runtime);
    if !agree {
        let reason = format!("its sizes are {report}, {data} and {runtime}");
        return Err(refuse(Code::Length, reason));
    }
    let runtime = slice(file, RUNTIME, runtime)?;
    need_zero(file.get(report..).unwrap_or_default())?;
    Ok(runtime)
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The entry of a table that the number at an offset names.
fn find<T, const N: usize>(
    file: &[u8],
    offset: usize,
    table: [T; N],
    key: fn(&T) -> u32,
) -> Option<T> {
    let wanted = number(file, offset).ok()?;
    table.into_iter().find(|entry| key(entry) == wanted)
}

fn number(file: &[u8], offset: usize) -> Result<u32, Refusal> {
    let bytes = slice(file, offset, 4)?.first_chunk();
    Ok(bytes.copied().map_or(0, u32::from_le_bytes))
}

/// Bytes at their place.
///
/// # Errors
/// `hcl.length`
pub fn slice(bytes: &[u8], offset: usize, length: usize) -> Result<&[u8], Refusal> {
    let end = offset.checked_add(length);
    let found = end.and_then(|end| bytes.get(offset..end));
    found.ok_or_else(|| refuse(Code::Length, "it is cut short"))
}

fn need_zero(bytes: &[u8]) -> Result<(), Refusal> {
    if bytes.iter().all(|byte| *byte == 0) {
        return Ok(());
    }
    Err(refuse(Code::Reserved, "reserved bytes are not zero"))
}
