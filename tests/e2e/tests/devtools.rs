//! What developers see: the fold in the popup, the page that DevTools show, what DevTools add; and
//! the popup's first moments.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use anyhow::{Context, Result};
use latchkey_e2e::play::lock_out;
use latchkey_e2e::{Browser, Kind, Options, wait_for};
use latchkey_lab::{Lab, by_id};
use serde_json::{Value, json};

latchkey_e2e::in_both! {
    the_fold_decodes_what_was_sent_and_asked
    cookies_say_what_became_of_them
    the_page_follows_its_tab
    what_devtools_show_improves_the_verdict
    the_popup_does_not_jump_when_it_is_filled
    a_page_says_its_language
}

async fn launch(kind: Kind, lab: &Lab) -> Result<Browser> {
    Browser::launch(kind, &Options::new(lab.port())).await
}

async fn the_fold_decodes_what_was_sent_and_asked(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = launch(kind, &lab).await?;
    let tab = lock_out(&browser, &lab, by_id("token_expired").unwrap()).await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    popup.click("[data-fold=developer] summary").await?;
    popup.wait_for_selector("[data-dev=credential] [data-claim=exp]").await?;
    let said = popup.text("[data-fold=developer]").await?;
    for words in ["bearer", "alg", "It had run out when it was sent", "ago", "Seen by"] {
        assert!(said.contains(words), "{words} is not in {said}");
    }
    // The token itself is nowhere on the page.
    let token =
        browser.site().eval("return Object.values(localStorage).find((value) => value.includes('.'));");
    let token = token.await?;
    let signature = token.as_str().and_then(|token| token.rsplit('.').next()).context("no token")?;
    let markup = popup.eval("return document.documentElement.outerHTML;").await?;
    assert!(!markup.as_str().unwrap().contains(signature), "the signature is shown");
    browser.close().await
}

async fn cookies_say_what_became_of_them(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = launch(kind, &lab).await?;
    let scenario = by_id("session_expired").unwrap();
    let url = lab.url(scenario.host, "/");
    let plant =
        "await chrome.cookies.set({ url: args, name: 'elsewhere', value: 's3cr3t', path: '/admin' });";
    browser.extension_eval_with(plant, json!(url)).await?;
    let tab = lock_out(&browser, &lab, scenario).await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    popup.click("[data-fold=developer] summary").await?;
    popup.wait_for_selector("[data-cookie=elsewhere][data-fate=unsent]").await?;
    let said = popup.text("[data-cookie=elsewhere]").await?;
    assert!(said.contains("host-only") && said.contains("it is for paths under"), "{said}");
    let sent = popup.eval("return document.querySelectorAll('[data-fate=sent] .attributes').length;").await?;
    assert!(sent.as_u64().unwrap() > 0, "no cookie that was sent");
    let markup = popup.eval("return document.documentElement.outerHTML;").await?;
    assert!(!markup.as_str().unwrap().contains("s3cr3t"), "a value is shown");
    browser.close().await
}

async fn the_page_follows_its_tab(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = launch(kind, &lab).await?;
    browser.visit(&lab.url("quiet.test", "/")).await?;
    let tab = browser.site_tab_id().await?;
    let page = browser.open(&browser.extension_url(&format!("devtools.html?tab={tab}"))).await?;
    page.wait_state(&["watching"]).await?;
    lock_out(&browser, &lab, by_id("token_expired").unwrap()).await?;
    page.wait_state(&["incident"]).await?;
    page.wait_for_selector("[data-incident][data-cause=token_expired] [data-token]").await?;
    // Of another tab it shows nothing.
    let other = browser.new_tab().await?;
    other.goto(&lab.url("quiet.test", "/")).await?;
    let number = browser.tab_id_of(&lab.url("quiet.test", "/")).await?;
    let page = browser.open(&browser.extension_url(&format!("devtools.html?tab={number}"))).await?;
    page.wait_state(&["watching"]).await?;
    browser.close().await
}

