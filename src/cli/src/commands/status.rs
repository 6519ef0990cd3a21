//! `orbiter status`: what is deployed, what it holds and what it costs.

mod overview;
mod storage;

use std::path::{Path, PathBuf};

use candid::{Nat, Principal};
use clap::Args;

use crate::context::{Context, now};
use crate::error::{Error, Result};
use crate::management;
use crate::orbiter::Orbiter;
use crate::satellite;
use crate::wasm::{self, Canister};
use overview::{CanisterView, KeyView, MemoryView, Overview, SatelliteView, Today};
use storage::StorageView;

/// A day, ns. Days are UTC.
const DAY: u64 = 86_400_000_000_000;

/// Show both canisters: module, cycles, memory, storage, satellites, access keys, page views of today (UTC).
///
/// What the caller may not see is left out, with the reason.
#[derive(Debug, Args)]
pub struct Status {
    /// The orbiter's canister id, if not the deployed one.
    #[arg(long, value_name = "ID")]
    orbiter: Option<String>,
    /// The satellite's canister id, if not the deployed one.
    #[arg(long, value_name = "ID")]
    satellite: Option<String>,
    /// The orbiter's Wasm to compare with [default: dist/orbiter.wasm].
    #[arg(long, value_name = "FILE")]
    orbiter_wasm: Option<PathBuf>,
    /// The satellite's Wasm to compare with [default: dist/satellite.wasm].
    #[arg(long, value_name = "FILE")]
    satellite_wasm: Option<PathBuf>,
}

impl Status {
    /// Looks and prints.
    pub async fn run(&self, context: &Context) -> Result<()> {
        let orbiter = context.known_canister(self.orbiter.as_deref(), Canister::Orbiter)?;
        let satellite = context.canister(self.satellite.as_deref(), Canister::Satellite)?;
        let look = self.look(context, orbiter, satellite);
        let overview = context.report.step("ask the network", look).await?;
        context.report.result(&overview)
    }

    async fn look(
        &self,
        context: &Context,
        orbiter: Principal,
        satellite: Option<Principal>,
    ) -> Result<Overview> {
        let connection = &context.connection;
        let file = context.wasm_file(self.orbiter_wasm.as_deref(), Canister::Orbiter);
        let mut overview = Overview::new(
            connection.network.name.clone(),
            connection.caller,
            canister_view(context, orbiter, &file).await?,
        );
        if let Some(id) = satellite {
            let file = context.wasm_file(self.satellite_wasm.as_deref(), Canister::Satellite);
            overview.satellite = Some(canister_view(context, id, &file).await?);
            let told = satellite::orbiter(connection, id).await;
            overview.satellite_reports_to =
                overview.unless_withheld("its orbiter", told)?.flatten();
        }
        if overview.orbiter.module_hash.is_some() {
            look_inside(&Orbiter::new(connection, orbiter), &mut overview).await?;
        }
        Ok(overview)
    }
}

/// Asks the orbiter for what only it can tell.
async fn look_inside(orbiter: &Orbiter<'_>, overview: &mut Overview) -> Result<()> {
    let now = now()?;
    let midnight = now - now % DAY;

    let totals = orbiter.page_views(None, midnight).await;
    let totals = overview.unless_withheld("page views", totals)?;
    overview.today = totals.as_ref().map(Today::from);

    let memory = overview.unless_withheld("memory", orbiter.memory().await)?;
    overview.memory = memory.map(MemoryView::from);

    let storage = overview.unless_withheld("storage", orbiter.storage().await)?;
    overview.storage = storage.map(StorageView::from);

    let satellites = satellites(orbiter, midnight).await;
    overview.satellites = overview.unless_withheld("satellites", satellites)?;

    let keys = overview.unless_withheld("access keys", orbiter.keys().await)?;
    overview.access_keys = keys.map(|keys| {
        let view = |(id, key)| KeyView::new(id, key, now);
        keys.into_iter().map(view).collect()
    });
    Ok(())
}

/// What the network tells about a canister: all of it to a controller, the module's hash to anyone.
async fn canister_view(context: &Context, id: Principal, file: &Path) -> Result<CanisterView> {
    let connection = &context.connection;
    let status = match management::status(connection, id).await {
        Ok(status) => Some(status),
        Err(Error::NotController { .. }) => None,
        Err(other) => return Err(other),
    };
    let hash = match &status {
        Some(status) => status.module_hash.clone(),
        None => connection.module_hash(id).await?,
    };
    let wanted = wasm::hash_of(file)?;
    let known =
        |number: fn(&management::Status) -> &Nat| status.as_ref().map(number).and_then(whole);
    Ok(CanisterView {
        id,
        runs_this_wasm: wanted.map(|wanted| hash.as_deref() == Some(&wanted[..])),
        module_hash: hash.map(hex::encode),
        cycles: known(|status| &status.cycles),
        memory_bytes: known(|status| &status.memory_size),
        idle_cycles_per_day: known(|status| &status.idle_cycles_burned_per_day),
    })
}

async fn satellites(orbiter: &Orbiter<'_>, midnight: u64) -> Result<Vec<SatelliteView>> {
    let mut views = Vec::new();
    for (id, config) in orbiter.configs().await? {
        let totals = orbiter.page_views(Some(id), midnight).await?;
        views.push(SatelliteView::new(id, config, totals.total_page_views));
    }
    Ok(views)
}

/// A natural number as the IC's own quantities are: 128 bits.
fn whole(number: &Nat) -> Option<u128> {
    u128::try_from(&number.0).ok()
}
