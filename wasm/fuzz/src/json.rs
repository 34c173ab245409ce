//! JSON as a tree that keeps the text of numbers and strings, repeated members and all.

/// Deepest nesting that is taken apart.
const MAX_DEPTH: usize = 48;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text of a number, a string or a word.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// An object; names with their quotes.
    Object(Vec<(String, Value)>),
}

/// A value with what stands around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// What stands before the value.
    pub before: String,
    /// The value.
    pub value: Value,
    /// What stands behind it.
    pub after: String,
}

/// Reads a file; blank space between values is lost.
#[must_use]
pub fn read(file: &[u8]) -> Option<File> {
    let text = core::str::from_utf8(file).ok()?;
    let start = text.find(['{', '['])?;
    let (before, rest) = text.split_at(start);
    let mut reader = Reader { rest };
    let value = reader.value(0)?;
    Some(File {
        before: before.to_owned(),
        value,
        after: reader.rest.to_owned(),
    })
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn skip(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
        self.rest.chars().next()
    }

    fn take(&mut self, wanted: char) -> Option<()> {
        (self.skip()? == wanted).then(|| self.rest = &self.rest[wanted.len_utf8()..])
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        match self.skip()? {
            '{' => self.object(depth),
            '[' => self.list(depth),
            '"' => self.string().map(Value::Text),
            _ => {
                let end = self.rest.find([',', ']', '}', ' ', '\n', '\r', '\t']);
                let (text, rest) = self.rest.split_at(end?);
                self.rest = rest;
                (!text.is_empty()).then(|| Value::Text(text.to_owned()))
            }
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.take('{')?;
        let mut members = Vec::new();
        if self.skip()? == '}' {
            self.take('}')?;
            return Some(Value::Object(members));
        }
        loop {
            self.skip()?;
            let name = self.string()?;
            self.take(':')?;
            members.push((name, self.value(depth + 1)?));
            if self.take(',').is_none() {
                self.take('}')?;
                return Some(Value::Object(members));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        self.take('[')?;
        let mut items = Vec::new();
        if self.skip()? == ']' {
            self.take(']')?;
            return Some(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.take(',').is_none() {
                self.take(']')?;
                return Some(Value::List(items));
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        let inner = self.rest.strip_prefix('"')?;
        let mut escaped = false;
        for (at, character) in inner.char_indices() {
            match character {
                '"' if !escaped => {
                    let (text, rest) = self.rest.split_at(at + 2);
                    self.rest = rest;
                    return Some(text.to_owned());
                }
                _ => escaped = character == '\\' && !escaped,
            }
        }
        None
    }
}

impl File {
    /// The file's text.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut text = self.before.clone();
        self.value.write(&mut text);
        text.push_str(&self.after);
        text.into_bytes()
    }
}

impl Value {
    /// Appends the value's text, without blank space.
    pub fn write(&self, into: &mut String) {
        match self {
            Self::Text(text) => into.push_str(text),
            Self::List(items) => {
                into.push('[');
                for (index, item) in items.iter().enumerate() {
                    into.push_str(if index == 0 { "" } else { "," });
                    item.write(into);
                }
                into.push(']');
            }
            Self::Object(members) => {
                into.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    into.push_str(if index == 0 { "" } else { "," });
                    into.push_str(name);
                    into.push(':');
                    value.write(into);
                }
                into.push('}');
            }
        }
    }

    /// The values within.
    pub fn inner(&mut self) -> Vec<&mut Value> {
        match self {
            Self::Text(_) => Vec::new(),
            Self::List(items) => items.iter_mut().collect(),
            Self::Object(members) => members.iter_mut().map(|(_, value)| value).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn write_gives_what_read_read() {
        for text in [
            "{\"a\":[1,2.50,{\"b\":\"\\\"}\"}],\"a\":null}",
            "\u{feff} {}\n",
            "{\"\\\\\":[]}x",
        ] {
            let file = read(text.as_bytes()).unwrap();
            assert_eq!(file.write(), text.as_bytes(), "{text}");
        }
    }
}
