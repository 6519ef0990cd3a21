//! The bytes in stable memory, held against `testdata/`. They are recorded anew only on request:
//! `RECORD_GOLDEN=1 cargo test -p engine --test engine golden`, and then are a change of format to review.

use crate::samples::{ALL, Bench, NOW, enough, key, memories, satellite};
use engine::kinds::{Campaign, Client, Device, MetricName, NavigationType, WebVital};
use engine::{
    AccessKeyKind, AccessKeyScope, AnalyticKey, Entry, Features, Memories, OpenError, Orbiter,
    PageView, PerformanceMetric, SetAccessKey, SetEntry, SetSatelliteConfig, TrackEvent,
};
use ic_principal::Principal;
use ic_stable_structures::{Memory, StableBTreeMap, VectorMemory};
use std::path::PathBuf;

type Map = StableBTreeMap<Vec<u8>, Vec<u8>, VectorMemory>;

/// Satellite configs and access keys.
const RECORDS: &str = "records_v1.hex";
/// The entries of layout 1, which nothing writes any more.
const ENTRIES: &str = "entries_v1.hex";
/// The log of fresh entries.
const LOG: &str = "log_v1.hex";

fn path(file: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "testdata", file]
        .iter()
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}

/// Every key and value of a memory's map, a line each.
fn dump(memory: VectorMemory) -> String {
    let map = Map::init(memory);
    map.iter()
        .map(|entry| format!("{} {}\n", hex(entry.key()), hex(&entry.value())))
        .collect()
}

fn text(text: &str) -> String {
    text.to_owned()
}

/// A page view with every optional field, and one without any.
fn page_views() -> [PageView; 2] {
    let full = PageView {
        title: text("Größe"),
        href: text("https://example.com/shop?size=xl#top"),
        referrer: Some(text("https://search.example/")),
        device: Device {
            inner_width: 127,
            inner_height: 128,
            screen_width: Some(u16::MAX),
            screen_height: Some(0),
        },
        time_zone: text("Europe/Zurich"),
        user_agent: Some(text("Mozilla/5.0")),
        client: Some(Client {
            browser: text("Firefox"),
            os: text("Linux"),
            device: Some(text("desktop")),
        }),
        campaign: Some(Campaign {
            utm_source: text("s"),
            utm_medium: Some(text("m")),
            utm_campaign: Some(text("c")),
            utm_term: Some(text("t")),
            utm_content: Some(text("")),
        }),
    };
    let device = Device {
        screen_width: None,
        screen_height: None,
        ..full.device
    };
    let bare = PageView {
        title: text(""),
        href: text("/"),
        referrer: None,
        device,
        time_zone: text("UTC"),
        user_agent: None,
        client: None,
        campaign: None,
    };
    [full, bare]
}

fn track_events() -> [TrackEvent; 2] {
    let metadata = Some(vec![(text("color"), text("blue")), (text("a"), text(""))]);
    [
        TrackEvent {
            name: text("buy"),
            metadata,
        },
        TrackEvent {
            name: text("click"),
            metadata: None,
        },
    ]
}

fn performance_metrics() -> [PerformanceMetric; 2] {
    let metric = |metric_name, value, navigation_type| PerformanceMetric {
        href: text("https://example.com/"),
        metric_name,
        data: WebVital {
            value,
            delta: -0.5,
            id: text("v5-1"),
            navigation_type,
        },
    };
    [
        metric(MetricName::Cls, 0.1, None),
        metric(MetricName::Ttfb, 123.456, Some(NavigationType::Prerender)),
    ]
}

/// Everything that the golden files hold, and what it reads back as.
struct Golden {
    bench: Bench,
    page_views: Vec<(AnalyticKey, Entry<PageView>)>,
    track_events: Vec<(AnalyticKey, Entry<TrackEvent>)>,
    performance_metrics: Vec<(AnalyticKey, Entry<PerformanceMetric>)>,
}

