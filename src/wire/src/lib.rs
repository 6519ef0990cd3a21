//! Candid and JSON shapes, as clients see them. No logic.
