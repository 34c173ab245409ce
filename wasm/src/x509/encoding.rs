//! Files of certificates and revocation lists, PEM or DER, told apart by content.

use crate::answer::Refusal;
use crate::x509::codes::Code;
use crate::x509::pem::{self, Head};
use crate::x509::tlv::{self, Elements, INTEGER, Reason, SEQUENCE};

/// Largest certificate and largest file with one, bytes. AMD's are up to 1.7 KiB in DER, 2.3 KiB in PEM.
pub const MAX_CERTIFICATE_BYTES: usize = 8 * 1024;
/// Largest file with a chain, bytes. AMD's two certificates in PEM are 4.5 KiB.
pub const MAX_CHAIN_BYTES: usize = 32 * 1024;
/// Largest revocation list, bytes: room for at least 25 000 entries with serial numbers of 20 bytes.
pub const MAX_CRL_BYTES: usize = 1024 * 1024;

/// What an item of a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An X.509 certificate.
    Certificate,
    /// An X.509 certificate revocation list.
    Crl,
}

/// Most items of one file; a bundle of AMD's has 12.
const MAX_ITEMS: usize = 64;

/// One item of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is by its outermost structure; parsing may still refuse it.
    pub kind: Kind,
    /// Its DER.
    pub der: Vec<u8>,
}

/// What a place of an operation takes.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Name for the person who gave the file, as `leaf`.
    pub name: &'static str,
    /// Kind of its items; `None` takes both.
    pub kind: Option<Kind>,
    /// Largest size, bytes.
    pub limit: usize,
}

impl Kind {
    const fn text(self) -> &'static str {
        match self {
            Self::Certificate => "a certificate",
            Self::Crl => "a revocation list",
        }
    }
}

impl Place {
    /// A refusal that names this place.
    #[must_use]
    pub fn refuse(&self, code: Code) -> Refusal {
        Refusal::from(code).with("input", self.name)
    }

    /// Refuses to take one more item than a file may hold, before it is looked at.
    fn check_room(&self, items: &[Item]) -> Result<(), Refusal> {
        if items.len() < MAX_ITEMS {
            return Ok(());
        }
        Err(self
            .refuse(Code::X509Count)
            .with("expected", format!("at most {MAX_ITEMS}"))
            .with("actual", "more"))
    }

    /// Code of malformed DER here.
    const fn malformed(&self) -> Code {
        match self.kind {
            Some(Kind::Crl) => Code::X509CrlMalformed,
            Some(Kind::Certificate) | None => Code::X509Malformed,
        }
    }
}

/// Takes a file apart: DER where the first byte is `0x30` (a SEQUENCE), else
/// PEM (RFC 7468) with the labels `CERTIFICATE` and `X509 CRL`.
///
/// # Errors
/// `input.empty`, `input.too_large`, `input.encoding`, `input.wrong_kind`,
/// `x509.count`, `x509.malformed`, `x509.crl_malformed`
pub fn items(input: &[u8], place: &Place) -> Result<Vec<Item>, Refusal> {
    if input.len() > place.limit {
        return Err(place
            .refuse(Code::InputTooLarge)
            .with("limit", format!("{} bytes", place.limit))
            .with("actual", format!("{} bytes", input.len())));
    }
    let items = match input.first() {
        None => return Err(place.refuse(Code::InputEmpty)),
        Some(&SEQUENCE) => split_der(input, place)?,
        Some(_) => split_pem(input, place)?,
    };
    check_kinds(&items, place)?;
    Ok(items)
}

/// Takes a file apart that holds exactly `N` items; gives their DER.
///
/// # Errors
/// Those of [`items`].
pub fn exactly<const N: usize>(input: &[u8], place: &Place) -> Result<[Vec<u8>; N], Refusal> {
    let items: Vec<Vec<u8>> = items(input, place)?
        .into_iter()
        .map(|item| item.der)
        .collect();
    items.try_into().map_err(|items: Vec<_>| {
        place
            .refuse(Code::X509Count)
            .with("expected", N.to_string())
            .with("actual", items.len().to_string())
    })
}

