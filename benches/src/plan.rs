//! Which workloads are loaded, how many entries of each, and how they are spread.

use bench_canister::report::Order;
use std::ops::RangeInclusive;
use workloads::Workload;

/// The sizes that a workload is loaded in at its own rate.
const SIZES: [u64; 3] = [10_000, 100_000, 1_000_000];
/// The most entries that the peer gets: beyond, its questions don't fit a query any more.
const PEER: u64 = 100_000;
/// Entries of three years at a hundred a day.
const THREE_YEARS: u64 = 3 * 365 * 100;
/// The most hostile entries: their texts alone are some 500 bytes each.
const HOSTILE: u64 = 100_000;
/// Page views that are spread over a year.
const YEARLY: [u64; 2] = [1_000_000, 10_000_000];
/// Days of a year.
const YEAR: u32 = 365;

/// An order at the workload's own rate, for the engine.
pub fn order(workload: Workload, entries: u64, days: Option<u32>) -> Order {
    Order {
        workload: workload.name().to_owned(),
        entries,
        days,
        peer: false,
    }
}

/// Everything that is loaded, where it has so many entries.
pub fn orders(wanted: RangeInclusive<u64>) -> Vec<Order> {
    let mut orders = Vec::new();
    for workload in Workload::ALL {
        for entries in sizes(workload) {
            orders.push(order(workload, entries, None));
        }
    }
    for entries in SIZES.into_iter().filter(|entries| *entries <= PEER) {
        let ours = order(Workload::W1, entries, None);
        orders.push(Order { peer: true, ..ours });
    }
    orders.extend(YEARLY.map(|entries| order(Workload::W1, entries, Some(YEAR))));
    orders.retain(|order| wanted.contains(&order.entries));
    orders
}

fn sizes(workload: Workload) -> Vec<u64> {
    match workload {
        Workload::W4 => vec![SIZES[0], THREE_YEARS],
        Workload::W6 => SIZES
            .into_iter()
            .filter(|entries| *entries <= HOSTILE)
            .collect(),
        _ => SIZES.into(),
    }
}
