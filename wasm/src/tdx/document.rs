//! Signed JSON documents of Intel's PCS: the text that is signed, and its signature.
