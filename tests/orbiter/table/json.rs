//! Bodies that are no JSON, or not the JSON of the route; shapes that may vary.

use super::{Kind, OPEN, Row, post};

pub fn rows() -> Vec<Row> {
    [no_json(), wrong_types(), principals(), bigints(), ignored()]
        .into_iter()
        .flatten()
        .collect()
}

fn no_json() -> Vec<Row> {
    let mut rows = Vec::new();
    for kind in Kind::ALL {
        let eof = "EOF while parsing a value at line 1 column 0";
        let (one, many) = (kind.one(), kind.many());
        rows.push(post(format!("an empty body on {one}"), one, "").err(400, eof));
        rows.push(post(format!("an empty body on {many}"), many, "").err(400, eof));
        rows.push(
            post(format!("half a body on {one}"), one, r#"{"satellite_id":"#)
                .err(400, "EOF while parsing a value at line 1 column 16"),
        );
        let field = kind.field();
        rows.push(
            post(format!("an empty object on {one}"), one, "{}")
                .err(400, "missing field `satellite_id` at line 1 column 2"),
        );
        let body = format!(r#"{{"satellite_id":"{OPEN}"}}"#);
        let column = body.len();
        rows.push(
            post(format!("a body without entries on {many}"), many, body).err(
                400,
                &format!("missing field `{field}s` at line 1 column {column}"),
            ),
        );
    }
    rows.push(
        post(
            "a body that is not UTF-8",
            "/view",
            b"{\"satellite_id\":\"\xFF\"}".as_slice(),
        )
        .err(400, "invalid unicode code point at line 1 column 18"),
    );
    let trailing = Kind::View.body(2, "trailing", &Kind::View.entry()) + "x";
    let column = trailing.len();
    rows.push(post("something after the body", "/view", trailing).err(
        400,
        &format!("trailing characters at line 1 column {column}"),
    ));
    rows
}

/// A page view whose field has a value of another type.
fn wrong(field: &str, value: &str, message: &str) -> Row {
    let body = Kind::View.body(2, "wrong", &Kind::View.entry().with(field, value));
    let place = format!(r#""{field}":{value}"#);
    let column = body.find(&place).expect("the field") + place.len();
    let message = format!("{message} at line 1 column {column}");
    post(format!("{field} with the value {value}"), "/view", body).err(400, &message)
}

fn wrong_types() -> Vec<Row> {
    let width = |width: &str, message: &str| {
        let device = format!(r#"{{"inner_width":{width},"inner_height":1}}"#);
        let body = Kind::View.body(2, "wrong", &Kind::View.entry().with("device", &device));
        let column = body.find(width).expect("the width") + width.len();
        let message = format!("{message} at line 1 column {column}");
        post(format!("a width of {width}"), "/view", body).err(400, &message)
    };
    vec![
        wrong("title", "7", "invalid type: integer `7`, expected a string"),
        wrong("title", "null", "invalid type: null, expected a string"),
        wrong(
            "referrer",
            "true",
            "invalid type: boolean `true`, expected a string",
        ),
        wrong(
            "session_id",
            "1.5",
            "invalid type: floating point `1.5`, expected a string",
        ),
        wrong(
            "device",
            r#""none""#,
            r#"invalid type: string \"none\", expected struct PageViewDevice"#,
        ),
        width("65536", "invalid value: integer `65536`, expected u16"),
        width("-1", "invalid value: integer `-1`, expected u16"),
        width("1.5", "invalid type: floating point `1.5`, expected u16"),
    ]
}

fn principals() -> Vec<Row> {
    let with = |text: &str| {
        Kind::View
            .body(2, "principal", &Kind::View.entry())
            .replace(&OPEN.to_text(), text)
    };
    let rows = [
        (
            "g7crg-kabae",
            "CRC32 check sequence doesn't match with calculated from Principal bytes.",
        ),
        ("no-principal", "Text must be in valid Base32 encoding."),
        ("", "Text is too short."),
        ("ä", "Text must be in valid Base32 encoding."),
    ];
    rows.into_iter()
        .map(|(text, message)| {
            post(format!("the satellite id '{text}'"), "/view", with(text)).err(400, message)
        })
        .collect()
}

fn bigints() -> Vec<Row> {
    let version = |value: &str, message: &str| wrong("version", value, message);
    vec![
        version("1", "invalid type: integer `1`, expected struct Object"),
        version(
            r#""1""#,
            r#"invalid type: string \"1\", expected struct Object"#,
        ),
        version("{}", "missing field `__bigint__`"),
        wrong_digits("-1", "invalid digit found in string"),
        wrong_digits("1.0", "invalid digit found in string"),
        wrong_digits(
            "18446744073709551616",
            "number too large to fit in target type",
        ),
        wrong_digits("", "cannot parse integer from empty string"),
        Kind::View.stores(
            "the greatest bigint",
            u64::MAX,
            "bigint",
            &Kind::View.entry(),
        ),
        Kind::View.stores("the least bigint", 0, "bigint", &Kind::View.entry()),
    ]
}

fn wrong_digits(digits: &str, message: &str) -> Row {
    let value = format!(r#"{{"__bigint__":"{digits}"}}"#);
    let mut row = wrong("version", &value, message);
    // The error comes up when the view, whose last field this is, has been read to its end.
    let (text, column) = row.body.rsplit_once(' ').expect("a column");
    let (column, rest) = column.split_at(column.find('"').expect("the end of the message"));
    let column: usize = column.parse().expect("a number");
    row.body = format!("{text} {}{rest}", column + 1);
    row
}

fn ignored() -> Vec<Row> {
    let mut rows = Vec::new();
    for kind in Kind::ALL {
        let entry = kind.entry();
        let noisy = entry
            .clone()
            .with("satellite_id", r#""ignored""#)
            .with("unknown", r#"{"deeply":[{"nested":null}]}"#);
        let body = kind
            .body(3, "noisy", &noisy)
            .replacen('{', r#"{"unknown":[1,2],"#, 1);
        rows.push(
            post(
                format!("unknown fields around and in a {}", kind.field()),
                kind.one(),
                body,
            )
            .ok(&kind.stored_for(OPEN, &entry, 1))
            .storing(kind, 3, "noisy"),
        );
    }
    let mut nulls = Kind::View.entry();
    for field in [
        "referrer",
        "user_agent",
        "client",
        "campaign",
        "version",
        "updated_at",
    ] {
        nulls = nulls.with(field, "null");
    }
    let body = Kind::View.body(3, "nulls", &nulls);
    rows.push(
        post("options that are null", "/view", body)
            .ok(&Kind::View.stored_for(OPEN, &Kind::View.entry(), 1))
            .storing(Kind::View, 3, "nulls"),
    );
    rows
}
