//! Who may store what, and when an entry may be overwritten.

use super::{
    FEATURELESS, Kind, OFF, OPEN, OTHER, RESTRICTED, RESTRICTED_ORIGIN, Row, UNKNOWN, post,
};

pub fn rows() -> Vec<Row> {
    [features(), origins(), overwrites(), mixed_batches()]
        .into_iter()
        .flatten()
        .collect()
}

fn features() -> Vec<Row> {
    let mut rows = Vec::new();
    for kind in Kind::ALL {
        for (satellite, what) in [
            (UNKNOWN, "an unknown satellite"),
            (OFF, "a satellite that is off"),
            (FEATURELESS, "a satellite without features"),
        ] {
            let name = format!("a {} of {what}", kind.field());
            let body = kind.body_for(satellite, 60, "off", &kind.entry());
            rows.push(post(&name, kind.one(), body).err(403, &kind.feature_off()));
            let batch = kind.batch_for(
                satellite,
                &[(60, "a", kind.entry()), (60, "b", kind.entry())],
            );
            let off = kind.feature_off();
            rows.push(
                post(format!("{name}, in a batch"), kind.many(), batch)
                    .err(403, &format!("a: {off}, b: {off}")),
            );
        }
    }
    rows
}

fn origins() -> Vec<Row> {
    let mut rows = Vec::new();
    for kind in Kind::ALL {
        let entry = kind.entry();
        let mut one = post(
            format!("a {} of a restricted origin", kind.field()),
            kind.one(),
            kind.body_for(RESTRICTED, 61, "origin", &entry),
        )
        .ok(&kind.stored_for(RESTRICTED, &entry, 1))
        .storing(kind, 61, "origin");
        one.origin = RESTRICTED_ORIGIN;
        let batch = kind.batch_for(RESTRICTED, &[(61, "origins", entry.clone())]);
        let mut many = post(
            format!("{}s of a restricted origin", kind.field()),
            kind.many(),
            batch,
        )
        .ok("null")
        .storing(kind, 61, "origins");
        many.origin = RESTRICTED_ORIGIN;
        rows.extend([one, many]);
        // Any page may read why an entry is refused.
        rows.push(
            post(
                format!("a refused {} of a restricted origin", kind.field()),
                kind.one(),
                kind.body_for(RESTRICTED, 61, "origin", &entry),
            )
            .err(403, "juno.error.no_version_provided"),
        );
    }
    rows
}

fn overwrites() -> Vec<Row> {
    let mut rows = Vec::new();
    for kind in Kind::ALL {
        let what = kind.field();
        let entry = kind.entry();
        let versioned = |version: u64| {
            entry
                .clone()
                .with("version", &format!(r#"{{"__bigint__":"{version}"}}"#))
        };
        let refused = |name: &str, entry: &super::Object, message: &str| {
            kind.refuses(format!("{what}: {name}"), 62, "again", entry, message)
        };
        let other_session = versioned(2).with("session_id", r#""another""#);
        rows.extend([
            // The version of a new entry is not looked at.
            post(
                format!("{what}: new with a version"),
                kind.one(),
                kind.body(62, "again", &versioned(7)),
            )
            .ok(&kind.stored_for(OPEN, &entry, 1))
            .storing(kind, 62, "again"),
            refused(
                "again without a version",
                &entry,
                "juno.error.no_version_provided",
            ),
            refused(
                "again with a later version",
                &versioned(2),
                "juno.error.version_outdated_or_future (1 - 2)",
            ),
            post(
                format!("{what}: again with its version"),
                kind.one(),
                kind.body(62, "again", &versioned(1)),
            )
            .ok(&kind.stored_for(OPEN, &entry, 2)),
            refused(
                "again with its former version",
                &versioned(1),
                "juno.error.version_outdated_or_future (2 - 1)",
            ),
            refused(
                "again in another session",
                &other_session,
                "Session IDs do not match (session - another)",
            ),
            post(
                format!("{what}: again for another satellite"),
                kind.one(),
                kind.body_for(OTHER, 62, "again", &versioned(2)),
            )
            .err(
                403,
                &format!("Satellite IDs do not match ({OPEN} - {OTHER})"),
            ),
            // Another instant, or another key, is another entry.
            kind.stores(
                format!("{what}: the key at another instant"),
                63,
                "again",
                &entry,
            ),
        ]);
    }
    rows
}

fn mixed_batches() -> Vec<Row> {
    let mut rows = Vec::new();
    for kind in Kind::ALL {
        let long = "s".repeat(37);
        let batch = kind.batch_for(
            OPEN,
            &[
                (64, "good", kind.entry()),
                (
                    64,
                    "long",
                    kind.entry().with("session_id", &format!("\"{long}\"")),
                ),
                (62, "again", kind.entry()),
                (64, "good-too", kind.entry()),
                // The same key twice in a batch: the second is an overwrite.
                (64, "good", kind.entry()),
            ],
        );
        rows.push(
            post(
                format!("{}s, good and bad", kind.field()),
                kind.many(),
                batch,
            )
            .err(
                403,
                "long: An analytic session ID must not be longer than 36., \
                     again: juno.error.no_version_provided, good: juno.error.no_version_provided",
            )
            .storing(kind, 64, "good")
            .storing(kind, 64, "good-too"),
        );
        let broken = kind.batch_for(
            OPEN,
            &[
                (65, "first", kind.entry()),
                (65, "second", kind.entry().without("session_id")),
            ],
        );
        let column = broken.rfind('}').expect("the end") - 2;
        rows.push(
            post(
                format!("{}s, one without a session", kind.field()),
                kind.many(),
                broken,
            )
            .err(
                400,
                &format!("missing field `session_id` at line 1 column {column}"),
            ),
        );
    }
    rows
}
