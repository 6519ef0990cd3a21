//! The public interface: `candid/orbiter.did` says what the code does, and every client of the baseline
//! interface still finds what it knows.

mod structure;

use candid_parser::utils::{CandidSource, service_compatible, service_equal};
use structure::{Interface, What, differences};

const CONTRACT: &str = include_str!("../../candid/orbiter.did");
const BASELINE: &str = include_str!("orbiter-v0.did");

#[test]
fn the_code_exports_what_the_contract_says() {
    let code = orbiter::candid_interface();
    let (code, contract) = (CandidSource::Text(&code), CandidSource::Text(CONTRACT));
    service_equal(code, contract).expect("the code equals candid/orbiter.did");
    let code = orbiter::candid_interface();
    service_equal(CandidSource::Text(CONTRACT), CandidSource::Text(&code))
        .expect("candid/orbiter.did equals the code");
}

#[test]
fn the_contract_keeps_every_method_field_and_type_of_the_baseline() {
    let found = differences(&Interface::parse(BASELINE), &Interface::parse(CONTRACT));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn an_interface_differs_from_itself_in_nothing() {
    assert_eq!(
        differences(&Interface::parse(BASELINE), &Interface::parse(BASELINE)),
        []
    );
}

/// The differences from the baseline after one text in it is replaced by another.
fn differences_after(from: &str, to: &str) -> Vec<(String, What)> {
    assert_eq!(BASELINE.matches(from).count(), 1, "`{from}` is not unique");
    let changed = BASELINE.replacen(from, to, 1);
    differences(&Interface::parse(BASELINE), &Interface::parse(&changed))
        .into_iter()
        .map(|difference| (difference.place, difference.what))
        .collect()
}

/// What Candid itself thinks of that replacement: whether clients of the baseline may go on.
fn candid_accepts(from: &str, to: &str) -> bool {
    let changed = BASELINE.replacen(from, to, 1);
    let (newer, older) = (CandidSource::Text(&changed), CandidSource::Text(BASELINE));
    service_compatible(newer, older).is_ok()
}

fn kind(older: &str, newer: &str) -> What {
    What::Kind {
        older: older.to_owned(),
        newer: newer.to_owned(),
    }
}

#[test]
fn a_dropped_optional_field_is_found_though_candid_accepts_it() {
    let from = "screen_height : opt nat16 };";
    let to = "};";
    assert!(candid_accepts(from, to));
    let places = [
        "set_page_view argument 1 .device .screen_height",
        "set_page_view result 0 .Ok .device .screen_height",
        "set_page_views argument 0 vec .1 .device .screen_height",
        "get_page_views result 0 vec .1 .device .screen_height",
    ];
    let mut expected = places.map(|place| (place.to_owned(), What::Missing));
    let mut found = differences_after(from, to);
    expected.sort_by(|one, other| one.0.cmp(&other.0));
    found.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(found, expected);
}

#[test]
fn another_type_behind_an_option_is_found_though_candid_accepts_it() {
    let from = "time_zones : opt Counts;";
    let to = "time_zones : opt nat8;";
    assert!(candid_accepts(from, to));
    let found = differences_after(from, to);
    let [(place, What::Kind { newer, .. })] = &found[..] else {
        panic!("{found:?}");
    };
    assert_eq!(
        place,
        "get_page_views_analytics_top_10 result 0 .time_zones opt"
    );
    assert_eq!(newer, "nat8");
}

#[test]
fn an_option_that_became_required_is_found() {
    let from = "SetSatelliteConfig = record { features : opt Features;";
    let to = "SetSatelliteConfig = record { features : Features;";
    let found = differences_after(from, to);
    let [(place, What::Kind { .. })] = &found[..] else {
        panic!("{found:?}");
    };
    assert_eq!(place, "set_satellite_configs argument 0 vec .1 .features");
}

#[test]
fn another_width_of_a_number_is_found() {
    let from = "unique_sessions : nat64;";
    let found = differences_after(from, "unique_sessions : nat;");
    let place = "get_page_views_analytics_metrics result 0 .unique_sessions".to_owned();
    assert_eq!(found, [(place, kind("nat64", "nat"))]);
}

#[test]
fn an_added_field_may_be_optional_only() {
    let from = "memory_size : () -> (record { stable : nat64;";
    let optional = "memory_size : () -> (record { logs : opt nat64; stable : nat64;";
    assert_eq!(differences_after(from, optional), []);
    let required = "memory_size : () -> (record { logs : nat64; stable : nat64;";
    let place = "memory_size result 0 .logs".to_owned();
    assert_eq!(
        differences_after(from, required),
        [(place, What::AddedRequiredField)]
    );
}

#[test]
fn a_variant_stays_as_it_is() {
    let from = "AccessKeyKind = variant { Emulator; Automation };";
    let grown = differences_after(
        from,
        "AccessKeyKind = variant { Emulator; Automation; Other };",
    );
    assert!(!grown.is_empty());
    assert!(
        grown.iter().all(|(place, what)| {
            place.ends_with(".kind opt .Other") && *what == What::AddedCase
        })
    );
    let shrunk = differences_after(from, "AccessKeyKind = variant { Emulator };");
    assert!(!shrunk.is_empty());
    assert!(shrunk.iter().all(|(place, what)| {
        place.ends_with(".kind opt .Automation") && *what == What::Missing
    }));
}

#[test]
fn a_lost_method_its_mode_and_its_arguments_are_found() {
    let line = "  list_controllers : () -> (vec record { principal; AccessKey }) query;";
    let name = || "list_controllers".to_owned();
    assert_eq!(differences_after(line, ""), [(name(), What::Missing)]);
    let update = line.replace(" query", "");
    assert_eq!(differences_after(line, &update), [(name(), What::Mode)]);
    let argument = line.replace("()", "(opt nat)");
    let count = What::Count { older: 0, newer: 1 };
    assert_eq!(
        differences_after(line, &argument),
        [("list_controllers argument".to_owned(), count)]
    );
}
