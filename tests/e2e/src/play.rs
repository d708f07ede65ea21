//! Plays a scenario of the practice site as a person would, and reports what happened.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use latchkey_lab::{Expect, Lab, Scenario};
use serde_json::{Value, json};

use crate::{Browser, Kind, Page, wait_for};

/// Fixes that are steps for somebody to take: a click shows what.
pub(crate) const ADVICE: [&str; 9] = [
    "ask_for_access",
    "check_extensions",
    "check_status",
    "copy_report",
    "fix_clock",
    "flush_dns",
    "for_the_owner",
    "renew_token",
    "try_elsewhere",
];

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Played {
    /// The status that the person met.
    pub status: u16,
    /// The first cause that the popup named.
    pub cause: String,
    /// The fix behind the big button.
    pub fix: String,
    /// Did one click bring the person back in? Where it did not, it said what will.
    pub back_in: bool,
    /// What the history says of how it ended.
    pub in_history: String,
    /// Were all cookies the same again after the undo, in every field of the API, and everything
    /// back in the page's storage? `None` when there was nothing to undo.
    pub undone: Option<bool>,
    /// Is a neighbour's login still whole, after the fix and after the undo?
    pub kept: bool,
    /// Did the popup show its one big button, and everything above the folds, without scrolling?
    pub fits: bool,
    /// The words above the folds that only experts know, before and after the click.
    pub jargon: Vec<String>,
}

impl Played {
    /// In what it differs from what the scenario expects.
    pub fn amiss(&self, scenario: &Scenario, browser: Kind) -> Vec<&'static str> {
        let Expect::LockOut { status, cause, fix, one_click } = scenario.expect_in(browser.name()) else {
            return vec!["a lock-out"];
        };
        let ended = if one_click { self.fix.as_str() } else { "no" };
        let undone = ["remove_cookies", "remove_stored_token"].contains(&self.fix.as_str()).then_some(true);
        let checks = [
            ("status", self.status == status),
            ("cause", self.cause == cause.unwrap_or("unknown") || scenario.or.contains(&self.cause.as_str())),
            ("fix", fix.is_none_or(|fix| fix == self.fix)),
            ("back in", self.back_in == one_click),
            ("history", self.in_history == ended),
            ("undo", self.undone == undone),
            ("kept", self.kept),
            ("fits", self.fits),
            ("plain words", self.jargon.is_empty()),
        ];
        checks.into_iter().filter(|(_, fine)| !fine).map(|(name, _)| name).collect()
    }
}

/// Walks into a scenario's lock-out and returns the tab's number. The popup is not open yet.
pub async fn lock_out(browser: &Browser, lab: &Lab, scenario: &Scenario) -> Result<i64> {
    lock_out_in(browser, lab, scenario, browser.site()).await
}

/// The same in a tab of its own.
pub async fn lock_out_in(browser: &Browser, lab: &Lab, scenario: &Scenario, site: &Page) -> Result<i64> {
    // A server that does not start says why here.
    lab.port_of(scenario.host)?;
    let page = lab.url(scenario.host, scenario.page);
    // Firefox calls it an error of its own where a page of the browser's comes up instead.
    let last = async |url: &str| {
        let gone = site.goto(url).await;
        if scenario.ends_blank { Ok(()) } else { gone }
    };
    if scenario.start.is_some() {
        site.goto(&lab.first_visit(scenario)).await?;
        site.wait_lab(&["done", "in", "out"]).await.context("the scenario's start")?;
    }
    if scenario.lapses {
        site.goto(&page).await?;
        site.wait_lab(&["in"]).await.context("the scenario's page, before time has passed")?;
        lab.expire(scenario.host);
    }
    last(&if scenario.start.is_some() || scenario.lapses { page.clone() } else { lab.first_visit(scenario) })
        .await?;
    if let Some(person) = scenario.person {
        site.wait_lab(&["done", "in"]).await.context("the scenario's page, before the person acts")?;
        site.eval(person).await?;
    }
    if scenario.ends_blank {
        // A prompt of the browser's is answered with "Cancel" when the page is looked at.
        let _ = site.eval("").await;
    } else {
        site.wait_lab(&["out"]).await.context("the scenario's own page")?;
    }
    // A link or a redirect may have led on from the page, or be about to.
    wait_for("the site's tab", async || {
        match browser.tab_id_of(&site.url().await?).await {
            Ok(tab) => Ok(Some(tab)),
            // A page of the browser's own stands at the site's address.
            Err(_) => browser.tab_id_of(&page).await.map(Some),
        }
    })
    .await
}

