//! Ingress messages: the checks before one is taken, and what became of each.

use super::delivery::replicated_entry;
use super::environment::Ended;
use super::{Canister, Charge, Ingress, IngressStatus, MessageId, Network, Origin, Request};
use crate::execution::{Context, Entry, Input};
use crate::management;
use crate::rejection::{ErrorCode, Reject};
use candid::Principal;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, VecDeque};

const INSPECT_MESSAGE: &str = "canister_inspect_message";
/// Answers that are remembered; the oldest are forgotten first.
const MAX_ANSWERS: usize = 100_000;
/// Bytes of replies that are remembered.
const MAX_ANSWER_BYTES: usize = 512 << 20;

/// What became of ingress messages.
#[derive(Default)]
pub(crate) struct IngressHistory {
    messages: BTreeMap<MessageId, (Principal, IngressStatus)>,
    /// Answered ones, oldest first, with the bytes of their answers.
    answered: VecDeque<(MessageId, usize)>,
    bytes: usize,
    /// Messages taken, which makes ids for those that come without one.
    taken: u64,
}

impl IngressHistory {
    fn fresh_id(&self) -> MessageId {
        Sha256::new()
            .chain_update("localnet ingress")
            .chain_update(self.taken.to_be_bytes())
            .finalize()
            .into()
    }

    /// The message runs.
    pub(crate) fn begin(&mut self, origin: &Origin) {
        if let Origin::Ingress(id) = origin
            && let Some((_, status)) = self.messages.get_mut(id)
        {
            *status = IngressStatus::Processing;
        }
    }

    /// The message is answered.
    pub(crate) fn answer(&mut self, id: MessageId, result: Result<Vec<u8>, Reject>) {
        let Some((_, status)) = self.messages.get_mut(&id) else {
            return;
        };
        let size = match &result {
            Ok(reply) => reply.len(),
            Err(reject) => reject.message.len(),
        };
        *status = IngressStatus::Answered(result);
        self.answered.push_back((id, size));
        self.bytes += size;
        while self.answered.len() > MAX_ANSWERS || self.bytes > MAX_ANSWER_BYTES {
            let Some((oldest, size)) = self.answered.pop_front() else {
                return;
            };
            self.messages.remove(&oldest);
            self.bytes -= size;
        }
    }
}

impl Network {
    /// Checks and queues an ingress message: destination, `inspect_message`; runs nothing else. A message that was
    /// taken before is not taken again.
    pub fn submit(&mut self, ingress: Ingress) -> Result<MessageId, Reject> {
        let id = ingress.id.unwrap_or_else(|| self.ingress.fresh_id());
        if self.ingress.messages.contains_key(&id) {
            return Ok(id);
        }
        if ingress.canister == Principal::management_canister() {
            management::accept(self, ingress.sender, &ingress.method, &ingress.payload)?;
        } else {
            self.inspect(&ingress)?;
            let bytes = ingress.size;
            self.charge_ahead(ingress.canister, Charge::Ingress { bytes })?;
        }
        let received = (ingress.sender, IngressStatus::Received);
        self.ingress.messages.insert(id, received);
        self.ingress.taken += 1;
        self.queues.push_ingress(Request {
            origin: Origin::Ingress(id),
            caller: ingress.sender,
            callee: ingress.canister,
            method: ingress.method,
            payload: ingress.payload,
            cycles: 0,
            deadline: None,
            sender_info: ingress.sender_info,
            effective: ingress.effective,
        });
        Ok(id)
    }

    /// What became of a message, and who sent it.
    pub fn ingress_status(&self, id: &MessageId) -> Option<(Principal, &IngressStatus)> {
        let (sender, status) = self.ingress.messages.get(id)?;
        Some((*sender, status))
    }

    /// Asks the canister whether it takes the message.
    fn inspect(&mut self, ingress: &Ingress) -> Result<(), Reject> {
        let canister = self.canister_ref(ingress.canister)?;
        canister.require_running()?;
        replicated_entry(canister, &ingress.method)?;
        if !canister.runs_hook(INSPECT_MESSAGE) {
            return Ok(());
        }
        let input = self.inspection(canister, ingress);
        let Ended { outcome, .. } = self.execute(ingress.canister, input);
        let canister = self.canister_mut(ingress.canister)?;
        canister.sandbox.roll_back();
        match outcome?.message_accepted {
            true => Ok(()),
            false => Err(Reject::new(
                ErrorCode::CanisterRejectedMessage,
                format!("Canister {} rejected the message", ingress.canister),
            )),
        }
    }

    fn inspection(&self, canister: &Canister, ingress: &Ingress) -> Input {
        Input {
            payload: ingress.payload.clone(),
            method_name: ingress.method.clone(),
            sender_info: ingress.sender_info.clone(),
            ..self.input(
                canister,
                Context::InspectMessage,
                Entry::Hook(INSPECT_MESSAGE),
                ingress.sender,
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_oldest_answers_are_forgotten() {
        let mut history = IngressHistory::default();
        let id = |n: usize| {
            let mut id = [0; 32];
            id[..8].copy_from_slice(&n.to_be_bytes());
            id
        };
        for n in 0..=MAX_ANSWERS {
            let received = (Principal::anonymous(), IngressStatus::Received);
            history.messages.insert(id(n), received);
            history.answer(id(n), Ok(vec![1]));
        }
        assert!(!history.messages.contains_key(&id(0)));
        assert_eq!(history.messages.len(), MAX_ANSWERS);
        assert_eq!(history.bytes, MAX_ANSWERS);
    }
}
