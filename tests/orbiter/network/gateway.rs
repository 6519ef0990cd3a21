//! The HTTP table through the network's HTTP gateway: what a browser sends and gets.

use super::{ADMIN, Network};
use crate::table::{self, Row};
use ic_http_certification::Method;
use std::io::{Read, Write};
use std::net::TcpStream;

/// An answer as it comes over the line.
struct Answer {
    status: u16,
    /// Names in small letters.
    headers: Vec<(String, String)>,
    body: String,
}

/// Sends the request of a row on a connection of its own.
fn send(port: u16, host: &str, row: &Row) -> Answer {
    let request = &row.request;
    let mut text = format!(
        "{} {} HTTP/1.1\r\nhost: {host}\r\n",
        request.method, request.url
    );
    for (name, value) in &request.headers {
        if !name.eq_ignore_ascii_case("host") {
            text += &format!("{name}: {value}\r\n");
        }
    }
    text += &format!(
        "content-length: {}\r\nconnection: close\r\n\r\n",
        request.body.len()
    );
    let mut line = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    line.write_all(text.as_bytes()).expect("a sent head");
    line.write_all(&request.body).expect("a sent body");
    let mut bytes = Vec::new();
    line.read_to_end(&mut bytes).expect("an answer");
    parse(&bytes)
}

fn parse(bytes: &[u8]) -> Answer {
    let end = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .expect("the end of the head");
    let head = String::from_utf8(bytes[..end].to_vec()).expect("UTF-8");
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .expect("a status");
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let chunked = headers
        .iter()
        .any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    let body = &bytes[end + 4..];
    let body = if chunked {
        unchunked(body)
    } else {
        body.to_vec()
    };
    Answer {
        status: status.parse().expect("a number"),
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

/// The content of a chunked body: each chunk has its length before it, in hexadecimal digits.
fn unchunked(mut bytes: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    while let Some(end) = bytes.windows(2).position(|two| two == b"\r\n") {
        let length = std::str::from_utf8(&bytes[..end]).expect("digits");
        let length = usize::from_str_radix(length, 16).expect("a length");
        content.extend(&bytes[end + 2..end + 2 + length]);
        bytes = &bytes[(end + 4 + length).min(bytes.len())..];
    }
    content
}

/// What is not as the row says.
fn differences(row: &Row, answer: &Answer) -> Vec<String> {
    let mut wrong = Vec::new();
    if answer.status != row.status {
        wrong.push(format!(
            "{}: status {} for {}",
            row.name, answer.status, row.status
        ));
    }
    // A HEAD has no body, whatever the canister answers.
    let body = if row.request.method == "HEAD" {
        ""
    } else {
        &row.body
    };
    let found = table::with_now(&answer.body);
    if found != body {
        wrong.push(format!("{}: body\n  {found}\nfor\n  {body}", row.name));
    }
    for (name, value) in table::headers_of(row) {
        let name = name.to_lowercase();
        let found: Vec<_> = answer
            .headers
            .iter()
            .filter(|(other, _)| *other == name)
            .collect();
        if !matches!(found[..], [(_, found)] if *found == value) {
            wrong.push(format!("{}: {name}: {found:?} for {value}", row.name));
        }
    }
    wrong
}

#[test]
fn every_row_of_the_table_that_is_http_holds_through_the_gateway() {
    let mut network = Network::with_satellites();
    let url = network.pic.make_live(None);
    let port = url.port().expect("a port");
    let host = format!("{}.localhost:{port}", network.orbiter);
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in table::rows() {
        let method = Method::from_bytes(row.request.method.as_bytes());
        // Paths under /api/ are the network's own.
        if method.is_err() || row.request.url.starts_with("/api/") {
            continue;
        }
        wrong.extend(differences(&row, &send(port, &host, &row)));
        count += 1;
    }
    assert!(
        wrong.is_empty(),
        "{} differences:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(count > 280, "{count} rows");
    network
        .query::<wire::MemorySize>(ADMIN, "memory_size", ())
        .expect("a size");
}
