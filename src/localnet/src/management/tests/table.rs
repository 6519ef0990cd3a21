//! The table of methods.

use super::super::{METHODS, find, unsupported};
use super::*;

#[test]
fn each_method_is_in_one_table_once() {
    let mut names: Vec<_> = METHODS.iter().map(|method| method.name).collect();
    names.extend(unsupported::METHODS);
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
fn what_is_missing_is_refused_by_name() {
    let refused = |name| find(name).map(|method| method.name).unwrap_err();
    let known = refused("sign_with_ecdsa");
    assert_eq!(known.error, ErrorCode::UnknownManagementMessage);
    assert_eq!(known.message, "localnet: sign_with_ecdsa is not supported");
    let unknown = refused("nonsense");
    assert_eq!(unknown.error, ErrorCode::CanisterMethodNotFound);
    assert_eq!(
        unknown.message,
        "Management canister has no method 'nonsense'"
    );
}
