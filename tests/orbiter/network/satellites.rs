//! Satellites' configs over Candid.

use super::{ADMIN, Network};
use candid::Principal;
use wire::{DelSatelliteConfig, Features, OrbiterSatelliteConfig, SetSatelliteConfig};

type Configs = Vec<(Principal, OrbiterSatelliteConfig)>;

const ONE: Principal = Principal::from_slice(&[1]);
const TWO: Principal = Principal::from_slice(&[2]);

fn config(version: Option<u64>) -> SetSatelliteConfig {
    SetSatelliteConfig {
        features: Some(Features {
            page_views: true,
            track_events: false,
            performance_metrics: true,
        }),
        restricted_origin: Some("https://one.example".to_owned()),
        version,
    }
}

fn set(
    network: &Network,
    configs: Vec<(Principal, SetSatelliteConfig)>,
) -> Result<Configs, String> {
    network.update(ADMIN, "set_satellite_configs", (configs,))
}

fn versions(configs: &Configs) -> Vec<(Principal, Option<u64>)> {
    configs
        .iter()
        .map(|(id, config)| (*id, config.version))
        .collect()
}

fn list(network: &Network) -> Configs {
    network
        .query(ADMIN, "list_satellite_configs", ())
        .expect("configs")
}

#[test]
fn configs_are_set_changed_and_listed() {
    let network = Network::new();
    let first = set(&network, vec![(ONE, config(None)), (TWO, config(Some(9)))]).expect("configs");
    assert_eq!(versions(&first), [(ONE, Some(1)), (TWO, Some(1))]);
    assert_eq!(first[0].1.features, config(None).features);
    assert_eq!(first[0].1.restricted_origin, config(None).restricted_origin);
    let second = set(&network, vec![(ONE, config(Some(1)))]).expect("configs");
    assert_eq!(versions(&second), [(ONE, Some(2))]);
    assert_eq!(second[0].1.created_at, first[0].1.created_at);
    assert!(second[0].1.updated_at > first[0].1.updated_at);
    assert_eq!(versions(&list(&network)), [(ONE, Some(2)), (TWO, Some(1))]);
}

#[test]
fn a_refused_config_rejects_the_call_and_changes_nothing() {
    let network = Network::new();
    set(&network, vec![(ONE, config(None))]).expect("configs");
    let reject = set(&network, vec![(TWO, config(None)), (ONE, config(None))]).unwrap_err();
    assert!(
        reject.ends_with("juno.error.no_version_provided"),
        "{reject}"
    );
    let reject = set(&network, vec![(TWO, config(None)), (ONE, config(Some(3)))]).unwrap_err();
    assert!(
        reject.ends_with("juno.error.version_outdated_or_future (1 - 3)"),
        "{reject}"
    );
    assert_eq!(versions(&list(&network)), [(ONE, Some(1))]);
}

#[test]
fn a_config_is_deleted_by_its_version() {
    let network = Network::new();
    set(&network, vec![(ONE, config(None)), (TWO, config(None))]).expect("configs");
    let delete = |version| {
        let arguments = (ONE, DelSatelliteConfig { version });
        network.update_nothing(ADMIN, "del_satellite_config", arguments)
    };
    let reject = delete(None).unwrap_err();
    assert!(
        reject.ends_with("juno.error.no_version_provided"),
        "{reject}"
    );
    let reject = delete(Some(2)).unwrap_err();
    assert!(
        reject.ends_with("juno.error.version_outdated_or_future (1 - 2)"),
        "{reject}"
    );
    assert_eq!(list(&network).len(), 2);
    assert_eq!(delete(Some(1)), Ok(()));
    assert_eq!(versions(&list(&network)), [(TWO, Some(1))]);
}
