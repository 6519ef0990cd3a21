//! The keys of the map that holds the entries.
//!
//! An entry has two of them, so that one satellite's entries lie side by side, and a key is unique across
//! satellites all the same:
//!
//! ```text
//! row    : 0x01 | kind (u8) | satellite length (u8) | satellite | collected_at (u64, big-endian) | key
//! owner  : 0x02 | kind (u8) | collected_at (u64, big-endian) | key
//! ```
//!
//! The value of a row is drawn in `store/row.rs`; that of an owner is the satellite's bytes. Keys are ordered
//! as bytes: the rows of a kind and satellite by instant, then by the key's text.

use super::row::RowError;
use crate::entry::AnalyticKey;
use crate::kinds::KindName;
use ic_principal::Principal;

const ROW: u8 = 0x01;
const OWNER: u8 = 0x02;

/// Where a row of `kind` is.
pub(super) fn row(kind: KindName, satellite_id: &Principal, key: &AnalyticKey) -> Vec<u8> {
    let mut bytes = row_prefix(kind, satellite_id, key.collected_at);
    bytes.extend(key.key.as_bytes());
    bytes
}

/// Before the first row of `kind` and satellite collected at `collected_at` or later.
pub(super) fn row_prefix(kind: KindName, satellite_id: &Principal, collected_at: u64) -> Vec<u8> {
    let mut bytes = satellite_prefix(kind, satellite_id);
    bytes.extend(collected_at.to_be_bytes());
    bytes
}

/// After the last row of `kind` and satellite.
pub(super) fn after_satellite(kind: KindName, satellite_id: &Principal) -> Vec<u8> {
    let mut bytes = row_prefix(kind, satellite_id, u64::MAX);
    // No UTF-8 begins with this byte, so that it follows every key's text.
    bytes.push(0xFF);
    bytes
}

/// Before the first row of `kind`.
pub(super) fn kind_prefix(kind: KindName) -> Vec<u8> {
    vec![ROW, kind as u8]
}

/// After the last row of `kind`.
pub(super) fn after_kind(kind: KindName) -> Vec<u8> {
    vec![ROW, kind as u8 + 1]
}

/// Where the satellite of a key is.
pub(super) fn owner(kind: KindName, key: &AnalyticKey) -> Vec<u8> {
    let mut bytes = vec![OWNER, kind as u8];
    bytes.extend(key.collected_at.to_be_bytes());
    bytes.extend(key.key.as_bytes());
    bytes
}

fn satellite_prefix(kind: KindName, satellite_id: &Principal) -> Vec<u8> {
    let satellite = satellite_id.as_slice();
    let mut bytes = Vec::with_capacity(3 + satellite.len() + 8 + crate::limits::KEY);
    bytes.extend([ROW, kind as u8, satellite.len() as u8]);
    bytes.extend(satellite);
    bytes
}

/// What the key of a row says, borrowed from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RowKey<'a> {
    /// The satellite's bytes.
    pub satellite: &'a [u8],
    /// Instant and text, in the form that orders them as bytes.
    pub order: &'a [u8],
}

impl<'a> RowKey<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, RowError> {
        let [ROW, _kind, length, rest @ ..] = bytes else {
            return Err(RowError::BadKey);
        };
        let (satellite, order) = rest
            .split_at_checked((*length).into())
            .ok_or(RowError::BadKey)?;
        if order.len() < 8 {
            return Err(RowError::BadKey);
        }
        Ok(Self { satellite, order })
    }

    /// When the entry was collected.
    pub(super) fn collected_at(&self) -> u64 {
        self.order
            .first_chunk()
            .map_or(0, |bytes| u64::from_be_bytes(*bytes))
    }

    pub(super) fn analytic_key(&self) -> Result<AnalyticKey, RowError> {
        Ok(AnalyticKey {
            collected_at: self.collected_at(),
            key: super::row::owned(self.order.get(8..).unwrap_or_default())?,
        })
    }

    pub(super) fn satellite_id(&self) -> Result<Principal, RowError> {
        Principal::try_from_slice(self.satellite).map_err(|_| RowError::BadKey)
    }
}
