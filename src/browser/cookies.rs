//! The jar: listed whole (partitions, first-party isolation), removed and put back one by one.

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use super::api;
use super::background::mark_key;
use super::value::{from_js, get, object, set};
use crate::http::address::registrable;
use crate::http::cookie::{CookieId, JarCookie, Partition, SameSite, domain_matches};
use crate::http::jwt;
use crate::incident::Undone;
use crate::mark::MarkKey;
use crate::sorted::Set;
use crate::time::Time;

/// A cookie as the API shows it, reduced to what identifies and describes it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ApiCookie {
    name: String,
    value: String,
    domain: String,
    host_only: bool,
    path: String,
    secure: bool,
    http_only: bool,
    #[serde(default)]
    same_site: String,
    #[serde(default)]
    expiration_date: Option<f64>,
    store_id: String,
    #[serde(default)]
    partition_key: Option<ApiPartition>,
    /// Firefox, where first-party isolation is on: the site in the address bar; else empty.
    #[serde(default)]
    first_party_domain: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ApiPartition {
    #[serde(default)]
    top_level_site: Option<String>,
    #[serde(default)]
    has_cross_site_ancestor: Option<bool>,
}

impl ApiCookie {
    fn id(&self) -> CookieId {
        let partitioned = self.partition_key.as_ref().and_then(|key| {
            Some(Partition {
                top_level_site: key.top_level_site.clone()?,
                has_cross_site_ancestor: key.has_cross_site_ancestor,
            })
        });
        // The same under another name: one site, one jar.
        let isolated = || {
            let domain = self.first_party_domain.as_ref().filter(|domain| !domain.is_empty())?;
            Some(Partition { top_level_site: format!("https://{domain}"), has_cross_site_ancestor: None })
        };
        let partition = partitioned.or_else(isolated);
        CookieId {
            name: self.name.clone(),
            domain: self.domain.clone(),
            path: self.path.clone(),
            path_mark: None,
            store: self.store_id.clone(),
            partition,
        }
        .masked(&mark_key())
    }
}

/// All cookies that a host can be sent, whatever their path and partition, as the API shows them,
/// in jar order.
async fn list(host: &str, store: &str) -> Result<Vec<JsValue>, JsValue> {
    let applies = |cookie: &JsValue| {
        let domain = get(cookie, "domain").as_string().unwrap_or_default();
        domain_matches(host, domain.trim_start_matches('.'))
    };
    Ok(near(host, store).await?.into_iter().filter(applies).collect())
}

/// The same with what its siblings hold: the filter `domain` takes subdomains along, so asking for the
/// registrable domain finds the parents' cookies, and theirs.
async fn near(host: &str, store: &str) -> Result<Vec<JsValue>, JsValue> {
    let all = js_sys::Array::from(&api::cookies_get_all(&query(registrable(host), store)).await?);
    Ok(all.iter().collect())
}

/// What `cookies.getAll` needs to list all cookies of a domain in a store.
fn query(domain: &str, store: &str) -> JsValue {
    // `partitionKey: {}` asks for partitioned and unpartitioned ones alike.
    let query = object([("domain", domain.into()), ("partitionKey", object([]))]);
    if !store.is_empty() {
        set(&query, "storeId", &store.into());
    }
    if api::is_firefox() {
        // Without it the call fails where first-party isolation is on.
        set(&query, "firstPartyDomain", &JsValue::NULL);
    }
    query
}

/// Which cookie this is.
pub fn id_of(cookie: &JsValue) -> Option<CookieId> {
    from_js::<ApiCookie>(cookie.clone()).ok().map(|cookie| cookie.id())
}

/// The jar as rules see it: without values, and with what the site's other hosts hold.
pub async fn jar(host: &str, store: &str, key: &MarkKey) -> Result<Vec<JarCookie>, JsValue> {
    let cookies = near(host, store).await?;
    let cookies = cookies.into_iter().filter_map(|cookie| from_js::<ApiCookie>(cookie).ok());
    Ok(cookies
        .map(|cookie| JarCookie {
            id: cookie.id(),
            host_only: cookie.host_only,
            secure: cookie.secure,
            http_only: cookie.http_only,
            same_site: SameSite::parse(&cookie.same_site),
            expires: cookie.expiration_date.map(|seconds| Time::from_millis_f64(seconds * 1000.0)),
            first_seen: None,
            size: u32::try_from(cookie.name.len() + cookie.value.len()).unwrap_or(u32::MAX),
            mark: Some(key.mark(&cookie.value)),
            token_expires: jwt::parse(&cookie.value).and_then(|token| token.expires_at),
        })
        .collect())
}

