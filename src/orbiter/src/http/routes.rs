//! Which path is what.

use super::Request;
use engine::KindName;
use ic_http_certification::HttpRequest as CertificationRequest;

/// What a known path takes: entries of one kind, one or a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The path.
    pub path: &'static str,
    /// The kind of entry.
    pub kind: KindName,
    /// Whether the body carries many entries.
    pub batch: bool,
}

/// Every known path.
pub const ROUTES: [Route; 6] = [
    route("/view", KindName::PageView, false),
    route("/views", KindName::PageView, true),
    route("/event", KindName::TrackEvent, false),
    route("/events", KindName::TrackEvent, true),
    route("/metric", KindName::PerformanceMetric, false),
    route("/metrics", KindName::PerformanceMetric, true),
];

const fn route(path: &'static str, kind: KindName, batch: bool) -> Route {
    Route { path, kind, batch }
}

/// What a request asks for, by its method and path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// `POST` on a known path.
    Post(Route),
    /// `OPTIONS` on a known path.
    Preflight(Route),
    /// Any other method on a known path.
    OtherMethod(Route),
    /// Any method on any other path, given without query and with escapes decoded.
    Unknown(String),
}

impl Target {
    /// What `request` asks for.
    pub fn of(request: &Request<'_>) -> Self {
        // Nearly every address is a known path as it stands. It needn't be read then: it is its own path.
        if let Some(route) = ROUTES.iter().find(|route| route.path == request.url) {
            return Self::known(*route, request.method);
        }
        let path = path_of(request.url);
        match ROUTES.iter().find(|route| is(route, &path)) {
            None => Self::Unknown(path),
            Some(route) => Self::known(*route, request.method),
        }
    }

    /// What a request for a known path asks for.
    fn known(route: Route, method: &str) -> Self {
        match method {
            "POST" => Self::Post(route),
            "OPTIONS" => Self::Preflight(route),
            _ => Self::OtherMethod(route),
        }
    }
}

/// The path of an address, read as the gateway reads it when it verifies a response. An address that is
/// none stands for itself: no gateway accepts an answer to it.
fn path_of(url: &str) -> String {
    let request = CertificationRequest::get(url).build();
    request.get_path().unwrap_or_else(|_| url.to_owned())
}

/// Whether `path` leads to `route`. Certification leaves empty segments out but for the last one: so
/// `//view` is `/view`, and `/view/` is another path.
fn is(route: &Route, path: &str) -> bool {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    segments.next() == Some(&route.path[1..]) && segments.next().is_none() && !path.ends_with('/')
}

#[cfg(test)]
mod tests {
    use super::{ROUTES, Request, Target};

    fn target(method: &str, url: &str) -> Target {
        Target::of(&Request {
            url,
            method,
            body: &[],
            headers: Vec::new(),
        })
    }

    #[test]
    fn a_known_path_is_known_with_a_query_a_fragment_and_escapes() {
        for url in [
            "/view",
            "/view?a=/b",
            "/view#top",
            "//view",
            "/%76iew",
            "https://x.y/view",
        ] {
            assert_eq!(target("POST", url), Target::Post(ROUTES[0]), "{url}");
        }
    }

    #[test]
    fn other_paths_are_unknown_and_keep_their_text() {
        for url in [
            "/",
            "/view/",
            "/view/x",
            "/View",
            "/view%3Fa",
            "/viewx",
            "/a b",
            "",
        ] {
            let Target::Unknown(_) = target("POST", url) else {
                panic!("{url} is known");
            };
        }
        assert_eq!(target("GET", "/%C3%A4?b"), Target::Unknown("/ä".into()));
    }

    #[test]
    fn methods_are_told_apart_as_written() {
        assert_eq!(target("OPTIONS", "/metrics"), Target::Preflight(ROUTES[5]));
        for method in ["GET", "HEAD", "PUT", "post", "", "A METHOD"] {
            assert_eq!(
                target(method, "/event"),
                Target::OtherMethod(ROUTES[2]),
                "{method}"
            );
        }
    }
}
