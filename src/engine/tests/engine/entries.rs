//! Storing entries: versions, sessions, satellites, features, batches.

use crate::samples::{
    ALL, Bench, NOW, enough, entry, everything, key, page_view, performance_metric, satellite,
    track_event,
};
use engine::{
    BatchTooLarge, EntryRange, Features, MAX_BATCH_ENTRIES, Refusal, SetEntry, SetSatelliteConfig,
    TrackEvent, VersionRefusal,
};

const LATER: u64 = NOW + 1;

/// The texts of the track events' keys in `range`, as the range read gives them.
fn keys(bench: &Bench, range: EntryRange) -> Vec<String> {
    let entries = bench
        .orbiter
        .entries::<TrackEvent>(&range, &mut enough())
        .unwrap();
    entries.into_iter().map(|(key, _)| key.key).collect()
}

#[test]
fn a_new_entry_gets_version_1_whatever_version_came_with_it() {
    let mut bench = Bench::with_satellites(1);
    for (name, version) in [("a", None), ("b", Some(0)), ("c", Some(17))] {
        let event = SetEntry {
            version,
            ..entry(track_event())
        };
        let stored = bench.orbiter.set(&key(1, name), event, NOW).unwrap();
        assert_eq!(
            (stored.version, stored.created_at, stored.updated_at),
            (1, NOW, NOW)
        );
    }
}

#[test]
fn an_overwrite_with_the_current_version_keeps_created_at_and_counts_up() {
    let mut bench = Bench::with_satellites(1);
    bench
        .orbiter
        .set(&key(1, "a"), entry(track_event()), NOW)
        .unwrap();
    for version in 1..=300 {
        let changed = TrackEvent {
            name: format!("click {version}"),
            metadata: None,
        };
        let event = SetEntry {
            version: Some(version),
            ..entry(changed.clone())
        };
        let stored = bench
            .orbiter
            .set(&key(1, "a"), event, NOW + version)
            .unwrap();
        assert_eq!((stored.version, stored.created_at), (version + 1, NOW));
        assert_eq!((stored.updated_at, &stored.body), (NOW + version, &changed));
        assert_eq!(bench.orbiter.entry(&key(1, "a")).unwrap(), Some(stored));
    }
    assert_eq!(keys(&bench, ALL), ["a"]);
}

#[test]
fn an_overwrite_without_the_current_version_is_refused() {
    let mut bench = Bench::with_satellites(1);
    let stored = bench
        .orbiter
        .set(&key(1, "a"), entry(track_event()), NOW)
        .unwrap();
    for (version, refusal) in [
        (None, VersionRefusal::NotProvided { current: 1 }),
        (
            Some(0),
            VersionRefusal::OutdatedOrFuture {
                current: 1,
                given: 0,
            },
        ),
        (
            Some(2),
            VersionRefusal::OutdatedOrFuture {
                current: 1,
                given: 2,
            },
        ),
    ] {
        let event = SetEntry {
            version,
            ..entry(track_event())
        };
        let refused = bench.orbiter.set(&key(1, "a"), event, LATER).unwrap_err();
        assert_eq!(refused, Refusal::Version(refusal));
    }
    assert_eq!(bench.orbiter.entry(&key(1, "a")).unwrap(), Some(stored));
}

#[test]
fn an_overwrite_from_another_session_or_satellite_is_refused() {
    let mut bench = Bench::with_satellites(2);
    bench
        .orbiter
        .set(&key(1, "a"), entry(track_event()), NOW)
        .unwrap();
    let overwrite = SetEntry {
        version: Some(1),
        ..entry(track_event())
    };

    let other_session = SetEntry {
        session_id: "other".to_owned(),
        ..overwrite.clone()
    };
    let refusal = bench
        .orbiter
        .set(&key(1, "a"), other_session.clone(), LATER)
        .unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "Session IDs do not match (session - other)"
    );

    let other_satellite = SetEntry {
        satellite_id: satellite(2),
        ..overwrite
    };
    let refusal = bench
        .orbiter
        .set(&key(1, "a"), other_satellite.clone(), LATER)
        .unwrap_err();
    let texts = (satellite(1).to_text(), satellite(2).to_text());
    let expected = format!("Satellite IDs do not match ({} - {})", texts.0, texts.1);
    assert_eq!(refusal.to_string(), expected);

    // The version goes before the session, the session before the satellite.
    let nothing_right = SetEntry {
        satellite_id: satellite(2),
        version: None,
        ..other_session
    };
    let refusal = bench
        .orbiter
        .set(&key(1, "a"), nothing_right.clone(), LATER)
        .unwrap_err();
    assert!(matches!(refusal, Refusal::Version(_)));
    let nothing_but_version = SetEntry {
        version: Some(1),
        ..nothing_right
    };
    let refusal = bench
        .orbiter
        .set(&key(1, "a"), nothing_but_version, LATER)
        .unwrap_err();
    assert!(matches!(refusal, Refusal::OtherSession { .. }));
}

