//! Bends of what ties a report to its leaf.

use crate::assert_codes;
use crate::blueprint::Case;
use casemate_core::snp::binding::ChipBinding;
use casemate_core::snp::leaf::Form;
use casemate_core::snp::verify::Cache;

#[test]
fn fields_of_the_report_have_their_rules() {
    assert_codes(
        Form::Vcek,
        &[
            ("snp.report_version", |case| case.report[0x000] = 1),
            ("snp.report_version", |case| case.report[0x000] = 6),
            ("snp.report_version", |case| case.report[0x003] = 1),
            ("", |case| case.report[0x000] = 4),
            ("snp.policy_malformed", |case| case.report[0x00A] = 1),
            ("snp.policy_malformed", |case| case.report[0x00F] = 0x80),
            ("snp.reserved_not_zero", |case| case.report[0x030] = 4),
            ("", |case| case.report[0x030..0x034].fill(0xff)),
            ("snp.signature_algorithm", |case| case.report[0x034] = 0),
            ("snp.unsigned", |case| case.report[0x048] = 2),
            ("snp.unsigned", |case| case.report[0x048] = 7 << 2),
            ("snp.signing_key_unknown", |case| {
                case.report[0x048] = 2 << 2
            }),
            ("snp.reserved_not_zero", |case| case.report[0x048] = 0x20),
            ("snp.reserved_not_zero", |case| case.report[0x04B] = 0x80),
            ("snp.report_length", |case| case.report.push(0)),
        ],
    );
}

#[test]
fn every_reserved_byte_must_be_zero() {
    let reserved = (0x04C..0x050)
        .chain(0x18B..0x1A0)
        .chain([0x1EB, 0x1EF])
        .chain(0x208..0x2A0);
    // Mitigation vectors belong to version 5, this report is of version 3.
    let later = 0x1F8..0x208;
    let tcbs = [0x03A, 0x03D, 0x182, 0x1E5, 0x1F4];
    for offset in reserved.chain(later).chain(tcbs) {
        let mut case = Case::new(Form::Vcek);
        case.report[offset] = 1;
        assert_eq!(case.code(), "snp.reserved_not_zero", "byte {offset:#x}");
    }
}

#[test]
fn snp_19_fields_of_later_versions_are_zero_in_earlier_ones() {
    assert_codes(
        Form::Vcek,
        &[
            ("snp.reserved_not_zero", |case| case.report[0x000] = 2),
            ("", |case| {
                case.report[0x000] = 2;
                case.report[0x188..0x18B].fill(0);
            }),
            ("snp.reserved_not_zero", |case| case.report[0x200] = 1),
            ("", |case| {
                case.report[0x000] = 5;
                case.report[0x200] = 1;
            }),
        ],
    );
}

#[test]
fn snp_11_the_kind_of_key_is_compared() {
    assert_codes(
        Form::Vcek,
        &[("snp.key_type_mismatch", |case| case.report[0x048] = 1 << 2)],
    );
    assert_codes(
        Form::Vlek,
        &[("snp.key_type_mismatch", |case| case.report[0x048] = 0)],
    );
}

#[test]
fn snp_08_the_processor_is_of_the_roots_line() {
    assert_codes(
        Form::Vcek,
        &[
            ("snp.product_mismatch", |case| case.report[0x189] = 0x11),
            ("snp.product_mismatch", |case| case.report[0x188] = 0x17),
            ("snp.product_mismatch", |case| {
                case.leaf
                    .set_extension("1.3.6.1.4.1.3704.1.2", b"\x16\x08Genoa-B0");
            }),
        ],
    );
}

#[test]
fn snp_06_every_component_of_the_tcb_is_compared() {
    for (offset, value) in [(0x180, 5), (0x181, 1), (0x186, 25), (0x187, 218)] {
        let mut case = Case::new(Form::Vcek);
        case.report[offset] = value;
        assert_eq!(case.code(), "snp.tcb_mismatch", "byte {offset:#x}");
    }
}

#[test]
fn snp_07_only_the_reported_tcb_is_the_leafs() {
    for tcb in [0x038, 0x1E0, 0x1F0] {
        let mut case = Case::new(Form::Vcek);
        case.report[tcb] = 9;
        assert_eq!(case.code(), "", "appraisal compares the others");
    }
}

#[test]
fn snp_04_the_chip_is_compared_or_said_to_be_masked() {
    for offset in [0x1A0, 0x1C0, 0x1DF] {
        let mut case = Case::new(Form::Vcek);
        case.report[offset] ^= 1;
        assert_eq!(case.code(), "snp.chip_id_mismatch", "byte {offset:#x}");
    }
    let mut case = Case::new(Form::Vcek);
    let binding = |case: &Case| case.verify(&mut Cache::default()).unwrap().chip_binding;
    assert_eq!(binding(&case), ChipBinding::Matches);
    case.report[0x1A0..0x1E0].fill(0);
    assert_eq!(binding(&case), ChipBinding::Masked);
    assert_eq!(
        binding(&Case::new(Form::Vlek)),
        ChipBinding::NotInCertificate
    );
}

#[test]
fn a_turin_has_its_own_layout() {
    let mut case = Case::new(Form::Vcek);
    turn_into_turin(&mut case);
    let evidence = case.verify(&mut Cache::default()).unwrap();
    assert_eq!(evidence.report.reported_tcb.fmc, Some(2));
    // SNP-05: a report of version 2 has no CPUID and gets its layout from the root.
    case.report[0x000] = 2;
    case.report[0x188..0x18B].fill(0);
    let evidence = case.verify(&mut Cache::default()).unwrap();
    assert_eq!(evidence.report.reported_tcb.fmc, Some(2));
    for (offset, code) in [
        (0x180, "snp.tcb_mismatch"),
        (0x184, "snp.reserved_not_zero"),
        (0x1A8, "snp.chip_id_mismatch"),
        (0x1DF, "snp.chip_id_mismatch"),
    ] {
        let mut bent = Case::new(Form::Vcek);
        turn_into_turin(&mut bent);
        bent.report[offset] ^= 1;
        assert_eq!(bent.code(), code, "byte {offset:#x}");
    }
    case.leaf.drop_extension("1.3.6.1.4.1.3704.1.3.9");
    assert_eq!(case.code(), "snp.leaf_extension");
}

fn turn_into_turin(case: &mut Case) {
    use crate::blueprint::name;
    use crate::part::{extension, tlv};
    const AMD: &str = "1.3.6.1.4.1.3704.1";
    case.ark.content.subject = name("ARK-Turin");
    case.ark.content.issuer = name("ARK-Turin");
    case.ask.content.issuer = name("ARK-Turin");
    case.ask.content.subject = name("SEV-Turin");
    case.leaf.content.issuer = name("SEV-Turin");
    case.list.content.issuer = name("ARK-Turin");
    case.leaf
        .set_extension(&format!("{AMD}.2"), &tlv(0x16, b"Turin"));
    case.leaf.drop_extension(&format!("{AMD}.3.4"));
    let fmc = extension(&format!("{AMD}.3.9"), false, &[2, 1, 2]);
    case.leaf.extensions().push(fmc);
    case.leaf.set_extension(&format!("{AMD}.4"), &[0xc1; 8]);
    case.report[0x188..0x18B].copy_from_slice(&[0x1A, 2, 1]);
    case.report[0x1A8..0x1E0].fill(0);
    for tcb in [0x038, 0x180, 0x1E0, 0x1F0] {
        case.report[tcb..tcb + 8].copy_from_slice(&[2, 4, 0, 24, 0, 0, 0, 219]);
    }
}
