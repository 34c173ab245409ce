//! Texts of several values: a list, or a sequence of values one after the
//! other (RFC 7464, and the lines that are often taken for it).

use crate::json::scan::Scanner;

/// What may stand between values of a sequence besides blank space (RFC 7464 §2.2).
const SEPARATOR: u8 = 0x1E;
/// What may stand in front of a list (RFC 8259 §2).
const BLANK: [char; 4] = [' ', '\t', '\n', '\r'];

/// Why a text could not be split.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not JSON; why, for a person.
    Syntax(String),
    /// It has more values than may be.
    Limit,
}

impl Fault {
    /// Why, for a person.
    #[must_use]
    pub fn reason(self) -> String {
        match self {
            Self::Syntax(reason) => reason,
            Self::Limit => String::from("a list has too many items"),
        }
    }
}

/// Texts of the values of a list, or of a sequence.
///
/// # Errors
/// Where it is neither, or has more than `most`.
pub fn split(text: &str, most: usize) -> Result<Vec<&str>, Fault> {
    if text.trim_start_matches(BLANK).starts_with('[') {
        list(text, most)
    } else {
        sequence(text, most)
    }
}

/// Texts of the values of a list.
///
/// # Errors
/// Where it is none, or has more than `most`.
pub fn list(text: &str, most: usize) -> Result<Vec<&str>, Fault> {
    let mut scanner = Scanner::of(text);
    let mut taken = Vec::new();
    if !scanner.takes(b'[') {
        return Err(Fault::Syntax(scanner.fault("a list")));
    }
    if !scanner.takes(b']') {
        take(&mut scanner, &mut taken, most)?;
        while scanner.takes(b',') {
            take(&mut scanner, &mut taken, most)?;
        }
        if !scanner.takes(b']') {
            return Err(Fault::Syntax(
                scanner.fault("a comma or the end of the list"),
            ));
        }
    }
    scanner.end().map_err(Fault::Syntax)?;
    Ok(taken)
}

fn sequence(text: &str, most: usize) -> Result<Vec<&str>, Fault> {
    let mut scanner = Scanner::of(text);
    let mut taken = Vec::new();
    loop {
        while scanner.takes(SEPARATOR) {}
        if scanner.rest().is_empty() {
            return Ok(taken);
        }
        take(&mut scanner, &mut taken, most)?;
    }
}

fn take<'a>(from: &mut Scanner<'a>, taken: &mut Vec<&'a str>, most: usize) -> Result<(), Fault> {
    if taken.len() == most {
        return Err(Fault::Limit);
    }
    taken.push(from.value().map_err(Fault::Syntax)?);
    Ok(())
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
