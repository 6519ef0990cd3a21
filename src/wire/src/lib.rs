//! Candid and JSON shapes, as clients see them. No logic.

pub mod satellite;
