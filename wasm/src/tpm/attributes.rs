//! Attributes of an object (`TPMA_OBJECT`, Part 2 §8.3.2).

use crate::answer::Refusal;
use crate::json::write::object;
use crate::tpm::codes::Code;

const FIXED_TPM: u32 = 1 << 1;
const ST_CLEAR: u32 = 1 << 2;
const FIXED_PARENT: u32 = 1 << 4;
const SENSITIVE_DATA_ORIGIN: u32 = 1 << 5;
const USER_WITH_AUTH: u32 = 1 << 6;
const ADMIN_WITH_POLICY: u32 = 1 << 7;
const NO_DA: u32 = 1 << 10;
const ENCRYPTED_DUPLICATION: u32 = 1 << 11;
const RESTRICTED: u32 = 1 << 16;
const DECRYPT: u32 = 1 << 17;
const SIGN: u32 = 1 << 18;

/// All others are reserved, or of later revisions for other kinds of keys
/// (`firmwareLimited`, `svnLimited`, `x509sign`).
const KNOWN: u32 = FIXED_TPM
    | ST_CLEAR
    | FIXED_PARENT
    | SENSITIVE_DATA_ORIGIN
    | USER_WITH_AUTH
    | ADMIN_WITH_POLICY
    | NO_DA
    | ENCRYPTED_DUPLICATION
    | RESTRICTED
    | DECRYPT
    | SIGN;

/// Attributes, as the TypeScript type of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `src/evidence/tpm/report.ts` documents each field.
#[allow(clippy::struct_excessive_bools)] // So the specification has them.
pub struct ObjectAttributes {
    pub fixed_tpm: bool,
    pub fixed_parent: bool,
    pub sensitive_data_origin: bool,
    pub user_with_auth: bool,
    pub admin_with_policy: bool,
    pub no_da: bool,
    pub encrypted_duplication: bool,
    pub restricted: bool,
    pub decrypt: bool,
    pub sign: bool,
    pub st_clear: bool,
}

object!(ObjectAttributes {
    fixed_tpm as "fixedTPM", fixed_parent, sensitive_data_origin, user_with_auth, admin_with_policy,
    no_da as "noDA", encrypted_duplication, restricted, decrypt, sign, st_clear,
});

impl ObjectAttributes {
    /// Reads the bits.
    ///
    /// # Errors
    /// `tpm.public_malformed` where a reserved one is set.
    pub fn read(bits: u32) -> Result<Self, Refusal> {
        let reserved = bits & !KNOWN;
        if reserved != 0 {
            let reason = format!("reserved attributes {reserved:#010x} are set");
            return Err(Refusal::from(Code::PublicMalformed).with("reason", reason));
        }
        let is = |bit| bits & bit != 0;
        Ok(Self {
            fixed_tpm: is(FIXED_TPM),
            fixed_parent: is(FIXED_PARENT),
            sensitive_data_origin: is(SENSITIVE_DATA_ORIGIN),
            user_with_auth: is(USER_WITH_AUTH),
            admin_with_policy: is(ADMIN_WITH_POLICY),
            no_da: is(NO_DA),
            encrypted_duplication: is(ENCRYPTED_DUPLICATION),
            restricted: is(RESTRICTED),
            decrypt: is(DECRYPT),
            sign: is(SIGN),
            st_clear: is(ST_CLEAR),
        })
    }

    /// Refuses a key that is not for attestation. A key that is not restricted
    /// signs whatever bytes it is given, a made-up quote too; one that is not
    /// fixed, or came from outside, may exist outside of the TPM.
    ///
    /// # Errors
    /// `tpm.public_attributes`
    pub fn check_attestation(&self) -> Result<(), Refusal> {
        let wanted = [
            ("restricted", self.restricted),
            ("sign", self.sign),
            ("fixedTPM", self.fixed_tpm),
            ("fixedParent", self.fixed_parent),
            ("sensitiveDataOrigin", self.sensitive_data_origin),
        ];
        let missing = wanted.iter().find(|(_, set)| !set);
        let reason = match missing {
            Some((name, _)) => format!("{name} is not set"),
            None if self.decrypt => String::from("decrypt is set"),
            None => return Ok(()),
        };
        Err(Refusal::from(Code::PublicAttributes).with("reason", reason))
    }
}

#[cfg(test)]
mod tests {
    use super::ObjectAttributes;
    use crate::json::write;

    /// Google's attestation keys.
    const RIGHT: u32 = 0x0005_0072;

    #[test]
    fn read_knows_each_bit() {
        let found = write::tree(&ObjectAttributes::read(RIGHT).unwrap());
        let set = found.as_object().unwrap().iter();
        let set: Vec<&str> = set
            .filter(|(_, value)| **value == serde_json::Value::Bool(true))
            .map(|(name, _)| name.as_str())
            .collect();
        let expected = [
            "fixedParent",
            "fixedTPM",
            "restricted",
            "sensitiveDataOrigin",
            "sign",
            "userWithAuth",
        ];
        assert_eq!(set, expected);
    }

    #[test]
    fn tpm_public_malformed_for_reserved_bits() {
        for bit in [0, 3, 8, 9, 12, 15, 19, 31] {
            let refusal = ObjectAttributes::read(RIGHT | 1 << bit).unwrap_err();
            assert_eq!(refusal.code(), "tpm.public_malformed", "bit {bit}");
        }
    }

    #[test]
    fn tpm_07_public_attributes_of_each_bit_that_matters() {
        assert!(
            ObjectAttributes::read(RIGHT)
                .unwrap()
                .check_attestation()
                .is_ok()
        );
        for bit in [1, 4, 5, 16, 17, 18] {
            let bent = ObjectAttributes::read(RIGHT ^ 1 << bit).unwrap();
            let refusal = bent.check_attestation().unwrap_err();
            assert_eq!(refusal.code(), "tpm.public_attributes", "bit {bit}");
        }
        for bit in [2, 6, 7, 10, 11] {
            let other = ObjectAttributes::read(RIGHT ^ 1 << bit).unwrap();
            assert!(other.check_attestation().is_ok(), "bit {bit}");
        }
    }
}
