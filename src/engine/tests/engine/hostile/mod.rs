//! Data that is meant to hurt, or merely unusual: every answer stays exact, and storage bounded.

mod full;
mod site;

use crate::samples::{NOW, enough, page_view, performance_metric, scattered, track_event};
use engine::{
    AnalyticKey, EntryRange, Kind, PageView, PerformanceMetric, QueryRefusal, SetEntry, TrackEvent,
    Tuning,
};
use site::{Site, satellite};

const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Smaller than what ships, so that thousands of entries are compacted and merged as millions are.
const SMALL: Tuning = Tuning {
    tail_rows: 512,
    full_rows: 4_096,
    cube_rows: 256,
    group_segments: 4,
    session_gap: 30 * MINUTE,
    capacity_bytes: 400_000_000_000,
};

/// An entry of satellite 0, collected at `collected_at`, whose key is a number.
fn entry<K: Kind>(
    collected_at: u64,
    number: u64,
    session_id: &str,
    body: K,
) -> (AnalyticKey, SetEntry<K>) {
    let key = AnalyticKey {
        collected_at,
        key: format!("{number:021}"),
    };
    let entry = SetEntry {
        satellite_id: satellite(0),
        session_id: session_id.to_owned(),
        version: None,
        body,
    };
    (key, entry)
}

fn view(href: String) -> PageView {
    PageView {
        href,
        ..page_view()
    }
}

fn event(name: String) -> TrackEvent {
    TrackEvent {
        name,
        ..track_event()
    }
}

fn metric(href: String) -> PerformanceMetric {
    PerformanceMetric {
        href,
        ..performance_metric()
    }
}

/// A text of `bytes` bytes that looks random.
fn noise(seed: u64, bytes: usize) -> String {
    let words = (0..).map(|word| format!("{:016x}", scattered(seed.wrapping_mul(1_000) + word)));
    let mut text: String = words.take(bytes.div_ceil(16)).collect();
    text.truncate(bytes);
    text
}

/// A session of its own for each of these many entries.
fn session(number: u64) -> String {
    format!("{:021x}", scattered(number))
}

#[test]
fn texts_of_full_length_that_never_repeat_take_at_most_twice_their_length() {
    let mut site = Site::new(1, SMALL);
    let views = 2_000;
    let body = |number| PageView {
        title: noise(number, 1_024),
        referrer: Some(format!("https://{}", noise(number + 1, 4_000))),
        time_zone: noise(number + 2, 256),
        ..view(format!("https://example.com/{}", noise(number, 4_076)))
    };
    for number in 0..views {
        site.send(vec![entry(
            site.now,
            number,
            &session(number),
            body(number),
        )]);
        site.now += MINUTE;
    }
    site.now += DAY;
    site.compact();
    site.check(0);
    // An href is stored with its path beside it, a referrer with its host: twice themselves, and no more.
    site.assert_entry_takes(2 * (4_096 + 4_008) + 1_024 + 256 + 512);
}

#[test]
fn a_session_that_lasts_for_months_is_one_session_in_any_range() {
    let mut site = Site::new(1, SMALL);
    for hour in 0..100 * 24 {
        let page = |number| view(format!("https://example.com/{}", number % 7));
        let visits = (0..3).map(|visit| {
            let number = hour * 3 + visit;
            entry(site.now + visit, number, &session(number / 2), page(number))
        });
        let endless = entry(site.now + 5, hour, "endless", page(hour));
        site.send(visits.chain([endless]).collect());
        site.now += HOUR;
    }
    site.check(0);
    let site = site.reopen();
    site.check(0);
    site.assert_entry_takes(90);
}

#[test]
fn sessions_that_never_close_leave_the_log_of_fresh_entries_all_the_same() {
    let mut site = Site::new(1, SMALL);
    // 20 sessions with a view every 20 minutes, for 20 days.
    for turn in 0..20 * 24 * 3 {
        let views = (0..20).map(|visit| {
            let page = view(format!("https://example.com/{}", (turn + visit) % 11));
            entry(site.now + visit, turn * 20 + visit, &session(visit), page)
        });
        site.send(views.collect());
        site.now += 20 * MINUTE;
    }
    site.check(0);
    // Not more than two days of them.
    assert!(site.overview().fresh_entries <= 2 * 24 * 3 * 20);
}

