//! Values of registers, held against the digest in a quote (Part 3 §18.4).

use crate::answer::Refusal;
use crate::frame;
use crate::hex::encode;
use crate::input::{MAX_ITEMS, too_large};
use crate::json::write::object;
use crate::sorted::Sorted;
use crate::tpm::algorithm::Bank;
use crate::tpm::attest::Quote;
use crate::tpm::codes::Code;
use crate::x509::hash::Hash;

/// Registers of a bank.
const REGISTERS: u8 = 24;
/// Most values: all registers of as many banks as a quote may select.
const MAX_VALUES: usize = 8 * 24;

/// A register and its value, as the TypeScript type of the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `src/evidence/tpm/report.ts` documents each field.
pub struct RegisterValue {
    pub bank: Bank,
    pub register: u8,
    pub value: String,
}

object!(RegisterValue {
    bank,
    register,
    value
});

/// A register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names say it.
pub struct Register {
    pub bank: Bank,
    pub register: u8,
}

object!(Register { bank, register });

/// Values that were held against a quote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registers {
    /// Those that were quoted, in the order of the selection.
    pub quoted: Vec<RegisterValue>,
    /// Those that were given and not quoted.
    pub not_quoted: Vec<Register>,
}

struct Given<'a> {
    register: Register,
    value: &'a [u8],
}

impl Register {
    fn text(self) -> String {
        format!("{}:{}", self.bank.name(), self.register)
    }

    const fn key(self) -> (usize, u8) {
        (self.bank.size(), self.register)
    }

    fn refuse(self, code: Code) -> Refusal {
        Refusal::from(code).with("register", self.text())
    }
}

impl Registers {
    /// Compares values with a quote.
    ///
    /// # Arguments
    /// - `list`: framed list; each item is the bank's algorithm, the register, the value.
    /// - `hash`: the signature's, with which the TPM made the digest.
    ///
    /// # Errors
    /// `input.too_large`, `tpm.pcr_*`; a bug for an unknown bank or register.
    pub fn check(list: &[u8], quote: &Quote, hash: Hash) -> Result<Self, Refusal> {
        let mut values = read(list)?;
        let order: Vec<Register> = values.iter().map(|given| given.register).collect();
        let mut known = index(&mut values)?;
        let quoted = take_quoted(&mut known, quote)?;
        check_digest(&quoted, quote, hash)?;
        let not_quoted = order.into_iter();
        Ok(Self {
            quoted: quoted.iter().map(Given::shown).collect(),
            not_quoted: not_quoted
                .filter(|register| known.get(register.key()).is_some())
                .collect(),
        })
    }
}

impl Given<'_> {
    fn shown(&self) -> RegisterValue {
        RegisterValue {
            bank: self.register.bank,
            register: self.register.register,
            value: encode(self.value),
        }
    }
}

fn read(list: &[u8]) -> Result<Vec<Given<'_>>, Refusal> {
    let items = frame::list(list, MAX_ITEMS)?;
    if items.len() > MAX_VALUES {
        return Err(too_large("pcrs", MAX_VALUES, items.len(), "values"));
    }
    items.into_iter().map(read_one).collect()
}

fn read_one(item: &[u8]) -> Result<Given<'_>, Refusal> {
    let wrong = || Refusal::bug("a register's bank or number is wrong");
    let ([high, low, number], value) = item.split_first_chunk().ok_or_else(wrong)?;
    let bank = Bank::read(u16::from_be_bytes([*high, *low])).ok_or_else(wrong)?;
    if *number >= REGISTERS {
        return Err(wrong());
    }
    Ok(Given {
        register: Register {
            bank,
            register: *number,
        },
        value,
    })
}

/// Values by bank and register.
type Known<'a> = Sorted<(usize, u8), Given<'a>>;

/// Each value must fill its register: of values that are cut elsewhere, the
/// same bytes would be one after the other, so the same digest.
fn index<'a>(values: &mut Vec<Given<'a>>) -> Result<Known<'a>, Refusal> {
    let mut known = Known::default();
    for given in values.drain(..) {
        let register = given.register;
        let expected = register.bank.size();
        if given.value.len() != expected {
            return Err(register
                .refuse(Code::PcrLength)
                .with("expected", format!("{expected} bytes"))
                .with("actual", format!("{} bytes", given.value.len())));
        }
        if !known.add(register.key(), given) {
            return Err(register.refuse(Code::PcrRepeated));
        }
    }
    Ok(known)
}

fn take_quoted<'a>(known: &mut Known<'a>, quote: &Quote) -> Result<Vec<Given<'a>>, Refusal> {
    let selected = quote.selections.iter().flat_map(|selection| {
        let bank = selection.bank;
        let numbers = selection.registers.iter();
        numbers.map(move |number| Register {
            bank,
            register: *number,
        })
    });
    selected
        .map(|register| {
            let found = known.take(register.key());
            found.ok_or_else(|| register.refuse(Code::PcrMissing))
        })
        .collect()
}

