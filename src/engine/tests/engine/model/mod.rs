//! A naive orbiter: all entries in a map, every rule and every answer as plainly as the public interface says
//! them. It has no index, no row, no segment, and takes no text apart with the engine's help.

pub mod answers;
mod calendar;
pub mod tables;
mod url;

use engine::{
    AnalyticKey, Entry, EntryRange, Kind, KindName, PageView, PerformanceMetric, Refusal, SetEntry,
    TrackEvent, VersionRefusal,
};
use ic_principal::Principal;
use std::collections::BTreeMap;

/// The entries of one kind, by instant and then by the text of their key.
pub type Entries<B> = BTreeMap<(u64, String), Entry<B>>;

/// Everything an orbiter holds.
#[derive(Clone, Default)]
pub struct Model {
    /// Which kinds each satellite may send: page views, track events, performance metrics.
    pub features: BTreeMap<Principal, [bool; 3]>,
    pub page_views: Entries<PageView>,
    pub track_events: Entries<TrackEvent>,
    pub performance_metrics: Entries<PerformanceMetric>,
}

/// What the model knows of a kind.
pub trait Told: Kind {
    /// Its place among the features of a satellite.
    const FEATURE: usize;

    fn all(model: &Model) -> &Entries<Self>;

    fn all_mut(model: &mut Model) -> &mut Entries<Self>;

    /// The first number of it that isn't finite, and what the engine calls that number.
    fn not_finite(&self) -> Option<(&'static str, f64)> {
        None
    }
}

impl Told for PageView {
    const FEATURE: usize = 0;

    fn all(model: &Model) -> &Entries<Self> {
        &model.page_views
    }

    fn all_mut(model: &mut Model) -> &mut Entries<Self> {
        &mut model.page_views
    }
}

impl Told for TrackEvent {
    const FEATURE: usize = 1;

    fn all(model: &Model) -> &Entries<Self> {
        &model.track_events
    }

    fn all_mut(model: &mut Model) -> &mut Entries<Self> {
        &mut model.track_events
    }
}

impl Told for PerformanceMetric {
    const FEATURE: usize = 2;

    fn all(model: &Model) -> &Entries<Self> {
        &model.performance_metrics
    }

    fn all_mut(model: &mut Model) -> &mut Entries<Self> {
        &mut model.performance_metrics
    }

    fn not_finite(&self) -> Option<(&'static str, f64)> {
        [
            ("Performance metric value", self.data.value),
            ("Performance metric delta", self.data.delta),
        ]
        .into_iter()
        .find(|(_, number)| !number.is_finite())
    }
}

impl Model {
    /// Stores an entry or says which rule it breaks. Of the limits it knows that of session ids alone.
    pub fn set<B: Told>(
        &mut self,
        key: &AnalyticKey,
        given: &SetEntry<B>,
        now: u64,
    ) -> Result<Entry<B>, Refusal> {
        let features = self.features.get(&given.satellite_id);
        if !features.is_some_and(|features| features[B::FEATURE]) {
            let kind = [
                KindName::PageView,
                KindName::TrackEvent,
                KindName::PerformanceMetric,
            ][B::FEATURE];
            return Err(Refusal::FeatureDisabled(kind));
        }
        let bytes = given.session_id.len();
        if bytes > 36 {
            return Err(Refusal::SessionIdTooLong { bytes });
        }
        if let Some((subject, value)) = given.body.not_finite() {
            return Err(Refusal::NotFinite { subject, value });
        }
        let entries = B::all_mut(self);
        let place = (key.collected_at, key.key.clone());
        let current = entries.get(&place);
        if let Some(current) = current {
            check_overwrite(current, given)?;
        }
        let stored = Entry {
            satellite_id: given.satellite_id,
            session_id: given.session_id.clone(),
            created_at: current.map_or(now, |current| current.created_at),
            updated_at: now,
            version: current.map_or(1, |current| current.version + 1),
            body: given.body.clone(),
        };
        entries.insert(place, stored.clone());
        Ok(stored)
    }

    /// The entries of a range, in the order of their keys.
    pub fn range<B: Told>(&self, range: &EntryRange) -> Vec<(AnalyticKey, Entry<B>)> {
        B::all(self)
            .iter()
            .filter(|((collected_at, _), entry)| {
                range.satellite_id.is_none_or(|id| id == entry.satellite_id)
                    && range.from.is_none_or(|from| *collected_at >= from)
                    && range.to.is_none_or(|to| *collected_at < to)
            })
            .map(|((collected_at, key), entry)| {
                let (collected_at, key) = (*collected_at, key.clone());
                (AnalyticKey { collected_at, key }, entry.clone())
            })
            .collect()
    }

    /// The instants of all entries of all kinds, in order, each once.
    pub fn instants(&self) -> Vec<u64> {
        fn of<B>(entries: &Entries<B>) -> impl Iterator<Item = u64> {
            entries.keys().map(|(collected_at, _)| *collected_at)
        }
        let mut instants: Vec<_> = of(&self.page_views)
            .chain(of(&self.track_events))
            .chain(of(&self.performance_metrics))
            .collect();
        instants.sort_unstable();
        instants.dedup();
        instants
    }
}

fn check_overwrite<B>(current: &Entry<B>, given: &SetEntry<B>) -> Result<(), Refusal> {
    match (current.version, given.version) {
        (current, Some(given)) if current == given => {}
        (current, None) => return Err(VersionRefusal::NotProvided { current }.into()),
        (current, Some(given)) => {
            return Err(VersionRefusal::OutdatedOrFuture { current, given }.into());
        }
    }
    if current.session_id != given.session_id {
        return Err(Refusal::OtherSession {
            current: current.session_id.clone(),
            given: given.session_id.clone(),
        });
    }
    if current.satellite_id != given.satellite_id {
        return Err(Refusal::OtherSatellite {
            current: current.satellite_id,
            given: given.satellite_id,
        });
    }
    Ok(())
}
