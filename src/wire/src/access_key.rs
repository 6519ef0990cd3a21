//! Who may read and administer the orbiter.

use candid::{CandidType, Principal};
use serde::Deserialize;

/// What an access key may do.
#[derive(CandidType, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessKeyScope {
    /// Set and read entries.
    Write,
    /// Everything, provided that the principal is also a controller of the canister. Never expires.
    Admin,
    /// Nothing on this interface; known to the clients of other canisters.
    Submit,
}

/// Who holds an access key, for display.
#[derive(CandidType, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessKeyKind {
    /// A local development network.
    Emulator,
    /// A build or deployment pipeline.
    Automation,
}

/// A stored access key.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct AccessKey {
    /// Free pairs of name and value, e.g. a label.
    pub metadata: Vec<(String, String)>,
    /// Who holds the key.
    pub kind: Option<AccessKeyKind>,
    /// What the key may do.
    pub scope: AccessKeyScope,
    /// When the key was first set, ns.
    pub created_at: u64,
    /// When the key was last set, ns.
    pub updated_at: u64,
    /// Until when the key is valid, ns; none: for ever.
    pub expires_at: Option<u64>,
}

/// An access key, as an admin sets it.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct SetAccessKey {
    /// Free pairs of name and value, e.g. a label.
    pub metadata: Vec<(String, String)>,
    /// Who holds the key.
    pub kind: Option<AccessKeyKind>,
    /// What the key may do.
    pub scope: AccessKeyScope,
    /// Until when the key is valid, ns; none: for ever. Not for the scope `Admin`.
    pub expires_at: Option<u64>,
}

/// Arguments of `set_controllers`: the same key for each of the principals.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct SetControllersArgs {
    /// The principals that receive the key.
    pub controllers: Vec<Principal>,
    /// The key.
    pub controller: SetAccessKey,
}

/// Arguments of `del_controllers`.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct DeleteControllersArgs {
    /// The principals whose keys are deleted.
    pub controllers: Vec<Principal>,
}
