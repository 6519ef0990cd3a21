//! Random histories, played to the engine and to a list. The list knows no index, no row and no parser: what
//! a text counts as stands beside it in the tables below.

use crate::samples::{Bench, NOW, enough, key, page_view, performance_metric, satellite};
use engine::aggregates::{PageVitals, TopTen, WebVitals};
use engine::kinds::{Campaign, Client, Device, MetricName};
use engine::{
    AnalyticKey, Entry, EntryRange, Features, Kind, KindName, PageView, PerformanceMetric, Refusal,
    SetEntry, SetSatelliteConfig, TrackEvent, VersionRefusal,
};
use ic_principal::Principal;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const HOUR: u64 = 3_600_000_000_000;

/// Hrefs and their paths.
const PAGES: [(&str, &str); 6] = [
    ("https://example.com/", "/"),
    ("https://example.com/?utm_source=x", "/"),
    ("https://example.com/shop", "/shop"),
    ("https://example.com/shop?page=2", "/shop"),
    ("https://example.com/a/b#c", "/a/b"),
    ("not a url", "not a url"),
];

/// Referrers and their hosts.
const REFERRERS: [(&str, &str); 4] = [
    ("https://search.example/", "search.example"),
    ("https://search.example/find?q=x", "search.example"),
    ("http://blog.example:8080/post", "blog.example"),
    ("somewhere", "somewhere"),
];

/// User agents, and what they count as: 0 mobile, 1 tablet, 2 laptop, 3 desktop, 4 others; 0 Chrome, 1 Opera,
/// 2 Firefox, 3 Safari, 4 others.
const USER_AGENTS: [(&str, usize, usize); 5] = [
    (
        "Mozilla/5.0 (Windows NT 10.0) Chrome/129.0.0.0 Safari/537.36",
        3,
        0,
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0) Chrome/129.0.0.0 Safari/537.36 OPR/114.0.0.0",
        3,
        1,
    ),
    (
        "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0",
        0,
        2,
    ),
    (
        "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) Version/17.5 Safari/604.1",
        1,
        3,
    ),
    ("Lynx/2.9.0", 3, 4),
];

/// Clients' browser, system and device, and what they count as; systems 0 iOS, 1 Android, 2 Windows, 3 macOS,
/// 4 Linux, 5 others.
const CLIENTS: [(&str, &str, Option<&str>, [usize; 3]); 4] = [
    ("Chrome", "Android", Some("Pixel"), [0, 0, 1]),
    ("Mobile Safari", "iOS", Some("iPad"), [1, 3, 0]),
    ("Firefox", "Windows", None, [3, 2, 2]),
    ("Konqueror", "Haiku", None, [3, 4, 5]),
];

/// Widths of screens, and what they count as.
const WIDTHS: [(u16, Option<usize>); 5] = [
    (0, None),
    (400, Some(0)),
    (800, Some(1)),
    (1280, Some(2)),
    (2560, Some(3)),
];

const NAMES: [&str; 4] = ["buy", "click", "", "größe"];

const CAMPAIGNS: [(&str, Option<&str>); 3] = [
    ("mail", Some("spring")),
    ("mail", None),
    ("ads", Some("summer")),
];

/// What a page view is made of: rows of the tables above.
type ViewParts = (
    usize,
    Option<usize>,
    Option<usize>,
    Option<usize>,
    Option<usize>,
    Option<usize>,
);

fn views() -> impl Strategy<Value = PageView> {
    (
        0..PAGES.len(),
        prop::option::of(0..REFERRERS.len()),
        prop::option::of(0..USER_AGENTS.len()),
        prop::option::weighted(0.3, 0..CLIENTS.len()),
        prop::option::weighted(0.3, 0..WIDTHS.len()),
        prop::option::weighted(0.3, 0..CAMPAIGNS.len()),
    )
        .prop_map(view)
}

fn view((page, referrer, user_agent, client, width, campaign): ViewParts) -> PageView {
    PageView {
        href: PAGES[page].0.to_owned(),
        referrer: referrer.map(|row| REFERRERS[row].0.to_owned()),
        user_agent: user_agent.map(|row| USER_AGENTS[row].0.to_owned()),
        client: client
            .map(|row| CLIENTS[row])
            .map(|(browser, os, device, _)| Client {
                browser: browser.to_owned(),
                os: os.to_owned(),
                device: device.map(str::to_owned),
            }),
        device: Device {
            screen_width: width.map(|row| WIDTHS[row].0),
            ..page_view().device
        },
        campaign: campaign
            .map(|row| CAMPAIGNS[row])
            .map(|(source, name)| Campaign {
                utm_source: source.to_owned(),
                utm_medium: None,
                utm_campaign: name.map(str::to_owned),
                utm_term: None,
                utm_content: Some("content".to_owned()),
            }),
        time_zone: ["UTC", "Europe/Zurich"][page % 2].to_owned(),
        ..page_view()
    }
}

