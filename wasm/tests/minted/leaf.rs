//! Bends of the leaf.

use crate::assert_codes;
use crate::blueprint::{Case, name};
use crate::part::{extension, leaf_key, null, tlv};
use casemate_core::snp::leaf::Form;

const PRODUCT: &str = "1.3.6.1.4.1.3704.1.2";
const BOOTLOADER: &str = "1.3.6.1.4.1.3704.1.3.1";
const SPL_4: &str = "1.3.6.1.4.1.3704.1.3.4";
const FMC: &str = "1.3.6.1.4.1.3704.1.3.9";
const HWID: &str = "1.3.6.1.4.1.3704.1.4";
const CSP_ID: &str = "1.3.6.1.4.1.3704.1.5";

fn add(case: &mut Case, id: &str, critical: bool, value: &[u8]) {
    case.leaf.extensions().push(extension(id, critical, value));
}

#[test]
fn the_leaf_has_its_shape() {
    assert_codes(
        Form::Vcek,
        &[
            ("snp.leaf_shape", |case| {
                case.leaf.content.subject = name("SEV-VLEK")
            }),
            ("snp.leaf_shape", |case| {
                case.leaf.content.subject = name("SEV-VCEK-1")
            }),
            ("snp.leaf_shape", |case| {
                case.leaf.content.key = leaf_key("1.2.840.10045.3.1.7")
            }),
            ("snp.leaf_shape", |case| {
                case.leaf.content.key = case.ask.content.key.clone();
            }),
            ("snp.leaf_shape", |case| {
                add(case, "2.5.29.19", true, &[0x30, 3, 1, 1, 0xff])
            }),
            ("", |case| add(case, "2.5.29.19", true, &[0x30, 0])),
            ("snp.leaf_shape", |case| {
                add(case, "2.5.29.15", true, &[3, 2, 2, 4])
            }),
            ("", |case| add(case, "2.5.29.15", true, &[3, 2, 7, 0x80])),
            ("snp.leaf_shape", |case| add(case, "1.2.3", true, &null())),
            ("", |case| add(case, "1.2.3", false, &null())),
        ],
    );
}

#[test]
fn a_point_off_the_curve_is_refused() {
    let mut case = Case::new(Form::Vcek);
    let key = &mut case.leaf.content.key.subject_public_key;
    let mut point = key.as_bytes().unwrap().to_vec();
    point[96] ^= 1;
    *key = der::asn1::BitString::from_bytes(&point).unwrap();
    assert_eq!(case.code(), "snp.leaf_shape");
}

#[test]
fn snp_06_every_extension_of_amd_is_needed() {
    let ids = [
        "1", "2", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.8",
    ];
    for (form, own) in [(Form::Vcek, "4"), (Form::Vlek, "5")] {
        for id in ids.into_iter().chain([own]) {
            let mut case = Case::new(form);
            case.leaf
                .drop_extension(&format!("1.3.6.1.4.1.3704.1.{id}"));
            assert_eq!(case.code(), "snp.leaf_extension", "without {id}");
        }
    }
}

#[test]
fn extensions_have_one_encoding() {
    assert_codes(
        Form::Vcek,
        &[
            ("snp.leaf_extension", |case| {
                case.leaf.set_extension(BOOTLOADER, &[2, 2, 0, 4])
            }),
            ("snp.leaf_extension", |case| {
                case.leaf.set_extension(BOOTLOADER, &[2, 1, 0x84])
            }),
            ("snp.leaf_extension", |case| {
                case.leaf.set_extension(BOOTLOADER, &[2, 2, 1, 4])
            }),
            ("snp.leaf_extension", |case| {
                case.leaf.set_extension(BOOTLOADER, &[2, 1, 4, 0])
            }),
            ("snp.leaf_extension", |case| {
                case.leaf.set_extension(BOOTLOADER, &[4])
            }),
            ("snp.leaf_extension", |case| {
                case.leaf.set_extension(SPL_4, &[2, 1, 1])
            }),
            ("snp.leaf_extension", |case| {
                case.leaf.set_extension(PRODUCT, &tlv(0x0c, b"Milan-B0"));
            }),
            ("snp.leaf_extension", |case| {
                case.leaf.set_extension(PRODUCT, &tlv(0x16, b""))
            }),
            ("snp.leaf_extension", |case| {
                case.leaf
                    .set_extension(PRODUCT, &tlv(0x16, b"Milan\x1b[2J"));
            }),
            ("snp.leaf_extension", |case| {
                case.leaf.set_extension("1.3.6.1.4.1.3704.1.1", &[2, 1, 2]);
            }),
            ("snp.leaf_extension", |case| {
                add(case, FMC, false, &[2, 1, 1])
            }),
            ("snp.leaf_extension", |case| {
                add(case, "1.3.6.1.4.1.3704.1.3.10", false, &[2, 1, 0]);
            }),
        ],
    );
}

#[test]
fn snp_04_hwid_is_raw_and_of_its_length() {
    assert_codes(
        Form::Vcek,
        &[
            ("snp.leaf_extension", |case| {
                case.leaf.set_extension(HWID, &[0xc1; 8])
            }),
            ("snp.leaf_extension", |case| {
                case.leaf.set_extension(HWID, &tlv(4, &[0xc1; 64]))
            }),
            ("snp.leaf_extension", |case| {
                case.leaf.set_extension(HWID, &[])
            }),
            // SNP-03: a chip id that starts like an OCTET STRING of 62 bytes is still raw.
            ("", |case| {
                let hwid = tlv(4, &[0xc1; 62]);
                case.leaf.set_extension(HWID, &hwid);
                case.report[0x1A0..0x1E0].copy_from_slice(&hwid);
            }),
        ],
    );
}

#[test]
fn snp_11_each_form_has_its_own_identity_and_issuer() {
    assert_codes(
        Form::Vcek,
        &[
            ("snp.leaf_extension", |case| {
                add(case, CSP_ID, false, &tlv(0x16, b"CN=x"))
            }),
            ("snp.leaf_shape", |case| {
                case.ask.content.subject = name("SEV-VLEK-Milan");
                case.leaf.content.issuer = name("SEV-VLEK-Milan");
            }),
        ],
    );
    assert_codes(
        Form::Vlek,
        &[
            ("snp.leaf_extension", |case| {
                add(case, HWID, false, &[0xc1; 64])
            }),
            ("snp.leaf_shape", |case| {
                case.ask.content.subject = name("SEV-Milan");
                case.leaf.content.issuer = name("SEV-Milan");
            }),
        ],
    );
}
