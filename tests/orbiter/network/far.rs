//! An orbiter of hundreds of gigabytes: beyond 256 GiB, at the end of 400 GB, and where stable memory ends.
//!
//! `dist/far.wasm` is the orbiter with a hook that leaves a gap; the Wasm that ships goes on from there. Memories that
//! have room in their last bucket fill it first, so the views here are bulky: the next buckets are needed soon.

use super::compaction::{
    expect_exact, load_and_compact, overview, run_timers, stored_views, wait_until,
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

/// The views of [`super::naive`] that are stored as well.
const PLAIN: u64 = 10_000;
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
        collected_at: FROM + (PLAIN + index) * STEP,
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

/// Stores bulky views, and compacts as timers come, until stable memory has more than `bytes` bytes.
fn fill(network: &Network, stored: &mut Vec<u64>, bytes: u64) {
    while stable_bytes(network) <= bytes {
        let next = stored.len() as u64;
        let (more, reason) = load_bulky(network, next..next + BATCH);
        assert_eq!((more.len() as u64, reason), (BATCH, None));
        stored.extend(more);
        run_timers(network);
    }
}

#[test]
fn an_orbiter_works_beyond_256_gib_and_at_the_end_of_400_gb_and_refuses_where_memory_ends() {
    let network = Network::with_satellites();
    skip_ahead(&network);
    assert!((FAR..FAR + 2 * BUCKET).contains(&stable_bytes(&network)));
    load_and_compact(&network, 0..PLAIN);
    assert!(overview(&network).segments > 0);
    assert!(stable_bytes(&network) > FAR + 2 * BUCKET);
    let views = stored_views(&network, 4_000..4_500);
    expect_exact(&network, PLAIN);

    skip_ahead(&network);
    assert!((PROMISED - BUCKET..PROMISED).contains(&stable_bytes(&network)));
    let mut stored = vec![];
    fill(&network, &mut stored, PROMISED);
    compact(&network);
    let expect_all = |stored: &[u64]| {
        let overview = overview(&network);
        assert_eq!(
            overview.entries,
            PLAIN + stored.len() as u64,
            "{overview:?}"
        );
        expect_bulky(&network, stored);
        expect_exact(&network, PLAIN);
        assert_eq!(stored_views(&network, 4_000..4_500), views);
    };
    expect_all(&stored);

    skip_ahead(&network);
    assert!((MOST - BUCKET..MOST).contains(&stable_bytes(&network)));
    let mut next = stored.len() as u64;
    let refused = loop {
        let (more, reason) = load_bulky(&network, next..next + BATCH);
        stored.extend(more);
        next += BATCH;
        run_timers(&network);
        if let Some(reason) = reason {
            break reason;
        }
        assert!(next < 20_000, "memory has no end");
    };
    assert!(
        refused.starts_with("The orbiter's storage is full"),
        "{refused}"
    );
    expect_all(&stored);
    compact(&network);
    expect_all(&stored);
    let failure = overview(&network).compaction_failure.expect("a failure");
    assert!(failure.reason.contains("is full"), "{}", failure.reason);
}
