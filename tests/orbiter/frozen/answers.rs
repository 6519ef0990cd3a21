//! Everything that an orbiter answers, as text: one line per answer or entry.

use engine::{Budget, EntryRange, Orbiter, PageView, PerformanceMetric, TrackEvent};
use ic_stable_structures::Memory;
use orbiter::convert::{self, Wire};
use std::fmt::{Debug, Write};
use wire::GetAnalytics;

/// All entries.
pub const EVERYTHING: GetAnalytics = GetAnalytics {
    satellite_id: None,
    from: None,
    to: None,
};

/// The answers of an orbiter without a network.
pub fn of<M: Memory>(orbiter: &Orbiter<M>) -> String {
    let mut text = String::new();
    let budget = || Budget::entries(1_000_000);
    let all = EntryRange::default();
    line(&mut text, "page views", &get::<PageView, M>(orbiter));
    line(&mut text, "track events", &get::<TrackEvent, M>(orbiter));
    line(
        &mut text,
        "performance metrics",
        &get::<PerformanceMetric, M>(orbiter),
    );
    let metrics = orbiter
        .page_view_metrics(&all, &mut budget())
        .map(convert::metrics);
    line(&mut text, "metrics", &metrics.expect("an answer"));
    let top = orbiter
        .page_view_top_ten(&all, &mut budget())
        .map(convert::top_10);
    line(&mut text, "top 10", &top.expect("an answer"));
    let clients = orbiter
        .page_view_clients(&all, &mut budget())
        .map(convert::clients);
    line(&mut text, "clients", &clients.expect("an answer"));
    let events = orbiter
        .track_event_counts(&all, &mut budget())
        .map(convert::event_totals);
    line(&mut text, "events", &events.expect("an answer"));
    let vitals = orbiter
        .web_vitals(&all, &mut budget())
        .map(convert::web_vitals);
    line(&mut text, "web vitals", &vitals.expect("an answer"));
    let configs: Vec<_> = orbiter
        .satellite_configs()
        .map(|(id, config)| (*id, convert::satellite_config(config.clone())))
        .collect();
    line(&mut text, "satellites", &configs);
    let keys: Vec<_> = orbiter
        .access_keys()
        .map(|(id, key)| (*id, convert::access_key(key.clone())))
        .collect();
    line(&mut text, "access keys", &keys);
    text
}

/// Writes one answer as a line.
pub fn line(text: &mut String, name: &str, answer: &impl Debug) {
    writeln!(text, "{name}: {answer:?}").expect("a string takes any text");
}

fn get<K: Wire, M: Memory>(orbiter: &Orbiter<M>) -> Vec<(wire::AnalyticKey, K::Stored)> {
    let mut budget = Budget::entries(1_000_000);
    orbiter::entries::get::<K, M>(orbiter, &mut budget, EVERYTHING).expect("an answer")
}
