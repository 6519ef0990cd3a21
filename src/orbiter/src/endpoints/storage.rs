//! What is stored: in figures, and the segments themselves.

use crate::budget::with_budget;
use crate::guards::{may_admin, may_write};
use crate::reply::reply;
use crate::{clock, convert, memory, segments};
use ic_cdk::query;
use std::marker::PhantomData;
use wire::{GetSegment, ListSegments, SegmentPart, SegmentSummary, StorageOverview};

#[query(guard = "may_write", manual_reply = true)]
fn get_storage_overview() -> PhantomData<StorageOverview> {
    let overview = with_budget(|orbiter, budget| orbiter.overview(clock::now(), budget));
    reply(overview.map(|overview| {
        memory::compaction(|compaction| convert::storage_overview(overview, compaction.failure()))
    }))
}

#[query(guard = "may_admin")]
fn list_segments(of: ListSegments) -> Vec<SegmentSummary> {
    memory::read(|orbiter| segments::list(orbiter, of))
}

#[query(guard = "may_admin", manual_reply = true)]
fn get_segment(of: GetSegment) -> PhantomData<SegmentPart> {
    reply(memory::read(|orbiter| segments::part(orbiter, of)))
}
