//! A TD that was launched on another TDX module than the one that runs now.

use crate::sample::{SGX, Sample, TDX, level};
use serde_json::json;

/// Launched on an outdated module; the newest runs since.
fn outdated() -> Sample {
    let mut sample = Sample::tdx();
    sample.module().tee_tcb_svn[0] = 5;
    sample
}

/// Sets what runs now: SVN of the module, its version, the SVN behind them.
fn set_running(sample: &mut Sample, svn: [u8; 3]) {
    let running = &mut sample.module().tee_tcb_svn2;
    running.as_mut().unwrap()[..3].copy_from_slice(&svn);
}

/// Launched reaches the second level, running the first, of modules that are up to date.
fn two_levels(launched: &str, running: &str) -> Sample {
    let mut sample = Sample::tdx();
    sample.module().tee_tcb_svn[2] = 7;
    sample.info["tcbLevels"][1] = level(SGX, 13, Some([0; 16]), launched);
    sample.set_info_status("/tcbLevels/0", running);
    sample
}

#[test]
fn tdx_08_a_relaunch_is_advised_where_what_runs_is_no_longer_out_of_date() {
    let mut sample = outdated();
    // TDX_01 has SVN 6, TDX_03 SVN 3, version 0 component 0 of the newest level, 5.
    for (running, expected) in [
        ([6, 1, 8], "TDRelaunchAdvised"),
        ([255, 1, 255], "TDRelaunchAdvised"),
        ([5, 1, 8], "OutOfDate"),
        ([6, 1, 7], "OutOfDate"),
        ([3, 3, 8], "TDRelaunchAdvised"),
        ([3, 3, 7], "OutOfDate"),
        ([5, 0, 8], "TDRelaunchAdvised"),
        ([4, 0, 8], "OutOfDate"),
        ([5, 0, 7], "OutOfDate"),
    ] {
        set_running(&mut sample, running);
        assert_eq!(sample.status(), expected, "{running:?}");
    }
    sample.module().tee_tcb_svn2 = None;
    assert_eq!(
        sample.status(),
        "OutOfDate",
        "nothing is known of what runs"
    );
}

#[test]
fn tdx_08_what_runs_must_be_listed_whatever_launched_the_td() {
    for launched in [5, 6] {
        let mut sample = Sample::tdx();
        sample.module().tee_tcb_svn[0] = launched;
        set_running(&mut sample, [255, 2, 255]);
        let (code, module) = sample.refusal("module");
        assert_eq!((code, module.as_str()), ("tdx.module_unknown", "TDX_02"));
        set_running(&mut sample, [2, 3, 8]);
        let (code, svn) = sample.refusal("actual");
        assert_eq!((code, svn.as_str()), ("tdx.module_level_not_found", "2"));
        set_running(&mut sample, [6, 1, 8]);
        for index in 0..3 {
            let lowest = json!([{"svn": 2}]);
            sample.info["tcbLevels"][index]["tcb"]["tdxtcbcomponents"][3] = lowest[0].clone();
        }
        sample.module().tee_tcb_svn[3] = 2;
        let (code, svn) = sample.refusal("teeTcbSvn");
        assert_eq!(code, "tdx.tcb_level_not_found");
        assert!(svn.starts_with("06010801"), "{svn}");
    }
}

#[test]
fn tdx_08_the_signer_at_launch_is_not_compared_with_what_runs() {
    let mut sample = outdated();
    sample.info["tdxModuleIdentities"][0]["mrsigner"] = "b2".repeat(48).into();
    set_running(&mut sample, [3, 3, 8]);
    assert_eq!(sample.status(), "TDRelaunchAdvised");
}

#[test]
fn tdx_08_revoked_counts_of_what_runs_too() {
    let mut sample = Sample::tdx();
    set_running(&mut sample, [2, 1, 8]);
    let (code, what) = sample.refusal("what");
    assert_eq!((code, what.as_str()), ("tdx.tcb_revoked", "module"));

    let mut sample = two_levels("UpToDate", "Revoked");
    assert_eq!(sample.refusal("what").0, "tdx.tcb_revoked");
    sample = two_levels("Revoked", "UpToDate");
    assert_eq!(sample.refusal("what").0, "tdx.tcb_revoked");
}

