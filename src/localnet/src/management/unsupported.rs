//! Methods of the Internet Computer's management canister that this network does not have. They are refused by name,
//! so that nobody takes a missing feature for a mistake in their own code.

/// Their names.
pub(super) const METHODS: &[&str] = &[
    "http_request",
    "flexible_http_request",
    "ecdsa_public_key",
    "sign_with_ecdsa",
    "schnorr_public_key",
    "sign_with_schnorr",
    "vetkd_public_key",
    "vetkd_derive_key",
    "bitcoin_get_balance",
    "bitcoin_get_utxos",
    "bitcoin_get_current_fee_percentiles",
    "bitcoin_get_block_headers",
    "bitcoin_send_transaction",
    "node_metrics_history",
    "subnet_info",
    "canister_metadata",
    "canister_metrics",
    "list_canisters",
    "rename_canister",
    "read_canister_snapshot_metadata",
    "read_canister_snapshot_data",
    "upload_canister_snapshot_metadata",
    "upload_canister_snapshot_data",
];
