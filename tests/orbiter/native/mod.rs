//! The shell without a network: state, time and caller are arguments.

mod certified;
mod http;
mod rights;
mod storage;

use crate::table;
use engine::{AccessKeyScope, Orbiter, SetAccessKey};
use ic_stable_structures::VectorMemory;
use orbiter::convert;
use orbiter::http::Certified;
use orbiter::memory::{self, Expected, OrbiterMemory};
use std::rc::Rc;
use wire::{HttpRequest, HttpResponse};

/// When the tests begin, ns since 1970, UTC.
pub const START: u64 = 1_750_000_000_000_000_000;

/// An orbiter without a network around it.
pub struct Native {
    /// What is stored.
    pub orbiter: Orbiter<OrbiterMemory<VectorMemory>>,
    /// The stable memory that it is stored in.
    pub stable: VectorMemory,
    certified: Certified,
    /// The time of the next message; each update takes one nanosecond.
    pub now: u64,
}

impl Native {
    /// An orbiter with the table's configs.
    pub fn new() -> Self {
        let stable: VectorMemory = Rc::default();
        let mut orbiter = memory::open(stable.clone(), Expected::Nothing).expect("a new memory");
        let configs = table::configs().into_iter();
        let configs = configs
            .map(|(satellite, config)| (satellite, convert::set_satellite_config(config)))
            .collect();
        orbiter
            .set_satellite_configs(configs, START)
            .expect("new configs");
        Self {
            orbiter,
            stable,
            certified: Certified::new().expect("certified answers"),
            now: START,
        }
    }

    /// Gives a principal an access key.
    pub fn give_key(
        &mut self,
        principal: candid::Principal,
        scope: AccessKeyScope,
        expires_at: Option<u64>,
    ) {
        let key = SetAccessKey {
            metadata: Vec::new(),
            kind: None,
            scope,
            expires_at,
        };
        self.orbiter
            .set_access_keys(&[principal], &key, self.now)
            .expect("a good key");
    }
}

impl table::Http for Native {
    fn query(&mut self, request: &HttpRequest) -> HttpResponse {
        orbiter::http::query(&self.certified, None, &request.into())
    }

    fn update(&mut self, request: &HttpRequest) -> HttpResponse {
        self.now += 1;
        orbiter::http::update(&mut self.orbiter, self.now, &request.into())
    }
}
