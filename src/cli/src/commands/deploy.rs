//! `orbiter deploy`: both canisters on a network, wired together, and a dashboard that may read.

use std::fmt;
use std::path::PathBuf;

use candid::Principal;
use clap::Args;
use ic_agent::Identity;
use ic_ed25519::PrivateKey;
use serde::Serialize;
use wire::InitOrbiterArgs;

use crate::connection::Connection;
use crate::context::{Context, now};
use crate::error::{Error, Result};
use crate::identity;
use crate::management::{self, Mode};
use crate::orbiter::Orbiter;
use crate::plan::{self, Step};
use crate::report::{bytes, cycles};
use crate::satellite;
use crate::wasm::{self, Canister, Module};

/// Install or upgrade the orbiter and the satellite, and print where to find them.
///
/// Running it again upgrades what has changed and leaves the rest alone; entries, satellites and keys stay. On a local
/// network the canisters are created. On the Internet Computer you create them, since that costs cycles, and name them
/// the first time; the ids are remembered in canister_ids.json.
#[derive(Debug, Args)]
pub struct Deploy {
    /// The orbiter's canister id, if it exists already.
    #[arg(long, value_name = "ID")]
    orbiter: Option<String>,
    /// The satellite's canister id, if it exists already.
    #[arg(long, value_name = "ID")]
    satellite: Option<String>,
    /// The orbiter's Wasm [default: dist/orbiter.wasm].
    #[arg(long, value_name = "FILE")]
    orbiter_wasm: Option<PathBuf>,
    /// The satellite's Wasm [default: dist/satellite.wasm].
    #[arg(long, value_name = "FILE")]
    satellite_wasm: Option<PathBuf>,
}

/// One canister, what is to be there, and what that takes.
struct Target {
    canister: Canister,
    id: Option<Principal>,
    module: Module,
    step: Step,
}

/// Where everything is.
#[derive(Debug, Serialize)]
struct Deployed {
    network: String,
    orbiter: Deployment,
    satellite: Deployment,
    demo_url: String,
    dashboard_url: String,
}

#[derive(Debug, Serialize)]
struct Deployment {
    id: Principal,
    /// "created", "installed", "upgraded" or "unchanged".
    outcome: &'static str,
    module_hash: String,
}

impl Deploy {
    /// Deploys.
    pub async fn run(&self, context: &Context) -> Result<()> {
        let orbiter = self.target(context, Canister::Orbiter).await?;
        let satellite = self.target(context, Canister::Satellite).await?;
        consent(context, [&orbiter, &satellite])?;

        let admin = InitOrbiterArgs {
            controllers: vec![context.connection.caller],
        };
        let orbiter = put(context, orbiter, (admin,)).await?;
        let satellite = put(context, satellite, (satellite::init(orbiter.id),)).await?;
        let key = connect(context, orbiter.id, satellite.id).await?;

        let home = context.connection.network.canister_url(satellite.id);
        context.report.result(&Deployed {
            network: context.connection.network.name.clone(),
            dashboard_url: dashboard_url(&home, orbiter.id, satellite.id, &key),
            demo_url: home,
            orbiter,
            satellite,
        })
    }

    async fn target(&self, context: &Context, canister: Canister) -> Result<Target> {
        let (named, file) = match canister {
            Canister::Orbiter => (&self.orbiter, &self.orbiter_wasm),
            Canister::Satellite => (&self.satellite, &self.satellite_wasm),
        };
        let module = wasm::load(&context.wasm_file(file.as_deref(), canister), canister)?;
        let id = context.canister(named.as_deref(), canister)?;
        let status = look(context, id, named.is_some()).await?;
        let installed = status.as_ref().map(|status| status.module_hash.as_deref());
        let step = Step::decide(installed, &module.hash);
        if step == Step::Create && !context.connection.network.is_local() {
            return Err(Error::WontCreate {
                canister: canister.name(),
                network: context.connection.network.name.clone(),
            });
        }
        let id = status.and(id);
        Ok(Target {
            canister,
            id,
            module,
            step,
        })
    }
}

/// What the network knows about a canister. One that is remembered from a local network which has since been started
/// anew does not count; one that was named must exist.
async fn look(
    context: &Context,
    id: Option<Principal>,
    named: bool,
) -> Result<Option<management::Status>> {
    let Some(id) = id else { return Ok(None) };
    match management::status(&context.connection, id).await {
        Err(Error::CanisterMissing { .. }) if context.connection.network.is_local() && !named => {
            Ok(None)
        }
        other => other.map(Some),
    }
}

/// Asks before cycles that cost money are spent.
fn consent(context: &Context, targets: [&Target; 2]) -> Result<()> {
    let busy = targets.iter().filter(|target| target.step != Step::Nothing);
    let steps: Vec<String> = busy.map(|target| target.describe()).collect();
    if context.connection.network.is_local() || steps.is_empty() {
        return Ok(());
    }
    let cost: u128 = targets
        .iter()
        .map(|target| target.step.cycles(target.module.bytes.len()))
        .sum();
    context.prompt().go_ahead(&format!(
        "On network `{}`: {}; that takes up to about {} cycles from the canisters' own balances",
        context.connection.network.name,
        steps.join(", "),
        cycles(cost),
    ))
}

