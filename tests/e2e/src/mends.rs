//! One fix in one place: pressed, looked at, undone.

use anyhow::{Context, Result};
use latchkey_lab::{Lab, by_id};
use serde_json::{Value, json};

use crate::play::{ADVICE, lock_out_in, said_what_will_in};
use crate::{Browser, Kind, Options, Page, wait_for};

/// Where a site keeps its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// An ordinary window.
    Ordinary,
    /// A private window.
    Private,
    /// One of Firefox's containers.
    Container,
    /// Firefox with all that a site keeps told apart by the site that the window shows (first-party
    /// isolation, as in the Tor Browser).
    Isolated,
}

impl Place {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Ordinary, Self::Private, Self::Container, Self::Isolated];

    /// Its name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Private => "private",
            Self::Container => "container",
            Self::Isolated => "isolated",
        }
    }

    /// Has this browser such a place?
    pub fn is_in(self, kind: Kind) -> bool {
        matches!(self, Self::Ordinary | Self::Private) || kind == Kind::Firefox
    }

    async fn open(self, browser: &Browser) -> Result<Page> {
        match self {
            Self::Ordinary | Self::Isolated => browser.new_tab().await,
            Self::Private => browser.open_private("about:blank").await,
            Self::Container => browser.open_in_container("firefox-container-1").await,
        }
    }
}

/// A fix, and the lock-out in which it is offered.
#[derive(Debug)]
pub struct Fix {
    /// Its id.
    pub fix: &'static str,
    scenario: &'static str,
    /// What is particular to the cookies of that lock-out.
    about: &'static str,
    places: &'static [Place],
}

const EVERYWHERE: &[Place] = &Place::ALL;
const ONCE: &[Place] = &[Place::Ordinary];

/// What is tried.
pub const CELLS: &[Fix] = &[
    Fix { fix: "retry", scenario: "unknown", about: "", places: EVERYWHERE },
    Fix { fix: "reload_fresh", scenario: "unknown", about: "", places: EVERYWHERE },
    Fix { fix: "open_private_window", scenario: "unknown", about: "", places: EVERYWHERE },
    Fix { fix: "sign_in", scenario: "not_logged_in", about: "", places: EVERYWHERE },
    Fix { fix: "reset_password", scenario: "bad_credentials", about: "", places: EVERYWHERE },
    Fix { fix: "change_password", scenario: "bad_credentials", about: "", places: EVERYWHERE },
    Fix { fix: "remove_cookies", scenario: "session_expired", about: "host-only", places: EVERYWHERE },
    Fix { fix: "remove_cookies", scenario: "duplicate_cookie", about: "subdomain", places: EVERYWHERE },
    Fix { fix: "remove_stored_token", scenario: "token_expired", about: "", places: EVERYWHERE },
    Fix {
        fix: "clear_site_cookies",
        scenario: "session_expired_among_others",
        about: "partitions",
        places: EVERYWHERE,
    },
    Fix { fix: "clear_site_data", scenario: "session_expired", about: "", places: EVERYWHERE },
    // Chrome cannot in a private window, and does not offer it there.
    Fix {
        fix: "forget_http_login",
        scenario: "basic_login_in_the_way",
        about: "",
        places: &[Place::Ordinary],
    },
    Fix { fix: "open_corrected_url", scenario: "wrong_url_or_host", about: "", places: EVERYWHERE },
    // The person says of it that something is wrong ("Check this page"): with Firefox hiding it, a
    // private window's worker and a container's are the same to us.
    Fix { fix: "clear_service_worker", scenario: "service_worker", about: "", places: &[Place::Ordinary] },
    Fix {
        fix: "network_sign_in",
        scenario: "proxy_or_captive_portal",
        about: "",
        places: &[Place::Ordinary, Place::Private],
    },
    // Steps for a person change nothing, wherever that is.
    Fix { fix: "fix_clock", scenario: "clock_skew", about: "steps", places: ONCE },
    Fix { fix: "renew_token", scenario: "api_key_missing_or_invalid", about: "steps", places: ONCE },
    Fix { fix: "ask_for_access", scenario: "insufficient_scope", about: "steps", places: ONCE },
    Fix { fix: "check_extensions", scenario: "waf_or_ip_block", about: "steps", places: ONCE },
    Fix { fix: "try_elsewhere", scenario: "waf_or_ip_block", about: "steps", places: ONCE },
    Fix { fix: "flush_dns", scenario: "waf_or_ip_block", about: "steps", places: ONCE },
    Fix { fix: "check_status", scenario: "server_misconfig", about: "steps", places: ONCE },
    Fix { fix: "for_the_owner", scenario: "cors_preflight_401", about: "steps", places: ONCE },
    Fix { fix: "copy_report", scenario: "session_expired", about: "steps", places: EVERYWHERE },
];

