//! What a message may see of its canister and the world, and running it.

use super::limits::is_replicated;
use super::{Canister, Network, Status};
use crate::execution::{Context, Effects, Entry, Environment, Input};
use crate::rejection::Reject;
use candid::Principal;
use std::sync::Arc;

/// How a message ended: its effects or why there are none, and the instructions it used.
pub(super) struct Ended {
    pub(super) outcome: Result<Effects, Reject>,
    pub(super) instructions: u64,
}

impl Network {
    /// A message without argument, cycles or answer before it; callers add what theirs has.
    pub(super) fn input(
        &self,
        canister: &Canister,
        context: Context,
        entry: Entry,
        caller: Principal,
    ) -> Input {
        Input {
            context,
            entry,
            caller,
            payload: Vec::new(),
            method_name: String::new(),
            reject: None,
            deadline: None,
            cycles_available: 0,
            cycles_refunded: 0,
            responded: false,
            sender_info: None,
            context_instructions: 0,
            environment: self.environment(canister, context),
            limits: self.limits(canister, context),
        }
    }

    fn environment(&self, canister: &Canister, context: Context) -> Environment {
        let subnet = &self.subnets[canister.subnet];
        Environment {
            time: self.time,
            canister: canister.id,
            subnet: subnet.authority.subnet_id(),
            version: canister.version,
            status: match canister.status {
                Status::Running => 1,
                Status::Stopping(_) => 2,
                Status::Stopped => 3,
            },
            controllers: canister.settings.controllers.clone(),
            balance: canister.registers.balance,
            frozen: self.frozen_cycles(canister),
            global_timer: canister.registers.global_timer,
            variables: canister.settings.environment_variables.clone(),
            root_key: self.root_key.clone(),
            data_certificate: match context {
                Context::Query | Context::CompositeQuery => Some(self.data_certificate(canister)),
                _ => None,
            },
            replicated: is_replicated(context),
            prices: self.prices(canister.subnet),
        }
    }

    /// Signs only when it is asked for: that takes about a millisecond.
    fn data_certificate(&self, canister: &Canister) -> Arc<dyn Fn() -> Vec<u8> + Send + Sync> {
        let authority = self.subnets[canister.subnet].authority.clone();
        let (id, time) = (canister.id, self.time);
        let certified_data = canister.registers.certified_data.clone();
        Arc::new(move || authority.data_certificate(id, &certified_data, time))
    }

    /// Runs one message in its canister's sandbox. Nothing is kept yet but what it printed: the caller commits or
    /// rolls back the sandbox and applies or drops the effects.
    pub(super) fn execute(&mut self, id: Principal, input: Input) -> Ended {
        let (time, replicated) = (self.time, is_replicated(input.context));
        let canister = match self.canister_mut(id) {
            Ok(canister) => canister,
            Err(gone) => {
                return Ended {
                    outcome: Err(gone),
                    instructions: 0,
                };
            }
        };
        let execution = canister.sandbox.execute(input);
        if replicated {
            let limit = canister.settings.log_memory_limit;
            for line in &execution.logs {
                canister.logs.push(time, line, limit);
            }
        }
        Ended {
            outcome: execution
                .outcome
                .map_err(|trap| canister.error(trap.error, trap.message)),
            instructions: execution.instructions,
        }
    }
}
