//! The peer's rows, and their CBOR: maps by field names, as serde derives them.

use crate::spelling::{metric_name, navigation_type};
use engine::{SetEntry, kinds};
use ic_principal::Principal;
use ic_stable_structures::storable::{Bound, Storable};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A kind's fields.
pub(super) trait Row: Serialize + DeserializeOwned {}

impl<T: Serialize + DeserializeOwned> Row for T {}

/// A row as it is stored: the kind's fields among those of every entry.
#[derive(Serialize, Deserialize)]
pub(super) struct Stored<B> {
    #[serde(flatten)]
    pub body: B,
    pub satellite_id: Principal,
    pub session_id: String,
    pub created_at: u64,
    pub updated_at: u64,
    pub version: Option<u64>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct PageView {
    pub title: String,
    pub href: String,
    pub referrer: Option<String>,
    pub device: Device,
    pub time_zone: String,
    pub user_agent: Option<String>,
    pub client: Option<Client>,
    pub campaign: Option<Campaign>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Device {
    pub inner_width: u16,
    pub inner_height: u16,
    pub screen_width: Option<u16>,
    pub screen_height: Option<u16>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Client {
    pub browser: String,
    pub os: String,
    pub device: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Campaign {
    pub utm_source: String,
    pub utm_medium: Option<String>,
    pub utm_campaign: Option<String>,
    pub utm_term: Option<String>,
    pub utm_content: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct TrackEvent {
    pub name: String,
    pub metadata: Option<Vec<(String, String)>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct PerformanceMetric {
    pub href: String,
    pub metric_name: String,
    pub data: WebVital,
}

#[derive(Serialize, Deserialize)]
pub(super) struct WebVital {
    pub value: f64,
    pub delta: f64,
    pub id: String,
    pub navigation_type: Option<String>,
}

fn stored<B, K>(entry: SetEntry<K>, body: impl FnOnce(K) -> B) -> Stored<B> {
    Stored {
        body: body(entry.body),
        satellite_id: entry.satellite_id,
        session_id: entry.session_id,
        created_at: 0,
        updated_at: 0,
        version: entry.version,
    }
}

/// The row of a page view; its version is the one that it overwrites, its instants are not yet known.
pub(super) fn page_view(entry: SetEntry<kinds::PageView>) -> Stored<PageView> {
    stored(entry, |view| PageView {
        title: view.title,
        href: view.href,
        referrer: view.referrer,
        device: Device {
            inner_width: view.device.inner_width,
            inner_height: view.device.inner_height,
            screen_width: view.device.screen_width,
            screen_height: view.device.screen_height,
        },
        time_zone: view.time_zone,
        user_agent: view.user_agent,
        client: view.client.map(|client| Client {
            browser: client.browser,
            os: client.os,
            device: client.device,
        }),
        campaign: view.campaign.map(|campaign| Campaign {
            utm_source: campaign.utm_source,
            utm_medium: campaign.utm_medium,
            utm_campaign: campaign.utm_campaign,
            utm_term: campaign.utm_term,
            utm_content: campaign.utm_content,
        }),
    })
}

/// The row of a track event, likewise.
pub(super) fn track_event(entry: SetEntry<kinds::TrackEvent>) -> Stored<TrackEvent> {
    stored(entry, |event| TrackEvent {
        name: event.name,
        metadata: event.metadata,
    })
}

/// The row of a performance metric, likewise.
pub(super) fn performance_metric(
    entry: SetEntry<kinds::PerformanceMetric>,
) -> Stored<PerformanceMetric> {
    stored(entry, |metric| PerformanceMetric {
        href: metric.href,
        metric_name: metric_name(metric.metric_name).to_owned(),
        data: WebVital {
            value: metric.data.value,
            delta: metric.data.delta,
            id: metric.data.id,
            navigation_type: metric
                .data
                .navigation_type
                .map(|it| navigation_type(it).to_owned()),
        },
    })
}

/// A row's bytes.
#[derive(Clone, Debug)]
pub(super) struct Cbor(Vec<u8>);

impl Cbor {
    pub(super) fn encode<T: Serialize>(row: &T) -> Self {
        let mut bytes = Vec::new();
        // Writing into a Vec fails only for a type that serde can't describe; there is none here.
        if ciborium::into_writer(row, &mut bytes).is_err() {
            bytes.clear();
        }
        Self(bytes)
    }

    /// None where the bytes are no such row.
    pub(super) fn decode<T: DeserializeOwned>(&self) -> Option<T> {
        ciborium::from_reader(self.0.as_slice()).ok()
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl Storable for Cbor {
    const BOUND: Bound = Bound::Unbounded;

    fn to_bytes(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.0)
    }

    fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    fn from_bytes(bytes: Cow<'_, [u8]>) -> Self {
        Self(bytes.into_owned())
    }
}
