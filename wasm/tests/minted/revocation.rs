//! Bends of the revocation list (SNP-10).

use crate::assert_codes;
use crate::blueprint::{Case, VCEK_URI, VLEK_URI, name};
use crate::key::Signer4096;
use crate::part::{extension, full_name, null, pss, sequence, serial, time, tlv};
use crate::x509::structure::{Entry, Extension};
use casemate_core::snp::leaf::Form;
use casemate_core::snp::verify::Cache;

const POINT: &str = "2.5.29.28";

/// Puts a serial number on the list.
pub fn revoke(case: &mut Case, bytes: &[u8], extensions: Option<Vec<Extension>>) {
    case.list
        .content
        .entries
        .get_or_insert_default()
        .push(Entry {
            serial: serial(bytes),
            date: time("2026-05-02T00:00:00Z"),
            extensions,
        });
}

fn set_point(case: &mut Case, parts: &[&[u8]]) {
    let extensions = case.list.extensions();
    extensions.truncate(1);
    extensions.push(extension(POINT, true, &sequence(parts)));
}

fn add(case: &mut Case, id: &str, critical: bool) {
    case.list
        .extensions()
        .push(extension(id, critical, &[2, 1, 1]));
}

#[test]
fn snp_10_a_list_must_be_authentic() {
    assert_codes(
        Form::Vcek,
        &[
            ("snp.crl_signature", |case| {
                case.list.signer = Signer4096::Ask
            }),
            ("snp.crl_issuer", |case| {
                case.list.content.issuer = name("SEV-Milan");
                case.list.signer = Signer4096::Ask;
            }),
            ("snp.crl_shape", |case| case.list.outer = pss(256, 256, 48)),
            ("snp.crl_shape", |case| {
                case.list.content.algorithm = pss(256, 256, 48)
            }),
        ],
    );
}

#[test]
fn snp_10_a_list_has_its_shape() {
    assert_codes(
        Form::Vcek,
        &[
            ("snp.crl_shape", |case| case.list.content.next_update = None),
            ("snp.crl_shape", |case| {
                case.list.content.next_update = Some(time("2026-04-01T00:00:00Z"));
            }),
            ("snp.crl_shape", |case| case.list.content.version = None),
            ("snp.crl_shape", |case| add(case, "2.5.29.27", true)),
            ("snp.crl_shape", |case| add(case, "2.5.29.27", false)),
            ("snp.crl_shape", |case| add(case, "1.2.3", true)),
            ("", |case| add(case, "1.2.3", false)),
            ("snp.crl_shape", |case| add(case, "2.5.29.20", false)),
            ("", |case| case.list.content.extensions = None),
        ],
    );
}

#[test]
fn snp_10_a_list_covers_this_form() {
    assert_codes(
        Form::Vcek,
        &[
            ("snp.crl_scope", |case| {
                set_point(case, &[&full_name(VLEK_URI)])
            }),
            ("snp.crl_scope", |case| case.ask.drop_extension("2.5.29.31")),
            ("snp.crl_shape", |case| set_point(case, &[])),
            ("snp.crl_shape", |case| {
                set_point(case, &[&full_name(VCEK_URI), &tlv(0x81, &[0xff])]);
            }),
            ("snp.crl_shape", |case| {
                set_point(case, &[&full_name(VCEK_URI), &tlv(0x82, &[0xff])]);
            }),
            ("snp.crl_shape", |case| {
                set_point(case, &[&full_name(VCEK_URI), &tlv(0x83, &[1, 0x40])]);
            }),
            ("snp.crl_shape", |case| {
                set_point(case, &[&full_name(VCEK_URI), &tlv(0x84, &[0xff])]);
            }),
            ("snp.crl_shape", |case| {
                set_point(case, &[&full_name(VCEK_URI), &tlv(0x85, &[0xff])]);
            }),
            ("snp.crl_shape", |case| {
                let uri = tlv(0x86, VCEK_URI.as_bytes());
                set_point(
                    case,
                    &[&tlv(0xa0, &tlv(0xa0, &[uri.clone(), uri].concat()))],
                );
            }),
        ],
    );
    assert_codes(
        Form::Vlek,
        &[("snp.crl_scope", |case| {
            set_point(case, &[&full_name(VCEK_URI)])
        })],
    );
}

