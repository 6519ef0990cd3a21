//! HTTP by hand, for requests that no client would send.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Status line and headers.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header by its name (in lower case), if the answer has it.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().skip(1);
        lines.find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// Sends one request to a port of this machine. Further headers end in `\r\n` each and may include `host`.
///
/// # Panics
/// When nobody answers within a minute.
pub fn request(port: u16, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("somebody listens");
    let limit = Some(Duration::from_secs(60));
    stream.set_read_timeout(limit).expect("a limit above zero");
    let host = match headers.to_ascii_lowercase().contains("host:") {
        true => String::new(),
        false => format!("host: 127.0.0.1:{port}\r\n"),
    };
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\n{host}{headers}content-length: {length}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("is taken");
    stream.write_all(body).expect("is taken");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("is answered");
    parse(&bytes)
}

fn parse(bytes: &[u8]) -> Answer {
    let end = bytes.windows(4).position(|it| it == b"\r\n\r\n");
    let (head, body) = bytes.split_at(end.expect("headers end") + 4);
    let head = String::from_utf8_lossy(head).into_owned();
    let mut words = head.split_whitespace();
    let status = words.nth(1).and_then(|it| it.parse().ok());
    let answer = Answer {
        status: status.expect("a status line"),
        head,
        body: body.to_vec(),
    };
    assert_ne!(answer.header("transfer-encoding"), Some("chunked"));
    answer
}
