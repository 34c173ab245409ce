//! Numbers, lists and names of documents at their bounds and just beyond.

use crate::edit::{Edit, render};
use crate::format::{IDENTITY, INFO, Parse, assert_refused};
use crate::sample::{Sample, enclave_level, level, module};
use serde_json::{Value, json};

#[test]
fn numbers_have_their_range() {
    for (pointer, most) in [
        ("/tcbLevels/0/tcb/sgxtcbcomponents/3/svn", "255"),
        ("/tcbLevels/0/tcb/tdxtcbcomponents/3/svn", "255"),
        ("/tcbLevels/0/tcb/pcesvn", "65535"),
        ("/tdxModuleIdentities/0/tcbLevels/0/tcb/isvsvn", "65535"),
        ("/tcbEvaluationDataNumber", "4294967295"),
    ] {
        let info = Sample::tdx().info;
        let with = |value: &str| render(&info, pointer, Edit::Replace(value));
        assert_eq!((INFO.1)(with(most).as_bytes()), Ok(()), "{pointer}");
        assert_eq!((INFO.1)(with("0").as_bytes()), Ok(()), "{pointer}");
        let beyond = (most.parse::<u64>().unwrap() + 1).to_string();
        assert_refused(&with(&beyond), INFO, pointer);
        assert_refused(&with(&"9".repeat(400)), INFO, pointer);
    }
}

/// Changes that make a document another one, and whether that may be.
fn assert_bends(mut document: Value, kind: (&str, Parse), bends: &[(bool, &str, Value)]) {
    for (is_good, pointer, value) in bends {
        let place = document.pointer_mut(pointer).unwrap();
        let before = core::mem::replace(place, value.clone());
        let text = document.to_string();
        if *is_good {
            assert_eq!((kind.1)(text.as_bytes()), Ok(()), "{pointer} {value}");
        } else {
            assert_refused(&text, kind, &format!("{pointer} {value}"));
        }
        *document.pointer_mut(pointer).unwrap() = before;
    }
}

#[test]
fn tcb_info_is_bounded_and_named() {
    let newest = level([0; 16], 1, Some([0; 16]), "UpToDate");
    let modules = |count: u8| {
        let one = |version| {
            module(
                &format!("TDX_{version:02X}"),
                &[enclave_level(1, "UpToDate")],
            )
        };
        Value::from((0..count).map(one).collect::<Vec<_>>())
    };
    let pair = |id: &str| {
        let one = module(id, &[enclave_level(1, "UpToDate")]);
        json!([one, module("TDX_0F", &[enclave_level(1, "UpToDate")])])
    };
    assert_bends(
        Sample::tdx().info,
        INFO,
        &[
            (false, "/id", json!("tdx")),
            (false, "/id", json!("TDX ")),
            (false, "/version", json!(2)),
            (false, "/version", json!(4)),
            (false, "/tcbType", json!(1)),
            (false, "/fmspc", json!("00906ed5000")),
            (true, "/fmspc", json!("00906ed5000a")),
            (false, "/pceId", json!("000000")),
            (true, "/nextUpdate", json!("2025-06-01T00:00:00Z")),
            (false, "/nextUpdate", json!("2025-05-31T23:59:59Z")),
            (true, "/tcbLevels", vec![newest.clone(); 64].into()),
            (false, "/tcbLevels", vec![newest.clone(); 65].into()),
            (true, "/tdxModuleIdentities", modules(16)),
            (false, "/tdxModuleIdentities", modules(17)),
            (true, "/tdxModuleIdentities", pair("TDX_FF")),
            (false, "/tdxModuleIdentities", pair("TDX_0F")),
            (false, "/tdxModuleIdentities", pair("TDX_0f")),
            (false, "/tdxModuleIdentities", pair("TDX_0")),
            (false, "/tdxModuleIdentities", pair("TDX_001")),
            (false, "/tdxModuleIdentities", pair("tdx_01")),
            (false, "/tdxModuleIdentities", pair("TDX_+1")),
            (false, "/tdxModuleIdentities/0/tcbLevels", json!([])),
            (false, "/tcbLevels", json!([newest["tcb"]])),
        ],
    );
}

