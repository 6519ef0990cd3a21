//! The HTTP gateway: `<canister>.localhost` and `?canisterId=` become calls of `http_request`, checked before they go out.

use crate::host::Instance;

/// Serves the gateway for one instance (and proxies `/api` to its agent interface) until `shutdown` resolves.
pub async fn serve(
    listener: tokio::net::TcpListener,
    instance: Instance,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let _ = (listener, instance, shutdown);
    todo!()
}
