//! Hosts and paths of the URLs that tests make: `scheme://host:port/path?query#fragment` or `scheme:path`,
//! without dots to resolve, in whatever letters.

/// The part before the first of `marks`, and whether one followed.
fn before<'a>(text: &'a str, marks: &[char]) -> (&'a str, Option<&'a str>) {
    match text.find(marks) {
        Some(at) => (&text[..at], Some(&text[at..])),
        None => (text, None),
    }
}

/// Scheme and what follows its colon; none where the text begins with no scheme.
fn scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    is_scheme.then_some((scheme, rest))
}

fn is_web(scheme: &str) -> bool {
    ["http", "https"].contains(&scheme.to_ascii_lowercase().as_str())
}

/// The host of a URL; the text itself where it is none or has none.
pub fn host(text: &str) -> String {
    let authority = scheme(text).and_then(|(_, rest)| rest.strip_prefix("//"));
    let authority = authority.map_or("", |rest| before(rest, &['/', '?', '#']).0);
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    if host.is_empty() {
        text.to_owned()
    } else {
        host.to_ascii_lowercase()
    }
}

/// The path of a URL; the text itself where it is none.
pub fn path(text: &str) -> String {
    let Some((scheme, rest)) = scheme(text) else {
        return text.to_owned();
    };
    let Some(rest) = rest.strip_prefix("//") else {
        return before(rest, &['?', '#']).0.to_owned();
    };
    let (authority, path) = before(rest, &['/', '?', '#']);
    if authority.is_empty() {
        return text.to_owned();
    }
    match before(path.unwrap_or_default(), &['?', '#']).0 {
        "" if is_web(scheme) => "/".to_owned(),
        path => escaped(path),
    }
}

/// Spaces and letters beyond ASCII as the bytes they have in UTF-8.
fn escaped(path: &str) -> String {
    path.bytes()
        .map(|byte| match byte {
            b'!'..=b'~' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

#[test]
fn hosts_and_paths_are_those_that_one_reads_off() {
    for (text, host_of, path_of) in [
        ("https://example.com", "example.com", "/"),
        (
            "https://me@Example.com:8080/a b?c#d",
            "example.com",
            "/a%20b",
        ),
        ("https://example.com?q=/x", "example.com", "/"),
        ("http://example.com/ä", "example.com", "/%C3%A4"),
        ("app://com.example", "com.example", ""),
        (
            "mailto:me@example.com",
            "mailto:me@example.com",
            "me@example.com",
        ),
        ("https://", "https://", "https://"),
        ("/a?b", "/a?b", "/a?b"),
        ("größe: xl", "größe: xl", "größe: xl"),
        ("", "", ""),
    ] {
        assert_eq!(
            (host(text).as_str(), path(text).as_str()),
            (host_of, path_of),
            "{text}"
        );
    }
}