#[test]
fn one_session_with_100_000_views_is_exact() {
    let mut site = Site::new(1, Tuning::default());
    let views = 100_000;
    for batch in 0..views / 1_000 {
        let numbers = batch * 1_000..(batch + 1) * 1_000;
        let page = |number| view(format!("https://example.com/{}", scattered(number) % 5_000));
        let views = numbers.map(|number| entry(NOW + number * SECOND, number, "one", page(number)));
        site.now = NOW + (batch + 1) * 1_000 * SECOND;
        site.send(views.collect());
    }
    site.check(0);
    site.now += 2 * DAY;
    site.compact();
    site.check(0);
    site.assert_entry_takes(30);
}

#[test]
fn fifty_thousand_pages_are_counted_each_and_refused_in_words_where_they_fill_a_reply() {
    let mut site = Site::new(1, Tuning::default());
    let pages = 50_000;
    for batch in 0..pages / 1_000 {
        let numbers = || batch * 1_000..(batch + 1) * 1_000;
        let href = |number| format!("https://example.com/{}", noise(number, 70));
        let at = |number| NOW + number * SECOND;
        site.now = at((batch + 1) * 1_000);
        let views =
            numbers().map(|number| entry(at(number), number, &session(number), view(href(number))));
        site.send(views.collect());
        // Page 7 is seen by everybody for the second time.
        let again = entry(at(batch), pages + batch, &session(batch), view(href(7)));
        site.send(vec![again]);
        let metrics = numbers()
            .map(|number| entry(at(number), number, &session(number), metric(href(number))));
        site.send(metrics.collect());
    }
    site.now += DAY;
    site.compact();
    site.check_in_parts(10);
    let all = EntryRange::default();
    let refusal = site.orbiter().web_vitals(&all, &mut enough()).unwrap_err();
    assert!(matches!(refusal, QueryRefusal::ReplyTooLarge { .. }));
    assert!(refusal.to_string().ends_with("use a shorter range."));
    site.assert_entry_takes(150);
}

#[test]
fn fifty_thousand_names_of_events_are_counted_each_and_refused_in_words_where_they_fill_a_reply() {
    let mut site = Site::new(1, Tuning::default());
    let names = 50_000;
    for batch in 0..names / 1_000 {
        let numbers = batch * 1_000..(batch + 1) * 1_000;
        let named = |number| event(noise(number, 80));
        site.now = NOW + (batch + 1) * 1_000 * SECOND;
        let events = numbers.map(|number| {
            let at = NOW + number * SECOND;
            entry(at, number, &session(number / 3), named(number))
        });
        site.send(events.collect());
    }
    site.now += DAY;
    site.compact();
    site.check_in_parts(10);
    let all = EntryRange::default();
    let refusal = site
        .orbiter()
        .track_event_counts(&all, &mut enough())
        .unwrap_err();
    assert!(matches!(refusal, QueryRefusal::ReplyTooLarge { .. }));
    assert!(refusal.to_string().ends_with("use a shorter range."));
    site.assert_entry_takes(160);
}

#[test]
fn ten_thousand_satellites_with_a_few_entries_each_share_what_there_is() {
    let satellites = 10_000;
    let mut site = Site::new(satellites, Tuning::default());
    for round in 0..4_u64 {
        let mut views = Vec::new();
        for number in 0..satellites {
            let (number, id) = (u64::from(number), satellite(number));
            let page = view(format!("https://site-{number}.example/{round}"));
            let at = site.now + number;
            let (key, view) = entry(at, number, &session(number + round / 2), page);
            views.push((
                key,
                SetEntry {
                    satellite_id: id,
                    ..view
                },
            ));
        }
        site.send(views);
        site.now += 3 * HOUR;
    }
    site.now += DAY;
    site.compact();
    site.check(satellites - 1);
    let overview = site.overview();
    site.assert_entry_takes(60);
    assert!(overview.segments < 100);
}

