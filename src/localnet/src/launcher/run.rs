//! `localnet run`: one live network with its gateway, until Ctrl-C.

use super::arguments::Run;
use super::status_file::{Status, StatusFile};
use crate::agent::{Faults, Options};
use crate::engine::Engine;
use crate::host::{Home, Instance, wall_clock};
use crate::pocketic::creation::seed;
use crate::pocketic::gateways;
use crate::pocketic::instances::Hosted;
use crate::pocketic::lifetime::signalled;
use crate::state_machine::{Configuration, Network, SubnetConfiguration, SubnetKind};
use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// How long requests that are still being answered may take after Ctrl-C.
const FAREWELL: Duration = Duration::from_secs(2);

/// Why the network does not run.
#[derive(Debug, Error)]
pub enum RunError {
    /// Somebody listens there already.
    #[error("port {0} on 127.0.0.1 is in use; choose another with --port (0 takes any free one)")]
    PortInUse(u16),
    /// The port cannot be had.
    #[error("port {port} on 127.0.0.1 cannot be had: {error}")]
    Port {
        /// The port.
        port: u16,
        /// The operating system's words.
        error: io::Error,
    },
    /// An earlier run left its memories there.
    #[error(
        "{path} is not empty, and canisters of an earlier run cannot be restored yet: choose an empty --directory",
        path = .0.display()
    )]
    DirectoryInUse(PathBuf),
    /// A file or directory cannot be had.
    #[error("{path}: {error}", path = .path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// The operating system's words.
        error: io::Error,
    },
    /// The network cannot be made.
    #[error("the network cannot be made: {0}")]
    Network(io::Error),
    /// The gateway ended.
    #[error("the gateway ended: {0}")]
    Gateway(io::Error),
}

/// Runs the network until a signal comes.
pub async fn run(run: Run, faults: Faults) -> Result<(), RunError> {
    if let Some(path) = &run.status_file {
        StatusFile::prepare(path).map_err(|error| file(path, error))?;
    }
    let listener = listen(run.port).await?;
    let port = listener.local_addr().map_err(RunError::Gateway)?.port();
    let (place, _home) = place(run.directory.as_deref())?;
    let instance = start(place).await?;
    let status = instance.with(move |network| status(network, port)).await;
    greet(&status, run.directory.as_deref());
    let mut _status_file = None;
    if let Some(path) = &run.status_file {
        let written = StatusFile::write(path, &status).map_err(|error| file(path, error))?;
        _status_file = Some(written);
    }
    let options = Options {
        faults,
        trusting: false,
    };
    serve(listener, Hosted { instance, options }).await
}

async fn listen(port: u16) -> Result<TcpListener, RunError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => RunError::PortInUse(port),
            _ => RunError::Port { port, error },
        })
}

/// Starts a live network with one application subnet.
async fn start(place: PathBuf) -> Result<Instance, RunError> {
    let made = tokio::task::spawn_blocking(move || {
        Network::new(Configuration {
            subnets: vec![SubnetConfiguration {
                kind: SubnetKind::Application,
                benchmarking: false,
                free: false,
            }],
            initial_time: wall_clock(),
            directory: place,
            engine: Engine::new(),
            seed: seed(),
        })
    });
    let network = made
        .await
        .map_err(io::Error::other)
        .and_then(|network| network)
        .map_err(RunError::Network)?;
    let instance = Instance::start(network);
    instance.set_live(true).await;
    Ok(instance)
}

/// Where memories go: the directory asked for, which must be empty, or a temporary one.
fn place(directory: Option<&Path>) -> Result<(PathBuf, Option<Home>), RunError> {
    let Some(path) = directory else {
        let home = Home::new().map_err(RunError::Network)?;
        return Ok((home.path().to_owned(), Some(home)));
    };
    std::fs::create_dir_all(path).map_err(|error| file(path, error))?;
    let mut entries = std::fs::read_dir(path).map_err(|error| file(path, error))?;
    match entries.next() {
        None => Ok((path.to_owned(), None)),
        Some(_) => Err(RunError::DirectoryInUse(path.to_owned())),
    }
}

/// Serves the gateway until a signal comes; then lets requests end, but not for ever.
async fn serve(listener: TcpListener, hosted: Hosted) -> Result<(), RunError> {
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async move {
        let _ = stopped.await;
    };
    let serving = axum::serve(listener, gateways::app(hosted)).with_graceful_shutdown(shutdown);
    let mut serving = tokio::spawn(async move { serving.await });
    tokio::select! {
        ended = &mut serving => {
            return ended.map_err(io::Error::other).and_then(|ended| ended).map_err(RunError::Gateway);
        }
        () = signalled() => {}
    }
    let _ = stop.send(());
    let _ = tokio::time::timeout(FAREWELL, serving).await;
    Ok(())
}

fn status(network: &Network, gateway_port: u16) -> Status {
    let mut subnets = network.subnets().iter();
    let application = subnets.find(|subnet| subnet.kind == SubnetKind::Application);
    Status {
        url: format!("http://127.0.0.1:{gateway_port}"),
        gateway_port,
        root_key: hex::encode(network.root_key()),
        application_subnet: application.map(|subnet| subnet.authority.subnet_id()),
        default_effective_canister_id: network.default_effective_canister_id(),
        process_id: std::process::id(),
    }
}

/// Tells whoever started it where everything is.
fn greet(status: &Status, directory: Option<&Path>) {
    let port = status.gateway_port;
    println!("A local Internet Computer is up.");
    println!("  Agents and the CLI   {}", status.url);
    println!("  Pages of canisters   http://CANISTER.localhost:{port}/");
    println!("  or                   http://127.0.0.1:{port}/?canisterId=CANISTER");
    println!("  Root key             {}", status.root_key);
    if let Some(directory) = directory {
        let directory = directory.display();
        println!(
            "Memories are kept in {directory}; a later run cannot restore the canisters from there yet."
        );
    }
    println!("Ctrl-C ends it.");
}

fn file(path: &Path, error: io::Error) -> RunError {
    RunError::File {
        path: path.to_owned(),
        error,
    }
}
