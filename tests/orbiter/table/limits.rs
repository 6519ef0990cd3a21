//! Each limit, met and passed by one byte.

use super::{Kind, OPEN, Object, Row, key_json, post};

pub fn rows() -> Vec<Row> {
    [texts(), ids(), metadata(), batches()]
        .into_iter()
        .flatten()
        .collect()
}

/// A text of that many bytes, of characters of two bytes as far as they go.
fn text(bytes: usize) -> String {
    "ü".repeat(bytes / 2) + &"x".repeat(bytes % 2)
}

/// A field of an entry, how to put a text into it, its limit and how errors call it.
struct Limited {
    kind: Kind,
    field: &'static str,
    put: fn(Object, &str) -> Object,
    bytes: usize,
    subject: &'static str,
}

const fn limited(
    kind: Kind,
    field: &'static str,
    put: fn(Object, &str) -> Object,
    bytes: usize,
    subject: &'static str,
) -> Limited {
    Limited {
        kind,
        field,
        put,
        bytes,
        subject,
    }
}

fn quoted(entry: Object, field: &str, text: &str) -> Object {
    entry.with(field, &format!("\"{text}\""))
}

fn campaign(entry: Object, field: &str, text: &str) -> Object {
    let campaign = if field == "utm_source" {
        format!(r#"{{"utm_source":"{text}"}}"#)
    } else {
        format!(r#"{{"utm_source":"s","{field}":"{text}"}}"#)
    };
    entry.with("campaign", &campaign)
}

const LIMITED: [Limited; 12] = [
    limited(
        Kind::View,
        "title",
        |e, t| quoted(e, "title", t),
        1024,
        "Page event title",
    ),
    limited(
        Kind::View,
        "href",
        |e, t| quoted(e, "href", t),
        4096,
        "Page event href",
    ),
    limited(
        Kind::View,
        "referrer",
        |e, t| quoted(e, "referrer", t),
        4096,
        "Page event referrer",
    ),
    limited(
        Kind::View,
        "user_agent",
        |e, t| quoted(e, "user_agent", t),
        1024,
        "Page event user_agent",
    ),
    limited(
        Kind::View,
        "time_zone",
        |e, t| quoted(e, "time_zone", t),
        256,
        "Page event time_zone",
    ),
    limited(
        Kind::View,
        "utm_source",
        |e, t| campaign(e, "utm_source", t),
        100,
        "utm_source",
    ),
    limited(
        Kind::View,
        "utm_medium",
        |e, t| campaign(e, "utm_medium", t),
        100,
        "utm_medium",
    ),
    limited(
        Kind::View,
        "utm_campaign",
        |e, t| campaign(e, "utm_campaign", t),
        100,
        "utm_campaign",
    ),
    limited(
        Kind::View,
        "utm_term",
        |e, t| campaign(e, "utm_term", t),
        100,
        "utm_term",
    ),
    limited(
        Kind::View,
        "utm_content",
        |e, t| campaign(e, "utm_content", t),
        100,
        "utm_content",
    ),
    limited(
        Kind::Event,
        "name",
        |e, t| quoted(e, "name", t),
        256,
        "Track event name",
    ),
    limited(
        Kind::Metric,
        "href",
        |e, t| quoted(e, "href", t),
        4096,
        "Performance metric href",
    ),
];

fn texts() -> Vec<Row> {
    let mut rows = Vec::new();
    for Limited {
        kind,
        field,
        put,
        bytes,
        subject,
    } in LIMITED
    {
        let what = format!("{} {field}", kind.field());
        let fits = put(kind.entry(), &text(bytes));
        rows.push(kind.stores(format!("{what} of {bytes} bytes"), 40, field, &fits));
        let too_long = text(bytes + 1);
        rows.push(kind.refuses(
            format!("{what} of {} bytes", bytes + 1),
            41,
            field,
            &put(kind.entry(), &too_long),
            &format!("{subject} {too_long} is longer than {bytes}."),
        ));
    }
    rows
}

fn ids() -> Vec<Row> {
    let mut rows = Vec::new();
    for kind in Kind::ALL {
        let session = |bytes| quoted(kind.entry(), "session_id", &text(bytes));
        let (what, fits) = (kind.field(), text(36));
        rows.push(kind.stores(
            format!("{what} session of 36 bytes"),
            42,
            "session",
            &session(36),
        ));
        rows.push(kind.refuses(
            format!("{what} session of 37 bytes"),
            43,
            "session",
            &session(37),
            "An analytic session ID must not be longer than 36.",
        ));
        rows.push(kind.stores(format!("{what} key of 36 bytes"), 44, &fits, &kind.entry()));
        rows.push(kind.refuses(
            format!("{what} key of 37 bytes"),
            45,
            &text(37),
            &kind.entry(),
            "An analytic key must not be longer than 36.",
        ));
    }
    rows
}

fn metadata() -> Vec<Row> {
    let pairs = |count: usize| {
        let pairs: Vec<_> = (0..count)
            .map(|index| format!(r#""{index:02}":"v""#))
            .collect();
        Kind::Event
            .entry()
            .with("metadata", &format!("{{{}}}", pairs.join(",")))
    };
    let pair = |key: &str, value: &str| {
        Kind::Event
            .entry()
            .with("metadata", &format!(r#"{{"{key}":"{value}"}}"#))
    };
    let (fits, too_long) = (text(256), text(257));
    vec![
        Kind::Event.stores("ten metadata pairs", 46, "ten", &pairs(10)),
        Kind::Event.refuses(
            "eleven metadata pairs",
            46,
            "eleven",
            &pairs(11),
            "Track event metadata must not contain more than 10 elements.",
        ),
        Kind::Event.stores(
            "metadata texts of 256 bytes",
            46,
            "256",
            &pair(&fits, &fits),
        ),
        Kind::Event.refuses(
            "a metadata key of 257 bytes",
            46,
            "key",
            &pair(&too_long, "v"),
            &format!("Track event metadata key {too_long} is longer than 256."),
        ),
        Kind::Event.refuses(
            "a metadata value of 257 bytes",
            46,
            "value",
            &pair("k", &too_long),
            &format!("Track event metadata value {too_long} is longer than 256."),
        ),
    ]
}

fn batches() -> Vec<Row> {
    let mut rows = Vec::new();
    for kind in Kind::ALL {
        let body = |first: usize, count: usize| {
            let entry = kind.entry().json();
            let entries: Vec<_> = (first..first + count)
                .map(|index| {
                    let key = key_json(50, &index.to_string());
                    format!(r#"{{"key":{key},"{}":{entry}}}"#, kind.field())
                })
                .collect();
            format!(
                r#"{{"satellite_id":"{OPEN}","{}s":[{}]}}"#,
                kind.field(),
                entries.join(",")
            )
        };
        let what = kind.field();
        let mut full = post(format!("1,000 {what}s"), kind.many(), body(0, 1_000)).ok("null");
        for index in 0..1_000 {
            full = full.storing(kind, 50, &index.to_string());
        }
        rows.push(full);
        rows.push(
            post(format!("1,001 {what}s"), kind.many(), body(5_000, 1_001)).err(
                403,
                "A batch must not contain more than 1000 entries, this one has 1001: send it in parts.",
            ),
        );
        rows.push(post(format!("no {what}s"), kind.many(), body(0, 0)).ok("null"));
    }
    rows
}
