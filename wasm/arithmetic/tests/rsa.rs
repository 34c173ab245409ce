//! RSA's public operation held against the crate `rsa`.

use casemate_arithmetic::RsaKey;
use rsa::hazmat::rsa_encrypt;
use rsa::{BoxedUint, RsaPublicKey};

mod numbers;
use numbers::Numbers;

#[test]
fn raised_is_what_the_crate_gives() {
    let mut numbers = Numbers::default();
    // Sizes around those of limbs, and those of keys.
    for bytes in [
        64, 119, 126, 127, 128, 133, 140, 256, 257, 384, 385, 511, 512,
    ] {
        for first in [0xff, 0x80, 0x7f, 0x01] {
            let mut modulus = numbers.vector(bytes);
            modulus[0] = first;
            modulus[bytes - 1] |= 1;
            let key = RsaKey::of_modulus(&modulus).expect("an odd number");
            let bits = u32::try_from(bytes * 8).expect("small");
            let number = |bytes: &[u8]| BoxedUint::from_be_slice(bytes, bits).expect("fits");
            let theirs = RsaPublicKey::new_unchecked(number(&modulus), BoxedUint::from(65_537_u64));
            for round in 0..4 {
                let mut signature = numbers.vector(bytes);
                signature[0] = if round == 0 {
                    0
                } else {
                    signature[0] % first.max(2)
                };
                let raised = key.raised(&signature);
                if signature >= modulus {
                    assert_eq!(raised, None);
                    continue;
                }
                let expected = rsa_encrypt(&theirs, &number(&signature)).expect("raised");
                let expected = expected.to_be_bytes();
                let expected = &expected[expected.len() - bytes..];
                assert_eq!(
                    raised.as_deref(),
                    Some(expected),
                    "{bytes} bytes from {first}"
                );
            }
        }
    }
}

#[test]
fn raised_refuses_the_modulus_and_other_lengths() {
    let mut modulus = [0xff; 256];
    modulus[9] = 0;
    let key = RsaKey::of_modulus(&modulus).expect("an odd number");
    let mut below = modulus;
    below[255] -= 1;
    assert!(key.raised(&below).is_some());
    assert_eq!(key.raised(&modulus), None);
    assert_eq!(key.raised(&[0xff; 256]), None);
    assert_eq!(key.raised(&below[1..]), None);
    assert_eq!(key.raised(&[&[0], below.as_slice()].concat()), None);
    // -1 raised to an odd power is -1.
    assert_eq!(key.raised(&below).as_deref(), Some(below.as_slice()));
    let one = [[0; 255].as_slice(), &[1]].concat();
    assert_eq!(key.raised(&one), Some(one));
}

#[test]
fn of_modulus_refuses_even_numbers_zeros_before_it_and_other_sizes() {
    assert!(RsaKey::of_modulus(&[0xff; 514]).is_some());
    assert!(RsaKey::of_modulus(&[0xff; 515]).is_none());
    assert!(RsaKey::of_modulus(&[0xff; 8]).is_none());
    assert!(RsaKey::of_modulus(&[]).is_none());
    let mut bent = [0xff; 256];
    bent[255] = 0xfe;
    assert!(RsaKey::of_modulus(&bent).is_none());
    let mut bent = [0xff; 256];
    bent[0] = 0;
    assert!(RsaKey::of_modulus(&bent).is_none());
}
