//! TD reports as quotes carry them, of TDX 1.0 and 1.5.