fn events() -> impl Strategy<Value = TrackEvent> {
    let pairs = prop::collection::vec(("[a-c]{0,2}", "[é🦀]{0,2}"), 0..3);
    (prop::sample::select(&NAMES[..]), prop::option::of(pairs)).prop_map(|(name, metadata)| {
        TrackEvent {
            name: name.to_owned(),
            metadata,
        }
    })
}

fn metrics() -> impl Strategy<Value = PerformanceMetric> {
    let value = prop_oneof![4 => -1e6..1e6_f64, 1 => Just(f64::NAN)];
    (
        0..PAGES.len(),
        prop::sample::select(&MetricName::ALL[..]),
        value,
    )
        .prop_map(|(page, metric_name, value)| {
            let mut metric = performance_metric();
            metric.href = PAGES[page].0.to_owned();
            metric.metric_name = metric_name;
            metric.data.value = value;
            metric
        })
}

/// Where an entry goes and how: few of each, so that histories collide.
#[derive(Clone, Debug)]
struct Envelope<B> {
    key: AnalyticKey,
    satellite: u8,
    session: u8,
    version: Option<u64>,
    body: B,
}

fn envelope<B: std::fmt::Debug>(
    body: impl Strategy<Value = B>,
) -> impl Strategy<Value = Envelope<B>> {
    let version = prop_oneof![3 => Just(None), 2 => Just(Some(1)), 1 => Just(Some(2))];
    let session = prop_oneof![8 => 0..4_u8, 1 => Just(40)];
    (0..60_u64, 0..3_u8, 1..4_u8, session, version, body).prop_map(
        |(hour, name, satellite, session, version, body)| Envelope {
            key: key(NOW + hour / 2 * HOUR, &"k".repeat(usize::from(name))),
            satellite,
            session,
            version,
            body,
        },
    )
}

impl<B> Envelope<B> {
    fn open(self) -> (AnalyticKey, SetEntry<B>) {
        let entry = SetEntry {
            satellite_id: satellite(self.satellite),
            // 40 bytes are too many.
            session_id: "s".repeat(usize::from(self.session)),
            version: self.version,
            body: self.body,
        };
        (self.key, entry)
    }
}

/// What happens.
#[derive(Clone, Debug)]
enum Step {
    Views(Vec<Envelope<PageView>>),
    Events(Vec<Envelope<TrackEvent>>),
    Metrics(Vec<Envelope<PerformanceMetric>>),
    Configure(u8, [bool; 3]),
    Reopen,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => prop::collection::vec(envelope(views()), 1..12).prop_map(Step::Views),
        3 => prop::collection::vec(envelope(events()), 1..8).prop_map(Step::Events),
        3 => prop::collection::vec(envelope(metrics()), 1..8).prop_map(Step::Metrics),
        1 => (1..4_u8, any::<[bool; 3]>()).prop_map(|(satellite, features)| Step::Configure(satellite, features)),
        1 => Just(Step::Reopen),
    ];
    prop::collection::vec(step, 1..24)
}

fn ranges() -> impl Strategy<Value = Vec<EntryRange>> {
    let instant =
        || prop::option::of((0..64_u64).prop_map(|half_hours| NOW + half_hours * HOUR / 2));
    let range = (prop::option::of(1..5_u8), instant(), instant()).prop_map(|(number, from, to)| {
        EntryRange {
            satellite_id: number.map(satellite),
            from,
            to,
        }
    });
    prop::collection::vec(range, 6)
}

/// The entries of one kind, in any order.
struct List<B>(Vec<(AnalyticKey, Entry<B>)>);

