//! Access keys.

use crate::guards::may_admin;
use crate::memory::{self, OrbiterMemory};
use crate::reply::reply;
use crate::{clock, convert, messages};
use candid::Principal;
use engine::Orbiter;
use ic_cdk::{query, update};
use ic_stable_structures::DefaultMemoryImpl;
use std::marker::PhantomData;
use wire::{AccessKey, DeleteControllersArgs, SetControllersArgs};

#[update(guard = "may_admin", manual_reply = true)]
fn set_controllers(args: SetControllersArgs) -> PhantomData<Vec<(Principal, AccessKey)>> {
    let key = convert::set_access_key(args.controller);
    reply(memory::write(|orbiter| {
        match orbiter.set_access_keys(&args.controllers, &key, clock::now()) {
            Ok(()) => Ok(all(orbiter)),
            Err(refusal) => Err(messages::access_key(&refusal)),
        }
    }))
}

#[update(guard = "may_admin")]
fn del_controllers(args: DeleteControllersArgs) -> Vec<(Principal, AccessKey)> {
    memory::write(|orbiter| {
        orbiter.delete_access_keys(&args.controllers);
        all(orbiter)
    })
}

#[query(guard = "may_admin")]
fn list_controllers() -> Vec<(Principal, AccessKey)> {
    memory::read(all)
}

fn all(orbiter: &Orbiter<OrbiterMemory<DefaultMemoryImpl>>) -> Vec<(Principal, AccessKey)> {
    orbiter
        .access_keys()
        .map(|(principal, key)| (*principal, convert::access_key(key.clone())))
        .collect()
}
