//! The PCK certificate, its CA and Intel's root, and the TCB signing chain under the same root.