impl<B: Kind> List<B> {
    fn set(
        &mut self,
        features: &BTreeMap<Principal, [bool; 3]>,
        key: &AnalyticKey,
        entry: &SetEntry<B>,
        is_finite: bool,
        now: u64,
    ) -> Result<Entry<B>, Refusal> {
        if !features
            .get(&entry.satellite_id)
            .is_some_and(|kinds| kinds[B::NAME as usize - 1])
        {
            return Err(Refusal::FeatureDisabled(B::NAME));
        }
        if entry.session_id.len() > 36 {
            return Err(Refusal::SessionIdTooLong {
                bytes: entry.session_id.len(),
            });
        }
        if !is_finite {
            return Err(Refusal::NotFinite {
                subject: "Performance metric value",
                value: f64::NAN,
            });
        }
        let current = self.0.iter().position(|(other, _)| other == key);
        let (created_at, version) = match current.map(|at| &self.0[at].1) {
            None => (now, 1),
            Some(current) => {
                let refusal = match entry.version {
                    None => Some(VersionRefusal::NotProvided {
                        current: current.version,
                    }),
                    Some(given) if given != current.version => {
                        Some(VersionRefusal::OutdatedOrFuture {
                            current: current.version,
                            given,
                        })
                    }
                    Some(_) => None,
                };
                if let Some(refusal) = refusal {
                    return Err(Refusal::Version(refusal));
                }
                if current.session_id != entry.session_id {
                    return Err(Refusal::OtherSession {
                        current: current.session_id.clone(),
                        given: entry.session_id.clone(),
                    });
                }
                if current.satellite_id != entry.satellite_id {
                    return Err(Refusal::OtherSatellite {
                        current: current.satellite_id,
                        given: entry.satellite_id,
                    });
                }
                (current.created_at, current.version + 1)
            }
        };
        let stored = Entry {
            satellite_id: entry.satellite_id,
            session_id: entry.session_id.clone(),
            created_at,
            updated_at: now,
            version,
            body: entry.body.clone(),
        };
        match current {
            Some(at) => self.0[at].1 = stored.clone(),
            None => self.0.push((key.clone(), stored.clone())),
        }
        Ok(stored)
    }

    fn range(&self, range: &EntryRange) -> Vec<(AnalyticKey, Entry<B>)> {
        let mut entries = self.0.clone();
        entries.retain(|(key, entry)| {
            range.satellite_id.is_none_or(|id| id == entry.satellite_id)
                && range.from.is_none_or(|from| key.collected_at >= from)
                && range.to.is_none_or(|to| key.collected_at < to)
        });
        entries.sort_by(|(a, _), (b, _)| {
            a.collected_at
                .cmp(&b.collected_at)
                .then_with(|| a.key.as_bytes().cmp(b.key.as_bytes()))
        });
        entries
    }
}

/// Sets one entry alone, several as a batch; both sides must say the same.
fn play<B: Kind>(
    bench: &mut Bench,
    list: &mut List<B>,
    features: &BTreeMap<Principal, [bool; 3]>,
    envelopes: Vec<Envelope<B>>,
    is_finite: impl Fn(&B) -> bool,
    now: u64,
) {
    let batch: Vec<_> = envelopes.into_iter().map(Envelope::open).collect();
    let expected: Vec<_> = batch
        .iter()
        .map(|(key, entry)| list.set(features, key, entry, is_finite(&entry.body), now))
        .collect();
    if let [(key, entry)] = batch.as_slice() {
        let answer = bench.orbiter.set(key, entry.clone(), now);
        assert_eq!(format!("{answer:?}"), format!("{:?}", expected[0]));
        return;
    }
    let refused: Vec<_> = batch
        .iter()
        .zip(&expected)
        .filter_map(|((key, _), result)| result.as_ref().err().map(|refusal| (key, refusal)))
        .collect();
    let answer = bench.orbiter.set_many(batch.clone(), now).unwrap();
    assert_eq!(format!("{answer:?}"), format!("{refused:?}"));
}

type Entries<B> = Vec<(AnalyticKey, Entry<B>)>;

fn check_metrics(bench: &Bench, range: &EntryRange, views: &Entries<PageView>) {
    let answer = bench
        .orbiter
        .page_view_metrics(range, &mut enough())
        .unwrap();
    let sessions: BTreeSet<_> = views.iter().map(|(_, view)| &view.session_id).collect();
    let pages: BTreeSet<_> = views
        .iter()
        .map(|(_, view)| (&view.session_id, &view.body.href))
        .collect();
    let bounces = sessions
        .iter()
        .filter(|session| {
            views
                .iter()
                .filter(|(_, view)| view.session_id == ***session)
                .count()
                == 1
        })
        .count();
    // NOW is 2023-11-14 22:13:20, and no entry is more than 30 hours later.
    let day = |collected_at: u64| match (collected_at - NOW) / 1_000_000_000 {
        0..6_400 => 14,
        6_400..92_800 => 15,
        _ => 16,
    };
    let mut days = BTreeMap::new();
    for (key, _) in views {
        *days.entry(day(key.collected_at)).or_insert(0) += 1;
    }
    let answered: Vec<_> = answer
        .daily_total_page_views
        .iter()
        .map(|(date, views)| ((date.year, date.month, date.day), *views))
        .collect();
    let expected: Vec<_> = days
        .into_iter()
        .map(|(day, views)| ((2023, 11, day), views))
        .collect();
    assert_eq!(answered, expected);
    assert_eq!(answer.total_page_views as usize, views.len());
    assert_eq!(answer.unique_sessions as usize, sessions.len());
    assert_eq!(answer.unique_page_views as usize, pages.len());
    let per_session = |number: usize| number as f64 / sessions.len().max(1) as f64;
    assert_eq!(
        answer.average_page_views_per_session,
        per_session(views.len())
    );
    assert_eq!(answer.bounce_rate, per_session(bounces));
}

