//! The entries of layout 1: one B-tree map of rows. They are read once, when a later release finds them.
//!
//! ```text
//! row    : 0x01 | kind (u8) | satellite length (u8) | satellite | collected_at (u64, big-endian) | key
//! owner  : 0x02 | kind (u8) | collected_at (u64, big-endian) | key
//! ```
//!
//! The value of a row is drawn in `row.rs`; that of an owner is the satellite's bytes, which the rows tell too.

use super::{Entries, Row, RowError, StoreError, owned};
use crate::entry::{AnalyticKey, Entry};
use crate::kinds::{Kind, KindName, PageView, PerformanceMetric, TrackEvent};
use ic_principal::Principal;
use ic_stable_structures::{Memory, StableBTreeMap};

const ROW: u8 = 0x01;

/// Takes all entries of layout 1 out of `memory` and stores them as this layout does. A few million of them
/// fit the 300 billion instructions of an upgrade; layout 1 couldn't answer questions about as many.
pub(crate) fn migrate<M: Memory>(memory: M, entries: &mut Entries<M>) -> Result<(), StoreError> {
    let mut map: StableBTreeMap<Vec<u8>, Vec<u8>, M> = StableBTreeMap::init(memory);
    for entry in map.range(vec![ROW]..vec![ROW + 1]) {
        let (kind, satellite_id, key) = parse(entry.key()).map_err(StoreError::Row)?;
        let row = entry.value();
        match kind {
            KindName::PageView => store::<PageView, M>(entries, satellite_id, &key, &row),
            KindName::TrackEvent => store::<TrackEvent, M>(entries, satellite_id, &key, &row),
            KindName::PerformanceMetric => {
                store::<PerformanceMetric, M>(entries, satellite_id, &key, &row)
            }
        }?;
    }
    map.clear_new();
    Ok(())
}

fn store<K: Kind, M: Memory>(
    entries: &mut Entries<M>,
    satellite_id: Principal,
    key: &AnalyticKey,
    row: &[u8],
) -> Result<(), StoreError> {
    let entry: Entry<K> = Row::<K>::decode(row)
        .and_then(|row| row.to_entry(satellite_id))
        .map_err(StoreError::Row)?;
    // All of their sessions are over.
    entries.make_room(u64::MAX).map_err(|_| StoreError::Full)?;
    entries.put(key, &entry, None).map_err(|_| StoreError::Full)
}

fn parse(bytes: &[u8]) -> Result<(KindName, Principal, AnalyticKey), RowError> {
    let [ROW, kind, length, rest @ ..] = bytes else {
        return Err(RowError::BadKey);
    };
    let (satellite, rest) = rest
        .split_at_checked((*length).into())
        .ok_or(RowError::BadKey)?;
    let (collected_at, key) = rest.split_first_chunk().ok_or(RowError::BadKey)?;
    Ok((
        KindName::from_number(*kind).ok_or(RowError::BadKey)?,
        Principal::try_from_slice(satellite).map_err(|_| RowError::BadKey)?,
        AnalyticKey {
            collected_at: u64::from_be_bytes(*collected_at),
            key: owned(key)?,
        },
    ))
}
