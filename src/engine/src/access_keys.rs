//! Access keys: the principals that may write, read and administer, and their rules.

use crate::records::{Record, RecordError, Records, Table};
use ic_principal::Principal;
use ic_stable_structures::Memory;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AccessKeyScope {
    /// Write and read entries.
    Write,
    /// Everything, if the key is also a controller of the canister.
    Admin,
    /// Propose changes: nothing here.
    Submit,
}

/// What a key is for, as its owner says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AccessKeyKind {
    /// An emulator's.
    Emulator,
    /// An automation's.
    Automation,
}

/// An access key as its owner sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAccessKey {
    /// Anything the owner notes, as pairs of key and value.
    pub metadata: Vec<(String, String)>,
    /// What it is for.
    pub kind: Option<AccessKeyKind>,
    /// What it may do.
    pub scope: AccessKeyScope,
    /// The last instant at which it is valid, in nanoseconds since 1970, UTC; none: for ever.
    pub expires_at: Option<u64>,
}

/// An access key as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessKey {
    /// Anything the owner notes, as pairs of key and value.
    pub metadata: Vec<(String, String)>,
    /// What it is for.
    pub kind: Option<AccessKeyKind>,
    /// What it may do.
    pub scope: AccessKeyScope,
    /// When it was first stored, in nanoseconds since 1970, UTC.
    pub created_at: u64,
    /// When it was last stored, in nanoseconds since 1970, UTC.
    pub updated_at: u64,
    /// The last instant at which it is valid, in nanoseconds since 1970, UTC; none: for ever.
    pub expires_at: Option<u64>,
}

/// The most keys with scope Admin: a canister has at most 10 controllers.
pub const MAX_ADMIN_KEYS: usize = 10;

/// The most keys of each other scope.
pub const MAX_OTHER_KEYS: usize = 20;

/// A principal whose key leaked in an incident of February 2024. The baseline refuses it for good.
const REVOKED: &str = "535yc-uxytb-gfk7h-tny7p-vjkoe-i4krp-3qmcl-uqfgr-cpgej-yqtjq-rqe";

/// Why keys were refused. Of several keys that were sent together, none is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccessKeyRefusal {
    /// More keys of one scope than there may be.
    TooMany {
        /// Which scope.
        scope: AccessKeyScope,
        /// How many there would be.
        given: usize,
        /// How many there may be.
        limit: usize,
    },
    /// The anonymous principal is everybody.
    Anonymous,
    /// The management canister never calls.
    ManagementCanister,
    /// A principal whose key is known to have leaked.
    Revoked(Principal),
    /// An Admin key that expires: controllers of a canister don't.
    AdminWithExpiry {
        /// When it would.
        expires_at: u64,
    },
    /// A key that has expired already.
    ExpiryInPast {
        /// When it did.
        expires_at: u64,
        /// What time it is.
        now: u64,
    },
    /// The key can't be written to memory.
    Unstorable(RecordError),
}

