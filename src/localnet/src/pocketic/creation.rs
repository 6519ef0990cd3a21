//! From what a client asks for to a running instance; refuses by name what localnet cannot be.

use super::failure::Failure;
use super::shapes::configuration::{
    CostSchedule, Flag, InitialTime, InstanceConfig, InstructionConfig, StateConfig,
    SubnetConfigSet, SubnetSpec,
};
use crate::engine::Engine;
use crate::host::Instance;
use crate::state_machine::{
    Configuration, GENESIS_NANOS, Network, SubnetConfiguration, SubnetKind,
};
use sha2::{Digest, Sha256};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// The seed of every network's keys. It is the same for all, so that runs repeat exactly; it is public, so the
/// keys protect nothing.
pub fn seed() -> [u8; 32] {
    Sha256::digest(b"localnet: keys of a network for tests").into()
}

/// What an instance is made from, checked.
#[derive(Debug)]
pub struct Plan {
    subnets: Vec<SubnetConfiguration>,
    initial_time: u64,
    /// In live mode from the start, the pause before each round.
    live: Option<Duration>,
}

impl Plan {
    /// Checks what a client asks for.
    pub fn new(config: &InstanceConfig) -> Result<Plan, Failure> {
        refuse_unsupported(config)?;
        let subnets = subnets(&config.subnet_config_set)?;
        let (initial_time, live) = match &config.initial_time {
            None => (GENESIS_NANOS, None),
            Some(InitialTime::Timestamp(time)) => (time.nanos_since_epoch, None),
            Some(InitialTime::AutoProgress(pace)) => {
                let pause = Duration::from_millis(pace.artificial_delay_ms.unwrap_or(0));
                (crate::host::wall_clock(), Some(pause))
            }
        };
        if initial_time < GENESIS_NANOS {
            return Err(Failure::TimeGoesBack {
                now: GENESIS_NANOS,
                asked: initial_time,
            });
        }
        Ok(Plan {
            subnets,
            initial_time,
            live,
        })
    }

    /// Starts the instance with its memories in a temporary directory within `home`.
    pub async fn start(self, engine: Arc<Engine>, home: PathBuf) -> Result<Instance, Failure> {
        let live = self.live;
        let made = tokio::task::spawn_blocking(move || self.make(engine, &home)).await;
        let (network, directory) = made.map_err(|_| Failure::Defect)?.map_err(|error| {
            let what = "the network's memory directory cannot be made".to_owned();
            Failure::System { what, error }
        })?;
        let instance = Instance::start_temporary(network, directory);
        if live.is_some() {
            instance.set_pace(live).await;
        }
        Ok(instance)
    }

    /// Makes the network; generating keys takes a while.
    fn make(self, engine: Arc<Engine>, home: &Path) -> io::Result<(Network, TempDir)> {
        let directory = tempfile::tempdir_in(home)?;
        let network = Network::new(Configuration {
            subnets: self.subnets,
            initial_time: self.initial_time,
            directory: directory.path().to_owned(),
            engine,
            seed: seed(),
        })?;
        Ok((network, directory))
    }
}

/// Refuses what concerns the whole instance.
fn refuse_unsupported(config: &InstanceConfig) -> Result<(), Failure> {
    let beta = config.icp_config.as_ref().and_then(|it| it.beta_features);
    let features = config.icp_features.iter().flatten();
    let asked: Vec<&str> = features
        .filter(|(_, value)| value.is_some())
        .map(|(name, _)| name.as_str())
        .collect();
    let refusal = if config.state_dir.is_some() {
        "state_dir (PocketIC's format of states is its own)".to_owned()
    } else if beta == Some(Flag::Enabled) {
        "icp_config.beta_features".to_owned()
    } else if config.bitcoind_addr.is_some() {
        "bitcoind_addr".to_owned()
    } else if config.dogecoind_addr.is_some() {
        "dogecoind_addr".to_owned()
    } else if !asked.is_empty() {
        format!("icp_features.{}", asked.join(", icp_features."))
    } else if config.incomplete_state == Some(Flag::Enabled) {
        "incomplete_state".to_owned()
    } else if config.mainnet_nns_subnet_id == Some(true) {
        "mainnet_nns_subnet_id".to_owned()
    } else {
        return Ok(());
    };
    Err(Failure::Unsupported(refusal))
}

/// The subnets in a fixed order: named ones first, as the client crate lists them.
fn subnets(set: &SubnetConfigSet) -> Result<Vec<SubnetConfiguration>, Failure> {
    if set.test_threshold_keys.is_some() {
        return Err(Failure::Unsupported("a test_threshold_keys subnet".into()));
    }
    if !set.cloud_engine.is_empty() {
        return Err(Failure::Unsupported("a cloud_engine subnet".into()));
    }
    let named = [
        (SubnetKind::Nns, &set.nns),
        (SubnetKind::Sns, &set.sns),
        (SubnetKind::InternetIdentity, &set.ii),
        (SubnetKind::Fiduciary, &set.fiduciary),
        (SubnetKind::Bitcoin, &set.bitcoin),
    ];
    let counted = [
        (SubnetKind::System, &set.system),
        (SubnetKind::Application, &set.application),
        (SubnetKind::VerifiedApplication, &set.verified_application),
    ];
    let named = named
        .into_iter()
        .flat_map(|(kind, spec)| spec.iter().map(move |spec| (kind, spec)));
    let counted = counted
        .into_iter()
        .flat_map(|(kind, specs)| specs.iter().map(move |spec| (kind, spec)));
    let subnets = named
        .chain(counted)
        .map(|(kind, spec)| subnet(kind, spec))
        .collect::<Result<Vec<_>, _>>()?;
    match subnets.is_empty() {
        true => Err(Failure::Malformed(
            "an instance must have at least one subnet".into(),
        )),
        false => Ok(subnets),
    }
}

