//! Many entries: every answer is exact, or there is none and a sentence says why.

use crate::samples::{ALL, Bench, NOW, enough, entry, key, page_view, satellite, scattered};
use engine::{Budget, EntryRange, PageView, QueryRefusal, SetEntry};
use std::collections::{BTreeMap, BTreeSet};

const VIEWS: u64 = 200_000;
const SECOND: u64 = 1_000_000_000;

/// The page of a view: few are seen often, many seldom.
fn page(view: u64) -> u64 {
    let spread = scattered(view) % 1_000;
    spread * spread / 1_000
}

/// The session of a view: three views each.
fn session(view: u64) -> String {
    format!("{:016x}-{:016x}", scattered(view / 3), view / 3)
}

fn view(view: u64) -> PageView {
    PageView {
        href: format!(
            "https://example.com/articles/{:04}?from={}",
            page(view),
            view % 7
        ),
        title: format!("Article number {:04}", page(view)),
        referrer: view
            .is_multiple_of(2)
            .then(|| format!("https://host{}.example/post", page(view) % 50)),
        user_agent: Some(format!(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
             Chrome/{}.0.0.0 Safari/537.36",
            100 + page(view) % 200
        )),
        ..page_view()
    }
}

/// An orbiter with 200,000 views, one a second, of two satellites by turns.
fn filled() -> Bench {
    let mut bench = Bench::with_satellites(2);
    let set = |number: u64| SetEntry {
        satellite_id: satellite(number as u8 % 2 + 1),
        session_id: session(number),
        ..entry(view(number))
    };
    for batch in 0..VIEWS / 1_000 {
        let numbers = batch * 1_000..(batch + 1) * 1_000;
        let named = |number| format!("{:021x}", scattered(number));
        let entries = numbers.map(|number| (key(number * SECOND, &named(number)), set(number)));
        assert_eq!(bench.orbiter.set_many(entries.collect(), NOW).unwrap(), []);
    }
    bench
}

#[test]
fn over_200_000_views_every_answer_is_exact_or_a_sentence_says_why_there_is_none() {
    let bench = filled();
    let orbiter = &bench.orbiter;

    let refusal = orbiter
        .entries::<PageView>(&ALL, &mut enough())
        .unwrap_err();
    assert!(
        matches!(refusal, QueryRefusal::ReplyTooLarge { .. }),
        "{refusal:?}"
    );
    assert!(
        refusal.to_string().ends_with("use a shorter range."),
        "{refusal}"
    );
    let refusal = orbiter
        .page_view_metrics(&ALL, &mut Budget::entries(VIEWS - 1))
        .unwrap_err();
    assert_eq!(refusal, QueryRefusal::TooManyEntries { entries: VIEWS });

    let metrics = orbiter.page_view_metrics(&ALL, &mut enough()).unwrap();
    let sessions: BTreeSet<_> = (0..VIEWS).map(session).collect();
    let pages: BTreeSet<_> = (0..VIEWS)
        .map(|number| (number / 3, page(number), number % 7))
        .collect();
    assert_eq!(metrics.total_page_views, 200_000);
    assert_eq!(metrics.unique_sessions, sessions.len() as u64);
    assert_eq!(metrics.unique_page_views, pages.len() as u64);
    let days: Vec<_> = metrics
        .daily_total_page_views
        .iter()
        .map(|(_, views)| *views)
        .collect();
    assert_eq!(days, [86_400, 86_400, 27_200]);

    let top = orbiter.page_view_top_ten(&ALL, &mut enough()).unwrap();
    let mut counts = BTreeMap::new();
    for number in 0..VIEWS {
        *counts
            .entry(format!("/articles/{:04}", page(number)))
            .or_insert(0) += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    assert_eq!(top.pages, counts[..10]);

    let one = EntryRange {
        satellite_id: Some(satellite(1)),
        ..ALL
    };
    let clients = orbiter
        .page_view_clients(&one, &mut Budget::entries(VIEWS / 2))
        .unwrap();
    assert_eq!(
        (clients.browsers.chrome, clients.devices.desktop),
        (1.0, 1.0)
    );
}
