//! Reads the request as gateways send it.
//!
//! ```text
//! "DIDL"                                  ↕ 4 bytes
//! -----------------------------------------------------------------------------------
//! Number of types, 4 or 5                 ↕ 1 byte
//! The types, in any order, each once:
//!   record 6c 04 or 05                    ↕ 2 bytes     the request
//!     id of url                 71        ↕ 4 + 1 bytes text
//!     id of method              71        ↕ 4 + 1 bytes text
//!     id of body                type      ↕ 5 + 1 bytes number of `vec nat8` below
//!     id of headers             type      ↕ 5 + 1 bytes number of `vec record {…}` below
//!     id of certificate_version type      ↕ 5 + 1 bytes number of `opt nat16` below; absent in updates
//!   vec    6d 7b                          ↕ 2 bytes     blob
//!   vec    6d type                        ↕ 2 bytes     number of `record {text; text}` below
//!   record 6c 02 00 71 01 71              ↕ 6 bytes     name and value
//!   opt    6e 7a                          ↕ 2 bytes     nat16, where the request has the field
//! -----------------------------------------------------------------------------------
//! Number of values, 1, and its type       ↕ 2 bytes     number of the request's type
//! -----------------------------------------------------------------------------------
//! url, method                             ↕ length in LEB128, then UTF-8; each
//! body                                    ↕ length in LEB128, then bytes
//! headers                                 ↕ count in LEB128, then name and value, as url; each
//! certificate_version                     ↕ 00, or 01 and 2 bytes, where the request has the field
//! ```

use super::super::Request;

const MAGIC: &[u8] = b"DIDL";

/// Codes of types that stand in the table of types; the specification's `opt`, `vec`, `record`.
const OPT: u8 = 0x6e;
const VEC: u8 = 0x6d;
const RECORD: u8 = 0x6c;
/// Codes of types that stand where they are used.
const TEXT: u8 = 0x71;
const NAT16: u8 = 0x7a;
const NAT8: u8 = 0x7b;

const URL: u32 = field_id("url");
const METHOD: u32 = field_id("method");
const BODY: u32 = field_id("body");
const HEADERS: u32 = field_id("headers");
const CERTIFICATE_VERSION: u32 = field_id("certificate_version");

/// The fields of a request in an update; a query has one more.
const FIELDS: u8 = 4;
/// Bytes of a `nat16`.
const NAT16_BYTES: usize = 2;

/// The specification's hash of a field's name.
const fn field_id(name: &str) -> u32 {
    let bytes = name.as_bytes();
    let (mut id, mut index) = (0_u32, 0);
    while index < bytes.len() {
        id = id.wrapping_mul(223).wrapping_add(bytes[index] as u32);
        index += 1;
    }
    id
}

/// The request of a message with exactly the types above; none where anything is different, be it right or wrong.
pub fn read(message: &[u8]) -> Option<Request<'_>> {
    let mut reader = Reader(message.strip_prefix(MAGIC)?);
    let versioned = Types::read(&mut reader)?.are_of_a_request(&mut reader)?;
    let request = Request {
        url: reader.text()?,
        method: reader.text()?,
        body: reader.blob()?,
        headers: reader.headers()?,
    };
    if versioned {
        let length = match reader.byte()? {
            0 => 0,
            1 => NAT16_BYTES,
            _ => return None,
        };
        reader.bytes(length)?;
    }
    reader.0.is_empty().then_some(request)
}

/// At which number each type stands in the table.
#[derive(Default)]
struct Types {
    count: u8,
    request: Option<RequestType>,
    blob: Option<u8>,
    headers: Option<u8>,
    header: Option<u8>,
    version: Option<u8>,
    /// The type that `headers` is a `vec` of.
    of_headers: u8,
}

/// The request's type, and those of its fields that aren't `text`.
struct RequestType {
    number: u8,
    body: u8,
    headers: u8,
    version: Option<u8>,
}

impl Types {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let count = reader.byte()?;
        if count != FIELDS && count != FIELDS + 1 {
            return None;
        }
        let mut types = Self {
            count,
            ..Self::default()
        };
        for number in 0..count {
            types.read_one(reader, number)?;
        }
        Some(types)
    }

    /// Reads a type; none where it is another than those above, or one of them again.
    fn read_one(&mut self, reader: &mut Reader<'_>, number: u8) -> Option<()> {
        let (place, of) = match (reader.byte()?, reader.byte()?) {
            (VEC, NAT8) => (&mut self.blob, None),
            (VEC, of) => (&mut self.headers, Some(of)),
            (OPT, NAT16) => (&mut self.version, None),
            (RECORD, 2) => {
                if reader.bytes(4)? != [0, TEXT, 1, TEXT] {
                    return None;
                }
                (&mut self.header, None)
            }
            (RECORD, fields) if self.request.is_none() => {
                self.request = Some(RequestType::read(reader, number, fields)?);
                return Some(());
            }
            _ => return None,
        };
        if place.replace(number).is_some() {
            return None;
        }
        if let Some(of) = of {
            self.of_headers = of;
        }
        Some(())
    }

    /// Whether the one value is a request, and if so, whether it has the field `certificate_version`. None where the
    /// types belong together in another way.
    fn are_of_a_request(&self, reader: &mut Reader<'_>) -> Option<bool> {
        let request = self.request.as_ref()?;
        let versioned = request.version.is_some();
        let together = self.count == FIELDS + u8::from(versioned)
            && self.blob == Some(request.body)
            && self.headers == Some(request.headers)
            && self.header == Some(self.of_headers)
            && self.version == request.version
            && reader.bytes(2)? == [1, request.number];
        together.then_some(versioned)
    }
}

impl RequestType {
    fn read(reader: &mut Reader<'_>, number: u8, fields: u8) -> Option<Self> {
        if fields != FIELDS && fields != FIELDS + 1 {
            return None;
        }
        if reader.field(URL)? != TEXT || reader.field(METHOD)? != TEXT {
            return None;
        }
        Some(Self {
            number,
            body: reader.field(BODY)?,
            headers: reader.field(HEADERS)?,
            version: match fields {
                FIELDS => None,
                _ => Some(reader.field(CERTIFICATE_VERSION)?),
            },
        })
    }
}

/// What is left to be read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    /// A number in LEB128, of at most 5 bytes and 32 bits.
    fn number(&mut self) -> Option<u32> {
        let mut number = 0_u64;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(number).ok();
            }
        }
        None
    }

    /// The type of a record's next field, which has this `id`.
    fn field(&mut self, id: u32) -> Option<u8> {
        if self.number()? != id {
            return None;
        }
        self.byte()
    }

    fn blob(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        self.bytes(usize::try_from(length).ok()?)
    }

    fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.blob()?).ok()
    }

    fn headers(&mut self) -> Option<Vec<(&'a str, &'a str)>> {
        let count = usize::try_from(self.number()?).ok()?;
        // Each takes two bytes at least: a count that the message can't hold reserves nothing.
        let mut headers = Vec::with_capacity(count.min(self.0.len() / 2));
        for _ in 0..count {
            headers.push((self.text()?, self.text()?));
        }
        Some(headers)
    }
}
