//! The browser's whole jar, and random cookies to fill it with.

use anyhow::Result;
use serde_json::{Value, json};

use crate::Browser;

impl Browser {
    /// Every cookie of a domain and of all under it (of all domains where it is empty), in every store that is open and every
    /// partition, each field as the API shows it, in the order in which a site would read them.
    pub async fn jar(&self, domain: &str) -> Result<Vec<Value>> {
        let js = format!("{LIST} return await list(args);");
        let all = self.extension_eval_with(&js, json!(domain)).await?;
        Ok(all.as_array().cloned().unwrap_or_default())
    }

    /// Takes every cookie of a domain away, by ways of its own.
    pub async fn empty_jar(&self, domain: &str) -> Result<()> {
        let js = format!(
            "{LIST}
             for (const {{ name, domain, path, secure, storeId, partitionKey, firstPartyDomain }} of await list(args)) {{
               const url = `http${{secure ? 's' : ''}}://${{domain.replace(/^\\./, '')}}${{path}}`;
               const isolated = firstPartyDomain === undefined ? {{}} : {{ firstPartyDomain }};
               await chrome.cookies.remove({{ url, name, storeId, ...(partitionKey ? {{ partitionKey }} : {{}}), ...isolated }});
             }}
             return (await list(args)).length;"
        );
        let left = self.extension_eval_with(&js, json!(domain)).await?;
        anyhow::ensure!(left == 0, "{left} cookies are left");
        Ok(())
    }

    /// Sets cookies, each as `cookies.set` takes it; those that the browser refuses are left out.
    /// Returns the jar as it is then.
    pub async fn plant(&self, domain: &str, cookies: &[Value]) -> Result<Vec<Value>> {
        let js = format!(
            "{LIST}
             for (const cookie of args.cookies) await chrome.cookies.set(cookie).catch(() => null);
             return await list(args.domain);"
        );
        let args = json!({ "domain": domain, "cookies": cookies });
        Ok(self.extension_eval_with(&js, args).await?.as_array().cloned().unwrap_or_default())
    }
}

const LIST: &str = "const list = async (domain) => {
    const everywhere = { ...(domain ? { domain } : {}), partitionKey: {}, ...(chrome.runtime.getBrowserInfo ? { firstPartyDomain: null } : {}) };
    const stores = await chrome.cookies.getAllCookieStores();
    const all = [];
    for (const { id } of stores) all.push(...(await chrome.cookies.getAll({ ...everywhere, storeId: id })));
    return all;
};";

/// Numbers that look random and are the same at every run (xorshift64*, Vigna 2016).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice that fall in an order of their own for each seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `sides`.
    pub fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(high).unwrap_or_default() % sides.max(1)
    }

    /// One of these.
    pub fn one_of<T: Copy>(&mut self, items: &[T]) -> Option<T> {
        items.get(self.below(items.len())).copied()
    }

    /// Heads?
    pub fn heads(&mut self) -> bool {
        self.below(2) == 0
    }

    /// A cookie for `host` or a domain above it, as `cookies.set` takes it: any attributes, few names,
    /// so that one name stands for several.
    pub fn cookie(&mut self, host: &str, store: &str) -> Value {
        let name = self.one_of(&["a", "b", "token", "__Secure-c", "__Host-d", "é", "x.y-z"]).unwrap_or("a");
        let path = self.one_of(&["/", "/", "/account", "/account/", "/a/b", "/c/d"]).unwrap_or("/");
        let secure = name.starts_with("__") || self.heads();
        let is_bound = name.starts_with("__Host-");
        let value: String = (0..self.below(40))
            .filter_map(|_| self.one_of(&['x', '7', '=', '"', ' ', '%', 'ü', '.', '{']))
            .collect();
        let mut cookie = json!({
            "url": format!("{}://{host}/", if secure { "https" } else { "http" }),
            "name": name, "value": value.trim(), "path": if is_bound { "/" } else { path },
            "secure": secure, "httpOnly": self.heads(), "storeId": store,
        });
        if !is_bound && self.heads() {
            let above = host.split_once('.').map(|(_, above)| above).filter(|above| above.contains('.'));
            cookie["domain"] = json!(if self.heads() { above.unwrap_or(host) } else { host });
        }
        let same_site = self.one_of(&["unspecified", "lax", "strict", "no_restriction"]).unwrap_or("lax");
        if secure || same_site != "no_restriction" {
            cookie["sameSite"] = json!(same_site);
        }
        if self.heads() {
            let days = 1 + self.below(300);
            cookie["expirationDate"] = json!(now() + 86_400.0 * days as f64 + 0.25);
        }
        if secure && self.below(3) == 0 {
            let site = self.one_of(&["https://shop.test", "https://news.test", "http://jars.test"]);
            cookie["partitionKey"] = json!({ "topLevelSite": site.unwrap_or("https://shop.test") });
        }
        cookie
    }
}

/// The time, in seconds.
fn now() -> f64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0.0, |since| since.as_secs_f64().floor())
}
