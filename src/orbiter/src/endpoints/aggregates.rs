//! Aggregates over the entries in range.

use crate::budget::with_budget;
use crate::convert;
use crate::guards::may_write;
use crate::reply::reply;
use ic_cdk::query;
use std::marker::PhantomData;
use wire::{
    AnalyticsClientsPageViews, AnalyticsMetricsPageViews, AnalyticsTop10PageViews,
    AnalyticsTrackEvents, AnalyticsWebVitals, GetAnalytics,
};

#[query(guard = "may_write", manual_reply = true)]
fn get_page_views_analytics_metrics(of: GetAnalytics) -> PhantomData<AnalyticsMetricsPageViews> {
    reply(with_budget(|orbiter, budget| {
        let metrics = orbiter.page_view_metrics(&convert::range(of), budget);
        metrics.map(convert::metrics)
    }))
}

#[query(guard = "may_write", manual_reply = true)]
fn get_page_views_analytics_top_10(of: GetAnalytics) -> PhantomData<AnalyticsTop10PageViews> {
    reply(with_budget(|orbiter, budget| {
        let top = orbiter.page_view_top_ten(&convert::range(of), budget);
        top.map(convert::top_10)
    }))
}

#[query(guard = "may_write", manual_reply = true)]
fn get_page_views_analytics_clients(of: GetAnalytics) -> PhantomData<AnalyticsClientsPageViews> {
    reply(with_budget(|orbiter, budget| {
        let clients = orbiter.page_view_clients(&convert::range(of), budget);
        clients.map(convert::clients)
    }))
}

#[query(guard = "may_write", manual_reply = true)]
fn get_track_events_analytics(of: GetAnalytics) -> PhantomData<AnalyticsTrackEvents> {
    reply(with_budget(|orbiter, budget| {
        let counts = orbiter.track_event_counts(&convert::range(of), budget);
        counts.map(convert::event_totals)
    }))
}

#[query(guard = "may_write", manual_reply = true)]
fn get_performance_metrics_analytics_web_vitals(
    of: GetAnalytics,
) -> PhantomData<AnalyticsWebVitals> {
    reply(with_budget(|orbiter, budget| {
        let vitals = orbiter.web_vitals(&convert::range(of), budget);
        vitals.map(convert::web_vitals)
    }))
}
