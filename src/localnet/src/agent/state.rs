//! What the network knows, put into the tree that a certificate vouches for.

use super::effective::{Effective, root};
use super::paths::{CanisterField, StatePath};
use super::refusal::Refusal;
use super::reply::{error_code, reject_code};
use crate::certification::{StateTree, blob_list, canister_ranges, leb128};
use crate::state_machine::{IngressStatus, MessageId, Network, Subnet, SubnetKind};
use candid::Principal;

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
                    self.put_ranges(subnet);
                }
            }
            StatePath::RequestStatus(id) => self.add_status(reader, id)?,
            StatePath::Canister(canister, field) => self.add_canister(reader, *canister, field)?,
        }
        Ok(())
    }

    fn put(&mut self, path: &[&[u8]], value: impl Into<Vec<u8>>) {
        self.tree
            .insert(path, value)
            .expect("no value of the state tree stands below another");
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

    /// The ranges where newer agents look: one shard, labelled with its lowest id.
    fn put_ranges(&mut self, subnet: &Subnet) {
        let id = subnet.authority.subnet_id();
        if let Some(lowest) = subnet.ranges.iter().map(|(first, _)| first).min() {
            self.put(
                &[b"canister_ranges", id.as_slice(), lowest.as_slice()],
                canister_ranges(&subnet.ranges),
            );
        }
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
        let Some(view) = self.network.canister(canister) else {
            return Ok(());
        };
        if view.subnet != self.subnet.authority.subnet_id() {
            return Ok(());
        }
        let id = canister.as_slice();
        match field {
            CanisterField::Controllers => {
                let controllers = blob_list(view.controllers);
                self.put(&[b"canister", id, b"controllers"], controllers);
            }
            CanisterField::ModuleHash => {
                if let Some(hash) = view.module_hash {
                    self.put(&[b"canister", id, b"module_hash"], hash);
                }
            }
            CanisterField::CertifiedData => {
                let data = view.certified_data;
                self.put(&[b"canister", id, b"certified_data"], data);
            }
            CanisterField::Metadata(name) => {
                let Some(metadata) = view.metadata(name) else {
                    return Ok(());
                };
                if !metadata.public && !view.controllers.contains(&reader.sender) {
                    return Err(Refusal::PrivateMetadata {
                        name: name.clone(),
                        canister,
                    });
                }
                let content = metadata.content.clone();
                self.put(&[b"canister", id, b"metadata", name.as_bytes()], content);
            }
        }
        Ok(())
    }
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
