//! Installation and upgrade.
//!
//! There is no `pre_upgrade`: stable memory is the database, nothing is saved on the way out, so nothing
//! can fail there. What the heap caches is made again on the way in. A trap in either function rolls
//! everything back: a canister whose memory isn't understood keeps running what it ran before.

use crate::http::Certified;
use crate::memory::{self, Expected};
use crate::{clock, compaction, messages};
use candid::Principal;
use engine::{AccessKeyScope, SetAccessKey};
use wire::InitOrbiterArgs;

/// A new orbiter. The principals of the argument become its Admin access keys; without an argument, or
/// with an empty list, the installer does.
#[ic_cdk::init]
fn init(args: Option<InitOrbiterArgs>) {
    open(Expected::Nothing);
    let admins = first_admins(args, ic_cdk::api::msg_caller());
    let set = memory::write(|orbiter| orbiter.set_access_keys(&admins, &admin(), clock::now()));
    if let Err(refusal) = set {
        ic_cdk::api::trap(messages::access_key(&refusal));
    }
}

/// The same orbiter under a new release.
#[ic_cdk::post_upgrade]
fn post_upgrade() {
    open(Expected::AnOrbiter);
    // An upgrade turns the timer off.
    compaction::arm_if_due();
}

fn open(expected: Expected) {
    if let Err(error) = memory::open_canister(expected) {
        ic_cdk::api::trap(error.to_string());
    }
    match Certified::new() {
        Ok(certified) => {
            ic_cdk::api::certified_data_set(certified.root_hash());
            memory::set_certified(certified);
        }
        Err(error) => ic_cdk::api::trap(format!("The answers can't be certified: {error}")),
    }
}

/// Who administers a new orbiter.
fn first_admins(args: Option<InitOrbiterArgs>, installer: Principal) -> Vec<Principal> {
    match args {
        Some(args) if !args.controllers.is_empty() => args.controllers,
        _ => vec![installer],
    }
}

fn admin() -> SetAccessKey {
    SetAccessKey {
        metadata: Vec::new(),
        kind: None,
        scope: AccessKeyScope::Admin,
        expires_at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::first_admins;
    use candid::{Encode, Principal};
    use wire::InitOrbiterArgs;

    const INSTALLER: Principal = Principal::from_slice(&[1]);
    const OTHER: Principal = Principal::from_slice(&[2]);

    /// Reads the argument the way the installation does.
    fn admins(bytes: &[u8]) -> Vec<Principal> {
        let (args,): (Option<InitOrbiterArgs>,) = candid::utils::decode_args(bytes).unwrap();
        first_admins(args, INSTALLER)
    }

    #[test]
    fn without_an_argument_the_installer_is_admin() {
        assert_eq!(admins(&Encode!().unwrap()), [INSTALLER]);
        assert_eq!(
            admins(&Encode!(&None::<InitOrbiterArgs>).unwrap()),
            [INSTALLER]
        );
    }

    #[test]
    fn an_older_clients_argument_is_understood_as_well_as_an_optional_one() {
        let args = InitOrbiterArgs {
            controllers: vec![OTHER, INSTALLER],
        };
        assert_eq!(admins(&Encode!(&args).unwrap()), [OTHER, INSTALLER]);
        assert_eq!(admins(&Encode!(&Some(args)).unwrap()), [OTHER, INSTALLER]);
    }

    #[test]
    fn an_empty_list_leaves_nobody_out() {
        let args = InitOrbiterArgs {
            controllers: vec![],
        };
        assert_eq!(admins(&Encode!(&args).unwrap()), [INSTALLER]);
    }
}
