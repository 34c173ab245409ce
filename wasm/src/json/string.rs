//! Strings of JSON, as characters (RFC 8259 §7).

use crate::json::scan::Scanner;

/// The string that a text is.
///
/// # Errors
/// That it is none, or not of Unicode.
pub fn string(text: &str) -> Result<String, String> {
    let mut scanner = Scanner::of(text);
    let quoted = scanner.string()?;
    scanner.end()?;
    characters(quoted).ok_or_else(|| String::from("a string is not of Unicode"))
}

/// Characters of a string that a scanner found.
pub fn characters(quoted: &str) -> Option<String> {
    let mut rest = quoted.strip_prefix('"')?.strip_suffix('"')?;
    let mut read = String::new();
    while let Some((plain, escaped)) = rest.split_once('\\') {
        read.push_str(plain);
        let (character, others) = escape(escaped)?;
        read.push(character);
        rest = others;
    }
    read.push_str(rest);
    Some(read)
}

/// The character of an escape, from behind its backslash, and what follows.
fn escape(text: &str) -> Option<(char, &str)> {
    let mut rest = text.chars();
    let character = match rest.next()? {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return unicode(rest.as_str()),
        itself => itself,
    };
    Some((character, rest.as_str()))
}

/// A character in UTF-16: one code unit, or two of which neither is one.
fn unicode(text: &str) -> Option<(char, &str)> {
    let (first, rest) = code_unit(text)?;
    if let Some(character) = char::from_u32(u32::from(first)) {
        return Some((character, rest));
    }
    let (second, rest) = code_unit(rest.strip_prefix("\\u")?)?;
    let character = char::decode_utf16([first, second]).next()?;
    Some((character.ok()?, rest))
}

fn code_unit(text: &str) -> Option<(u16, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    Some((u16::from_str_radix(digits, 16).ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::string;

    #[test]
    fn string_has_its_characters() {
        for text in [
            r#""""#,
            r#""plain é 😀 \u007f""#,
            r#""\"\\\/\b\f\n\r\t""#,
            r#""\u0061\u00E9\u0000\uFFFF\ue000""#,
            r#""\ud83d\ude00x\uDBFF\uDFFF\\u0061""#,
        ] {
            let expected: String = serde_json::from_str(text).unwrap();
            assert_eq!(string(text), Ok(expected));
        }
        assert_eq!(string(" \"a\\u0062\" "), Ok(String::from("ab")));
    }

    #[test]
    fn string_is_of_unicode() {
        for text in [
            r#""\ud800""#,
            r#""\ud800x""#,
            r#""\ud800\n""#,
            r#""\ud800\u0061""#,
            r#""\ud800\ud800""#,
            r#""\udc00""#,
            r#""\udc00\ud800""#,
            r#""a" "b""#,
            "\"a",
            "1",
            "null",
            "[\"a\"]",
            "",
        ] {
            assert!(string(text).is_err(), "{text}");
            assert!(serde_json::from_str::<String>(text).is_err(), "{text}");
        }
    }
}
