//! Setting and reading entries of any kind: what all six writing and three reading methods share.

use crate::convert::{self, Wire};
use crate::messages;
use engine::{BatchTooLarge, Budget, Orbiter, QueryRefusal};
use ic_stable_structures::Memory;
use wire::{AnalyticKey, GetAnalytics, SetManyResult, SetOneResult};

/// Stores one entry and gives it as stored, or the reason why it is not.
pub fn set_one<K: Wire, M: Memory>(
    orbiter: &mut Orbiter<M>,
    now: u64,
    key: AnalyticKey,
    entry: K::Set,
) -> SetOneResult<K::Stored> {
    orbiter
        .set(&convert::key(key), K::set_entry(entry), now)
        .map(K::stored)
        .map_err(|refusal| messages::entry(&refusal))
}

/// Stores the good entries of a batch and lists the others.
///
/// # Errors
/// [`BatchTooLarge`]; nothing is stored then.
pub fn set_many<K: Wire, M: Memory>(
    orbiter: &mut Orbiter<M>,
    now: u64,
    entries: Vec<(AnalyticKey, K::Set)>,
) -> Result<SetManyResult, BatchTooLarge> {
    let entries = entries
        .into_iter()
        .map(|(key, entry)| (convert::key(key), K::set_entry(entry)))
        .collect();
    let refused = orbiter.set_many(entries, now)?;
    if refused.is_empty() {
        return Ok(Ok(()));
    }
    let refused = refused
        .into_iter()
        .map(|(key, refusal)| (convert::wire_key(key), messages::entry(&refusal)))
        .collect();
    Ok(Err(refused))
}

/// The entries of a range, in the order of their keys.
///
/// # Errors
/// [`QueryRefusal`] when they are more than one query or reply can take.
pub fn get<K: Wire, M: Memory>(
    orbiter: &Orbiter<M>,
    budget: &mut Budget<'_>,
    of: GetAnalytics,
) -> Result<Vec<(AnalyticKey, K::Stored)>, QueryRefusal> {
    let entries = orbiter.entries::<K>(&convert::range(of), budget)?;
    Ok(entries
        .into_iter()
        .map(|(key, entry)| (convert::wire_key(key), K::stored(entry)))
        .collect())
}
