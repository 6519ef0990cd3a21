//! What is accepted from which satellite.

use crate::guards::may_admin;
use crate::reply::{reply, reply_nothing};
use crate::{clock, convert, memory, messages};
use candid::Principal;
use ic_cdk::{query, update};
use std::marker::PhantomData;
use wire::{DelSatelliteConfig, OrbiterSatelliteConfig, SetSatelliteConfig};

#[update(guard = "may_admin", manual_reply = true)]
fn set_satellite_configs(
    configs: Vec<(Principal, SetSatelliteConfig)>,
) -> PhantomData<Vec<(Principal, OrbiterSatelliteConfig)>> {
    let configs = configs
        .into_iter()
        .map(|(satellite_id, config)| (satellite_id, convert::set_satellite_config(config)))
        .collect();
    let stored = memory::write(|orbiter| orbiter.set_satellite_configs(configs, clock::now()));
    reply(match stored {
        Ok(configs) => Ok(configs
            .into_iter()
            .map(|(satellite_id, config)| (satellite_id, convert::satellite_config(config)))
            .collect()),
        Err(refusal) => Err(messages::config(&refusal)),
    })
}

#[update(guard = "may_admin", manual_reply = true)]
fn del_satellite_config(satellite_id: Principal, config: DelSatelliteConfig) {
    let deleted =
        memory::write(|orbiter| orbiter.delete_satellite_config(satellite_id, config.version));
    reply_nothing(deleted.map_err(|refusal| messages::config(&refusal)));
}

#[query(guard = "may_admin")]
fn list_satellite_configs() -> Vec<(Principal, OrbiterSatelliteConfig)> {
    memory::read(|orbiter| {
        orbiter
            .satellite_configs()
            .map(|(satellite_id, config)| {
                (*satellite_id, convert::satellite_config(config.clone()))
            })
            .collect()
    })
}
