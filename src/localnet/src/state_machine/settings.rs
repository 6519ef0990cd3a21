//! What controllers decide about a canister.

use super::logs;
use candid::{Nat, Principal};
use ic_management_canister_types::{
    CanisterSettings, DefiniteCanisterSettings, EnvironmentVariable, LogVisibility,
    SnapshotVisibility,
};
use std::collections::BTreeMap;

/// At most this many controllers.
pub(crate) const MAX_CONTROLLERS: usize = 10;
/// Heap that a canister may use unless settings say otherwise, in bytes.
const DEFAULT_WASM_MEMORY_LIMIT: u64 = 3 << 30;
/// A 32-bit heap ends here.
const LARGEST_HEAP: u64 = 4 << 30;

/// A canister's settings, with all defaults filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Who may change the canister; sorted as given.
    pub(crate) controllers: Vec<Principal>,
    /// Percent of a core that is reserved; kept and shown, nothing is reserved here.
    pub(crate) compute_allocation: u64,
    /// Bytes that are reserved; kept and shown.
    pub(crate) memory_allocation: u64,
    /// Seconds that the balance should last.
    pub(crate) freezing_threshold: u64,
    /// Cycles that may be reserved for storage.
    pub(crate) reserved_cycles_limit: u128,
    pub(crate) log_visibility: LogVisibility,
    /// Bytes of log content that are kept.
    pub(crate) log_memory_limit: u64,
    pub(crate) snapshot_visibility: SnapshotVisibility,
    /// Heap in bytes that updates may use; 0 = no limit of its own.
    pub(crate) wasm_memory_limit: u64,
    /// The low-memory hook runs when less than this is left below the limit, in bytes.
    pub(crate) wasm_memory_threshold: u64,
    /// By name.
    pub(crate) environment_variables: BTreeMap<String, String>,
}

/// Why settings are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidSettings {
    #[error("Invalid settings: {given} controllers given, at most {MAX_CONTROLLERS} are possible.")]
    TooManyControllers { given: usize },
    #[error("Invalid settings: {setting} is {given}, at most {limit} is possible.")]
    TooLarge {
        setting: &'static str,
        given: Nat,
        limit: u128,
    },
    #[error("Invalid settings: the environment variable {name} is given twice.")]
    DuplicateVariable { name: String },
}

impl Settings {
    /// Defaults for a canister of somebody's.
    pub(crate) fn of(controller: Principal) -> Settings {
        Settings {
            controllers: vec![controller],
            compute_allocation: 0,
            memory_allocation: 0,
            freezing_threshold: 30 * 24 * 60 * 60,
            reserved_cycles_limit: 5_000_000_000_000,
            log_visibility: LogVisibility::Controllers,
            log_memory_limit: logs::DEFAULT_LIMIT,
            snapshot_visibility: SnapshotVisibility::Controllers,
            wasm_memory_limit: DEFAULT_WASM_MEMORY_LIMIT,
            wasm_memory_threshold: 0,
            environment_variables: BTreeMap::new(),
        }
    }

    /// These settings with everything replaced that `wanted` names; an error leaves nothing half done.
    pub(crate) fn with(&self, wanted: CanisterSettings) -> Result<Settings, InvalidSettings> {
        let mut new = self.clone();
        if let Some(controllers) = wanted.controllers {
            new.controllers = distinct(controllers)?;
        }
        let set = |setting, value: Option<Nat>, limit, target: &mut u64| {
            set_number(setting, value, limit).map(|number| {
                if let Some(number) = number {
                    *target = number as u64;
                }
            })
        };
        let any = u64::MAX as u128;
        set(
            "compute_allocation",
            wanted.compute_allocation,
            100,
            &mut new.compute_allocation,
        )?;
        set(
            "memory_allocation",
            wanted.memory_allocation,
            1 << 48,
            &mut new.memory_allocation,
        )?;
        set(
            "freezing_threshold",
            wanted.freezing_threshold,
            any,
            &mut new.freezing_threshold,
        )?;
        set(
            "log_memory_limit",
            wanted.log_memory_limit,
            2 << 20,
            &mut new.log_memory_limit,
        )?;
        set(
            "wasm_memory_limit",
            wanted.wasm_memory_limit,
            1 << 48,
            &mut new.wasm_memory_limit,
        )?;
        set(
            "wasm_memory_threshold",
            wanted.wasm_memory_threshold,
            any,
            &mut new.wasm_memory_threshold,
        )?;
        let reserved = set_number(
            "reserved_cycles_limit",
            wanted.reserved_cycles_limit,
            u128::MAX,
        )?;
        new.reserved_cycles_limit = reserved.unwrap_or(new.reserved_cycles_limit);
        new.log_visibility = wanted.log_visibility.unwrap_or(new.log_visibility);
        new.snapshot_visibility = wanted
            .snapshot_visibility
            .unwrap_or(new.snapshot_visibility);
        if let Some(variables) = wanted.environment_variables {
            new.environment_variables = by_name(variables)?;
        }
        Ok(new)
    }

