//! Whole pages, from the browser's request to the canister and back.

use super::page_canisters::{certified, streaming, upgrading};
use crate::agent::Options;
use crate::agent::tests::canisters::{NOTEBOOK, install, network, reinstall, start_with};
use crate::gateway::{MAX_BODY_BYTES, router, serve};
use crate::host::Instance;
use crate::state_machine::SubnetKind;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use candid::Principal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tower::ServiceExt;

/// A gateway in front of one canister.
struct Site {
    instance: Instance,
    canister: Principal,
    router: Router,
}

impl Site {
    fn new(wat: &str) -> Site {
        let (instance, canister) = start_with(wat, Principal::anonymous());
        Site {
            router: router(instance.clone(), Options::default()),
            instance,
            canister,
        }
    }

    /// A canister that must know its own id and subnet to be written.
    fn knowing(
        kinds: &[SubnetKind],
        wat: impl FnOnce(&crate::state_machine::Network, Principal) -> String,
    ) -> Site {
        let (mut network, directory) = network(kinds);
        let canister = install(&mut network, "(module)", Principal::anonymous());
        let wat = wat(&network, canister);
        reinstall(&mut network, canister, &wat);
        let instance = Instance::start_temporary(network, directory);
        Site {
            router: router(instance.clone(), Options::default()),
            instance,
            canister,
        }
    }

    fn certified(kinds: &[SubnetKind]) -> Site {
        Site::knowing(kinds, |network, canister| {
            let subnet = network.subnet_for(canister).unwrap();
            certified(&subnet.authority, canister, network.time())
        })
    }

    fn lying(self) -> Site {
        let options = Options {
            faults: "flip-certificate-byte".parse().unwrap(),
            ..Options::default()
        };
        Site {
            router: router(self.instance.clone(), options),
            ..self
        }
    }

    async fn send(&self, request: Request<Body>) -> (u16, HeaderMap, String) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, headers, String::from_utf8(body.into()).unwrap())
    }

    async fn get(&self, host: &str, url: &str) -> (u16, HeaderMap, String) {
        let host = host.replace("ID", &self.canister.to_text());
        let url = url.replace("ID", &self.canister.to_text());
        let request = Request::get(url).header("host", host);
        self.send(request.body(Body::empty()).unwrap()).await
    }
}

#[tokio::test]
async fn a_certified_page_is_shown_however_it_is_asked_for() {
    let site = Site::certified(&[SubnetKind::Application]);
    for (host, url) in [
        ("ID.localhost:8000", "/page"),
        ("ID.raw.localhost:8000", "/page"),
        ("127.0.0.1:8000", "/page?canisterId=ID"),
    ] {
        let (status, headers, body) = site.get(host, url).await;
        assert_eq!(
            (status, body.as_str()),
            (200, "a certified page"),
            "{host}{url}"
        );
        assert_eq!(headers["content-type"], "text/plain");
        assert!(headers.contains_key("ic-certificate"));
    }
}

#[tokio::test]
async fn a_page_below_a_root_subnet_is_checked_through_its_delegation() {
    let site = Site::certified(&[SubnetKind::Nns, SubnetKind::Application]);
    let (status, _, body) = site.get("ID.localhost", "/page").await;
    assert_eq!((status, body.as_str()), (200, "a certified page"));
}

#[tokio::test]
async fn a_page_of_a_second_subnet_without_root_is_checked_with_its_own_key() {
    let site = Site::certified(&[SubnetKind::Application, SubnetKind::Application]);
    let (status, _, body) = site.get("ID.localhost", "/page").await;
    assert_eq!((status, body.as_str()), (200, "a certified page"));
}

#[tokio::test]
async fn a_page_that_was_certified_for_another_path_is_not_shown() {
    let site = Site::certified(&[SubnetKind::Application]);
    let (status, _, body) = site.get("ID.localhost", "/other").await;
    assert_eq!(status, 503);
    assert!(body.starts_with("Response verification failed: "), "{body}");
    let (status, _, body) = site.get("ID.raw.localhost", "/other").await;
    assert_eq!(
        (status, body.as_str()),
        (200, "a certified page"),
        "raw is not checked"
    );
}

