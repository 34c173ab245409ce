//! What an operation answers: a result, a refusal with its code, or a bug of
//! the calling code, as JSON text.

use crate::json::write::{self, Json, Pairs, object};

/// Most characters of a text that explains. It may quote what stands in a file,
/// where one name can be as long as the file allows.
const MAX_TEXT: usize = 500;

/// Why an operation gave no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The evidence, or a file that should be evidence, was refused.
    Rejected(Rejection),
    /// The calling code broke the protocol of this boundary.
    Bug(String),
}

/// A refusal with its stable code and what explains it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    code: &'static str,
    fields: Vec<(&'static str, String)>,
}

object!(Rejection { code, fields = Pairs(fields) });

impl Refusal {
    /// A refusal with a stable code and no explanation yet.
    ///
    /// Use `Refusal::from(Code::…)` of the module's own table.
    #[must_use]
    pub const fn of_code(code: &'static str) -> Self {
        Self::Rejected(Rejection {
            code,
            fields: Vec::new(),
        })
    }

    /// The calling code is wrong.
    #[must_use]
    pub fn bug(text: impl Into<String>) -> Self {
        Self::Bug(text.into())
    }

    /// Adds what explains the refusal to a person, cut to what one reads and
    /// without controls of a terminal; the first text given for a name stays.
    #[must_use]
    pub fn with(mut self, name: &'static str, text: impl Into<String>) -> Self {
        if let Self::Rejected(rejection) = &mut self
            && rejection.fields.iter().all(|(known, _)| *known != name)
        {
            rejection.fields.push((name, readable(text.into())));
        }
        self
    }

    /// The stable code; empty for a bug.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Rejected(rejection) => rejection.code,
            Self::Bug(_) => "",
        }
    }

    /// The text of one explaining field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        let Self::Rejected(rejection) = self else {
            return None;
        };
        let found = rejection.fields.iter().find(|(known, _)| *known == name);
        found.map(|(_, text)| text.as_str())
    }
}

fn readable(mut text: String) -> String {
    if text.chars().any(char::is_control) {
        let escape = |character: char| match character {
            character if character.is_control() => character.escape_unicode().to_string(),
            character => String::from(character),
        };
        text = text.chars().map(escape).collect();
    }
    if let Some((end, _)) = text.char_indices().nth(MAX_TEXT) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// Runs an operation and writes its answer: `{"ok": …}`,
/// `{"rejected": {"code", "fields"}}` or `{"bug": …}`.
pub fn run<T: Json>(input: &[u8], operation: fn(&[u8]) -> Result<T, Refusal>) -> String {
    match operation(input) {
        Ok(value) => answer("ok", &value),
        Err(Refusal::Rejected(rejection)) => answer("rejected", &rejection),
        Err(Refusal::Bug(text)) => answer("bug", &text),
    }
}

fn answer(kind: &str, value: &dyn Json) -> String {
    write::text(&Pairs(&[(kind, value)]))
}

#[cfg(test)]
mod tests {
    use super::{MAX_TEXT, Refusal, run};

    #[test]
    fn run_writes_a_result() {
        assert_eq!(run(b"ab", |input| Ok(input.len())), r#"{"ok":2}"#);
    }

    #[test]
    fn run_writes_a_refusal_with_fields_in_order() {
        let answer = run::<()>(b"", |_| {
            Err(Refusal::of_code("a.b")
                .with("expected", "1")
                .with("actual", "\"2\"")
                .with("expected", "3"))
        });
        assert_eq!(
            answer,
            r#"{"rejected":{"code":"a.b","fields":{"expected":"1","actual":"\"2\""}}}"#
        );
    }

    #[test]
    fn with_cuts_what_nobody_reads() {
        let long = "ä".repeat(MAX_TEXT + 1);
        let refusal = Refusal::of_code("a.b")
            .with("long", long.clone())
            .with("most", &long[2..]);
        let cut = "ä".repeat(MAX_TEXT) + "…";
        assert_eq!(refusal.field("long"), Some(cut.as_str()));
        assert_eq!(refusal.field("most"), Some(&long[2..]));
    }

    #[test]
    fn with_escapes_what_moves_a_cursor() {
        let refusal = Refusal::of_code("a.b").with("x", "lab:\0\u{1b}[2J\n\u{9b}ä");
        assert_eq!(
            refusal.field("x"),
            Some("lab:\\u{0}\\u{1b}[2J\\u{a}\\u{9b}ä")
        );
    }

    #[test]
    fn run_writes_a_bug() {
        let answer = run::<()>(b"", |_| Err(Refusal::bug("frame").with("x", "y")));
        assert_eq!(answer, r#"{"bug":"frame"}"#);
    }
}
