//! What TCB info and QE identity say of a platform: levels, module, quoting enclave, converged status.
