//! HCL reports.

use super::runtime::Json;
use super::{Outcome, run};
use casemate_core::hcl::report;
use serde_json::json;

/// A report; numbers are little-endian.
#[derive(Clone)]
struct Report(Vec<u8>);

impl Report {
    fn new(report_type: u32) -> Self {
        Self::around(report_type, Json::new().text().as_bytes())
    }

    fn around(report_type: u32, runtime: &[u8]) -> Self {
        let size = u32::try_from(runtime.len()).unwrap();
        let mut report = Self(vec![0; 1236]);
        report.0[..4].copy_from_slice(b"HCLA");
        for (offset, value) in [
            (4, 2),
            (8, 1236 + size),
            (12, 2),
            (1216, 20 + size),
            (1220, 1),
            (1224, report_type),
            (1228, 1),
            (1232, size),
        ] {
            report.set(offset, value);
        }
        let hardware = if report_type == 2 { 1184 } else { 1024 };
        let bytes = (0..hardware).map(|index: usize| index.to_le_bytes()[0]);
        report.0.splice(32..32 + hardware, bytes);
        report.0[32] = 0x81;
        report.0.extend(runtime);
        report
    }

    fn set(&mut self, offset: usize, value: u32) {
        self.0[offset..offset + 4].copy_from_slice(&value.to_le_bytes());
    }

    fn read(&self) -> Outcome {
        run(report::operation, &[&self.0])
    }
}

/// Hex of bytes that count up from an offset, as the hardware reports here.
fn counted(offset: usize, length: usize) -> String {
    let bytes = (offset..offset + length).map(|index| index.to_le_bytes()[0]);
    casemate_core::hex::encode(&bytes.collect::<Vec<_>>())
}

#[test]
fn a_report_of_sev_snp_is_read() {
    let answer = Report::new(2).read().value();
    assert_eq!(
        (&answer["version"], &answer["reportType"]),
        (&json!(2), &json!("snp"))
    );
    assert_eq!(answer["tdReport"], json!(null));
    assert_eq!(answer["reportData"], json!(counted(0x50, 64)));
    let hardware = answer["hardwareReport"].as_str().unwrap();
    assert_eq!(hardware.len(), 2 * 1184);
    assert!(hardware.ends_with(&counted(1, 1183)));
    assert_eq!(answer["runtime"]["keys"][0]["kid"], json!("HCLAkPub"));
}

#[test]
fn a_report_of_tdx_is_read_field_by_field() {
    let answer = Report::new(4).read().value();
    let expected = json!({
        "cpuSvn": counted(16, 16),
        "reportData": counted(128, 64),
        "teeTcbSvn": counted(264, 16),
        "mrSeam": counted(280, 48),
        "mrSignerSeam": counted(328, 48),
        "seamAttributes": counted(376, 8),
        "teeTcbSvn2": counted(384, 16),
        "tdAttributes": counted(512, 8),
        "xfam": counted(520, 8),
        "mrTd": counted(528, 48),
        "mrConfigId": counted(576, 48),
        "mrOwner": counted(624, 48),
        "mrOwnerConfig": counted(672, 48),
        "rtmrs": [counted(720, 48), counted(768, 48), counted(816, 48), counted(864, 48)],
        "mrServiceTd": counted(912, 48),
    });
    assert_eq!(answer["tdReport"], expected);
    assert_eq!(answer["reportData"], expected["reportData"]);
    assert_eq!(answer["hardwareReport"].as_str().unwrap().len(), 2 * 1024);
}

#[test]
fn zeros_may_follow_as_in_an_nv_index() {
    let mut report = Report::new(2);
    report.0.extend([0; 40]);
    assert_eq!(report.read().code(), "");
    report.0.extend([1]);
    assert_eq!(report.read().code(), "hcl.reserved");
}

