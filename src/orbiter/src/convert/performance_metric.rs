//! Web vitals.

use super::{Json, Wire, digits};
use candid::Principal;
use engine::kinds::{MetricName, NavigationType, WebVital};
use engine::{Entry, PerformanceMetric, SetEntry};
use wire::json::{self, BigInt, Key};

impl Wire for PerformanceMetric {
    type Set = wire::SetPerformanceMetric;
    type Stored = wire::PerformanceMetric;

    fn set_entry(set: wire::SetPerformanceMetric) -> SetEntry<Self> {
        let wire::PerformanceData::WebVitalsMetric(vital) = set.data;
        SetEntry {
            satellite_id: set.satellite_id,
            session_id: set.session_id,
            version: set.version,
            body: PerformanceMetric {
                href: set.href,
                metric_name: metric_name(set.metric_name),
                data: WebVital {
                    value: vital.value,
                    delta: vital.delta,
                    id: vital.id,
                    navigation_type: vital.navigation_type.map(navigation_type),
                },
            },
        }
    }

    fn stored(entry: Entry<Self>) -> wire::PerformanceMetric {
        let vital = entry.body.data;
        wire::PerformanceMetric {
            href: entry.body.href,
            metric_name: wire_metric_name(entry.body.metric_name),
            data: wire::PerformanceData::WebVitalsMetric(wire::WebVitalsMetric {
                value: vital.value,
                delta: vital.delta,
                id: vital.id,
                navigation_type: vital.navigation_type.map(wire_navigation_type),
            }),
            satellite_id: entry.satellite_id,
            session_id: entry.session_id,
            created_at: entry.created_at,
            updated_at: entry.updated_at,
            version: Some(entry.version),
        }
    }
}

impl Json for PerformanceMetric {
    type One = json::SetPerformanceMetricRequest;
    type Many = json::SetPerformanceMetricsRequest;
    type JsonSet = json::SetPerformanceMetric;
    type JsonStored = json::PerformanceMetric;

    fn one(body: Self::One) -> (String, (Key, Self::JsonSet)) {
        (body.satellite_id, (body.key, body.performance_metric))
    }

    fn many(body: Self::Many) -> (String, impl Iterator<Item = (Key, Self::JsonSet)>) {
        let entries = body.performance_metrics.into_iter();
        (
            body.satellite_id,
            entries.map(|entry| (entry.key, entry.performance_metric)),
        )
    }

    fn from_json(
        set: json::SetPerformanceMetric,
        satellite_id: Principal,
    ) -> wire::SetPerformanceMetric {
        wire::SetPerformanceMetric {
            href: set.href,
            metric_name: set.metric_name,
            data: set.data,
            user_agent: set.user_agent,
            satellite_id,
            session_id: set.session_id,
            version: set.version.map(digits),
        }
    }

    fn into_json(stored: wire::PerformanceMetric, satellite_id: String) -> json::PerformanceMetric {
        json::PerformanceMetric {
            href: stored.href,
            metric_name: stored.metric_name,
            data: stored.data,
            satellite_id,
            session_id: stored.session_id,
            created_at: BigInt(stored.created_at),
            updated_at: BigInt(stored.updated_at),
            version: stored.version.map(BigInt),
        }
    }
}

fn metric_name(name: wire::PerformanceMetricName) -> MetricName {
    match name {
        wire::PerformanceMetricName::CLS => MetricName::Cls,
        wire::PerformanceMetricName::FCP => MetricName::Fcp,
        wire::PerformanceMetricName::INP => MetricName::Inp,
        wire::PerformanceMetricName::LCP => MetricName::Lcp,
        wire::PerformanceMetricName::TTFB => MetricName::Ttfb,
    }
}

fn wire_metric_name(name: MetricName) -> wire::PerformanceMetricName {
    match name {
        MetricName::Cls => wire::PerformanceMetricName::CLS,
        MetricName::Fcp => wire::PerformanceMetricName::FCP,
        MetricName::Inp => wire::PerformanceMetricName::INP,
        MetricName::Lcp => wire::PerformanceMetricName::LCP,
        MetricName::Ttfb => wire::PerformanceMetricName::TTFB,
    }
}

fn navigation_type(navigation: wire::NavigationType) -> NavigationType {
    match navigation {
        wire::NavigationType::Navigate => NavigationType::Navigate,
        wire::NavigationType::Restore => NavigationType::Restore,
        wire::NavigationType::Reload => NavigationType::Reload,
        wire::NavigationType::BackForward => NavigationType::BackForward,
        wire::NavigationType::BackForwardCache => NavigationType::BackForwardCache,
        wire::NavigationType::Prerender => NavigationType::Prerender,
    }
}

fn wire_navigation_type(navigation: NavigationType) -> wire::NavigationType {
    match navigation {
        NavigationType::Navigate => wire::NavigationType::Navigate,
        NavigationType::Restore => wire::NavigationType::Restore,
        NavigationType::Reload => wire::NavigationType::Reload,
        NavigationType::BackForward => wire::NavigationType::BackForward,
        NavigationType::BackForwardCache => wire::NavigationType::BackForwardCache,
        NavigationType::Prerender => wire::NavigationType::Prerender,
    }
}
