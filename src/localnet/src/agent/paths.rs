//! The paths of the system state tree that `read_state` serves.
//!
//! ```text
//! /time
//! /subnet   /subnet/ID   /subnet/ID/{public_key, type, canister_ranges, metrics, node…}
//! /canister_ranges   /canister_ranges/ID…
//! /request_status/ID   /request_status/ID/{status, reply, reject_code, reject_message, error_code}
//! /canister/ID/{controllers, module_hash, certified_data}   /canister/ID/metadata/NAME
//! /api_boundary_nodes…      (there are none)
//! ```
//!
//! Source: the interface specification, section "Request: Read state".

use super::refusal::Refusal;
use crate::state_machine::MessageId;
use candid::Principal;

/// The most paths of one request, and the most labels of one path; both as the interface specification has them.
const MAX_PATHS: usize = 1000;
const MAX_LABELS: usize = 127;

/// What a path asks for. Paths that differ only in the depth below a request or a subnet ask for the same: the whole
/// subtree is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum StatePath {
    Time,
    /// All subnets, or one.
    Subnet(Option<Principal>),
    /// Ranges of all subnets, or of one.
    CanisterRanges(Option<Principal>),
    RequestStatus(MessageId),
    Canister(Principal, CanisterField),
    /// Something that the tree may hold, but here does not.
    Nothing,
}

/// What a path asks about a canister.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CanisterField {
    Controllers,
    ModuleHash,
    CertifiedData,
    /// A custom section by name.
    Metadata(String),
}

impl CanisterField {
    /// Its path below the canister.
    pub(super) fn labels(&self) -> Vec<&[u8]> {
        match self {
            CanisterField::Controllers => vec![b"controllers"],
            CanisterField::ModuleHash => vec![b"module_hash"],
            CanisterField::CertifiedData => vec![b"certified_data"],
            CanisterField::Metadata(name) => vec![b"metadata", name.as_bytes()],
        }
    }
}

/// Reads all paths of a request.
pub(super) fn parse_all<L: AsRef<[u8]>>(paths: &[Vec<L>]) -> Result<Vec<StatePath>, Refusal> {
    if paths.len() > MAX_PATHS {
        return Err(Refusal::TooManyPaths {
            count: paths.len(),
            limit: MAX_PATHS,
        });
    }
    let paths = paths
        .iter()
        .map(|path| parse(path))
        .collect::<Result<Vec<_>, _>>()?;
    let mut requests = paths.iter().filter_map(|path| match path {
        StatePath::RequestStatus(id) => Some(id),
        _ => None,
    });
    let first = requests.next();
    match requests.any(|other| Some(other) != first) {
        true => Err(Refusal::SeveralRequests),
        false => Ok(paths),
    }
}

/// Reads one path.
pub(super) fn parse<L: AsRef<[u8]>>(path: &[L]) -> Result<StatePath, Refusal> {
    if path.len() > MAX_LABELS {
        return Err(Refusal::PathTooLong {
            count: path.len(),
            limit: MAX_LABELS,
        });
    }
    let labels: Vec<&[u8]> = path.iter().map(AsRef::as_ref).collect();
    recognise(&labels).ok_or_else(|| Refusal::UnknownPath {
        path: display(&labels),
    })
}

fn recognise(labels: &[&[u8]]) -> Option<StatePath> {
    Some(match labels {
        [b"time"] => StatePath::Time,
        [b"subnet"] => StatePath::Subnet(None),
        [b"subnet", _, b"metrics"] => StatePath::Nothing,
        [b"subnet", id, rest @ ..] if is_subnet_field(rest) => {
            StatePath::Subnet(Some(principal(id)?))
        }
        [b"canister_ranges"] => StatePath::CanisterRanges(None),
        [b"canister_ranges", id] | [b"canister_ranges", id, _] => {
            StatePath::CanisterRanges(Some(principal(id)?))
        }
        [b"request_status", id, rest @ ..] if is_status_field(rest) => {
            StatePath::RequestStatus((*id).try_into().ok()?)
        }
        [b"canister", id, rest @ ..] => StatePath::Canister(principal(id)?, canister_field(rest)?),
        [b"api_boundary_nodes", ..] => StatePath::Nothing,
        _ => return None,
    })
}

fn is_subnet_field(rest: &[&[u8]]) -> bool {
    matches!(
        rest,
        [] | [b"public_key" | b"type" | b"canister_ranges" | b"node"]
            | [b"node", _]
            | [b"node", _, b"public_key"]
    )
}

fn is_status_field(rest: &[&[u8]]) -> bool {
    matches!(
        rest,
        [] | [b"status" | b"reply" | b"reject_code" | b"reject_message" | b"error_code"]
    )
}

