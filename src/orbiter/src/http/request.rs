//! A request, and what is read from it: the user agent and the body.

use super::response::HttpError;
use crate::convert::{self, Json};
use candid::Principal;
use engine::{AnalyticKey, SetEntry};
use serde::de::DeserializeOwned;
use wire::HttpRequest;
use wire::json::Key;

/// A request as the gateway hands it over: [`HttpRequest`], borrowed, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// Path and query of the address.
    pub url: &'a str,
    /// The method in capitals.
    pub method: &'a str,
    /// The raw body.
    pub body: &'a [u8],
    /// Names and values as sent; names in any case, possibly repeated.
    pub headers: Vec<(&'a str, &'a str)>,
}

impl<'a> From<&'a HttpRequest> for Request<'a> {
    fn from(request: &'a HttpRequest) -> Self {
        let headers = request.headers.iter();
        Self {
            url: &request.url,
            method: &request.method,
            body: &request.body,
            headers: headers
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect(),
        }
    }
}

/// The header `User-Agent`, under a name in any case.
///
/// # Errors
/// [`HttpError::MissingUserAgent`] when there is none, or an empty one.
pub fn user_agent<'a>(request: &Request<'a>) -> Result<&'a str, HttpError> {
    request
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("user-agent"))
        .map(|(_, value)| value.trim())
        .filter(|value| !value.is_empty())
        .ok_or(HttpError::MissingUserAgent)
}

/// An entry with its key, for the engine.
pub type Keyed<K> = (AnalyticKey, SetEntry<K>);

/// A satellite as a body names it.
pub struct Satellite {
    /// Its id.
    pub id: Principal,
    /// The text of its id, as [`Principal::to_text`] writes it.
    pub text: String,
}

/// The satellite and the one entry of a body.
///
/// # Errors
/// [`HttpError::Json`] and [`HttpError::SatelliteId`].
pub fn one<K: Json>(body: &[u8]) -> Result<(Satellite, Keyed<K>), HttpError> {
    let (mut text, entry) = K::one(parse(body)?);
    let id = principal(&text)?;
    // A principal is read in any case, and in no other respect from a text that isn't its own.
    text.make_ascii_lowercase();
    Ok((Satellite { id, text }, keyed::<K>(entry, id)))
}

/// The satellite and the entries of a body.
///
/// # Errors
/// [`HttpError::Json`] and [`HttpError::SatelliteId`].
pub fn many<K: Json>(body: &[u8]) -> Result<(Principal, Vec<Keyed<K>>), HttpError> {
    let (satellite_id, entries) = K::many(parse(body)?);
    let satellite_id = principal(&satellite_id)?;
    let entries = entries.map(|entry| keyed::<K>(entry, satellite_id));
    Ok((satellite_id, entries.collect()))
}

fn parse<Body: DeserializeOwned>(body: &[u8]) -> Result<Body, HttpError> {
    // One check of the whole body is cheaper than one of each string. What is no UTF-8 somewhere may still be good,
    // in a field that is ignored, or gets the refusal that says where.
    let parsed = match std::str::from_utf8(body) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(body),
    };
    parsed.map_err(HttpError::Json)
}

fn principal(text: &str) -> Result<Principal, HttpError> {
    Principal::from_text(text).map_err(HttpError::SatelliteId)
}

fn keyed<K: Json>((key, set): (Key, K::JsonSet), satellite_id: Principal) -> Keyed<K> {
    let set = K::from_json(set, satellite_id);
    (convert::json_key(key), K::set_entry(set))
}

#[cfg(test)]
mod tests {
    use super::one;
    use candid::Principal;
    use engine::TrackEvent;

    #[test]
    fn the_text_of_a_satellite_is_its_own_however_the_body_writes_it() {
        let id = Principal::from_slice(&[1, 2, 3, 4, 5, 6, 7, 8, 1, 1]);
        for text in [id.to_text(), id.to_text().to_ascii_uppercase()] {
            let body = format!(
                r#"{{"satellite_id":"{text}","key":{{"collected_at":{{"__bigint__":"1"}},"key":"k"}},
                "track_event":{{"name":"n","session_id":"s"}}}}"#
            );
            let (satellite, (_, entry)) = one::<TrackEvent>(body.as_bytes()).unwrap();
            assert_eq!((satellite.id, entry.satellite_id), (id, id));
            assert_eq!(satellite.text, id.to_text());
        }
    }
}
