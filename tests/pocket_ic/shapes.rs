//! The server's JSON compared with the client's own types, both ways.

use localnet::pocketic::shapes;
use pocket_ic::common::rest as client;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, from_value, json, to_value};

/// What the client writes, read and written again by the server, is the same.
#[track_caller]
fn same<Own: Serialize + DeserializeOwned>(clients: impl Serialize) {
    let sent = to_value(clients).expect("the client writes it");
    let read: Own = from_value(sent.clone()).expect("the server reads it");
    assert_eq!(to_value(read).expect("the server writes it"), sent);
}

/// What the server writes, read and written again by the client, is the same.
#[track_caller]
fn understood<Clients: Serialize + DeserializeOwned>(own: impl Serialize) {
    let sent = to_value(own).expect("the server writes it");
    let read: Clients = from_value(sent.clone()).expect("the client reads it");
    assert_eq!(to_value(read).expect("the client writes it"), sent);
}

fn bytes() -> Vec<u8> {
    vec![0, 1, 254, 255]
}

#[test]
fn names_of_things_are_the_clients() {
    let principal = candid::Principal::from_slice(&bytes());
    same::<shapes::PrincipalId>(client::RawPrincipalId::from(principal));
    same::<shapes::CanisterId>(client::RawCanisterId::from(principal));
    same::<shapes::SubnetId>(client::RawSubnetId::from(principal));
    same::<shapes::Time>(client::RawTime {
        nanos_since_epoch: u64::MAX,
    });
}

#[test]
fn cycles_stable_memory_and_signatures_are_the_clients() {
    same::<shapes::AddCycles>(client::RawAddCycles {
        canister_id: bytes(),
        amount: u64::MAX.into(),
    });
    same::<shapes::Cycles>(client::RawCycles { cycles: 7 });
    same::<shapes::StableMemory>(client::RawStableMemory { blob: bytes() });
    same::<shapes::SetStableMemory>(client::RawSetStableMemory {
        canister_id: bytes(),
        blob_id: client::BlobId(bytes()),
    });
    same::<shapes::VerifySignature>(client::RawVerifyCanisterSigArg {
        msg: bytes(),
        sig: bytes(),
        pubkey: bytes(),
        root_pubkey: bytes(),
    });
    same::<shapes::Tick>(client::RawTickConfigs { blockmakers: None });
    for artificial_delay_ms in [None, Some(5)] {
        same::<shapes::AutoProgress>(client::AutoProgressConfig {
            artificial_delay_ms,
        });
    }
}

#[test]
fn a_balance_beyond_64_bits_is_a_bare_number() {
    let most = client::RawCycles { cycles: u128::MAX };
    let text = serde_json::to_string(&most).expect("writes");
    let own: shapes::Cycles = serde_json::from_str(&text).expect("reads");
    assert_eq!(own.cycles, u128::MAX);
    assert_eq!(serde_json::to_string(&own).expect("writes"), text);
}

#[test]
fn calls_and_their_results_are_the_clients() {
    let wheres = [
        client::RawEffectivePrincipal::None,
        client::RawEffectivePrincipal::SubnetId(bytes()),
        client::RawEffectivePrincipal::CanisterId(bytes()),
    ];
    for effective_principal in wheres {
        let sender_info = client::RawSenderInfo {
            info: bytes(),
            signer: bytes(),
        };
        for sender_info in [None, Some(sender_info)] {
            same::<shapes::calls::CanisterCall>(client::RawCanisterCall {
                sender: bytes(),
                canister_id: bytes(),
                effective_principal: effective_principal.clone(),
                method: "method".into(),
                payload: bytes(),
                sender_info,
            });
        }
        let raw_message_id = client::RawMessageId {
            effective_principal,
            message_id: bytes(),
        };
        same::<shapes::calls::MessageId>(raw_message_id.clone());
        let caller = candid::Principal::anonymous();
        for raw_caller in [None, Some(caller.into())] {
            same::<shapes::calls::IngressStatusArguments>(client::RawIngressStatusArgs {
                raw_message_id: raw_message_id.clone(),
                raw_caller,
            });
        }
    }
    same::<shapes::calls::CanisterResult>(client::RawCanisterResult::Ok(bytes()));
}

#[test]
fn every_rejection_is_understood() {
    use localnet::rejection::{ErrorCode, Reject};
    for error in ErrorCode::ALL {
        let reject = Reject::new(*error, "words");
        let own = shapes::calls::CanisterResult::new(Err(reject), true);
        understood::<client::RawCanisterResult>(own);
    }
}

#[test]
fn every_error_code_has_the_number_the_client_knows_it_by() {
    use localnet::rejection::ErrorCode;
    for error in ErrorCode::ALL {
        let theirs: pocket_ic::ErrorCode = from_value(json!(error.name())).expect("is known");
        assert_eq!(*error as u64, theirs as u64, "{}", error.name());
    }
}

#[test]
fn the_caller_of_pic_js_is_understood() {
    let asked = json!({
        "raw_message_id": {"effective_principal": "None", "message_id": "AAH+/w=="},
        "raw_caller": "AAH+/w==",
    });
    let read: shapes::calls::IngressStatusArguments = from_value(asked).expect("is read");
    let caller = read.raw_caller.expect("is there");
    assert_eq!(caller.principal_id, bytes());
}

