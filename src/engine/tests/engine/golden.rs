//! The bytes in stable memory, held against `testdata/`. They are recorded anew only on request:
//! `RECORD_GOLDEN=1 cargo test -p engine --test engine golden`, and then are a change of format to review.

use crate::samples::{ALL, Bench, NOW, enough, key, memories, satellite};
use engine::kinds::{Campaign, Client, Device, MetricName, NavigationType, WebVital};
use engine::{
    AccessKeyKind, AccessKeyScope, AnalyticKey, Entry, Features, Memories, PageView,
    PerformanceMetric, SetAccessKey, SetEntry, SetSatelliteConfig, TrackEvent,
};
use ic_principal::Principal;
use ic_stable_structures::{StableBTreeMap, VectorMemory};
use std::path::PathBuf;

type Map = StableBTreeMap<Vec<u8>, Vec<u8>, VectorMemory>;

const FILES: [(u8, &str); 2] = [
    (Memories::RECORDS, "records_v1.hex"),
    (Memories::ENTRIES, "entries_v1.hex"),
];

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

#[test]
fn the_bytes_in_memory_are_those_of_the_golden_files() {
    let golden = golden();
    for (memory, file) in FILES {
        let dump = dump(golden.bench.memory(memory));
        if std::env::var_os("RECORD_GOLDEN").is_some() {
            std::fs::write(path(file), &dump).unwrap();
        }
        let recorded = std::fs::read_to_string(path(file)).unwrap();
        assert_eq!(dump, recorded, "{file}");
    }
}

#[test]
fn a_memory_made_of_the_golden_files_opens_and_reads_back() {
    let memories = memories();
    for (memory, file) in FILES {
        let mut map = Map::init(memories[usize::from(memory)].clone());
        for line in std::fs::read_to_string(path(file)).unwrap().lines() {
            let (key, value) = line.split_once(' ').unwrap();
            map.insert(bytes(key), bytes(value));
        }
    }
    let bench = Bench::on(memories);
    let golden = golden();
    assert_eq!(
        bench.orbiter.entries(&ALL, &mut enough()).unwrap(),
        golden.page_views
    );
    assert_eq!(
        bench.orbiter.entries(&ALL, &mut enough()).unwrap(),
        golden.track_events
    );
    assert_eq!(
        bench.orbiter.entries(&ALL, &mut enough()).unwrap(),
        golden.performance_metrics
    );
    let (opened, made) = (&bench.orbiter, &golden.bench.orbiter);
    assert!(opened.satellite_configs().eq(made.satellite_configs()));
    assert_eq!(opened.satellite_configs().count(), 2);
    assert!(opened.access_keys().eq(made.access_keys()));
    assert_eq!(opened.access_keys().count(), 1);
}

/// A memory of the golden entries, of which one value is changed.
fn damaged(change: impl Fn(&mut Vec<u8>)) -> Bench {
    let golden = golden();
    let mut map = Map::init(golden.bench.memory(Memories::ENTRIES));
    let first = map.iter().next().unwrap();
    let (key, mut value) = (first.key().clone(), first.value());
    change(&mut value);
    map.insert(key, value);
    golden.bench.reopened()
}

#[test]
fn a_damaged_row_is_an_error_that_names_the_entry_and_never_a_panic() {
    let read = |bench: Bench| {
        let error = bench
            .orbiter
            .entries::<PageView>(&ALL, &mut enough())
            .unwrap_err();
        assert!(bench.orbiter.entry::<PageView>(&key(1, "new")).is_err());
        error.to_string()
    };
    let named = |what: &str| format!("The entry new collected at 1 can't be read: its row {what}");
    assert_eq!(
        read(damaged(|row| row.truncate(40))),
        named("ends too early.")
    );
    assert_eq!(read(damaged(Vec::clear)), named("ends too early."));
    assert_eq!(
        read(damaged(|row| row.push(0))),
        named("is 1 bytes too long.")
    );
    assert_eq!(
        read(damaged(|row| row[0] = 0xA2)),
        named("has the format 0xa2, which this release doesn't know.")
    );
    // After 9 bytes, two numbers of a byte, and a session id of 9: the flags' high byte.
    assert_eq!(
        read(damaged(|row| row[22] |= 0x80)),
        named("has the flags 0x8000, which this release doesn't know.")
    );
}

#[test]
fn no_cut_and_no_flipped_byte_of_a_row_makes_a_reader_panic() {
    let length = Map::init(golden().bench.memory(Memories::ENTRIES))
        .iter()
        .next()
        .unwrap()
        .value()
        .len();
    for at in 0..length {
        for bench in [
            damaged(|row| row.truncate(at)),
            damaged(|row| row[at] ^= 0xFF),
        ] {
            let _ = bench.orbiter.entries::<PageView>(&ALL, &mut enough());
            let _ = bench.orbiter.page_view_metrics(&ALL, &mut enough());
            let _ = bench.orbiter.page_view_top_ten(&ALL, &mut enough());
            let _ = bench.orbiter.page_view_clients(&ALL, &mut enough());
        }
    }
}
