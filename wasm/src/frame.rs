//! Fields of an operation's input: each is its length as 4 bytes big-endian,
//! then its bytes (`lp` of the protocol, §1). A list is a field whose content
//! is framed again. Wrong framing is a bug of the calling code, never evidence.

use crate::answer::Refusal;

/// Reads exactly `N` fields.
///
/// # Errors
/// A bug when there are fewer or more, or a length is wrong.
pub fn fields<const N: usize>(input: &[u8]) -> Result<[&[u8]; N], Refusal> {
    let mut found = [[].as_slice(); N];
    let mut rest = input;
    for field in &mut found {
        (*field, rest) = split(rest)?;
    }
    if !rest.is_empty() {
        return Err(Refusal::bug(format!("{N} fields expected, more given")));
    }
    Ok(found)
}

/// Reads a list of at most `most` fields.
///
/// # Errors
/// A bug when there are more, or a length is wrong.
pub fn list(input: &[u8], most: usize) -> Result<Vec<&[u8]>, Refusal> {
    let mut found = Vec::new();
    let mut rest = input;
    while !rest.is_empty() {
        if found.len() == most {
            return Err(Refusal::bug(format!("a list has more than {most} items")));
        }
        let (field, after) = split(rest)?;
        found.push(field);
        rest = after;
    }
    Ok(found)
}

/// Frames fields, as the calling code does.
///
/// # Errors
/// A bug when a field is longer than 4 bytes can say.
pub fn write(fields: &[&[u8]]) -> Result<Vec<u8>, Refusal> {
    let mut framed = Vec::new();
    for field in fields {
        let length = u32::try_from(field.len()).map_err(|_| Refusal::bug("a field is too long"))?;
        framed.extend_from_slice(&length.to_be_bytes());
        framed.extend_from_slice(field);
    }
    Ok(framed)
}

fn split(input: &[u8]) -> Result<(&[u8], &[u8]), Refusal> {
    let short = || Refusal::bug("the input ends within a field");
    let (length, rest) = input.split_first_chunk::<4>().ok_or_else(short)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| short())?;
    rest.split_at_checked(length).ok_or_else(short)
}

#[cfg(test)]
mod tests {
    use super::{fields, list, write};
    use crate::answer::Refusal;

    #[test]
    fn fields_reads_what_write_wrote() {
        let framed = write(&[b"ab", b"", b"c"]).unwrap();
        assert_eq!(framed, b"\0\0\0\x02ab\0\0\0\0\0\0\0\x01c");
        assert_eq!(fields::<3>(&framed).unwrap(), [b"ab".as_slice(), b"", b"c"]);
        assert_eq!(list(&framed, 3).unwrap(), [b"ab".as_slice(), b"", b"c"]);
    }

    #[test]
    fn fields_refuses_another_number() {
        let framed = write(&[b"ab", b"c"]).unwrap();
        assert!(matches!(fields::<1>(&framed), Err(Refusal::Bug(_))));
        assert!(matches!(fields::<3>(&framed), Err(Refusal::Bug(_))));
        assert!(matches!(list(&framed, 1), Err(Refusal::Bug(_))));
    }

    #[test]
    fn fields_refuses_every_cut() {
        let framed = write(&[b"ab", b"c"]).unwrap();
        for end in 0..framed.len() {
            assert!(fields::<2>(&framed[..end]).is_err(), "cut at {end}");
        }
        assert!(fields::<1>(b"\xff\xff\xff\xffab").is_err());
    }
}
