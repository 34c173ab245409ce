//! ECDSA held against the crates `p256` and `p384`, with numbers that look random.

use casemate_arithmetic::{P256Key, P256Signature, P384Key, P384Signature};
use p256::ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};

mod numbers;
use numbers::Numbers;

const ROUNDS: usize = 400;

macro_rules! against {
    ($name:ident, $crate_name:ident, $key:ty, $signature:ty, $bytes:literal) => {
        #[test]
        fn $name() {
            let mut numbers = Numbers::default();
            for round in 0..ROUNDS {
                let Ok(secret) =
                    $crate_name::ecdsa::SigningKey::from_slice(&numbers.bytes::<$bytes>())
                else {
                    continue;
                };
                let point = secret.verifying_key().to_sec1_point(false);
                let key = <$key>::of_point(point.as_bytes()).expect("a point of the curve");
                let digest = numbers.bytes::<$bytes>();
                let digest = &digest[..[20, 32, $bytes][round % 3].min($bytes)];
                let digest = if digest.len() < $bytes / 2 {
                    &[0xff; 64][..]
                } else {
                    digest
                };
                let made: $crate_name::ecdsa::Signature =
                    secret.sign_prehash(digest).expect("signed");
                let (r, s) = made.split_bytes();
                let right = <$signature>::of_numbers(&r, &s).expect("in range");
                assert!(<$signature>::of_numbers(&[&[0], r.as_slice()].concat(), &s).is_none());
                assert!(key.verifies(digest, &right), "round {round}");
                let mut other = digest.to_vec();
                other[round % $bytes.min(digest.len())] ^= 1;
                assert!(!key.verifies(&other, &right), "round {round}");
                let mut bent = s.to_vec();
                bent[$bytes - 1 - round % 8] ^= 1;
                if let Some(bent) = <$signature>::of_numbers(&r, &bent) {
                    assert!(!key.verifies(digest, &bent), "round {round}");
                }
                // Any two numbers: both say the same.
                let (r, s) = (numbers.bytes::<$bytes>(), numbers.bytes::<$bytes>());
                let theirs = $crate_name::ecdsa::Signature::from_scalars(r, s);
                let ours = <$signature>::of_numbers(&r, &s);
                assert_eq!(theirs.is_ok(), ours.is_some());
                if let (Ok(theirs), Some(ours)) = (theirs, ours) {
                    let said = secret
                        .verifying_key()
                        .verify_prehash(digest, &theirs)
                        .is_ok();
                    assert_eq!(said, key.verifies(digest, &ours));
                }
            }
        }
    };
}

against!(
    p256_says_what_the_crate_says,
    p256,
    P256Key,
    P256Signature,
    32
);
against!(
    p384_says_what_the_crate_says,
    p384,
    P384Key,
    P384Signature,
    48
);
