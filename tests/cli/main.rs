//! The command line against a network, with the Wasm that ships.

mod client;
mod world;

use ic_agent::identity::BasicIdentity;
use ic_ed25519::{PrivateKey, PrivateKeyFormat};
use serde_json::Value;

use client::Client;
use world::{Network, Project, built, refusal};

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// A client with the identity that the command line made for the project.
fn owner(project: &Project, deployed: &Value) -> Client {
    let identity = BasicIdentity::from_pem_file(project.path(".orbiter/identity.pem")).unwrap();
    Client::connect(project.port, identity, text(&deployed["orbiter"]["id"]))
}

/// A Wasm with a custom section of that many bytes added: another module that does the same.
fn padded(wasm: &[u8], bytes: usize) -> Vec<u8> {
    let content = [b"\x03pad".as_slice(), &vec![0; bytes]].concat();
    let mut size = content.len();
    let mut padded = wasm.to_vec();
    padded.push(0);
    while size >= 0x80 {
        padded.push(size as u8 | 0x80);
        size >>= 7;
    }
    padded.push(size as u8);
    padded.extend_from_slice(&content);
    padded
}

#[test]
fn deploying_twice_does_nothing_the_second_time() {
    let network = Network::shared();
    let project = Project::new(network.port);
    let first = project.json(&["deploy"]);
    let second = project.json(&["deploy"]);
    for canister in ["orbiter", "satellite"] {
        assert_eq!(first[canister]["outcome"], "created");
        assert_eq!(second[canister]["outcome"], "unchanged");
        assert_eq!(first[canister]["id"], second[canister]["id"]);
    }
    assert_eq!(first["demo_url"], second["demo_url"]);
    assert_eq!(first["dashboard_url"], second["dashboard_url"]);
    let status = project.json(&["status"]);
    assert_eq!(status["satellites"][0]["version"], 1);
    assert_eq!(status["access_keys"].as_array().unwrap().len(), 2);
}

#[test]
fn deploying_prints_where_everything_is() {
    let network = Network::shared();
    let project = Project::new(network.port);
    let deployed = project.json(&["deploy"]);
    let (orbiter, satellite) = (
        text(&deployed["orbiter"]["id"]),
        text(&deployed["satellite"]["id"]),
    );
    let home = format!("http://{satellite}.localhost:{}/", network.port);
    assert_eq!(text(&deployed["demo_url"]), home);
    let start = format!("{home}console/#orbiter={orbiter}&satellite={satellite}&key=");
    assert!(text(&deployed["dashboard_url"]).starts_with(&start));
    let printed = String::from_utf8(project.run(&["deploy"]).stdout).unwrap();
    for part in [orbiter, home.as_str(), text(&deployed["dashboard_url"])] {
        assert!(printed.contains(part), "{part} in {printed}");
    }
}

#[test]
fn the_key_in_the_dashboards_address_reads() {
    let network = Network::shared();
    let project = Project::new(network.port);
    let deployed = project.json(&["deploy"]);
    owner(&project, &deployed).view(text(&deployed["satellite"]["id"]), "one");
    let (_, key) = text(&deployed["dashboard_url"])
        .split_once("&key=")
        .unwrap();
    let key: [u8; 32] = hex::decode(key).unwrap().try_into().unwrap();
    let identity = BasicIdentity::from_raw_key(&key);
    let dashboard = Client::connect(network.port, identity, text(&deployed["orbiter"]["id"]));
    assert_eq!(dashboard.views(), 1);
}

