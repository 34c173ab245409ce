//! Which level a platform reaches.

use crate::sample::{SGX, Sample, TDX, level};
use serde_json::{Value, json};

fn indexes(sample: &Sample) -> (Value, Value) {
    let judged = sample.judge();
    (
        judged["sgx"]["level"].clone(),
        judged["platform"]["level"].clone(),
    )
}

#[test]
fn tdx_09_every_sgx_component_must_be_reached() {
    for sample in [Sample::tdx(), Sample::tdx_version_0(), Sample::sgx()] {
        for (index, least) in SGX.into_iter().enumerate() {
            let mut sample = sample.clone();
            sample.facts.components[index] += 1;
            assert_eq!(indexes(&sample), (json!(0), json!(0)), "higher {index}");
            let Some(lower) = least.checked_sub(1) else {
                continue;
            };
            sample.facts.components = [0xFF; 16];
            sample.facts.components[index] = lower;
            assert_eq!(indexes(&sample), (json!(1), json!(1)), "lower {index}");
            assert_eq!(sample.status(), "OutOfDate");
        }
    }
}

#[test]
fn tdx_09_the_pce_must_be_reached_too() {
    for mut sample in [Sample::tdx(), Sample::sgx()] {
        for (svn, expected) in [(u16::MAX, 0), (13, 0), (12, 1), (11, 1)] {
            sample.facts.pce_svn = svn;
            assert_eq!(
                indexes(&sample),
                (json!(expected), json!(expected)),
                "{svn}"
            );
        }
        sample.facts.pce_svn = 10;
        assert_eq!(
            sample.refusal("what"),
            ("tdx.tcb_revoked", String::from("sgx"))
        );
        sample.facts.pce_svn = 4;
        let (code, svn) = sample.refusal("pceSvn");
        assert_eq!((code, svn.as_str()), ("tdx.tcb_level_not_found", "4"));
    }
}

#[test]
fn tdx_09_every_tdx_component_must_be_reached() {
    let mut sample = Sample::tdx_version_0();
    for (index, least) in TDX.into_iter().enumerate() {
        // Component 1 is the module's version: 0 throughout here.
        let Some(lower) = least.checked_sub(1) else {
            continue;
        };
        let mut svn = [0xFF; 16];
        (svn[1], svn[index]) = (0, lower);
        sample.module().tee_tcb_svn = svn;
        assert_eq!(indexes(&sample), (json!(0), json!(1)), "lower {index}");
        assert_eq!(sample.status(), "TDRelaunchAdvised", "the newest runs");
        sample.module().tee_tcb_svn2 = Some(svn);
        assert_eq!(sample.status(), "OutOfDate");
        sample.module().tee_tcb_svn2 = Some(TDX);
    }
}

#[test]
fn tdx_05_components_of_a_newer_module_are_its_identitys() {
    let mut sample = Sample::tdx();
    let newest = sample.module().tee_tcb_svn;
    // The platform asks for 200 of components 0 and 1, which only version 0 is compared with.
    sample.info["tcbLevels"][0] = level(
        SGX,
        13,
        Some([200, 200, 8, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
        "UpToDate",
    );
    assert_eq!(indexes(&sample), (json!(0), json!(0)));
    for index in 2..16 {
        let mut svn = [0xFF; 16];
        svn[..2].copy_from_slice(&newest[..2]);
        svn[index] = newest[index] - 1;
        sample.module().tee_tcb_svn = svn;
        assert_eq!(indexes(&sample), (json!(0), json!(1)), "lower {index}");
    }
    sample.module().tee_tcb_svn = TDX;
    assert_eq!(indexes(&sample), (json!(0), json!(1)));
}

#[test]
fn levels_are_tried_in_their_order_and_both_halves_together() {
    let mut sample = Sample::tdx_version_0();
    // The TDX half of level 1 fits, its SGX half does not; of level 2 both do.
    let mut higher = SGX;
    higher[0] += 1;
    let mut newer = TDX;
    newer[2] += 1;
    sample.info["tcbLevels"] = json!([
        level(SGX, 13, Some(newer), "UpToDate"),
        level(higher, 13, Some(TDX), "UpToDate"),
        level(SGX, 13, Some(TDX), "ConfigurationNeeded"),
        level(SGX, 13, Some(TDX), "OutOfDate"),
    ]);
    assert_eq!(indexes(&sample), (json!(0), json!(2)));
    assert_eq!(sample.status(), "ConfigurationNeeded");
    sample.info["tcbLevels"] = json!([
        level(SGX, 13, Some(newer), "UpToDate"),
        level(higher, 13, Some(TDX), "UpToDate"),
    ]);
    let (code, what) = sample.refusal("what");
    assert_eq!(
        (code, what.as_str()),
        ("tdx.tcb_level_not_found", "TDX components")
    );
}

#[test]
fn tdx_08_revoked_is_refused_in_whichever_half() {
    let mut sample = Sample::tdx_version_0();
    sample.set_info_status("/tcbLevels/0", "Revoked");
    let refused = |what: &str| ("tdx.tcb_revoked", String::from(what));
    assert_eq!(sample.refusal("what"), refused("sgx"));
    // The SGX half stands at the revoked level, both together at a sound one.
    sample.module().tee_tcb_svn = [0; 16];
    sample.set_info_status("/tcbLevels/1", "UpToDate");
    assert_eq!(sample.refusal("what"), refused("sgx"));
    // And the other way round.
    sample.set_info_status("/tcbLevels/0", "UpToDate");
    sample.set_info_status("/tcbLevels/1", "Revoked");
    assert_eq!(sample.refusal("what"), refused("platform"));
    assert_eq!(sample.refusal("tcbDate").1, "2025-01-01T00:00:00Z");
    let mut sgx = Sample::sgx();
    sgx.set_info_status("/tcbLevels/0", "Revoked");
    assert_eq!(sgx.refusal("what"), refused("sgx"));
}

#[test]
fn advisories_and_date_are_of_all_levels_that_were_reached() {
    let mut sample = Sample::tdx();
    let set = |level: &mut Value, date: &str, advisories: &[&str]| {
        level["tcbDate"] = date.into();
        level["advisoryIDs"] = json!(advisories);
    };
    let dates = [
        "2024-03-13T00:00:00Z",
        "2023-08-09T00:00:00Z",
        "2022-01-01T00:00:00Z",
    ];
    for rotation in 0..3 {
        let date = |part: usize| dates[(part + rotation) % 3];
        set(
            &mut sample.info["tcbLevels"][0],
            date(0),
            &["INTEL-SA-9", "INTEL-SA-2"],
        );
        set(
            &mut sample.info["tdxModuleIdentities"][1]["tcbLevels"][0],
            date(1),
            &["INTEL-SA-2", "INTEL-SA-1"],
        );
        set(
            &mut sample.identity["tcbLevels"][0],
            date(2),
            &["INTEL-SA-3", "INTEL-SA-2"],
        );
        let judged = sample.judge();
        assert_eq!(judged["tcbDate"], "2022-01-01T00:00:00Z");
        assert_eq!(
            judged["advisoryIds"],
            json!(["INTEL-SA-1", "INTEL-SA-2", "INTEL-SA-3", "INTEL-SA-9"])
        );
        assert_eq!(
            judged["platform"]["advisoryIds"],
            json!(["INTEL-SA-9", "INTEL-SA-2"])
        );
        assert_eq!(judged["module"]["tcbDate"], date(1));
        assert_eq!(judged["qe"]["tcbDate"], date(2));
    }
}
