//! Which canister ids belong to which subnet.
//!
//! A canister id is ten bytes: a big-endian counter and the two bytes `01 01`.
//!
//! ```text
//! 0              8    10
//! | counter (BE) | 01 01 |
//! ```
//!
//! Named subnets have the ranges they have on the Internet Computer; all others take blocks of 2^20 ids from the top
//! of the counter downwards, applications first, so that the first canister of a plain network is always
//! `lxzze-o7777-77777-aaaaa-cai`.

use super::{Configuration, Network, Subnet, SubnetKind, derived_seed, root_subnet};
use crate::certification::Authority;
use crate::rejection::{ErrorCode, Reject};
use candid::Principal;

/// Ids in one block.
const BLOCK: u64 = 1 << 20;
/// The first counter of the first block that no named subnet owns.
const FIRST_BLOCK: u64 = 0xFFFF_FFFF_FFE0_0000;

/// The canister id with a counter.
pub(super) fn canister_id(counter: u64) -> Principal {
    let mut bytes = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1];
    bytes[..8].copy_from_slice(&counter.to_be_bytes());
    Principal::from_slice(&bytes)
}

/// The counter in a canister id; none for principals that are no canister ids.
pub(super) fn counter(id: Principal) -> Option<u64> {
    match id.as_slice() {
        [counter @ .., 1, 1] => counter.try_into().ok().map(u64::from_be_bytes),
        _ => None,
    }
}

/// Inclusive ranges of counters of a named subnet, as on the Internet Computer; none for all others.
fn named_ranges(kind: SubnetKind) -> Option<Vec<(u64, u64)>> {
    let block = |number: u64| (number * BLOCK, number * BLOCK + BLOCK - 1);
    match kind {
        // rdmx6-jaaaa-aaaaa-aaadq-cai, number 7, lives on the Internet Identity subnet.
        SubnetKind::Nns => Some(vec![(0, 6), (8, BLOCK - 1)]),
        SubnetKind::InternetIdentity => Some(vec![(7, 7), block(0x21)]),
        SubnetKind::Sns => Some(vec![block(0x20)]),
        SubnetKind::Bitcoin => Some(vec![block(0x1A)]),
        SubnetKind::Fiduciary => Some(vec![block(0x23)]),
        SubnetKind::System | SubnetKind::Application | SubnetKind::VerifiedApplication => None,
    }
}

/// The ranges of all subnets, in their order.
fn ranges(kinds: &[SubnetKind]) -> Vec<Vec<(u64, u64)>> {
    let is_application = |kind: &SubnetKind| *kind == SubnetKind::Application;
    let applications = kinds.iter().filter(|kind| is_application(kind)).count() as u64;
    let (mut next_application, mut next_other) = (0, applications);
    kinds
        .iter()
        .map(|kind| {
            named_ranges(*kind).unwrap_or_else(|| {
                let next = match is_application(kind) {
                    true => &mut next_application,
                    false => &mut next_other,
                };
                let start = FIRST_BLOCK - *next * BLOCK;
                *next += 1;
                vec![(start, start + BLOCK - 1)]
            })
        })
        .collect()
}

/// Makes the subnets of a network; each delegates from the NNS subnet when there is one.
pub(super) fn subnets(configuration: &Configuration) -> Vec<Subnet> {
    let kinds: Vec<_> = configuration.subnets.iter().map(|s| s.kind).collect();
    let mut subnets: Vec<Subnet> = configuration
        .subnets
        .iter()
        .zip(ranges(&kinds))
        .enumerate()
        .map(|(number, (asked, ranges))| {
            let seed = derived_seed(&configuration.seed, "subnet", number as u64);
            Subnet {
                kind: asked.kind,
                authority: Authority::from_seed(seed),
                seed,
                ranges: ranges
                    .into_iter()
                    .map(|(first, last)| (canister_id(first), canister_id(last)))
                    .collect(),
                benchmarking: asked.benchmarking,
                free: asked.free,
            }
        })
        .collect();
    delegate(&mut subnets);
    subnets
}

/// Lets the NNS subnet, when there is one, vouch for all others and their ranges. Repeated when ranges change.
fn delegate(subnets: &mut [Subnet]) {
    let root = root_subnet(subnets).authority.clone();
    if !subnets.iter().any(|subnet| subnet.kind == SubnetKind::Nns) {
        return;
    }
    for subnet in subnets
        .iter_mut()
        .filter(|subnet| subnet.kind != SubnetKind::Nns)
    {
        subnet.authority.delegated_by(&root, &subnet.ranges);
    }
}

impl Network {
    /// Number of the subnet whose ranges hold the id.
    pub(super) fn subnet_index_for(&self, id: Principal) -> Option<usize> {
        let wanted = counter(id)?;
        let holds = |range: &(Principal, Principal)| {
            counter(range.0).is_some_and(|first| first <= wanted)
                && counter(range.1).is_some_and(|last| wanted <= last)
        };
        self.subnets
            .iter()
            .position(|subnet| subnet.ranges.iter().any(holds))
    }