#[test]
fn status_shows_what_is_deployed_and_what_came_today() {
    let network = Network::shared();
    let project = Project::new(network.port);
    let deployed = project.json(&["deploy"]);
    let satellite = text(&deployed["satellite"]["id"]);
    owner(&project, &deployed).view(satellite, "one");
    let status = project.json(&["status"]);
    for canister in ["orbiter", "satellite"] {
        assert_eq!(status[canister]["id"], deployed[canister]["id"]);
        assert_eq!(
            status[canister]["module_hash"],
            deployed[canister]["module_hash"]
        );
        assert_eq!(status[canister]["runs_this_wasm"], true);
        assert!(status[canister]["cycles"].as_u64().unwrap() > 0);
    }
    assert!(status["memory"]["stable"].as_u64().unwrap() > 0);
    assert_eq!(status["storage"]["entries"], 1);
    assert_eq!(status["storage"]["satellites"][0]["page_views"], 1);
    assert_eq!(status["storage"]["capacity_bytes"], 400_000_000_000_u64);
    assert_eq!(status["storage"]["compaction_failure"], Value::Null);
    assert_eq!(status["satellite_reports_to"], deployed["orbiter"]["id"]);
    assert_eq!(status["today"]["page_views"], 1);
    assert_eq!(status["satellites"][0]["id"], satellite);
    assert_eq!(status["satellites"][0]["page_views_today"], 1);
    for feature in ["page_views", "track_events", "performance_metrics"] {
        assert_eq!(status["satellites"][0][feature], true, "{feature}");
    }
    assert_eq!(status["withheld"], serde_json::json!([]));
}

#[test]
fn a_segment_in_a_file_is_described_without_a_network() {
    let project = Project::new(0);
    let mut writer = columnar::SegmentWriter::new();
    let mut table = writer.table(7, 3).unwrap();
    table.numbers(9, &[5, 6, 7], columnar::Hint::None).unwrap();
    let segment = writer.finish();
    std::fs::write(project.path("a.segment"), &segment).unwrap();
    let described = project.json(&["inspect", "a.segment"]);
    assert_eq!(described["bytes"], segment.len());
    let printed = String::from_utf8(project.run(&["inspect", "a.segment"]).stdout).unwrap();
    assert_eq!(
        printed.trim_end(),
        text(&described["description"]).trim_end()
    );
    assert!(printed.contains("5 … 7"), "{printed}");
    let damaged: Vec<u8> = segment.iter().map(|byte| byte ^ 1).collect();
    std::fs::write(project.path("b.segment"), damaged).unwrap();
    let said = project.refused(&["inspect", "b.segment"]);
    assert!(
        said.starts_with("Error: b.segment is not a segment this program can read"),
        "{said}"
    );
}

#[test]
fn the_segments_of_a_new_orbiter_are_none_and_a_missing_one_is_a_sentence() {
    let network = Network::shared();
    let project = Project::new(network.port);
    let deployed = project.json(&["deploy"]);
    let listed = project.json(&["inspect"]);
    assert_eq!(listed["orbiter"], deployed["orbiter"]["id"]);
    assert_eq!(listed["segments"], serde_json::json!([]));
    let said = project.refused(&["inspect", "--segment", "3"]);
    assert!(said.contains("There is no segment 3"), "{said}");
}

#[test]
fn another_wasm_is_an_upgrade_that_keeps_the_entries_in_one_message_and_in_chunks() {
    let network = Network::shared();
    let project = Project::new(network.port);
    let deployed = project.json(&["deploy"]);
    let client = owner(&project, &deployed);
    client.view(text(&deployed["satellite"]["id"]), "one");
    // The satellite stays below what one message takes, the orbiter is brought above it.
    for (canister, other, bytes) in [
        ("satellite", "orbiter", 1),
        ("orbiter", "satellite", 2_000_000),
    ] {
        let name = format!("{canister}.wasm");
        let wasm = std::fs::read(built(&name)).unwrap();
        std::fs::write(project.path(&format!("dist/{name}")), padded(&wasm, bytes)).unwrap();
        let again = project.json(&["deploy"]);
        assert_eq!(again[canister]["outcome"], "upgraded");
        assert_eq!(again[other]["outcome"], "unchanged");
        let status = project.json(&["status"]);
        assert_eq!(status[canister]["runs_this_wasm"], true);
        assert_eq!(status["satellite_reports_to"], deployed["orbiter"]["id"]);
        assert_eq!(client.views(), 1);
    }
}

