//! What a PCK certificate certifies: Intel's extension 1.2.840.113741.1.13.1.
