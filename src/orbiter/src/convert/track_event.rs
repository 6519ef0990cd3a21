//! Custom events.

use super::{Json, Wire, digits};
use candid::Principal;
use engine::{Entry, SetEntry, TrackEvent};
use wire::json::{self, BigInt, Key, Metadata};

impl Wire for TrackEvent {
    type Set = wire::SetTrackEvent;
    type Stored = wire::TrackEvent;

    fn set_entry(set: wire::SetTrackEvent) -> SetEntry<Self> {
        SetEntry {
            satellite_id: set.satellite_id,
            session_id: set.session_id,
            version: set.version,
            body: TrackEvent {
                name: set.name,
                metadata: set.metadata,
            },
        }
    }

    fn stored(entry: Entry<Self>) -> wire::TrackEvent {
        wire::TrackEvent {
            name: entry.body.name,
            metadata: entry.body.metadata,
            satellite_id: entry.satellite_id,
            session_id: entry.session_id,
            created_at: entry.created_at,
            updated_at: entry.updated_at,
            version: Some(entry.version),
        }
    }
}

impl Json for TrackEvent {
    type One = json::SetTrackEventRequest;
    type Many = json::SetTrackEventsRequest;
    type JsonSet = json::SetTrackEvent;
    type JsonStored = json::TrackEvent;

    fn one(body: Self::One) -> (String, (Key, Self::JsonSet)) {
        (body.satellite_id, (body.key, body.track_event))
    }

    fn many(body: Self::Many) -> (String, impl Iterator<Item = (Key, Self::JsonSet)>) {
        let entries = body.track_events.into_iter();
        (
            body.satellite_id,
            entries.map(|entry| (entry.key, entry.track_event)),
        )
    }

    fn from_json(set: json::SetTrackEvent, satellite_id: Principal) -> wire::SetTrackEvent {
        wire::SetTrackEvent {
            name: set.name,
            metadata: set.metadata.map(|pairs| pairs.0),
            user_agent: set.user_agent,
            satellite_id,
            session_id: set.session_id,
            updated_at: set.updated_at.map(digits),
            version: set.version.map(digits),
        }
    }

    fn into_json(stored: wire::TrackEvent, satellite_id: String) -> json::TrackEvent {
        json::TrackEvent {
            name: stored.name,
            metadata: stored.metadata.map(Metadata),
            satellite_id,
            session_id: stored.session_id,
            created_at: BigInt(stored.created_at),
            updated_at: BigInt(stored.updated_at),
            version: stored.version.map(BigInt),
        }
    }
}