/// Plays a scenario to its end: the lock-out, the popup, the first fix, the history, the undo.
/// Pictures go to `pictures`.
pub async fn play(
    browser: &Browser,
    lab: &Lab,
    scenario: &Scenario,
    pictures: Option<&Path>,
) -> Result<Played> {
    let Expect::LockOut { one_click, .. } = scenario.expect_in(browser.kind().name()) else {
        anyhow::bail!("{} shows no lock-out", scenario.id);
    };
    let neighbour = Neighbour::plant(browser, lab).await?;
    let tab = lock_out(browser, lab, scenario).await?;
    let popup = browser.open_popup(tab).await?;
    if scenario.by_check {
        popup.click("[data-action=check]").await?;
    }
    popup.wait_state(&["incident"]).await?;
    let cause = first(popup.causes().await?)?;
    let fix = first(popup.fixes().await?)?;
    let fits = fits(&popup).await?;
    let mut jargon = jargon(&popup).await?;
    picture(&popup, pictures, &format!("{}-1-incident", scenario.id)).await?;

    let newest = browser.incidents().await?.pop().context("no incident on disk")?;
    let status = newest["exchange"]["status"].as_u64().and_then(|status| u16::try_from(status).ok());
    let status = status.context("an incident without a status")?;
    let before = Kept::of(browser, lab, scenario).await?;
    // Where the server is to blame, it is mended while the person reads.
    if one_click && scenario.start.is_none() {
        lab.mend(scenario.host);
    }
    popup.click("[data-primary]").await?;
    let (state, back_in) = if one_click {
        let state = popup.wait_state(&["recovered", "still-locked"]).await?;
        let seen = browser.site().wait_lab(&["in", "out"]).await?;
        let back_in = state == "recovered" && seen == "in";
        (state, back_in)
    } else {
        (said_what_will(browser, &popup, &fix).await?, false)
    };
    // Advice is for whoever reads on.
    if !ADVICE.contains(&fix.as_str()) {
        jargon.extend(self::jargon(&popup).await?);
    }
    picture(&popup, pictures, &format!("{}-2-{state}", scenario.id)).await?;
    let mut kept = neighbour.is_in().await?;

    // An app's page has the history, also of what another host refused.
    let site = newest["site"].as_str().context("an incident without a site")?;
    let panel = browser.open(&browser.extension_url(&format!("panel.html?site={site}"))).await?;
    panel.wait_state(&["history"]).await?;
    let ended = panel.eval("return document.querySelector('[data-ended]')?.dataset.ended ?? null;").await?;
    let in_history = ended.as_str().unwrap_or("missing").to_owned();
    picture(&panel, pictures, &format!("{}-3-history", scenario.id)).await?;
    panel.close().await?;

    let during = Kept::of(browser, lab, scenario).await?;
    ensure!(fix != "forget_http_login" || during.cookies == before.cookies, "it took cookies along");
    let can_undo = popup.eval("return document.querySelector('[data-action=undo]') !== null;").await?;
    let undone = if can_undo == Value::Bool(true) {
        ensure!(during != before, "the fix changed nothing that could be undone");
        popup.click("[data-action=undo]").await?;
        popup.wait_for_selector("[data-undone]").await?;
        picture(&popup, pictures, &format!("{}-4-undone", scenario.id)).await?;
        kept &= neighbour.is_in().await?;
        Some(Kept::of(browser, lab, scenario).await?.is_as(&before, &during))
    } else {
        None
    };
    popup.close().await?;
    neighbour.page.close().await?;
    Ok(Played { status, cause, fix, back_in, in_history, undone, kept, fits, jargon })
}

