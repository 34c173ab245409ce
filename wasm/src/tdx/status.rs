//! TCB statuses and how they converge.
