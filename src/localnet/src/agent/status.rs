//! `/api/v2/status`: the root key and how the network feels.

use super::Service;
use super::reply::Cbor;
use axum::extract::State;
use serde::Serialize;
use serde_bytes::ByteBuf;

#[derive(Serialize)]
struct Status {
    replica_health_status: &'static str,
    impl_version: &'static str,
    root_key: ByteBuf,
}

pub(super) async fn status(State(service): State<Service>) -> Cbor {
    let root_key = service.instance.with(|network| network.root_key()).await;
    Cbor::new(&Status {
        replica_health_status: "healthy",
        impl_version: concat!("localnet ", env!("CARGO_PKG_VERSION")),
        root_key: ByteBuf::from(root_key),
    })
}
