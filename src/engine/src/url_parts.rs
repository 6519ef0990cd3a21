//! Hosts and paths of URLs, as the WHATWG URL standard takes them apart.

use url::Url;

/// The host of a URL, without its port; the text itself if it is no absolute URL or has no host.
pub(crate) fn host_or_text(text: &str) -> String {
    match Url::parse(text) {
        Ok(url) => url.host_str().unwrap_or(text).to_owned(),
        Err(_) => text.to_owned(),
    }
}

/// The path of a URL, without query and fragment; the text itself if it is no absolute URL.
pub(crate) fn path_or_text(text: &str) -> String {
    match Url::parse(text) {
        Ok(url) => url.path().to_owned(),
        Err(_) => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_comes_without_port_user_path_and_in_lower_case() {
        for (referrer, host) in [
            ("https://example.com", "example.com"),
            ("https://WWW.Example.com:8443/a?b#c", "www.example.com"),
            ("http://user:secret@example.org/", "example.org"),
            ("https://bücher.example/", "xn--bcher-kva.example"),
            ("http://[::1]:4943/", "[::1]"),
            ("android-app://com.example.app/", "com.example.app"),
        ] {
            assert_eq!(host_or_text(referrer), host);
        }
    }

    #[test]
    fn a_text_without_a_host_stands_for_itself() {
        for text in [
            "",
            "example.com/path",
            "/relative",
            "mailto:a@example.com",
            "https://",
            "://",
        ] {
            assert_eq!(host_or_text(text), text);
        }
    }

    #[test]
    fn a_path_comes_without_query_and_fragment() {
        for (href, path) in [
            ("https://example.com", "/"),
            ("https://example.com/", "/"),
            ("https://example.com/a/b/?q=1#c", "/a/b/"),
            ("https://example.com/a/../b", "/b"),
            ("https://example.com/ä b", "/%C3%A4%20b"),
            ("", ""),
            ("/relative?q", "/relative?q"),
            ("not a url", "not a url"),
        ] {
            assert_eq!(path_or_text(href), path);
        }
    }
}