/// Those of `wanted` that are in the jar, values included, in jar order: for a snapshot.
pub async fn pick(host: &str, wanted: &[CookieId]) -> Result<js_sys::Array, JsValue> {
    let picked = js_sys::Array::new();
    for store in &stores(wanted) {
        for cookie in list(host, store).await? {
            if id_of(&cookie).is_some_and(|id| wanted.contains(&id)) {
                picked.push(&cookie);
            }
        }
    }
    Ok(picked)
}

/// The cookies that the site reads after one of `picked` because that one came first: of the same
/// name, with a path of the same length (RFC 6265bis, section 5.8.3). Put back later than they were
/// set, it would come after them.
pub async fn twins(host: &str, picked: &js_sys::Array) -> Result<Vec<JsValue>, JsValue> {
    let picked: Vec<CookieId> = picked.iter().filter_map(|cookie| id_of(&cookie)).collect();
    let mut found = Vec::new();
    for store in &stores(&picked) {
        let length = |cookie: &JsValue| get(cookie, "path").as_string().unwrap_or_default().len();
        let mut before: Vec<(String, usize)> = Vec::new();
        for cookie in list(host, store).await? {
            let Some(id) = id_of(&cookie) else { continue };
            if picked.contains(&id) {
                before.push((id.name, length(&cookie)));
            } else if before.contains(&(id.name, length(&cookie))) {
                found.push(cookie);
            }
        }
    }
    Ok(found)
}

fn stores(wanted: &[CookieId]) -> Set<String> {
    wanted.iter().map(|id| id.store.clone()).collect()
}

/// Removes exactly these cookies, as far as they still have the value that was kept. Returns how
/// many are gone, of how many that were kept; found by reading again.
///
/// `cookies.remove` takes a URL and a name, and so takes others of that name along. Setting the
/// very same cookie anew with a date gone by removes it alone.
pub async fn remove(host: &str, wanted: &[CookieId], kept: &js_sys::Array) -> Result<(u32, u32), JsValue> {
    let kept: Vec<(CookieId, JsValue)> = kept
        .iter()
        .filter_map(|cookie| Some((id_of(&cookie)?, get(&cookie, "value"))))
        .filter(|(id, _)| wanted.contains(id))
        .collect();
    let is_unchanged = |cookie: &JsValue| {
        let value = get(cookie, "value");
        id_of(cookie).is_some_and(|id| kept.iter().any(|(known, old)| *known == id && *old == value))
    };
    for cookie in pick(host, wanted).await?.iter().filter(is_unchanged) {
        #[cfg(feature = "failpoints")]
        super::failpoint::reach_named("cookie").await;
        for scheme in schemes(&cookie) {
            // A refusal shows when the jar is read again.
            let _ = expire(&cookie, scheme).await;
        }
    }
    let left = pick(host, wanted).await?.iter().filter(is_unchanged).count();
    let of = kept.len();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Ok((count(of.saturating_sub(left)), count(of)))
}

/// Every cookie of a domain and of all under it, as the API shows them, in jar order.
pub async fn all_under(domain: &str, store: &str) -> Result<js_sys::Array, JsValue> {
    let all = js_sys::Array::from(&api::cookies_get_all(&query(domain, store)).await?);
    let is_under = |cookie: &JsValue| {
        let of = get(cookie, "domain").as_string().unwrap_or_default();
        domain_matches(of.trim_start_matches('.'), domain)
    };
    Ok(all.iter().filter(is_under).collect())
}

/// Puts back what [`all_under`] listed, as far as it is not there.
pub async fn restore_under(domain: &str, store: &str, kept: &js_sys::Array) -> Result<Undone, JsValue> {
    put_back(kept, async || Ok(all_under(domain, store).await?.to_vec())).await.map(|(done, _)| done)
}

/// Would the browser take all of these as they are? Each is set to what it is already, which changes
/// nothing: so that nothing goes that could not come back.
pub async fn can_be_set(cookies: &js_sys::Array) -> bool {
    for cookie in cookies.iter() {
        if !set_again(&cookie).await {
            return false;
        }
    }
    true
}

