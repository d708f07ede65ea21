//! A refused request made a record.

use latchkey::exchange::{Kind, Observation};
use latchkey::incident::{Incident, Phase, id_at};
use latchkey::mark::MarkKey;
use latchkey::time::Time;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

/// What webRequest tells of a request that ended.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Seen {
    url: String,
    method: String,
    tab: i32,
    at: f64,
    status: u16,
    request_headers: Vec<Header>,
    response_headers: Vec<Header>,
}

#[derive(Deserialize)]
struct Header {
    name: String,
    value: String,
}

/// What may be written of a request that was refused: nothing of it is secret.
#[wasm_bindgen]
pub fn record(seen: JsValue) -> Result<JsValue, JsValue> {
    let seen: Seen = serde_wasm_bindgen::from_value(seen)?;
    let at = Time::from_millis_f64(seen.at);
    let pairs = |headers: Vec<Header>| Some(headers.into_iter().map(|one| (one.name, one.value)).collect());
    let observation = Observation {
        at,
        url: seen.url,
        method: seen.method,
        kind: Kind::Fetch,
        tab: Some(seen.tab),
        status: seen.status,
        request_headers: pairs(seen.request_headers),
        response_headers: pairs(seen.response_headers),
        ..Observation::default()
    };
    let exchange = observation.into_exchange(&MarkKey::default());
    #[allow(unused_mut)]
    let mut incident = Incident::new(id_at(at), exchange, Phase::Seen);
    #[cfg(feature = "diagnose")]
    {
        use latchkey::diagnose::diagnose;
        use latchkey::evidence::{Evidence, Past};
        let past = Past::default();
        incident.diagnosis = Some(diagnose(&Evidence::of(&incident.exchange, &past), &[]));
    }
    Ok(crate::to_js(&incident)?)
}
