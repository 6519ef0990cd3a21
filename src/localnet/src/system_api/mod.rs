//! The system calls (`ic0`) that a canister can make: one table of names, types and contexts, one file per theme.
