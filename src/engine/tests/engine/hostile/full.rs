//! More entries than there is room for.

use super::site::Site;
use super::{HOUR, SECOND, SMALL, entry, noise, session, view};
use crate::samples::NOW;
use engine::{Refusal, Tuning};

#[test]
fn a_full_storage_refuses_what_is_new_and_loses_nothing() {
    let tuning = Tuning {
        capacity_bytes: 500_000,
        ..SMALL
    };
    let mut site = Site::new(1, tuning);
    let mut batches = (0..).map(|batch| -> Vec<_> {
        let numbers = batch * 500..(batch + 1) * 500;
        let page = |number| view(format!("https://example.com/{}", noise(number, 40)));
        let at = NOW + batch * HOUR;
        numbers
            .map(|number| entry(at + number, number, &session(number / 3), page(number)))
            .collect()
    });
    let refused = loop {
        let batch = batches.next().unwrap();
        site.now = batch[0].0.collected_at + SECOND;
        let refused = site.send_while_there_is_room(&batch);
        if !refused.is_empty() {
            break refused;
        }
    };
    assert_eq!(
        Refusal::StorageFull.to_string(),
        "The orbiter's storage is full: nothing more is stored. Send to another orbiter."
    );
    site.check(0);
    // What found no room finds none later, nor after an upgrade; what is there stays.
    let mut site = site.reopen();
    let again = batches.next().unwrap();
    assert_eq!(site.send_while_there_is_room(&again).len(), again.len());
    assert!(refused.len() <= 500);
    site.check(0);
    // The capacity is that of segments; the log of fresh entries comes to it.
    let overview = site.overview();
    let fresh_bytes = overview.fresh_entries * 200;
    assert!(overview.live_bytes <= tuning.capacity_bytes + fresh_bytes);
    assert!(overview.fresh_entries <= u64::from(8 * tuning.tail_rows));
}
