//! What `read_state` shows, and to whom.

use super::canisters::{NOTEBOOK, install, network};
use super::client::{Client, value};
use super::signing::Key;
use crate::agent::effective::Effective;
use crate::agent::paths::parse_all;
use crate::agent::state::{Reader, certify};
use crate::certification::{blob_list, canister_ranges};
use crate::state_machine::SubnetKind;
use candid::Principal;
use ic_certification::Certificate;

/// A path below the canister and what stands there.
type Row<'a> = (&'a [&'a [u8]], Option<Vec<u8>>);

#[tokio::test]
async fn a_canister_shows_what_is_public_and_the_rest_to_its_controllers() {
    let client = Client::new();
    let canister = client.canister;
    let id = canister.as_slice();
    let hash = client
        .instance
        .with(move |network| network.canister(canister).unwrap().module_hash)
        .await
        .unwrap();
    let table: [Row; 6] = [
        (&[b"module_hash"], Some(hash.to_vec())),
        (&[b"controllers"], Some(blob_list(&[client.sender()]))),
        (&[b"certified_data"], Some(b"not today".to_vec())),
        (&[b"metadata", b"open"], Some(b"for all".to_vec())),
        (&[b"metadata", b"secret"], Some(b"for few".to_vec())),
        (&[b"metadata", b"nothing"], None),
    ];
    for (field, expected) in table {
        let path = [&[&b"canister"[..], id], field].concat();
        let certificate = client.read(&[&path]).await;
        assert_eq!(value(&certificate, &path), expected, "{field:?}");
    }
    let other = client.other(Some(Key::ed25519(2)));
    let secret: &[&[u8]] = &[b"canister", id, b"metadata", b"secret"];
    let body = other.sign(other.read_content(&[secret]));
    let (status, words) = other.refused(&other.path("v2", "read_state"), body).await;
    assert_eq!(status, 403);
    assert!(
        words.contains("`secret`") && words.contains("private"),
        "{words}"
    );
    let open: &[&[u8]] = &[b"canister", id, b"metadata", b"open"];
    let certificate = client.other(None).read(&[open]).await;
    assert_eq!(value(&certificate, open), Some(b"for all".to_vec()));
}

#[tokio::test]
async fn a_canister_that_does_not_exist_has_nothing_to_show() {
    let client = Client::new();
    let last = client
        .instance
        .with(|network| network.subnets()[0].ranges[0].1)
        .await;
    let path: &[&[u8]] = &[b"canister", last.as_slice(), b"module_hash"];
    let endpoint = format!("/api/v3/canister/{last}/read_state");
    let certificate = client.read_at(&endpoint, &[path]).await;
    assert_eq!(value(&certificate, path), None);
    assert!(value(&certificate, &[b"time"]).is_some());
}

#[tokio::test]
async fn another_canister_than_the_one_in_the_path_is_not_shown() {
    let client = Client::new();
    let other = Principal::from_slice(&[1, 1]);
    let body =
        client.sign(client.read_content(&[&[b"canister", other.as_slice(), b"controllers"]]));
    let (status, words) = client.refused(&client.path("v3", "read_state"), body).await;
    assert_eq!(status, 400);
    assert!(words.contains("does not match"), "{words}");
}

#[tokio::test]
async fn the_time_is_told_for_canisters_that_no_subnet_holds() {
    let client = Client::new();
    let endpoint = "/api/v3/canister/ryjl3-tyaaa-aaaaa-aaaba-cai/read_state";
    let certificate = client.read_at(endpoint, &[&[b"time"]]).await;
    let time = client.instance.with(|network| network.time()).await;
    let told = value(&certificate, &[b"time"]).unwrap();
    assert_eq!(leb128::read::unsigned(&mut &told[..]).unwrap(), time);
}

#[tokio::test]
async fn a_subnet_shows_its_keys_and_ranges_at_both_endpoints() {
    let client = Client::new();
    let (id, node, ranges) = client
        .instance
        .with(|network| {
            let subnet = &network.subnets()[0];
            (
                subnet.authority.subnet_id(),
                subnet.authority.node().clone(),
                subnet.ranges.clone(),
            )
        })
        .await;
    let root_key = client.instance.with(|network| network.root_key()).await;
    let endpoint = format!("/api/v3/subnet/{id}/read_state");
    let own: &[&[u8]] = &[b"subnet", id.as_slice()];
    let sharded: &[&[u8]] = &[b"canister_ranges", id.as_slice()];
    for certificate in [
        client.read(&[&[b"subnet"], sharded]).await,
        client.read_at(&endpoint, &[own, sharded]).await,
    ] {
        let subnet = |field: &[&[u8]]| value(&certificate, &[own, field].concat());
        assert_eq!(subnet(&[b"public_key"]).as_ref(), Some(&root_key));
        assert_eq!(subnet(&[b"type"]), Some(b"application".to_vec()));
        assert_eq!(
            subnet(&[b"canister_ranges"]),
            Some(canister_ranges(&ranges))
        );
        let node_key = subnet(&[b"node", node.id().as_slice(), b"public_key"]);
        assert_eq!(node_key, Some(node.public_key().to_vec()));
        let lowest = ranges.iter().map(|(first, _)| first).min().unwrap();
        let shard = value(&certificate, &[sharded, &[lowest.as_slice()]].concat());
        assert_eq!(shard, Some(canister_ranges(&ranges)));
    }
}

/// What one subnet of a network certifies about all of them.
fn subnets_seen_from(kind: SubnetKind) -> (Certificate, Vec<(SubnetKind, Principal)>) {
    let (mut network, _directory) = network(&[SubnetKind::Nns, SubnetKind::Application]);
    install(&mut network, NOTEBOOK, Principal::anonymous());
    let ids = network
        .subnets()
        .iter()
        .map(|subnet| (subnet.kind, subnet.authority.subnet_id()))
        .collect::<Vec<_>>();
    let (_, id) = ids.iter().find(|(it, _)| *it == kind).unwrap();
    let reader = Reader {
        sender: Principal::anonymous(),
        effective: Effective::Subnet(*id),
    };
    let paths = parse_all(&[vec![b"subnet"]]).unwrap();
    let certificate = certify(&network, reader, &paths).unwrap();
    (serde_cbor::from_slice(&certificate).unwrap(), ids)
}

#[test]
fn the_nns_vouches_for_all_subnets_and_any_other_for_itself() {
    for (kind, delegated) in [(SubnetKind::Nns, false), (SubnetKind::Application, true)] {
        let (certificate, ids) = subnets_seen_from(kind);
        assert_eq!(certificate.delegation.is_some(), delegated);
        for (other, id) in ids {
            let key = value(&certificate, &[b"subnet", id.as_slice(), b"public_key"]);
            assert_eq!(
                key.is_some(),
                !delegated || other == kind,
                "{kind:?} on {other:?}"
            );
        }
    }
}