fn golden() -> Golden {
    let mut bench = Bench::with_satellites(1);
    let restricted = SetSatelliteConfig {
        features: Some(Features {
            page_views: true,
            track_events: false,
            performance_metrics: true,
        }),
        restricted_origin: Some(text("https://example.com")),
        version: Some(1),
    };
    let bare = SetSatelliteConfig::default();
    let key = SetAccessKey {
        metadata: vec![(text("profile"), text("ci"))],
        kind: Some(AccessKeyKind::Automation),
        scope: AccessKeyScope::Write,
        expires_at: Some(NOW + 1),
    };
    let page_views = store(&mut bench, page_views());
    let track_events = store(&mut bench, track_events());
    let performance_metrics = store(&mut bench, performance_metrics());
    let orbiter = &mut bench.orbiter;
    orbiter
        .set_satellite_configs(
            vec![(satellite(1), restricted), (satellite(2), bare)],
            NOW + 1,
        )
        .unwrap();
    orbiter
        .set_access_keys(&[Principal::from_slice(&[7; 29])], &key, NOW)
        .unwrap();
    Golden {
        bench,
        page_views,
        track_events,
        performance_metrics,
    }
}

/// Stores a new entry, and another that is overwritten once.
fn store<K: engine::Kind>(
    bench: &mut Bench,
    [new, overwritten]: [K; 2],
) -> Vec<(AnalyticKey, Entry<K>)> {
    let entry = |body: &K, version| SetEntry {
        satellite_id: satellite(1),
        session_id: text("session-1"),
        version,
        body: body.clone(),
    };
    let keys = [key(1, "new"), key(NOW, "overwritten")];
    let orbiter = &mut bench.orbiter;
    let new = orbiter.set(&keys[0], entry(&new, None), NOW).unwrap();
    orbiter
        .set(&keys[1], entry(&overwritten, None), NOW)
        .unwrap();
    let overwritten = orbiter
        .set(&keys[1], entry(&overwritten, Some(1)), NOW + 1_000_000)
        .unwrap();
    keys.into_iter().zip([new, overwritten]).collect()
}

/// The bytes of a memory, 32 to a line, without the zeros that end it.
fn dump_bytes(memory: &VectorMemory) -> String {
    let memory = memory.borrow();
    let end = memory
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last + 1);
    memory[..end]
        .chunks(32)
        .map(|line| format!("{}\n", hex(line)))
        .collect()
}

fn recorded(file: &str, dump: &str) -> String {
    if std::env::var_os("RECORD_GOLDEN").is_some() {
        std::fs::write(path(file), dump).unwrap();
    }
    std::fs::read_to_string(path(file)).unwrap()
}

#[test]
fn the_bytes_in_memory_are_those_of_the_golden_files() {
    let golden = golden();
    let records = dump(golden.bench.memory(Memories::RECORDS));
    assert_eq!(records, recorded(RECORDS, &records));
    let log = dump_bytes(&golden.bench.memory(Memories::LOG));
    assert_eq!(log, recorded(LOG, &log));
}

/// Holds what an orbiter reads against what was stored.
fn assert_reads_back(bench: &Bench, golden: &Golden) {
    let orbiter = &bench.orbiter;
    let views = orbiter.entries(&ALL, &mut enough()).unwrap();
    assert_eq!(views, golden.page_views);
    let events = orbiter.entries(&ALL, &mut enough()).unwrap();
    assert_eq!(events, golden.track_events);
    let metrics = orbiter.entries(&ALL, &mut enough()).unwrap();
    assert_eq!(metrics, golden.performance_metrics);
    let made = &golden.bench.orbiter;
    assert!(orbiter.satellite_configs().eq(made.satellite_configs()));
    assert_eq!(orbiter.satellite_configs().count(), 2);
    assert!(orbiter.access_keys().eq(made.access_keys()));
    assert_eq!(orbiter.access_keys().count(), 1);
}

fn fill(memory: &VectorMemory, file: &str) {
    let mut map = Map::init(memory.clone());
    for line in std::fs::read_to_string(path(file)).unwrap().lines() {
        let (key, value) = line.split_once(' ').unwrap();
        map.insert(bytes(key), bytes(value));
    }
}

