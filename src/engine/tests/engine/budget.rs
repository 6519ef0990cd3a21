//! What a query may cost before it is refused.

use crate::samples::{
    ALL, Bench, NOW, enough, entry, key, page_view, performance_metric, satellite, track_event,
};
use engine::{Budget, EntryRange, PageView, QueryRefusal, SetEntry, TrackEvent};
use std::cell::Cell;

const ENTRIES: u64 = 100;

/// 100 entries of each kind, of 3 satellites.
fn filled() -> Bench {
    let mut bench = Bench::with_satellites(3);
    for at in 0..ENTRIES {
        let satellite_id = satellite(at as u8 % 3 + 1);
        let name = key(at, "a");
        let orbiter = &mut bench.orbiter;
        orbiter
            .set(
                &name,
                SetEntry {
                    satellite_id,
                    ..entry(page_view())
                },
                NOW,
            )
            .unwrap();
        orbiter
            .set(
                &name,
                SetEntry {
                    satellite_id,
                    ..entry(performance_metric())
                },
                NOW,
            )
            .unwrap();
        let mut event = track_event();
        event.name = format!("event {at:02}");
        orbiter
            .set(
                &name,
                SetEntry {
                    satellite_id,
                    ..entry(event)
                },
                NOW,
            )
            .unwrap();
    }
    bench
}

/// What each question to the orbiter says under a budget.
fn answers(
    bench: &Bench,
    mut budget: impl FnMut() -> Budget<'static>,
) -> Vec<Result<(), QueryRefusal>> {
    let orbiter = &bench.orbiter;
    vec![
        orbiter.entries::<PageView>(&ALL, &mut budget()).map(drop),
        orbiter.page_view_metrics(&ALL, &mut budget()).map(drop),
        orbiter.page_view_top_ten(&ALL, &mut budget()).map(drop),
        orbiter.page_view_clients(&ALL, &mut budget()).map(drop),
        orbiter.track_event_counts(&ALL, &mut budget()).map(drop),
        orbiter.web_vitals(&ALL, &mut budget()).map(drop),
    ]
}

#[test]
fn every_question_answers_within_its_budget_of_entries_and_not_beyond() {
    let bench = filled();
    assert_eq!(
        answers(&bench, || Budget::entries(ENTRIES)),
        vec![Ok(()); 6]
    );
    let refusal = QueryRefusal::TooManyEntries { entries: ENTRIES };
    assert_eq!(
        answers(&bench, || Budget::entries(ENTRIES - 1)),
        vec![Err(refusal.clone()); 6]
    );
    assert_eq!(
        refusal.to_string(),
        "Too much for one query: it stopped after 100 entries; use a shorter range."
    );
    let one_satellite = EntryRange {
        satellite_id: Some(satellite(1)),
        ..ALL
    };
    let answer = bench
        .orbiter
        .page_view_metrics(&one_satellite, &mut Budget::entries(34))
        .unwrap();
    assert_eq!(answer.total_page_views, 34);
}

#[test]
fn a_counter_of_instructions_stops_a_query_soon_after_it_passes_the_limit() {
    let bench = filled();
    let looks = Cell::new(0);
    let counter = || {
        looks.set(looks.get() + 1);
        looks.get() * 1_000
    };
    let range = EntryRange {
        satellite_id: Some(satellite(1)),
        ..ALL
    };
    let mut budget = Budget::instructions(&counter, 999);
    let refusal = bench
        .orbiter
        .page_view_metrics(&range, &mut budget)
        .unwrap_err();
    // Rows of the log are charged together.
    assert_eq!(refusal, QueryRefusal::TooManyEntries { entries: 34 });
    looks.set(0);
    let mut budget = Budget::instructions(&counter, 1_000);
    assert_eq!(
        bench
            .orbiter
            .page_view_metrics(&range, &mut budget)
            .unwrap()
            .total_page_views,
        34
    );
    // The work after reading counts as well: a URL to take apart, names to sort.
    looks.set(0);
    let mut budget = Budget::instructions(&counter, 1_000);
    let refusal = bench
        .orbiter
        .page_view_top_ten(&range, &mut budget)
        .unwrap_err();
    assert_eq!(refusal, QueryRefusal::TooManyEntries { entries: 34 });
}

#[test]
fn a_reply_that_would_be_too_large_is_refused_with_the_limit() {
    let bench = filled();
    let limited = |bytes| enough().with_reply_limit(bytes);
    let refusal = bench
        .orbiter
        .entries::<TrackEvent>(&ALL, &mut limited(1_000))
        .unwrap_err();
    let QueryRefusal::ReplyTooLarge {
        entries,
        limit: 1_000,
    } = refusal
    else {
        panic!("{refusal:?}");
    };
    assert!((5..30).contains(&entries), "{entries}");
    assert_eq!(
        refusal.to_string(),
        format!(
            "Too much for one reply of 1000 bytes: it stopped after {entries} entries; use a shorter range."
        )
    );
    // 100 names of 8 bytes, and 8 bytes for each.
    assert!(
        bench
            .orbiter
            .track_event_counts(&ALL, &mut limited(1_600))
            .is_ok()
    );
    let refusal = bench
        .orbiter
        .track_event_counts(&ALL, &mut limited(1_599))
        .unwrap_err();
    assert_eq!(
        refusal,
        QueryRefusal::ReplyTooLarge {
            entries: ENTRIES,
            limit: 1_599
        }
    );
    // One page of 1 byte, and 50 bytes for its vitals.
    assert!(bench.orbiter.web_vitals(&ALL, &mut limited(51)).is_ok());
    let refusal = bench
        .orbiter
        .web_vitals(&ALL, &mut limited(50))
        .unwrap_err();
    assert_eq!(
        refusal,
        QueryRefusal::ReplyTooLarge {
            entries: ENTRIES,
            limit: 50
        }
    );
}
