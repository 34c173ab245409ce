//! Primes of the key of these tests. It is public and protects nothing; a fixed
//! one spares each run the search.

/// First prime.
pub const P: &str = concat!(
    "e9bd3649ed387ef0e91bce46a6df88ef617abdb33edb4ac44eb09ffb80622c85",
    "24483967a8ff94d5605f84ee0c98329414de00c260ea79973fe7442ae724358f",
    "8d52f71796368b40c9092f6eb338c37f6c1180faed10ed6b70b158a84a2f7fd1",
    "9ae1fb2834d00598c59edde4ec9c3611ca628b93f9590356bbe309c1077df7e3",
);

/// Second prime.
pub const Q: &str = concat!(
    "e16a6ee3c0891cc444df9a4024e38c02061ce9cc1532fbfbaa577d5f3063afc1",
    "71af83af14e73632be2a1199a3a1e5fb508635f26d1317473bb5f87966e3dcc5",
    "a31941de081011bf8516e83c2f92218ddc7a0c8204a17f1050cdf71c1172e568",
    "29a4311ee6c60f0c0b22d7c116fe395e7dab197dcaffb0a4c52d820addb09f35",
);