fn memory(memories: &[VectorMemory], id: u8) -> &VectorMemory {
    &memories[usize::from(id)]
}

/// The memories of an orbiter of layout 1, as the golden files have them.
fn layout_1() -> Vec<VectorMemory> {
    let memories = memories();
    fill(memory(&memories, Memories::RECORDS), RECORDS);
    fill(memory(&memories, Memories::ENTRIES), ENTRIES);
    let superblock = memory(&memories, Memories::SUPERBLOCK);
    superblock.grow(1);
    superblock.write(0, b"ORBITER\0\x01\0\0\0");
    memories
}

#[test]
fn a_memory_made_of_the_golden_files_opens_and_reads_back() {
    let memories = memories();
    fill(memory(&memories, Memories::RECORDS), RECORDS);
    let log = std::fs::read_to_string(path(LOG))
        .unwrap()
        .replace('\n', "");
    memory(&memories, Memories::LOG).grow(1);
    memory(&memories, Memories::LOG).write(0, &bytes(&log));
    assert_reads_back(&Bench::on(memories), &golden());
}

#[test]
fn an_orbiter_of_layout_1_opens_once_and_reads_back_ever_after() {
    let bench = Bench::on(layout_1());
    assert_reads_back(&bench, &golden());
    assert_eq!(Map::init(bench.memory(Memories::ENTRIES)).len(), 0);
    assert_reads_back(&bench.reopened(), &golden());
}

/// Opens an orbiter of layout 1 of which one row is changed.
fn open_damaged(change: impl Fn(&mut Vec<u8>)) -> Result<(), OpenError> {
    let memories = layout_1();
    let mut map = Map::init(memory(&memories, Memories::ENTRIES).clone());
    let first = map.iter().next().unwrap();
    let (key, mut value) = (first.key().clone(), first.value());
    change(&mut value);
    map.insert(key, value);
    Orbiter::open(Memories::from_ids(|id| memory(&memories, id).clone())).map(|_| ())
}

#[test]
fn a_damaged_row_of_layout_1_is_an_error_that_says_what_is_wrong() {
    let named = |what: &str| format!("An entry of layout 1 can't be read: its row {what}");
    let error = |change: &dyn Fn(&mut Vec<u8>)| open_damaged(change).unwrap_err().to_string();
    assert_eq!(error(&|row| row.truncate(40)), named("ends too early."));
    assert_eq!(error(&|row| row.clear()), named("ends too early."));
    assert_eq!(error(&|row| row.push(0)), named("is 1 bytes too long."));
    assert_eq!(
        error(&|row| row[0] = 0xA2),
        named("has the format 0xa2, which this release doesn't know.")
    );
    // After 9 bytes, two numbers of a byte, and a session id of 9: the flags' high byte.
    assert_eq!(
        error(&|row| row[22] |= 0x80),
        named("has the flags 0x8000, which this release doesn't know.")
    );
}

#[test]
fn no_cut_and_no_flipped_byte_of_a_row_makes_a_reader_panic() {
    let memories = layout_1();
    let length = Map::init(memory(&memories, Memories::ENTRIES).clone())
        .iter()
        .next()
        .unwrap()
        .value()
        .len();
    for at in 0..length {
        let _ = open_damaged(|row| row.truncate(at));
        let _ = open_damaged(|row| row[at] ^= 0xFF);
    }
}

#[test]
fn a_flipped_byte_of_the_log_is_noticed_before_anything_is_changed() {
    let golden = golden();
    let log = golden.bench.memory(Memories::LOG);
    let length = log.borrow().iter().rposition(|byte| *byte != 0).unwrap();
    // The magic, the length and the records; what lies between is kept.
    for at in (0..16).chain(64..length) {
        let memories = memories();
        let copy = memory(&memories, Memories::LOG);
        copy.grow(1);
        copy.write(0, &log.borrow()[..=length]);
        let flipped = copy.borrow()[at] ^ 0x40;
        copy.borrow_mut()[at] = flipped;
        let opened = Orbiter::open(Memories::from_ids(|id| memory(&memories, id).clone()));
        assert!(opened.is_err(), "byte {at}");
    }
}