#[test]
fn a_satellite_without_config_or_feature_is_refused_by_name_of_the_feature() {
    let mut bench = Bench::with_satellites(0);
    let all = Features {
        page_views: true,
        track_events: true,
        performance_metrics: true,
    };
    let configs = [
        None,
        Some(None),
        Some(Some(Features::default())),
        Some(Some(Features {
            page_views: false,
            ..all
        })),
        Some(Some(Features {
            track_events: false,
            ..all
        })),
        Some(Some(Features {
            performance_metrics: false,
            ..all
        })),
    ];
    for (number, features) in configs.into_iter().enumerate() {
        let satellite_id = satellite(number as u8 + 1);
        if let Some(features) = features {
            let config = SetSatelliteConfig {
                features,
                ..everything()
            };
            bench
                .orbiter
                .set_satellite_configs(vec![(satellite_id, config)], NOW)
                .unwrap();
        }
        let allowed = features.flatten().unwrap_or_default();
        let name = key(number as u64, "a");
        let orbiter = &mut bench.orbiter;
        let from = |result: Result<(), Refusal>| result.map_err(|refusal| refusal.to_string());
        let view = SetEntry {
            satellite_id,
            ..entry(page_view())
        };
        let event = SetEntry {
            satellite_id,
            ..entry(track_event())
        };
        let metric = SetEntry {
            satellite_id,
            ..entry(performance_metric())
        };
        let expected = |allowed: bool, text: &str| {
            if allowed {
                Ok(())
            } else {
                Err(text.to_owned())
            }
        };
        assert_eq!(
            from(orbiter.set(&name, view, NOW).map(drop)),
            expected(allowed.page_views, "error_page_views_feature_disabled")
        );
        assert_eq!(
            from(orbiter.set(&name, event, NOW).map(drop)),
            expected(allowed.track_events, "error_track_events_feature_disabled")
        );
        assert_eq!(
            from(orbiter.set(&name, metric, NOW).map(drop)),
            expected(
                allowed.performance_metrics,
                "error_performance_metrics_feature_disabled"
            )
        );
    }
}

#[test]
fn the_same_key_names_one_entry_of_each_kind() {
    let mut bench = Bench::with_satellites(1);
    let name = key(1, "a");
    let view = bench.orbiter.set(&name, entry(page_view()), NOW).unwrap();
    let event = bench.orbiter.set(&name, entry(track_event()), NOW).unwrap();
    let metric = bench
        .orbiter
        .set(&name, entry(performance_metric()), NOW)
        .unwrap();
    let bench = bench.reopened();
    assert_eq!(bench.orbiter.entry(&name).unwrap(), Some(view));
    assert_eq!(bench.orbiter.entry(&name).unwrap(), Some(event));
    assert_eq!(bench.orbiter.entry(&name).unwrap(), Some(metric));
}

#[test]
fn a_batch_stores_the_good_entries_and_lists_the_bad_ones_in_order() {
    let mut bench = Bench::with_satellites(1);
    let long = TrackEvent {
        name: "a".repeat(257),
        metadata: None,
    };
    let refused = bench
        .orbiter
        .set_many(
            vec![
                (key(1, "good"), entry(track_event())),
                (key(2, "long"), entry(long)),
                (key(3, "good too"), entry(track_event())),
                (key(1, "good"), entry(track_event())),
                (key(4, "last"), entry(track_event())),
            ],
            NOW,
        )
        .unwrap();
    let names: Vec<_> = refused.iter().map(|(key, _)| key.clone()).collect();
    assert_eq!(names, [key(2, "long"), key(1, "good")]);
    assert!(matches!(refused[0].1, Refusal::TextTooLong { .. }));
    assert_eq!(
        refused[1].1,
        Refusal::Version(VersionRefusal::NotProvided { current: 1 })
    );
    assert_eq!(keys(&bench, ALL), ["good", "good too", "last"]);
}

