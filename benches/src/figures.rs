//! What is measured, and the file that keeps it.

use bench_canister::report::{Dashboard, Order, Progress, Size, Weight};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Everything that is measured.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// The compiler that built the Wasm of the gate; empty where nobody noted it.
    #[serde(default)]
    pub toolchain: String,
    /// What the gate holds.
    pub gate: Vec<Figure>,
    /// Requests to the canister that ships.
    pub posts: Option<Posts>,
    /// Workloads in the engine and the peer.
    pub runs: Vec<Run>,
}

/// A named figure; less is better.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What it is, with its unit.
    pub name: String,
    /// How much.
    pub value: u64,
}

/// A workload in a store.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Run {
    /// What was loaded.
    pub order: Order,
    /// What loading took.
    pub progress: Progress,
    /// What is stored in the end.
    pub size: Size,
    /// Bytes of stable memory before the first entry.
    pub empty_bytes: u64,
    /// Looking up a stored entry by its key, to refuse it.
    pub look_up: Weight,
    /// Opening the store after an upgrade, in instructions.
    pub opening: u64,
    /// What dashboards took.
    pub dashboards: Vec<Asked>,
}

/// A dashboard over a range.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Asked {
    /// Which.
    pub dashboard: Dashboard,
    /// The last so many whole days (UTC); none: everything.
    pub days: Option<u32>,
    /// With bounds in the middle of days, to the nanosecond.
    pub ugly: bool,
    /// Instructions; none where a query can't do it.
    pub instructions: Option<u64>,
}

/// Requests to the canister that ships: instructions of `http_request_update`.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Posts {
    /// Requests with one view each.
    pub one: Weight,
    /// Requests with ten views each.
    pub ten: Weight,
    /// Requests with a hundred views each.
    pub hundred: Weight,
    /// Bytes of all headers of a request, names and values.
    pub header_bytes: u64,
    /// Bytes of the ingress message with one view, on average.
    pub ingress_one: u64,
    /// With ten.
    pub ingress_ten: u64,
    /// With a hundred.
    pub ingress_hundred: u64,
}

impl Run {
    /// Bytes of stable memory that came with the entries.
    pub fn grown_bytes(&self) -> u64 {
        self.size.stable_bytes.saturating_sub(self.empty_bytes)
    }

    /// Live bytes per entry, where the store says.
    pub fn live_bytes_per_entry(&self) -> Option<f64> {
        Some(self.size.live_bytes? as f64 / self.entries() as f64)
    }

    /// Instructions of compaction per entry.
    pub fn compaction_per_entry(&self) -> u64 {
        self.progress.compaction.total / self.entries()
    }

    /// Entries that were stored; at least 1.
    pub fn entries(&self) -> u64 {
        self.progress.set.steps.max(1)
    }

    /// Instructions of one dashboard.
    pub fn asked(&self, dashboard: Dashboard, days: Option<u32>, ugly: bool) -> Option<&Asked> {
        self.dashboards
            .iter()
            .find(|asked| (asked.dashboard, asked.days, asked.ugly) == (dashboard, days, ugly))
    }
}

impl Figures {
    /// The file.
    pub fn path() -> PathBuf {
        crate::network::root().join("benches/storage.json")
    }

    /// What the file says; nothing if there is none.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn read() -> Result<Self, String> {
        let path = Self::path();
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(format!("{}: {error}", path.display())),
        }
    }

    /// Rewrites the file, and `benches/storage.md` beside it.
    ///
    /// # Errors
    /// What went wrong.
    pub fn write(&self) -> Result<(), String> {
        let text = serde_json::to_string_pretty(self).map_err(|error| error.to_string())?;
        let page = crate::tables::page(self);
        for (path, text) in [
            (Self::path(), text + "\n"),
            (Self::path().with_extension("md"), page),
        ] {
            std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        Ok(())
    }
}