#[tokio::test]
async fn one_flipped_byte_in_the_certificate_keeps_the_page_back() {
    let site = Site::certified(&[SubnetKind::Application]).lying();
    let (status, _, body) = site.get("ID.localhost", "/page").await;
    assert_eq!(status, 503);
    assert!(body.contains("ignature"), "{body}");
}

#[tokio::test]
async fn an_update_answers_for_itself() {
    let site = Site::new(&upgrading());
    let request = Request::post("/submit")
        .header("host", format!("{}.localhost", site.canister))
        .body(Body::from("content"));
    let (status, headers, body) = site.send(request.unwrap()).await;
    assert_eq!((status, body.as_str()), (201, "done"));
    assert_eq!(headers["x-page"], "yes");
}

#[tokio::test]
async fn an_update_is_answered_on_a_live_network_too() {
    let site = Site::new(&upgrading());
    site.instance.set_live(true).await;
    let (status, _, body) = site.get("ID.localhost", "/").await;
    assert_eq!((status, body.as_str()), (201, "done"));
}

#[tokio::test]
async fn a_streamed_body_arrives_whole() {
    let site = Site::knowing(&[SubnetKind::Application], |_, id| streaming(id));
    let (status, _, body) = site.get("ID.raw.localhost", "/").await;
    assert_eq!((status, body.as_str()), (200, "first, second"));
    let (status, _, _) = site.get("ID.localhost", "/").await;
    assert_eq!(status, 503, "it carries no certificate");
}

#[tokio::test]
async fn canisters_without_pages_are_told_from_those_that_do_not_exist() {
    let site = Site::new(NOTEBOOK);
    let (status, _, body) = site.get("ID.localhost", "/").await;
    assert_eq!(status, 404);
    assert!(body.contains("has no method http_request"), "{body}");
    let (status, _, body) = site.get("ryjl3-tyaaa-aaaaa-aaaba-cai.localhost", "/").await;
    assert_eq!(status, 404);
    assert!(body.contains("ryjl3-tyaaa-aaaaa-aaaba-cai"), "{body}");
    let (status, _, body) = site.get("localhost", "/").await;
    assert_eq!(status, 400);
    assert!(body.contains("names no canister"), "{body}");
}

#[tokio::test]
async fn a_body_that_no_message_can_carry_is_too_large() {
    let site = Site::new(&upgrading());
    let post = |size: usize| {
        let request = Request::post("/").header("host", format!("{}.localhost", site.canister));
        site.send(request.body(Body::from(vec![b'x'; size])).unwrap())
    };
    let (status, _, body) = post(MAX_BODY_BYTES + 1).await;
    assert_eq!(status, 413);
    assert!(body.contains("2097152 bytes"), "{body}");
    assert_eq!(post(1 << 20).await.0, 201);
}

#[tokio::test]
async fn agents_find_the_network_on_every_host() {
    let site = Site::new(&upgrading());
    for host in ["ID.localhost:8000", "localhost:8000", "127.0.0.1"] {
        let host = host.replace("ID", &site.canister.to_text());
        let request = Request::get("/api/v2/status").header("host", host);
        let response = site
            .router
            .clone()
            .oneshot(request.body(Body::empty()).unwrap())
            .await;
        assert_eq!(
            response.unwrap().headers()["content-type"],
            "application/cbor"
        );
    }
    let (status, _, body) = site.get("ID.localhost", "/api/v1/health").await;
    assert_eq!(
        (status, body.as_str()),
        (201, "done"),
        "other paths are the canister's"
    );
}

#[tokio::test]
async fn a_head_request_is_answered_without_a_body() {
    let site = Site::certified(&[SubnetKind::Application]);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let shutdown = async move {
        let _ = stopped.await;
    };
    let serving = tokio::spawn(serve(listener, site.instance.clone(), shutdown));
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!(
        "HEAD /page HTTP/1.1\r\nhost: {}.localhost\r\nconnection: close\r\n\r\n",
        site.canister
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("content-length: 16\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
}
