//! What is stored, in figures.

use crate::budget::with_budget;
use crate::guards::may_write;
use crate::reply::reply;
use crate::{clock, convert, memory};
use ic_cdk::query;
use std::marker::PhantomData;
use wire::StorageOverview;

#[query(guard = "may_write", manual_reply = true)]
fn get_storage_overview() -> PhantomData<StorageOverview> {
    let overview = with_budget(|orbiter, budget| orbiter.overview(clock::now(), budget));
    reply(overview.map(|overview| {
        memory::compaction(|compaction| convert::storage_overview(overview, compaction.failure()))
    }))
}
