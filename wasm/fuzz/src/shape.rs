//! Inputs as trees of fields, read and written without the engine's own reader.

use crate::random::Random;

/// What the bytes of a field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Kind {
    Report,
    Quote,
    Certificates,
    RevocationLists,
    Json,
    Table,
    Label,
    Hash,
    Flags,
    Now,
    Tee,
    Registers,
    EventLog,
    Attest,
    TpmSignature,
    TpmKey,
    TpmRole,
    RegisterValue,
    HclReport,
    RuntimeHash,
    RuntimeData,
    Nitro,
    Identity,
    SignedMessage,
    Endorsement,
    Identifier,
}

/// How a field is made up.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Bytes.
    One(Kind),
    /// So many fields of one shape at most.
    List(usize, &'static Shape),
    /// Fields of these shapes.
    Fields(&'static [Shape]),
    /// Nothing, or that.
    Maybe(&'static Shape),
}

/// A field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// Bytes.
    One(Kind, Vec<u8>),
    /// A list of a most length.
    List(usize, Vec<Field>),
    /// Several.
    Fields(Vec<Field>),
    /// Nothing.
    Nothing,
}

/// Reads an input; none where its framing is wrong, which only a caller can be to blame for.
#[must_use]
pub fn read(input: &[u8], shapes: &[Shape]) -> Option<Vec<Field>> {
    let parts = split(input)?;
    if parts.len() != shapes.len() {
        return None;
    }
    let fields = parts.into_iter().zip(shapes);
    fields.map(|(part, shape)| read_one(part, shape)).collect()
}

/// Frames fields.
#[must_use]
pub fn write(fields: &[Field]) -> Vec<u8> {
    let mut framed = Vec::new();
    for field in fields {
        let bytes = match field {
            Field::One(_, bytes) => bytes.clone(),
            Field::List(_, items) | Field::Fields(items) => write(items),
            Field::Nothing => Vec::new(),
        };
        framed.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
        framed.extend_from_slice(&bytes);
    }
    framed
}

/// Whether an operation must call an input its caller's mistake.
#[must_use]
pub fn is_misuse(fields: &[Field]) -> bool {
    fields.iter().any(|field| match field {
        Field::Nothing => false,
        Field::List(most, items) => items.len() > *most || is_misuse(items),
        Field::Fields(items) => is_misuse(items),
        Field::One(kind, bytes) => match kind {
            Kind::Label => core::str::from_utf8(bytes).is_err(),
            Kind::Hash => bytes.len() != 32,
            Kind::Flags => !matches!(bytes.as_slice(), [0 | 1]),
            Kind::Now => bytes.len() != 8,
            Kind::Tee => !matches!(bytes.as_slice(), b"TDX" | b"SGX"),
            Kind::Registers => !matches!(bytes.as_slice(), b"PCR" | b"RTMR" | b"ANY"),
            Kind::TpmRole => !matches!(bytes.as_slice(), b"AK" | b"EK"),
            Kind::RegisterValue => !matches!(bytes.as_slice(), [0, 4 | 11..=13, 0..24, ..]),
            Kind::RuntimeHash => !matches!(bytes.as_slice(), b"sha256" | b"sha384" | b"sha512"),
            Kind::Identifier => !is_identifier(bytes),
            _ => false,
        },
    })
}

/// At most 128 characters: 0 to 2, and numbers with dots before them.
fn is_identifier(text: &[u8]) -> bool {
    let mut parts = text.split(|byte| *byte == b'.');
    let is_number = |part: &[u8]| match part {
        [b'0'] => true,
        [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    let is_start = matches!(parts.next(), Some([b'0'..=b'2']));
    let count = text.split(|byte| *byte == b'.').count();
    is_start && count > 1 && text.len() <= 128 && parts.all(is_number)
}

/// All fields of bytes.
pub fn leaves<'a>(fields: &'a mut [Field], into: &mut Vec<(Kind, &'a mut Vec<u8>)>) {
    for field in fields {
        match field {
            Field::One(kind, bytes) => into.push((*kind, bytes)),
            Field::List(_, items) | Field::Fields(items) => leaves(items, into),
            Field::Nothing => {}
        }
    }
}

/// Drops, doubles or swaps an item of a list, or leaves out what may be left out.
pub fn rearrange(fields: &mut [Field], random: &mut Random) {
    let is_several = |field: &&mut Field| !matches!(field, Field::One(..) | Field::Nothing);
    let mut several: Vec<_> = fields.iter_mut().filter(is_several).collect();
    let index = random.below(several.len());
    let Some(field) = several.get_mut(index) else {
        return;
    };
    match field {
        Field::List(_, items) if !items.is_empty() => {
            let (one, other) = (random.below(items.len()), random.below(items.len()));
            match random.below(5) {
                0 => drop(items.remove(one)),
                1 => items.insert(other, items[one].clone()),
                2 => items.swap(one, other),
                3 if matches!(&items[one], Field::One(Kind::RegisterValue, _)) => {
                    let copies = vec![items[one].clone(); random.power(13)];
                    items.extend(copies);
                }
                _ => rearrange(items, random),
            }
        }
        Field::Fields(_) if random.once_in(4) => **field = Field::Nothing,
        Field::Fields(items) => rearrange(items, random),
        _ => {}
    }
}

fn read_one(bytes: &[u8], shape: &Shape) -> Option<Field> {
    Some(match shape {
        Shape::One(kind) => Field::One(*kind, bytes.to_vec()),
        Shape::List(most, item) => {
            let items = split(bytes)?.into_iter().map(|part| read_one(part, item));
            Field::List(*most, items.collect::<Option<_>>()?)
        }
        Shape::Fields(shapes) => Field::Fields(read(bytes, shapes)?),
        Shape::Maybe(_) if bytes.is_empty() => Field::Nothing,
        Shape::Maybe(shape) => read_one(bytes, shape)?,
    })
}

fn split(mut input: &[u8]) -> Option<Vec<&[u8]>> {
    let mut parts = Vec::new();
    while !input.is_empty() {
        let (length, rest) = input.split_first_chunk::<4>()?;
        let (part, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        parts.push(part);
        input = rest;
    }
    Some(parts)
}
