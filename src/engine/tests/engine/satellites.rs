//! Satellite configurations and their versions.

use crate::samples::{Bench, NOW, everything, satellite};
use engine::{ConfigRefusal, Features, SatelliteConfig, SetSatelliteConfig, VersionRefusal};
use ic_principal::Principal;

fn configs(bench: &Bench) -> Vec<(Principal, SatelliteConfig)> {
    bench
        .orbiter
        .satellite_configs()
        .map(|(id, config)| (*id, config.clone()))
        .collect()
}

fn config(version: Option<u64>, restricted_origin: &str) -> SetSatelliteConfig {
    SetSatelliteConfig {
        features: Some(Features {
            page_views: true,
            ..Features::default()
        }),
        restricted_origin: Some(restricted_origin.to_owned()),
        version,
    }
}

#[test]
fn a_config_is_stored_with_version_1_and_overwritten_with_its_version() {
    let mut bench = Bench::empty();
    let first = bench
        .orbiter
        .set_satellite_configs(vec![(satellite(1), config(Some(9), "a"))], NOW);
    let stored = SatelliteConfig {
        features: Some(Features {
            page_views: true,
            ..Features::default()
        }),
        restricted_origin: Some("a".to_owned()),
        created_at: NOW,
        updated_at: NOW,
        version: 1,
    };
    assert_eq!(first, Ok(vec![(satellite(1), stored.clone())]));

    let second = vec![(
        satellite(1),
        SetSatelliteConfig {
            version: Some(1),
            ..everything()
        },
    )];
    let second = bench
        .orbiter
        .set_satellite_configs(second, NOW + 5)
        .unwrap();
    let expected = SatelliteConfig {
        features: everything().features,
        restricted_origin: None,
        updated_at: NOW + 5,
        version: 2,
        ..stored
    };
    assert_eq!(second, [(satellite(1), expected)]);
    assert_eq!(configs(&bench), second);
    assert_eq!(
        bench.orbiter.satellite_config(&satellite(1)),
        Some(&second[0].1)
    );
    assert_eq!(configs(&bench.reopened()), second);
}

#[test]
fn one_config_against_the_version_rule_keeps_all_of_them_out() {
    let mut bench = Bench::with_satellites(2);
    let before = configs(&bench);
    for (version, refusal) in [
        (None, VersionRefusal::NotProvided { current: 1 }),
        (
            Some(2),
            VersionRefusal::OutdatedOrFuture {
                current: 1,
                given: 2,
            },
        ),
    ] {
        let sent = vec![
            (satellite(1), config(Some(1), "fine")),
            (satellite(3), config(None, "fine too")),
            (satellite(2), config(version, "wrong")),
        ];
        let refused = bench
            .orbiter
            .set_satellite_configs(sent, NOW + 1)
            .unwrap_err();
        assert_eq!(
            refused,
            ConfigRefusal::Version {
                satellite_id: satellite(2),
                refusal
            }
        );
        assert_eq!(configs(&bench), before);
    }
    assert_eq!(configs(&bench.reopened()), before);
}

#[test]
fn a_satellite_that_comes_twice_is_overwritten_under_the_same_rule() {
    let mut bench = Bench::empty();
    let twice = |version| {
        vec![
            (satellite(1), config(None, "a")),
            (satellite(1), config(version, "b")),
        ]
    };
    let refused = bench
        .orbiter
        .set_satellite_configs(twice(None), NOW)
        .unwrap_err();
    let refusal = VersionRefusal::NotProvided { current: 1 };
    assert_eq!(
        refused,
        ConfigRefusal::Version {
            satellite_id: satellite(1),
            refusal
        }
    );
    let stored = bench
        .orbiter
        .set_satellite_configs(twice(Some(1)), NOW)
        .unwrap();
    let versions: Vec<_> = stored.iter().map(|(_, config)| config.version).collect();
    assert_eq!(versions, [1, 2]);
    assert_eq!(configs(&bench), stored[1..]);
}

#[test]
fn a_config_is_deleted_with_its_version_only() {
    let mut bench = Bench::with_satellites(2);
    for (version, refusal) in [
        (None, VersionRefusal::NotProvided { current: 1 }),
        (
            Some(0),
            VersionRefusal::OutdatedOrFuture {
                current: 1,
                given: 0,
            },
        ),
    ] {
        let refused = bench
            .orbiter
            .delete_satellite_config(satellite(1), version)
            .unwrap_err();
        assert_eq!(
            refused,
            ConfigRefusal::Version {
                satellite_id: satellite(1),
                refusal
            }
        );
    }
    bench
        .orbiter
        .delete_satellite_config(satellite(1), Some(1))
        .unwrap();
    bench
        .orbiter
        .delete_satellite_config(satellite(7), None)
        .unwrap();
    let left: Vec<_> = configs(&bench).into_iter().map(|(id, _)| id).collect();
    assert_eq!(left, [satellite(2)]);
    let left: Vec<_> = configs(&bench.reopened())
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    assert_eq!(left, [satellite(2)]);
}