#[test]
fn each_bend_has_its_code() {
    type Bend = fn(&mut Report);
    let bends: [(&str, Bend); 24] = [
        ("hcl.length", |report| report.0.truncate(1235)),
        ("hcl.length", |report| report.0.truncate(1236)),
        ("hcl.magic", |report| report.0[3] = b'B'),
        ("", |report| report.set(4, 1)),
        ("hcl.version", |report| report.set(4, 0)),
        ("hcl.version", |report| report.set(4, 3)),
        ("hcl.length", |report| report.set(8, 1236)),
        ("hcl.length", |report| report.set(8, u32::MAX)),
        ("hcl.request_type", |report| report.set(12, 1)),
        ("hcl.reserved", |report| report.set(16, 1)),
        ("hcl.reserved", |report| report.0[31] = 1),
        ("hcl.length", |report| report.set(1216, 0)),
        ("hcl.length", |report| report.set(1216, u32::MAX)),
        ("hcl.version", |report| report.set(1220, 2)),
        ("hcl.report_type", |report| report.set(1224, 3)),
        ("hcl.hash_type", |report| report.set(1228, 0)),
        ("", |report| report.set(1228, 3)),
        ("hcl.hash_type", |report| report.set(1228, 4)),
        ("hcl.length", |report| report.set(1232, 0)),
        ("hcl.length", |report| report.set(1232, u32::MAX)),
        ("hcl.length", |report| report.0.truncate(report.0.len() - 1)),
        ("hcl.reserved", |report| report.0.push(b' ')),
        ("input.empty", |report| report.0.clear()),
        ("input.too_large", |report| {
            report.0.resize(16 * 1024 + 1, 0)
        }),
    ];
    for (index, (expected, bend)) in bends.iter().enumerate() {
        for report_type in [2, 4] {
            let mut report = Report::new(report_type);
            bend(&mut report);
            assert_eq!(
                report.read().code(),
                *expected,
                "bend {index} of {report_type}"
            );
        }
    }
}

#[test]
fn the_rest_of_a_td_report_is_zero_and_its_type_a_td() {
    for (offset, code) in [
        (1056, "hcl.reserved"),
        (1215, "hcl.reserved"),
        (32, "hcl.report_type"),
    ] {
        let mut report = Report::new(4);
        report.0[offset] ^= 1;
        assert_eq!(report.read().code(), code);
        let mut report = Report::new(2);
        report.0[offset] ^= 1;
        assert_eq!(
            report.read().code(),
            "",
            "a report of SEV-SNP has its own verifier"
        );
    }
}

#[test]
fn of_several_things_wrong_the_first_is_told() {
    let mut report = Report::new(4);
    report.0[32] = 0;
    report.0.push(1);
    let mut codes = vec![];
    for (offset, right) in [(1220, 1), (1228, 1), (1224, 4), (16, 0), (12, 2), (4, 2)] {
        codes.push(report.read().code());
        report.set(offset, 9);
        assert_ne!(report.read().code(), codes[codes.len() - 1], "{right}");
        if offset == 1220 {
            report.set(offset, right);
        }
    }
    let expected = [
        "reserved",
        "reserved",
        "hash_type",
        "report_type",
        "reserved",
        "request_type",
    ];
    assert_eq!(codes, expected.map(|name| format!("hcl.{name}")));
}

#[test]
fn runtime_data_of_no_bytes_are_no_json() {
    let report = Report::around(2, b"");
    assert_eq!(report.read().code(), "hcl.runtime_syntax");
}

#[test]
fn no_cut_and_no_bit_makes_it_panic() {
    let whole = Report::new(4);
    for length in 0..whole.0.len() {
        let cut = Report(whole.0[..length].to_vec());
        assert_ne!(cut.read().code(), "", "{length} bytes");
    }
    for offset in (0..32).chain(1210..1236) {
        for bit in 0..8 {
            let mut bent = whole.clone();
            bent.0[offset] ^= 1 << bit;
            // Bits of version and hash lead to others that are known.
            let may_read = matches!(offset, 4 | 1228);
            assert!(
                may_read || !bent.read().code().is_empty(),
                "{offset}, {bit}"
            );
        }
    }
}
