//! Upgrades: from the bytes of earlier releases, and over memories of somebody else.

use super::{ADMIN, Network, empty_canister, network, wasm};
use crate::frozen;
use crate::frozen::answers::{EVERYTHING, line};
use crate::table;
use candid::Principal;
use pocket_ic::common::rest::BlobCompression;
use std::fmt::Debug;
use wire::{
    AccessKey, AnalyticKey, AnalyticsClientsPageViews, AnalyticsMetricsPageViews,
    AnalyticsTop10PageViews, AnalyticsTrackEvents, AnalyticsWebVitals, OrbiterSatelliteConfig,
    PageView, PerformanceMetric, TrackEvent,
};

/// Everything that the orbiter answers to `reader`, as the frozen answers are written; the methods for
/// admins are asked by `admin`.
fn answers(network: &Network, reader: Principal, admin: Option<Principal>) -> String {
    fn ask<Answer>(
        network: &Network,
        reader: Principal,
        text: &mut String,
        name: &str,
        method: &str,
    ) where
        Answer: candid::CandidType + serde::de::DeserializeOwned + Debug,
    {
        let answer: Answer = network.query(reader, method, (EVERYTHING,)).expect(method);
        line(text, name, &answer);
    }
    type Entries<Entry> = Vec<(AnalyticKey, Entry)>;
    let mut text = String::new();
    let out = &mut text;
    ask::<Entries<PageView>>(network, reader, out, "page views", "get_page_views");
    ask::<Entries<TrackEvent>>(network, reader, out, "track events", "get_track_events");
    let (name, method) = ("performance metrics", "get_performance_metrics");
    ask::<Entries<PerformanceMetric>>(network, reader, out, name, method);
    let method = "get_page_views_analytics_metrics";
    ask::<AnalyticsMetricsPageViews>(network, reader, out, "metrics", method);
    let method = "get_page_views_analytics_top_10";
    ask::<AnalyticsTop10PageViews>(network, reader, out, "top 10", method);
    let method = "get_page_views_analytics_clients";
    ask::<AnalyticsClientsPageViews>(network, reader, out, "clients", method);
    ask::<AnalyticsTrackEvents>(network, reader, out, "events", "get_track_events_analytics");
    let method = "get_performance_metrics_analytics_web_vitals";
    ask::<AnalyticsWebVitals>(network, reader, out, "web vitals", method);
    if let Some(admin) = admin {
        let configs: Vec<(Principal, OrbiterSatelliteConfig)> = network
            .query(admin, "list_satellite_configs", ())
            .expect("configs");
        line(out, "satellites", &configs);
        let keys: Vec<(Principal, AccessKey)> =
            network.query(admin, "list_controllers", ()).expect("keys");
        line(out, "access keys", &keys);
    }
    text
}

#[test]
fn an_upgrade_keeps_everything() {
    let mut network = Network::with_satellites();
    table::run(&mut network);
    let before = answers(&network, ADMIN, Some(ADMIN));
    for _ in 0..2 {
        let upgrade =
            network
                .pic
                .upgrade_canister(network.orbiter, wasm(), Vec::new(), Some(ADMIN));
        upgrade.expect("an upgrade");
        assert_eq!(answers(&network, ADMIN, Some(ADMIN)), before);
    }
}

#[test]
fn an_earlier_releases_memory_is_upgraded_and_answers_as_it_did() {
    for layout in frozen::LAYOUTS {
        upgraded_from(layout);
    }
}

fn upgraded_from(layout: u32) {
    let pic = network();
    let orbiter = empty_canister(&pic);
    pic.set_controllers(orbiter, Some(ADMIN), vec![ADMIN, frozen::ADMIN])
        .expect("controllers");
    pic.install_canister(orbiter, wasm(), Vec::new(), Some(ADMIN));
    pic.set_stable_memory(
        orbiter,
        frozen::memory_of(layout),
        BlobCompression::NoCompression,
    );
    pic.upgrade_canister(orbiter, wasm(), Vec::new(), Some(ADMIN))
        .expect("an upgrade");
    let network = Network { pic, orbiter };
    let answers = answers(&network, frozen::ADMIN, Some(frozen::ADMIN));
    assert_eq!(answers, frozen::answers_of(layout), "layout {layout}");
}

/// A canister that answers the query `hello` and has filled a page of stable memory.
fn somebody_else(stable: &[u8]) -> Vec<u8> {
    let data: String = stable.iter().map(|byte| format!("\\{byte:02x}")).collect();
    let text = format!(
        r#"(module
            (import "ic0" "msg_reply" (func $msg_reply))
            (import "ic0" "stable64_grow" (func $grow (param i64) (result i64)))
            (import "ic0" "stable64_write" (func $write (param i64 i64 i64)))
            (memory 1)
            (data (i32.const 0) "{data}")
            (func $init
                (drop (call $grow (i64.const 1)))
                (call $write (i64.const 0) (i64.const 0) (i64.const {})))
            (func $hello (call $msg_reply))
            (export "canister_init" (func $init))
            (export "canister_query hello" (func $hello)))"#,
        stable.len()
    );
    wat::parse_str(text).expect("a Wasm")
}

#[test]
fn an_upgrade_over_somebody_elses_memory_is_rolled_back_with_a_sentence() {
    let cases: [(&[u8], &str); 3] = [
        (b"SOMEBODY ELSE", "The stable memory isn't an orbiter's"),
        (
            b"MGR\x01\x00\x00\x80\x00",
            "its buckets have 128 pages, not 256",
        ),
        (
            b"MGR\x02\x00\x00\x00\x01",
            "The stable memory isn't an orbiter's",
        ),
    ];
    for (stable, sentence) in cases {
        let pic = network();
        let canister = empty_canister(&pic);
        pic.install_canister(canister, somebody_else(stable), Vec::new(), Some(ADMIN));
        let before = pic.get_stable_memory(canister);
        let upgrade = pic.upgrade_canister(canister, wasm(), Vec::new(), Some(ADMIN));
        let reject = upgrade.expect_err(sentence).reject_message;
        assert!(reject.contains(sentence), "{reject}");
        assert_eq!(pic.get_stable_memory(canister), before);
        pic.query_call(canister, ADMIN, "hello", Vec::new())
            .expect("the former code's answer");
    }
}

#[test]
fn an_upgrade_of_a_canister_without_stable_memory_is_rolled_back() {
    let pic = network();
    let canister = empty_canister(&pic);
    let code = r#"(module (memory 1))"#;
    let code = wat::parse_str(code).expect("a Wasm");
    pic.install_canister(canister, code, Vec::new(), Some(ADMIN));
    let upgrade = pic.upgrade_canister(canister, wasm(), Vec::new(), Some(ADMIN));
    let reject = upgrade.expect_err("a refusal").reject_message;
    assert!(
        reject.contains("There is no orbiter in this canister to upgrade"),
        "{reject}"
    );
}

#[test]
fn a_refused_installation_argument_installs_nothing() {
    let pic = network();
    let canister = empty_canister(&pic);
    let controllers = vec![Principal::anonymous()];
    let argument = candid::encode_one(wire::InitOrbiterArgs { controllers }).expect("Candid");
    let install = pic
        .reinstall_canister(canister, wasm(), argument, Some(ADMIN))
        .expect_err("a refusal");
    let sentence = "juno.error.controllers.anonymous_not_allowed";
    assert!(
        install.reject_message.contains(sentence),
        "{}",
        install.reject_message
    );
}
