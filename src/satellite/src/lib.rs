//! The satellite canister: serves a dapp and the dashboard as certified assets.
