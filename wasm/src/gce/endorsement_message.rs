//! What a launch endorsement says: `VMLaunchEndorsement` and
//! `VMGoldenMeasurement` of Google's published protocol buffers.

use crate::answer::Refusal;
use crate::gce::codes::Code;
use crate::gce::endorsement_wire::{Message, Wire};
use crate::hex::{self, Word};
use crate::json::write::object;
use crate::moment;

/// Most measurements of one technology: more shapes of VMs than there are.
const MAX_MEASUREMENTS: usize = 4096;
/// Last second that ISO 8601 can say, 9999-12-31T23:59:59Z.
const MAX_SECONDS: u64 = 253_402_300_799;
/// Most of `google.protobuf.Timestamp`.
const MAX_NANOS: u64 = 999_999_999;
/// Bytes of SHA-384.
const DIGEST: usize = 48;
/// Bytes of a UUID.
const UUID: usize = 16;

const ENVELOPE: [Wire; 2] = [Wire::Bytes; 2];
const GOLDEN: [Wire; 8] = [
    Wire::Bytes,
    Wire::Number,
    Wire::Bytes,
    Wire::Bytes,
    Wire::Bytes,
    Wire::Bytes,
    Wire::Bytes,
    Wire::Bytes,
];
const SEV_SNP: [Wire; 7] = [
    Wire::Number,
    Wire::Repeated,
    Wire::Bytes,
    Wire::Bytes,
    Wire::Number,
    Wire::Bytes,
    Wire::Bytes,
];
const TDX: [Wire; 2] = [Wire::Number, Wire::Repeated];
const TIMESTAMP: [Wire; 2] = [Wire::Number; 2];
const ENTRY: [Wire; 2] = [Wire::Number, Wire::Bytes];
const MRTD: [Wire; 3] = [Wire::Number, Wire::Number, Wire::Bytes];

/// A signed endorsement.
pub struct Envelope<'a> {
    /// What is signed.
    pub golden: &'a [u8],
    /// Signature.
    pub signature: &'a [u8],
}

/// What is signed; nothing was verified.
pub struct Golden<'a> {
    /// What it says.
    pub statement: Statement,
    /// DER of the certificate whose key signed it.
    pub certificate: &'a [u8],
    /// Files of those above it, may be empty.
    pub bundle: &'a [u8],
}

/// Measurements of firmware.
#[derive(Debug)]
#[allow(missing_docs)] // `src/evidence/gce/report.ts` documents each field.
pub struct Statement {
    pub timestamp: Option<String>,
    pub digest: String,
    pub commit: String,
    pub sev_snp: Option<SevSnp>,
    pub tdx: Option<Tdx>,
}

/// Of SEV-SNP.
#[derive(Debug)]
#[allow(missing_docs)] // `src/evidence/gce/report.ts` documents each field.
pub struct SevSnp {
    pub svn: u32,
    pub policy: Word,
    pub family_id: String,
    pub image_id: String,
    pub measurements: Vec<Launch>,
    pub svsm_measurement: Option<String>,
}

object!(SevSnp {
    svn,
    policy,
    family_id,
    image_id,
    measurements,
    svsm_measurement
});

/// A launch measurement of SEV-SNP.
#[derive(Debug)]
#[allow(missing_docs)] // `src/evidence/gce/report.ts` documents each field.
pub struct Launch {
    pub vmsas: u32,
    pub measurement: String,
}

object!(Launch { vmsas, measurement });

/// Of TDX.
#[derive(Debug)]
#[allow(missing_docs)] // `src/evidence/gce/report.ts` documents each field.
pub struct Tdx {
    pub svn: u32,
    pub measurements: Vec<MrTd>,
}

object!(Tdx { svn, measurements });

/// An MRTD.
#[derive(Debug)]
#[allow(missing_docs)] // `src/evidence/gce/report.ts` documents each field.
pub struct MrTd {
    pub ram_gib: u32,
    pub early_accept: bool,
    pub mr_td: String,
}

object!(MrTd {
    ram_gib,
    early_accept,
    mr_td
});

fn malformed(reason: &'static str) -> Refusal {
    Refusal::from(Code::EndorsementMalformed).with("reason", reason)
}

impl<'a> Envelope<'a> {
    /// Reads the signed message.
    ///
    /// # Errors
    /// `gce.endorsement_malformed`
    pub fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let fields = Message::read(bytes, &ENVELOPE).map_err(malformed)?;
        let (golden, signature) = (fields.bytes(1), fields.bytes(2));
        if golden.is_empty() || signature.is_empty() {
            return Err(malformed("it has no measurements, or no signature"));
        }
        Ok(Self { golden, signature })
    }
}