fn check_digest(quoted: &[Given<'_>], quote: &Quote, hash: Hash) -> Result<(), Refusal> {
    let values: Vec<&[u8]> = quoted.iter().map(|given| given.value).collect();
    let actual = hash.digest(&values.concat());
    if actual == quote.pcr_digest {
        return Ok(());
    }
    Err(Refusal::from(Code::PcrDigestMismatch)
        .with("expected", encode(&quote.pcr_digest))
        .with("actual", encode(&actual)))
}

#[cfg(test)]
mod tests {
    use super::Registers;
    use crate::answer::Refusal;
    use crate::frame;
    use crate::tpm::algorithm::Bank;
    use crate::tpm::attest::{ClockInfo, Quote};
    use crate::tpm::selection::Selection;
    use crate::x509::hash::Hash;

    const SHA1: u8 = 4;
    const SHA256: u8 = 0x0b;

    /// Of registers 0 and 7 of SHA-256, then 2 of SHA-1, each filled with its number.
    fn quote() -> Quote {
        let values = [[0_u8; 32].as_slice(), &[7; 32], &[2; 20]].concat();
        let select = |bank, registers| Selection { bank, registers };
        Quote {
            qualified_signer: vec![],
            qualifying_data: vec![],
            clock: ClockInfo {
                clock: 0,
                reset_count: 0,
                restart_count: 0,
                safe: true,
            },
            firmware_version: 0,
            selections: vec![
                select(Bank::Sha256, vec![0, 7]),
                select(Bank::Sha1, vec![2]),
            ],
            pcr_digest: Hash::Sha384.digest(&values),
        }
    }

    fn item(bank: u8, number: u8, value: &[u8]) -> Vec<u8> {
        [&[0, bank, number], value].concat()
    }

    fn right() -> Vec<Vec<u8>> {
        vec![
            item(SHA1, 2, &[2; 20]),
            item(SHA256, 9, &[9; 32]),
            item(SHA256, 7, &[7; 32]),
            item(SHA256, 0, &[0; 32]),
            item(SHA1, 0, &[0; 20]),
        ]
    }

    fn check(items: &[Vec<u8>]) -> Result<Registers, Refusal> {
        let items: Vec<&[u8]> = items.iter().map(Vec::as_slice).collect();
        Registers::check(&frame::write(&items).unwrap(), &quote(), Hash::Sha384)
    }

    fn code(items: &[Vec<u8>]) -> &'static str {
        check(items).unwrap_err().code()
    }

    #[test]
    fn check_gives_quoted_values_and_names_the_others() {
        let found = check(&right()).unwrap();
        let quoted = found.quoted.iter().map(|one| (one.bank, one.register));
        let expected = [(Bank::Sha256, 0), (Bank::Sha256, 7), (Bank::Sha1, 2)];
        assert_eq!(quoted.collect::<Vec<_>>(), expected);
        assert_eq!(found.quoted[1].value, "07".repeat(32));
        let others = found.not_quoted.iter().map(|one| one.text());
        assert_eq!(others.collect::<Vec<_>>(), ["sha256:9", "sha1:0"]);
    }

    #[test]
    fn tpm_pcr_digest_mismatch_of_each_quoted_value() {
        for (at, matters) in [(0, true), (1, false), (2, true), (3, true), (4, false)] {
            let mut items = right();
            items[at][5] ^= 1;
            assert_eq!(check(&items).is_err(), matters, "item {at}");
            if matters {
                assert_eq!(code(&items), "tpm.pcr_digest_mismatch");
            }
        }
    }

    #[test]
    fn tpm_pcr_digest_mismatch_where_the_hash_is_another() {
        let items = right();
        let items: Vec<&[u8]> = items.iter().map(Vec::as_slice).collect();
        let list = frame::write(&items).unwrap();
        let refusal = Registers::check(&list, &quote(), Hash::Sha256).unwrap_err();
        assert_eq!(refusal.code(), "tpm.pcr_digest_mismatch");
    }

    #[test]
    fn tpm_03_pcr_missing_names_the_register() {
        let mut items = right();
        items.remove(2);
        let refusal = check(&items).unwrap_err();
        assert_eq!(refusal.code(), "tpm.pcr_missing");
        assert_eq!(refusal.field("register"), Some("sha256:7"));
    }

    #[test]
    fn tpm_04_pcr_repeated_even_with_the_same_value() {
        for again in [0, 1] {
            let mut items = right();
            items.push(items[again].clone());
            assert_eq!(code(&items), "tpm.pcr_repeated");
        }
    }

    /// Registers 0 and 7 with the border between them moved by a byte.
    #[test]
    fn tpm_04_pcr_length_though_the_bytes_together_are_right() {
        let mut items = right();
        items[3] = item(SHA256, 0, &[0; 31]);
        items[2] = item(SHA256, 7, &[[0].as_slice(), &[7; 32]].concat());
        assert_eq!(code(&items), "tpm.pcr_length");
        items[1].pop();
        assert_eq!(code(&items), "tpm.pcr_length", "one that is not quoted");
    }

    #[test]
    fn check_calls_what_no_tpm_has_a_bug_and_counts_values() {
        for wrong in [
            item(0x12, 0, &[0; 32]),
            item(SHA256, 24, &[0; 32]),
            vec![0, 4],
        ] {
            assert!(matches!(check(&[wrong]), Err(Refusal::Bug(_))));
        }
        let many = vec![item(SHA1, 0, &[0; 20]); 193];
        assert_eq!(code(&many), "input.too_large");
        assert_eq!(code(&many[1..]), "tpm.pcr_repeated");
    }
}
