//! What a sandbox promises, tried on modules in text format.

mod rollback;
