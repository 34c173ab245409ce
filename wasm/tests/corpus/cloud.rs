//! What clouds add to the reports of the hardware: HCL reports of Azure,
//! certificates of Google's instances.

use crate::case::{Case, Corpus};
use crate::tree;
use casemate_core::answer::Refusal;
use casemate_core::frame;
use casemate_core::gce::instance;
use casemate_core::hcl::report::{self, HclReport};
use casemate_core::hcl::runtime;
use casemate_core::tdx::quote;
use casemate_core::x509::{extension, pem};
use serde_json::{Value, json};

/// The only case whose runtime data were edited; they are no JSON any more.
const EDITED: &str = "runtime_data_hash_matches_report_data";

fn read(bytes: &[u8]) -> Result<HclReport, Refusal> {
    report::operation(&frame::write(&[bytes]).unwrap())
}

fn cases(corpus: &Corpus) -> Vec<Case> {
    let all = corpus.cases_of(&["azure-snp", "azure-tdx"]);
    let all: Vec<Case> = all
        .into_iter()
        .filter(|case| case.has("hcl_report"))
        .collect();
    assert!(all.len() >= 9, "only {} cases", all.len());
    all
}

fn answer(case: &Case) -> Value {
    let report = read(&case.bytes("hcl_report")).unwrap();
    tree(&report)
}

#[test]
fn hcl_reports_are_read_but_for_the_edited_one() {
    let Some(corpus) = Corpus::open() else { return };
    for case in cases(&corpus) {
        let name = case.name();
        if case.reason() == Some(EDITED) {
            let refusal = read(&case.bytes("hcl_report")).unwrap_err();
            assert_eq!(refusal.code(), "hcl.runtime_syntax", "{name}");
            continue;
        }
        let answer = answer(&case);
        let hash = answer["runtime"]["hash"].as_str().unwrap();
        let bound = format!("{hash}{}", "0".repeat(64));
        assert_eq!(answer["reportData"], json!(bound), "{name}");
    }
}

#[test]
fn fields_of_hcl_reports_are_as_published() {
    let Some(corpus) = Corpus::open() else { return };
    let genuine = cases(&corpus).into_iter();
    for case in genuine.filter(|case| case.reason().is_none()) {
        let (answer, name) = (answer(&case), case.name());
        let (runtime, hcl) = (&answer["runtime"], &case.fields()["hcl"]);
        assert_eq!(answer["version"], hcl["version"], "{name}");
        assert_eq!(answer["reportType"], hcl["report_type"], "{name}");
        assert_eq!(runtime["hashAlgorithm"], hcl["hash_type"], "{name}");
        assert_eq!(runtime["hash"], hcl["runtime_hash"], "{name}");
        assert_eq!(runtime["bytes"], hcl["claim_size"], "{name}");
        assert_eq!(runtime["others"], json!([]), "{name}");
        let claims = &case.fields()["runtime_claims"];
        let configuration = claims["vm-configuration"].as_object().unwrap();
        let settings = runtime["vmConfiguration"].as_array().unwrap();
        assert_eq!(settings.len(), configuration.len(), "{name}");
        for setting in settings {
            let setting_name = setting["name"].as_str().unwrap();
            assert_eq!(setting["value"], configuration[setting_name], "{name}");
        }
        let user_data = claims["user-data"].as_str().unwrap();
        assert_eq!(runtime["userData"], json!(user_data.to_lowercase()));
    }
}

#[test]
fn attestation_keys_of_hcl_reports_are_those_of_the_tpms() {
    let Some(corpus) = Corpus::open() else { return };
    let mut seen = 0;
    for case in cases(&corpus) {
        if !case.has("ak_pub") || case.reason() == Some(EDITED) {
            continue;
        }
        let text = String::from_utf8(case.bytes("ak_pub")).unwrap();
        let der = pem::Head::read(&text).unwrap().finish().unwrap().der;
        let answer = answer(&case);
        let [ak, ek] = [0, 1].map(|index| &answer["runtime"]["keys"][index]);
        assert_eq!(ak["spki"], json!(casemate_core::hex::encode(&der)));
        assert_eq!(ak["bits"], json!(2048));
        assert_eq!(
            (&ak["kid"], &ak["keyOps"]),
            (&json!("HCLAkPub"), &json!(["sign"]))
        );
        assert_eq!(
            (&ek["kid"], &ek["keyOps"]),
            (&json!("HCLEkPub"), &json!(["encrypt"]))
        );
        seen += 1;
    }
    assert!(seen >= 7);
}

