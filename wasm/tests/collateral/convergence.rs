//! Status of platform, module and quoting enclave together.

use crate::sample::Sample;

/// Statuses of the platform's level, and what each is with a module or a
/// quoting enclave that is out of date (Intel's quote verification library,
/// convergence with the module's and with the enclave's status).
const WITH_OUT_OF_DATE: [(&str, &str); 6] = [
    ("UpToDate", "OutOfDate"),
    ("SWHardeningNeeded", "OutOfDate"),
    ("ConfigurationNeeded", "OutOfDateConfigurationNeeded"),
    (
        "ConfigurationAndSWHardeningNeeded",
        "OutOfDateConfigurationNeeded",
    ),
    ("OutOfDate", "OutOfDate"),
    (
        "OutOfDateConfigurationNeeded",
        "OutOfDateConfigurationNeeded",
    ),
];

#[test]
fn tdx_08_an_outdated_quoting_enclave_makes_the_platform_outdated() {
    for mut sample in [Sample::tdx(), Sample::tdx_version_0(), Sample::sgx()] {
        for (platform, with_out_of_date) in WITH_OUT_OF_DATE {
            sample.set_info_status("/tcbLevels/0", platform);
            sample.facts.qe.isv_svn = 8;
            assert_eq!(sample.status(), platform);
            sample.facts.qe.isv_svn = 6;
            assert_eq!(sample.status(), with_out_of_date, "{platform}");
        }
    }
}

#[test]
fn tdx_08_an_outdated_module_makes_the_platform_outdated() {
    let mut sample = Sample::tdx();
    for (platform, with_out_of_date) in WITH_OUT_OF_DATE {
        sample.set_info_status("/tcbLevels/0", platform);
        sample.module().tee_tcb_svn[0] = 5;
        for running in [None, Some(5)] {
            let mut svn2 = sample.module().tee_tcb_svn;
            sample.module().tee_tcb_svn2 = running.map(|svn| {
                svn2[0] = svn;
                svn2
            });
            for enclave in [8, 6] {
                sample.facts.qe.isv_svn = enclave;
                assert_eq!(sample.status(), with_out_of_date, "{platform}");
            }
        }
    }
}

#[test]
fn tdx_08_an_outdated_module_does_not_hide_behind_its_own_platform_level() {
    let mut sample = Sample::tdx();
    sample.module().tee_tcb_svn[0] = 5;
    sample.module().tee_tcb_svn2 = None;
    let judged = sample.judge();
    assert_eq!(judged["platform"]["status"], "UpToDate");
    assert_eq!(judged["sgx"]["status"], "UpToDate");
    assert_eq!(judged["module"]["status"], "OutOfDate");
    assert_eq!(judged["status"], "OutOfDate");
}

#[test]
fn other_statuses_of_module_and_enclave_are_not_lost() {
    for (platform, part, together) in [
        ("UpToDate", "ConfigurationNeeded", "ConfigurationNeeded"),
        ("UpToDate", "SWHardeningNeeded", "SWHardeningNeeded"),
        (
            "SWHardeningNeeded",
            "ConfigurationNeeded",
            "ConfigurationAndSWHardeningNeeded",
        ),
        (
            "OutOfDate",
            "ConfigurationNeeded",
            "OutOfDateConfigurationNeeded",
        ),
        ("OutOfDate", "SWHardeningNeeded", "OutOfDate"),
        (
            "UpToDate",
            "OutOfDateConfigurationNeeded",
            "OutOfDateConfigurationNeeded",
        ),
    ] {
        let mut sample = Sample::tdx();
        sample.set_info_status("/tcbLevels/0", platform);
        sample.set_qe_status(0, part);
        assert_eq!(sample.status(), together, "enclave {part}");
        sample.set_qe_status(0, "UpToDate");
        sample.set_info_status("/tdxModuleIdentities/1/tcbLevels/0", part);
        assert_eq!(sample.status(), together, "module {part}");
    }
}
