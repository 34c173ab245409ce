//! ECDSA P-256 signatures of quotes, QE reports and documents.
