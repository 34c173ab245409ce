//! Runtime data of HCL reports.

use super::{Outcome, run};
use crate::tpm::key as tpm_key;
use base64ct::{Base64UrlUnpadded, Encoding};
use casemate_core::digest::sha256;
use casemate_core::hcl::runtime;
use casemate_core::hex;
use der::Encode;
use serde_json::json;

/// Texts of the parts, so that each can be any text.
#[derive(Clone)]
pub struct Json {
    keys: String,
    configuration: String,
    rest: String,
}

fn modulus() -> String {
    Base64UrlUnpadded::encode_string(&tpm_key::Key::Rsa.public())
}

fn key(kid: &str, n: &str) -> String {
    format!(r#"{{"kid":"{kid}","key_ops":["sign"],"kty":"RSA","e":"AQAB","n":"{n}"}}"#)
}

impl Json {
    /// What the paravisor writes.
    pub fn new() -> Self {
        let keys = [key("HCLAkPub", &modulus()), key("HCLEkPub", &modulus())];
        Self {
            keys: format!("[{}]", keys.join(",")),
            configuration: String::from(r#"{"secure-boot":true,"vmUniqueId":"A-b"}"#),
            rest: format!(r#","user-data":"{}""#, "Ab".repeat(64)),
        }
    }

    /// The text.
    pub fn text(&self) -> String {
        let Self {
            keys,
            configuration,
            rest,
        } = self;
        format!(r#"{{"keys":{keys},"vm-configuration":{configuration}{rest}}}"#)
    }

    fn read(&self) -> Outcome {
        read(self.text().as_bytes())
    }

    /// With one key of this text.
    fn of_key(key: &str) -> Self {
        let keys = format!("[{key}]");
        Self {
            keys,
            ..Self::new()
        }
    }
}

fn read(data: &[u8]) -> Outcome {
    run(runtime::operation, &[b"sha256", data])
}

#[test]
fn runtime_data_are_read() {
    let mut json = Json::new();
    json.configuration = String::from(r#"{"b":null,"a":-7,"c":"é","d":false,"e":0}"#);
    json.rest.push_str(r#","z":{"x":[1]},"y":2"#);
    let spki = tpm_key::Key::Rsa.info().to_der().unwrap();
    let key = |kid: &str| {
        json!({
            "kid": kid,
            "keyOps": ["sign"],
            "bits": 2048,
            "spki": hex::encode(&spki),
            "spkiSha256": hex::encode(&sha256(&spki)),
        })
    };
    let expected = json!({
        "hashAlgorithm": "sha256",
        "hash": hex::encode(&sha256(json.text().as_bytes())),
        "bytes": json.text().len(),
        "keys": [key("HCLAkPub"), key("HCLEkPub")],
        "vmConfiguration": [
            {"name": "b", "value": null},
            {"name": "a", "value": -7},
            {"name": "c", "value": "é"},
            {"name": "d", "value": false},
            {"name": "e", "value": 0},
        ],
        "userData": "ab".repeat(64),
        "others": ["z", "y"],
    });
    assert_eq!(json.read().value(), expected);
}

#[test]
fn the_hash_is_the_one_that_was_named() {
    let text = Json::new().text();
    for (name, digits) in [("sha256", 64), ("sha384", 96), ("sha512", 128)] {
        let answer = run(runtime::operation, &[name.as_bytes(), text.as_bytes()]).value();
        assert_eq!(answer["hashAlgorithm"], json!(name));
        assert_eq!(answer["hash"].as_str().unwrap().len(), digits);
    }
    let unknown = run(runtime::operation, &[b"SHA256", text.as_bytes()]);
    assert_eq!(unknown.code(), "bug");
}

#[test]
fn user_data_may_be_absent_but_not_of_another_form() {
    let mut json = Json::new();
    json.rest.clear();
    assert_eq!(json.read().value()["userData"], json!(null));
    for value in ["null", "1", "\"\"", &format!("\"{}\"", "0".repeat(127))] {
        json.rest = format!(r#","user-data":{value}"#);
        assert_eq!(json.read().code(), "hcl.runtime_value", "{value}");
    }
    json.rest = format!(r#","user-data":"{}g""#, "0".repeat(127));
    assert_eq!(json.read().code(), "hcl.runtime_value");
}

#[test]
fn what_is_no_strict_json_is_refused() {
    let text = Json::new().text();
    let broken = [
        String::from("[]"),
        format!("{text}{text}"),
        format!("\u{feff}{text}"),
        text.replace("true", "True"),
        text.replace("true", "9007199254740992"),
        text.replace("true", "1.0"),
        text.replace("true", r#"{"a":1,"a":1}"#),
        text.replace("vmUniqueId", "secure-boot"),
        text.replace("vmUniqueId", "secure\\u002dboot"),
    ];
    for text in broken {
        assert_eq!(read(text.as_bytes()).code(), "hcl.runtime_syntax", "{text}");
    }
    assert_eq!(read(b"{\"a\":\"\xff\"}").code(), "hcl.runtime_syntax");
    assert_eq!(read(b"").code(), "input.empty");
    assert_eq!(read(&[b' '; 16 * 1024 + 1]).code(), "input.too_large");
}

#[test]
fn settings_are_plain_values() {
    let many = |count: usize| {
        let all = (0..count).map(|index| format!("\"s{index}\":1"));
        format!("{{{}}}", all.collect::<Vec<_>>().join(","))
    };
    let long = |count: usize| format!("{{\"a\":\"{}\"}}", "é".repeat(count));
    for right in [String::from("{}"), many(64), long(1024)] {
        let json = Json {
            configuration: right,
            ..Json::new()
        };
        assert_eq!(json.read().code(), "");
    }
    let list = String::from(r#"{"a":[]}"#);
    let object = String::from(r#"{"a":{}}"#);
    let (none, other) = (String::from("null"), String::from("[]"));
    for wrong in [none, other, list, object, many(65), long(1025)] {
        let json = Json {
            configuration: wrong,
            ..Json::new()
        };
        assert_eq!(json.read().code(), "hcl.runtime_value");
    }
    let without = Json::new().text().replace("vm-configuration", "vm");
    assert_eq!(read(without.as_bytes()).code(), "hcl.runtime_value");
}

#[test]
fn keys_have_their_five_members() {
    let right = key("HCLAkPub", &modulus());
    let many = |count: usize| {
        let all = (0..count).map(|index| key(&index.to_string(), &modulus()));
        format!("[{}]", all.collect::<Vec<_>>().join(","))
    };
    let json = |keys: String| {
        Json {
            keys,
            ..Json::new()
        }
        .read()
        .code()
    };
    assert_eq!(json(many(8)), "");
    for wrong in [
        String::from("[]"),
        String::from("{}"),
        String::from("[1]"),
        many(9),
    ] {
        assert_eq!(json(wrong), "hcl.runtime_value");
    }
    let uses = |uses: &str| right.replace(r#"["sign"]"#, uses);
    let nine = format!("[{}]", ["\"sign\""; 9].join(","));
    for wrong in [
        right.replace("\"e\":\"AQAB\",", ""),
        right.replace("\"e\":\"AQAB\"", "\"e\":65537"),
        right.replace("\"kty\"", "\"alg\":\"x\",\"kty\""),
        right.replace("\"kty\"", "\"KTY\""),
        right.replace("HCLAkPub", ""),
        right.replace("HCLAkPub", &"k".repeat(65)),
        uses("[]"),
        uses("\"sign\""),
        uses("[1]"),
        uses("[\"\"]"),
        uses(&format!("[\"{}\"]", "u".repeat(33))),
        uses(&nine),
    ] {
        assert_eq!(
            Json::of_key(&wrong).read().code(),
            "hcl.runtime_value",
            "{wrong}"
        );
    }
}

#[test]
fn keys_are_rsa_as_the_paravisor_makes_them() {
    let right = key("HCLAkPub", &modulus());
    let of = |bytes: &[u8]| key("k", &Base64UrlUnpadded::encode_string(bytes));
    let bytes = tpm_key::Key::Rsa.public();
    let (mut even, mut low) = (bytes.clone(), bytes.clone());
    *even.last_mut().unwrap() &= 0xfe;
    low[0] &= 0x7f;
    for wrong in [
        right.replace("\"RSA\"", "\"EC\""),
        right.replace("AQAB", "Aw"),
        of(&even),
        of(&low),
        of(&bytes[1..]),
        of(&[]),
        key("k", &format!("{}=", modulus())),
        key("k", &format!("{}+", &modulus()[1..])),
        // 256 bytes leave two bits of the last digit unused; they must be zero.
        key("k", &format!("{}B", &modulus()[..341])),
    ] {
        assert_eq!(
            Json::of_key(&wrong).read().code(),
            "hcl.key_attributes",
            "{wrong}"
        );
    }
    for size in [384, 512] {
        let answer = Json::of_key(&of(&vec![0xff; size])).read().value();
        assert_eq!(answer["keys"][0]["bits"], json!(8 * size));
    }
}

#[test]
fn a_name_stands_for_one_key_and_the_first_fault_is_told() {
    let (right, weak) = (key("a", &modulus()), key("a", "AQAB"));
    let code = |keys: &[&str]| {
        let keys = format!("[{}]", keys.join(","));
        Json {
            keys,
            ..Json::new()
        }
        .read()
        .code()
    };
    assert_eq!(code(&[&right, &right]), "hcl.key_repeated");
    assert_eq!(code(&[&right, &weak]), "hcl.key_attributes");
    assert_eq!(code(&[&right, &right, "1"]), "hcl.key_repeated");
    assert_eq!(code(&[&right, "1", &right]), "hcl.runtime_value");
}
