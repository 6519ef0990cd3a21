//! The HTTP table on the built Wasm.

use super::{ADMIN, Network};
use crate::frozen::answers::EVERYTHING;
use crate::table::{self, Http, Kind};
use candid::Principal;
use std::collections::BTreeSet;
use wire::{AnalyticKey, HttpRequest, HttpResponse, PageView, PerformanceMetric, TrackEvent};

impl Http for Network {
    fn query(&mut self, request: &HttpRequest) -> HttpResponse {
        Network::query(self, Principal::anonymous(), "http_request", (request,)).expect("a reply")
    }

    fn update(&mut self, request: &HttpRequest) -> HttpResponse {
        Network::update(
            self,
            Principal::anonymous(),
            "http_request_update",
            (request,),
        )
        .expect("a reply")
    }
}

/// The keys of everything stored, as the table writes them.
fn stored_keys(network: &Network) -> BTreeSet<String> {
    fn keys<Entry>(kind: Kind, entries: Vec<(AnalyticKey, Entry)>) -> Vec<String> {
        entries
            .into_iter()
            .map(|(key, _)| format!("{} {} {}", kind.field(), key.collected_at, key.key))
            .collect()
    }
    let views: Vec<(AnalyticKey, PageView)> = network
        .query(ADMIN, "get_page_views", (EVERYTHING,))
        .expect("views");
    let events: Vec<(AnalyticKey, TrackEvent)> = network
        .query(ADMIN, "get_track_events", (EVERYTHING,))
        .expect("events");
    let metrics: Vec<(AnalyticKey, PerformanceMetric)> = network
        .query(ADMIN, "get_performance_metrics", (EVERYTHING,))
        .expect("metrics");
    let mut all = keys(Kind::View, views);
    all.extend(keys(Kind::Event, events));
    all.extend(keys(Kind::Metric, metrics));
    all.into_iter().collect()
}

#[test]
fn every_row_of_the_table_holds_on_the_network() {
    let mut network = Network::with_satellites();
    let expected = table::run(&mut network);
    assert_eq!(stored_keys(&network), expected);
}
