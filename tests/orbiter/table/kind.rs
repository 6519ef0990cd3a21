//! The kinds of entry: their routes, bodies and answers.

use super::{OPEN, Row, post};
use candid::Principal;

/// A kind of entry, with its routes and its field in bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Page views.
    View,
    /// Custom events.
    Event,
    /// Web vitals.
    Metric,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::View, Self::Event, Self::Metric];

    /// The route for one entry.
    pub fn one(self) -> &'static str {
        match self {
            Self::View => "/view",
            Self::Event => "/event",
            Self::Metric => "/metric",
        }
    }

    /// The route for a batch.
    pub fn many(self) -> &'static str {
        match self {
            Self::View => "/views",
            Self::Event => "/events",
            Self::Metric => "/metrics",
        }
    }

    /// The field of one entry in a body; with an `s` that of a batch.
    pub fn field(self) -> &'static str {
        match self {
            Self::View => "page_view",
            Self::Event => "track_event",
            Self::Metric => "performance_metric",
        }
    }

    /// The text of the refusal when the feature is off.
    pub fn feature_off(self) -> String {
        format!("error_{}s_feature_disabled", self.field())
    }

    /// The order of the fields of a stored entry.
    fn stored_order(self) -> &'static [&'static str] {
        match self {
            Self::View => &[
                "title",
                "href",
                "referrer",
                "device",
                "time_zone",
                "user_agent",
                "client",
                "campaign",
            ],
            Self::Event => &["name", "metadata"],
            Self::Metric => &["href", "metric_name", "data"],
        }
    }

    /// The entry with nothing optional in it.
    pub fn entry(self) -> Object {
        let object = Object::default();
        match self {
            Self::View => object
                .with("title", r#""Title""#)
                .with("href", r#""https://open.example/page""#)
                .with("device", r#"{"inner_width":800,"inner_height":600}"#)
                .with("time_zone", r#""Europe/Zurich""#)
                .with("session_id", r#""session""#),
            Self::Event => object
                .with("name", r#""click""#)
                .with("session_id", r#""session""#),
            Self::Metric => object
                .with("href", r#""https://open.example/page""#)
                .with("metric_name", r#""CLS""#)
                .with(
                    "data",
                    r#"{"WebVitalsMetric":{"value":0.25,"delta":0.125,"id":"v5-1"}}"#,
                )
                .with("session_id", r#""session""#),
        }
    }

    /// A body with one entry for a satellite.
    pub fn body_for(
        self,
        satellite: Principal,
        collected_at: u64,
        key: &str,
        entry: &Object,
    ) -> String {
        format!(
            r#"{{"satellite_id":"{satellite}","key":{},"{}":{}}}"#,
            key_json(collected_at, key),
            self.field(),
            entry.json()
        )
    }

    /// A body with one entry for [`OPEN`].
    pub fn body(self, collected_at: u64, key: &str, entry: &Object) -> String {
        self.body_for(OPEN, collected_at, key, entry)
    }

    /// A body with a batch for a satellite.
    pub fn batch_for(self, satellite: Principal, entries: &[(u64, &str, Object)]) -> String {
        let entries: Vec<_> = entries
            .iter()
            .map(|(collected_at, key, entry)| {
                let key = key_json(*collected_at, key);
                format!(r#"{{"key":{key},"{}":{}}}"#, self.field(), entry.json())
            })
            .collect();
        format!(
            r#"{{"satellite_id":"{satellite}","{}s":[{}]}}"#,
            self.field(),
            entries.join(",")
        )
    }

    /// The entry as stored for a satellite, in the order of the interface.
    pub fn stored_for(self, satellite: Principal, entry: &Object, version: u64) -> String {
        let mut stored = Object::default();
        for field in self.stored_order() {
            if let Some(value) = entry.get(field) {
                stored = stored.with(field, value);
            }
        }
        stored
            .with("satellite_id", &format!(r#""{satellite}""#))
            .with("session_id", entry.get("session_id").expect("a session"))
            .with("created_at", r#"{"__bigint__":"NOW"}"#)
            .with("updated_at", r#"{"__bigint__":"NOW"}"#)
            .with("version", &format!(r#"{{"__bigint__":"{version}"}}"#))
            .json()
    }

    /// The row that stores a new entry of [`OPEN`] and answers it.
    pub fn stores(
        self,
        name: impl Into<String>,
        collected_at: u64,
        key: &str,
        entry: &Object,
    ) -> Row {
        post(name, self.one(), self.body(collected_at, key, entry))
            .ok(&self.stored_for(OPEN, entry, 1))
            .storing(self, collected_at, key)
    }

    /// The row that is refused with 403 and this message.
    pub fn refuses(
        self,
        name: impl Into<String>,
        collected_at: u64,
        key: &str,
        entry: &Object,
        message: &str,
    ) -> Row {
        post(name, self.one(), self.body(collected_at, key, entry)).err(403, message)
    }
}

/// A key in JSON.
pub fn key_json(collected_at: u64, key: &str) -> String {
    format!(r#"{{"key":"{key}","collected_at":{{"__bigint__":"{collected_at}"}}}}"#)
}

/// A JSON object with its fields in order, their values as JSON text.
#[derive(Clone, Debug, Default)]
pub struct Object(Vec<(String, String)>);

impl Object {
    /// The object with a field replaced, or added at the end.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        match self.0.iter_mut().find(|(other, _)| other == name) {
            Some((_, old)) => *old = value.to_owned(),
            None => self.0.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// The object without a field.
    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(other, _)| other != name);
        self
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(other, _)| other == name)?;
        Some(value)
    }

    /// The object as JSON.
    pub fn json(&self) -> String {
        let fields: Vec<_> = self
            .0
            .iter()
            .map(|(name, value)| format!(r#""{name}":{value}"#))
            .collect();
        format!("{{{}}}", fields.join(","))
    }
}
