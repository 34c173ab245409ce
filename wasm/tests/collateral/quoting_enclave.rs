//! The quoting enclave against its identity.

use crate::sample::Sample;

fn refused(code: &'static str, field: &str) -> (&'static str, String) {
    (code, String::from(field))
}

fn flip(bytes: &mut [u8], bit: usize) {
    bytes[bit / 8] ^= 1 << (bit % 8);
}

#[test]
fn tdx_03_misc_select_is_compared_under_its_mask() {
    for bit in 0..32 {
        let mut sample = Sample::tdx();
        flip(&mut sample.facts.qe.misc_select, bit);
        // The mask leaves out the last byte.
        if bit >= 24 {
            assert_eq!(sample.status(), "UpToDate");
        } else {
            assert_eq!(
                sample.refusal("field"),
                refused("tdx.qe_mismatch", "miscselect")
            );
        }
    }
}

#[test]
fn tdx_03_attributes_are_compared_under_their_mask() {
    for bit in 0..128 {
        let mut sample = Sample::sgx();
        flip(&mut sample.facts.qe.attributes, bit);
        match bit {
            1 => assert_eq!(sample.refusal("field"), refused("tdx.qe_mismatch", "debug")),
            // The mask leaves out PROVISION_KEY and the second half.
            2 | 64.. => assert_eq!(sample.status(), "UpToDate"),
            _ => assert_eq!(
                sample.refusal("field"),
                refused("tdx.qe_mismatch", "attributes")
            ),
        }
    }
}

#[test]
fn tdx_14_debug_is_refused_whatever_the_mask() {
    let mut sample = Sample::tdx();
    flip(&mut sample.facts.qe.attributes, 1);
    for (attributes, mask) in [("00", "00"), ("02", "02"), ("17", "FF")] {
        let rest = "00".repeat(15);
        sample.identity["attributes"] = format!("{attributes}{rest}").into();
        sample.identity["attributesMask"] = format!("{mask}{rest}").into();
        assert_eq!(sample.refusal("field"), refused("tdx.qe_mismatch", "debug"));
    }
}

#[test]
fn tdx_03_a_value_outside_of_its_mask_fits_nothing() {
    let mut sample = Sample::tdx();
    sample.identity["attributes"] = format!("15{}", "00".repeat(15)).into();
    assert_eq!(
        sample.refusal("field"),
        refused("tdx.qe_mismatch", "attributes")
    );
    let mut sample = Sample::tdx();
    sample.identity["miscselect"] = "04030201".into();
    assert_eq!(
        sample.refusal("field"),
        refused("tdx.qe_mismatch", "miscselect")
    );
}

#[test]
fn tdx_03_signer_and_product_are_compared() {
    for bit in 0..256 {
        let mut sample = Sample::tdx();
        flip(&mut sample.facts.qe.mr_signer, bit);
        assert_eq!(
            sample.refusal("field"),
            refused("tdx.qe_mismatch", "mrsigner")
        );
    }
    for id in [0, 1, 3, 0x0102, 0x0200] {
        let mut sample = Sample::tdx();
        sample.facts.qe.isv_prod_id = id;
        assert_eq!(
            sample.refusal("actual"),
            refused("tdx.qe_mismatch", &id.to_string())
        );
        assert_eq!(sample.refusal("field").1, "isvprodid");
    }
}

#[test]
fn tdx_03_the_level_is_the_first_that_the_svn_reaches() {
    for mut sample in [Sample::tdx(), Sample::sgx()] {
        for (svn, status) in [
            (u16::MAX, "UpToDate"),
            (8, "UpToDate"),
            (7, "OutOfDate"),
            (6, "OutOfDate"),
        ] {
            sample.facts.qe.isv_svn = svn;
            let judged = sample.judge();
            assert_eq!(judged["qe"]["status"], status, "{svn}");
            assert_eq!(judged["qe"]["isvSvn"], svn, "{svn}");
            assert_eq!(judged["status"], status, "{svn}");
        }
        for svn in [3, 4, 5] {
            sample.facts.qe.isv_svn = svn;
            assert_eq!(sample.refusal("what"), refused("tdx.tcb_revoked", "qe"));
        }
        sample.facts.qe.isv_svn = 2;
        let found = sample.refusal("expected");
        assert_eq!(found, refused("tdx.qe_level_not_found", "at least 3"));
    }
}

#[test]
fn the_quoting_enclave_is_judged_before_the_module_and_the_levels() {
    let mut sample = Sample::tdx();
    sample.facts.pce_svn = 0;
    assert_eq!(sample.refusal("").0, "tdx.tcb_level_not_found");
    sample.module().tee_tcb_svn[1] = 2;
    assert_eq!(sample.refusal("").0, "tdx.module_unknown");
    sample.facts.qe.isv_svn = 0;
    assert_eq!(sample.refusal("").0, "tdx.qe_level_not_found");
    sample.facts.qe.isv_prod_id = 0;
    assert_eq!(sample.refusal("").0, "tdx.qe_mismatch");
}