impl<'a> Golden<'a> {
    /// Reads what is signed.
    ///
    /// # Errors
    /// `gce.endorsement_malformed`
    pub fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let fields = Message::read(bytes, &GOLDEN).map_err(malformed)?;
        let statement = Statement::read(&fields).map_err(malformed)?;
        let certificate = fields.bytes(4);
        if certificate.is_empty() {
            return Err(malformed("it has no certificate"));
        }
        Ok(Self {
            statement,
            certificate,
            bundle: fields.bytes(6),
        })
    }
}

impl Statement {
    fn read(fields: &Message<'_>) -> Result<Self, &'static str> {
        Ok(Self {
            timestamp: fields.get(1).map(read_timestamp).transpose()?,
            digest: sized(fields.bytes(5), DIGEST)?,
            commit: hex::encode(fields.bytes(3)),
            sev_snp: fields.get(7).map(SevSnp::read).transpose()?,
            tdx: fields.get(8).map(Tdx::read).transpose()?,
        })
    }
}

impl SevSnp {
    fn read(bytes: &[u8]) -> Result<Self, &'static str> {
        let fields = Message::read(bytes, &SEV_SNP)?;
        Ok(Self {
            svn: small(fields.number(1))?,
            policy: Word(fields.number(5)),
            family_id: optional(fields.bytes(3), UUID)?.unwrap_or_default(),
            image_id: optional(fields.bytes(4), UUID)?.unwrap_or_default(),
            measurements: read_launches(&fields)?,
            svsm_measurement: optional(fields.bytes(7), DIGEST)?,
        })
    }
}

/// Launch measurements, rising by the number of VMSAs; each number once.
fn read_launches(fields: &Message<'_>) -> Result<Vec<Launch>, &'static str> {
    let mut launches: Vec<Launch> = Vec::new();
    for entry in fields.all(2) {
        check_room(launches.len())?;
        let entry = Message::read(entry, &ENTRY)?;
        let vmsas = small(entry.number(1))?;
        let Err(place) = launches.binary_search_by_key(&vmsas, |one| one.vmsas) else {
            return Err("a number of VMSAs is there twice");
        };
        let measurement = sized(entry.bytes(2), DIGEST)?;
        launches.insert(place, Launch { vmsas, measurement });
    }
    Ok(launches)
}

impl Tdx {
    fn read(bytes: &[u8]) -> Result<Self, &'static str> {
        let fields = Message::read(bytes, &TDX)?;
        let mut measurements = Vec::new();
        for one in fields.all(2) {
            check_room(measurements.len())?;
            measurements.push(MrTd::read(one)?);
        }
        Ok(Self {
            svn: small(fields.number(1))?,
            measurements,
        })
    }
}

impl MrTd {
    fn read(bytes: &[u8]) -> Result<Self, &'static str> {
        let fields = Message::read(bytes, &MRTD)?;
        let early_accept = match fields.number(2) {
            0 => false,
            1 => true,
            _ => return Err("a boolean is neither 0 nor 1"),
        };
        Ok(Self {
            ram_gib: small(fields.number(1))?,
            early_accept,
            mr_td: sized(fields.bytes(3), DIGEST)?,
        })
    }
}

fn read_timestamp(bytes: &[u8]) -> Result<String, &'static str> {
    let fields = Message::read(bytes, &TIMESTAMP)?;
    let seconds = fields.number(1);
    if seconds > MAX_SECONDS || fields.number(2) > MAX_NANOS {
        return Err("its time is out of range");
    }
    Ok(moment::text(seconds))
}

const fn check_room(count: usize) -> Result<(), &'static str> {
    if count < MAX_MEASUREMENTS {
        return Ok(());
    }
    Err("it has too many measurements")
}

fn small(number: u64) -> Result<u32, &'static str> {
    u32::try_from(number).map_err(|_| "a number has more than 32 bits")
}

fn sized(bytes: &[u8], size: usize) -> Result<String, &'static str> {
    if bytes.len() == size {
        return Ok(hex::encode(bytes));
    }
    Err("a digest or identifier has another size than its own")
}

fn optional(bytes: &[u8], size: usize) -> Result<Option<String>, &'static str> {
    if bytes.is_empty() {
        return Ok(None);
    }
    sized(bytes, size).map(Some)
}
