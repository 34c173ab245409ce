//! TD_ATTRIBUTES and XFAM as the TDX Module ABI Specification names their bits.
