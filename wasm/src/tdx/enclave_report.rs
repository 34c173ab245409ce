//! SGX report bodies: that of the quoting enclave, or of an SGX quote.
