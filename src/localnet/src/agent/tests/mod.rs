//! The agent interface without a network: who is believed, and what is refused.

mod authentication;
mod signing;
