//! Loads a workload into the canister that measures, and asks it.

use crate::figures::{Asked, Run};
use crate::network::{Canister, built};
use bench_canister::report::{Dashboard, Order, Progress, Question, Size, Weight};
use candid::{Principal, encode_args};
use workloads::{START, Workload};

/// Nanoseconds of a day.
const DAY: u64 = 86_400_000_000_000;
/// After so long without an entry every session is closed: 31 minutes.
const SILENCE: u64 = 31 * 60 * 1_000_000_000;

/// The periods that dashboards are asked for, in days.
pub const PERIODS: [u32; 4] = [1, 7, 30, 365];
/// The dashboards of page views.
pub const VIEW_DASHBOARDS: [Dashboard; 3] =
    [Dashboard::Metrics, Dashboard::TopTen, Dashboard::Clients];

/// Loads what `order` says and measures.
///
/// # Panics
/// When the canister misbehaves.
pub fn run(order: &Order) -> Run {
    let canister = Canister::install(
        built("bench_canister.wasm"),
        encode_args(()).expect("Candid"),
    );
    let _: () = canister.update("begin", (order,));
    let empty_bytes = size(&canister).stable_bytes;
    until_done(|| canister.update("go_on", ()));
    let progress = settled(&canister);
    let size = size(&canister);
    let (look_up,): (Weight,) = canister.update("resend", ());
    let dashboards = dashboards(&canister, order, progress.now);
    canister.upgrade(
        built("bench_canister.wasm"),
        encode_args((order.peer,)).expect("Candid"),
    );
    let (opening,): (u64,) = canister.query("opening", ()).expect("a number");
    Run {
        order: order.clone(),
        progress,
        size,
        empty_bytes,
        look_up,
        opening,
        dashboards,
    }
}

/// The compiler that built the canister that measures.
///
/// # Panics
/// When the canister doesn't say.
pub fn toolchain() -> String {
    let canister = Canister::install(
        built("bench_canister.wasm"),
        encode_args(()).expect("Candid"),
    );
    let (toolchain,): (String,) = canister.query("toolchain", ()).expect("a text");
    toolchain
}

fn size(canister: &Canister) -> Size {
    let (size,): (Size,) = canister.query("size", ()).expect("a size");
    size
}

fn until_done(mut step: impl FnMut() -> (Progress,)) -> Progress {
    loop {
        let (progress,) = step();
        if progress.done {
            return progress;
        }
    }
}

/// Lets half an hour pass, then compacts what is left to compact.
fn settled(canister: &Canister) -> Progress {
    let mut silence = SILENCE;
    until_done(|| canister.update("settle", (std::mem::take(&mut silence),)))
}

/// Asks every dashboard that the workload has entries for: over everything, and over periods where a year was asked
/// for.
fn dashboards(canister: &Canister, order: &Order, now: u64) -> Vec<Asked> {
    let workload = Workload::from_name(&order.workload);
    let satellite_id = workload.and_then(|workload| workload.satellites().first().copied());
    let extras: &[Dashboard] = match workload {
        Some(Workload::W5 | Workload::W6) if !order.peer => {
            &[Dashboard::Events, Dashboard::WebVitals]
        }
        _ => &[],
    };
    let periods = match order.days {
        Some(days) => &PERIODS[..PERIODS.iter().filter(|period| **period <= days).count()],
        None => &[],
    };
    // The first midnight after the last entry; of a spread its own end.
    let end = match order.days {
        Some(days) => START + u64::from(days) * DAY,
        None => now.div_ceil(DAY) * DAY,
    };
    let mut asked = Vec::new();
    for &dashboard in VIEW_DASHBOARDS.iter().chain(extras) {
        asked.push(ask(canister, satellite_id, dashboard, Period::Everything));
        for &days in periods {
            for ugly in [false, true] {
                let period = Period::Days { days, ugly, end };
                asked.push(ask(canister, satellite_id, dashboard, period));
            }
        }
    }
    asked
}

/// What a dashboard is asked for.
#[derive(Clone, Copy)]
enum Period {
    Everything,
    Days { days: u32, ugly: bool, end: u64 },
}

impl Period {
    fn bounds(self) -> (u64, u64) {
        match self {
            Self::Everything => (0, u64::MAX),
            Self::Days { days, ugly, end } => {
                let from = end - u64::from(days) * DAY;
                if ugly {
                    // 7 h 13 min 5.123456789 s and 3 h 41 min 7.000000001 s before midnight.
                    (
                        from.saturating_sub(25_985_123_456_789),
                        end - 13_267_000_000_001,
                    )
                } else {
                    (from, end)
                }
            }
        }
    }
}

fn ask(
    canister: &Canister,
    satellite_id: Option<Principal>,
    dashboard: Dashboard,
    period: Period,
) -> Asked {
    let (from, to) = period.bounds();
    let question = Question {
        dashboard,
        satellite_id,
        from,
        to,
    };
    let answer: Result<(u64,), String> = canister.query("ask", (question,));
    let (days, ugly) = match period {
        Period::Everything => (None, false),
        Period::Days { days, ugly, .. } => (Some(days), ugly),
    };
    Asked {
        dashboard,
        days,
        ugly,
        instructions: answer.ok().map(|(instructions,)| instructions),
    }
}