/// One subnet.
fn subnet(kind: SubnetKind, spec: &SubnetSpec) -> Result<SubnetConfiguration, Failure> {
    let refuse = |what: &str| Err(Failure::Unsupported(what.into()));
    match spec.state_config {
        StateConfig::New => {}
        StateConfig::FromPath(_) => {
            return refuse("state_config FromPath (PocketIC's format of states is its own)");
        }
        StateConfig::FromBlobStore(_) => return refuse("state_config FromBlobStore"),
    }
    if spec.subnet_admins.is_some() {
        return refuse("subnet_admins");
    }
    let free = spec.cost_schedule == CostSchedule::Free;
    if free && kind != SubnetKind::Application {
        return Err(Failure::Malformed(
            "only an application subnet can have the cost schedule Free".into(),
        ));
    }
    Ok(SubnetConfiguration {
        kind,
        benchmarking: spec.instruction_config == InstructionConfig::Benchmarking,
        free,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn plan(config: Value) -> Result<Plan, String> {
        let config = serde_json::from_value(config).map_err(|error| error.to_string())?;
        Plan::new(&config).map_err(|failure| failure.to_string())
    }

    fn with(field: &str, value: Value) -> Value {
        let mut config = json!({"subnet_config_set": {"application": [{"state_config": "New"}]}});
        config[field] = value;
        config
    }

    #[test]
    fn what_pic_js_sends_by_default_makes_one_application_subnet() {
        let asked = json!({"subnet_config_set": {
            "system": [], "cloud_engine": [], "verified_application": [],
            "application": [{"dts_flag": "Enabled", "instruction_config": "Production",
                             "cost_schedule": "Normal", "state_config": "New"}]}});
        let plan = plan(asked).expect("is supported");
        let application = SubnetConfiguration {
            kind: SubnetKind::Application,
            benchmarking: false,
            free: false,
        };
        assert_eq!(plan.subnets, [application]);
        assert_eq!(plan.initial_time, GENESIS_NANOS);
    }

    #[test]
    fn named_subnets_come_first_and_keep_their_settings() {
        let asked = json!({"subnet_config_set": {"nns": {}, "fiduciary": null, "system": [{}],
            "application": [{"instruction_config": "Benchmarking", "cost_schedule": "Free"}]}});
        let plan = plan(asked).expect("is supported");
        let kinds: Vec<_> = plan.subnets.iter().map(|it| it.kind).collect();
        assert_eq!(
            kinds,
            [SubnetKind::Nns, SubnetKind::System, SubnetKind::Application]
        );
        assert!(plan.subnets[2].benchmarking && plan.subnets[2].free);
    }

    #[test]
    fn objects_with_empty_members_are_no_wish() {
        let features = json!({"registry": null, "icp_token": null});
        assert!(plan(with("icp_features", features)).is_ok());
        assert!(plan(with("icp_config", json!({"beta_features": null}))).is_ok());
    }

    #[test]
    fn everything_unsupported_is_refused_by_name() {
        for (field, value, name) in [
            ("state_dir", json!("/state"), "state_dir"),
            (
                "icp_config",
                json!({"beta_features": "Enabled"}),
                "icp_config.beta_features",
            ),
            (
                "icp_features",
                json!({"ii": "DefaultConfig"}),
                "icp_features.ii",
            ),
            ("bitcoind_addr", json!(["127.0.0.1:1"]), "bitcoind_addr"),
            ("dogecoind_addr", json!([]), "dogecoind_addr"),
            ("incomplete_state", json!("Enabled"), "incomplete_state"),
            (
                "mainnet_nns_subnet_id",
                json!(true),
                "mainnet_nns_subnet_id",
            ),
            (
                "subnet_config_set",
                json!({"cloud_engine": [{}]}),
                "a cloud_engine subnet",
            ),
            (
                "subnet_config_set",
                json!({"test_threshold_keys": {}}),
                "a test_threshold_keys subnet",
            ),
            (
                "subnet_config_set",
                json!({"nns": {"state_config": {"FromPath": "/state"}}}),
                "state_config FromPath",
            ),
            (
                "subnet_config_set",
                json!({"application": [{"subnet_admins": []}]}),
                "subnet_admins",
            ),
        ] {
            let refusal = plan(with(field, value)).expect_err(name);
            assert!(
                refusal.starts_with(&format!("localnet: {name}"))
                    && refusal.ends_with("is not supported"),
                "{refusal}"
            );
        }
    }

    #[test]
    fn an_instance_without_subnets_and_one_before_genesis_are_refused() {
        let none = plan(json!({"subnet_config_set": {}})).expect_err("no subnet");
        assert_eq!(
            none,
            "the request does not parse: an instance must have at least one subnet"
        );
        let early = json!({"Timestamp": {"nanos_since_epoch": 1}});
        let early = plan(with("initial_time", early)).expect_err("too early");
        assert!(early.starts_with("time cannot go back"), "{early}");
    }
}