#[test]
fn the_wrong_wasm_is_refused_before_anything_is_created() {
    let network = Network::shared();
    let project = Project::new(network.port);
    std::fs::copy(built("satellite.wasm"), project.path("dist/orbiter.wasm")).unwrap();
    let said = project.refused(&["deploy"]);
    assert!(said.contains("is not an orbiter's Wasm"), "{said}");
    std::fs::remove_file(project.path("dist/orbiter.wasm")).unwrap();
    let said = project.refused(&["deploy"]);
    assert!(
        said.contains("there is no Wasm at") && said.contains("scripts/build"),
        "{said}"
    );
    let said = project.refused(&["status"]);
    assert!(
        said.contains("no orbiter is known") && said.contains("orbiter deploy"),
        "{said}"
    );
}

#[test]
fn a_stranger_sees_the_outside_and_may_change_nothing() {
    let network = Network::shared();
    let project = Project::new(network.port);
    let deployed = project.json(&["deploy"]);
    let orbiter = text(&deployed["orbiter"]["id"]);
    let stranger = Project::new(network.port);
    let seen = stranger.json(&["status", "--orbiter", orbiter]);
    assert_eq!(
        seen["orbiter"]["module_hash"],
        deployed["orbiter"]["module_hash"]
    );
    assert_eq!(seen["orbiter"]["cycles"], Value::Null);
    assert_eq!(seen["access_keys"], Value::Null);
    assert_eq!(seen["withheld"].as_array().unwrap().len(), 5);
    let said = stranger.refused(&["reset", "--yes", "--orbiter", orbiter]);
    assert!(said.contains("is not a controller of canister"), "{said}");
}

#[test]
fn a_reset_drops_the_entries_and_everything_but_the_admins() {
    let network = Network::shared();
    let project = Project::new(network.port);
    let deployed = project.json(&["deploy"]);
    let client = owner(&project, &deployed);
    client.view(text(&deployed["satellite"]["id"]), "one");
    let done = project.json(&["reset", "--yes"]);
    assert_eq!(done["wiped"], true);
    assert_eq!(client.views(), 0);
    let status = project.json(&["status"]);
    assert_eq!(status["satellites"], serde_json::json!([]));
    let keys = status["access_keys"].as_array().unwrap();
    assert_eq!((keys.len(), text(&keys[0]["scope"])), (1, "admin"));
}

#[test]
fn a_reset_that_keeps_the_configuration_drops_the_entries_alone() {
    let network = Network::shared();
    let project = Project::new(network.port);
    let deployed = project.json(&["deploy"]);
    let client = owner(&project, &deployed);
    client.view(text(&deployed["satellite"]["id"]), "one");
    let before = project.json(&["status"]);
    let done = project.json(&["reset", "--yes", "--keep-config"]);
    assert_eq!(
        (&done["satellites_put_back"], &done["keys_put_back"]),
        (&1.into(), &2.into())
    );
    assert_eq!(client.views(), 0);
    let after = project.json(&["status"]);
    assert_eq!(after["access_keys"], before["access_keys"]);
    let without_count = |status: &Value| {
        let mut satellites = status["satellites"].clone();
        satellites[0]["page_views_today"] = Value::Null;
        satellites
    };
    assert_eq!(without_count(&after), without_count(&before));
    assert_eq!(after["today"]["page_views"], 0);
    let folder = std::fs::read_dir(project.path(".orbiter")).unwrap();
    let networks = folder.filter_map(|entry| std::fs::read_dir(entry.unwrap().path()).ok());
    let left = networks.flatten().filter(|file| {
        let name = file.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with("reset-")
    });
    assert_eq!(left.count(), 0, "what was put back is not kept on disk");
}

#[test]
fn a_reset_takes_the_whole_id_typed_at_a_terminal() {
    let network = Network::shared();
    let project = Project::new(network.port);
    let deployed = project.json(&["deploy"]);
    let client = owner(&project, &deployed);
    client.view(text(&deployed["satellite"]["id"]), "one");
    let (done, shown) = project.at_a_terminal(&["reset"], text(&deployed["satellite"]["id"]));
    assert!(!done && shown.contains("nothing was changed"), "{shown}");
    assert_eq!(client.views(), 1);
    let said = project.refused(&["reset"]);
    assert!(
        said.contains("standard input is not a terminal") && said.contains("--yes"),
        "{said}"
    );
    assert_eq!(client.views(), 1);
    let (done, shown) = project.at_a_terminal(&["reset"], text(&deployed["orbiter"]["id"]));
    assert!(done, "{shown}");
    assert_eq!(client.views(), 0);
}

