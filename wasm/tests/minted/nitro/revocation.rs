//! Bends of revocation lists; `tpm` bends the code that both share in depth.

use super::blueprint::{Case, ES384};
use super::{answer, assert_codes};
use crate::part::{extension, null, serial, time};
use crate::tpm::blueprint::{Paper, list, name, seconds};
use crate::tpm::key::Key;
use crate::x509::structure::{Entry, ListContent};
use casemate_core::x509::signer::Cache;

fn revoke(list: &mut Paper<ListContent>, number: u8) {
    let entries = list.content.entries.get_or_insert_default();
    entries.push(Entry {
        serial: serial(&[number]),
        date: time("2026-05-02T00:00:00Z"),
        extensions: None,
    });
}

/// Serial numbers of the tests are the lengths of the names: 4 leaf and zone, 2 the CA.
#[test]
fn each_code_of_lists() {
    assert_codes(&[
        ("nitro.revoked", |case| revoke(&mut case.lists[0], 4)),
        ("nitro.revoked", |case| revoke(&mut case.lists[1], 2)),
        ("", |case| revoke(&mut case.lists[0], 2)),
        ("nitro.revoked", |case| {
            case.lists.push(list("zone", (Key::P384(4), ES384)));
            revoke(&mut case.lists[2], 4);
        }),
        ("nitro.crl_issuer", |case| {
            case.lists[0].content.issuer = name("other")
        }),
        ("nitro.crl_issuer", |case| {
            case.lists.push(list("leaf", (Key::P384(3), ES384)));
        }),
        ("nitro.crl_signature", |case| {
            case.lists[0].signer = Key::P384(9)
        }),
        ("nitro.crl_shape", |case| {
            case.lists[1].content.next_update = None
        }),
        ("nitro.crl_shape", |case| {
            let other = extension("1.2.3", true, &null());
            case.lists[0].extensions().push(other);
        }),
        ("input.too_large", |case| {
            case.lists = vec![case.lists[0].clone(); 9];
        }),
        // What revokes counts before the document's signature.
        ("nitro.revoked", |case| {
            revoke(&mut case.lists[0], 4);
            case.key = Key::P384(9);
        }),
    ]);
}

#[test]
fn lists_are_of_the_time_also_when_kept() {
    let mut cache = Cache::default();
    for (next, now, code) in [
        ("2026-07-01T00:00:00Z", "2026-06-15T00:00:00Z", ""),
        ("2026-06-15T00:00:00Z", "2026-06-15T00:00:00Z", ""),
        (
            "2026-06-15T00:00:00Z",
            "2026-06-15T00:00:01Z",
            "nitro.crl_expired",
        ),
        (
            "2026-06-15T00:00:00Z",
            "2026-04-30T23:59:59Z",
            "nitro.crl_not_yet_valid",
        ),
    ] {
        let mut case = Case::new();
        case.lists[0].content.next_update = Some(time(next));
        case.now = seconds(now);
        let refusal = case.verify(&mut cache).err();
        assert_eq!(refusal.map_or("", |it| it.code()), code, "{next} at {now}");
    }
    assert_eq!(cache.len(), 2);
}

#[test]
fn a_file_that_is_no_list_is_refused_before_the_root() {
    let case = Case::new();
    let anchors: &[u8] = &[];
    for (file, code) in [
        (&b""[..], "input.empty"),
        (b"text", "input.encoding"),
        (&[0x30, 0], "x509.crl_malformed"),
    ] {
        let lists = casemate_core::frame::write(&[file]).unwrap();
        let fields: [&[u8]; 4] = [&case.document(), &lists, anchors, &[0; 8]];
        let input = casemate_core::frame::write(&fields).unwrap();
        let answer = casemate_core::nitro::verify::verify_framed(&input, &mut Cache::default());
        let refusal = answer.err().unwrap();
        assert_eq!(refusal.code(), code);
        assert_eq!(refusal.field("input"), Some("crl"));
    }
}

#[test]
fn revocation_is_checked_where_every_point_has_its_list() {
    let mut case = Case::new();
    assert_eq!(
        answer(&case)["revocationChecked"],
        true,
        "the leaf has no point"
    );
    case.lists.pop();
    assert_eq!(answer(&case)["revocationChecked"], false);
    case.lists.clear();
    assert_eq!(answer(&case)["revocationChecked"], false);
}
