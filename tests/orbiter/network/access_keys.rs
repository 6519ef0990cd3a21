//! Access keys over Candid, and who administers a new orbiter.

use super::{ADMIN, Network, STRANGER};
use candid::{Principal, encode_args, encode_one};
use wire::{
    AccessKey, AccessKeyScope, DeleteControllersArgs, InitOrbiterArgs, MemorySize, SetAccessKey,
    SetControllersArgs,
};

type Keys = Vec<(Principal, AccessKey)>;

fn set(
    network: &Network,
    controllers: Vec<Principal>,
    controller: SetAccessKey,
) -> Result<Keys, String> {
    let args = SetControllersArgs {
        controllers,
        controller,
    };
    network.update(ADMIN, "set_controllers", (args,))
}

fn key(scope: AccessKeyScope, expires_at: Option<u64>) -> SetAccessKey {
    SetAccessKey {
        metadata: vec![("label".to_owned(), "test".to_owned())],
        kind: None,
        scope,
        expires_at,
    }
}

fn holders(keys: &Keys) -> Vec<(Principal, AccessKeyScope)> {
    keys.iter()
        .map(|(principal, key)| (*principal, key.scope))
        .collect()
}

fn principals(count: u8) -> Vec<Principal> {
    (100..100 + count)
        .map(|id| Principal::from_slice(&[id]))
        .collect()
}

#[test]
fn without_an_argument_the_installer_is_the_one_admin() {
    let no_value = encode_args(()).expect("Candid");
    let null = encode_one(None::<InitOrbiterArgs>).expect("Candid");
    for argument in [Vec::new(), no_value, null] {
        let network = Network::installed_with(argument);
        let keys: Keys = network.query(ADMIN, "list_controllers", ()).expect("keys");
        assert_eq!(holders(&keys), [(ADMIN, AccessKeyScope::Admin)]);
    }
}

#[test]
fn an_older_clients_argument_installs() {
    let controllers = vec![ADMIN, STRANGER];
    let argument = encode_one(InitOrbiterArgs { controllers }).expect("Candid");
    let network = Network::installed_with(argument);
    let keys: Keys = network.query(ADMIN, "list_controllers", ()).expect("keys");
    let admin = AccessKeyScope::Admin;
    assert_eq!(holders(&keys), [(ADMIN, admin), (STRANGER, admin)]);
    // An Admin key alone reads; it administers where the network knows it as a controller, too.
    network
        .query::<MemorySize>(STRANGER, "memory_size", ())
        .expect("a size");
    let reject = network
        .query::<Keys>(STRANGER, "list_controllers", ())
        .unwrap_err();
    assert!(
        reject.ends_with("Caller is not an admin controller of the orbiter."),
        "{reject}"
    );
}

#[test]
fn a_key_is_set_listed_used_and_deleted() {
    let network = Network::new();
    let keys = set(&network, vec![STRANGER], key(AccessKeyScope::Write, None)).expect("keys");
    assert_eq!(keys.len(), 2);
    let stored = &keys
        .iter()
        .find(|(principal, _)| *principal == STRANGER)
        .expect("a key")
        .1;
    assert_eq!(stored.metadata, [("label".to_owned(), "test".to_owned())]);
    assert_eq!(stored.created_at, stored.updated_at);
    network
        .query::<MemorySize>(STRANGER, "memory_size", ())
        .expect("a size");
    let args = DeleteControllersArgs {
        controllers: vec![STRANGER],
    };
    let keys: Keys = network
        .update(ADMIN, "del_controllers", (args,))
        .expect("keys");
    assert_eq!(holders(&keys), [(ADMIN, AccessKeyScope::Admin)]);
    let reject = network
        .query::<MemorySize>(STRANGER, "memory_size", ())
        .unwrap_err();
    assert!(
        reject.ends_with("Caller is not a controller of the orbiter."),
        "{reject}"
    );
}

#[test]
fn a_key_ends_with_its_expiry() {
    let network = Network::new();
    let now = network.pic.get_time().as_nanos_since_unix_epoch();
    let expiry = now + 3_600_000_000_000;
    set(
        &network,
        vec![STRANGER],
        key(AccessKeyScope::Write, Some(expiry)),
    )
    .expect("keys");
    network
        .query::<MemorySize>(STRANGER, "memory_size", ())
        .expect("a size");
    network
        .pic
        .advance_time(std::time::Duration::from_secs(3_601));
    network.pic.tick();
    let reject = network
        .query::<MemorySize>(STRANGER, "memory_size", ())
        .unwrap_err();
    assert!(
        reject.ends_with("Caller is not a controller of the orbiter."),
        "{reject}"
    );
}

#[test]
fn refused_keys_reject_the_call_with_a_label_and_change_nothing() {
    let network = Network::new();
    let (admin, write) = (AccessKeyScope::Admin, AccessKeyScope::Write);
    let revoked = "535yc-uxytb-gfk7h-tny7p-vjkoe-i4krp-3qmcl-uqfgr-cpgej-yqtjq-rqe";
    let revoked = Principal::from_text(revoked).expect("a principal");
    let cases = [
        (
            principals(10),
            key(admin, None),
            "juno.error.controllers.max_number (10)",
        ),
        (
            principals(21),
            key(write, None),
            "juno.error.controllers.max_number (20)",
        ),
        (
            vec![STRANGER, Principal::anonymous()],
            key(write, None),
            "juno.error.controllers.anonymous_not_allowed",
        ),
        (
            vec![revoked],
            key(write, None),
            "juno.error.controllers.revoked_not_allowed",
        ),
        (
            vec![STRANGER],
            key(admin, Some(u64::MAX)),
            "juno.error.controllers.admin_no_expire",
        ),
        (
            vec![STRANGER],
            key(write, Some(1)),
            "juno.error.controllers.expiry_in_past",
        ),
    ];
    for (principals, key, label) in cases {
        let reject = set(&network, principals, key).expect_err(label);
        assert!(reject.ends_with(label), "{reject}");
    }
    let keys: Keys = network.query(ADMIN, "list_controllers", ()).expect("keys");
    assert_eq!(holders(&keys), [(ADMIN, admin)]);
    let ten = set(&network, principals(9), key(admin, None)).expect("ten admins");
    assert_eq!(ten.len(), 10);
    let writers = principals(29).split_off(9);
    let all = set(&network, writers, key(write, None)).expect("twenty writers");
    assert_eq!(all.len(), 30);
}
