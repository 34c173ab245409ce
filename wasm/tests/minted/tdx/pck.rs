//! Bends of the PCK certificate and of Intel's extension.

use super::assert_codes;
use super::blueprint::{Case, name};
use super::key::{Key, public_key};
use super::platform::number;
use crate::part::{null, sequence, tlv};
use crate::tree;

#[test]
fn the_pck_certificate_has_its_shape() {
    assert_codes(
        Case::tdx_15,
        &[
            ("tdx.pck_shape", |case| {
                case.pck.content.issuer = name("Somebody")
            }),
            ("tdx.pck_shape", |case| {
                case.pck.set("2.5.29.19", &sequence(&[&[1, 1, 0xff]]));
            }),
            ("tdx.pck_shape", |case| {
                case.pck.set("2.5.29.15", &[3, 2, 6, 0x40])
            }),
            ("tdx.pck_shape", |case| case.pck.add("1.2.3", true, &null())),
            ("", |case| case.pck.add("1.2.3", false, &null())),
            ("", |case| case.pck.content.extensions = None),
            ("tdx.pck_shape", |case| {
                case.pck.content.key = public_key("1.3.132.0.34", &Key::Pck.point());
            }),
            ("tdx.pck_shape", |case| {
                let compressed = [&[2], &Key::Pck.point()[1..33]].concat();
                case.pck.content.key = public_key("1.2.840.10045.3.1.7", &compressed);
            }),
            ("tdx.pck_shape", |case| {
                let mut point = Key::Pck.point();
                point[64] ^= 1;
                case.pck.content.key = public_key("1.2.840.10045.3.1.7", &point);
            }),
        ],
    );
}

#[test]
fn every_item_is_needed_once() {
    for index in 0..7 {
        let mut case = Case::tdx_15();
        let item = case.platform.items.remove(index);
        assert_eq!(case.code(), "tdx.pck_extension", "item {index} is gone");
        case.platform.items.insert(index, item.clone());
        case.platform.items.push(item);
        assert_eq!(case.code(), "tdx.pck_extension", "item {index} twice");
    }
    for index in 0..18 {
        let mut case = Case::tdx_15();
        let item = case.platform.tcb.remove(index);
        assert_eq!(case.code(), "tdx.pck_extension", "part {index} is gone");
        case.platform.tcb.insert(index, item.clone());
        case.platform.tcb.push(item);
        assert_eq!(case.code(), "tdx.pck_extension", "part {index} twice");
    }
    for index in 0..3 {
        let mut case = Case::tdx_15();
        let item = case.platform.configuration.remove(index);
        let evidence = case.verify(&mut Default::default()).unwrap();
        let pck = tree(&evidence.endorsements.pck);
        let name = ["dynamicPlatform", "cachedKeys", "smtEnabled"][index];
        assert!(pck["configuration"][name].is_null());
        case.platform.configuration.insert(index, item.clone());
        case.platform.configuration.push(item);
        assert_eq!(case.code(), "tdx.pck_extension", "entry {index} twice");
    }
}

#[test]
fn items_have_one_encoding() {
    assert_codes(
        Case::tdx_15,
        &[
            ("tdx.pck_extension", |case| case.platform.is_there = false),
            ("tdx.pck_extension", |case| case.platform.end = vec![0]),
            ("tdx.pck_extension", |case| {
                case.platform.set(1, &tlv(4, &[1; 15]))
            }),
            ("tdx.pck_extension", |case| {
                case.platform.set(1, &tlv(4, &[1; 17]))
            }),
            ("tdx.pck_extension", |case| {
                case.platform.set(1, &tlv(3, &[1; 16]))
            }),
            ("tdx.pck_extension", |case| {
                case.platform.set(3, &tlv(4, &[1; 3]))
            }),
            ("tdx.pck_extension", |case| {
                case.platform.set(4, &tlv(4, &[1; 5]))
            }),
            ("tdx.pck_extension", |case| {
                case.platform
                    .set(4, &[0x24, 8, 4, 6, 0, 0x90, 0x6E, 0xD5, 0, 0])
            }),
            ("tdx.pck_extension", |case| {
                case.platform.set(6, &tlv(4, &[1; 15]))
            }),
            ("tdx.pck_extension", |case| {
                case.platform.set(2, &tlv(4, &[1; 15]))
            }),
            ("tdx.pck_extension", |case| {
                case.platform.set(5, &[0x0A, 1, 3])
            }),
            ("tdx.pck_extension", |case| case.platform.set(5, &[2, 1, 1])),
            ("tdx.pck_extension", |case| {
                case.platform.set(5, &[0x0A, 2, 0, 1])
            }),
            ("", |case| case.platform.set(5, &[0x0A, 1, 2])),
            ("tdx.pck_extension", |case| {
                case.platform.items.push((8, number(0)))
            }),
            ("tdx.pck_extension", |case| {
                case.platform.tcb.push((19, number(0)))
            }),
            ("tdx.pck_extension", |case| {
                case.platform.configuration.push((4, vec![1, 1, 0xFF]));
            }),
            ("tdx.pck_extension", |case| {
                case.platform.configuration[0].1 = vec![1, 1, 1];
            }),
            ("", |case| case.platform.items.reverse()),
        ],
    );
}

#[test]
fn numbers_are_minimal_and_in_range() {
    assert_codes(
        Case::tdx_15,
        &[
            ("", |case| case.platform.set_tcb(1, &[2, 2, 0, 255])),
            ("tdx.pck_extension", |case| {
                case.platform.set_tcb(1, &[2, 2, 0, 9])
            }),
            ("tdx.pck_extension", |case| {
                case.platform.set_tcb(1, &[2, 2, 1, 0])
            }),
            ("tdx.pck_extension", |case| {
                case.platform.set_tcb(1, &[2, 1, 0xFF])
            }),
            ("tdx.pck_extension", |case| {
                case.platform.set_tcb(16, &[2, 0x81, 1, 9])
            }),
            ("", |case| case.platform.set_tcb(17, &[2, 2, 1, 0])),
            ("", |case| case.platform.set_tcb(17, &[2, 3, 0, 0xFF, 0xFF])),
            ("tdx.pck_extension", |case| {
                case.platform.set_tcb(17, &[2, 3, 1, 0, 0])
            }),
            ("tdx.pck_extension", |case| {
                case.platform.set_tcb(18, &tlv(4, &[9; 15]))
            }),
        ],
    );
}

#[test]
fn the_components_are_those_that_are_judged() {
    for arc in 1..=17 {
        let mut case = Case::tdx_15();
        case.platform.set_tcb(arc, &number(8));
        assert_eq!(case.code(), "tdx.tcb_level_not_found", "part {arc}");
    }
}