fn check_kinds(items: &[Item], place: &Place) -> Result<(), Refusal> {
    let Some(wanted) = place.kind else {
        return Ok(());
    };
    match items.iter().find(|item| item.kind != wanted) {
        None => Ok(()),
        Some(other) => Err(place
            .refuse(Code::InputWrongKind)
            .with("expected", wanted.text())
            .with("actual", other.kind.text())),
    }
}

fn split_der(input: &[u8], place: &Place) -> Result<Vec<Item>, Refusal> {
    let malformed = |reason: Reason| place.refuse(place.malformed()).with("reason", reason);
    let mut left = Elements::of(input);
    let mut items = Vec::new();
    while !left.is_empty() {
        if left.peek() != Ok(SEQUENCE) {
            return Err(malformed("bytes after the end"));
        }
        let element = left.take().map_err(malformed)?;
        place.check_room(&items)?;
        items.push(to_item(element.whole.to_vec(), place));
    }
    Ok(items)
}

fn to_item(der: Vec<u8>, place: &Place) -> Item {
    let expected = place.kind.unwrap_or(Kind::Certificate);
    let kind = kind_of(&der).unwrap_or(expected);
    Item { kind, der }
}

/// Tells by the fields of the signed part (RFC 5280 §4.1 and §5.1): a version 3
/// certificate starts with `[0]`; where both start alike, the fourth field is a
/// SEQUENCE (validity) in a certificate and a time in a list.
///
/// # Errors
/// Where it is neither.
fn kind_of(der: &[u8]) -> Result<Kind, Reason> {
    let mut outer = tlv::only(der, SEQUENCE)?;
    let mut signed = outer.open(SEQUENCE)?;
    match signed.peek()? {
        // Context-specific, X.690 §8.1.2.2.
        0x80..=0xbf => Ok(Kind::Certificate),
        SEQUENCE => Ok(Kind::Crl),
        INTEGER => {
            for _ in 0..3 {
                signed.take()?;
            }
            Ok(match signed.peek()? {
                SEQUENCE => Kind::Certificate,
                _ => Kind::Crl,
            })
        }
        _ => Err("the signed part starts with another type"),
    }
}

fn split_pem(input: &[u8], place: &Place) -> Result<Vec<Item>, Refusal> {
    let refuse = |reason: &str| place.refuse(Code::InputEncoding).with("reason", reason);
    let text = core::str::from_utf8(input).map_err(|_| refuse("neither DER nor PEM"))?;
    let mut items = Vec::new();
    let mut rest = text.trim_ascii();
    while !rest.is_empty() {
        let block = read_block(rest).map_err(refuse)?;
        place.check_room(&items)?;
        items.push(Item {
            kind: block.kind,
            der: block.der,
        });
        rest = block.rest.trim_ascii_start();
    }
    if items.is_empty() {
        return Err(refuse("neither DER nor PEM"));
    }
    Ok(items)
}

struct Block<'a> {
    kind: Kind,
    der: Vec<u8>,
    rest: &'a str,
}

/// One PEM block at the start of a text.
fn read_block(text: &str) -> Result<Block<'_>, &'static str> {
    let head = Head::read(text)?;
    let kind = match head.label {
        "CERTIFICATE" => Kind::Certificate,
        "X509 CRL" => Kind::Crl,
        _ => return Err("a PEM block is neither CERTIFICATE nor X509 CRL"),
    };
    let pem::Block { der, rest } = head.finish()?;
    Ok(Block { kind, der, rest })
}

#[cfg(test)]
mod tests {
    use super::{Kind, MAX_ITEMS, Place, exactly, items};

    const CHAIN: Place = Place {
        name: "chain",
        kind: Some(Kind::Certificate),
        limit: 1000,
    };
    const ANY: Place = Place {
        kind: None,
        ..CHAIN
    };

