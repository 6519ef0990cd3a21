//! Access keys: who is let in, how many there may be, when they end.

use crate::samples::{Bench, NOW};
use engine::{AccessKey, AccessKeyKind, AccessKeyRefusal, AccessKeyScope, SetAccessKey};
use ic_principal::Principal;

use AccessKeyScope::{Admin, Submit, Write};

/// A principal of a person.
fn person(number: u8) -> Principal {
    Principal::from_slice(&[[number; 28].as_slice(), &[2]].concat())
}

fn people(numbers: std::ops::Range<u8>) -> Vec<Principal> {
    numbers.map(person).collect()
}

fn a_key(scope: AccessKeyScope) -> SetAccessKey {
    SetAccessKey {
        metadata: vec![("profile".to_owned(), "👩‍🚀".to_owned())],
        kind: None,
        scope,
        expires_at: None,
    }
}

fn keys(bench: &Bench) -> Vec<(Principal, AccessKey)> {
    bench
        .orbiter
        .access_keys()
        .map(|(principal, key)| (*principal, key.clone()))
        .collect()
}

#[test]
fn a_key_that_is_set_again_keeps_created_at_and_takes_the_rest() {
    let mut bench = Bench::empty();
    let first = SetAccessKey {
        kind: Some(AccessKeyKind::Automation),
        expires_at: Some(NOW + 10),
        ..a_key(Write)
    };
    bench
        .orbiter
        .set_access_keys(&people(1..3), &first, NOW)
        .unwrap();
    bench
        .orbiter
        .set_access_keys(&people(1..2), &a_key(Submit), NOW + 5)
        .unwrap();
    let metadata = first.metadata;
    let expected = [
        (
            person(1),
            AccessKey {
                metadata: metadata.clone(),
                kind: None,
                scope: Submit,
                created_at: NOW,
                updated_at: NOW + 5,
                expires_at: None,
            },
        ),
        (
            person(2),
            AccessKey {
                metadata,
                kind: Some(AccessKeyKind::Automation),
                scope: Write,
                created_at: NOW,
                updated_at: NOW,
                expires_at: Some(NOW + 10),
            },
        ),
    ];
    assert_eq!(keys(&bench), expected);
    assert_eq!(keys(&bench.reopened()), expected);
}

#[test]
fn there_are_at_most_10_admins_and_20_of_each_other_scope() {
    let mut bench = Bench::empty();
    for (scope, limit, first) in [(Admin, 10, 0), (Write, 20, 50), (Submit, 20, 100)] {
        let too_many = AccessKeyRefusal::TooMany {
            scope,
            given: usize::from(limit) + 1,
            limit: limit.into(),
        };
        let before = keys(&bench);
        let all_at_once = people(first..first + limit + 1);
        let refusal = bench
            .orbiter
            .set_access_keys(&all_at_once, &a_key(scope), NOW)
            .unwrap_err();
        assert_eq!(refusal, too_many);
        assert_eq!(keys(&bench), before);

        bench
            .orbiter
            .set_access_keys(&people(first..first + limit), &a_key(scope), NOW)
            .unwrap();
        let one_more = people(first + limit..first + limit + 1);
        let refusal = bench
            .orbiter
            .set_access_keys(&one_more, &a_key(scope), NOW)
            .unwrap_err();
        assert_eq!(refusal, too_many);
        // Those that are there can be set again.
        bench
            .orbiter
            .set_access_keys(&people(first..first + limit), &a_key(scope), NOW)
            .unwrap();
    }
    // A key that changes its scope counts in the one it gets.
    let refusal = bench
        .orbiter
        .set_access_keys(&people(50..51), &a_key(Admin), NOW)
        .unwrap_err();
    assert_eq!(
        refusal,
        AccessKeyRefusal::TooMany {
            scope: Admin,
            given: 11,
            limit: 10
        }
    );
    bench.orbiter.delete_access_keys(&people(0..1));
    bench
        .orbiter
        .set_access_keys(&people(50..51), &a_key(Admin), NOW)
        .unwrap();
    assert_eq!(keys(&bench).len(), 49);
}

