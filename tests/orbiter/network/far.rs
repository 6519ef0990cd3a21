//! An orbiter of hundreds of gigabytes: beyond 256 GiB, at the end of 400 GB, and where stable memory ends.
//!
//! `dist/far.wasm` is the orbiter with a hook that leaves a gap; the Wasm that ships goes on from there. The views that
//! fill what is left are bulky, so that few do.

use super::compaction::{
    expect_exact, load_and_compact, many, overview, run_timers, stored_views, wait_until,
};
use super::naive::{FROM, STEP};
use super::{ADMIN, Network, built, wasm};
use crate::table::OPEN;
use std::ops::Range;
use std::time::Duration;
use wire::{
    AnalyticKey, GetAnalytics, MemorySize, PageView, PageViewDevice, SetManyResult, SetPageView,
};

const BUCKET: u64 = 16 << 20;
const FAR: u64 = 256 << 30;
const PROMISED: u64 = 400_000_000_000;
/// The most stable memory that a canister can have.
const MOST: u64 = 500 << 30;

/// Bulky views in a batch: not quite two megabytes.
const BATCH: u64 = 450;

/// A view of some 4 KiB that no other resembles, collected after the plain ones.
fn bulky(index: u64) -> (AnalyticKey, SetPageView) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut state = index;
    let noise: String = (0..4_000)
        .map(|_| {
            // Knuth's MMIX generator; the upper bits are the good ones.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            char::from(DIGITS[(state >> 58) as usize])
        })
        .collect();
    let view = SetPageView {
        title: "Bulky".to_owned(),
        href: format!("https://open.example/{noise}"),
        referrer: None,
        device: PageViewDevice {
            inner_width: 800,
            inner_height: 600,
            screen_width: None,
            screen_height: None,
        },
        time_zone: "UTC".to_owned(),
        user_agent: None,
        client: None,
        campaign: None,
        satellite_id: OPEN,
        session_id: format!("bulky {}", index / 100),
        updated_at: None,
        version: None,
    };
    (bulky_key(index), view)
}

fn bulky_key(index: u64) -> AnalyticKey {
    AnalyticKey {
        collected_at: FROM + (2 * many() + index) * STEP,
        key: format!("bulky {index}"),
    }
}

/// Stores bulky views; gives those that were stored, and why the first of the others was not.
fn load_bulky(network: &Network, views: Range<u64>) -> (Vec<u64>, Option<String>) {
    wait_until(network, bulky_key(views.end - 1).collected_at);
    let batch: Vec<_> = views.clone().map(bulky).collect();
    let answer: SetManyResult = network
        .update(ADMIN, "set_page_views", (batch,))
        .expect("an answer, not a trap");
    let refused = answer.err().unwrap_or_default();
    let stored = views.filter(|index| !refused.iter().any(|(key, _)| *key == bulky_key(*index)));
    let reason = refused.first().map(|(_, reason)| reason.clone());
    (stored.collect(), reason)
}

/// Holds stored bulky views against what was sent.
fn expect_bulky(network: &Network, stored: &[u64]) {
    for index in stored.iter().step_by(97) {
        let (key, sent) = bulky(*index);
        let of = GetAnalytics {
            satellite_id: Some(OPEN),
            from: Some(key.collected_at),
            to: Some(key.collected_at + 1),
        };
        let found: Vec<(AnalyticKey, PageView)> = network
            .query(ADMIN, "get_page_views", (of,))
            .expect("a view");
        let [(found_key, found)] = &found[..] else {
            panic!("{} views", found.len());
        };
        assert_eq!(
            (found_key, &found.href, &found.session_id),
            (&key, &sent.href, &sent.session_id)
        );
    }
}

fn stable_bytes(network: &Network) -> u64 {
    let size: MemorySize = network.query(ADMIN, "memory_size", ()).expect("a size");
    size.stable
}

/// Leaves the next gap; the next bucket lies beyond it.
fn skip_ahead(network: &Network) {
    for wasm in [built("far.wasm"), wasm()] {
        network
            .pic
            .upgrade_canister(network.orbiter, wasm, Vec::new(), Some(ADMIN))
            .expect("an upgrade");
    }
    run_timers(network);
}

/// Lets the sessions of all entries end, and compacts them.
fn compact(network: &Network) {
    network.pic.advance_time(Duration::from_secs(31 * 60));
    network
        .pic
        .upgrade_canister(network.orbiter, wasm(), Vec::new(), Some(ADMIN))
        .expect("an upgrade");
    run_timers(network);
}

/// Stores bulky views until one is refused; gives why.
fn load_until_refused(network: &Network, stored: &mut Vec<u64>) -> String {
    for first in (0..20_000).step_by(BATCH as usize) {
        let (more, reason) = load_bulky(network, first..first + BATCH);
        stored.extend(more);
        run_timers(network);
        if let Some(reason) = reason {
            return reason;
        }
    }
    panic!("{} bulky views, and no end", stored.len());
}

/// Holds what is stored against what was answered: all of `plain` plain views and of these bulky ones.
fn expect_all(network: &Network, plain: u64, stored: &[u64]) {
    let overview = overview(network);
    assert_eq!(
        overview.entries,
        plain + stored.len() as u64,
        "{overview:?}"
    );
    expect_bulky(network, stored);
    if plain > 0 {
        expect_exact(network, plain);
    }
}

#[test]
fn an_orbiter_works_beyond_256_gib_and_refuses_at_400_gb_and_loses_nothing() {
    let (network, half, plain) = (Network::with_satellites(), many(), 2 * many());
    load_and_compact(&network, 0..half);
    let near = overview(&network);
    assert!(near.segments > 0 && near.live_bytes < 32 << 20, "{near:?}");

    skip_ahead(&network);
    assert!(stable_bytes(&network) > FAR);
    load_and_compact(&network, half..plain);
    let far = overview(&network);
    assert!(
        far.segments > near.segments && far.live_bytes > FAR,
        "{far:?}"
    );
    let views = stored_views(&network, plain - 2_000..plain - 1_500);
    expect_all(&network, plain, &[]);

    skip_ahead(&network);
    assert!(stable_bytes(&network) > PROMISED - (32 << 20));
    let mut stored = vec![];
    let refused = load_until_refused(&network, &mut stored);
    assert!(
        refused.starts_with("The orbiter's storage is full"),
        "{refused}"
    );
    assert!(stored.len() as u64 > BATCH);
    expect_all(&network, plain, &stored);
    let full = overview(&network);
    assert!(full.live_bytes > PROMISED - (32 << 20), "{full:?}");
    compact(&network);
    expect_all(&network, plain, &stored);
    assert_eq!(stored_views(&network, plain - 2_000..plain - 1_500), views);
    let failure = overview(&network).compaction_failure.expect("a failure");
    assert!(failure.reason.contains("is full"), "{}", failure.reason);
}

#[test]
fn where_stable_memory_itself_ends_new_entries_are_refused_and_nothing_traps() {
    let network = Network::with_satellites();
    skip_ahead(&network);
    assert!((MOST - BUCKET..MOST).contains(&stable_bytes(&network)));
    let mut stored = vec![];
    let refused = load_until_refused(&network, &mut stored);
    assert!(
        refused.starts_with("The orbiter's storage is full"),
        "{refused}"
    );
    assert!(stored.len() as u64 > BATCH);
    expect_all(&network, 0, &stored);
    compact(&network);
    expect_all(&network, 0, &stored);
}
