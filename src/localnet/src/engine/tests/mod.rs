//! What a sandbox promises, tried on modules in text format.

mod failures;
mod instruction_counts;
mod large_memories;
mod model;
mod rollback;
mod validation;
