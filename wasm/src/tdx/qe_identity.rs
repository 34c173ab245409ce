//! QE identity, version 2, and whether a quoting enclave is the one it describes.
