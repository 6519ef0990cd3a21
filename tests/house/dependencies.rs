//! Who may depend on whom, held against `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Each crate of the workspace, and the crates of the workspace it may name, for building and for tests alike.
/// A crate that is not listed here has no place yet.
const MAY_USE: &[(&str, &[&str])] = &[
    ("columnar", &[]),
    ("engine", &["columnar"]),
    ("wire", &[]),
    ("orbiter", &["engine", "wire"]),
    ("satellite", &["wire"]),
    ("cli", &["columnar", "wire"]),
    ("localnet", &[]),
    ("probe", &[]),
    ("far", &["engine", "orbiter"]),
    ("tests", EVERYTHING),
    ("workloads", &["columnar", "engine"]),
    ("bench_canister", &["engine", "workloads"]),
    (
        "benches",
        &["bench_canister", "engine", "wire", "workloads"],
    ),
];
/// What may look at the whole product.
const EVERYTHING: &[&str] = &[
    "columnar",
    "engine",
    "wire",
    "orbiter",
    "satellite",
    "cli",
    "localnet",
];

/// Crates that must not be reached from a crate of the workspace, by however many steps, in what is built from it.
const MUST_NOT_REACH: &[(&str, &[&str])] = &[
    (
        "columnar",
        &[
            "candid",
            "http",
            "ic-cdk",
            "ic-stable-structures",
            "serde_json",
        ],
    ),
    ("engine", &["candid", "http", "ic-cdk", "serde_json"]),
    ("wire", &["http", "ic-cdk", "ic-stable-structures"]),
    ("orbiter", &["reqwest", "tokio"]),
    ("satellite", &["reqwest", "tokio"]),
    ("cli", &["ic-cdk", "ic-stable-structures"]),
];

/// What breaks the rules in the output of `cargo metadata --format-version 1`.
pub fn check(metadata: &Value) -> Vec<String> {
    let packages = Packages::of(metadata);
    let mut found = packages.wrong_directions();
    for (from, forbidden) in MUST_NOT_REACH {
        for target in packages.reached_from(from) {
            if forbidden.contains(&target.as_str()) {
                found.push(format!("{from} reaches {target}, which it must not"));
            }
        }
    }
    found
}

/// The names of all packages that the build of a crate of the workspace contains.
pub fn reached(metadata: &Value, name: &str) -> BTreeSet<String> {
    Packages::of(metadata).reached_from(name)
}

/// The parts of the metadata that matter, by package id.
struct Packages<'a> {
    names: BTreeMap<&'a str, &'a str>,
    members: BTreeSet<&'a str>,
    /// Dependencies by path, of every kind.
    declared: BTreeMap<&'a str, Vec<&'a str>>,
    /// Resolved dependencies that end up in what is built: not for tests, not of build scripts.
    normal: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Packages<'a> {
    fn of(metadata: &'a Value) -> Self {
        let packages = list(&metadata["packages"]);
        let nodes = list(&metadata["resolve"]["nodes"]);
        Self {
            names: packages
                .iter()
                .map(|package| (text(&package["id"]), text(&package["name"])))
                .collect(),
            members: list(&metadata["workspace_members"])
                .iter()
                .map(text)
                .collect(),
            declared: packages
                .iter()
                .map(|package| (text(&package["id"]), by_path(package)))
                .collect(),
            normal: nodes
                .iter()
                .map(|node| (text(&node["id"]), normal(node)))
                .collect(),
        }
    }

    fn name(&self, id: &str) -> &'a str {
        self.names.get(id).copied().unwrap_or("?")
    }

    fn wrong_directions(&self) -> Vec<String> {
        let mut found = Vec::new();
        for id in &self.members {
            let name = self.name(id);
            let Some((_, allowed)) = MAY_USE.iter().find(|(room, _)| *room == name) else {
                found.push(format!("{name} has no place among the rooms"));
                continue;
            };
            let used = self.declared.get(id).into_iter().flatten();
            let wrong = used.filter(|used| !allowed.contains(used));
            found.extend(wrong.map(|used| format!("{name} depends on {used}, which points back")));
        }
        found
    }

    /// The names of all packages that a member's build contains.
    fn reached_from(&self, name: &str) -> BTreeSet<String> {
        let start = self
            .members
            .iter()
            .copied()
            .filter(|id| self.name(id) == name);
        let mut open: Vec<&str> = start.collect();
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(self.normal.get(id).into_iter().flatten());
            }
        }
        seen.into_iter()
            .map(|id| self.name(id).to_owned())
            .collect()
    }
}

fn by_path(package: &Value) -> Vec<&str> {
    let dependencies = list(&package["dependencies"]).iter();
    let by_path = dependencies.filter(|dependency| dependency["path"].is_string());
    by_path
        .map(|dependency| text(&dependency["name"]))
        .collect()
}

fn normal(node: &Value) -> Vec<&str> {
    let is_normal = |dependency: &&Value| {
        let kinds = list(&dependency["dep_kinds"]);
        kinds.iter().any(|kind| kind["kind"].is_null())
    };
    let dependencies = list(&node["deps"]).iter().filter(is_normal);
    dependencies
        .map(|dependency| text(&dependency["pkg"]))
        .collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

mod tests {
    use serde_json::json;

    use super::*;

    /// A workspace of one member, which names `by_path`, and a library that reaches `far` by way of `near`.
    fn workspace(member: &str, by_path: &str, far: &str, kind: Value) -> Value {
        let package = |name: &str, dependencies: Value| json!({ "id": name, "name": name, "dependencies": dependencies });
        let edge = |to: &str, kind: Value| json!({ "pkg": to, "dep_kinds": [{ "kind": kind }] });
        json!({
            "workspace_members": [member],
            "packages": [
                package(member, json!([{ "name": by_path, "path": "/somewhere" }, { "name": "near" }])),
                package("near", json!([])),
                package(far, json!([])),
            ],
            "resolve": { "nodes": [
                { "id": member, "deps": [edge("near", Value::Null)] },
                { "id": "near", "deps": [edge(far, kind)] },
            ] },
        })
    }

    #[test]
    fn an_arrow_that_points_back_is_found() {
        let found = check(&workspace("engine", "orbiter", "libc", Value::Null));
        assert_eq!(found, ["engine depends on orbiter, which points back"]);
        let found = check(&workspace("localnet", "wire", "libc", Value::Null));
        assert_eq!(found, ["localnet depends on wire, which points back"]);
    }

    #[test]
    fn a_crate_without_a_place_is_found() {
        let found = check(&workspace("misc", "wire", "libc", Value::Null));
        assert_eq!(found, ["misc has no place among the rooms"]);
    }

    #[test]
    fn a_forbidden_crate_is_found_however_far_away() {
        let found = check(&workspace("engine", "columnar", "candid", Value::Null));
        assert_eq!(found, ["engine reaches candid, which it must not"]);
    }

    #[test]
    fn what_serves_tests_alone_is_no_part_of_a_build() {
        let found = check(&workspace("engine", "columnar", "candid", json!("dev")));
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn every_room_with_a_forbidden_list_is_a_room() {
        for (room, _) in MUST_NOT_REACH {
            assert!(MAY_USE.iter().any(|(listed, _)| listed == room), "{room}");
        }
    }
}