    fn code(input: &[u8], place: &Place) -> &'static str {
        items(input, place).unwrap_err().code()
    }

    /// Two signed parts by their tags alone: `[0]` for a certificate, `INTEGER,
    /// SEQUENCE, SEQUENCE, UTCTime` for a list.
    const CERTIFICATE: [u8; 6] = [0x30, 4, 0x30, 2, 0xa0, 0];
    const CRL: [u8; 13] = [0x30, 11, 0x30, 9, 2, 1, 1, 0x30, 0, 0x30, 0, 0x17, 0];

    #[test]
    fn items_tells_kinds_apart() {
        let both = [&CERTIFICATE[..], &CRL].concat();
        let found = items(&both, &ANY).unwrap();
        let kinds: Vec<Kind> = found.iter().map(|item| item.kind).collect();
        assert_eq!(kinds, [Kind::Certificate, Kind::Crl]);
        assert_eq!(code(&both, &CHAIN), "input.wrong_kind");
        assert!(exactly::<1>(&CERTIFICATE, &CHAIN).is_ok());
        let refusal = exactly::<2>(&CERTIFICATE, &CHAIN).unwrap_err();
        assert_eq!(refusal.code(), "x509.count");
        assert_eq!(refusal.field("actual"), Some("1"));
    }

    #[test]
    fn items_refuses_sizes() {
        assert_eq!(code(b"", &CHAIN), "input.empty");
        assert_eq!(code(&[0x30; 1001], &CHAIN), "input.too_large");
    }

    #[test]
    fn items_takes_no_more_than_there_is_room_for() {
        const WIDE: Place = Place {
            limit: 10_000,
            ..CHAIN
        };
        const BLOCK: &str = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        let der = |count| [[0x30, 0]].repeat(count).concat();
        let pem = |count| BLOCK.repeat(count).into_bytes();
        for right in [der(MAX_ITEMS), pem(MAX_ITEMS)] {
            assert_eq!(items(&right, &WIDE).unwrap().len(), MAX_ITEMS);
        }
        for many in [der(MAX_ITEMS + 1), pem(MAX_ITEMS + 1)] {
            assert_eq!(code(&many, &WIDE), "x509.count");
        }
    }

    #[test]
    fn items_refuses_malformed_der() {
        let cases: [&[u8]; 5] = [
            &[0x30],
            &[0x30, 5, 0],
            &[0x30, 0x80, 0, 0],
            &[0x30, 0x81, 1, 0],
            &[0x30, 0, 0, 0],
        ];
        for case in cases {
            assert_eq!(code(case, &ANY), "x509.malformed", "{case:?}");
        }
    }

    #[test]
    fn items_reads_pem_with_blank_space_around() {
        let block = "-----BEGIN CERTIFICATE-----\nMAQw\r\nAqAA\n-----END CERTIFICATE-----";
        let text = format!(" \n{block}\r\n\n\t{block}\n ");
        let found = items(text.as_bytes(), &CHAIN).unwrap();
        assert!(found.iter().all(|item| item.der == CERTIFICATE));
    }

    #[test]
    fn items_refuses_what_is_not_strict_pem() {
        let good = "-----BEGIN CERTIFICATE-----\nMAQwAqAA\n-----END CERTIFICATE-----\n";
        assert!(items(good.as_bytes(), &ANY).is_ok());
        let bent = [
            good.replace("MAQw", "MA w"),
            good.replace("MAQw", "MAQ="),
            good.replace("MAQw", "Header: x\n\nMAQw"),
            good.replace("BEGIN CERT", "BEGIN X509 CERT"),
            good.replace("END CERTIFICATE", "END X509 CRL"),
            good.replace("CERTIFICATE", "PUBLIC KEY"),
            good.replace("-----\nMAQ", "-----MAQ"),
            good.replace("-----END", "-----BEGIN"),
            format!("{good}trailing"),
            format!("leading\n{good}"),
            String::from("just text"),
            String::from(" \n"),
        ];
        for text in bent {
            assert_eq!(code(text.as_bytes(), &ANY), "input.encoding", "{text}");
        }
        assert_eq!(code(&[0xff, 0xfe], &ANY), "input.encoding");
    }
}