#[test]
fn the_td_report_says_what_the_quote_says() {
    let Some(corpus) = Corpus::open() else { return };
    let all = cases(&corpus).into_iter();
    let case = all
        .filter(|case| case.has("td_quote"))
        .find(|case| case.reason().is_none())
        .unwrap();
    let quote = frame::write(&[&case.bytes("td_quote")]).unwrap();
    let quote = tree(&quote::operation(&quote).unwrap());
    let (answer, body) = (answer(&case), &quote["quote"]["body"]);
    let report = &answer["tdReport"];
    for field in [
        "teeTcbSvn",
        "mrSeam",
        "mrSignerSeam",
        "mrTd",
        "mrConfigId",
        "mrOwner",
    ] {
        assert_eq!(report[field], body[field], "{field}");
    }
    for field in ["mrOwnerConfig", "rtmrs", "reportData"] {
        assert_eq!(report[field], body[field], "{field}");
    }
    assert_eq!(report["reportData"], answer["reportData"]);
    assert_eq!(answer["hardwareReport"].as_str().unwrap().len(), 2 * 1024);
}

#[test]
fn every_bent_header_of_an_hcl_report_is_refused() {
    let Some(corpus) = Corpus::open() else { return };
    for case in cases(&corpus) {
        let genuine = case.bytes("hcl_report");
        if case.reason() == Some(EDITED) {
            continue;
        }
        // The hardware report itself is judged by its own signature or quote; its length differs.
        let end = 32 + answer(&case)["hardwareReport"].as_str().unwrap().len() / 2;
        for offset in (0..32).chain(end..1236) {
            let mut bent = genuine.clone();
            bent[offset] ^= 0x55;
            assert!(read(&bent).is_err(), "{} at {offset}", case.name());
        }
        for length in [0, 1235, 1236, 2000] {
            assert!(read(&genuine[..length]).is_err(), "{length} bytes");
        }
    }
}

#[test]
fn runtime_data_alone_are_read_as_in_the_report() {
    let Some(corpus) = Corpus::open() else { return };
    let case = cases(&corpus).into_iter().next().unwrap();
    let (file, whole) = (case.bytes("hcl_report"), answer(&case));
    let bytes = usize::try_from(whole["runtime"]["bytes"].as_u64().unwrap()).unwrap();
    let data = &file[1236..1236 + bytes];
    let input = frame::write(&[b"sha256", data]).unwrap();
    let alone = runtime::operation(&input).unwrap();
    assert_eq!(tree(&alone), whole["runtime"]);
    let unknown = frame::write(&[b"sha1", data]).unwrap();
    assert_eq!(runtime::operation(&unknown).unwrap_err().code(), "");
}

#[test]
fn the_certificate_of_a_google_key_names_its_instance() {
    let Some(corpus) = Corpus::open() else { return };
    let case = crate::tpm_case::google(&corpus);
    let describe = |role| {
        let input = frame::write(&[&case.bytes(role)]).unwrap();
        tree(&instance::operation(&input).unwrap())
    };
    // Numbers as openssl shows the INTEGERs: 1B5A475C69, 5E53E3FBBF8306C5.
    let expected = json!({
        "zone": "us-central1-a",
        "projectNumber": 0x1b_5a47_5c69_u64.to_string(),
        "projectId": "google.com:wuale-gcp-testing",
        "instanceId": 0x5e53_e3fb_bf83_06c5_u64.to_string(),
        "instanceName": "cos-test",
        "security": {"version": "0", "isProduction": true},
    });
    assert_eq!(describe("ak_cert"), expected);
    assert_eq!(describe("ak_cert_issuer"), Value::Null);
}

#[test]
fn an_extension_of_a_real_certificate_is_found_by_its_identifier() {
    let Some(corpus) = Corpus::open() else { return };
    let der = crate::tpm_case::google(&corpus).bytes("ak_cert");
    let find = |id: &str| {
        let input = frame::write(&[&der, id.as_bytes()]).unwrap();
        tree(&extension::operation(&input).unwrap())
    };
    let usage = json!({"critical": true, "value": "03020780"});
    assert_eq!(find("2.5.29.15"), usage);
    assert_eq!(find("1.3.6.1.4.1.11129.2.1.21")["critical"], json!(false));
    assert_eq!(find("1.3.6.1.5.5.7.1.35"), Value::Null);
    let input = frame::write(&[&der, b"keyUsage"]).unwrap();
    assert_eq!(extension::operation(&input).unwrap_err().code(), "");
}
