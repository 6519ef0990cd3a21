//! A client of the orbiter that is not the command line: what one does, the other must see.

use std::time::{SystemTime, UNIX_EPOCH};

use candid::{Principal, decode_args, encode_args};
use ic_agent::Agent;
use ic_agent::identity::BasicIdentity;
use wire::{
    AnalyticKey, AnalyticsMetricsPageViews, GetAnalytics, PageView, PageViewDevice, SetPageView,
};

/// Calls one orbiter as one identity.
pub struct Client {
    agent: Agent,
    orbiter: Principal,
    runtime: tokio::runtime::Runtime,
}

impl Client {
    /// Connects to the network at a port.
    pub fn connect(port: u16, identity: BasicIdentity, orbiter: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let url = format!("http://127.0.0.1:{port}");
        let agent = Agent::builder()
            .with_url(url)
            .with_identity(identity)
            .build()
            .unwrap();
        runtime.block_on(agent.fetch_root_key()).unwrap();
        let orbiter = Principal::from_text(orbiter).unwrap();
        Self {
            agent,
            orbiter,
            runtime,
        }
    }

    /// Stores a page view that was collected now.
    pub fn view(&self, satellite: &str, key: &str) {
        let satellite = Principal::from_text(satellite).unwrap();
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let key = AnalyticKey {
            collected_at: elapsed.as_nanos() as u64,
            key: key.to_owned(),
        };
        let argument = encode_args((key, page_view(satellite))).unwrap();
        let call = self
            .agent
            .update(&self.orbiter, "set_page_view")
            .with_arg(argument);
        let reply = self.runtime.block_on(call.call_and_wait()).unwrap();
        let (stored,): (Result<PageView, String>,) = decode_args(&reply).unwrap();
        stored.unwrap();
    }

    /// How many page views there are in all.
    pub fn views(&self) -> u32 {
        let everything = GetAnalytics {
            satellite_id: None,
            from: None,
            to: None,
        };
        let argument = encode_args((everything,)).unwrap();
        let call = self
            .agent
            .query(&self.orbiter, "get_page_views_analytics_metrics")
            .with_arg(argument);
        let reply = self.runtime.block_on(call.call()).unwrap();
        let (totals,): (AnalyticsMetricsPageViews,) = decode_args(&reply).unwrap();
        totals.total_page_views
    }
}

fn page_view(satellite_id: Principal) -> SetPageView {
    SetPageView {
        title: "Home".to_owned(),
        href: "https://example.org/".to_owned(),
        referrer: None,
        device: PageViewDevice {
            inner_width: 1280,
            inner_height: 720,
            screen_width: None,
            screen_height: None,
        },
        time_zone: "Europe/Zurich".to_owned(),
        user_agent: None,
        client: None,
        campaign: None,
        satellite_id,
        session_id: "session".to_owned(),
        updated_at: None,
        version: None,
    }
}