#[test]
fn snp_10_every_serial_number_is_looked_up() {
    for (index, name) in ["ARK", "ASK", "VCEK"].into_iter().enumerate() {
        let mut case = Case::new(Form::Vcek);
        for (place, certificate) in case.certificates().into_iter().enumerate() {
            certificate.content.serial = serial(&[1, place.try_into().unwrap()]);
        }
        revoke(&mut case, &[2, 0], None);
        revoke(&mut case, &[1, index.try_into().unwrap()], None);
        let refusal = case.verify(&mut Cache::default()).err().unwrap();
        assert_eq!(refusal.code(), "snp.revoked");
        assert_eq!(refusal.field("certificate"), Some(name));
        assert_eq!(refusal.field("date"), Some("2026-05-02T00:00:00Z"));
    }
}

#[test]
fn entries_may_not_change_their_meaning() {
    assert_codes(
        Form::Vcek,
        &[
            ("", |case| revoke(case, &[2, 0], None)),
            ("", |case| {
                let reason = extension("2.5.29.21", false, &[0x0a, 1, 1]);
                revoke(case, &[2, 0], Some(vec![reason]));
            }),
            ("snp.crl_shape", |case| {
                let issuer = extension("2.5.29.29", true, &null());
                revoke(case, &[2, 0], Some(vec![issuer]));
            }),
            ("snp.crl_shape", |case| {
                let reason = extension("2.5.29.21", false, &[0x0a, 1, 1]);
                revoke(case, &[2, 0], Some(vec![reason.clone(), reason]));
            }),
        ],
    );
}

#[test]
fn lists_are_files_of_their_own_kind() {
    let case = Case::new(Form::Vcek);
    let (list, leaf) = (case.list.sign(), case.leaf.sign());
    let code = |lists: &[Vec<u8>]| {
        let answer = case.verify_with(&mut Cache::default(), lists);
        answer.err().map_or("", |refusal| refusal.code())
    };
    assert_eq!(code(&[list.clone(), list.clone()]), "");
    assert_eq!(code(&[leaf]), "input.wrong_kind");
    assert_eq!(code(&[[list.clone(), list.clone()].concat()]), "x509.count");
    assert_eq!(
        code(&[list[..list.len() - 1].to_vec()]),
        "x509.crl_malformed"
    );
    assert_eq!(
        code(&[[list.clone(), vec![0]].concat()]),
        "x509.crl_malformed"
    );
    assert_eq!(code(&[vec![]]), "input.empty");
    assert_eq!(code(&[vec![0x30; 1 << 20 | 1]]), "input.too_large");
    // The second list is looked at although the first one is good.
    let mut other = Case::new(Form::Vcek);
    other.list.signer = Signer4096::Ask;
    assert_eq!(code(&[list, other.list.sign()]), "snp.crl_signature");
}

#[test]
fn every_byte_of_a_list_matters() {
    let mut case = Case::new(Form::Vcek);
    revoke(&mut case, &[2, 0], None);
    let list = case.list.sign();
    let pinned = Pinned::of(&case);
    assert!(pinned.judge(&list));
    for index in 0..list.len() {
        let mut bent = list.clone();
        bent[index] ^= 0x40;
        assert!(!pinned.judge(&bent), "byte {index}");
    }
}

/// A case signed once, to be judged with many lists.
struct Pinned {
    leaf: Vec<u8>,
    chain: Vec<u8>,
    root: casemate_core::anchor::Anchor<'static>,
}

impl Pinned {
    fn of(case: &Case) -> Self {
        let ark = case.ark.sign();
        Self {
            leaf: case.leaf.sign(),
            root: case.anchor(&ark),
            chain: [case.ask.sign(), ark].concat(),
        }
    }

    fn judge(&self, list: &[u8]) -> bool {
        let input = casemate_core::snp::chain::Input {
            leaf: &self.leaf,
            chain: &self.chain,
            crls: vec![list],
            anchors: vec![self.root],
        };
        casemate_core::snp::chain::Chain::verify(&input).is_ok()
    }
}