fn canister_field(rest: &[&[u8]]) -> Option<CanisterField> {
    Some(match rest {
        [b"controllers"] => CanisterField::Controllers,
        [b"module_hash"] => CanisterField::ModuleHash,
        [b"certified_data"] => CanisterField::CertifiedData,
        [b"metadata", name] => CanisterField::Metadata(String::from_utf8(name.to_vec()).ok()?),
        _ => return None,
    })
}

fn principal(label: &[u8]) -> Option<Principal> {
    Principal::try_from_slice(label).ok()
}

/// A path for people: printable labels as they are, all others in hexadecimal.
fn display(labels: &[&[u8]]) -> String {
    let mut text = String::new();
    for label in labels {
        text.push('/');
        match std::str::from_utf8(label) {
            Ok(name) if name.chars().all(|c| c.is_ascii_graphic()) => text.push_str(name),
            _ => text.push_str(&format!("0x{}", hex::encode(label))),
        }
    }
    match text.is_empty() {
        true => "/".into(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canister() -> Principal {
        Principal::from_slice(&[0, 0, 0, 0, 0, 0, 0, 7, 1, 1])
    }

    #[test]
    fn known_paths_are_read_as_what_they_ask_for() {
        let id = canister();
        let c = id.as_slice();
        let table: Vec<(Vec<&[u8]>, StatePath)> = vec![
            (vec![b"time"], StatePath::Time),
            (vec![b"subnet"], StatePath::Subnet(None)),
            (vec![b"subnet", c], StatePath::Subnet(Some(id))),
            (vec![b"subnet", c, b"node"], StatePath::Subnet(Some(id))),
            (
                vec![b"subnet", c, b"node", c, b"public_key"],
                StatePath::Subnet(Some(id)),
            ),
            (vec![b"subnet", c, b"metrics"], StatePath::Nothing),
            (
                vec![b"canister_ranges", c],
                StatePath::CanisterRanges(Some(id)),
            ),
            (
                vec![b"canister_ranges", c, c],
                StatePath::CanisterRanges(Some(id)),
            ),
            (
                vec![b"request_status", &[7; 32]],
                StatePath::RequestStatus([7; 32]),
            ),
            (
                vec![b"request_status", &[7; 32], b"reply"],
                StatePath::RequestStatus([7; 32]),
            ),
            (
                vec![b"canister", c, b"module_hash"],
                StatePath::Canister(id, CanisterField::ModuleHash),
            ),
            (
                vec![b"canister", c, b"controllers"],
                StatePath::Canister(id, CanisterField::Controllers),
            ),
            (
                vec![b"canister", c, b"metadata", b"candid:service"],
                StatePath::Canister(id, CanisterField::Metadata("candid:service".into())),
            ),
            (vec![b"api_boundary_nodes"], StatePath::Nothing),
        ];
        for (path, expected) in table {
            assert_eq!(parse(&path), Ok(expected), "{}", display(&path));
        }
    }

    #[test]
    fn other_paths_are_refused_by_name() {
        let id = canister();
        let c = id.as_slice();
        let table: Vec<(Vec<&[u8]>, &str)> = vec![
            (vec![], "/"),
            (vec![b"streams"], "/streams"),
            (vec![b"time", b"zone"], "/time/zone"),
            (
                vec![b"subnet", &[0; 30]],
                "/subnet/0x000000000000000000000000000000000000000000000000000000000000",
            ),
            (vec![b"subnet", b"abc", b"secret"], "/subnet/abc/secret"),
            (vec![b"request_status", b"short"], "/request_status/short"),
            (vec![b"canister", c], "/canister/0x00000000000000070101"),
            (
                vec![b"canister", b"x", b"metadata", b"\xff"],
                "/canister/x/metadata/0xff",
            ),
        ];
        for (path, shown) in table {
            let refusal = parse(&path).unwrap_err();
            assert_eq!(refusal, Refusal::UnknownPath { path: shown.into() });
            assert_eq!(refusal.status(), 404);
        }
    }

    #[test]
    fn limits_on_paths_hold() {
        let long = vec![b"subnet"; MAX_LABELS + 1];
        assert_eq!(
            parse(&long),
            Err(Refusal::PathTooLong {
                count: 128,
                limit: 127
            })
        );
        let many = vec![vec![b"time"]; MAX_PATHS + 1];
        assert_eq!(
            parse_all(&many),
            Err(Refusal::TooManyPaths {
                count: 1001,
                limit: 1000
            })
        );
    }

    #[test]
    fn one_request_is_asked_about_at_a_time() {
        let status = |id: u8| vec![b"request_status".to_vec(), vec![id; 32]];
        assert_eq!(
            parse_all(&[status(1), status(2)]),
            Err(Refusal::SeveralRequests)
        );
        assert_eq!(parse_all(&[status(1), status(1)]).unwrap().len(), 2);
    }
}
