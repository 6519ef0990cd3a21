//! The HTTP gateway that the client starts, and the interface of agents below an instance.

use crate::probe::{PAGE, install, network};
use ic_agent::Agent;
use pocket_ic::common::rest::InstanceHttpGatewayConfig;
use tests::http::request;

#[test]
fn a_live_network_serves_pages_and_stops() {
    let (mut network, canister) = network();
    let url = network.make_live(None);
    let port = url.port().expect("has a port");
    let raw = format!("host: {canister}.raw.localhost:{port}\r\n");
    let page = request(port, "GET", "/", &raw, b"");
    assert_eq!((page.status, page.text().as_str()), (200, PAGE));
    let checked = format!("host: {canister}.localhost:{port}\r\n");
    let refused = request(port, "GET", "/", &checked, b"");
    assert_eq!(refused.status, 503, "the page is not certified");
    let server = network.get_server_url().port().expect("has a port");
    let list = request(server, "GET", "/http_gateway", "", b"").text();
    assert!(list.contains(&format!("\"port\":{port}")), "{list}");

    network.stop_live();
    assert!(!network.auto_progress_enabled());
    let list = request(server, "GET", "/http_gateway", "", b"").text();
    assert!(!list.contains(&format!("\"port\":{port}")), "{list}");
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn a_gateway_can_come_with_the_network_and_goes_with_it() {
    let network = tests::server::builder()
        .with_application_subnet()
        .with_auto_progress()
        .with_http_gateway(InstanceHttpGatewayConfig {
            ip_addr: None,
            port: None,
            domains: None,
            https_config: None,
            domain_custom_provider_local_file: None,
        })
        .build();
    let canister = install(&network);
    let port = network
        .url()
        .and_then(|url| url.port())
        .expect("has a port");
    let raw = format!("host: {canister}.raw.localhost:{port}\r\n");
    assert_eq!(request(port, "GET", "/", &raw, b"").text(), PAGE);
    let default = pocket_ic::get_default_effective_canister_id(format!("http://127.0.0.1:{port}"));
    assert_eq!(
        default.expect("is asked"),
        canister,
        "the first of its subnet"
    );
    drop(network);
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[tokio::test]
async fn an_agent_calls_queries_and_verifies_below_an_instance() {
    let network = tests::server::builder().with_application_subnet();
    let network = network.build_async().await;
    let canister = network.create_canister().await;
    let argument = 0_u32.to_le_bytes().to_vec();
    network
        .install_canister(canister, crate::probe::wasm(1), argument, None)
        .await;
    let url = network.auto_progress().await;
    let agent = Agent::builder().with_url(url).build().expect("builds");
    agent.fetch_root_key().await.expect("is told");
    let reply = agent.update(&canister, "increment").call_and_wait().await;
    assert_eq!(reply.expect("answers, certified"), 1_u32.to_le_bytes());
    let read = agent.query(&canister, "read").call().await;
    assert_eq!(read.expect("answers, signed"), 1_u32.to_le_bytes());
    let trap = agent.update(&canister, "increment_and_trap");
    let trap = trap.call_and_wait().await.expect_err("traps").to_string();
    assert!(trap.contains("no such luck"), "{trap}");
    let controllers = agent.read_state_canister_controllers(canister).await;
    let anonymous = candid::Principal::anonymous();
    assert_eq!(controllers.expect("answers, certified"), [anonymous]);
    network.drop().await;
}

#[test]
fn a_port_that_is_taken_is_an_error_and_nothing_stays_behind() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let network = tests::server::network();
    let server = network.get_server_url().port().expect("has a port");
    let config = serde_json::json!({
        "port": port,
        "forward_to": {"PocketIcInstance": network.instance_id()},
    });
    let body = config.to_string();
    let answer = request(server, "POST", "/http_gateway", "", body.as_bytes());
    let words = format!("port {port} on 127.0.0.1 cannot be had");
    assert!(answer.text().contains(&words), "{}", answer.text());
}
