//! The engine's answers, held against the model's.

use crate::model::{Model, Told, answers};
use crate::samples::{enough, key};
use engine::aggregates::{PageVitals, WebVitals};
use engine::{EntryRange, Orbiter, PageView, PerformanceMetric, TrackEvent};
use ic_principal::Principal;
use ic_stable_structures::VectorMemory;
use proptest::prop_assert;
use proptest::test_runner::{TestCaseError, TestCaseResult};
use std::collections::BTreeMap;
use std::fmt::Debug;

/// The largest difference between two means, relative to them.
const TOLERANCE: f64 = 1e-12;

/// Both must be the same, to the sign of a zero: compared is what `Debug` says.
pub fn same<T: Debug>(what: &str, answered: &T, expected: &T) -> TestCaseResult {
    let (answered, expected) = (format!("{answered:?}"), format!("{expected:?}"));
    if answered == expected {
        return Ok(());
    }
    Err(TestCaseError::fail(format!(
        "{what}\nanswered {answered}\nexpected {expected}"
    )))
}

/// The entries of a range and every aggregate of them.
pub fn check_range(
    orbiter: &Orbiter<VectorMemory>,
    model: &Model,
    range: &EntryRange,
) -> TestCaseResult {
    check_reads::<PageView>(orbiter, model, range)?;
    check_reads::<TrackEvent>(orbiter, model, range)?;
    check_reads::<PerformanceMetric>(orbiter, model, range)?;
    check_aggregates(orbiter, model, range)
}

/// Every aggregate of a range.
pub fn check_aggregates(
    orbiter: &Orbiter<VectorMemory>,
    model: &Model,
    range: &EntryRange,
) -> TestCaseResult {
    let of = |what: &str| format!("{what} of {range:?}");
    let views = model.range::<PageView>(range);
    let events = model.range::<TrackEvent>(range);
    let metrics = model.range::<PerformanceMetric>(range);
    same(
        &of("metrics"),
        &orbiter.page_view_metrics(range, &mut enough()),
        &Ok(answers::metrics(&views)),
    )?;
    same(
        &of("top ten"),
        &orbiter.page_view_top_ten(range, &mut enough()),
        &Ok(answers::top_ten(&views)),
    )?;
    same(
        &of("clients"),
        &orbiter.page_view_clients(range, &mut enough()),
        &Ok(answers::clients(&views)),
    )?;
    same(
        &of("event counts"),
        &orbiter.track_event_counts(range, &mut enough()),
        &Ok(answers::events(&events)),
    )?;
    let answered = orbiter.web_vitals(range, &mut enough());
    let expected = answers::web_vitals(&metrics);
    match &answered {
        Ok(vitals) if agree(vitals, &expected) => Ok(()),
        _ => same(&of("web vitals"), &answered, &Ok(expected)),
    }
}

type Entries<B> = Vec<(engine::AnalyticKey, engine::Entry<B>)>;

fn check_reads<B: Told>(
    orbiter: &Orbiter<VectorMemory>,
    model: &Model,
    range: &EntryRange,
) -> TestCaseResult {
    let expected = model.range::<B>(range);
    let answered = orbiter
        .entries::<B>(range, &mut enough())
        .map_err(|refusal| TestCaseError::fail(format!("entries of {range:?}: {refusal}")))?;
    let keys =
        |entries: &Entries<B>| -> Vec<_> { entries.iter().map(|(key, _)| key.clone()).collect() };
    same(
        &format!("keys of {range:?}"),
        &keys(&answered),
        &keys(&expected),
    )?;
    for (answered, expected) in answered.iter().zip(&expected) {
        same("an entry of a range", answered, expected)?;
    }
    Ok(())
}

fn agree(answered: &WebVitals, expected: &WebVitals) -> bool {
    let pages = answered.pages.iter().zip(&expected.pages);
    answered.pages.len() == expected.pages.len()
        && means_agree(&answered.overall, &expected.overall)
        && pages
            .into_iter()
            .all(|(a, b)| a.0 == b.0 && means_agree(&a.1, &b.1))
}

fn means_agree(answered: &PageVitals, expected: &PageVitals) -> bool {
    let means = |vitals: &PageVitals| [vitals.cls, vitals.fcp, vitals.inp, vitals.lcp, vitals.ttfb];
    let agree = |(a, b)| match (a, b) {
        (Some(a), Some(b)) => f64::abs(a - b) <= TOLERANCE * f64::abs(b),
        (a, b) => a == b,
    };
    means(answered).into_iter().zip(means(expected)).all(agree)
}

/// What is stored of a satellite: entries of each kind, the first and the last instant.
type Stored = ([u64; 3], u64, u64);

fn count<B: Told>(model: &Model, stored: &mut BTreeMap<Principal, Stored>) {
    for ((collected_at, _), entry) in B::all(model) {
        let (kinds, oldest, newest) =
            stored
                .entry(entry.satellite_id)
                .or_insert(([0; 3], u64::MAX, 0));
        kinds[B::FEATURE] += 1;
        *oldest = (*oldest).min(*collected_at);
        *newest = (*newest).max(*collected_at);
    }
}

/// The figures of what is stored, as far as the model knows them; the others must fit together.
pub fn check_overview(orbiter: &Orbiter<VectorMemory>, model: &Model, now: u64) -> TestCaseResult {
    let overview = orbiter
        .overview(now, &mut enough())
        .map_err(|refusal| TestCaseError::fail(refusal.to_string()))?;
    let mut stored = BTreeMap::new();
    count::<PageView>(model, &mut stored);
    count::<TrackEvent>(model, &mut stored);
    count::<PerformanceMetric>(model, &mut stored);
    let answered: Vec<(Principal, Stored)> = overview
        .satellites
        .iter()
        .map(|of| {
            let kinds = [of.page_views, of.track_events, of.performance_metrics];
            (of.satellite_id, (kinds, of.oldest, of.newest))
        })
        .collect();
    let entries: u64 = stored.values().flat_map(|(kinds, ..)| kinds).sum();
    let instants = model.instants();
    same(
        "the overview's satellites",
        &answered,
        &stored.into_iter().collect(),
    )?;
    same("the overview's entries", &overview.entries, &entries)?;
    same(
        "the overview's first and last instant",
        &(overview.oldest, overview.newest),
        &(instants.first().copied(), instants.last().copied()),
    )?;
    prop_assert!(overview.fresh_entries <= overview.entries);
    prop_assert!(overview.live_bytes <= overview.grown_bytes);
    prop_assert!((overview.live_bytes > 0) >= (entries > 0));
    for of in &overview.satellites {
        prop_assert!(of.segments <= overview.segments);
    }
    Ok(())
}

/// How many entries are asked for by their key.
const LOOKUPS: usize = 12;

/// Some entries by their keys, and that keys beside them have none.
pub fn check_entries<B: Told>(orbiter: &Orbiter<VectorMemory>, model: &Model) -> TestCaseResult {
    let entries = B::all(model);
    let step = entries.len() / LOOKUPS + 1;
    for ((collected_at, name), entry) in entries.iter().step_by(step) {
        let answered = orbiter.entry::<B>(&key(*collected_at, name));
        same("an entry", &answered, &Ok(Some(entry.clone())))?;
        let beside = [
            (collected_at.wrapping_add(1), name.clone()),
            (*collected_at, format!("{name}0")),
        ];
        for place in beside {
            let answered = orbiter.entry::<B>(&key(place.0, &place.1));
            same("a key beside", &answered, &Ok(entries.get(&place).cloned()))?;
        }
    }
    Ok(())
}
