//! Setting and reading entries.

use crate::budget::with_budget;
use crate::compaction::storing;
use crate::guards::may_write;
use crate::reply::reply;
use crate::{clock, entries};
use engine::{
    PageView as PageViews, PerformanceMetric as PerformanceMetrics, TrackEvent as TrackEvents,
};
use ic_cdk::{query, update};
use std::marker::PhantomData;
use wire::{
    AnalyticKey, GetAnalytics, PageView, PerformanceMetric, SetManyResult, SetOneResult,
    SetPageView, SetPerformanceMetric, SetTrackEvent, TrackEvent,
};

#[update(guard = "may_write")]
fn set_page_view(key: AnalyticKey, page_view: SetPageView) -> SetOneResult<PageView> {
    storing(|orbiter| entries::set_one::<PageViews, _>(orbiter, clock::now(), key, page_view))
}

#[update(guard = "may_write")]
fn set_track_event(key: AnalyticKey, track_event: SetTrackEvent) -> SetOneResult<TrackEvent> {
    storing(|orbiter| entries::set_one::<TrackEvents, _>(orbiter, clock::now(), key, track_event))
}

#[update(guard = "may_write")]
fn set_performance_metric(
    key: AnalyticKey,
    metric: SetPerformanceMetric,
) -> SetOneResult<PerformanceMetric> {
    storing(|orbiter| entries::set_one::<PerformanceMetrics, _>(orbiter, clock::now(), key, metric))
}

#[update(guard = "may_write", manual_reply = true)]
fn set_page_views(page_views: Vec<(AnalyticKey, SetPageView)>) -> PhantomData<SetManyResult> {
    reply(storing(|orbiter| {
        entries::set_many::<PageViews, _>(orbiter, clock::now(), page_views)
    }))
}

#[update(guard = "may_write", manual_reply = true)]
fn set_track_events(track_events: Vec<(AnalyticKey, SetTrackEvent)>) -> PhantomData<SetManyResult> {
    reply(storing(|orbiter| {
        entries::set_many::<TrackEvents, _>(orbiter, clock::now(), track_events)
    }))
}

#[update(guard = "may_write", manual_reply = true)]
fn set_performance_metrics(
    metrics: Vec<(AnalyticKey, SetPerformanceMetric)>,
) -> PhantomData<SetManyResult> {
    reply(storing(|orbiter| {
        entries::set_many::<PerformanceMetrics, _>(orbiter, clock::now(), metrics)
    }))
}

#[query(guard = "may_write", manual_reply = true)]
fn get_page_views(of: GetAnalytics) -> PhantomData<Vec<(AnalyticKey, PageView)>> {
    reply(with_budget(|orbiter, budget| {
        entries::get::<PageViews, _>(orbiter, budget, of)
    }))
}

#[query(guard = "may_write", manual_reply = true)]
fn get_track_events(of: GetAnalytics) -> PhantomData<Vec<(AnalyticKey, TrackEvent)>> {
    reply(with_budget(|orbiter, budget| {
        entries::get::<TrackEvents, _>(orbiter, budget, of)
    }))
}

#[query(guard = "may_write", manual_reply = true)]
fn get_performance_metrics(of: GetAnalytics) -> PhantomData<Vec<(AnalyticKey, PerformanceMetric)>> {
    reply(with_budget(|orbiter, budget| {
        entries::get::<PerformanceMetrics, _>(orbiter, budget, of)
    }))
}
