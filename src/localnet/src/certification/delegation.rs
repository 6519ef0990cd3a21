//! The root subnet's word for another subnet.

use super::authority::Authority;
use super::ranges::{canister_ranges, insert_range_shard};
use super::tree::{PathConflict, StateTree};
use candid::Principal;
use std::sync::{Arc, Mutex, PoisonError};

/// Clients refuse delegations older than 30 days; a new one is made after one.
const RENEWED_AFTER_NANOS: u64 = 24 * 60 * 60 * 1_000_000_000;

/// A certificate in which the root subnet says which key and which canisters belong to another subnet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegation {
    /// The subnet it is about.
    pub subnet_id: Principal,
    /// The root's certificate (CBOR) of `/time`, `/subnet/ID/{public_key, canister_ranges}` and
    /// `/canister_ranges/ID/FIRST`.
    pub certificate: Vec<u8>,
}

/// Makes delegations for one subnet and keeps the last, so that it costs a signature per day and not per certificate.
#[derive(Clone)]
pub(super) struct Delegator {
    root: Authority,
    ranges: Vec<(Principal, Principal)>,
    last: Arc<Mutex<Option<(u64, Delegation)>>>,
}

impl Delegator {
    pub(super) fn new(root: Authority, ranges: Vec<(Principal, Principal)>) -> Delegator {
        Delegator {
            root,
            ranges,
            last: Arc::default(),
        }
    }

    /// A delegation that is fresh at `time`.
    pub(super) fn delegation(
        &self,
        subnet_id: Principal,
        public_key: &[u8],
        time: u64,
    ) -> Delegation {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((made, delegation)) = &*last
            && (*made..made.saturating_add(RENEWED_AFTER_NANOS)).contains(&time)
        {
            return delegation.clone();
        }
        let certificate =
            self.root
                .certify(&delegation_tree(subnet_id, public_key, &self.ranges, time));
        let delegation = Delegation {
            subnet_id,
            certificate,
        };
        *last = Some((time, delegation.clone()));
        delegation
    }
}

fn delegation_tree(
    subnet_id: Principal,
    public_key: &[u8],
    ranges: &[(Principal, Principal)],
    time: u64,
) -> StateTree {
    let mut tree = StateTree::at(time);
    insert_subnet(&mut tree, subnet_id, public_key, ranges).expect("the paths are distinct");
    tree
}

/// Ranges stand in both places where clients look: `/subnet/ID/canister_ranges` (older) and
/// `/canister_ranges/ID/FIRST` (newer).
fn insert_subnet(
    tree: &mut StateTree,
    subnet_id: Principal,
    public_key: &[u8],
    ranges: &[(Principal, Principal)],
) -> Result<(), PathConflict> {
    let id = subnet_id.as_slice();
    tree.insert(&[b"subnet", id, b"public_key"], public_key)?;
    tree.insert(
        &[b"subnet", id, b"canister_ranges"],
        canister_ranges(ranges),
    )?;
    insert_range_shard(tree, subnet_id, ranges)
}