#[test]
fn what_a_reset_could_not_put_back_is_put_back_from_its_file() {
    let network = Network::shared();
    let project = Project::new(network.port);
    let deployed = project.json(&["deploy"]);
    let orbiter = text(&deployed["orbiter"]["id"]);
    let kept = serde_json::json!({
        "format": 1,
        "orbiter": orbiter,
        "satellites": [{ "id": "aaaaa-aa", "features": null, "restricted_origin": "https://example.org" }],
        "keys": [
            { "id": "rdmx6-jaaaa-aaaaa-aaadq-cai", "scope": "Write", "kind": "Automation", "metadata": [], "expires_at": null },
            { "id": "2vxsx-fae", "scope": "Write", "kind": null, "metadata": [], "expires_at": null },
            { "id": "ryjl3-tyaaa-aaaaa-aaaba-cai", "scope": "Submit", "kind": null, "metadata": [], "expires_at": 1 },
        ],
    });
    std::fs::write(project.path("kept.json"), kept.to_string()).unwrap();
    let said = project.refused(&["reset", "--put-back", "kept.json"]);
    assert!(said.contains("missing: the key of 2vxsx-fae"), "{said}");
    let left: Value =
        serde_json::from_slice(&std::fs::read(project.path("kept.json")).unwrap()).unwrap();
    assert_eq!(left["satellites"], serde_json::json!([]));
    assert_eq!(left["keys"], serde_json::json!([kept["keys"][1]]));
    let status = project.json(&["status"]);
    let satellites = status["satellites"].as_array().unwrap();
    let restored = satellites
        .iter()
        .find(|satellite| satellite["id"] == "aaaaa-aa")
        .unwrap();
    assert_eq!(restored["restricted_origin"], "https://example.org");
    let keys = status["access_keys"].as_array().unwrap();
    assert!(
        keys.iter()
            .any(|key| key["holder"] == "rdmx6-jaaaa-aaaaa-aaadq-cai" && key["scope"] == "write")
    );
    assert!(
        !keys
            .iter()
            .any(|key| key["holder"] == "ryjl3-tyaaa-aaaaa-aaaba-cai"),
        "an expired key came back"
    );
}

#[test]
fn a_stopped_network_is_a_sentence_and_a_new_one_starts_clean() {
    let network = Network::start(0);
    let project = Project::new(network.port);
    project.json(&["deploy"]);
    drop(network);
    for command in ["deploy", "status", "reset"] {
        let said = project.refused(&[command]);
        let start = format!(
            "Error: no network answers at http://127.0.0.1:{}/",
            project.port
        );
        assert!(
            said.starts_with(&start) && said.contains("scripts/run"),
            "{said}"
        );
    }
    let _network = Network::start(project.port);
    let again = project.json(&["deploy"]);
    assert_eq!(again["orbiter"]["outcome"], "created");
    assert_eq!(again["satellite"]["outcome"], "created");
}

#[test]
fn where_cycles_are_real_the_identity_and_the_canisters_are_yours() {
    let project = Project::new(0);
    let said = refusal(&project.run_anywhere(&["--network", "ic", "deploy"]));
    assert!(said.contains("needs an identity of yours"), "{said}");
    let key = PrivateKey::generate_from_seed(b"nobody");
    let pem = key.serialize_pkcs8_pem(PrivateKeyFormat::Pkcs8v2);
    std::fs::write(project.path("key.pem"), pem).unwrap();
    let deploy = ["--network", "ic", "--identity", "key.pem", "deploy"];
    let said = refusal(&project.run_anywhere(&deploy));
    assert!(
        said.contains("creating canisters there is left to you"),
        "{said}"
    );
    assert!(said.contains("--orbiter ID --satellite ID"), "{said}");
    assert!(!project.path(".orbiter").exists(), "nothing was made");
}
