//! Who may call what.

/// A call that is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The caller lacks the right.
    #[error("Only a controller of this satellite may set its orbiter.")]
    NotAController,
    /// A query that somebody sent as an update, which would cost the owner cycles.
    #[error("Call this method as a query.")]
    QueryOnly,
}

/// Whether the right to set the orbiter is there.
pub const fn require_controller(caller_is_controller: bool) -> Result<(), Refusal> {
    if caller_is_controller {
        Ok(())
    } else {
        Err(Refusal::NotAController)
    }
}

/// Whether a message from outside may enter the canister, asked before it costs anything. Queries sent as
/// queries do not come this way.
pub fn inspect(method: &str, caller_is_controller: bool) -> Result<(), Refusal> {
    match method {
        "set_orbiter" => require_controller(caller_is_controller),
        // A controller may want a certified answer; its cycles are the controller's own.
        "get_orbiter" if caller_is_controller => Ok(()),
        _ => Err(Refusal::QueryOnly),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_can_cause_no_update() {
        assert_eq!(inspect("set_orbiter", false), Err(Refusal::NotAController));
        assert_eq!(inspect("get_orbiter", false), Err(Refusal::QueryOnly));
        assert_eq!(inspect("http_request", false), Err(Refusal::QueryOnly));
        assert_eq!(inspect("anything", false), Err(Refusal::QueryOnly));
    }

    #[test]
    fn a_controller_may_do_all_but_pay_for_pages() {
        assert_eq!(inspect("set_orbiter", true), Ok(()));
        assert_eq!(inspect("get_orbiter", true), Ok(()));
        assert_eq!(inspect("http_request", true), Err(Refusal::QueryOnly));
    }
}
