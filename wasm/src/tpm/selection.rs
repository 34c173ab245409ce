//! Which registers a quote is about (`TPML_PCR_SELECTION`, Part 2 §10.9.7).

use crate::answer::Refusal;
use crate::json::write::object;
use crate::tpm::algorithm::Bank;
use crate::tpm::codes::Code;
use crate::tpm::cursor::Cursor;

/// Most banks of a selection: more than any TPM has, and room for no flood.
const MAX_BANKS: u32 = 8;
/// Most bytes of a bitmap: 24 registers (PC Client Platform TPM Profile §4.6).
const MAX_BITMAP: u8 = 3;

/// Registers of one bank, as the TypeScript type of the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Bank.
    pub bank: Bank,
    /// Registers, rising.
    pub registers: Vec<u8>,
}

object!(Selection { bank, registers });

fn malformed(reason: impl Into<String>) -> Refusal {
    Refusal::from(Code::SelectionMalformed).with("reason", reason)
}

/// Takes a list; banks of which nothing is selected are left out.
///
/// # Errors
/// `tpm.selection_empty`, `tpm.selection_malformed`, `tpm.selection_repeated`
/// and the cursor's code.
pub fn take(fields: &mut Cursor<'_>) -> Result<Vec<Selection>, Refusal> {
    let count = fields.u32("the number of banks")?;
    if count > MAX_BANKS {
        return Err(malformed(format!("{count} banks")));
    }
    let mut all: Vec<Selection> = Vec::new();
    for _ in 0..count {
        let one = take_one(fields)?;
        if all.iter().any(|known| known.bank == one.bank) {
            let reason = format!("{} is there twice", one.bank.name());
            return Err(Refusal::from(Code::SelectionRepeated).with("reason", reason));
        }
        all.push(one);
    }
    all.retain(|one| !one.registers.is_empty());
    if all.is_empty() {
        let reason = "no register is selected";
        return Err(Refusal::from(Code::SelectionEmpty).with("reason", reason));
    }
    Ok(all)
}

fn take_one(fields: &mut Cursor<'_>) -> Result<Selection, Refusal> {
    let id = fields.u16("the hash of a bank")?;
    let bank = Bank::read(id);
    let bank = bank.ok_or_else(|| malformed(format!("bank {id:#06x} is not known")))?;
    let size = fields.u8("the size of a bitmap")?;
    if size == 0 || size > MAX_BITMAP {
        return Err(malformed(format!("a bitmap has {size} bytes")));
    }
    let bitmap = fields.take(size.into(), "a bitmap")?;
    Ok(Selection {
        bank,
        registers: registers(bitmap),
    })
}

/// Bit 0 of byte 0 is register 0.
fn registers(bitmap: &[u8]) -> Vec<u8> {
    let bits = bitmap
        .iter()
        .flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1 == 1));
    let numbered = (0..).zip(bits);
    numbered
        .filter(|(_, set)| *set)
        .map(|(number, _)| number)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Selection, take};
    use crate::answer::Refusal;
    use crate::tpm::codes::Code;
    use crate::tpm::cursor::Cursor;

    fn read(bytes: &[u8]) -> Result<Vec<Selection>, Refusal> {
        take(&mut Cursor::of(bytes, Code::AttestLength))
    }

    fn code(bytes: &[u8]) -> &'static str {
        read(bytes).unwrap_err().code()
    }

    #[test]
    fn take_reads_bits_little_end_first() {
        let one = read(&[0, 0, 0, 1, 0, 0x0b, 3, 0x81, 0, 0x80]).unwrap();
        assert_eq!(one[0].registers, [0, 7, 23]);
        let two = read(&[0, 0, 0, 2, 0, 4, 2, 1, 1, 0, 0x0c, 1, 2]).unwrap();
        let shape = two.iter().map(|one| (one.bank.name(), one.registers.len()));
        let shape: Vec<_> = shape.collect();
        assert_eq!(shape, [("sha1", 2), ("sha384", 1)]);
    }

    #[test]
    fn take_leaves_banks_without_registers_out() {
        let all = read(&[0, 0, 0, 2, 0, 4, 3, 0, 0, 0, 0, 0x0b, 3, 1, 0, 0]).unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].bank.name(), "sha256");
    }

    #[test]
    fn tpm_03_selection_empty_where_nothing_is_selected() {
        assert_eq!(code(&[0, 0, 0, 0]), "tpm.selection_empty");
        let none = [0, 0, 0, 1, 0, 0x0b, 3, 0, 0, 0];
        assert_eq!(code(&none), "tpm.selection_empty");
    }

    #[test]
    fn tpm_selection_malformed_before_anything_is_read() {
        for count in [[0, 0, 0, 9], [0xff; 4]] {
            assert_eq!(code(&count), "tpm.selection_malformed");
        }
        assert_eq!(code(&[0, 0, 0, 1, 0, 0x12, 3]), "tpm.selection_malformed");
        for size in [0, 4, 0xff] {
            let bytes = [0, 0, 0, 1, 0, 0x0b, size];
            assert_eq!(code(&bytes), "tpm.selection_malformed");
        }
    }

    #[test]
    fn tpm_04_selection_repeated_even_where_one_is_empty() {
        let twice = [0, 0, 0, 2, 0, 0x0b, 1, 1, 0, 0x0b, 1, 0];
        assert_eq!(code(&twice), "tpm.selection_repeated");
        assert_eq!(code(&twice[..11]), "tpm.attest_length");
    }
}