impl Target {
    fn describe(&self) -> String {
        let verb = match self.step {
            Step::Create | Step::Install => "install",
            Step::Upgrade => "upgrade",
            Step::Nothing => "keep",
        };
        let size = bytes(self.module.bytes.len() as u64);
        format!("{verb} the {} ({size})", self.canister.name())
    }
}

/// Carries a target's step out.
async fn put(
    context: &Context,
    target: Target,
    init: impl candid::utils::ArgumentEncoder,
) -> Result<Deployment> {
    let id = existing(context, &target).await?;
    let (connection, module) = (&context.connection, &target.module);
    match target.step {
        Step::Nothing => {
            let name = target.canister.name();
            context
                .report
                .note(&format!("the {name} runs this Wasm already"));
        }
        Step::Upgrade => {
            let work = management::install(connection, id, Mode::Upgrade, module, ());
            context.report.step(&target.describe(), work).await?;
        }
        Step::Create | Step::Install => {
            let work = management::install(connection, id, Mode::Install, module, init);
            context.report.step(&target.describe(), work).await?;
        }
    }
    Ok(Deployment {
        id,
        outcome: target.step.done(),
        module_hash: hex::encode(module.hash),
    })
}

/// The target's id; created if it does not exist, and remembered before anything else can fail.
async fn existing(context: &Context, target: &Target) -> Result<Principal> {
    let name = target.canister.name();
    let id = match target.id {
        Some(id) => id,
        None => {
            let work = management::create_on_local(&context.connection);
            context
                .report
                .step(&format!("create the {name}"), work)
                .await?
        }
    };
    context.memory.remember_canister(name, id)?;
    Ok(id)
}

/// Makes the canisters know each other, and gives the dashboard a key that reads; returns that key.
async fn connect(
    context: &Context,
    orbiter: Principal,
    satellite: Principal,
) -> Result<PrivateKey> {
    let (connection, report) = (&context.connection, context.report);
    if satellite::certified_orbiter(connection, satellite).await? != Some(orbiter) {
        let tell = satellite::set_orbiter(connection, satellite, orbiter);
        report.step("tell the satellite its orbiter", tell).await?;
    }

    let orbiter = Orbiter::new(connection, orbiter);
    let configs = orbiter.certified_configs().await?;
    match plan::switch_on(plan::find(&configs, satellite)) {
        Some(config) => {
            report
                .step("switch analytics on", orbiter.set_config(satellite, config))
                .await?
        }
        None => report.note("analytics: configured already"),
    }
    dashboard_key(context, connection, &orbiter).await
}

async fn dashboard_key(
    context: &Context,
    connection: &Connection,
    orbiter: &Orbiter<'_>,
) -> Result<PrivateKey> {
    let key = identity::load_or_create(&context.memory.dashboard_key_file())?;
    let holder = identity::signer(&key);
    let holder = holder.sender().map_err(|reason| Error::Agent {
        url: connection.network.url.to_string(),
        source: Box::new(ic_agent::AgentError::SigningError(reason)),
    })?;
    let keys = orbiter.certified_keys().await?;
    match plan::dashboard_key(plan::find(&keys, holder), now()?) {
        Some(access) => {
            let give = orbiter.set_key(holder, access);
            context
                .report
                .step("give the dashboard a key that reads", give)
                .await?;
        }
        None => context.report.note("dashboard: has its key already"),
    }
    Ok(key)
}

/// The dashboard's address. What it needs stands after the `#`, which browsers never send to a server; `key` is the
/// Ed25519 secret, 32 bytes in hexadecimal.
fn dashboard_url(home: &str, orbiter: Principal, satellite: Principal, key: &PrivateKey) -> String {
    let key = hex::encode(key.serialize_raw());
    format!("{home}console/#orbiter={orbiter}&satellite={satellite}&key={key}")
}

impl fmt::Display for Deployed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f)?;
        writeln!(f, "  Demo page   {}", self.demo_url)?;
        writeln!(f, "  Dashboard   {}", self.dashboard_url)?;
        writeln!(f, "  Orbiter     {}", self.orbiter.id)?;
        writeln!(f, "  Satellite   {}", self.satellite.id)?;
        writeln!(f)?;
        write!(
            f,
            "  The dashboard's address contains a key that reads: treat it as a password."
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dashboards_address_keeps_its_secret_behind_the_hash() {
        let id = Principal::from_text("lxzze-o7777-77777-aaaaa-cai").unwrap();
        let key = PrivateKey::deserialize_raw_32(&[7; 32]);
        let url = dashboard_url("http://x.localhost:8000/", id, id, &key);
        let (sent, kept) = url.split_once('#').unwrap();
        assert_eq!(sent, "http://x.localhost:8000/console/");
        assert_eq!(
            kept,
            format!("orbiter={id}&satellite={id}&key={}", "07".repeat(32))
        );
    }
}
