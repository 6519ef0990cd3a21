//! Requests to the canister that ships, as a browser's come through the HTTP gateway.

use crate::figures::Posts;
use crate::network::{CONTROLLER, Canister, built};
use crate::{json, meter};
use bench_canister::report::Weight;
use candid::{Encode, Principal, encode_args};
use wire::{
    Features, HttpRequest, HttpResponse, InitOrbiterArgs, OrbiterSatelliteConfig,
    SetSatelliteConfig,
};
use workloads::{Sent, Spread, Workload};

/// Views that are stored before anything is weighed, in requests of a hundred.
const STORED_BEFORE: usize = 5_000;
/// Requests that are weighed with one view, ten and a hundred.
const REQUESTS: [(usize, usize); 3] = [(200, 1), (50, 10), (20, 100)];

/// Bytes of an ingress message beyond the argument: method, canister, anonymous sender, expiry, nonce, no signature.
pub const ENVELOPE_BYTES: u64 = 165;

/// The update's fixed price and that of an ingress message, in cycles on a subnet of 13 nodes.
pub const CYCLES_OF_A_MESSAGE: u64 = 5_000_000 + 1_200_000;
/// Cycles for each byte of an ingress message.
pub const CYCLES_OF_A_BYTE: u64 = 2_000;

/// What Chrome sends with a request from another site, as the gateway hands it over.
pub const CHROME: [(&str, &str); 20] = [
    ("host", "br5f7-7uaaa-aaaaa-qaaca-cai.icp0.io"),
    ("connection", "keep-alive"),
    ("content-length", "678"),
    ("sec-ch-ua-platform", "\"Windows\""),
    (
        "user-agent",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    ),
    (
        "sec-ch-ua",
        "\"Google Chrome\";v=\"141\", \"Not?A_Brand\";v=\"8\", \"Chromium\";v=\"141\"",
    ),
    ("content-type", "application/json"),
    ("sec-ch-ua-mobile", "?0"),
    ("accept", "*/*"),
    ("origin", "https://www.example.com"),
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-mode", "cors"),
    ("sec-fetch-dest", "empty"),
    ("referer", "https://www.example.com/"),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    (
        "accept-language",
        "en-GB,en-US;q=0.9,en;q=0.8,de;q=0.7,fr;q=0.6",
    ),
    ("priority", "u=1, i"),
    ("sec-fetch-storage-access", "active"),
    ("x-request-id", "019a9c3e-6b1f-7c52-9d0e-2f4b8a6c1d37"),
    ("x-ic-canister-id", "br5f7-7uaaa-aaaaa-qaaca-cai"),
];

/// The canister that ships, with satellites that may send everything.
pub struct Orbiter {
    /// The canister.
    pub canister: Canister,
}

impl Orbiter {
    /// Installs `wasm`.
    ///
    /// # Panics
    /// When that fails.
    pub fn install(wasm: Vec<u8>, satellites: &[Principal]) -> Self {
        let controllers = vec![CONTROLLER];
        let argument = Some(InitOrbiterArgs { controllers });
        let canister = Canister::install(wasm, encode_args((argument,)).expect("Candid"));
        let config = SetSatelliteConfig {
            features: Some(Features {
                page_views: true,
                track_events: true,
                performance_metrics: true,
            }),
            restricted_origin: None,
            version: None,
        };
        let configs: Vec<_> = satellites.iter().map(|id| (*id, config.clone())).collect();
        let (stored,): (Vec<(Principal, OrbiterSatelliteConfig)>,) =
            canister.update("set_satellite_configs", (configs,));
        assert_eq!(stored.len(), satellites.len());
        Self { canister }
    }

    /// Sends a request; gives its answer, and the bytes of the ingress message that brings it.
    ///
    /// # Panics
    /// When the call is rejected.
    pub fn post(&self, path: String, body: String) -> (HttpResponse, u64) {
        let request = HttpRequest {
            url: path,
            method: "POST".into(),
            body: body.into_bytes(),
            headers: CHROME
                .map(|(name, value)| (name.into(), value.into()))
                .into(),
            certificate_version: None,
        };
        let bytes = Encode!(&request).expect("Candid").len() as u64 + ENVELOPE_BYTES;
        (
            self.canister
                .update::<(HttpResponse,)>("http_request_update", (request,))
                .0,
            bytes,
        )
    }
}

/// Weighs requests with one view, ten and a hundred.
///
/// # Panics
/// When the canister refuses one.
pub fn measure() -> Posts {
    let wasm = meter::metered(
        &built("orbiter.wasm"),
        &["canister_update http_request_update"],
    );
    let orbiter = Orbiter::install(wasm, &Workload::W1.satellites());
    let weighed: usize = REQUESTS
        .iter()
        .map(|(requests, views)| requests * views)
        .sum();
    let count = (STORED_BEFORE + weighed) as u64;
    let mut views = Workload::W1.entries(count, Spread::OwnRate);
    for _ in 0..STORED_BEFORE / 100 {
        send(&orbiter, &take(&mut views, 100));
    }
    let [one, ten, hundred] = REQUESTS.map(|(requests, size)| {
        let (mut weight, mut ingress) = (Weight::default(), 0);
        for _ in 0..requests {
            ingress += send(&orbiter, &take(&mut views, size));
            weight.add(meter::last(&orbiter.canister));
        }
        (weight, ingress / requests as u64)
    });
    Posts {
        one: one.0,
        ten: ten.0,
        hundred: hundred.0,
        header_bytes: header_bytes(),
        ingress_one: one.1,
        ingress_ten: ten.1,
        ingress_hundred: hundred.1,
    }
}

fn take(views: &mut impl Iterator<Item = Sent>, count: usize) -> Vec<Sent> {
    views.by_ref().take(count).collect()
}

/// Sends views at the instant at which the last of them arrives; gives the bytes of the ingress message.
fn send(orbiter: &Orbiter, views: &[Sent]) -> u64 {
    let (path, body) = match views {
        [one] => json::one(one),
        several => json::batch(several),
    };
    if let Some(last) = views.last() {
        let time = pocket_ic::Time::from_nanos_since_unix_epoch(last.now);
        orbiter.canister.network.set_time(time);
    }
    let (answer, bytes) = orbiter.post(path, body);
    let text = String::from_utf8_lossy(&answer.body);
    assert_eq!(answer.status_code, 200, "{text}");
    bytes
}

fn header_bytes() -> u64 {
    CHROME
        .iter()
        .map(|(name, value)| (name.len() + value.len()) as u64)
        .sum()
}