impl Fix {
    /// Is it tried there?
    pub fn is_at(&self, place: Place) -> bool {
        self.places.contains(&place)
    }

    /// What `--only` looks at.
    pub fn name(&self, place: Place) -> String {
        format!("{} {} {}", place.name(), self.fix, self.about)
    }
}

/// How it went.
#[derive(Debug, Default)]
pub struct Cell {
    done: bool,
    scope: bool,
    undone: Option<bool>,
    kept: bool,
    note: String,
}

impl Cell {
    /// One that could not be tried to its end.
    pub fn broken(why: String) -> Self {
        Self { note: why, ..Self::default() }
    }

    /// Is all as it should be?
    pub fn holds(&self) -> bool {
        self.done && self.scope && self.undone != Some(false) && self.kept
    }

    /// For the table: done, scope, undone, kept, a note.
    pub fn columns(&self) -> [String; 5] {
        let yes = |yes: bool| if yes { "yes" } else { "NO" }.to_owned();
        let undone = match self.undone {
            None => "nothing to undo",
            Some(true) => "exact",
            Some(false) => "NOT EXACT",
        };
        let scope = if self.scope { "exact" } else { "WIDER" }.to_owned();
        [yes(self.done), scope, undone.to_owned(), yes(self.kept), self.note.clone()]
    }
}

/// Cookies that no fix may touch: of a sibling host, of the same host in another store and, under the
/// same name, of another site that shares nothing.
fn bystanders(kind: Kind, host: &str, place: Place) -> Vec<Value> {
    let stores: &[(&str, Place)] = match kind {
        Kind::Chromium => &[("0", Place::Ordinary), ("1", Place::Private)],
        Kind::Firefox => &[
            ("firefox-default", Place::Ordinary),
            ("firefox-private", Place::Private),
            ("firefox-container-1", Place::Container),
            ("firefox-container-2", Place::Container),
        ],
    };
    let parent = host.split_once('.').map_or(host, |(_, parent)| parent);
    let sibling = if parent.contains('.') { format!("beside.{parent}") } else { format!("beside.{host}") };
    let mut all = Vec::new();
    for (store, of) in stores {
        let cookie = |host: &str, name: &str| {
            let mut cookie = json!({
                "url": format!("http://{host}/"), "name": name, "value": "bystander", "storeId": store
            });
            if place == Place::Isolated {
                cookie["firstPartyDomain"] = json!("elsewhere.test");
            }
            cookie
        };
        all.extend([cookie(&sibling, "sid"), cookie("neighbour.test", "sid")]);
        if *of != place || place == Place::Isolated || *store == "firefox-container-2" {
            all.push(cookie(host, "sid"));
        }
    }
    all
}

