//! What things cost: the only place that charges a canister.
//!
//! Moving cycles (calls, refunds, deposits) is exact and happens where the message is handled; here is what the
//! system takes. All prices are zero until charging is switched on, so balances change by transfers alone.

use super::{Canister, Network};
use crate::execution::Prices;
use crate::rejection::{ErrorCode, Reject};
use candid::Principal;

/// Something that costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charge {
    /// A message that ran, whether or not it trapped.
    Execution { instructions: u64 },
    /// An ingress message, with the bytes of its whole envelope.
    Ingress { bytes: usize },
    /// A call or an answer on its way between canisters.
    Call { bytes: usize },
    /// A new canister.
    Creation,
}

impl Charge {
    /// Cycles.
    pub(crate) fn cycles(self, prices: &Prices) -> u128 {
        match self {
            Charge::Execution { instructions } => {
                prices.execution + prices.instruction * u128::from(instructions)
            }
            Charge::Ingress { bytes } => prices.ingress + prices.ingress_byte * bytes as u128,
            Charge::Call { bytes } => prices.call + prices.call_byte * bytes as u128,
            Charge::Creation => prices.creation,
        }
    }
}

impl Network {
    /// What things cost on a subnet.
    pub(crate) fn prices(&self, _subnet: usize) -> Prices {
        Prices::default()
    }

    /// The part of a balance that messages may not spend: what the freezing threshold's time would cost. Storage is
    /// free here, so nothing is held back.
    pub(super) fn frozen_cycles(&self, _canister: &Canister) -> u128 {
        0
    }

    /// Takes what something cost that is already done; a balance that does not cover it ends at zero.
    pub(super) fn charge(&mut self, id: Principal, charge: Charge) {
        if let Some(canister) = self.canisters.get(&id) {
            let cycles = charge.cycles(&self.prices(canister.subnet));
            if let Ok(canister) = self.canister_mut(id) {
                let balance = &mut canister.registers.balance;
                *balance = balance.saturating_sub(cycles);
            }
        }
    }

    /// Takes what something costs that is about to be done, or refuses it.
    pub(super) fn charge_ahead(&mut self, id: Principal, charge: Charge) -> Result<(), Reject> {
        let canister = self.canister_ref(id)?;
        let cycles = charge.cycles(&self.prices(canister.subnet));
        let spendable = canister
            .registers
            .balance
            .saturating_sub(self.frozen_cycles(canister));
        if cycles > spendable {
            return Err(Reject::new(
                ErrorCode::CanisterOutOfCycles,
                format!("Canister {id} is out of cycles: {cycles} needed, {spendable} spendable"),
            ));
        }
        self.charge(id, charge);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_charge_asks_its_own_prices() {
        let prices = Prices {
            execution: 1,
            instruction: 2,
            call: 10,
            call_byte: 3,
            ingress: 100,
            ingress_byte: 5,
            creation: 7,
        };
        let cost = |charge: Charge| charge.cycles(&prices);
        assert_eq!(cost(Charge::Execution { instructions: 4 }), 9);
        assert_eq!(cost(Charge::Call { bytes: 4 }), 22);
        assert_eq!(cost(Charge::Ingress { bytes: 4 }), 120);
        assert_eq!(cost(Charge::Creation), 7);
    }
}
