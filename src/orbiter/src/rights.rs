//! Which right each method takes. One table, for the guards and for the check of direct calls alike.

use candid::Principal;
use engine::Orbiter;
use ic_stable_structures::Memory;

use crate::messages::{NOT_A_CONTROLLER, NOT_AN_ADMIN};

/// What a caller must be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Nothing special.
    Anyone,
    /// Set and read entries: an unexpired access key of scope Admin or Write.
    Write,
    /// Administer: an access key of scope Admin that is also a controller of the canister.
    Admin,
}

/// Who calls, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The caller.
    pub principal: Principal,
    /// Whether the network lists it as a controller of this canister.
    pub is_controller: bool,
    /// The time of the call, ns since 1970, UTC.
    pub now: u64,
}

/// Every public method and the right it takes.
pub const METHODS: [(&str, Right); 27] = [
    ("set_page_view", Right::Write),
    ("set_page_views", Right::Write),
    ("set_track_event", Right::Write),
    ("set_track_events", Right::Write),
    ("set_performance_metric", Right::Write),
    ("set_performance_metrics", Right::Write),
    ("get_page_views", Right::Write),
    ("get_track_events", Right::Write),
    ("get_performance_metrics", Right::Write),
    ("get_page_views_analytics_metrics", Right::Write),
    ("get_page_views_analytics_top_10", Right::Write),
    ("get_page_views_analytics_clients", Right::Write),
    ("get_track_events_analytics", Right::Write),
    ("get_performance_metrics_analytics_web_vitals", Right::Write),
    ("set_satellite_configs", Right::Admin),
    ("del_satellite_config", Right::Admin),
    ("list_satellite_configs", Right::Admin),
    ("set_controllers", Right::Admin),
    ("del_controllers", Right::Admin),
    ("list_controllers", Right::Admin),
    ("memory_size", Right::Write),
    ("get_storage_overview", Right::Write),
    ("list_segments", Right::Admin),
    ("get_segment", Right::Admin),
    ("deposit_cycles", Right::Admin),
    ("http_request", Right::Anyone),
    ("http_request_update", Right::Anyone),
];

/// Checks that the caller has a right.
///
/// # Errors
/// The sentence that the caller is rejected with.
pub fn check<M: Memory>(
    orbiter: &Orbiter<M>,
    right: Right,
    caller: &Caller,
) -> Result<(), &'static str> {
    match right {
        Right::Anyone => Ok(()),
        Right::Write if orbiter.may_write(&caller.principal, caller.now) => Ok(()),
        Right::Admin if orbiter.may_admin(&caller.principal, caller.is_controller) => Ok(()),
        Right::Write => Err(NOT_A_CONTROLLER),
        Right::Admin => Err(NOT_AN_ADMIN),
    }
}

/// Checks a direct call, before the network runs it at this canister's cost.
///
/// A query method sent as an update would be billed, so `http_request`, which anyone may call, is
/// refused that way; the others take the right that they always take.
///
/// # Errors
/// The sentence that the caller is refused with.
pub fn check_direct_call<M: Memory>(
    orbiter: &Orbiter<M>,
    method: &str,
    caller: &Caller,
) -> Result<(), &'static str> {
    const NO_SUCH_METHOD: &str = "The orbiter has no such method.";
    const QUERY_ONLY: &str = "Call http_request as a query.";
    if method == "http_request" {
        return Err(QUERY_ONLY);
    }
    let (_, right) = METHODS
        .iter()
        .find(|(name, _)| *name == method)
        .ok_or(NO_SUCH_METHOD)?;
    check(orbiter, *right, caller)
}
