//! The HTTP interface of a replica, as agents speak it: `/api/v2` to `/api/v4`, CBOR envelopes in, certificates out.

use crate::host::Instance;

/// Routes below `/api`, to be nested where the instance or its gateway listens.
pub fn router(instance: Instance) -> axum::Router {
    let _ = instance;
    todo!()
}
