//! Revocation lists of the PCK CA and of the root.