#[test]
fn a_principal_named_twice_counts_once() {
    let mut bench = Bench::empty();
    let twice = [people(0..10), people(0..10)].concat();
    bench
        .orbiter
        .set_access_keys(&twice, &a_key(Admin), NOW)
        .unwrap();
    assert_eq!(keys(&bench).len(), 10);
}

#[test]
fn principals_that_are_nobodys_own_are_refused() {
    let revoked =
        Principal::from_text("535yc-uxytb-gfk7h-tny7p-vjkoe-i4krp-3qmcl-uqfgr-cpgej-yqtjq-rqe")
            .unwrap();
    let mut bench = Bench::empty();
    for (principal, expected) in [
        (Principal::anonymous(), AccessKeyRefusal::Anonymous),
        (
            Principal::management_canister(),
            AccessKeyRefusal::ManagementCanister,
        ),
        (revoked, AccessKeyRefusal::Revoked(revoked)),
    ] {
        for scope in [Admin, Write, Submit] {
            let principals = [person(1), principal];
            let refusal = bench
                .orbiter
                .set_access_keys(&principals, &a_key(scope), NOW)
                .unwrap_err();
            assert_eq!(refusal, expected);
            assert_eq!(keys(&bench), []);
        }
    }
}

#[test]
fn an_admin_key_never_expires_and_no_key_is_born_expired() {
    let mut bench = Bench::empty();
    let expiring = |scope, expires_at| SetAccessKey {
        expires_at: Some(expires_at),
        ..a_key(scope)
    };
    let mut set = |key: SetAccessKey| bench.orbiter.set_access_keys(&people(1..2), &key, NOW);
    for expires_at in [NOW - 1, NOW, NOW + 1] {
        let refusal = AccessKeyRefusal::AdminWithExpiry { expires_at };
        assert_eq!(set(expiring(Admin, expires_at)), Err(refusal));
    }
    for scope in [Write, Submit] {
        let refusal = AccessKeyRefusal::ExpiryInPast {
            expires_at: NOW - 1,
            now: NOW,
        };
        assert_eq!(set(expiring(scope, NOW - 1)), Err(refusal));
        assert_eq!(set(expiring(scope, NOW)), Ok(()));
    }
}

#[test]
fn who_may_write_and_who_may_administer() {
    let mut bench = Bench::empty();
    let expiring = SetAccessKey {
        expires_at: Some(NOW + 10),
        ..a_key(Write)
    };
    bench
        .orbiter
        .set_access_keys(&people(1..2), &a_key(Admin), NOW)
        .unwrap();
    bench
        .orbiter
        .set_access_keys(&people(2..3), &a_key(Write), NOW)
        .unwrap();
    bench
        .orbiter
        .set_access_keys(&people(3..4), &a_key(Submit), NOW)
        .unwrap();
    bench
        .orbiter
        .set_access_keys(&people(4..5), &expiring, NOW)
        .unwrap();
    let bench = bench.reopened();
    let orbiter = &bench.orbiter;
    for (caller, writes, writes_after_expiry, administers) in [
        (person(1), true, true, true),
        (person(2), true, true, false),
        (person(3), false, false, false),
        (person(4), true, false, false),
        (person(5), false, false, false),
        (Principal::anonymous(), false, false, false),
    ] {
        assert_eq!(orbiter.may_write(&caller, NOW + 10), writes, "{caller}");
        assert_eq!(
            orbiter.may_write(&caller, NOW + 11),
            writes_after_expiry,
            "{caller}"
        );
        assert_eq!(orbiter.may_admin(&caller, true), administers, "{caller}");
        assert!(!orbiter.may_admin(&caller, false), "{caller}");
    }
}

#[test]
fn a_deleted_key_is_gone_for_good() {
    let mut bench = Bench::empty();
    bench
        .orbiter
        .set_access_keys(&people(1..4), &a_key(Write), NOW)
        .unwrap();
    bench
        .orbiter
        .delete_access_keys(&[person(1), person(3), person(9)]);
    assert!(!bench.orbiter.may_write(&person(1), NOW));
    assert!(bench.orbiter.may_write(&person(2), NOW));
    let left: Vec<_> = keys(&bench.reopened())
        .into_iter()
        .map(|(principal, _)| principal)
        .collect();
    assert_eq!(left, [person(2)]);
}
