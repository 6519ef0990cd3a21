//! `upload_chunk`, `stored_chunks`, `clear_chunk_store`.

use super::payload::{canister_id, decode, done, invalid, reply};
use super::{Answer, Call};
use crate::rejection::Reject;
use crate::state_machine::{ChunkHash as Hash, Network};
use ic_management_canister_types::{ChunkHash, UploadChunkArgs};

/// Keeps a part of a module.
pub(super) fn upload(network: &mut Network, call: &mut Call) -> Result<Answer, Reject> {
    let arguments: UploadChunkArgs = decode(&call.request.payload)?;
    let store = &mut network.canister_mut(arguments.canister_id)?.chunks;
    let hash = store
        .insert(arguments.chunk)
        .map_err(|refused| invalid(refused.to_string()))?;
    reply(shown(&hash))
}

/// The hashes of all parts.
pub(super) fn stored(network: &mut Network, call: &mut Call) -> Result<Answer, Reject> {
    let canister = network.canister_ref(canister_id(&call.request.payload)?)?;
    reply(canister.chunks.hashes().map(shown).collect::<Vec<_>>())
}

/// Forgets all parts.
pub(super) fn clear(network: &mut Network, call: &mut Call) -> Result<Answer, Reject> {
    let id = canister_id(&call.request.payload)?;
    network.canister_mut(id)?.chunks.clear();
    done()
}

fn shown(hash: &Hash) -> ChunkHash {
    ChunkHash {
        hash: hash.to_vec(),
    }
}
