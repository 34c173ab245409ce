//! What every answer must be, whatever was asked.

use serde_json::Value;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Most characters of a text that may explain a refusal: it is read by a person, and must not be the evidence.
const MAX_TEXT: usize = 501;

/// Codes that are documented, by the files from which they are generated.
static CODES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let files = [
        include_str!("../../../src/core/codes.json"),
        include_str!("../../../src/evidence/snp/codes.json"),
        include_str!("../../../src/evidence/tdx/codes.json"),
        include_str!("../../../src/evidence/logs/codes.json"),
        include_str!("../../../src/evidence/tpm/codes.json"),
        include_str!("../../../src/evidence/hcl/codes.json"),
        include_str!("../../../src/evidence/nitro/codes.json"),
        include_str!("../../../src/evidence/ec2/codes.json"),
        include_str!("../../../src/evidence/gce/codes.json"),
    ];
    let tables = files.map(|file| serde_json::from_str(file).expect("codes.json is JSON"));
    let names = tables.iter().filter_map(Value::as_object).flatten();
    names.map(|(name, _)| name.clone()).collect()
});

/// An answer, read.
#[derive(Debug)]
pub enum Answer {
    /// Accepted.
    Ok(Value),
    /// Refused, with a code.
    Rejected(String),
    /// The caller's mistake.
    Bug,
}

impl Answer {
    /// Reads an answer.
    ///
    /// # Panics
    /// Where it is none: this is what is looked for.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let plain: Value = serde_json::from_str(text).expect("the answer is JSON");
        let members = plain.as_object().expect("the answer is an object");
        assert_eq!(members.len(), 1, "the answer has one member");
        match members.iter().next().expect("one") {
            (name, value) if name == "ok" => Self::Ok(value.clone()),
            (name, value) if name == "rejected" => Self::Rejected(read_rejection(value)),
            (name, Value::String(_)) if name == "bug" => Self::Bug,
            (name, _) => panic!("the answer is {name}"),
        }
    }
}

/// Checks that no text moves the cursor of a terminal.
///
/// # Panics
/// Where one does.
pub fn check_texts(value: &Value) {
    match value {
        Value::String(text) => {
            let is_readable = !text.chars().any(char::is_control);
            assert!(is_readable, "the answer has a control character: {text:?}");
        }
        Value::Array(items) => items.iter().for_each(check_texts),
        Value::Object(members) => members.values().for_each(check_texts),
        _ => {}
    }
}

fn read_rejection(value: &Value) -> String {
    let code = value["code"].as_str().expect("a refusal has a code");
    assert!(CODES.contains(code), "{code} is not documented");
    let fields = value["fields"].as_object().expect("a refusal has fields");
    for (name, text) in fields {
        let text = text.as_str().expect("a field is text");
        assert!(
            text.chars().count() <= MAX_TEXT,
            "{code}: {name} has {} bytes",
            text.len()
        );
        assert!(
            !text.chars().any(char::is_control),
            "{code}: {name} has a control character: {text:?}"
        );
    }
    code.to_owned()
}