/// How often each text occurs, most frequent first, then by name, ten at most.
fn top_ten<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<(String, u32)> {
    let mut counts = BTreeMap::new();
    for text in texts {
        *counts.entry(text.to_owned()).or_insert(0) += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.truncate(10);
    counts
}

fn looked_up(table: &[(&'static str, &'static str)], text: &str) -> &'static str {
    table.iter().find(|(whole, _)| *whole == text).unwrap().1
}

fn check_top_ten(bench: &Bench, range: &EntryRange, views: &Entries<PageView>) {
    let bodies = || views.iter().map(|(_, view)| &view.body);
    let campaigns = || bodies().filter_map(|view| view.campaign.as_ref());
    let if_any = |counts: Vec<_>| {
        if counts.is_empty() {
            None
        } else {
            Some(counts)
        }
    };
    let referrers = bodies().filter_map(|view| view.referrer.as_deref());
    let expected = TopTen {
        referrers: top_ten(referrers.map(|referrer| looked_up(&REFERRERS, referrer))),
        pages: top_ten(bodies().map(|view| looked_up(&PAGES, &view.href))),
        time_zones: top_ten(bodies().map(|view| view.time_zone.as_str())),
        utm_sources: if_any(top_ten(
            campaigns().map(|campaign| campaign.utm_source.as_str()),
        )),
        utm_campaigns: if_any(top_ten(
            campaigns().filter_map(|campaign| campaign.utm_campaign.as_deref()),
        )),
    };
    assert_eq!(
        bench
            .orbiter
            .page_view_top_ten(range, &mut enough())
            .unwrap(),
        expected
    );
}

/// Device, browser and system of a view, by the tables.
fn classes(view: &PageView) -> (Option<usize>, usize, usize) {
    let [device, browser, system] = match (&view.client, &view.user_agent) {
        (Some(client), _) => {
            CLIENTS
                .iter()
                .find(|(browser, ..)| *browser == client.browser)
                .unwrap()
                .3
        }
        (None, Some(user_agent)) => {
            let (_, device, browser) = USER_AGENTS
                .iter()
                .find(|(whole, ..)| whole == user_agent)
                .unwrap();
            [*device, *browser, 5]
        }
        (None, None) => [4, 4, 5],
    };
    let by_width = |width| WIDTHS.iter().find(|(other, _)| *other == width).unwrap().1;
    (
        view.device.screen_width.map_or(Some(device), by_width),
        browser,
        system,
    )
}

fn check_clients(bench: &Bench, range: &EntryRange, views: &Entries<PageView>) {
    let answer = bench
        .orbiter
        .page_view_clients(range, &mut enough())
        .unwrap();
    let share = |is_counted: &dyn Fn((Option<usize>, usize, usize)) -> bool| {
        let counted = views
            .iter()
            .filter(|(_, view)| is_counted(classes(&view.body)))
            .count();
        counted as f64 / views.len().max(1) as f64
    };
    let devices = answer.devices;
    assert_eq!(
        [
            devices.mobile,
            devices.tablet,
            devices.laptop,
            devices.desktop,
            devices.others
        ],
        [0, 1, 2, 3, 4].map(|class| share(&|(device, ..)| device == Some(class)))
    );
    let browsers = answer.browsers;
    assert_eq!(
        [
            browsers.chrome,
            browsers.opera,
            browsers.firefox,
            browsers.safari,
            browsers.others
        ],
        [0, 1, 2, 3, 4].map(|class| share(&|(_, browser, _)| browser == class))
    );
    let systems = [0, 1, 2, 3, 4, 5].map(|class| share(&|(.., system)| system == class));
    let expected = if systems[..5] == [0.0; 5] {
        None
    } else {
        Some(systems)
    };
    let answered = answer.operating_systems.map(|shares| {
        [
            shares.ios,
            shares.android,
            shares.windows,
            shares.macos,
            shares.linux,
            shares.others,
        ]
    });
    assert_eq!(answered, expected);
}