    /// Number of the subnet that takes canisters nobody placed: the first application subnet, else the first.
    pub(super) fn default_subnet(&self) -> usize {
        self.subnets
            .iter()
            .position(|subnet| subnet.kind == SubnetKind::Application)
            .unwrap_or(0)
    }

    /// Number of the subnet that an effective id (of a canister or a subnet) points to, else the default one.
    pub(crate) fn subnet_for_creation(&self, effective: Option<Principal>) -> usize {
        let by_id = |id| {
            self.subnets
                .iter()
                .position(|subnet| subnet.authority.subnet_id() == id)
        };
        effective
            .and_then(|id| self.subnet_index_for(id).or_else(|| by_id(id)))
            .unwrap_or_else(|| self.default_subnet())
    }

    /// The lowest id of a subnet's ranges that no canister has or had.
    pub(crate) fn free_canister_id(&self, subnet: usize) -> Result<Principal, Reject> {
        self.subnets[subnet]
            .ranges
            .iter()
            .filter_map(|(first, last)| Some(counter(*first)?..=counter(*last)?))
            .flatten()
            .map(canister_id)
            .find(|id| !self.canisters.contains_key(id) && !self.deleted.contains(id))
            .ok_or_else(|| {
                let message = "all canister ids of the subnet are taken";
                Reject::new(ErrorCode::SubnetOversubscribed, message)
            })
    }

    /// Makes sure a chosen id belongs to a subnet: one outside every range is added to the default subnet's.
    pub(crate) fn claim_canister_id(&mut self, id: Principal) -> Result<usize, Reject> {
        if counter(id).is_none() {
            return Err(Reject::new(
                ErrorCode::InvalidManagementPayload,
                format!("{id} is not a canister id: choose one that ends in -cai"),
            ));
        }
        Ok(self.subnet_index_for(id).unwrap_or_else(|| {
            let subnet = self.default_subnet();
            self.subnets[subnet].ranges.push((id, id));
            delegate(&mut self.subnets);
            subnet
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(counter: u64) -> String {
        canister_id(counter).to_text()
    }

    #[test]
    fn the_first_application_canisters_have_the_ids_that_people_paste() {
        let ranges = ranges(&[SubnetKind::System, SubnetKind::Application]);
        assert_eq!(text(ranges[1][0].0), "lxzze-o7777-77777-aaaaa-cai");
        assert_eq!(text(ranges[1][0].0 + 1), "lqy7q-dh777-77777-aaaaq-cai");
        assert_eq!(ranges[0], vec![(FIRST_BLOCK - BLOCK, FIRST_BLOCK - 1)]);
    }

    #[test]
    fn named_subnets_have_the_ranges_of_the_internet_computer() {
        use SubnetKind::*;
        let expected = [
            (
                Nns,
                "rwlgt-iiaaa-aaaaa-aaaaa-cai",
                "renrk-eyaaa-aaaaa-aaada-cai",
            ),
            (
                Nns,
                "qoctq-giaaa-aaaaa-aaaea-cai",
                "n5n4y-3aaaa-aaaaa-p777q-cai",
            ),
            (
                InternetIdentity,
                "rdmx6-jaaaa-aaaaa-aaadq-cai",
                "rdmx6-jaaaa-aaaaa-aaadq-cai",
            ),
            (
                InternetIdentity,
                "uc7f6-kaaaa-aaaaq-qaaaa-cai",
                "ijz7v-ziaaa-aaaaq-7777q-cai",
            ),
            (
                Sns,
                "ybpmr-kqaaa-aaaaq-aaaaa-cai",
                "ekjw2-zyaaa-aaaaq-p777q-cai",
            ),
            (
                Bitcoin,
                "g3wsl-eqaaa-aaaan-aaaaa-cai",
                "2qqia-xyaaa-aaaan-p777q-cai",
            ),
            (
                Fiduciary,
                "mf7xa-laaaa-aaaar-qaaaa-cai",
                "qoznl-yiaaa-aaaar-7777q-cai",
            ),
        ];
        for (kind, first, last) in expected {
            let ranges = named_ranges(kind).unwrap();
            let texts: Vec<_> = ranges.iter().map(|r| (text(r.0), text(r.1))).collect();
            assert!(
                texts.contains(&(first.into(), last.into())),
                "{kind:?}: {texts:?}"
            );
        }
    }

    #[test]
    fn only_ten_bytes_with_the_canister_suffix_have_a_counter() {
        assert_eq!(counter(canister_id(7)), Some(7));
        assert_eq!(counter(Principal::anonymous()), None);
        assert_eq!(counter(Principal::management_canister()), None);
        assert_eq!(
            counter(Principal::from_slice(&[1; 10])),
            Some(0x0101_0101_0101_0101)
        );
        assert_eq!(counter(Principal::from_slice(&[1; 11])), None);
    }
}
