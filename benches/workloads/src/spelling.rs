//! Names as the public interface spells them.

use engine::kinds::{MetricName, NavigationType};

/// `metric_name` of a performance metric.
pub fn metric_name(name: MetricName) -> &'static str {
    match name {
        MetricName::Cls => "CLS",
        MetricName::Fcp => "FCP",
        MetricName::Inp => "INP",
        MetricName::Lcp => "LCP",
        MetricName::Ttfb => "TTFB",
    }
}

/// `navigation_type` of a performance metric.
pub fn navigation_type(navigation_type: NavigationType) -> &'static str {
    match navigation_type {
        NavigationType::Navigate => "Navigate",
        NavigationType::Restore => "Restore",
        NavigationType::Reload => "Reload",
        NavigationType::BackForward => "BackForward",
        NavigationType::BackForwardCache => "BackForwardCache",
        NavigationType::Prerender => "Prerender",
    }
}
