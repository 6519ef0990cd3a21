//! Each optional field present and absent; each case of each variant.

use super::{Kind, OPEN, Object, Row, post};

pub fn rows() -> Vec<Row> {
    [page_views(), metadata(), events(), metrics()]
        .into_iter()
        .flatten()
        .collect()
}

const OPTIONAL: [(&str, &str); 4] = [
    ("referrer", r#""https://search.example/?q=1""#),
    ("user_agent", r#""Mozilla/5.0 (iPhone)""#),
    ("client", r#"{"browser":"Safari","os":"iOS"}"#),
    ("campaign", r#"{"utm_source":"newsletter"}"#),
];

fn page_views() -> Vec<Row> {
    let view = Kind::View.entry();
    let mut rows = vec![Kind::View.stores("a view with nothing optional", 10, "bare", &view)];
    let mut full = view.clone();
    for (field, value) in OPTIONAL {
        let entry = view.clone().with(field, value);
        rows.push(Kind::View.stores(format!("a view with {field}"), 10, field, &entry));
        full = full.with(field, value);
    }
    rows.push(Kind::View.stores("a view with every option", 10, "full", &full));
    let nested = [
        (
            "device",
            r#"{"inner_width":0,"inner_height":65535,"screen_width":1920}"#,
        ),
        (
            "device",
            r#"{"inner_width":1,"inner_height":2,"screen_height":1080}"#,
        ),
        (
            "device",
            r#"{"inner_width":1,"inner_height":2,"screen_width":0,"screen_height":65535}"#,
        ),
        (
            "client",
            r#"{"browser":"Chrome","os":"Android","device":"Pixel 9"}"#,
        ),
        ("campaign", r#"{"utm_source":"a","utm_medium":"b"}"#),
        ("campaign", r#"{"utm_source":"a","utm_campaign":"c"}"#),
        ("campaign", r#"{"utm_source":"a","utm_term":"d"}"#),
        ("campaign", r#"{"utm_source":"a","utm_content":"e"}"#),
        (
            "campaign",
            r#"{"utm_source":"a","utm_medium":"b","utm_campaign":"c","utm_term":"d","utm_content":"e"}"#,
        ),
    ];
    for (index, (field, value)) in nested.into_iter().enumerate() {
        let entry = view.clone().with(field, value);
        rows.push(Kind::View.stores(
            format!("a view with {value}"),
            11,
            &index.to_string(),
            &entry,
        ));
    }
    rows.push(characters());
    rows
}

/// Characters that JSON escapes, and some beyond the basic plane.
fn characters() -> Row {
    let title = r#""quote \" backslash \\ tab \t nul \u0000 🦀 é""#;
    let entry = Kind::View.entry().with("title", title);
    Kind::View.stores("a title with escapes", 12, "escapes", &entry)
}

fn metadata() -> Vec<Row> {
    let shapes = [
        (r#"{"b":"1","a":"2"}"#, r#"{"b":"1","a":"2"}"#),
        (r#"[["b","1"],["a","2"]]"#, r#"{"b":"1","a":"2"}"#),
        ("{}", "{}"),
        ("[]", "{}"),
    ];
    let event = Kind::Event.entry();
    shapes
        .into_iter()
        .enumerate()
        .map(|(index, (sent, stored))| {
            let key = format!("metadata-{index}");
            let body = Kind::Event.body(20, &key, &event.clone().with("metadata", sent));
            let stored = event.clone().with("metadata", stored);
            post(format!("the metadata {sent}"), "/event", body)
                .ok(&Kind::Event.stored_for(OPEN, &stored, 1))
                .storing(Kind::Event, 20, &key)
        })
        .collect()
}

fn events() -> Vec<Row> {
    let event = Kind::Event.entry();
    let with_user_agent = event.clone().with("user_agent", r#""Mozilla/5.0""#);
    let body = Kind::Event.body(21, "user_agent", &with_user_agent);
    vec![
        Kind::Event.stores("an event with nothing optional", 21, "bare", &event),
        post("an event's user agent is not stored", "/event", body)
            .ok(&Kind::Event.stored_for(OPEN, &event, 1))
            .storing(Kind::Event, 21, "user_agent"),
    ]
}

fn vital(value: &str, delta: &str, navigation: Option<&str>) -> Object {
    let navigation = navigation
        .map(|name| format!(r#","navigation_type":"{name}""#))
        .unwrap_or_default();
    let data = format!(
        r#"{{"WebVitalsMetric":{{"value":{value},"delta":{delta},"id":"v5-2"{navigation}}}}}"#
    );
    Kind::Metric.entry().with("data", &data)
}

fn metrics() -> Vec<Row> {
    let mut rows = Vec::new();
    for name in ["CLS", "FCP", "INP", "LCP", "TTFB"] {
        let entry = Kind::Metric
            .entry()
            .with("metric_name", &format!("\"{name}\""));
        rows.push(Kind::Metric.stores(format!("the metric {name}"), 30, name, &entry));
    }
    let navigations = [
        "Navigate",
        "Restore",
        "Reload",
        "BackForward",
        "BackForwardCache",
        "Prerender",
    ];
    for navigation in navigations {
        let entry = vital("1.5", "0.5", Some(navigation));
        let name = format!("the navigation {navigation}");
        rows.push(Kind::Metric.stores(name, 31, navigation, &entry));
    }
    // Exactly the float that was sent: the shortest digits that name it.
    let floats = [
        "0.1",
        "0.30000000000000004",
        "1234.5678999999",
        "5e-324",
        "1.7976931348623157e+308",
        "-0.0",
    ];
    for (index, float) in floats.into_iter().enumerate() {
        let entry = vital(float, "2.0", None);
        let key = format!("float-{index}");
        rows.push(Kind::Metric.stores(format!("the value {float}"), 32, &key, &entry));
    }
    rows.extend(refused_metrics());
    rows
}

fn refused_metrics() -> Vec<Row> {
    let refused = |name: &str, entry: Object, after: &str, message: &str| {
        let body = Kind::Metric.body(33, "refused", &entry);
        let column = body.find(after).expect("the place") + after.len();
        let message = format!("{message} at line 1 column {column}");
        post(name, "/metric", body).err(400, &message)
    };
    vec![
        refused(
            "an unknown metric",
            Kind::Metric.entry().with("metric_name", r#""FID""#),
            r#""FID""#,
            "unknown variant `FID`, expected one of `CLS`, `FCP`, `INP`, `LCP`, `TTFB`",
        ),
        refused(
            "an unknown navigation",
            vital("1", "1", Some("Teleport")),
            r#""Teleport""#,
            "unknown variant `Teleport`, expected one of `Navigate`, `Restore`, `Reload`, \
             `BackForward`, `BackForwardCache`, `Prerender`",
        ),
        refused(
            "a float that is none",
            vital("1e999", "1", None),
            "1e999",
            "number out of range",
        ),
    ]
}
