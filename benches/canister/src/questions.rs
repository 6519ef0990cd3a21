//! What a question costs.

use crate::counter;
use crate::report::{Dashboard, Question};
use crate::store::Store;
use candid::Principal;
use engine::{Budget, EntryRange, Orbiter, QueryRefusal};
use ic_stable_structures::Memory;
use std::hint::black_box;
use workloads::peer::Peer;

/// The instructions that the answer takes. Traps where there is none.
pub(crate) fn ask(store: &Store, question: &Question) -> u64 {
    match store {
        Store::Orbiter(orbiter) => ask_orbiter(orbiter, question),
        Store::Peer(peer, _) => ask_peer(peer, question),
    }
}

fn ask_orbiter<M: Memory>(orbiter: &Orbiter<M>, question: &Question) -> u64 {
    let range = EntryRange {
        satellite_id: question.satellite_id,
        from: Some(question.from),
        to: Some(question.to),
    };
    let counter: &dyn Fn() -> u64 = &ic_cdk::api::instruction_counter;
    let mut budget = Budget::instructions(counter, Budget::QUERY_INSTRUCTIONS);
    let (instructions, answer) = counter::weigh(|| match question.dashboard {
        Dashboard::Metrics => black_box(orbiter.page_view_metrics(&range, &mut budget)).map(drop),
        Dashboard::TopTen => black_box(orbiter.page_view_top_ten(&range, &mut budget)).map(drop),
        Dashboard::Clients => black_box(orbiter.page_view_clients(&range, &mut budget)).map(drop),
        Dashboard::Events => black_box(orbiter.track_event_counts(&range, &mut budget)).map(drop),
        Dashboard::WebVitals => black_box(orbiter.web_vitals(&range, &mut budget)).map(drop),
    });
    answer.unwrap_or_else(|refusal: QueryRefusal| ic_cdk::trap(refusal.to_string()));
    instructions
}

fn ask_peer<M: Memory>(peer: &Peer<M>, question: &Question) -> u64 {
    let satellite = question.satellite_id.unwrap_or(Principal::anonymous());
    let (from, to) = (question.from, question.to);
    let (instructions, ()) = counter::weigh(|| match question.dashboard {
        Dashboard::Metrics => drop(black_box(peer.metrics(&satellite, from, to))),
        Dashboard::TopTen => drop(black_box(peer.top_ten(&satellite, from, to))),
        Dashboard::Clients => {
            black_box(peer.clients(&satellite, from, to));
        }
        Dashboard::Events | Dashboard::WebVitals => ic_cdk::trap("The peer has no such dashboard."),
    });
    instructions
}