#[test]
fn one_view_a_day_for_three_years_is_merged_into_few_segments() {
    for tuning in [
        Tuning::default(),
        Tuning {
            tail_rows: 8,
            ..SMALL
        },
    ] {
        let mut site = Site::new(1, tuning);
        for day in 0..3 * 365 {
            let page = view(format!("https://example.com/{}", day % 5));
            site.send(vec![entry(site.now, day, &session(day), page)]);
            site.now += DAY;
        }
        site.compact();
        site.check(0);
        let overview = site.overview();
        site.assert_entry_takes(200);
        assert!(overview.segments < 20);
    }
}

#[test]
fn instants_at_both_ends_of_time_stay_apart_from_today() {
    let mut site = Site::new(1, SMALL);
    let year_2500 = 16_725_225_600_000_000_000;
    for number in 0..6_000_u64 {
        let far = [
            0,
            1,
            year_2500,
            year_2500 + number,
            u64::MAX - number,
            u64::MAX,
        ];
        let at = match scattered(number) % 50 {
            chosen @ 0..6 => far[chosen as usize],
            _ => site.now,
        };
        let page = view(format!("https://example.com/{}", number % 13));
        site.send(vec![entry(at, number, &session(number / 3), page)]);
        site.now += MINUTE;
    }
    site.check(0);
    let site = site.reopen();
    site.check(0);
    site.assert_entry_takes(60);
}

#[test]
fn batches_that_are_sent_again_are_refused_and_leave_nothing() {
    let mut site = Site::new(1, SMALL);
    let mut sent = Vec::new();
    for batch in 0..10 {
        let numbers = batch * 500..(batch + 1) * 500;
        let at = site.now;
        let page = |number| view(format!("https://example.com/{}", number % 13));
        let views: Vec<_> = numbers
            .map(|number| entry(at + number, number, &session(number / 3), page(number)))
            .collect();
        site.send(views.clone());
        site.send_in_vain(&views);
        sent.extend(views);
        site.now += HOUR;
    }
    site.compact();
    let before = site.overview();
    for _ in 0..3 {
        site.send_in_vain(&sent);
        site = site.reopen();
    }
    assert_eq!(site.overview(), before);
    site.check(0);
}

#[test]
fn entries_that_are_overwritten_again_and_again_take_the_place_of_one() {
    let mut site = Site::new(1, SMALL);
    let views = |version: u64| -> Vec<_> {
        (0..3_000)
            .map(|number| {
                let page = view(format!("https://example.com/{}", (number + version) % 13));
                let at = NOW + number * SECOND;
                let (key, mut entry) = entry(at, number, &session(number / 3), page);
                entry.version = Some(version);
                (key, entry)
            })
            .collect()
    };
    for version in 0..8 {
        site.send(views(version));
        site.now += DAY;
        site.compact();
        if version % 3 == 1 {
            site.check(0);
        }
    }
    site.check(0);
    site.assert_entry_takes(100);
}

#[test]
fn one_session_id_in_300_satellites_is_one_session_of_all_and_one_of_each() {
    let satellites = 300;
    let mut site = Site::new(satellites, SMALL);
    for number in 0..satellites * 10 {
        let page = view(format!("https://example.com/{}", number % 13));
        let (key, view) = entry(site.now, number.into(), "shared", page);
        let satellite_id = satellite(number % satellites);
        site.send(vec![(
            key,
            SetEntry {
                satellite_id,
                ..view
            },
        )]);
        site.now += 7 * MINUTE;
    }
    site.now += DAY;
    site.compact();
    site.check(satellites - 1);
    let metrics = |satellite_id| {
        let range = EntryRange {
            satellite_id,
            ..EntryRange::default()
        };
        let answer = site.orbiter().page_view_metrics(&range, &mut enough());
        let metrics = answer.unwrap();
        (metrics.unique_sessions, metrics.total_page_views)
    };
    assert_eq!(metrics(None), (1, 3_000));
    assert_eq!(metrics(Some(satellite(5))), (1, 10));
    site.assert_entry_takes(40);
}
