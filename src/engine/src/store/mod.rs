//! Where entries live. Callers see keys, entries and rows, never the map behind them: its place will be
//! taken by a log of fresh entries and columnar segments.

mod key;
mod merge;
mod row;

pub use row::{Row, RowError, RowReader, RowWriter};
pub(crate) use row::{owned, utf8};

use crate::budget::{Budget, QueryRefusal};
use crate::entry::{AnalyticKey, Entry, EntryRange};
use crate::kinds::{Kind, KindName};
use ic_principal::Principal;
use ic_stable_structures::{Memory, StableBTreeMap};
use key::RowKey;

type Map<M> = StableBTreeMap<Vec<u8>, Vec<u8>, M>;

/// The entries of all kinds.
pub(crate) struct Entries<M: Memory> {
    map: Map<M>,
}

/// A stored entry that a scan passes by.
pub struct Stored<'a, K: Kind> {
    key: RowKey<'a>,
    row: Row<'a, K>,
    row_bytes: usize,
}

impl<'a, K: Kind> Stored<'a, K> {
    /// When it was collected, in nanoseconds since 1970, UTC.
    pub fn collected_at(&self) -> u64 {
        self.key.collected_at()
    }

    /// What is stored.
    pub fn row(&self) -> &Row<'a, K> {
        &self.row
    }

    /// The bytes of key, satellite and row together. With [`REPLY_OVERHEAD`] more bytes the entry fits a reply.
    pub(crate) fn bytes(&self) -> usize {
        self.key.satellite.len() + self.key.order.len() + self.row_bytes
    }

    /// Copies it out.
    pub(crate) fn to_entry(&self) -> Result<(AnalyticKey, Entry<K>), RowError> {
        Ok((
            self.key.analytic_key()?,
            self.row.to_entry(self.key.satellite_id()?)?,
        ))
    }
}

/// How many bytes an entry may take in a Candid reply beyond those of its key, satellite and row: presence
/// bytes of up to 13 optional fields, 8-byte numbers (created_at is one here too, updated_at and version
/// are not) and lengths of key and satellite.
pub(crate) const REPLY_OVERHEAD: usize = 48;

impl<M: Memory> Entries<M> {
    pub(crate) fn open(memory: M) -> Self {
        Self {
            map: Map::init(memory),
        }
    }

    /// The entry under `key`, of whichever satellite.
    pub(crate) fn get<K: Kind>(&self, key: &AnalyticKey) -> Result<Option<Entry<K>>, RowError> {
        let Some(owner) = self.map.get(&key::owner(K::NAME, key)) else {
            return Ok(None);
        };
        let satellite_id = Principal::try_from_slice(&owner).map_err(|_| RowError::BadKey)?;
        let bytes = self
            .map
            .get(&key::row(K::NAME, &satellite_id, key))
            .ok_or(RowError::Missing)?;
        Row::<K>::decode(&bytes)?.to_entry(satellite_id).map(Some)
    }

    /// Stores `entry` under `key`, in the place of the one there, which must be of the same satellite.
    pub(crate) fn put<K: Kind>(&mut self, key: &AnalyticKey, entry: &Entry<K>) {
        let row_key = key::row(K::NAME, &entry.satellite_id, key);
        if self.map.insert(row_key, row::encode(entry)).is_none() {
            let owner = entry.satellite_id.as_slice().to_vec();
            self.map.insert(key::owner(K::NAME, key), owner);
        }
    }

    /// Shows every entry of `range` to `visit`, ordered by key; entries of several satellites that have the
    /// same instant and text can't be, keys being unique.
    pub(crate) fn scan<K: Kind>(
        &self,
        range: &EntryRange,
        budget: &mut Budget<'_>,
        mut visit: impl FnMut(&Stored<'_, K>, &mut Budget<'_>) -> Result<(), QueryRefusal>,
    ) -> Result<(), QueryRefusal> {
        if range.is_empty() {
            return Ok(());
        }
        let satellites = match range.satellite_id {
            Some(satellite_id) => vec![satellite_id],
            None => self.satellites(K::NAME, budget)?,
        };
        let runs = satellites.iter().map(|satellite_id| {
            let from = key::row_prefix(K::NAME, satellite_id, range.from.unwrap_or(0));
            let to = match range.to {
                Some(to) => key::row_prefix(K::NAME, satellite_id, to),
                None => key::after_satellite(K::NAME, satellite_id),
            };
            self.map.range(from..to)
        });
        merge::by_key(runs.collect(), budget, |entry, budget| {
            let unreadable = |error| unreadable(entry.key(), error);
            let bytes = entry.value();
            let key = RowKey::parse(entry.key()).map_err(unreadable)?;
            let row = Row::decode(&bytes).map_err(unreadable)?;
            visit(
                &Stored {
                    key,
                    row,
                    row_bytes: bytes.len(),
                },
                budget,
            )
        })
    }

    /// Every satellite that has an entry of `kind`: one look into the map for each.
    fn satellites(
        &self,
        kind: KindName,
        budget: &mut Budget<'_>,
    ) -> Result<Vec<Principal>, QueryRefusal> {
        let mut satellites = Vec::new();
        let mut from = key::kind_prefix(kind);
        while let Some(entry) = self.map.range(from..key::after_kind(kind)).next() {
            budget.check()?;
            let satellite_id = RowKey::parse(entry.key())
                .and_then(|key| key.satellite_id())
                .map_err(|error| unreadable(entry.key(), error))?;
            satellites.push(satellite_id);
            from = key::after_satellite(kind, &satellite_id);
        }
        Ok(satellites)
    }
}

/// `error`, said of the row under the map's `key`.
pub(crate) fn unreadable(key: &[u8], error: RowError) -> QueryRefusal {
    let key = RowKey::parse(key).and_then(|key| key.analytic_key()).ok();
    QueryRefusal::Unreadable { key, error }
}
