//! Entries as clients send them: the JSON bodies of the baseline's HTTP routes.

use engine::kinds::{Campaign, Client, Device, PageView, PerformanceMetric, TrackEvent};
use engine::{AnalyticKey, KindName, SetEntry};
use serde_json::{Map, Value, json};
use workloads::spelling::{metric_name, navigation_type};
use workloads::{AnyEntry, Sent};

/// How a kind is named in bodies and paths.
struct Names {
    /// The field of one entry.
    field: &'static str,
    /// The field of a batch.
    batch: &'static str,
    /// The path for one entry; that for a batch has one letter more.
    path: &'static str,
}

fn names(kind: KindName) -> Names {
    let (field, batch, path) = match kind {
        KindName::PageView => ("page_view", "page_views", "/view"),
        KindName::TrackEvent => ("track_event", "track_events", "/event"),
        KindName::PerformanceMetric => ("performance_metric", "performance_metrics", "/metric"),
    };
    Names { field, batch, path }
}

/// The path and the body that bring one entry.
pub fn one(sent: &Sent) -> (String, String) {
    let names = names(sent.entry.kind());
    let mut body = keyed(sent);
    body.insert(
        "satellite_id".into(),
        json!(sent.entry.satellite_id().to_text()),
    );
    (names.path.to_owned(), Value::Object(body).to_string())
}

/// The path and the body that bring several entries of one kind and satellite: those of the first.
///
/// # Panics
/// When there is no entry.
pub fn batch(sent: &[Sent]) -> (String, String) {
    let first = &sent.first().expect("an entry").entry;
    let names = names(first.kind());
    let entries: Vec<Value> = sent.iter().map(|sent| Value::Object(keyed(sent))).collect();
    let body = json!({ "satellite_id": first.satellite_id().to_text(), names.batch: entries });
    (format!("{}s", names.path), body.to_string())
}

/// A line that says everything of an entry on its way: its kind, its satellite, when it arrives, the fields of the
/// body, and which request brings it.
pub fn line(sent: &Sent, batch: usize) -> String {
    let mut line = keyed(sent);
    line.insert("batch".into(), json!(batch));
    line.insert("kind".into(), json!(names(sent.entry.kind()).field));
    line.insert(
        "satellite_id".into(),
        json!(sent.entry.satellite_id().to_text()),
    );
    line.insert("now".into(), json!(sent.now));
    Value::Object(line).to_string()
}

/// Key and entry.
fn keyed(sent: &Sent) -> Map<String, Value> {
    let entry = match &sent.entry {
        AnyEntry::PageView(entry) => with_session(entry, page_view(&entry.body)),
        AnyEntry::TrackEvent(entry) => with_session(entry, track_event(&entry.body)),
        AnyEntry::PerformanceMetric(entry) => with_session(entry, metric(&entry.body)),
    };
    let mut keyed = Map::new();
    keyed.insert("key".into(), key(&sent.key));
    keyed.insert(names(sent.entry.kind()).field.into(), entry);
    keyed
}

fn key(key: &AnalyticKey) -> Value {
    json!({ "key": key.key, "collected_at": bigint(key.collected_at) })
}

fn bigint(number: u64) -> Value {
    json!({ "__bigint__": number.to_string() })
}

/// What every entry has, with the fields of its kind. Absent fields are left out.
fn with_session<B>(entry: &SetEntry<B>, mut fields: Value) -> Value {
    if let Value::Object(fields) = &mut fields {
        fields.insert("session_id".into(), json!(entry.session_id));
        if let Some(version) = entry.version {
            fields.insert("version".into(), bigint(version));
        }
        fields.retain(|_, value| !value.is_null());
    }
    fields
}

fn without_nulls(mut value: Value) -> Value {
    if let Value::Object(fields) = &mut value {
        fields.retain(|_, value| !value.is_null());
    }
    value
}

fn page_view(view: &PageView) -> Value {
    json!({
        "title": view.title,
        "href": view.href,
        "referrer": view.referrer,
        "device": device(view.device),
        "time_zone": view.time_zone,
        "user_agent": view.user_agent,
        "client": view.client.as_ref().map(client),
        "campaign": view.campaign.as_ref().map(campaign),
    })
}

fn device(device: Device) -> Value {
    without_nulls(json!({
        "inner_width": device.inner_width,
        "inner_height": device.inner_height,
        "screen_width": device.screen_width,
        "screen_height": device.screen_height,
    }))
}

fn client(client: &Client) -> Value {
    without_nulls(json!({ "browser": client.browser, "os": client.os, "device": client.device }))
}

fn campaign(campaign: &Campaign) -> Value {
    without_nulls(json!({
        "utm_source": campaign.utm_source,
        "utm_medium": campaign.utm_medium,
        "utm_campaign": campaign.utm_campaign,
        "utm_term": campaign.utm_term,
        "utm_content": campaign.utm_content,
    }))
}

fn track_event(event: &TrackEvent) -> Value {
    json!({ "name": event.name, "metadata": event.metadata })
}

fn metric(metric: &PerformanceMetric) -> Value {
    let data = &metric.data;
    let data = without_nulls(json!({
        "value": data.value,
        "delta": data.delta,
        "id": data.id,
        "navigation_type": data.navigation_type.map(navigation_type),
    }));
    json!({
        "href": metric.href,
        "metric_name": metric_name(metric.metric_name),
        "data": { "WebVitalsMetric": data },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use workloads::{Spread, Workload};

    #[test]
    fn bodies_are_what_the_wire_reads() {
        for sent in Workload::W5.entries(100, Spread::OwnRate) {
            let (path, body) = one(&sent);
            let read = match path.as_str() {
                "/view" => serde_json::from_str::<wire::json::SetPageViewRequest>(&body).map(drop),
                "/event" => {
                    serde_json::from_str::<wire::json::SetTrackEventRequest>(&body).map(drop)
                }
                _ => {
                    serde_json::from_str::<wire::json::SetPerformanceMetricRequest>(&body).map(drop)
                }
            };
            assert!(read.is_ok(), "{path} {body}: {read:?}");
        }
    }

    #[test]
    fn a_view_alone_has_the_size_that_clients_send() {
        let sent: Vec<_> = Workload::W1.entries(1_000, Spread::OwnRate).collect();
        let bytes: usize = sent.iter().map(|sent| one(sent).1.len()).sum();
        assert_eq!(bytes / 1_000, 598);
    }
}
