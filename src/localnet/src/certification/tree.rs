//! The tree of labelled values that a certificate vouches for.

use ic_certification::hash_tree::{HashTree, empty, fork, label, leaf};
use std::collections::BTreeMap;

/// Values by their path. Labels at one level are unique and sorted bytewise, as the interface specification demands
/// of hash trees: without the order a client could not conclude that a label is absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateTree {
    time: u64,
    root: Branch,
}

type Branch = BTreeMap<Vec<u8>, Node>;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Value(Vec<u8>),
    Branch(Branch),
}

/// A value was to stand where others already hang below, or below another value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the path of {} labels runs through a value or ends at a branch", .path.len())]
pub struct PathConflict {
    /// The path that does not fit.
    pub path: Vec<Vec<u8>>,
}

impl StateTree {
    /// A tree with nothing but `/time` (ns since 1970), which every certificate carries.
    pub fn at(time: u64) -> StateTree {
        let time_leaf = Node::Value(super::encoding::leb128(time));
        StateTree {
            time,
            root: Branch::from([(b"time".to_vec(), time_leaf)]),
        }
    }

    /// The time given to [`StateTree::at`].
    pub fn time(&self) -> u64 {
        self.time
    }

    /// Puts a value at a path, replacing an earlier value there. Fails, and changes nothing, when the path is empty,
    /// runs through another value or ends where others hang below.
    pub fn insert(
        &mut self,
        path: &[&[u8]],
        value: impl Into<Vec<u8>>,
    ) -> Result<(), PathConflict> {
        let conflict = || PathConflict {
            path: path.iter().map(|label| label.to_vec()).collect(),
        };
        let (last, above) = path.split_last().ok_or_else(conflict)?;
        let mut branch = &mut self.root;
        for step in above {
            let node = branch
                .entry(step.to_vec())
                .or_insert_with(|| Node::Branch(Branch::new()));
            branch = match node {
                Node::Branch(below) => below,
                Node::Value(_) => return Err(conflict()),
            };
        }
        if let Some(Node::Branch(_)) = branch.get(*last) {
            return Err(conflict());
        }
        branch.insert(last.to_vec(), Node::Value(value.into()));
        Ok(())
    }

    /// The hash tree over all values.
    pub fn hash_tree(&self) -> HashTree<Vec<u8>> {
        hash_tree(&self.root)
    }
}

fn hash_tree(branch: &Branch) -> HashTree<Vec<u8>> {
    let labelled = branch
        .iter()
        .map(|(name, node)| label(name.clone(), subtree(node)))
        .collect();
    balanced(labelled)
}

fn subtree(node: &Node) -> HashTree<Vec<u8>> {
    match node {
        Node::Value(value) => leaf(value.clone()),
        Node::Branch(below) => hash_tree(below),
    }
}

/// Forks over trees in their order, as deep as the logarithm of their number.
fn balanced(mut trees: Vec<HashTree<Vec<u8>>>) -> HashTree<Vec<u8>> {
    match trees.len() {
        0 => empty(),
        1 => trees.remove(0),
        count => {
            let right = trees.split_off(count.div_ceil(2));
            fork(balanced(trees), balanced(right))
        }
    }
}
