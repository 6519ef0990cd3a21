//! What the network knows, put into the tree that a certificate vouches for.

use super::effective::{Effective, root};
use super::paths::{CanisterField, StatePath};
use super::refusal::Refusal;
use super::reply::{error_code, reject_code};
use crate::certification::{StateTree, blob_list, canister_ranges, insert_range_shard, leb128};
use crate::state_machine::{CanisterView, IngressStatus, MessageId, Network, Subnet, SubnetKind};
use candid::Principal;

/// Why inserting cannot fail: the paths served are those of the system state tree.
const DISTINCT: &str = "no value of the state tree stands below another";

/// Who reads, and where the request was addressed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader {
    pub(super) sender: Principal,
    pub(super) effective: Effective,
}

/// A certificate of all paths that the reader may see. What does not exist is absent in it. Fails for what others
/// sent or keep private.
///
/// Ids that belong to no subnet are answered by the root subnet: agents read the time there before they know of any
/// canister.
pub(super) fn certify(
    network: &Network,
    reader: Reader,
    paths: &[StatePath],
) -> Result<Vec<u8>, Refusal> {
    let subnet = match reader.effective.responsible(network) {
        Err(refusal @ Refusal::UnknownCanister { .. }) => root(network).ok_or(refusal)?,
        other => other?,
    };
    let mut state = State {
        network,
        subnet,
        tree: StateTree::at(network.time()),
    };
    for path in paths {
        state.add(reader, path)?;
    }
    Ok(subnet.authority.certify(&state.tree))
}

/// A certificate of what became of a message, for its sender.
pub(super) fn certify_status(
    network: &Network,
    effective: Effective,
    id: &MessageId,
) -> Result<Vec<u8>, Refusal> {
    let subnet = effective.responsible(network)?;
    let mut state = State {
        network,
        subnet,
        tree: StateTree::at(network.time()),
    };
    if let Some((_, status)) = network.ingress_status(id) {
        state.put_status(id, status);
    }
    Ok(subnet.authority.certify(&state.tree))
}

/// A tree in the making, as one subnet sees the network.
struct State<'a> {
    network: &'a Network,
    subnet: &'a Subnet,
    tree: StateTree,
}

impl<'a> State<'a> {
    fn add(&mut self, reader: Reader, path: &StatePath) -> Result<(), Refusal> {
        match path {
            // The time is in every tree.
            StatePath::Time | StatePath::Nothing => {}
            StatePath::Subnet(wanted) => {
                for subnet in self.known_subnets(*wanted) {
                    self.put_subnet(subnet);
                }
            }
            StatePath::CanisterRanges(wanted) => {
                for subnet in self.known_subnets(*wanted) {
                    let id = subnet.authority.subnet_id();
                    insert_range_shard(&mut self.tree, id, &subnet.ranges).expect(DISTINCT);
                }
            }
            StatePath::RequestStatus(id) => self.add_status(reader, id)?,
            StatePath::Canister(canister, field) => self.add_canister(reader, *canister, field)?,
        }
        Ok(())
    }

    fn put(&mut self, path: &[&[u8]], value: impl Into<Vec<u8>>) {
        self.tree.insert(path, value).expect(DISTINCT);
    }