impl fmt::Display for AccessKeyRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany {
                scope,
                given,
                limit,
            } => write!(
                f,
                "There would be {given} access keys of scope {scope:?}, at most {limit} may be: \
                 delete one first."
            ),
            Self::Anonymous => write!(f, "The anonymous principal can't be an access key."),
            Self::ManagementCanister => {
                write!(f, "The management canister can't be an access key.")
            }
            Self::Revoked(principal) => write!(
                f,
                "The key of {principal} has leaked, it can't be an access key: use another."
            ),
            Self::AdminWithExpiry { expires_at } => write!(
                f,
                "An Admin key can't expire, at {expires_at}: leave the expiry out."
            ),
            Self::ExpiryInPast { expires_at, now } => write!(
                f,
                "The key would have expired at {expires_at}, it is {now} now: choose a later expiry."
            ),
            Self::Unstorable(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for AccessKeyRefusal {}

impl From<RecordError> for AccessKeyRefusal {
    fn from(error: RecordError) -> Self {
        Self::Unstorable(error)
    }
}

impl Record for AccessKey {
    const TABLE: u8 = 2;
    const FORMAT: u8 = 1;
}

impl AccessKey {
    /// Whether it is valid at the instant `now`. An Admin key always is; any other until its expiry,
    /// that instant included.
    pub fn is_valid(&self, now: u64) -> bool {
        self.scope == AccessKeyScope::Admin
            || self.expires_at.is_none_or(|expires_at| now <= expires_at)
    }
}

/// All access keys.
pub(crate) struct AccessKeys {
    keys: Table<AccessKey>,
}

impl AccessKeys {
    pub(crate) fn load<M: Memory>(records: &Records<M>) -> Result<Self, RecordError> {
        Ok(Self {
            keys: Table::load(records)?,
        })
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Principal, &AccessKey)> {
        self.keys.iter()
    }

    /// Gives all of `principals` the same key, or none of them if a rule is broken. A key that exists is
    /// overwritten and keeps its created_at. Checks how many, then who, then the expiry.
    pub(crate) fn set<M: Memory>(
        &mut self,
        records: &mut Records<M>,
        principals: &[Principal],
        key: &SetAccessKey,
        now: u64,
    ) -> Result<(), AccessKeyRefusal> {
        let principals: BTreeSet<Principal> = principals.iter().copied().collect();
        self.check_number(&principals, key.scope)?;
        principals.iter().try_for_each(check_principal)?;
        check_expiry(key, now)?;
        let keys = principals
            .into_iter()
            .map(|principal| (principal, stored(self.keys.get(&principal), key, now)))
            .collect();
        Ok(self.keys.put_all(records, keys)?)
    }

    /// Deletes keys; one that doesn't exist is deleted already.
    pub(crate) fn delete<M: Memory>(&mut self, records: &mut Records<M>, principals: &[Principal]) {
        for principal in principals {
            self.keys.remove(records, principal);
        }
    }

    pub(crate) fn may_write(&self, caller: &Principal, now: u64) -> bool {
        *caller != Principal::anonymous()
            && self
                .keys
                .get(caller)
                .is_some_and(|key| key.scope != AccessKeyScope::Submit && key.is_valid(now))
    }

    pub(crate) fn may_admin(&self, caller: &Principal, is_controller: bool) -> bool {
        is_controller
            && *caller != Principal::anonymous()
            && self
                .keys
                .get(caller)
                .is_some_and(|key| key.scope == AccessKeyScope::Admin)
    }

    /// Each scope is counted on its own; a key that changes its scope counts as new in the one it gets.
    fn check_number(
        &self,
        principals: &BTreeSet<Principal>,
        scope: AccessKeyScope,
    ) -> Result<(), AccessKeyRefusal> {
        let others = self
            .iter()
            .filter(|(principal, key)| key.scope == scope && !principals.contains(principal))
            .count();
        let given = others + principals.len();
        let limit = match scope {
            AccessKeyScope::Admin => MAX_ADMIN_KEYS,
            AccessKeyScope::Write | AccessKeyScope::Submit => MAX_OTHER_KEYS,
        };
        if given > limit {
            return Err(AccessKeyRefusal::TooMany {
                scope,
                given,
                limit,
            });
        }
        Ok(())
    }
}

fn check_principal(principal: &Principal) -> Result<(), AccessKeyRefusal> {
    if *principal == Principal::anonymous() {
        Err(AccessKeyRefusal::Anonymous)
    } else if *principal == Principal::management_canister() {
        Err(AccessKeyRefusal::ManagementCanister)
    } else if principal.to_text() == REVOKED {
        Err(AccessKeyRefusal::Revoked(*principal))
    } else {
        Ok(())
    }
}

fn check_expiry(key: &SetAccessKey, now: u64) -> Result<(), AccessKeyRefusal> {
    match key.expires_at {
        Some(expires_at) if key.scope == AccessKeyScope::Admin => {
            Err(AccessKeyRefusal::AdminWithExpiry { expires_at })
        }
        Some(expires_at) if expires_at < now => {
            Err(AccessKeyRefusal::ExpiryInPast { expires_at, now })
        }
        _ => Ok(()),
    }
}

fn stored(current: Option<&AccessKey>, key: &SetAccessKey, now: u64) -> AccessKey {
    AccessKey {
        metadata: key.metadata.clone(),
        kind: key.kind,
        scope: key.scope,
        created_at: current.map_or(now, |current| current.created_at),
        updated_at: now,
        expires_at: key.expires_at,
    }
}
