//! Quotes of versions 3, 4 and 5.
