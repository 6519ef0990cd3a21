//! The HTTP table, and what it leaves open: the instants in answers.

use super::{Native, START};
use crate::table::{self, Http, Kind};
use engine::{Budget, EntryRange, PageView, PerformanceMetric, TrackEvent};
use std::collections::BTreeSet;

/// The keys of everything stored, as the table writes them.
fn stored_keys(native: &Native) -> BTreeSet<String> {
    fn keys<K: engine::Kind>(native: &Native, kind: Kind) -> Vec<String> {
        let mut budget = Budget::entries(1_000_000);
        let entries = native
            .orbiter
            .entries::<K>(&EntryRange::default(), &mut budget);
        entries
            .expect("readable entries")
            .into_iter()
            .map(|(key, _)| format!("{} {} {}", kind.field(), key.collected_at, key.key))
            .collect()
    }
    let mut all = keys::<PageView>(native, Kind::View);
    all.extend(keys::<TrackEvent>(native, Kind::Event));
    all.extend(keys::<PerformanceMetric>(native, Kind::Metric));
    all.into_iter().collect()
}

#[test]
fn every_row_of_the_table_holds_and_nothing_else_is_stored() {
    let mut native = Native::new();
    let expected = table::run(&mut native);
    assert_eq!(stored_keys(&native), expected);
}

#[test]
fn an_answer_carries_when_the_entry_was_stored_first_and_last() {
    let mut native = Native::new();
    let entry = Kind::Event.entry();
    let mut send = |entry: &table::Object| {
        let request = table::post("", "/event", Kind::Event.body(1, "k", entry)).request;
        String::from_utf8(native.update(&request).body).expect("UTF-8")
    };
    let (first, second) = (START + 1, START + 2);
    let instants = |created: u64, updated: u64| {
        format!(
            r#""created_at":{{"__bigint__":"{created}"}},"updated_at":{{"__bigint__":"{updated}"}}"#
        )
    };
    let answer = send(&entry);
    assert!(answer.contains(&instants(first, first)), "{answer}");
    let answer = send(&entry.clone().with("version", r#"{"__bigint__":"1"}"#));
    assert!(answer.contains(&instants(first, second)), "{answer}");
}
