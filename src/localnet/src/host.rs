//! A running network: one thread owns the state machine, everybody else sends it work.

use crate::state_machine::Network;

/// A handle on a network's thread. Work runs in the order it arrives; dropping the last handle ends the thread.
#[derive(Clone)]
pub struct Instance {}

#[allow(unused_variables, missing_docs)]
impl Instance {
    /// Starts the thread.
    pub fn start(network: Network) -> Instance {
        todo!()
    }
    /// Runs `work` on the network's thread and gives its result.
    pub async fn with<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Network) -> R + Send + 'static,
    ) -> R {
        todo!()
    }
    /// Switches live mode: the network follows the wall clock and runs rounds by itself whenever there is work.
    pub async fn set_live(&self, live: bool) {
        todo!()
    }
    /// Whether the network is live.
    pub async fn is_live(&self) -> bool {
        todo!()
    }
    /// Waits until an ingress message is answered: a live network gets there by itself, any other is run round by
    /// round, at most `rounds` times. None when it was not answered by then.
    pub async fn answer(
        &self,
        id: crate::state_machine::MessageId,
        rounds: usize,
    ) -> Option<Result<Vec<u8>, crate::rejection::Reject>> {
        todo!()
    }
}
