//! Certificates of Google's instances.

use super::{Outcome, run};
use crate::part::{extension, sequence, tlv};
use crate::tpm::blueprint::certificate;
use crate::tpm::key::{How, Key};
use casemate_core::gce::instance;
use casemate_core::x509::extension as one;
use serde_json::json;

const ID: &str = "1.3.6.1.4.1.11129.2.1.21";

/// DER of the parts.
struct Instance {
    texts: [Vec<u8>; 3],
    numbers: [Vec<u8>; 2],
    security: Vec<u8>,
    end: Vec<u8>,
}

fn utf8(text: &str) -> Vec<u8> {
    tlv(0x0c, text.as_bytes())
}

fn security(members: &[&[u8]]) -> Vec<u8> {
    tlv(0xa0, &sequence(members))
}

impl Instance {
    fn new() -> Self {
        Self {
            texts: ["zone-a", "project", "vm-1"].map(utf8),
            numbers: [vec![2, 1, 7], vec![2, 2, 0, 0x80]],
            security: security(&[&tlv(0xa0, &[2, 1, 3]), &tlv(0xa1, &[1, 1, 0xff])]),
            end: vec![],
        }
    }

    fn value(&self) -> Vec<u8> {
        let ([zone, project, name], [number, id]) = (&self.texts, &self.numbers);
        sequence(&[zone, number, project, id, name, &self.security, &self.end])
    }

    fn read(&self) -> Outcome {
        read(ID, &self.value())
    }
}

fn der(id: &str, value: &[u8]) -> Vec<u8> {
    let extensions = vec![extension(id, false, value)];
    let signer = (Key::P256(2), How::Ecdsa(256));
    certificate(["leaf", "ca"], Key::P256(3), signer, extensions).sign()
}

fn read(id: &str, value: &[u8]) -> Outcome {
    run(instance::operation, &[&der(id, value)])
}

#[test]
fn an_instance_is_read() {
    let expected = json!({
        "zone": "zone-a",
        "projectNumber": "7",
        "projectId": "project",
        "instanceId": "128",
        "instanceName": "vm-1",
        "security": {"version": "3", "isProduction": true},
    });
    assert_eq!(Instance::new().read().value(), expected);
    assert_eq!(
        read("1.3.6.1.4.1.11129.2.1.22", &[5, 0]).value(),
        json!(null)
    );
    let file = run(instance::operation, &[b"x"]);
    assert_eq!(file.code(), "input.encoding");
}

#[test]
fn what_is_said_of_the_environment_may_be_less() {
    let version = tlv(0xa0, &[2, 1, 0]);
    let production = tlv(0xa1, &[1, 1, 0]);
    for (given, expected) in [
        (vec![], json!(null)),
        (
            security(&[]),
            json!({"version": null, "isProduction": null}),
        ),
        (
            security(&[&version]),
            json!({"version": "0", "isProduction": null}),
        ),
        (
            security(&[&production]),
            json!({"version": null, "isProduction": false}),
        ),
        (
            security(&[&production, &[0xa2, 0], &[0x84, 1, 9], &[0xbe, 0]]),
            json!({"version": null, "isProduction": false}),
        ),
    ] {
        let instance = Instance {
            security: given,
            ..Instance::new()
        };
        assert_eq!(instance.read().value()["security"], expected);
    }
}

#[test]
fn what_is_malformed_is_refused() {
    type Bend = fn(&mut Instance);
    let bends: [Bend; 22] = [
        |it| it.texts[0] = utf8(""),
        |it| it.texts[0] = utf8(&"é".repeat(257)),
        |it| it.texts[1] = tlv(0x13, b"project"),
        |it| it.texts[2] = tlv(0x0c, &[0xff]),
        |it| it.texts[2] = vec![],
        |it| it.numbers[0] = vec![2, 1, 0x80],
        |it| it.numbers[0] = vec![2, 2, 0, 1],
        |it| it.numbers[0] = vec![2, 0],
        |it| it.numbers[1] = tlv(2, &[0, 0x80, 0, 0, 0, 0, 0, 0, 0]),
        |it| it.numbers[1] = vec![2, 0x81, 1, 1],
        |it| it.end = vec![5, 0],
        |it| it.security = vec![0xa1, 2, 0x30, 0],
        |it| it.security = vec![0xa0, 0],
        |it| it.security = tlv(0xa0, &[0x30, 0, 0x30, 0]),
        |it| it.security = security(&[&[0xa0, 0]]),
        |it| it.security = security(&[&tlv(0xa0, &[2, 1, 0, 2, 1, 0])]),
        |it| it.security = security(&[&tlv(0xa1, &[1, 1, 1])]),
        |it| it.security = security(&[&tlv(0xa1, &[1, 1, 0]), &tlv(0xa0, &[2, 1, 0])]),
        |it| it.security = security(&[&[0xa3, 0], &[0xa2, 0]]),
        |it| it.security = security(&[&[0xa2, 0], &[0x82, 0]]),
        |it| it.security = security(&[&[5, 0]]),
        |it| it.security = security(&[&[0xbf, 0x1f, 0]]),
    ];
    for (index, bend) in bends.iter().enumerate() {
        let mut instance = Instance::new();
        bend(&mut instance);
        assert_eq!(
            instance.read().code(),
            "gce.instance_malformed",
            "bend {index}"
        );
    }
    let longest = Instance {
        texts: ["é".repeat(256).as_str(), "p", "n"].map(utf8),
        ..Instance::new()
    };
    assert_eq!(longest.read().code(), "");
    assert_eq!(read(ID, &[]).code(), "gce.instance_malformed");
    let twice = [Instance::new().value(), vec![0]].concat();
    assert_eq!(read(ID, &twice).code(), "gce.instance_malformed");
}

#[test]
fn no_cut_makes_it_panic() {
    let whole = Instance::new().value();
    for length in 0..whole.len() {
        assert_eq!(
            read(ID, &whole[..length]).code(),
            "gce.instance_malformed",
            "{length}"
        );
    }
}

#[test]
fn an_extension_is_found_by_its_identifier() {
    let der = der("2.999.5", &[4, 1, 7]);
    let find = |id: &str| run(one::operation, &[&der, id.as_bytes()]);
    let expected = json!({"critical": false, "value": "040107"});
    assert_eq!(find("2.999.5").value(), expected);
    assert_eq!(find("2.999.6").value(), json!(null));
    assert_eq!(find("2.999.5.0").value(), json!(null));
    for id in ["", "2", "2.999.05", "3.1", "critical", &"1.1".repeat(50)] {
        assert_eq!(find(id).code(), "bug", "{id}");
    }
}
