//! The manifests of the platform's tools name both canisters, with files that are there and a build that we have.

use serde_json::Value;

/// The canisters of this product.
const CANISTERS: [&str; 2] = ["orbiter", "satellite"];
/// The script that builds them.
const BUILD: &str = "scripts/build";

/// What is wrong with dfx.json. `files` are all paths of the repository.
pub fn check_dfx(manifest: &Value, files: &[String]) -> Vec<String> {
    let canisters = CANISTERS.iter();
    let found =
        canisters.flat_map(|name| check_canister(name, &manifest["canisters"][name], files));
    found.map(|what| format!("dfx.json: {what}")).collect()
}

fn check_canister(name: &str, canister: &Value, files: &[String]) -> Vec<String> {
    let candid = format!("candid/{name}.did");
    let expected = [
        ("type", Value::from("custom")),
        ("wasm", Value::from(format!("dist/{name}.wasm"))),
        ("candid", Value::from(candid.as_str())),
        ("build", Value::from(vec![format!("./{BUILD}")])),
        ("init_arg", Value::from("(null)")),
    ];
    let different = expected
        .iter()
        .filter(|(field, value)| canister[field] != *value);
    let mut found: Vec<String> = different
        .map(|(field, value)| format!("{name} has {field} {}, not {value}", canister[field]))
        .collect();
    let needed = [candid.as_str(), BUILD].into_iter();
    let missing = needed.filter(|path| !files.iter().any(|file| file == path));
    found.extend(missing.map(|path| format!("{name} needs {path}, which does not exist")));
    found
}

/// What is wrong with icp.yaml, read as text: each canister by its name, its build, and an argument.
pub fn check_icp(manifest: &str) -> Vec<String> {
    let mut found = Vec::new();
    for name in CANISTERS {
        let entry = manifest
            .split("- name: ")
            .find(|entry| entry.starts_with(&format!("{name}\n")));
        let entry = entry.unwrap_or_default();
        for line in [
            format!("- {BUILD} {name}\n"),
            "init_args: '(null)'\n".to_owned(),
        ] {
            if !entry.contains(&line) {
                found.push(format!("icp.yaml: {name} lacks {}", line.trim_end()));
            }
        }
    }
    found
}

mod tests {
    use serde_json::json;

    use super::*;

    fn canister(name: &str) -> Value {
        json!({
            "type": "custom",
            "wasm": format!("dist/{name}.wasm"),
            "candid": format!("candid/{name}.did"),
            "build": ["./scripts/build"],
            "init_arg": "(null)",
        })
    }

    #[test]
    fn whatever_dfx_json_lacks_is_found() {
        let files = [
            "candid/orbiter.did",
            "candid/satellite.did",
            "scripts/build",
        ]
        .map(str::to_owned);
        let mut manifest = json!({ "canisters": { "orbiter": canister("orbiter"), "satellite": canister("satellite") } });
        assert_eq!(check_dfx(&manifest, &files), Vec::<String>::new());
        assert_eq!(
            check_dfx(&manifest, &files[1..]),
            ["dfx.json: orbiter needs candid/orbiter.did, which does not exist"]
        );
        manifest["canisters"]["satellite"]["build"] = json!("make");
        assert_eq!(
            check_dfx(&manifest, &files),
            [r#"dfx.json: satellite has build "make", not ["./scripts/build"]"#]
        );
    }

    #[test]
    fn whatever_icp_yaml_lacks_is_found() {
        let entry = |name| {
            format!("  - name: {name}\n    - scripts/build {name}\n    init_args: '(null)'\n")
        };
        let whole = entry("orbiter") + &entry("satellite");
        assert_eq!(check_icp(&whole), Vec::<String>::new());
        assert_eq!(
            check_icp(&whole.replace("build satellite", "build")),
            ["icp.yaml: satellite lacks - scripts/build satellite"]
        );
        assert_eq!(check_icp(&entry("satellite")).len(), 2);
    }
}
