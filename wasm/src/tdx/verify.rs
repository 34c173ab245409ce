//! A quote and its collateral in one call.
