//! Between the shapes that clients see (`wire`) and the domain (`engine`), in both directions.
//!
//! One file per theme. A kind of entry has one file that names its fields on both sides; everything that
//! is the same for all kinds is written once over the traits [`Wire`] and [`Json`].

mod access_keys;
mod aggregates;
mod page_view;
mod performance_metric;
mod satellites;
mod storage;
mod track_event;

pub use access_keys::{access_key, set_access_key};
pub use aggregates::{clients, event_totals, metrics, top_10, web_vitals};
pub use satellites::{satellite_config, set_satellite_config};
pub use storage::{segment_summary, storage_overview};

use candid::Principal;
use engine::{AnalyticKey, Entry, EntryRange, Kind, SetEntry};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wire::json::{BigInt, Key};

/// A kind of entry in Candid.
pub trait Wire: Kind {
    /// What a client sets.
    type Set;
    /// What a client reads back.
    type Stored;

    /// What a client sets, for the engine.
    fn set_entry(set: Self::Set) -> SetEntry<Self>;

    /// What the engine stores, for a client.
    fn stored(entry: Entry<Self>) -> Self::Stored;
}

/// A kind of entry in JSON. Its bodies become those of Candid, and take that way from there.
pub trait Json: Wire {
    /// Body of the route for one entry.
    type One: DeserializeOwned;
    /// Body of the route for a batch.
    type Many: DeserializeOwned;
    /// What a client sets.
    type JsonSet;
    /// What a client reads back.
    type JsonStored: Serialize;

    /// The parts of a body with one entry.
    fn one(body: Self::One) -> (String, (Key, Self::JsonSet));

    /// The parts of a body with a batch.
    fn many(body: Self::Many) -> (String, impl Iterator<Item = (Key, Self::JsonSet)>);

    /// What a client sets, with the satellite that the body names once.
    fn from_json(set: Self::JsonSet, satellite_id: Principal) -> Self::Set;

    /// What a client reads back. `satellite_id` is the text of the principal, which costs more to write than the
    /// rest: whoever read the entry from a body has it already.
    fn into_json(stored: Self::Stored, satellite_id: String) -> Self::JsonStored;
}

/// A key in Candid, for the engine.
pub fn key(key: wire::AnalyticKey) -> AnalyticKey {
    AnalyticKey {
        collected_at: key.collected_at,
        key: key.key,
    }
}

/// A key of the engine, for a client.
pub fn wire_key(key: AnalyticKey) -> wire::AnalyticKey {
    wire::AnalyticKey {
        collected_at: key.collected_at,
        key: key.key,
    }
}

/// A key in JSON, for the engine.
pub fn json_key(key: Key) -> AnalyticKey {
    AnalyticKey {
        collected_at: key.collected_at.0,
        key: key.key,
    }
}

/// The entries a query is about, for the engine.
pub fn range(of: wire::GetAnalytics) -> EntryRange {
    EntryRange {
        satellite_id: of.satellite_id,
        from: of.from,
        to: of.to,
    }
}

fn digits(number: BigInt) -> u64 {
    number.0
}
