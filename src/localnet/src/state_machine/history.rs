//! Who changed a canister, when and how: what `canister_info` tells.

use super::Network;
use candid::Principal;
use ic_management_canister_types::{
    Change, ChangeDetails, ChangeOrigin, FromCanisterRecord, FromUserRecord,
};
use std::collections::VecDeque;

/// Changes that are kept; older ones are only counted.
const KEPT: usize = 20;

/// Who makes a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Author {
    /// By an ingress message.
    User(Principal),
    /// By a call; the version as far as the caller told it.
    Canister(Principal, Option<u64>),
}

/// A canister's latest changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    changes: VecDeque<Change>,
    total: u64,
}

impl History {
    /// Notes a change that gave the canister `version` at `time`.
    pub(crate) fn record(&mut self, time: u64, version: u64, author: Author, what: ChangeDetails) {
        if self.changes.len() == KEPT {
            self.changes.pop_front();
        }
        self.total += 1;
        self.changes.push_back(Change {
            timestamp_nanos: time,
            canister_version: version,
            origin: match author {
                Author::User(user_id) => ChangeOrigin::FromUser(FromUserRecord { user_id }),
                Author::Canister(canister_id, canister_version) => {
                    ChangeOrigin::FromCanister(FromCanisterRecord {
                        canister_id,
                        canister_version,
                    })
                }
            },
            details: Some(what),
        });
    }

    /// Changes ever made.
    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    /// The latest changes, oldest first, at most `count` of those that are kept.
    pub(crate) fn latest(&self, count: u64) -> Vec<Change> {
        let skipped = self.changes.len().saturating_sub(count as usize);
        self.changes.iter().skip(skipped).cloned().collect()
    }
}

impl Network {
    /// Gives a canister its next version and notes why. The canister exists.
    pub(crate) fn record_change(&mut self, id: Principal, author: Author, what: ChangeDetails) {
        let time = self.time;
        if let Ok(canister) = self.canister_mut(id) {
            canister.version += 1;
            let version = canister.version;
            canister.history.record(time, version, author, what);
        }
    }
}
