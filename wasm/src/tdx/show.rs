//! Collateral and PCK certificates for a person to look at; nothing is verified.