#[test]
fn every_configuration_is_read_as_the_client_means_it() {
    let spec = client::SubnetSpec::default()
        .with_benchmarking_instruction_config()
        .with_state_dir("/state".into())
        .with_subnet_admins(vec![candid::Principal::anonymous()])
        .with_cost_schedule(client::CanisterCyclesCostSchedule::Free);
    let https = client::HttpsConfig {
        cert_path: "a".into(),
        key_path: "b".into(),
    };
    let address: std::net::SocketAddr = "127.0.0.1:1".parse().expect("an address");
    let full = client::InstanceConfig {
        subnet_config_set: client::ExtendedSubnetConfigSet {
            nns: Some(spec.clone()),
            test_threshold_keys: Some(Default::default()),
            system: vec![spec.clone()],
            application: vec![spec.clone(), Default::default()],
            cloud_engine: vec![spec],
            ..Default::default()
        },
        http_gateway_config: Some(client::InstanceHttpGatewayConfig {
            ip_addr: Some("127.0.0.1".into()),
            port: Some(80),
            domains: Some(vec!["localhost".into()]),
            https_config: Some(https.clone()),
            domain_custom_provider_local_file: Some("c".into()),
        }),
        state_dir: Some("/state".into()),
        icp_config: Some(client::IcpConfig {
            beta_features: Some(client::IcpConfigFlag::Enabled),
            function_name_length_limits: Some(client::IcpConfigFlag::Disabled),
            canister_execution_rate_limiting: None,
        }),
        log_level: Some("debug".into()),
        bitcoind_addr: Some(vec![address]),
        dogecoind_addr: Some(vec![address]),
        icp_features: Some(client::IcpFeatures {
            registry: Some(client::IcpFeaturesConfig::DefaultConfig),
            ..Default::default()
        }),
        incomplete_state: Some(client::IncompleteStateFlag::Enabled),
        initial_time: Some(client::InitialTime::Timestamp(client::RawTime {
            nanos_since_epoch: 5,
        })),
        mainnet_nns_subnet_id: Some(true),
        disable_ingress_validation: Some(true),
    };
    same::<shapes::configuration::InstanceConfig>(full.clone());
    let live = client::AutoProgressConfig {
        artificial_delay_ms: Some(3),
    };
    same::<shapes::configuration::InstanceConfig>(client::InstanceConfig {
        initial_time: Some(client::InitialTime::AutoProgress(live)),
        ..full
    });
    same::<shapes::configuration::InstanceConfig>(client::InstanceConfig::default());
    for forward_to in [
        client::HttpGatewayBackend::Replica("http://x".into()),
        client::HttpGatewayBackend::PocketIcInstance(4),
    ] {
        same::<shapes::gateways::GatewayConfig>(client::HttpGatewayConfig {
            ip_addr: None,
            port: Some(1),
            forward_to,
            domains: None,
            https_config: Some(https.clone()),
            domain_custom_provider_local_file: None,
        });
    }
}

#[test]
fn answers_to_creating_things_are_understood() {
    use shapes::configuration::{CostSchedule, InstructionConfig};
    use shapes::gateways::{
        Backend, CreateGatewayResponse, CreateInstanceResponse, GatewayDetails, GatewayInfo,
    };
    use shapes::topology::{CanisterRange, SUBNET_SIZE, SubnetConfig, SubnetKind, Topology};
    let canister = || shapes::CanisterId {
        canister_id: bytes(),
    };
    let message = || "words".to_owned();
    let info = GatewayInfo {
        instance_id: 1,
        port: 2,
    };
    understood::<client::CreateHttpGatewayResponse>(CreateGatewayResponse::Created(info));
    understood::<client::CreateHttpGatewayResponse>(CreateGatewayResponse::Error {
        message: message(),
    });
    understood::<client::CreateInstanceResponse>(CreateInstanceResponse::Error {
        message: message(),
    });
    understood::<client::HttpGatewayDetails>(GatewayDetails {
        instance_id: 1,
        port: 2,
        forward_to: Backend::PocketIcInstance(3),
        domains: None,
        https_config: None,
    });
    for subnet_kind in [
        SubnetKind::Application,
        SubnetKind::Bitcoin,
        SubnetKind::Fiduciary,
        SubnetKind::II,
        SubnetKind::NNS,
        SubnetKind::SNS,
        SubnetKind::System,
        SubnetKind::VerifiedApplication,
    ] {
        let subnet = SubnetConfig {
            subnet_kind,
            subnet_admins: None,
            cost_schedule: CostSchedule::Free,
            subnet_seed: [7; 32],
            instruction_config: InstructionConfig::Benchmarking,
            canister_ranges: vec![CanisterRange {
                start: canister(),
                end: canister(),
            }],
            size: SUBNET_SIZE,
        };
        let created = CreateInstanceResponse::Created {
            instance_id: 0,
            topology: Topology {
                subnet_configs: [(candid::Principal::anonymous(), subnet)].into(),
                default_effective_canister_id: canister(),
            },
            http_gateway_info: Some(info),
        };
        let mut sent = to_value(created).expect("the server writes it");
        let read: client::CreateInstanceResponse =
            from_value(sent.clone()).expect("the client reads it");
        // The size is for pic-js; the Rust client does not know it.
        let subnet = &mut sent["Created"]["topology"]["subnet_configs"]["2vxsx-fae"];
        let size = subnet.as_object_mut().and_then(|it| it.remove("size"));
        assert_eq!(size, Some(Value::from(SUBNET_SIZE)));
        assert_eq!(to_value(read).expect("the client writes it"), sent);
    }
}
