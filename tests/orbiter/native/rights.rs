//! Who may call what.

use super::{Native, START};
use candid::Principal;
use candid_parser::utils::CandidSource;
use engine::AccessKeyScope;
use orbiter::rights::{Caller, METHODS, Right, check, check_direct_call};
use std::collections::BTreeSet;

const CONTRACT: &str = include_str!("../../../candid/orbiter.did");
const NOT_A_CONTROLLER: &str = "Caller is not a controller of the orbiter.";
const NOT_AN_ADMIN: &str = "Caller is not an admin controller of the orbiter.";

const ADMIN: Principal = Principal::from_slice(&[10]);
const WRITER: Principal = Principal::from_slice(&[11]);
const SUBMITTER: Principal = Principal::from_slice(&[12]);
const EXPIRING: Principal = Principal::from_slice(&[13]);
const STRANGER: Principal = Principal::from_slice(&[14]);

/// When the key of [`EXPIRING`] ends: valid at this instant, not after.
const EXPIRY: u64 = START + 100;

fn with_keys() -> Native {
    let mut native = Native::new();
    native.give_key(ADMIN, AccessKeyScope::Admin, None);
    native.give_key(WRITER, AccessKeyScope::Write, None);
    native.give_key(SUBMITTER, AccessKeyScope::Submit, None);
    native.give_key(EXPIRING, AccessKeyScope::Write, Some(EXPIRY));
    native
}

fn caller(principal: Principal, is_controller: bool) -> Caller {
    Caller {
        principal,
        is_controller,
        now: START,
    }
}

#[test]
fn every_method_of_the_contract_has_a_right_and_no_other_name_has() {
    let (_, (env, service)) =
        candid_parser::utils::instantiate_candid(CandidSource::Text(CONTRACT)).expect("Candid");
    let contract: BTreeSet<_> = env
        .as_service(&service)
        .expect("a service")
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    let rights: BTreeSet<_> = METHODS.iter().map(|(name, _)| *name).collect();
    assert_eq!(rights, contract);
    assert_eq!(rights.len(), METHODS.len());
}

#[test]
fn a_write_right_is_an_unexpired_key_of_scope_admin_or_write() {
    let native = with_keys();
    let may = |principal, now| {
        let caller = Caller {
            principal,
            is_controller: false,
            now,
        };
        check(&native.orbiter, Right::Write, &caller)
    };
    for principal in [ADMIN, WRITER, EXPIRING] {
        assert_eq!(may(principal, EXPIRY), Ok(()));
    }
    for principal in [SUBMITTER, STRANGER, Principal::anonymous()] {
        assert_eq!(may(principal, START), Err(NOT_A_CONTROLLER));
    }
    assert_eq!(may(EXPIRING, EXPIRY + 1), Err(NOT_A_CONTROLLER));
    assert_eq!(may(ADMIN, u64::MAX), Ok(()));
}

#[test]
fn an_admin_is_an_admin_key_that_is_also_a_controller() {
    let native = with_keys();
    let may = |principal, is_controller| {
        check(
            &native.orbiter,
            Right::Admin,
            &caller(principal, is_controller),
        )
    };
    assert_eq!(may(ADMIN, true), Ok(()));
    assert_eq!(may(ADMIN, false), Err(NOT_AN_ADMIN));
    for principal in [WRITER, SUBMITTER, STRANGER, Principal::anonymous()] {
        assert_eq!(may(principal, true), Err(NOT_AN_ADMIN));
    }
}

#[test]
fn a_direct_call_takes_the_right_to_its_method() {
    let native = with_keys();
    let strangers = caller(STRANGER, false);
    for (method, right) in METHODS {
        let expected = match (method, right) {
            ("http_request", _) => Err("Call http_request as a query."),
            (_, Right::Anyone) => Ok(()),
            (_, Right::Write) => Err(NOT_A_CONTROLLER),
            (_, Right::Admin) => Err(NOT_AN_ADMIN),
        };
        let verdict = check_direct_call(&native.orbiter, method, &strangers);
        assert_eq!(verdict, expected, "{method} by a stranger");
        let verdict = check_direct_call(&native.orbiter, method, &caller(ADMIN, true));
        assert_eq!(
            verdict.is_ok(),
            method != "http_request",
            "{method} by an admin"
        );
        let verdict = check_direct_call(&native.orbiter, method, &caller(WRITER, false));
        let allowed = method != "http_request" && right != Right::Admin;
        assert_eq!(verdict.is_ok(), allowed, "{method} by a writer");
    }
}

#[test]
fn a_direct_call_of_no_method_is_refused() {
    let native = with_keys();
    for method in ["", "canister_init", "get_page_view", "http_request "] {
        let verdict = check_direct_call(&native.orbiter, method, &caller(ADMIN, true));
        assert_eq!(verdict, Err("The orbiter has no such method."), "{method}");
    }
}
