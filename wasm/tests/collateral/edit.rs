//! JSON text with one member of it changed, also into what no JSON value can
//! hold: a member that stands twice, a number beyond all types.

use serde_json::Value;

/// A change of one member or item.
#[derive(Clone, Copy, Debug)]
pub enum Edit<'a> {
    /// The same again behind it.
    Double,
    /// The same again behind it, under a name with an escape.
    DoubleEscaped,
    /// Another member behind it.
    Add,
    /// It is gone.
    Remove,
    /// Another value in its place.
    Replace(&'a str),
}

/// JSON pointers of everything below a value; names here need no escaping.
pub fn pointers(value: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, value)| (index.to_string(), value))
            .collect(),
        _ => vec![],
    };
    let below = |(name, value): (String, &Value)| {
        let mut found = vec![format!("/{name}")];
        found.extend(
            pointers(value)
                .into_iter()
                .map(|rest| format!("/{name}{rest}")),
        );
        found
    };
    children.into_iter().flat_map(below).collect()
}

/// The text of a value with one change.
pub fn render(value: &Value, pointer: &str, edit: Edit<'_>) -> String {
    render_at(value, "", pointer, edit)
}

fn render_at(value: &Value, at: &str, pointer: &str, edit: Edit<'_>) -> String {
    let child = |name: &str, value: &Value, prefix: &str| {
        let here = format!("{at}/{name}");
        let text = render_at(value, &here, pointer, edit);
        let whole = format!("{prefix}{text}");
        if here == pointer {
            changed(&whole, prefix, edit)
        } else {
            vec![whole]
        }
    };
    match value {
        Value::Object(members) => {
            let members = members.iter();
            let texts =
                members.flat_map(|(name, value)| child(name, value, &format!("\"{name}\":")));
            format!("{{{}}}", texts.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            let texts = items.flat_map(|(index, value)| child(&index.to_string(), value, ""));
            format!("[{}]", texts.collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

fn changed(whole: &str, prefix: &str, edit: Edit<'_>) -> Vec<String> {
    let whole = String::from(whole);
    match edit {
        Edit::Double => vec![whole.clone(), whole],
        Edit::DoubleEscaped => vec![whole.clone(), escaped(&whole)],
        Edit::Add => vec![whole, String::from("\"more\":1")],
        Edit::Remove => vec![],
        Edit::Replace(text) => vec![format!("{prefix}{text}")],
    }
}

/// The first letter of a member's name as an escape.
fn escaped(member: &str) -> String {
    let letter = member.chars().nth(1).unwrap();
    member.replacen(letter, &format!("\\u{:04x}", u32::from(letter)), 1)
}

#[test]
fn edits_change_one_place() {
    let value: Value = serde_json::from_str(r#"{"a":[1,{"b":2}],"c":3}"#).unwrap();
    assert_eq!(pointers(&value), ["/a", "/a/0", "/a/1", "/a/1/b", "/c"]);
    for (pointer, edit, expected) in [
        ("/c", Edit::Double, r#"{"a":[1,{"b":2}],"c":3,"c":3}"#),
        (
            "/a/1/b",
            Edit::DoubleEscaped,
            r#"{"a":[1,{"b":2,"\u0062":2}],"c":3}"#,
        ),
        ("/a/1/b", Edit::Add, r#"{"a":[1,{"b":2,"more":1}],"c":3}"#),
        ("/a", Edit::Remove, r#"{"c":3}"#),
        ("/a/0", Edit::Replace("NaN"), r#"{"a":[NaN,{"b":2}],"c":3}"#),
    ] {
        assert_eq!(render(&value, pointer, edit), expected);
    }
}