#[test]
fn a_batch_of_more_than_1000_entries_is_refused_as_a_whole() {
    let mut bench = Bench::with_satellites(1);
    let batch = |entries: usize| {
        (0..entries)
            .map(|at| (key(at as u64, "a"), entry(track_event())))
            .collect::<Vec<_>>()
    };
    let refusal = bench
        .orbiter
        .set_many(batch(MAX_BATCH_ENTRIES + 1), NOW)
        .unwrap_err();
    assert_eq!(refusal, BatchTooLarge { entries: 1001 });
    assert_eq!(
        refusal.to_string(),
        "A batch must not contain more than 1000 entries, this one has 1001: send it in parts."
    );
    assert_eq!(keys(&bench, ALL).len(), 0);
    assert_eq!(
        bench
            .orbiter
            .set_many(batch(MAX_BATCH_ENTRIES), NOW)
            .unwrap(),
        []
    );
    assert_eq!(keys(&bench, ALL).len(), 1000);
}

#[test]
fn a_range_includes_its_start_excludes_its_end_and_goes_by_instant_then_text() {
    let mut bench = Bench::with_satellites(2);
    for (at, name, number) in [
        (20, "b", 1),
        (20, "a", 2),
        (20, "ab", 1),
        (10, "z", 1),
        (30, "", 2),
        (0, "zero", 2),
        (u64::MAX, "end", 1),
        (256, "later", 1),
    ] {
        let event = SetEntry {
            satellite_id: satellite(number),
            ..entry(track_event())
        };
        bench.orbiter.set(&key(at, name), event, NOW).unwrap();
    }
    let range = |satellite_id: Option<u8>, from, to| EntryRange {
        satellite_id: satellite_id.map(satellite),
        from,
        to,
    };
    for (range, expected) in [
        (ALL, vec!["zero", "z", "a", "ab", "b", "", "later", "end"]),
        (
            range(Some(1), None, None),
            vec!["z", "ab", "b", "later", "end"],
        ),
        (range(Some(2), None, None), vec!["zero", "a", ""]),
        (range(Some(3), None, None), vec![]),
        (range(None, Some(10), Some(30)), vec!["z", "a", "ab", "b"]),
        (range(None, Some(20), Some(21)), vec!["a", "ab", "b"]),
        (range(Some(1), Some(20), Some(20)), vec![]),
        (range(Some(1), Some(21), Some(20)), vec![]),
        (range(Some(1), Some(257), None), vec!["end"]),
        (range(Some(1), Some(257), Some(u64::MAX)), vec![]),
        (range(None, None, Some(0)), vec![]),
        (range(None, Some(u64::MAX), None), vec!["end"]),
        (range(None, Some(u64::MAX), Some(u64::MAX)), vec![]),
    ] {
        assert_eq!(keys(&bench, range), expected, "{range:?}");
    }
}

#[test]
fn satellites_whose_ids_begin_alike_are_kept_apart() {
    let mut bench = Bench::empty();
    let ids = [
        &[1_u8][..],
        &[1, 0],
        &[1, 0xFF],
        &[1, 0xFF, 0xFF],
        &[0xFF; 29],
        &[],
    ];
    let ids = ids.map(ic_principal::Principal::from_slice);
    let configs = ids.iter().map(|id| (*id, everything())).collect();
    bench.orbiter.set_satellite_configs(configs, NOW).unwrap();
    for (at, satellite_id) in ids.iter().enumerate() {
        for at in [at as u64, u64::MAX - at as u64] {
            let event = SetEntry {
                satellite_id: *satellite_id,
                ..entry(track_event())
            };
            bench
                .orbiter
                .set(&key(at, &at.to_string()), event, NOW)
                .unwrap();
        }
    }
    for (at, satellite_id) in ids.iter().enumerate() {
        let range = EntryRange {
            satellite_id: Some(*satellite_id),
            ..ALL
        };
        let expected = [at.to_string(), (u64::MAX - at as u64).to_string()];
        assert_eq!(keys(&bench, range), expected);
    }
    assert_eq!(keys(&bench, ALL).len(), 2 * ids.len());
}
