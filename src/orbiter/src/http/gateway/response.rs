//! Writes the response.
//!
//! ```text
//! "DIDL", types, number of values and its type   ↕ HEAD.len() bytes, always the same
//! -----------------------------------------------------------------------------------
//! body                                           ↕ length in LEB128, then bytes
//! headers                                        ↕ count in LEB128; name and value of each,
//!                                                  as length in LEB128, then UTF-8
//! upgrade                                        ↕ 00, or 01 and a byte, 01 for true
//! status_code                                    ↕ 2 bytes, little-endian
//! ```

use wire::HttpResponse;

/// What every message begins with: the type of a response, and that one value of it follows.
#[rustfmt::skip]
const HEAD: &[u8] = &[
    b'D', b'I', b'D', b'L',
    5,                                        // types
    0x6c, 4,                                  // 0: record of
    0xa2, 0xf5, 0xed, 0x88, 0x04, 1,          //      body: type 1
    0xc6, 0xa4, 0xa1, 0x98, 0x06, 2,          //      headers: type 2
    0x9c, 0xe9, 0xc6, 0x99, 0x06, 4,          //      upgrade: type 4
    0x9a, 0xa1, 0xb2, 0xf9, 0x0c, 0x7a,       //      status_code: nat16
    0x6d, 0x7b,                               // 1: vec nat8
    0x6d, 3,                                  // 2: vec of type 3
    0x6c, 2, 0, 0x71, 1, 0x71,                // 3: record {text; text}
    0x6e, 0x7e,                               // 4: opt bool
    1, 0,                                     // one value, of type 0
];

/// The most bytes of a length below 2³².
const MOST_LENGTH_BYTES: usize = 5;
/// The most bytes of `upgrade` and `status_code`.
const MOST_END_BYTES: usize = 4;

/// The response in Candid, byte for byte what the crate `candid` makes of it.
pub fn write(response: &HttpResponse) -> Vec<u8> {
    let mut message = Vec::with_capacity(capacity(response));
    message.extend_from_slice(HEAD);
    blob(&mut message, &response.body);
    length(&mut message, response.headers.len());
    for (name, value) in &response.headers {
        blob(&mut message, name.as_bytes());
        blob(&mut message, value.as_bytes());
    }
    match response.upgrade {
        None => message.push(0),
        Some(upgrade) => message.extend_from_slice(&[1, u8::from(upgrade)]),
    }
    message.extend_from_slice(&response.status_code.to_le_bytes());
    message
}

/// At least the bytes that the message takes.
fn capacity(response: &HttpResponse) -> usize {
    let headers = response.headers.iter();
    let headers = headers.map(|(name, value)| name.len() + value.len() + 2 * MOST_LENGTH_BYTES);
    let lengths = 2 * MOST_LENGTH_BYTES;
    HEAD.len() + response.body.len() + headers.sum::<usize>() + lengths + MOST_END_BYTES
}

fn blob(message: &mut Vec<u8>, bytes: &[u8]) {
    length(message, bytes.len());
    message.extend_from_slice(bytes);
}

/// A number in LEB128.
fn length(message: &mut Vec<u8>, mut length: usize) {
    while length > 0x7f {
        message.push(length as u8 | 0x80);
        length >>= 7;
    }
    message.push(length as u8);
}