    /// The subnets this one can vouch for, or the wanted one of them: the NNS for all, any other for itself.
    fn known_subnets(&self, wanted: Option<Principal>) -> Vec<&'a Subnet> {
        let own = self.subnet.authority.subnet_id();
        let knows_all = self.subnet.kind == SubnetKind::Nns;
        let known = |subnet: &&Subnet| {
            let id = subnet.authority.subnet_id();
            (knows_all || id == own) && wanted.is_none_or(|wanted| wanted == id)
        };
        self.network.subnets().iter().filter(known).collect()
    }

    /// A subnet as agents look it up: its key, the keys of its nodes, and the canisters it may speak for.
    fn put_subnet(&mut self, subnet: &Subnet) {
        let id = subnet.authority.subnet_id();
        let (id, node) = (id.as_slice(), subnet.authority.node());
        self.put(
            &[b"subnet", id, b"public_key"],
            subnet.authority.public_key(),
        );
        self.put(&[b"subnet", id, b"type"], subnet_type(subnet.kind));
        self.put(
            &[b"subnet", id, b"canister_ranges"],
            canister_ranges(&subnet.ranges),
        );
        let node_id = node.id();
        self.put(
            &[b"subnet", id, b"node", node_id.as_slice(), b"public_key"],
            node.public_key(),
        );
    }

    fn add_status(&mut self, reader: Reader, id: &MessageId) -> Result<(), Refusal> {
        match self.network.ingress_status(id) {
            Some((sender, _)) if sender != reader.sender => Err(Refusal::ForeignRequest {
                id: hex::encode(id),
            }),
            Some((_, status)) => {
                self.put_status(id, status);
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn put_status(&mut self, id: &MessageId, status: &IngressStatus) {
        let word = match status {
            IngressStatus::Received => "received",
            IngressStatus::Processing => "processing",
            IngressStatus::Answered(Ok(_)) => "replied",
            IngressStatus::Answered(Err(_)) => "rejected",
        };
        self.put(&[b"request_status", id, b"status"], word);
        match status {
            IngressStatus::Answered(Ok(reply)) => {
                self.put(&[b"request_status", id, b"reply"], reply.clone());
            }
            IngressStatus::Answered(Err(reject)) => {
                let code = leb128(reject_code(reject).into());
                self.put(&[b"request_status", id, b"reject_code"], code);
                self.put(
                    &[b"request_status", id, b"reject_message"],
                    reject.message.clone(),
                );
                self.put(
                    &[b"request_status", id, b"error_code"],
                    error_code(reject.error),
                );
            }
            IngressStatus::Received | IngressStatus::Processing => {}
        }
    }

    fn add_canister(
        &mut self,
        reader: Reader,
        canister: Principal,
        field: &CanisterField,
    ) -> Result<(), Refusal> {
        if let Effective::Canister(effective) = reader.effective
            && effective != canister
        {
            return Err(Refusal::WrongEffectiveCanister {
                effective,
                canister,
            });
        }
        let own = self.subnet.authority.subnet_id();
        let Some(view) = self
            .network
            .canister(canister)
            .filter(|it| it.subnet == own)
        else {
            return Ok(());
        };
        if let Some(value) = canister_value(&view, reader.sender, canister, field)? {
            let path = [&[b"canister", canister.as_slice()], &field.labels()[..]].concat();
            self.put(&path, value);
        }
        Ok(())
    }
}

/// What a canister shows to `sender`; none for what it does not have.
fn canister_value(
    view: &CanisterView<'_>,
    sender: Principal,
    canister: Principal,
    field: &CanisterField,
) -> Result<Option<Vec<u8>>, Refusal> {
    Ok(match field {
        CanisterField::Controllers => Some(blob_list(view.controllers)),
        CanisterField::ModuleHash => view.module_hash.map(Vec::from),
        CanisterField::CertifiedData => Some(view.certified_data.to_vec()),
        CanisterField::Metadata(name) => match view.metadata(name) {
            Some(metadata) if metadata.public || view.controllers.contains(&sender) => {
                Some(metadata.content.clone())
            }
            Some(_) => {
                return Err(Refusal::PrivateMetadata {
                    name: name.clone(),
                    canister,
                });
            }
            None => None,
        },
    })
}

/// The `type` of a subnet as the interface specification names it.
fn subnet_type(kind: SubnetKind) -> &'static str {
    match kind {
        SubnetKind::Nns
        | SubnetKind::InternetIdentity
        | SubnetKind::Bitcoin
        | SubnetKind::System => "system",
        SubnetKind::VerifiedApplication => "verified_application",
        SubnetKind::Sns | SubnetKind::Fiduciary | SubnetKind::Application => "application",
    }
}