#[test]
fn tdx_08_levels_of_launched_and_running_tcb_count_together() {
    for (launched, running, expected) in [
        ("OutOfDate", "UpToDate", "TDRelaunchAdvised"),
        ("OutOfDate", "SWHardeningNeeded", "TDRelaunchAdvised"),
        (
            "OutOfDate",
            "ConfigurationNeeded",
            "TDRelaunchAdvisedConfigurationNeeded",
        ),
        (
            "OutOfDate",
            "ConfigurationAndSWHardeningNeeded",
            "TDRelaunchAdvisedConfigurationNeeded",
        ),
        (
            "OutOfDateConfigurationNeeded",
            "UpToDate",
            "TDRelaunchAdvisedConfigurationNeeded",
        ),
        ("OutOfDate", "OutOfDate", "OutOfDate"),
        (
            "OutOfDate",
            "OutOfDateConfigurationNeeded",
            "OutOfDateConfigurationNeeded",
        ),
        (
            "OutOfDateConfigurationNeeded",
            "OutOfDate",
            "OutOfDateConfigurationNeeded",
        ),
        ("UpToDate", "UpToDate", "UpToDate"),
        ("UpToDate", "OutOfDate", "OutOfDate"),
        (
            "UpToDate",
            "OutOfDateConfigurationNeeded",
            "OutOfDateConfigurationNeeded",
        ),
        ("UpToDate", "SWHardeningNeeded", "SWHardeningNeeded"),
        ("SWHardeningNeeded", "UpToDate", "SWHardeningNeeded"),
        (
            "SWHardeningNeeded",
            "ConfigurationNeeded",
            "ConfigurationAndSWHardeningNeeded",
        ),
        ("ConfigurationNeeded", "UpToDate", "ConfigurationNeeded"),
    ] {
        let judged = two_levels(launched, running).judge();
        assert_eq!(judged["sgx"]["level"], 0);
        assert_eq!(judged["platform"]["level"], 1, "as launched");
        assert_eq!(judged["status"], expected, "{launched} {running}");
    }
}

#[test]
fn tdx_08_advisories_and_dates_count_of_both() {
    let mut sample = two_levels("UpToDate", "UpToDate");
    sample.info["tcbLevels"][0]["tcbDate"] = "2023-03-03T00:00:00Z".into();
    sample.info["tcbLevels"][0]["advisoryIDs"] = json!(["INTEL-SA-00002"]);
    sample.info["tcbLevels"][1]["advisoryIDs"] = json!(["INTEL-SA-00001"]);
    let judged = sample.judge();
    assert_eq!(judged["tcbDate"], "2023-03-03T00:00:00Z");
    assert_eq!(
        judged["advisoryIds"],
        json!(["INTEL-SA-00001", "INTEL-SA-00002"])
    );
    sample.module().tee_tcb_svn2 = None;
    let judged = sample.judge();
    assert_eq!(judged["tcbDate"], "2025-01-01T00:00:00Z");
    assert_eq!(judged["advisoryIds"], json!(["INTEL-SA-00001"]));
}

#[test]
fn tdx_08_no_relaunch_is_advised_where_it_cannot_help() {
    let mut sample = outdated();
    sample.facts.qe.isv_svn = 6;
    assert_eq!(
        sample.status(),
        "OutOfDate",
        "the quoting enclave is outdated"
    );
    sample.set_qe_status(1, "OutOfDateConfigurationNeeded");
    assert_eq!(sample.status(), "OutOfDateConfigurationNeeded");
    sample.set_qe_status(1, "ConfigurationNeeded");
    assert_eq!(sample.status(), "TDRelaunchAdvisedConfigurationNeeded");

    for (platform, expected) in [
        ("SWHardeningNeeded", "TDRelaunchAdvised"),
        ("OutOfDate", "OutOfDate"),
        (
            "OutOfDateConfigurationNeeded",
            "OutOfDateConfigurationNeeded",
        ),
    ] {
        let mut sample = outdated();
        sample.set_info_status("/tcbLevels/0", platform);
        assert_eq!(
            sample.status(),
            expected,
            "launched and running stand on it"
        );
    }
}

#[test]
fn tdx_08_a_module_without_levels_of_its_own_may_be_launched_anew_too() {
    let mut sample = Sample::tdx_version_0();
    sample.module().tee_tcb_svn[0] = 4;
    assert_eq!(sample.status(), "TDRelaunchAdvised");
    sample.module().tee_tcb_svn2 = Some(sample.module().tee_tcb_svn);
    assert_eq!(sample.status(), "OutOfDate");
    assert_eq!(TDX[1], 0, "version 0");
}
