//! All entries in a list, and the rules of writing as plainly as can be.

use engine::{AnalyticKey, Entry, EntryRange, Kind, Refusal, SetEntry, VersionRefusal};
use ic_principal::Principal;
use std::collections::BTreeMap;

/// Which kinds each satellite may send, at the index that is the kind's number less 1.
pub type FeaturesOf = BTreeMap<Principal, [bool; 3]>;

/// The entries of one kind, in any order.
pub struct List<B>(pub Vec<(AnalyticKey, Entry<B>)>);

impl<B: Kind> List<B> {
    pub fn set(
        &mut self,
        features: &FeaturesOf,
        key: &AnalyticKey,
        entry: &SetEntry<B>,
        is_finite: bool,
        now: u64,
    ) -> Result<Entry<B>, Refusal> {
        if !features
            .get(&entry.satellite_id)
            .is_some_and(|kinds| kinds[B::NAME as usize - 1])
        {
            return Err(Refusal::FeatureDisabled(B::NAME));
        }
        if entry.session_id.len() > 36 {
            return Err(Refusal::SessionIdTooLong {
                bytes: entry.session_id.len(),
            });
        }
        if !is_finite {
            return Err(Refusal::NotFinite {
                subject: "Performance metric value",
                value: f64::NAN,
            });
        }
        let current = self.0.iter().position(|(other, _)| other == key);
        if let Some(at) = current {
            check_overwrite(&self.0[at].1, entry)?;
        }
        let current_entry = current.map(|at| &self.0[at].1);
        let stored = Entry {
            satellite_id: entry.satellite_id,
            session_id: entry.session_id.clone(),
            created_at: current_entry.map_or(now, |current| current.created_at),
            updated_at: now,
            version: current_entry.map_or(1, |current| current.version + 1),
            body: entry.body.clone(),
        };
        match current {
            Some(at) => self.0[at].1 = stored.clone(),
            None => self.0.push((key.clone(), stored.clone())),
        }
        Ok(stored)
    }

    pub fn range(&self, range: &EntryRange) -> Vec<(AnalyticKey, Entry<B>)> {
        let mut entries = self.0.clone();
        entries.retain(|(key, entry)| {
            range.satellite_id.is_none_or(|id| id == entry.satellite_id)
                && range.from.is_none_or(|from| key.collected_at >= from)
                && range.to.is_none_or(|to| key.collected_at < to)
        });
        entries.sort_by(|(a, _), (b, _)| {
            a.collected_at
                .cmp(&b.collected_at)
                .then_with(|| a.key.as_bytes().cmp(b.key.as_bytes()))
        });
        entries
    }
}

fn check_overwrite<B: Kind>(current: &Entry<B>, given: &SetEntry<B>) -> Result<(), Refusal> {
    let stored = current.version;
    match given.version {
        Some(version) if version == stored => {}
        None => {
            return Err(Refusal::Version(VersionRefusal::NotProvided {
                current: stored,
            }));
        }
        Some(given) => {
            let refusal = VersionRefusal::OutdatedOrFuture {
                current: stored,
                given,
            };
            return Err(Refusal::Version(refusal));
        }
    }
    if current.session_id != given.session_id {
        let (current, given) = (current.session_id.clone(), given.session_id.clone());
        return Err(Refusal::OtherSession { current, given });
    }
    if current.satellite_id != given.satellite_id {
        let (current, given) = (current.satellite_id, given.satellite_id);
        return Err(Refusal::OtherSatellite { current, given });
    }
    Ok(())
}