    /// Bytes that the heap may have.
    pub(crate) fn heap_limit(&self) -> u64 {
        match self.wasm_memory_limit {
            0 => LARGEST_HEAP,
            limit => limit,
        }
    }

    /// As `canister_status` shows them.
    pub(crate) fn definite(&self) -> DefiniteCanisterSettings {
        DefiniteCanisterSettings {
            controllers: self.controllers.clone(),
            compute_allocation: self.compute_allocation.into(),
            memory_allocation: self.memory_allocation.into(),
            freezing_threshold: self.freezing_threshold.into(),
            reserved_cycles_limit: self.reserved_cycles_limit.into(),
            log_visibility: self.log_visibility.clone(),
            log_memory_limit: self.log_memory_limit.into(),
            snapshot_visibility: self.snapshot_visibility.clone(),
            wasm_memory_limit: self.wasm_memory_limit.into(),
            wasm_memory_threshold: self.wasm_memory_threshold.into(),
            environment_variables: self
                .environment_variables
                .iter()
                .map(|(name, value)| EnvironmentVariable {
                    name: name.clone(),
                    value: value.clone(),
                })
                .collect(),
        }
    }
}

/// Each controller once, in the order of their bytes.
fn distinct(mut controllers: Vec<Principal>) -> Result<Vec<Principal>, InvalidSettings> {
    controllers.sort();
    controllers.dedup();
    match controllers.len() {
        given if given > MAX_CONTROLLERS => Err(InvalidSettings::TooManyControllers { given }),
        _ => Ok(controllers),
    }
}

/// The number in an optional setting, if it is within its limit.
fn set_number(
    setting: &'static str,
    value: Option<Nat>,
    limit: u128,
) -> Result<Option<u128>, InvalidSettings> {
    let Some(given) = value else {
        return Ok(None);
    };
    match u128::try_from(given.0.clone()) {
        Ok(number) if number <= limit => Ok(Some(number)),
        _ => Err(InvalidSettings::TooLarge {
            setting,
            given,
            limit,
        }),
    }
}

fn by_name(
    variables: Vec<EnvironmentVariable>,
) -> Result<BTreeMap<String, String>, InvalidSettings> {
    let mut named = BTreeMap::new();
    for EnvironmentVariable { name, value } in variables {
        if named.insert(name.clone(), value).is_some() {
            return Err(InvalidSettings::DuplicateVariable { name });
        }
    }
    Ok(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings::of(Principal::anonymous())
    }

    #[test]
    fn what_is_not_named_stays() {
        let before = settings();
        assert_eq!(before.with(CanisterSettings::default()), Ok(before));
    }

    #[test]
    fn a_named_setting_is_replaced() {
        let wanted = CanisterSettings {
            freezing_threshold: Some(7u64.into()),
            reserved_cycles_limit: Some(u128::MAX.into()),
            ..CanisterSettings::default()
        };
        let after = settings().with(wanted).unwrap();
        assert_eq!(after.freezing_threshold, 7);
        assert_eq!(after.reserved_cycles_limit, u128::MAX);
    }

    #[test]
    fn a_number_above_its_limit_is_refused_with_both() {
        let wanted = CanisterSettings {
            compute_allocation: Some(101u64.into()),
            ..CanisterSettings::default()
        };
        let error = settings().with(wanted).unwrap_err().to_string();
        assert!(
            error.contains("compute_allocation is 101, at most 100"),
            "{error}"
        );
    }

    #[test]
    fn eleven_controllers_are_too_many_but_doubles_count_once() {
        let many = |n: u8| {
            (0..n)
                .map(|i| Principal::from_slice(&[i]))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            distinct(many(11)),
            Err(InvalidSettings::TooManyControllers { given: 11 })
        );
        let doubled = [many(10), many(10)].concat();
        assert_eq!(distinct(doubled).map(|c| c.len()), Ok(10));
    }

    #[test]
    fn a_variable_given_twice_is_refused() {
        let variable = EnvironmentVariable {
            name: "A".into(),
            value: "1".into(),
        };
        assert_eq!(
            by_name(vec![variable.clone(), variable]),
            Err(InvalidSettings::DuplicateVariable { name: "A".into() })
        );
    }
}
