//! The certified answers: what they say of their proofs. That the proofs hold is shown on a network.

use crate::table::{self, post};
use orbiter::http::{Certified, query};
use wire::HttpResponse as Answer;

/// The answer with its proof.
fn answer(certified: &Certified, method: &str, url: &str) -> Answer {
    let mut request = post("", url, "").request;
    request.method = method.to_owned();
    query(certified, Some(b"no certificate"), &(&request).into())
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let found = answer.headers.iter().find(|(other, _)| other == name);
    &found.unwrap_or_else(|| panic!("no header {name}")).1
}

#[test]
fn each_answer_says_what_is_certified_and_where() {
    let certified = Certified::new().expect("certified answers");
    for (method, url) in [
        ("OPTIONS", "/view"),
        ("GET", "/metrics"),
        ("BREW", "/nothing"),
    ] {
        let answer = answer(&certified, method, url);
        let expression = header(&answer, "IC-CertificateExpression");
        assert!(
            expression.contains("no_request_certification"),
            "{expression}"
        );
        assert!(
            expression.contains("response_header_exclusions"),
            "{expression}"
        );
        assert!(header(&answer, "IC-Certificate").ends_with("version=2"));
    }
}

#[test]
fn a_post_to_a_known_path_is_not_answered_by_the_query() {
    let certified = Certified::new().expect("certified answers");
    for kind in table::Kind::ALL {
        for path in [kind.one(), kind.many()] {
            let answer = answer(&certified, "POST", path);
            assert_eq!(answer.upgrade, Some(true));
            assert_eq!((answer.body.len(), answer.headers.len()), (0, 0));
        }
    }
}

#[test]
fn a_proof_does_not_grow_with_the_path() {
    let certified = Certified::new().expect("certified answers");
    let short = answer(&certified, "GET", "/a/b/c");
    let long = answer(&certified, "GET", &format!("/a/b/{}", "c/".repeat(20_000)));
    assert_eq!(
        header(&short, "IC-Certificate"),
        header(&long, "IC-Certificate")
    );
}
