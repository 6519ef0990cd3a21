//! What a deployment does, decided from what the network reports, before anything is done.

use candid::Principal;
use wire::{
    AccessKey, AccessKeyScope, Features, OrbiterSatelliteConfig, SetAccessKey, SetSatelliteConfig,
};

/// What a module's installation takes, in cycles a byte on a 13-node subnet, from above: 2,000 for its transport, and
/// 6,000 to compile each instruction, of which there are at most one in two bytes.
const CYCLES_PER_MODULE_BYTE: u128 = 2_000 + 6_000 / 2;

/// What happens to one canister.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It is created, and the module installed.
    Create,
    /// It exists and is empty: the module is installed.
    Install,
    /// It runs another module: that is replaced, its stable memory kept.
    Upgrade,
    /// It runs this module already.
    Nothing,
}

impl Step {
    /// Decides from what is installed: none if the canister does not exist, else its module's hash, if it has a module.
    pub fn decide(installed: Option<Option<&[u8]>>, wanted: &[u8]) -> Self {
        match installed {
            None => Self::Create,
            Some(None) => Self::Install,
            Some(Some(hash)) if hash == wanted => Self::Nothing,
            Some(Some(_)) => Self::Upgrade,
        }
    }

    /// The step in a word, in the past tense.
    pub const fn done(self) -> &'static str {
        match self {
            Self::Create => "created",
            Self::Install => "installed",
            Self::Upgrade => "upgraded",
            Self::Nothing => "unchanged",
        }
    }

    /// About how many cycles it takes from the canister's balance for a module of that many bytes.
    pub fn cycles(self, module_bytes: usize) -> u128 {
        match self {
            Self::Nothing => 0,
            _ => module_bytes as u128 * CYCLES_PER_MODULE_BYTE,
        }
    }
}

/// The change that switches analytics on for a satellite; none if its owner has already decided what to collect.
pub fn switch_on(existing: Option<&OrbiterSatelliteConfig>) -> Option<SetSatelliteConfig> {
    if existing.is_some_and(|config| config.features.is_some()) {
        return None;
    }
    Some(SetSatelliteConfig {
        features: Some(Features {
            page_views: true,
            track_events: true,
            performance_metrics: true,
        }),
        restricted_origin: existing.and_then(|config| config.restricted_origin.clone()),
        version: existing.and_then(|config| config.version),
    })
}

/// The access key that lets the dashboard read, unless a key that still does at `now` (ns) exists.
pub fn dashboard_key(existing: Option<&AccessKey>, now: u64) -> Option<SetAccessKey> {
    let reads = |key: &AccessKey| {
        let expired = key.expires_at.is_some_and(|expires_at| expires_at <= now);
        key.scope == AccessKeyScope::Admin || (key.scope == AccessKeyScope::Write && !expired)
    };
    if existing.is_some_and(reads) {
        return None;
    }
    Some(SetAccessKey {
        metadata: vec![("name".to_owned(), "dashboard".to_owned())],
        kind: None,
        scope: AccessKeyScope::Write,
        expires_at: None,
    })
}

/// The value that a list holds under a principal.
pub fn find<T>(list: &[(Principal, T)], principal: Principal) -> Option<&T> {
    list.iter()
        .find(|(id, _)| *id == principal)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(features: Option<Features>) -> OrbiterSatelliteConfig {
        OrbiterSatelliteConfig {
            features,
            restricted_origin: Some("https://a.example".to_owned()),
            created_at: 1,
            updated_at: 2,
            version: Some(3),
        }
    }

    fn key(scope: AccessKeyScope, expires_at: Option<u64>) -> AccessKey {
        AccessKey {
            metadata: vec![],
            kind: None,
            scope,
            created_at: 1,
            updated_at: 1,
            expires_at,
        }
    }

    #[test]
    fn the_step_follows_from_what_is_installed() {
        assert_eq!(Step::decide(None, b"new"), Step::Create);
        assert_eq!(Step::decide(Some(None), b"new"), Step::Install);
        assert_eq!(Step::decide(Some(Some(b"old")), b"new"), Step::Upgrade);
        assert_eq!(Step::decide(Some(Some(b"new")), b"new"), Step::Nothing);
    }

    #[test]
    fn doing_nothing_is_free_and_all_else_costs_by_the_byte() {
        assert_eq!(Step::Nothing.cycles(1_000_000), 0);
        assert_eq!(Step::Upgrade.cycles(1_000_000), 5_000_000_000);
    }

    #[test]
    fn a_new_satellite_gets_all_three_features() {
        let change = switch_on(None).unwrap();
        let features = change.features.unwrap();
        assert!(features.page_views && features.track_events && features.performance_metrics);
        assert_eq!((change.restricted_origin, change.version), (None, None));
    }

    #[test]
    fn a_config_without_a_choice_is_completed_under_its_version() {
        let change = switch_on(Some(&config(None))).unwrap();
        assert_eq!(change.version, Some(3));
        assert_eq!(
            change.restricted_origin.as_deref(),
            Some("https://a.example")
        );
    }

    #[test]
    fn what_the_owner_has_chosen_is_left_alone() {
        let chosen = Features {
            page_views: true,
            track_events: false,
            performance_metrics: false,
        };
        assert_eq!(switch_on(Some(&config(Some(chosen)))), None);
    }

    #[test]
    fn the_dashboard_keeps_a_key_that_reads_and_gets_one_in_place_of_any_other() {
        use AccessKeyScope::{Admin, Submit, Write};
        for reads in [key(Write, None), key(Write, Some(11)), key(Admin, None)] {
            assert_eq!(dashboard_key(Some(&reads), 10), None, "{reads:?}");
        }
        for other in [None, Some(key(Submit, None)), Some(key(Write, Some(10)))] {
            let change = dashboard_key(other.as_ref(), 10).unwrap();
            assert_eq!(
                (change.scope, change.expires_at),
                (Write, None),
                "{other:?}"
            );
            assert_eq!(
                change.metadata,
                [("name".to_owned(), "dashboard".to_owned())]
            );
        }
    }
}
