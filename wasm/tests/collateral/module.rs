//! The TDX module against TCB info.

use crate::sample::{MODULE_SIGNER, Sample};
use serde_json::Value;

fn refused(code: &'static str, field: &str) -> (&'static str, String) {
    (code, String::from(field))
}

#[test]
fn tdx_05_signer_and_attributes_are_compared_whatever_the_version() {
    for sample in [Sample::tdx(), Sample::tdx_version_0()] {
        for index in 0..48 {
            let mut sample = sample.clone();
            sample.module().mr_signer_seam[index] ^= 1;
            assert_eq!(
                sample.refusal("field"),
                refused("tdx.module_mismatch", "mrsigner")
            );
        }
        for bit in 0..64 {
            let mut sample = sample.clone();
            sample.module().seam_attributes[bit / 8] ^= 1 << (bit % 8);
            // The mask leaves out the lowest bit of the last byte.
            if bit == 56 {
                assert_eq!(sample.status(), "UpToDate");
            } else {
                assert_eq!(
                    sample.refusal("field"),
                    refused("tdx.module_mismatch", "attributes")
                );
            }
        }
    }
}

#[test]
fn tdx_05_each_version_has_its_own_identity() {
    let other = |pointer: &str| {
        let mut samples = [Sample::tdx_version_0(), Sample::tdx()];
        for sample in &mut samples {
            let place = sample.info.pointer_mut(pointer).unwrap();
            *place = "b2".repeat(48).into();
        }
        samples
    };
    let [old, new] = other("/tdxModule/mrsigner");
    assert_eq!(
        old.refusal("module"),
        refused("tdx.module_mismatch", "TDX_00")
    );
    assert_eq!(new.status(), "UpToDate");
    let [old, new] = other("/tdxModuleIdentities/1/mrsigner");
    assert_eq!(old.status(), "UpToDate");
    assert_eq!(
        new.refusal("module"),
        refused("tdx.module_mismatch", "TDX_01")
    );
    let [_, mut third] = other("/tdxModuleIdentities/0/mrsigner");
    assert_eq!(third.status(), "UpToDate");
    third.module().tee_tcb_svn[1] = 3;
    assert_eq!(
        third.refusal("module"),
        refused("tdx.module_mismatch", "TDX_03")
    );
    third.module().mr_signer_seam = [0xB2; 48];
    assert_eq!(third.status(), "UpToDate");
    assert_ne!(MODULE_SIGNER, [0xB2; 48]);
}

#[test]
fn tdx_05_an_unknown_version_is_refused() {
    let mut sample = Sample::tdx();
    for (version, name) in [(2, "TDX_02"), (10, "TDX_0A"), (255, "TDX_FF")] {
        sample.module().tee_tcb_svn[1] = version;
        assert_eq!(
            sample.refusal("module"),
            refused("tdx.module_unknown", name)
        );
    }
    let mut old = Sample::tdx();
    old.info
        .as_object_mut()
        .unwrap()
        .remove("tdxModuleIdentities");
    assert_eq!(
        old.refusal("module"),
        refused("tdx.module_unknown", "TDX_01")
    );
}

#[test]
fn tdx_05_the_level_is_the_first_that_the_svn_reaches() {
    let mut sample = Sample::tdx();
    sample.module().tee_tcb_svn2 = None;
    for (svn, status) in [
        (255, "UpToDate"),
        (6, "UpToDate"),
        (5, "OutOfDate"),
        (4, "OutOfDate"),
    ] {
        sample.module().tee_tcb_svn[0] = svn;
        let judged = sample.judge();
        assert_eq!(judged["module"]["status"], status, "{svn}");
        assert_eq!(judged["module"]["isvSvn"], svn, "{svn}");
        assert_eq!(judged["status"], status, "{svn}");
    }
    for svn in [2, 3] {
        sample.module().tee_tcb_svn[0] = svn;
        assert_eq!(sample.refusal("what"), refused("tdx.tcb_revoked", "module"));
    }
    sample.module().tee_tcb_svn[0] = 1;
    let found = sample.refusal("expected");
    assert_eq!(found, refused("tdx.module_level_not_found", "at least 2"));
}

#[test]
fn version_0_has_no_level() {
    let mut sample = Sample::tdx_version_0();
    // Not even where identities say otherwise of every other version.
    for index in 0..2 {
        let level = format!("/tdxModuleIdentities/{index}/tcbLevels/0");
        sample.set_info_status(&level, "Revoked");
    }
    assert_eq!(sample.judge()["module"], Value::Null);
    assert_eq!(sample.status(), "UpToDate");
}