/// Puts back what was picked, in its order, and before its `twins`. What the site has set
/// meanwhile under the same name stays. `again`: this was begun before, and cut off.
pub async fn restore(
    host: &str,
    kept: &js_sys::Array,
    twins: &[JsValue],
    again: bool,
) -> Result<Undone, JsValue> {
    let ids: Vec<CookieId> = kept.iter().filter_map(|cookie| id_of(&cookie)).collect();
    let (done, names) = put_back(kept, async || Ok(pick(host, &ids).await?.to_vec())).await?;
    for twin in twins {
        let Some(id) = id_of(twin) else { continue };
        let there = pick(host, core::slice::from_ref(&id)).await?.to_vec().into_iter().next();
        let is_unchanged = there.as_ref().is_some_and(|there| get(there, "value") == get(twin, "value"));
        if !names.contains(&id.name) && !again {
            continue;
        }
        // What was taken out a moment ago and not put in again, because the background was killed.
        let is_cut_off = there.is_none() && again;
        if is_unchanged && set_again(twin).await {
            for scheme in schemes(twin) {
                let _ = expire(twin, scheme).await;
            }
            set_again(twin).await;
        } else if is_cut_off {
            set_again(twin).await;
        }
    }
    Ok(done)
}

/// `there` lists the jar as far as it matters, before and after. Tells the names of those that
/// were not there and are now.
async fn put_back(
    kept: &js_sys::Array,
    there: impl AsyncFn() -> Result<Vec<JsValue>, JsValue>,
) -> Result<(Undone, Vec<String>), JsValue> {
    let ids: Vec<CookieId> = kept.iter().filter_map(|cookie| id_of(&cookie)).collect();
    let before = there().await?;
    let there_as = |cookie: &JsValue| {
        let id = id_of(cookie);
        before.iter().find(|other| id_of(other) == id).map(|other| get(other, "value"))
    };
    let (mut newer, mut set_back, mut names) = (0, 0, Vec::new());
    for cookie in kept.iter() {
        match there_as(&cookie) {
            // Put back before, and cut off.
            Some(value) if value == get(&cookie, "value") => set_back += 1,
            Some(_) => newer += 1,
            None => {
                #[cfg(feature = "failpoints")]
                super::failpoint::reach_named("back").await;
                if set_again(&cookie).await {
                    set_back += 1;
                    names.extend(get(&cookie, "name").as_string());
                }
            }
        }
    }
    let back =
        there().await?.iter().filter(|cookie| id_of(cookie).is_some_and(|id| ids.contains(&id))).count();
    let restored = u32::try_from(back).unwrap_or(u32::MAX).saturating_sub(newer).min(set_back);
    Ok((Undone { restored, newer, refused: kept.length().saturating_sub(newer + restored) }, names))
}

/// Sets a cookie to what it was. Says whether the browser took it.
async fn set_again(cookie: &JsValue) -> bool {
    for scheme in schemes(cookie) {
        if api::cookies_set(&details_of(cookie, scheme)).await.is_ok_and(|set| set.is_object()) {
            return true;
        }
    }
    false
}

/// Removes exactly this cookie: it is set anew with a date gone by. With its own value, because a
/// cookie with neither name nor value is refused.
async fn expire(cookie: &JsValue, scheme: &str) -> Result<(), JsValue> {
    #[cfg(feature = "failpoints")]
    if super::failpoint::refuses("cookies.set").await {
        return Err(js_sys::Error::new("refused").into());
    }
    let details = details_of(cookie, scheme);
    set(&details, "expirationDate", &1.into());
    api::cookies_set(&details).await.map(drop)
}

/// Does it outlive the browser?
pub fn lasts(cookie: &JsValue) -> bool {
    !get(cookie, "session").is_truthy()
}

/// How a cookie may be set: one that is not `Secure` as if over http, as the site did, or over
/// https, where a `Secure` one of the same name is in the way.
fn schemes(cookie: &JsValue) -> &'static [&'static str] {
    if get(cookie, "secure").is_truthy() { &["https"] } else { &["http", "https"] }
}

/// What `cookies.set` needs to make the very same cookie.
fn details_of(cookie: &JsValue, scheme: &str) -> JsValue {
    let text = |key: &str| get(cookie, key).as_string().unwrap_or_default();
    let is = |key: &str| get(cookie, key).is_truthy();
    let details = address(&text("domain"), &text("path"), scheme);
    for key in ["name", "value", "path", "secure", "httpOnly", "sameSite", "storeId"] {
        set(&details, key, &get(cookie, key));
    }
    if !is("hostOnly") {
        set(&details, "domain", &get(cookie, "domain"));
    }
    if !is("session") {
        set(&details, "expirationDate", &get(cookie, "expirationDate"));
    }
    for key in ["partitionKey", "firstPartyDomain"] {
        let value = get(cookie, key);
        let is_empty =
            value.is_undefined() || value.is_null() || value.as_string().is_some_and(|text| text.is_empty());
        if !is_empty {
            set(&details, key, &value);
        }
    }
    details
}

fn address(domain: &str, path: &str, scheme: &str) -> JsValue {
    object([("url", format!("{scheme}://{}{path}", domain.trim_start_matches('.')).into())])
}