/// After a click that brings nobody back by itself: waits until the popup says what will, and
/// returns its state.
pub async fn said_what_will(browser: &Browser, popup: &Page, fix: &str) -> Result<String> {
    said_what_will_in(browser.site(), popup, fix).await
}

/// The same where another tab shows the site.
pub async fn said_what_will_in(site: &Page, popup: &Page, fix: &str) -> Result<String> {
    let words = if ADVICE.contains(&fix) {
        format!("[data-advice={fix}]")
    } else if ["retry", "reload_fresh"].contains(&fix) {
        // The browser asks for a login once more, which nobody here types: any question to a page that
        // asks is answered with "Cancel" first.
        wait_for("the next refusal", async || {
            let _ = site.url().await;
            let state = popup.eval("return document.documentElement.dataset.state;").await?;
            Ok((state == "still-locked").then_some(()))
        })
        .await?;
        ".title".to_owned()
    } else if fix == "open_private_window" {
        // It opens, or it is said how to open one.
        ".progress".to_owned()
    } else {
        // The person's turn, at the site's own page for it; or the browser's prompt, once more.
        let is_refused = wait_for("the page that the person is sent to", async || {
            let state = popup.eval("return document.documentElement.dataset.state;").await?;
            let at = site.eval("return document.body?.dataset.lab;").await.unwrap_or_default();
            let is_there = state == "fixing" && at == "done";
            let is_refused = state == "still-locked";
            Ok((is_there || is_refused).then_some(is_refused))
        })
        .await?;
        if is_refused { ".title".to_owned() } else { ".progress".to_owned() }
    };
    wait_for(&format!("words in {words}"), async || {
        // As shown: what is hidden has no text.
        Ok(Some(popup.text(&words).await?).filter(|text| !text.trim().is_empty()))
    })
    .await?;
    let state = popup.eval("return document.documentElement.dataset.state;").await?;
    Ok(state.as_str().unwrap_or_default().to_owned())
}

/// Whether a popup of 360 × 600 CSS pixels shows it all without scrolling, with one big button. For a
/// moment the body plays the popup's window, since no browser makes its windows that small; a fold
/// that is open counts as what it shows.
pub async fn fits(popup: &Page) -> Result<bool> {
    let js = "const { documentElement: root, body } = document;
              // Otherwise the window would scroll in the body's stead.
              root.style.overflow = 'hidden';
              const small = { boxSizing: 'border-box', inlineSize: '360px', blockSize: '600px' };
              Object.assign(body.style, { ...small, overflow: 'auto', position: 'relative' });
              const fits = body.scrollWidth <= body.clientWidth && body.scrollHeight <= body.clientHeight;
              for (const element of [root, body]) element.removeAttribute('style');
              return fits && document.querySelectorAll('[data-primary]').length === 1;";
    Ok(popup.eval(js).await? == Value::Bool(true))
}

/// The words above a popup's folds that somebody locked out need not know. Names that come from the site
/// stand apart from ours, by `<bdi>` or by isolates, and are the site's own business.
pub async fn jargon(popup: &Page) -> Result<Vec<String>> {
    let js = r"const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
               const texts = [];
               while (walker.nextNode()) {
                   const { parentElement: around, data } = walker.currentNode;
                   const fold = around.closest('details');
                   const folded = fold && !around.closest('summary');
                   if (!folded && !around.closest('bdi, script')) texts.push(data);
               }
               return texts.join(' ').replace(/\u2068[^\u2069]*\u2069/g, ' ');";
    let text = popup.eval(js).await?;
    let text = text.as_str().context("no text")?.to_lowercase();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    ensure!(words.len() > 3, "the popup says next to nothing: {text}");
    let plain = format!(" {} ", words.join(" "));
    let said = |word: &&str| plain.contains(&format!(" {word} ")) || plain.contains(&format!(" {word}s "));
    Ok(include_str!("../../tidy/jargon.txt").lines().filter(said).map(str::to_owned).collect())
}