/// The panel's own part is played by a message like the one that it sends.
async fn what_devtools_show_improves_the_verdict(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = launch(kind, &lab).await?;
    let tab = lock_out(&browser, &lab, by_id("unknown").unwrap()).await?;
    let page = browser.open(&browser.extension_url(&format!("devtools.html?tab={tab}"))).await?;
    page.wait_for_selector("[data-incident][data-cause=unknown]").await?;
    let seen = browser.incidents().await?.pop().context("no incident")?["exchange"].clone();
    let entry = "const { at, url, method, status, tab } = args;
                 const requestHeaders = [
                     { name: 'Cookie', value: 'x=s3cr3t' }, { name: 'Authorization', value: 'Bearer s3cr3t' }];
                 const body = '{\"error\":\"Rate limit exceeded\",\"for\":\"s3cr3t\"}';
                 const details = { at, url, method, status, tab, requestHeaders, responseHeaders: [], body };
                 await chrome.runtime.sendMessage({ kind: 'recorded', details });";
    let mut args = seen.clone();
    args["tab"] = json!(tab);
    browser.extension_eval_with(entry, args).await?;
    page.wait_for_selector("[data-seen-by=devtools]").await?;
    wait_for("the verdict on what was learnt", async || {
        let known = browser.incidents().await?.pop().context("no incident")?;
        Ok((known["diagnosis"]["causes"][0]["cause"] == "locked_or_rate_limited").then_some(()))
    })
    .await?;
    let stored = browser.incidents().await?.pop().context("no incident")?;
    assert_eq!(stored["exchange"]["seenBy"], "devTools");
    assert!(!stored.to_string().contains("s3cr3t"), "{stored}");
    page.wait_for_selector("[data-incident][data-cause=locked_or_rate_limited]").await?;
    browser.close().await
}

/// In Firefox's own DevTools: the words of an error are in the body, which no listener reads.
#[tokio::test]
async fn the_panel_in_devtools_hands_over_what_they_show() -> Result<()> {
    let lab = Lab::start()?;
    let browser = launch(Kind::Firefox, &lab).await?;
    browser.visit(&lab.url("quiet.test", "/")).await?;
    browser.open_devtools().await?;
    lock_out(&browser, &lab, by_id("refresh_failed").unwrap()).await?;
    wait_for("what DevTools show", async || {
        let known = browser.incidents().await?;
        Ok(known.iter().any(|incident| incident["exchange"]["seenBy"] == "devTools").then_some(()))
    })
    .await?;
    browser.close().await
}

/// Where things are, and how large: `[x, y, width]` of the head and of the title, and the body's height.
const PLACES: &str = "
    const place = (one) => {
        const { x, y, width } = one.getBoundingClientRect();
        return [x, y, width].map(Math.round);
    };
    const shown = (...selectors) => selectors.map((one) => document.querySelector(one)).find((one) => one);
    return {
        head: place(shown('.bone.head', 'header')).slice(0, 1),
        title: place(shown('.bone.title', '.title')),
        width: document.body.offsetWidth,
        height: document.body.offsetHeight,
    };";

async fn the_popup_does_not_jump_when_it_is_filled(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = launch(kind, &lab).await?;
    browser.visit(&lab.url("quiet.test", "/")).await?;
    let popup = browser.open_popup(browser.site_tab_id().await?).await?;
    popup.wait_state(&["watching"]).await?;
    let filled = popup.eval(PLACES).await?;
    popup.empty().await?;
    let empty = popup.eval(PLACES).await?;
    assert_eq!(empty, filled, "nothing wrong");
    let tab = lock_out(&browser, &lab, by_id("session_expired").unwrap()).await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    let filled = popup.eval(PLACES).await?;
    popup.empty().await?;
    let empty = popup.eval(PLACES).await?;
    // There is more to say then, and it is said below.
    for part in ["head", "title", "width"] {
        assert_eq!(empty[part], filled[part], "{part}");
    }
    let height = |places: &Value| places["height"].as_u64().unwrap();
    assert!(height(&empty) <= height(&filled), "it would shrink");
    browser.close().await
}

async fn a_page_says_its_language(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = launch(kind, &lab).await?;
    for file in ["popup.html?tab=1", "panel.html?site=quiet.test", "devtools.html?tab=1"] {
        let page = browser.open(&browser.extension_url(file)).await?;
        let said = wait_for("a language", async || {
            let said =
                page.eval("const { lang, dir } = document.documentElement; return [lang, dir];").await?;
            Ok((said[0] != "").then_some(said))
        })
        .await?;
        assert!(said[0].as_str().is_some_and(|lang| lang.starts_with("en")), "{file}: {said}");
        assert_eq!(said[1], "ltr", "{file}");
        page.close().await?;
    }
    browser.close().await
}
