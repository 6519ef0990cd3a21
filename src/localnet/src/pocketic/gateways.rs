//! The HTTP gateways of a server: each listens on a port of its own and serves one instance.

use super::failure::Failure;
use super::instances::Hosted;
use super::shapes::gateways::{Backend, GatewayConfig, GatewayDetails, GatewayInfo, HttpsConfig};
use super::shapes::topology::Topology;
use crate::gateway;
use crate::host::Instance;
use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// All gateways that were ever started; stopped ones leave a hole.
#[derive(Default)]
pub struct Gateways(Mutex<Vec<Option<Running>>>);

struct Running {
    /// The instance it serves.
    instance: usize,
    port: u16,
    domains: Option<Vec<String>>,
    /// Dropping it stops the gateway.
    _stop: oneshot::Sender<()>,
}

impl Gateways {
    /// Starts a gateway for an instance, whose number is `number`.
    pub async fn start(
        &self,
        number: usize,
        hosted: Hosted,
        config: GatewayConfig,
    ) -> Result<GatewayInfo, Failure> {
        refuse_unsupported(&config)?;
        let listener = listen(config.ip_addr.as_deref(), config.port.unwrap_or(0)).await?;
        let port = listener
            .local_addr()
            .map_err(|error| system("the gateway's address", error))?
            .port();
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(async move {
            let shutdown = async move {
                let _ = stopped.await;
            };
            let serving = axum::serve(listener, app(hosted)).with_graceful_shutdown(shutdown);
            if let Err(error) = serving.await {
                eprintln!("localnet: the gateway on port {port} ended: {error}");
            }
        });
        let mut table = self.table();
        table.push(Some(Running {
            instance: number,
            port,
            domains: config.domains,
            _stop: stop,
        }));
        let instance_id = table.len() - 1;
        Ok(GatewayInfo { instance_id, port })
    }

    /// Stops a gateway by its number.
    pub fn stop(&self, id: usize) -> Result<(), Failure> {
        let stopped = self.table().get_mut(id).and_then(Option::take);
        stopped.map(drop).ok_or(Failure::NoGateway(id))
    }

    /// Stops the gateways of an instance.
    pub fn stop_for(&self, instance: usize) {
        for slot in self.table().iter_mut() {
            if slot.as_ref().is_some_and(|it| it.instance == instance) {
                *slot = None;
            }
        }
    }

    /// Those that run.
    pub fn list(&self) -> Vec<GatewayDetails> {
        let table = self.table();
        let running = table.iter().enumerate();
        running
            .filter_map(|(id, slot)| slot.as_ref().map(|it| it.details(id)))
            .collect()
    }

    fn table(&self) -> MutexGuard<'_, Vec<Option<Running>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    fn details(&self, instance_id: usize) -> GatewayDetails {
        GatewayDetails {
            instance_id,
            port: self.port,
            forward_to: Backend::PocketIcInstance(self.instance),
            domains: self.domains.clone(),
            https_config: None::<HttpsConfig>,
        }
    }
}

/// What a gateway answers: pages, the agent interface, and the topology, which tools ask to tell a local network
/// from a replica and to learn where new canisters go.
pub fn app(hosted: Hosted) -> Router {
    let others = gateway::router(hosted.instance.clone(), hosted.options);
    Router::new()
        .route("/_/topology", get(topology))
        .with_state(hosted.instance)
        .fallback_service(others)
}

async fn topology(State(instance): State<Instance>) -> Json<Topology> {
    Json(instance.with(|network| Topology::of(network)).await)
}

/// Refuses what a gateway here cannot be.
fn refuse_unsupported(config: &GatewayConfig) -> Result<(), Failure> {
    let refusal = if let Backend::Replica(_) = config.forward_to {
        "an HTTP gateway in front of a replica (forward_to: Replica)"
    } else if config.https_config.is_some() {
        "https_config"
    } else if config.domain_custom_provider_local_file.is_some() {
        "domain_custom_provider_local_file"
    } else if config
        .domains
        .iter()
        .flatten()
        .any(|name| name != "localhost")
    {
        "an HTTP gateway on a domain other than localhost"
    } else {
        return Ok(());
    };
    Err(Failure::Unsupported(refusal.into()))
}

/// Listens on an address, 127.0.0.1 by default; port 0 takes any free one.
pub async fn listen(address: Option<&str>, port: u16) -> Result<TcpListener, Failure> {
    let address = match address {
        None => IpAddr::V4(Ipv4Addr::LOCALHOST),
        Some(text) => text
            .parse()
            .map_err(|_| Failure::Malformed(format!("{text:?} is not an IP address")))?,
    };
    TcpListener::bind((address, port))
        .await
        .map_err(|error| system(&format!("port {port} on {address} cannot be had"), error))
}

fn system(what: &str, error: std::io::Error) -> Failure {
    Failure::System {
        what: what.to_owned(),
        error,
    }
}
