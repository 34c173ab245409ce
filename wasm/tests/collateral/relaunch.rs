//! A TD that stands on an older TDX module than the one that runs now.

use crate::sample::{SGX, Sample, level};

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

#[test]
fn tdx_08_a_relaunch_is_advised_where_the_newest_module_runs() {
    let mut sample = outdated();
    assert_eq!(sample.status(), "TDRelaunchAdvised");
    // TDX_01 has SVN 6, TDX_03 SVN 3, version 0 component 0 of the newest level, 5.
    for (running, expected) in [
        ([6, 1, 8], "TDRelaunchAdvised"),
        ([255, 1, 255], "TDRelaunchAdvised"),
        ([5, 1, 8], "OutOfDate"),
        ([6, 1, 7], "OutOfDate"),
        ([3, 3, 8], "TDRelaunchAdvised"),
        ([2, 3, 8], "OutOfDate"),
        ([3, 3, 7], "OutOfDate"),
        ([5, 0, 8], "TDRelaunchAdvised"),
        ([4, 0, 8], "OutOfDate"),
        ([5, 0, 7], "OutOfDate"),
    ] {
        set_running(&mut sample, running);
        assert_eq!(sample.status(), expected, "{running:?}");
    }
    sample.module().tee_tcb_svn2 = None;
    assert_eq!(sample.status(), "OutOfDate");
}

#[test]
fn tdx_08_an_unknown_running_module_is_refused() {
    let mut sample = outdated();
    set_running(&mut sample, [255, 2, 255]);
    let (code, module) = sample.refusal("module");
    assert_eq!((code, module.as_str()), ("tdx.module_unknown", "TDX_02"));
    // It is not looked at where no relaunch could help.
    sample.module().tee_tcb_svn[0] = 6;
    assert_eq!(sample.status(), "UpToDate");
}

#[test]
fn tdx_08_a_relaunch_is_advised_for_few_statuses_only() {
    for (platform, expected) in [
        ("UpToDate", "TDRelaunchAdvised"),
        ("SWHardeningNeeded", "TDRelaunchAdvised"),
        (
            "ConfigurationNeeded",
            "TDRelaunchAdvisedConfigurationNeeded",
        ),
        (
            "ConfigurationAndSWHardeningNeeded",
            "TDRelaunchAdvisedConfigurationNeeded",
        ),
        ("OutOfDate", "OutOfDate"),
        (
            "OutOfDateConfigurationNeeded",
            "OutOfDateConfigurationNeeded",
        ),
    ] {
        let mut sample = outdated();
        sample.set_info_status("/tcbLevels/0", platform);
        assert_eq!(sample.status(), expected, "{platform}");
    }
}

#[test]
fn tdx_08_the_sgx_half_counts_apart_from_the_platform() {
    for (sgx, platform, expected) in [
        ("UpToDate", "OutOfDate", "TDRelaunchAdvised"),
        ("SWHardeningNeeded", "OutOfDate", "TDRelaunchAdvised"),
        (
            "ConfigurationNeeded",
            "OutOfDate",
            "TDRelaunchAdvisedConfigurationNeeded",
        ),
        (
            "ConfigurationAndSWHardeningNeeded",
            "UpToDate",
            "TDRelaunchAdvisedConfigurationNeeded",
        ),
        (
            "UpToDate",
            "OutOfDateConfigurationNeeded",
            "TDRelaunchAdvisedConfigurationNeeded",
        ),
        (
            "UpToDate",
            "ConfigurationNeeded",
            "TDRelaunchAdvisedConfigurationNeeded",
        ),
        ("OutOfDate", "OutOfDate", "OutOfDate"),
        ("OutOfDate", "UpToDate", "OutOfDate"),
        ("OutOfDateConfigurationNeeded", "OutOfDate", "OutOfDate"),
    ] {
        let mut sample = outdated();
        // At launch the SVN behind the module's was lower too, so both halves
        // together reach the second level only.
        sample.module().tee_tcb_svn[2] = 7;
        sample.info["tcbLevels"][1] = level(SGX, 13, Some([0; 16]), platform);
        sample.set_info_status("/tcbLevels/0", sgx);
        let judged = sample.judge();
        assert_eq!(judged["sgx"]["level"], 0);
        assert_eq!(judged["platform"]["level"], 1);
        assert_eq!(judged["status"], expected, "{sgx} {platform}");
    }
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

    let mut sample = outdated();
    sample.facts.qe.isv_svn = 6;
    set_running(&mut sample, [255, 2, 255]);
    assert_eq!(sample.status(), "OutOfDate", "what runs is not looked at");

    let mut sample = outdated();
    sample.set_info_status(
        "/tdxModuleIdentities/1/tcbLevels/1",
        "OutOfDateConfigurationNeeded",
    );
    assert_eq!(sample.status(), "OutOfDateConfigurationNeeded");

    let mut sample = Sample::tdx_version_0();
    sample.module().tee_tcb_svn[0] = 4;
    assert_eq!(
        sample.status(),
        "OutOfDate",
        "version 0 has no level of its own"
    );
}
