//! Compaction in the background: by timers, in slices, and no answer changes.

use super::aggregates::equals;
use super::naive::{self, FROM, STEP, view};
use super::{ADMIN, Network, wasm};
use columnar::Segment;
use engine::Tuning;
use pocket_ic::Time;
use std::ops::Range;
use std::time::Duration;
use wire::{
    AnalyticKey, GetAnalytics, GetSegment, ListSegments, PageView, SegmentPart, SegmentSummary,
    SetManyResult, StorageOverview,
};

/// So many views make compaction due once their sessions are closed, and not while the last thousand are open.
pub fn many() -> u64 {
    u64::from(Tuning::default().tail_rows).next_multiple_of(1_000)
}

/// The rounds that are run for timers: more than the slices that so many views take.
const ROUNDS: usize = 50;
/// A session is closed half an hour after its last entry arrived.
const UNTIL_CLOSED: Duration = Duration::from_secs(31 * 60);

/// Has the clock show an instant, unless it is later already.
pub fn wait_until(network: &Network, instant: u64) {
    let instant = Time::from_nanos_since_unix_epoch(instant);
    if network.pic.get_time() < instant {
        network.pic.set_time(instant);
    }
}

/// Stores views in batches, each when its last view was collected.
pub fn load(network: &Network, views: Range<u64>) {
    for first in views.clone().step_by(1_000) {
        let batch: Vec<_> = (first..views.end.min(first + 1_000)).map(view).collect();
        wait_until(network, FROM + (first + batch.len() as u64 - 1) * STEP);
        let answer: Result<SetManyResult, String> =
            network.update(ADMIN, "set_page_views", (batch,));
        assert_eq!(answer, Ok(Ok(())), "the batch from {first}");
    }
}

/// Stores views, waits until their sessions are closed, stores one more, which finds that compaction is due, and
/// runs what the timers do.
pub fn load_and_compact(network: &Network, views: Range<u64>) {
    load(network, views.start..views.end - 1);
    network.pic.advance_time(UNTIL_CLOSED);
    load(network, views.end - 1..views.end);
    run_timers(network);
}

/// Runs so many rounds that no timer is left.
pub fn run_timers(network: &Network) {
    for _ in 0..ROUNDS {
        network.pic.tick();
    }
}

/// What is stored, in figures.
pub fn overview(network: &Network) -> StorageOverview {
    let overview = network.query(ADMIN, "get_storage_overview", ());
    overview.expect("an overview")
}

/// Some views, as they are stored.
pub fn stored_views(network: &Network, views: Range<u64>) -> Vec<(AnalyticKey, PageView)> {
    let of = GetAnalytics {
        satellite_id: None,
        from: Some(FROM + views.start * STEP),
        to: Some(FROM + views.end * STEP),
    };
    network
        .query(ADMIN, "get_page_views", (of,))
        .expect("views")
}

/// Holds every aggregate of page views against a count over the first `stored` views.
pub fn expect_exact(network: &Network, stored: u64) {
    let of = |from: u64, to: u64| GetAnalytics {
        satellite_id: None,
        from: Some(FROM + from * STEP),
        to: Some(FROM + to * STEP),
    };
    for of in [
        of(0, stored),
        of(stored / 3, stored / 2),
        of(stored - 2, stored),
    ] {
        let views = naive::views(&of);
        let method = "get_page_views_analytics_metrics";
        equals(network, method, &of, &naive::metrics(&views));
        let method = "get_page_views_analytics_top_10";
        equals(network, method, &of, &naive::top_10(&views));
        let method = "get_page_views_analytics_clients";
        equals(network, method, &of, &naive::clients(&views));
    }
}

#[test]
fn entries_are_compacted_in_the_background_and_no_answer_changes() {
    let many = many();
    let network = Network::with_satellites();
    load(&network, 0..many);
    run_timers(&network);
    let before = overview(&network);
    assert_eq!((before.entries, before.segments), (many, 0), "{before:?}");
    let views = stored_views(&network, 4_000..5_000);
    expect_exact(&network, many);

    network.pic.advance_time(UNTIL_CLOSED);
    run_timers(&network);
    assert_eq!(
        overview(&network).segments,
        0,
        "nobody wrote, so no timer runs"
    );
    load(&network, many..many + 1);
    run_timers(&network);
    let after = overview(&network);
    assert_eq!(after.entries, many + 1);
    assert!(
        after.segments > 0 && after.fresh_entries < many / 2,
        "{after:?}"
    );
    assert!(after.live_bytes < before.live_bytes, "{after:?}");
    assert_eq!(after.compaction_failure, None);
    assert_eq!(after.oldest, Some(FROM));
    assert_eq!(after.newest, Some(FROM + many * STEP));
    assert_eq!(stored_views(&network, 4_000..5_000), views);
    expect_exact(&network, many + 1);

    let upgrade = network
        .pic
        .upgrade_canister(network.orbiter, wasm(), Vec::new(), Some(ADMIN));
    upgrade.expect("an upgrade");
    run_timers(&network);
    let upgraded = overview(&network);
    assert_eq!(
        (upgraded.entries, upgraded.segments),
        (after.entries, after.segments)
    );
    assert_eq!(stored_views(&network, 4_000..5_000), views);
    expect_exact(&network, many + 1);
}

#[test]
fn an_upgrade_goes_on_with_what_was_due() {
    let many = many();
    let network = Network::with_satellites();
    load(&network, 0..many);
    network.pic.advance_time(UNTIL_CLOSED);
    let upgrade = network
        .pic
        .upgrade_canister(network.orbiter, wasm(), Vec::new(), Some(ADMIN));
    upgrade.expect("an upgrade");
    run_timers(&network);
    let after = overview(&network);
    assert!(after.segments > 0, "{after:?}");
    expect_exact(&network, many);
}

#[test]
fn an_admin_gets_every_segment_whole_and_nobody_else_gets_any() {
    let many = many();
    let network = Network::with_satellites();
    load_and_compact(&network, 0..many);
    let list = |after| -> Vec<SegmentSummary> {
        let listed = network.query(ADMIN, "list_segments", (ListSegments { after },));
        listed.expect("segments")
    };
    let part = |segment, offset| -> Result<SegmentPart, String> {
        network.query(ADMIN, "get_segment", (GetSegment { segment, offset },))
    };
    let all = list(None);
    assert_eq!(all.len() as u64, overview(&network).segments);
    assert_eq!(list(Some(all[0].id)), all[1..]);
    for summary in &all {
        let SegmentPart { bytes, total } = part(summary.id, 0).expect("a part");
        assert_eq!((bytes.len() as u64, total), (summary.bytes, summary.bytes));
        let segment = Segment::open(&bytes[..]).expect("a segment");
        assert_eq!(segment.verify(), Ok(()));
        let rest = part(summary.id, total - 5).expect("a part");
        assert_eq!(rest.bytes, bytes[bytes.len() - 5..]);
        assert_eq!(part(summary.id, total).expect("a part").bytes, b"");
        assert_eq!(part(summary.id, u64::MAX).expect("a part").bytes, b"");
    }
    let nowhere = part(u64::MAX, 0).expect_err("a refusal");
    assert!(
        nowhere.contains("There is no segment 18446744073709551615"),
        "{nowhere}"
    );
}
