//! Which canister a request is for.
//!
//! In this order: the host (`ID.localhost`, `ID.raw.localhost`, with or without port), the parameter `canisterId` of
//! the address, and the same parameter of the page that the request comes from: a page opened with `?canisterId=`
//! asks for its scripts and images without it.

use super::failure::Failure;
use axum::http::Uri;
use candid::Principal;

/// Whose page is asked for, and whether it is to be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) canister: Principal,
    /// Asked for unchecked.
    pub(super) raw: bool,
}

/// Finds the canister.
pub(super) fn resolve(
    host: Option<&str>,
    uri: &Uri,
    referer: Option<&str>,
) -> Result<Target, Failure> {
    if let Some(target) = host.and_then(from_host) {
        return target;
    }
    let referring = referer.and_then(|referer| referer.parse::<Uri>().ok());
    let named = from_query(uri).or_else(|| from_query(referring.as_ref()?));
    let canister = canister_id(named.ok_or(Failure::NoCanister)?)?;
    Ok(Target {
        canister,
        raw: false,
    })
}

/// The canister that a host names; none for hosts that are not below `localhost`.
fn from_host(host: &str) -> Option<Result<Target, Failure>> {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let below = name.strip_suffix(".localhost")?;
    let (text, raw) = match below.strip_suffix(".raw") {
        Some(text) => (text, true),
        None => (below, false),
    };
    Some(canister_id(text).map(|canister| Target { canister, raw }))
}

fn from_query(uri: &Uri) -> Option<&str> {
    uri.query()?
        .split('&')
        .find_map(|parameter| parameter.strip_prefix("canisterId="))
}

fn canister_id(text: &str) -> Result<Principal, Failure> {
    Principal::from_text(text).map_err(|error| Failure::NotACanister {
        text: text.into(),
        reason: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "rrkah-fqaaa-aaaaa-aaaaq-cai";

    fn found(host: &str, url: &str, referer: Option<&str>) -> Result<(String, bool), Failure> {
        resolve(Some(host), &url.parse().unwrap(), referer)
            .map(|target| (target.canister.to_text(), target.raw))
    }

    #[test]
    fn hosts_and_parameters_name_canisters() {
        let with_id = |text: &str| text.replace("ID", ID);
        let table = [
            ("ID.localhost", "/", None, false),
            ("ID.localhost:4943", "/x?y=z", None, false),
            ("ID.LOCALHOST.:80", "/", None, false),
            ("ID.raw.localhost:4943", "/", None, true),
            ("localhost:4943", "/?canisterId=ID", None, false),
            ("127.0.0.1:4943", "/a/b?x=1&canisterId=ID&y=2", None, false),
            ("[::1]:4943", "/?canisterId=ID", None, false),
            (
                "localhost:4943",
                "/app.js",
                Some("http://localhost:4943/?canisterId=ID"),
                false,
            ),
            (
                "127.0.0.1",
                "/app.js?v=1",
                Some("http://127.0.0.1/x?a=b&canisterId=ID#top"),
                false,
            ),
        ];
        for (host, url, referer, raw) in table {
            let referer = referer.map(with_id);
            let target = found(&with_id(host), &with_id(url), referer.as_deref());
            assert_eq!(target, Ok((ID.into(), raw)), "{host} {url} {referer:?}");
        }
    }

    #[test]
    fn the_host_wins_over_the_address_and_the_address_over_the_referring_page() {
        let other = "ryjl3-tyaaa-aaaaa-aaaba-cai";
        let url = format!("/?canisterId={other}");
        let referer = format!("http://localhost/?canisterId={ID}");
        assert_eq!(
            found(&format!("{ID}.localhost"), &url, None),
            Ok((ID.into(), false))
        );
        assert_eq!(
            found("localhost", &url, Some(&referer)),
            Ok((other.into(), false))
        );
    }

    #[test]
    fn what_names_no_canister_is_refused_in_words() {
        let table = [
            ("localhost:4943", "/", None),
            ("127.0.0.1", "/?canister=x", None),
            ("example.org", "/", Some("http://example.org/page")),
            ("localhost", "/", Some("not a uri at all")),
            ("", "/", None),
        ];
        for (host, url, referer) in table {
            let failure = found(host, url, referer).unwrap_err();
            assert_eq!(failure, Failure::NoCanister, "{host} {url}");
            assert_eq!(failure.status(), 400);
            assert!(failure.to_string().contains("?canisterId="), "{failure}");
        }
        let missing = resolve(None, &"/".parse().unwrap(), None);
        assert_eq!(missing, Err(Failure::NoCanister));
    }

    #[test]
    fn what_looks_like_a_canister_but_is_none_is_named() {
        for (host, url) in [
            ("frontend.localhost:4943", "/"),
            ("frontend.raw.localhost", "/"),
            ("localhost", "/?canisterId=frontend"),
        ] {
            let failure = found(host, url, None).unwrap_err();
            assert_eq!(failure.status(), 400);
            assert!(
                failure.to_string().starts_with("`frontend` is not the id"),
                "{failure}"
            );
        }
    }
}
