//! The server process: from its arguments to its end.

use super::blobs::Blobs;
use super::gateways::Gateways;
use super::instances::Instances;
use super::lifetime::{Activity, elapsed, signalled};
use super::port_file::PortFile;
use super::routes;
use crate::agent::Faults;
use crate::engine::Engine;
use crate::host::Home;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// How long requests that are still being answered may take once the server is to end.
const FAREWELL: Duration = Duration::from_secs(2);

/// How a server is to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to tell the port; see [`PortFile`].
    pub port_file: Option<PathBuf>,
    /// The address to listen on, 127.0.0.1 by default.
    pub address: Option<IpAddr>,
    /// The port; 0 takes any free one.
    pub port: u16,
    /// Ends the server when no request came for so long.
    pub ttl: Duration,
    /// Ends the server after so long, whatever happens.
    pub hard_ttl: Option<Duration>,
    /// What all instances get wrong, for tests of those who check.
    pub faults: Faults,
}

/// Why a server could not run.
#[derive(Debug, Error)]
pub enum ServerError {
    /// The port file cannot be made or written.
    #[error("the port file {path} cannot be written: {error}", path = .path.display())]
    PortFile {
        /// Its path.
        path: PathBuf,
        /// The operating system's words.
        error: io::Error,
    },
    /// The port cannot be had.
    #[error("port {port} on {address} cannot be had: {error}")]
    Listen {
        /// The address.
        address: IpAddr,
        /// The port.
        port: u16,
        /// The operating system's words.
        error: io::Error,
    },
    /// There is no directory for memories.
    #[error("no temporary directory for the canisters' memories: {0}")]
    Home(io::Error),
    /// Serving failed.
    #[error("serving failed: {0}")]
    Serve(io::Error),
}

/// What all requests share.
#[derive(Clone)]
pub struct Server(Arc<Shared>);

struct Shared {
    engine: Arc<Engine>,
    faults: Faults,
    /// Where the memories of all instances are.
    home: PathBuf,
    instances: Instances,
    gateways: Gateways,
    blobs: Blobs,
    activity: Activity,
}

impl Server {
    /// A server without instances, whose instances keep their memories in `home`.
    pub fn new(faults: Faults, home: PathBuf) -> Server {
        Server(Arc::new(Shared {
            engine: Engine::new(),
            faults,
            home,
            instances: Instances::default(),
            gateways: Gateways::default(),
            blobs: Blobs::default(),
            activity: Activity::new(),
        }))
    }

    /// What compiles modules, for all instances.
    pub fn engine(&self) -> Arc<Engine> {
        self.0.engine.clone()
    }

    /// What all instances get wrong.
    pub fn faults(&self) -> Faults {
        self.0.faults
    }

    /// Where instances make the directories of their memories.
    pub fn home(&self) -> &Path {
        &self.0.home
    }

    /// The instances.
    pub fn instances(&self) -> &Instances {
        &self.0.instances
    }

    /// The gateways.
    pub fn gateways(&self) -> &Gateways {
        &self.0.gateways
    }

    /// The blobs.
    pub fn blobs(&self) -> &Blobs {
        &self.0.blobs
    }

    /// Requests being answered.
    pub fn activity(&self) -> &Activity {
        &self.0.activity
    }
}

/// Runs a server until its end. Ends at once, and well, when another one serves under the same port file.
pub async fn run(options: Options) -> Result<(), ServerError> {
    let mut port_file = None;
    if let Some(path) = &options.port_file {
        match claim(path).await? {
            Some(claimed) => port_file = Some(claimed),
            None => return Ok(()),
        }
    }
    let address = options.address.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let listener = listen(address, options.port).await?;
    let home = Home::new().map_err(ServerError::Home)?;
    let server = Server::new(options.faults, home.path().to_owned());
    if let Some(file) = &mut port_file {
        let port = listener.local_addr().map_err(ServerError::Serve)?.port();
        let path = file.path().to_owned();
        file.announce(port)
            .map_err(|error| ServerError::PortFile { path, error })?;
    }
    serve(listener, server, &options, port_file).await
}

async fn claim(path: &Path) -> Result<Option<PortFile>, ServerError> {
    let asked = path.to_owned();
    let claimed = tokio::task::spawn_blocking(move || PortFile::claim(&asked)).await;
    claimed
        .map_err(io::Error::other)
        .and_then(|claimed| claimed)
        .map_err(|error| ServerError::PortFile {
            path: path.to_owned(),
            error,
        })
}

async fn listen(address: IpAddr, port: u16) -> Result<TcpListener, ServerError> {
    TcpListener::bind((address, port))
        .await
        .map_err(|error| ServerError::Listen {
            address,
            port,
            error,
        })
}

/// Serves until a signal comes or time is up; then lets requests end, but not for ever.
async fn serve(
    listener: TcpListener,
    server: Server,
    options: &Options,
    port_file: Option<PortFile>,
) -> Result<(), ServerError> {
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async move {
        let _ = stopped.await;
    };
    let app = routes::router(server.clone());
    let serving = axum::serve(listener, app).with_graceful_shutdown(shutdown);
    let mut serving = tokio::spawn(async move { serving.await });
    tokio::select! {
        ended = &mut serving => {
            return ended.map_err(io::Error::other).and_then(|ended| ended).map_err(ServerError::Serve);
        }
        () = signalled() => {}
        () = server.activity().idle(options.ttl) => {}
        () = elapsed(options.hard_ttl) => {}
    }
    // First the file, then the port: whoever reads the file finds somebody who answers.
    drop(port_file);
    let _ = stop.send(());
    let _ = tokio::time::timeout(FAREWELL, serving).await;
    Ok(())
}
