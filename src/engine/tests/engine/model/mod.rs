//! Random histories, played to the engine and to a list. The list knows no index, no row and no parser: what
//! a text counts as stands beside it in the tables.

mod answers;
mod list;
mod steps;
mod tables;

use crate::samples::{Bench, NOW, enough, satellite};
use answers::{check_clients, check_events, check_metrics, check_top_ten, check_vitals};
use engine::{Features, Kind, KindName, SetSatelliteConfig};
use list::{FeaturesOf, List};
use proptest::prelude::*;
use steps::{Envelope, Step, ranges, steps};

/// Sets one entry alone, several as a batch; both sides must say the same.
fn play<B: Kind>(
    bench: &mut Bench,
    list: &mut List<B>,
    features: &FeaturesOf,
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

fn configure(bench: &mut Bench, features: &mut FeaturesOf, number: u8, kinds: [bool; 3]) {
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
        let mut features: FeaturesOf = [1, 2].map(|number| (satellite(number), [true; 3])).into();
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
