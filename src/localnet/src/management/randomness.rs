//! `raw_rand`.

use super::payload::reply;
use super::{Answer, Call};
use crate::rejection::Reject;
use crate::state_machine::Network;
use rand_chacha::rand_core::RngCore;
use serde_bytes::ByteBuf;

/// 32 bytes of the network's generator, which the same seed and the same calls give again.
pub(super) fn raw_rand(network: &mut Network, _call: &mut Call) -> Result<Answer, Reject> {
    let mut bytes = [0; 32];
    network.random().fill_bytes(&mut bytes);
    reply(ByteBuf::from(bytes))
}
