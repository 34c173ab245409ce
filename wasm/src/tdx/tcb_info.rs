//! TCB info, version 3: levels of the platform and identities of the TDX module.