fn means(metrics: &[&PerformanceMetric]) -> PageVitals {
    let mean = |name| {
        let values: Vec<_> = metrics
            .iter()
            .filter(|metric| metric.metric_name == name)
            .map(|metric| metric.data.value)
            .collect();
        let mut sum = 0.0;
        for value in &values {
            sum += value;
        }
        if values.is_empty() {
            None
        } else {
            Some(sum / values.len() as f64)
        }
    };
    PageVitals {
        cls: mean(MetricName::Cls),
        fcp: mean(MetricName::Fcp),
        inp: mean(MetricName::Inp),
        lcp: mean(MetricName::Lcp),
        ttfb: mean(MetricName::Ttfb),
    }
}

fn check_vitals(bench: &Bench, range: &EntryRange, metrics: &Entries<PerformanceMetric>) {
    let metrics: Vec<_> = metrics.iter().map(|(_, metric)| &metric.body).collect();
    let mut paths: Vec<_> = metrics
        .iter()
        .map(|metric| looked_up(&PAGES, &metric.href))
        .collect();
    paths.sort_unstable();
    paths.dedup();
    let of = |path: &str| {
        let of_path: Vec<_> = metrics
            .iter()
            .copied()
            .filter(|metric| looked_up(&PAGES, &metric.href) == path)
            .collect();
        (path.to_owned(), means(&of_path))
    };
    let expected = WebVitals {
        overall: means(&metrics),
        pages: paths.into_iter().map(of).collect(),
    };
    assert_eq!(
        bench.orbiter.web_vitals(range, &mut enough()).unwrap(),
        expected
    );
}

fn check_events(bench: &Bench, range: &EntryRange, events: &Entries<TrackEvent>) {
    let mut counts = BTreeMap::new();
    for (_, event) in events {
        *counts.entry(event.body.name.clone()).or_insert(0) += 1;
    }
    let answer = bench
        .orbiter
        .track_event_counts(range, &mut enough())
        .unwrap();
    assert_eq!(answer.total, counts.into_iter().collect::<Vec<_>>());
}

fn configure(
    bench: &mut Bench,
    features: &mut BTreeMap<Principal, [bool; 3]>,
    number: u8,
    kinds: [bool; 3],
) {
    let satellite_id = satellite(number);
    let [page_views, track_events, performance_metrics] = kinds;
    let config = SetSatelliteConfig {
        features: Some(Features {
            page_views,
            track_events,
            performance_metrics,
        }),
        restricted_origin: None,
        version: bench
            .orbiter
            .satellite_config(&satellite_id)
            .map(|config| config.version),
    };
    bench
        .orbiter
        .set_satellite_configs(vec![(satellite_id, config)], NOW)
        .unwrap();
    features.insert(satellite_id, kinds);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_history_reads_and_adds_up_as_a_list_of_all_entries_does(steps in steps(), ranges in ranges()) {
        assert_eq!(KindName::ALL.map(|kind| kind as usize), [1, 2, 3]);
        let mut bench = Bench::with_satellites(2);
        let mut features: BTreeMap<_, _> = [1, 2].map(|number| (satellite(number), [true; 3])).into();
        let (mut views, mut events, mut metrics) = (List(vec![]), List(vec![]), List(vec![]));
        for (now, step) in (NOW..).zip(steps) {
            match step {
                Step::Views(sent) => play(&mut bench, &mut views, &features, sent, |_| true, now),
                Step::Events(sent) => play(&mut bench, &mut events, &features, sent, |_| true, now),
                Step::Metrics(sent) => play(&mut bench, &mut metrics, &features, sent, |metric| {
                    metric.data.value.is_finite()
                }, now),
                Step::Configure(number, kinds) => configure(&mut bench, &mut features, number, kinds),
                Step::Reopen => bench = bench.reopened(),
            }
        }
        for range in ranges {
            let (views, events, metrics) = (views.range(&range), events.range(&range), metrics.range(&range));
            let orbiter = &bench.orbiter;
            prop_assert_eq!(&orbiter.entries(&range, &mut enough()).unwrap(), &views);
            prop_assert_eq!(&orbiter.entries(&range, &mut enough()).unwrap(), &events);
            prop_assert_eq!(&orbiter.entries(&range, &mut enough()).unwrap(), &metrics);
            check_metrics(&bench, &range, &views);
            check_top_ten(&bench, &range, &views);
            check_clients(&bench, &range, &views);
            check_events(&bench, &range, &events);
            check_vitals(&bench, &range, &metrics);
        }
    }
}
