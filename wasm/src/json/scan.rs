//! Where the values of a JSON text begin and end (RFC 8259). However deep one
//! nests, it costs no stack.

/// A place in a text.
#[derive(Clone, Debug)]
pub struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    /// The beginning of a text.
    #[must_use]
    pub const fn of(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// What has not been read yet.
    #[must_use]
    pub fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Passes by what may stand around values and brackets (§2).
    pub fn pass_blank(&mut self) {
        while matches!(self.next(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Takes a byte where it is the next one, after blank space.
    pub fn takes(&mut self, byte: u8) -> bool {
        self.pass_blank();
        self.takes_at_once(byte)
    }

    /// Takes a value; gives it as it stands in the text.
    ///
    /// # Errors
    /// Why there is none, for a person.
    pub fn value(&mut self) -> Result<&'a str, String> {
        self.pass_blank();
        let start = self.at;
        // Brackets that close what is open.
        let mut open = Vec::new();
        loop {
            if let Some(bracket) = self.begin()? {
                open.push(bracket);
                if !self.closes(&mut open) {
                    self.name(&open)?;
                    continue;
                }
            }
            // A value has ended, and with it perhaps some that it is the last of.
            while !open.is_empty() && !self.takes(b',') {
                if !self.closes(&mut open) {
                    return Err(self.fault("a comma or a closing bracket"));
                }
            }
            if open.is_empty() {
                return Ok(self.since(start));
            }
            self.name(&open)?;
        }
    }

    /// Takes a string; gives it with its quotation marks.
    ///
    /// # Errors
    /// Why there is none, for a person.
    pub fn string(&mut self) -> Result<&'a str, String> {
        self.pass_blank();
        let start = self.at;
        if !self.takes_at_once(b'"') {
            return Err(self.fault("a string"));
        }
        self.end_string()?;
        Ok(self.since(start))
    }

    /// Refuses what follows the last value.
    ///
    /// # Errors
    /// That something does.
    pub fn end(&mut self) -> Result<(), String> {
        self.pass_blank();
        if self.rest().is_empty() {
            return Ok(());
        }
        Err(self.fault("the end"))
    }

    /// A reason for a person: what is missing, and where.
    #[must_use]
    pub fn fault(&self, expected: &str) -> String {
        format!("expected {expected} at byte {}", self.at)
    }

    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn takes_at_once(&mut self, byte: u8) -> bool {
        let is_next = self.next() == Some(byte);
        if is_next {
            self.at += 1;
        }
        is_next
    }

    /// Takes a value without parts, or the bracket that opens one with parts;
    /// then gives the one that closes it.
    fn begin(&mut self) -> Result<Option<u8>, String> {
        if self.takes(b'{') {
            return Ok(Some(b'}'));
        }
        if self.takes_at_once(b'[') {
            return Ok(Some(b']'));
        }
        match self.next() {
            Some(b'"') => self.string().map(|_| None),
            Some(b'-' | b'0'..=b'9') => self.number().map(|()| None),
            _ => self.word().map(|()| None),
        }
    }

    /// Takes the bracket that closes what was opened last.
    fn closes(&mut self, open: &mut Vec<u8>) -> bool {
        let closes = open.last().is_some_and(|bracket| self.takes(*bracket));
        if closes {
            open.pop();
        }
        closes
    }

    /// Takes name and colon where the next value is that of a member.
    fn name(&mut self, open: &[u8]) -> Result<(), String> {
        if open.last() == Some(&b'}') {
            self.string()?;
            self.colon()?;
        }
        Ok(())
    }

    /// Takes the colon between a name and its value.
    ///
    /// # Errors
    /// That there is none.
    pub fn colon(&mut self) -> Result<(), String> {
        if self.takes(b':') {
            return Ok(());
        }
        Err(self.fault("a colon"))
    }

    /// Takes a string from behind its first quotation mark (§7). Whether escapes
    /// make characters is seen where one is read.
    fn end_string(&mut self) -> Result<(), String> {
        loop {
            let is_special = |byte: u8| matches!(byte, 0..0x20 | b'"' | b'\\');
            let plain = self.rest().bytes().position(is_special);
            self.at += plain.unwrap_or(self.rest().len());
            if self.takes_at_once(b'"') {
                return Ok(());
            }
            if self.next() != Some(b'\\') {
                return Err(self.fault("the end of a string"));
            }
            self.escape()?;
        }
    }

    fn escape(&mut self) -> Result<(), String> {
        let mut rest = self.rest().bytes().skip(1);
        let length = match rest.next() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
            Some(b'u') if rest.take(4).filter(u8::is_ascii_hexdigit).count() == 4 => 6,
            _ => return Err(self.fault("an escape")),
        };
        self.at += length;
        Ok(())
    }

    /// Takes a number (§6).
    fn number(&mut self) -> Result<(), String> {
        self.takes_at_once(b'-');
        let starts_with_zero = self.next() == Some(b'0');
        let start = self.at;
        self.digits()?;
        if starts_with_zero && self.at - start > 1 {
            return Err(self.fault("no digit behind a zero"));
        }
        if self.takes_at_once(b'.') {
            self.digits()?;
        }
        if self.takes_at_once(b'e') || self.takes_at_once(b'E') {
            let _ = self.takes_at_once(b'+') || self.takes_at_once(b'-');
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), String> {
        let start = self.at;
        while matches!(self.next(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at > start {
            return Ok(());
        }
        Err(self.fault("a digit"))
    }

    fn word(&mut self) -> Result<(), String> {
        let mut words = ["null", "true", "false"].into_iter();
        let found = words.find(|word| self.rest().starts_with(word));
        let found = found.ok_or_else(|| self.fault("a value"))?;
        self.at += found.len();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Scanner;

    /// The value that a text begins with, and what follows it.
    fn first(text: &str) -> Option<(&str, &str)> {
        let mut scanner = Scanner::of(text);
        let value = scanner.value().ok()?;
        Some((value, scanner.rest()))
    }

    #[test]
    fn value_ends_where_it_does() {
        for value in [
            "null",
            "true",
            "false",
            "0",
            "-0",
            "-12.50e+07",
            "1E5",
            "0.0e-0",
            "\"\"",
            r#""\"\\\/\b\f\n\r\t\u00aF\ud800""#,
            "\"\u{7f}\u{e9}\u{1F600}]\"",
            "[]",
            "{}",
            "[ ]",
            "{\n}",
            "[1,[2,[]],{\"a\":[{}]} , \"]\"]",
            "{\"a\":1,\"a\" : {\"b\":\"}\"}\t,\"\":null}",
        ] {
            for (before, after) in [("", ""), (" \t\r\n", " "), ("", ","), ("", "]"), ("", "\"")] {
                let text = format!("{before}{value}{after}");
                assert_eq!(first(&text), Some((value, after)), "{text}");
            }
            assert!(serde_json::from_str::<Box<serde_json::value::RawValue>>(value).is_ok());
        }
    }

    #[test]
    fn value_is_one_of_json() {
        for text in [
            "",
            " ",
            ",",
            ":",
            "]",
            "}",
            "nul",
            "True",
            "NaN",
            "+1",
            "-",
            "01",
            "-01",
            "00",
            ".5",
            "1.",
            "1.e5",
            "1e",
            "1e+",
            "-x",
            "'a'",
            "\"",
            "\"\n\"",
            "\"\u{1f}\"",
            "\"\\",
            "\"\\\"",
            r#""\x""#,
            r#""\u12G4""#,
            r#""\u123""#,
            r#""\u+123""#,
            r#""\U0041""#,
            "[",
            "[1",
            "[1,",
            "[1,]",
            "[,1]",
            "[1 2]",
            "[1}",
            "{",
            "{]",
            "{,}",
            "{\"a\"",
            "{\"a\"}",
            "{\"a\",1}",
            "{\"a\":}",
            "{\"a\":1",
            "{\"a\":1,",
            "{\"a\":1,}",
            "{\"a\":1]",
            "{a:1}",
            "{1:1}",
            "{\"a\" 1}",
            "{\"a\":1 \"b\":2}",
            "[[]",
            "\u{a0}1",
            "\u{feff}1",
            "/**/1",
            "\u{c}1",
        ] {
            assert_eq!(first(text), None, "{text}");
            assert!(serde_json::from_str::<Box<serde_json::value::RawValue>>(text).is_err());
        }
    }

    #[test]
    fn every_short_text_is_judged_as_by_another_reader() {
        const LETTERS: [char; 16] = [
            '{', '}', '[', ']', '"', '\\', ',', ':', '0', '1', '-', '.', 'e', 'u', ' ', '\n',
        ];
        let mut texts = vec![String::new()];
        for _ in 0..5 {
            let longer = texts.iter().filter(|text| !text.starts_with(' '));
            let longer = longer.flat_map(|text| LETTERS.map(|letter| format!("{text}{letter}")));
            texts = longer.collect();
            for text in &texts {
                let mut scanner = Scanner::of(text);
                let found = scanner.value().and_then(|_| scanner.end()).is_ok();
                let other = serde_json::from_str::<Box<serde_json::value::RawValue>>(text).is_ok();
                assert_eq!(found, other, "{text}");
            }
        }
    }
}