/// Somebody else's login, in a window of its own.
pub(crate) struct Neighbour {
    pub(crate) page: Page,
    account: String,
}

impl Neighbour {
    pub(crate) async fn plant(browser: &Browser, lab: &Lab) -> Result<Self> {
        let page = browser.open(&lab.url("neighbour.test", "/start")).await?;
        page.wait_lab(&["done"]).await?;
        Ok(Self { page, account: lab.url("neighbour.test", "/account") })
    }

    /// Its page wants both halves of the login: the cookie and the stored item.
    pub(crate) async fn is_in(&self) -> Result<bool> {
        self.page.goto(&self.account).await?;
        Ok(self.page.wait_lab(&["in", "out"]).await? == "in")
    }
}

/// What a site has in the browser, as far as a fix may take it and an undo brings it back.
#[derive(Debug, PartialEq)]
struct Kept {
    cookies: Value,
    stored: Value,
}

impl Kept {
    async fn of(browser: &Browser, lab: &Lab, scenario: &Scenario) -> Result<Self> {
        // Error pages of the browser's own have no storage.
        let js = "try { return { ...localStorage }; } catch { return {}; }";
        let stored = browser.site().eval(js).await?;
        Ok(Self { cookies: cookies(browser, lab, scenario).await?, stored })
    }

    /// Is it as before? What the site itself has stored anew since then may stay.
    fn is_as(&self, before: &Self, during: &Self) -> bool {
        let mut keys = before.stored.as_object().into_iter().flat_map(|items| items.keys());
        let is_back = |key: &String| {
            let now = self.stored.get(key);
            now.is_some() && (now == before.stored.get(key) || now == during.stored.get(key))
        };
        let all = |kept: &Self| kept.cookies.as_array().cloned().unwrap_or_default();
        let same =
            |one: &Value, other: &Value| ["name", "domain", "path"].iter().all(|key| one[key] == other[key]);
        let (now, newer) = (all(self), all(during));
        // Each is as it was, or as the site has set it meanwhile; and there is none besides.
        let is_kept = |cookie: &Value| {
            now.contains(cookie) || newer.iter().any(|new| same(new, cookie) && now.contains(new))
        };
        let is_known = |cookie: &Value| newer.contains(cookie) || all(before).contains(cookie);
        all(before).iter().all(is_kept) && now.iter().all(is_known) && keys.all(is_back)
    }
}

/// The address of a scenario's history.
pub fn history_url(browser: &Browser, lab: &Lab, scenario: &Scenario) -> String {
    let url = lab.url(scenario.host, "");
    let site = url.split_once("://").map_or(url.as_str(), |(_, site)| site);
    browser.extension_url(&format!("panel.html?site={site}"))
}

/// The jar of a scenario's site, every field as the API shows it, in order of name, domain, path.
pub async fn cookies(browser: &Browser, lab: &Lab, scenario: &Scenario) -> Result<Value> {
    let js = "const all = await chrome.cookies.getAll({ url: args });
              const key = ({ name, domain, path }) => JSON.stringify([name, domain, path]);
              return all.sort((one, two) => (key(one) < key(two) ? -1 : 1));";
    browser.extension_eval_with(js, json!(lab.url(scenario.host, "/"))).await
}

async fn picture(page: &Page, folder: Option<&Path>, name: &str) -> Result<()> {
    match folder {
        Some(folder) => page.screenshot(&folder.join(format!("{name}.png"))).await,
        None => Ok(()),
    }
}

fn first(ids: Vec<String>) -> Result<String> {
    ids.into_iter().next().context("the popup names none")
}

impl Page {
    /// Waits until something matches.
    pub async fn wait_for_selector(&self, selector: &str) -> Result<()> {
        wait_for(selector, async || {
            let there =
                self.eval_with("return document.querySelector(args) !== null;", json!(selector)).await?;
            Ok((there == Value::Bool(true)).then_some(()))
        })
        .await
    }
}
