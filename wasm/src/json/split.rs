//! Texts of several values: a list, or a sequence of values one after the
//! other (RFC 7464, and the lines that are often taken for it).

use serde::Deserialize;
use serde_json::Deserializer;
use serde_json::value::RawValue;

/// What may stand around a value (RFC 8259 §2).
const BLANK: [char; 4] = [' ', '\t', '\n', '\r'];
/// What may stand around a value of a sequence (RFC 7464 §2.2).
const AROUND: [char; 5] = [' ', '\t', '\n', '\r', '\u{1e}'];

/// Why a text could not be split.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not JSON; why, for a person.
    Syntax(String),
    /// It has more values than may be.
    Limit,
}

/// Texts of the values of a list, or of a sequence.
///
/// # Errors
/// Where it is neither, or has more than `most`.
pub fn split(text: &str, most: usize) -> Result<Vec<&str>, Fault> {
    let mut values = Values {
        rest: text,
        taken: Vec::new(),
        most,
    };
    if values.takes('[') {
        values.list()?;
    } else {
        values.sequence()?;
    }
    Ok(values.taken)
}

struct Values<'a> {
    rest: &'a str,
    taken: Vec<&'a str>,
    most: usize,
}

impl Values<'_> {
    /// Takes a character where it is the next one, after blank space.
    fn takes(&mut self, character: char) -> bool {
        let rest = self.rest.trim_start_matches(BLANK);
        let after = rest.strip_prefix(character);
        self.rest = after.unwrap_or(rest);
        after.is_some()
    }

    /// Takes what follows the `[` of a list.
    fn list(&mut self) -> Result<(), Fault> {
        if !self.takes(']') {
            self.value()?;
            while self.takes(',') {
                self.value()?;
            }
            if !self.takes(']') {
                return Err(syntax("a list does not end"));
            }
        }
        if self.rest.trim_start_matches(BLANK).is_empty() {
            return Ok(());
        }
        Err(syntax("something follows the end"))
    }

    fn sequence(&mut self) -> Result<(), Fault> {
        loop {
            self.rest = self.rest.trim_start_matches(AROUND);
            if self.rest.is_empty() {
                return Ok(());
            }
            self.value()?;
        }
    }

    fn value(&mut self) -> Result<(), Fault> {
        let rest = self.rest.trim_start_matches(BLANK);
        if self.taken.len() == self.most {
            return Err(Fault::Limit);
        }
        let value = <&RawValue>::deserialize(&mut Deserializer::from_str(rest));
        let value = value.map_err(|error| Fault::Syntax(super::reason(&error)))?;
        self.taken.push(value.get());
        self.rest = rest.get(value.get().len()..).unwrap_or_default();
        Ok(())
    }
}

fn syntax(reason: &str) -> Fault {
    Fault::Syntax(String::from(reason))
}

#[cfg(test)]
mod tests {
    use super::{Fault, split};

    #[test]
    fn split_takes_a_list_or_a_sequence() {
        for text in [
            " [ {\"a\": [1]} , 2,\"]\" ] \n",
            "[{\"a\": [1]},2,\"]\"]",
            "{\"a\": [1]}\n2 \"]\"",
            "\u{1e}{\"a\": [1]}\n\u{1e}2\n\u{1e}\"]\"\n",
            "{\"a\": [1]}2\"]\"",
        ] {
            assert_eq!(split(text, 3).unwrap(), ["{\"a\": [1]}", "2", "\"]\""]);
            assert_eq!(split(text, 2), Err(Fault::Limit), "{text}");
        }
        assert_eq!(split("[]", 0), Ok(vec![]));
        assert_eq!(split(" \u{1e}\n", 0), Ok(vec![]));
    }

    #[test]
    fn split_refuses_what_is_no_json() {
        for text in [
            "[",
            "[1",
            "[1,",
            "[1,]",
            "[,1]",
            "[1]]",
            "[1]\u{1e}",
            "[1] [2]",
            "{",
            "{\"a\"}",
            "1,2",
            "\u{feff}1",
            "[\u{1e}1]",
            "nul",
            "\"\t\"",
            "\u{a0}1",
        ] {
            assert!(matches!(split(text, 9), Err(Fault::Syntax(_))), "{text}");
        }
    }

    #[test]
    fn split_costs_no_stack_however_deep_a_value_is() {
        let deep = "[".repeat(400_000) + &"]".repeat(400_000);
        let list = format!("[{deep}]");
        assert_eq!(split(&list, 1).unwrap(), [deep]);
    }
}