/// Presses the fix in that place.
pub async fn mend(kind: Kind, place: Place, fix: &Fix) -> Result<Cell> {
    let lab = Lab::start()?;
    let isolated = place == Place::Isolated;
    let options = Options { private_allowed: true, isolated, ..Options::new(lab.port()) };
    let browser = Browser::launch(kind, &options).await?;
    let scenario = by_id(fix.scenario).context("no such scenario")?;
    // A private window stays open, so that its store is there.
    let beside = Place::Private.open(&browser).await?;
    let site = place.open(&browser).await?;
    let neighbour = browser.open(&lab.url("neighbour.test", "/start")).await?;
    neighbour.wait_lab(&["done"]).await?;
    browser.plant("", &bystanders(kind, scenario.host, place)).await?;
    let tab = lock_out_in(&browser, &lab, scenario, &site).await?;
    let popup = browser.open_popup(tab).await?;
    if scenario.by_check {
        popup.click("[data-action=check]").await?;
    }
    popup.wait_state(&["incident"]).await?;
    popup.wait_for_selector(&format!("[data-fix={}]", fix.fix)).await?;
    let before = (browser.jar("").await?, storage(&site).await?);

    let shown = browser.newest().await?;
    let is_first = popup.fixes().await?.first().is_some_and(|first| first == fix.fix);
    if is_first {
        popup.click(&format!("[data-primary][data-fix={}]", fix.fix)).await?;
    } else {
        popup.try_other(fix.fix).await?;
    }
    let mut cell = Cell { note: fix.about.to_owned(), ..Cell::default() };
    if ADVICE.contains(&fix.fix) {
        said_what_will_in(&site, &popup, fix.fix).await?;
        cell.done = true;
    } else {
        let after = wait_for("the fix", async || {
            // By its id: a private window may have met a lock-out of its own.
            let now = browser.incident(&shown["id"]).await?;
            Ok(Some(now).filter(is_over))
        })
        .await?;
        cell.done = is_done(&browser, &site, fix.fix, &after).await?;
    }
    if fix.fix == "forget_http_login" && kind == Kind::Chromium {
        // The browser has no narrower way; the button says so before the click.
        cell.note =
            "cookies of all its hosts looked at; the browser forgets logins of the whole domain".to_owned();
    }

    let offers = shown["diagnosis"]["offers"].as_array();
    let offer = offers.into_iter().flatten().find(|offer| offer["fix"] == fix.fix);
    let said: Vec<String> =
        offer.and_then(|offer| offer["cookies"].as_array()).into_iter().flatten().map(id).collect();
    let now = browser.jar("").await?;
    // What the site itself has set anew since is the site's affair.
    let gone: Vec<String> =
        before.0.iter().filter(|old| !now.iter().any(|new| api_id(new) == api_id(old))).map(api_id).collect();
    let others_same = before.0.iter().filter(|old| !said.contains(&api_id(old))).all(|old| now.contains(old));
    let mut sorted = (gone.clone(), said.clone());
    sorted.0.sort();
    sorted.1.sort();
    cell.scope = sorted.0 == sorted.1 && others_same;
    if !cell.scope {
        cell.note = format!("gone {:?}, said {:?}", sorted.0, sorted.1);
    }

    let can_undo = popup.eval("return document.querySelector('[data-action=undo]') !== null;").await?;
    if can_undo == Value::Bool(true) {
        popup.click("[data-action=undo]").await?;
        popup.wait_for_selector("[data-undone]").await?;
        let back = browser.jar("").await?;
        // A page that signs in anew has stored another in its place meanwhile, which stays.
        let had_token = before.1["access_token"].is_string();
        let stored = storage(&site).await?;
        let is_stored = !had_token || fix.fix == "clear_site_data" || stored["access_token"].is_string();
        cell.undone = Some(before.0.iter().all(|old| back.contains(old)) && is_stored);
    }
    neighbour.goto(&lab.url("neighbour.test", "/account")).await?;
    cell.kept = neighbour.wait_lab(&["in", "out"]).await? == "in";
    beside.close().await?;
    browser.close().await?;
    Ok(cell)
}

/// What the site keeps itself.
async fn storage(site: &Page) -> Result<Value> {
    site.eval("try { return { ...localStorage }; } catch { return {}; }").await
}

fn is_over(incident: &Value) -> bool {
    let attempt = incident["attempts"].as_array().and_then(|attempts| attempts.last());
    let is_persons = incident["phase"]["at_sign_in"] == true;
    attempt.is_some_and(|attempt| !attempt["outcome"].is_null()) || is_persons
}

/// Did it do what its button says?
async fn is_done(browser: &Browser, site: &Page, fix: &str, after: &Value) -> Result<bool> {
    let Some(attempt) = after["attempts"].as_array().and_then(|attempts| attempts.last()) else {
        return Ok(false);
    };
    let outcome = attempt["outcome"]["is"].as_str();
    let removed = &attempt["removed"];
    Ok(match fix {
        "retry" | "reload_fresh" => matches!(outcome, Some("stillLocked" | "recovered")),
        "open_private_window" => outcome == Some("opened"),
        "sign_in" | "reset_password" | "change_password" | "network_sign_in" => {
            // Not the page that said no: one where the person goes on.
            site.wait_lab(&["done", "wait", "in"]).await?;
            true
        }
        "forget_http_login" | "open_corrected_url" => outcome == Some("recovered"),
        "clear_service_worker" => {
            let js = "return (await navigator.serviceWorker.getRegistrations()).length;";
            outcome == Some("recovered") && site.eval(js).await? == json!(0)
        }
        "clear_site_data" => {
            wait_for("an empty storage", async || Ok((storage(site).await? == json!({})).then_some(())))
                .await?;
            removed[0] == removed[1]
        }
        _ => {
            browser.settle().await?;
            removed[0] == removed[1] && removed[0].as_u64() > Some(0)
        }
    })
}

/// Which cookie this is, as an offer says it.
fn id(cookie: &Value) -> String {
    let within = &cookie["partition"]["topLevelSite"];
    format!("{} {}{} {} {}", cookie["name"], cookie["domain"], cookie["path"], cookie["store"], within)
}

/// The same, as the browser says it.
fn api_id(cookie: &Value) -> String {
    // As an offer says it: the same under another name.
    let isolated = cookie["firstPartyDomain"].as_str().filter(|domain| !domain.is_empty());
    let within = match isolated {
        Some(domain) => json!(format!("https://{domain}")),
        None => cookie["partitionKey"]["topLevelSite"].clone(),
    };
    format!("{} {}{} {} {}", cookie["name"], cookie["domain"], cookie["path"], cookie["storeId"], within)
}