#[test]
fn components_are_sixteen() {
    for half in ["sgxtcbcomponents", "tdxtcbcomponents"] {
        for count in [0, 1, 15, 17, 1000] {
            let mut info = Sample::tdx().info;
            info["tcbLevels"][1]["tcb"][half] = vec![json!({"svn": 1}); count].into();
            assert_refused(&info.to_string(), INFO, half);
        }
    }
}

#[test]
fn sgx_has_no_tdx_half_and_tdx_has_one_everywhere() {
    let bend = |sample: Sample, bend: fn(&mut Value)| {
        let mut info = sample.info;
        bend(&mut info);
        assert_refused(&info.to_string(), INFO, &info.to_string());
    };
    bend(Sample::sgx(), |info| info["id"] = "TDX".into());
    bend(Sample::tdx(), |info| info["id"] = "SGX".into());
    bend(Sample::sgx(), |info| {
        info["tdxModule"] = Sample::tdx().info["tdxModule"].clone();
    });
    bend(Sample::sgx(), |info| {
        info["tdxModuleIdentities"] = Sample::tdx().info["tdxModuleIdentities"].clone();
    });
    bend(Sample::sgx(), |info| {
        info["tcbLevels"][2] = level([0; 16], 1, Some([0; 16]), "UpToDate");
    });
    bend(Sample::tdx(), |info| {
        info["tcbLevels"][2] = level([0; 16], 1, None, "UpToDate");
    });
}

#[test]
fn qe_identity_is_bounded_and_named() {
    let newest = enclave_level(1, "UpToDate");
    assert_bends(
        Sample::tdx().identity,
        IDENTITY,
        &[
            (true, "/id", json!("QE")),
            (true, "/id", json!("QVE")),
            (false, "/id", json!("td_qe")),
            (false, "/id", json!("QE_ID")),
            (false, "/version", json!(1)),
            (false, "/version", json!(3)),
            (true, "/nextUpdate", json!("2025-06-02T00:00:00Z")),
            (false, "/nextUpdate", json!("2025-06-01T23:59:59Z")),
            (false, "/miscselect", json!("0000000000")),
            (false, "/attributes", json!("11")),
            (false, "/mrsigner", json!("e5".repeat(48))),
            (true, "/isvprodid", json!(65535)),
            (false, "/isvprodid", json!(65536)),
            (true, "/tcbLevels", vec![newest.clone(); 64].into()),
            (false, "/tcbLevels", vec![newest; 65].into()),
        ],
    );
}

#[test]
fn advisories_and_statuses_are_bounded_and_named() {
    let advisories = |count: usize| vec![json!("INTEL-SA-00001"); count].into();
    for (document, kind, level) in [
        (Sample::tdx().info, INFO, "/tcbLevels/1"),
        (
            Sample::tdx().info,
            INFO,
            "/tdxModuleIdentities/1/tcbLevels/2",
        ),
        (Sample::sgx().identity, IDENTITY, "/tcbLevels/1"),
    ] {
        let bend = |is_good, value: Value| (is_good, value);
        for (is_good, value) in [
            bend(true, advisories(64)),
            bend(false, advisories(65)),
            bend(true, json!(["A".repeat(32)])),
            bend(false, json!(["A".repeat(33)])),
            bend(false, json!(["intel-sa-00001"])),
            bend(false, json!(["INTEL-SA-00001", "\u{1b}[31m"])),
            bend(false, json!(["INTEL-SA-00001", 1])),
        ] {
            let mut document = document.clone();
            document.pointer_mut(level).unwrap()["advisoryIDs"] = value.clone();
            assert_eq!(
                (kind.1)(document.to_string().as_bytes()).is_ok(),
                is_good,
                "{value}"
            );
        }
        for status in ["TDRelaunchAdvised", "upToDate", "UpToDate\u{0}", "Unknown"] {
            let mut document = document.clone();
            document.pointer_mut(level).unwrap()["tcbStatus"] = status.into();
            assert_refused(&document.to_string(), kind, status);
        }
    }
}
