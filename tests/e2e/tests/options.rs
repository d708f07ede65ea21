//! What a person chooses, and the page after the installation.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use anyhow::Result;
use latchkey_e2e::play::lock_out;
use latchkey_e2e::{Browser, Kind, Options, Page, wait_for};
use latchkey_lab::{Lab, by_id};
use serde_json::{Value, json};

latchkey_e2e::in_both! {
    a_site_that_is_left_alone_stays_quiet_and_says_so
    a_status_that_is_not_watched_survives_the_background
    erasing_leaves_nothing
    what_is_old_goes_once_a_day
    a_lock_out_behind_ones_back_is_notified
    a_sign_in_that_runs_out_is_told_of
    the_first_page_is_opened_once_and_asks_for_access
    an_organisation_chooses
}

async fn options(browser: &Browser) -> Result<Page> {
    let page = browser.open(&browser.extension_url("options.html")).await?;
    page.wait_state(&["options"]).await?;
    Ok(page)
}

/// Waits until the page says so.
async fn says(page: &Page, wanted: &str) -> Result<()> {
    wait_for(&format!("“{wanted}”"), async || {
        Ok(page.text("[data-said]").await?.contains(wanted).then_some(()))
    })
    .await
}

/// Types a site's name and presses "Add".
async fn add(page: &Page, list: &str, site: &str) -> Result<()> {
    let js = "document.querySelector(`#add-${args.list}`).value = args.site;";
    page.eval_with(js, json!({ "list": list, "site": site })).await?;
    page.click(&format!("[data-form={list}] button")).await
}

async fn local(browser: &Browser) -> Result<Value> {
    browser.extension_eval("return await chrome.storage.local.get(null);").await
}

async fn a_site_that_is_left_alone_stays_quiet_and_says_so(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let scenario = by_id("session_expired").unwrap();
    let page = options(&browser).await?;
    add(&page, "ignored", "not a site").await?;
    says(&page, "not a site’s name").await?;
    let host = scenario.host.to_uppercase();
    add(&page, "ignored", &format!("http://{host}/some/page")).await?;
    says(&page, "Saved").await?;
    page.wait_for_selector(&format!("[data-list=ignored] [data-site='{}']", scenario.host)).await?;

    browser.settle().await?;
    let crossed = browser.census().await?.crossed;
    let tab = lock_out(&browser, &lab, scenario).await?;
    assert_eq!(browser.census().await?.crossed, crossed, "nothing reaches the core");
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["off"]).await?;
    assert!(popup.fixes().await?.is_empty() && popup.causes().await?.is_empty());
    browser.wait_for_badge(tab, "").await?;
    assert!(browser.incidents().await?.is_empty());

    popup.click("[data-action=watch]").await?;
    popup.wait_state(&["watching"]).await?;
    browser.site().reload().await?;
    popup.wait_state(&["incident"]).await?;
    browser.wait_for_badge(tab, "!").await?;
    // Left alone again, from the list: what is open there ends, and its end was not seen.
    add(&page, "ignored", scenario.host).await?;
    popup.wait_state(&["off"]).await?;
    browser.wait_for_badge(tab, "").await?;
    let incidents = browser.incidents().await?;
    assert_eq!(incidents.len(), 1);
    assert_eq!(incidents[0]["phase"]["is"], "lapsed");
    // Where a link on its page leads to is another site.
    let unknown = by_id("unknown").unwrap();
    let js = "const link = document.body.appendChild(document.createElement('a'));
              link.href = args;
              link.click();";
    browser.site().eval_with(js, json!(lab.url(unknown.host, unknown.page))).await?;
    browser.wait_for_incidents(2).await?;
    popup.reload().await?;
    popup.wait_state(&["incident"]).await?;
    browser.close().await
}

async fn a_status_that_is_not_watched_survives_the_background(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let page = options(&browser).await?;
    page.click("#status-401").await?;
    says(&page, "Saved").await?;
    browser.kill_background().await?;
    page.reload().await?;
    page.wait_state(&["options"]).await?;
    page.wait_for_selector("#status-401:not(:checked)").await?;
    page.wait_for_selector("#status-403:checked").await?;

    let scenario = by_id("session_expired").unwrap();
    let tab = lock_out(&browser, &lab, scenario).await?;
    browser.settle().await?;
    assert!(browser.incidents().await?.is_empty());
    browser.wait_for_badge(tab, "").await?;
    // The others are watched, and this one again when it is turned on.
    lock_out(&browser, &lab, by_id("unknown").unwrap()).await?;
    browser.wait_for_incidents(1).await?;
    page.click("#status-401").await?;
    page.wait_for_selector("#status-401:checked").await?;
    says(&page, "Saved").await?;
    lab.reset(scenario.host);
    lock_out(&browser, &lab, scenario).await?;
    browser.wait_for_incidents(2).await?;
    browser.close().await
}

async fn erasing_leaves_nothing(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let scenario = by_id("session_expired").unwrap();
    let tab = lock_out(&browser, &lab, scenario).await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    popup.click("[data-primary][data-fix=remove_cookies]").await?;
    popup.wait_state(&["recovered"]).await?;
    let unknown = by_id("unknown").unwrap();
    let tab = lock_out(&browser, &lab, unknown).await?;
    browser.wait_for_badge(tab, "!").await?;
    let page = options(&browser).await?;
    page.wait_for_selector("[data-used-incidents='2']").await?;
    page.wait_for_selector("[data-used-copies='1']").await?;
    add(&page, "ignored", "quiet.test").await?;
    says(&page, "Saved").await?;
    let stores = ["incidents", "sites", "undo", "keys"];
    for store in stores {
        assert_ne!(browser.records(store).await?, json!([]), "{store}");
    }
    assert!(local(&browser).await?["settings"].is_object());

    // A second thought, and then the deed.
    page.click("[data-action=erase]").await?;
    page.click("[data-action=erase-no]").await?;
    page.click("[data-action=erase]").await?;
    page.click("[data-action=erase-yes]").await?;
    says(&page, "Everything is erased").await?;
    for store in stores {
        assert_eq!(browser.records(store).await?, json!([]), "{store}");
    }
    assert_eq!(local(&browser).await?, json!({}));
    let memory =
        browser.extension_eval("return Object.keys(await chrome.storage.session.get(null));").await?;
    let of_sites = |key: &Value| key.as_str().is_some_and(|key| key.contains(':') || key == "tabs");
    assert!(!memory.as_array().unwrap().iter().any(of_sites), "{memory}");
    browser.wait_for_badge(tab, "").await?;
    page.wait_for_selector("[data-used-incidents='0']").await?;
    assert!(page.text("[data-region=ignored]").await?.contains("None so far"));

    // It goes on as if it were new, also in its next life.
    browser.site().reload().await?;
    browser.wait_for_badge(tab, "!").await?;
    browser.wait_for_incidents(1).await?;
    browser.kill_background().await?;
    popup.close().await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    browser.settle().await?;
    assert_eq!(browser.incidents().await?.len(), 1);
    assert_ne!(browser.records("keys").await?, json!([]));
    browser.close().await
}

/// Writes a copy of each closed incident that ended so many days ago, and says that the last daily
/// round was long ago.
const AGE: &str = "
    const wait = (request) => new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
    });
    const database = await wait(indexedDB.open('latchkey'));
    const transaction = database.transaction(['incidents', 'sites', 'undo'], 'readwrite');
    const store = transaction.objectStore('incidents');
    const all = await wait(store.getAll());
    for (const days of args) {
        const at = Date.now() - days * 86400000;
        const id = `${at.toString(16).padStart(12, '0')}-0001`;
        for (const old of all.filter(({ closed }) => closed)) {
            const site = `old-${days}.test`;
            const exchange = { ...old.exchange, site };
            store.put({ ...old, id, site, exchange, firstSeen: at, lastSeen: at, closed: { at, by: null } });
            transaction.objectStore('sites').put({ site, then: [], fixes: [], sights: [] });
            transaction.objectStore('undo').put({ incident: id, until: Date.now() + 86400000 });
        }
    }
    await new Promise((done) => { transaction.oncomplete = done; });
    database.close();
    await chrome.storage.local.set({ routine: { tidied: 0 } });";

async fn what_is_old_goes_once_a_day(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let scenario = by_id("session_expired").unwrap();
    let tab = lock_out(&browser, &lab, scenario).await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    popup.click("[data-primary][data-fix=remove_cookies]").await?;
    popup.wait_state(&["recovered"]).await?;
    popup.close().await?;
    lock_out(&browser, &lab, by_id("unknown").unwrap()).await?;
    browser.wait_for_incidents(2).await?;
    browser.settle().await?;

    let sites = async || {
        let incidents = browser.incidents().await?;
        let site = |incident: &Value| incident["site"].as_str().unwrap_or_default().to_owned();
        anyhow::Ok(incidents.iter().map(site).collect::<Vec<_>>())
    };
    browser.kill_background().await?;
    browser.extension_eval_with(AGE, json!([400, 91, 89])).await?;
    browser.wait_for_incidents(5).await?;
    browser.settle().await?;
    // Of the three that are old the youngest is young enough; what is open stays in any case.
    assert_eq!(
        sites().await?,
        ["old-89.test", scenario.host, "unknown.test"].map(|host| with_port(&browser, host))
    );
    assert_eq!(browser.records("undo").await?.as_array().unwrap().len(), 2);
    let known = browser.records("sites").await?.to_string();
    assert!(
        known.contains("old-89.test") && !known.contains("old-91.test") && !known.contains("old-400.test")
    );
    let tidied = local(&browser).await?["routine"]["tidied"].as_f64().unwrap();
    assert!(tidied > 1.0e12, "{tidied}");

    // Not again on the same day, but at once when less is to be kept.
    browser.kill_background().await?;
    let page = options(&browser).await?;
    browser.settle().await?;
    assert_eq!(browser.incidents().await?.len(), 3);
    let js = "const days = document.querySelector('#days'); days.value = '7';
              days.dispatchEvent(new Event('change', { bubbles: true }));";
    page.eval(js).await?;
    says(&page, "Saved").await?;
    browser.wait_for_incidents(2).await?;
    page.wait_for_selector("[data-used-incidents='2']").await?;
    browser.close().await
}

/// The name under which a history is kept; made-up hosts have no port.
fn with_port(browser: &Browser, host: &str) -> String {
    if host.starts_with("old-") {
        return host.to_owned();
    }
    browser.lab_url(host, "").trim_start_matches("http://").to_owned()
}

/// Begins to note which notifications are shown. Firefox without a screen takes each away at once.
async fn note_notices(page: &Page) -> Result<()> {
    let js = "const { dataset } = document.body;
              dataset.closed = '';
              chrome.notifications.onClosed.addListener((id) => { dataset.closed += `${id} `; });";
    page.eval(js).await.map(drop)
}

async fn notices(page: &Page) -> Result<Vec<String>> {
    let js = "const closed = document.body.dataset.closed.split(' ').filter(Boolean);
              return [...Object.keys(await chrome.notifications.getAll()), ...closed];";
    let all = page.eval(js).await?;
    Ok(all.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect())
}

async fn a_lock_out_behind_ones_back_is_notified(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let granted = vec!["notifications"];
    let browser = Browser::launch(kind, &Options { granted, ..Options::new(lab.port()) }).await?;
    let page = options(&browser).await?;
    note_notices(&page).await?;
    lock_out(&browser, &lab, by_id("unknown").unwrap()).await?;
    browser.wait_for_incidents(1).await?;
    browser.settle().await?;
    assert!(notices(&page).await?.is_empty(), "off at first");
    page.click("#notifications").await?;
    says(&page, "Saved").await?;
    // The options are looked at, in another window, while the site's tab goes on by itself.
    let tab = browser.site_tab_id().await?;
    page.eval("window.focus();").await?;
    let scenario = by_id("session_expired").unwrap();
    let url = lab.url(scenario.host, scenario.page);
    let js = "await chrome.tabs.update(args.tab, { url: args.url });";
    page.eval_with(js, json!({ "tab": tab, "url": url })).await?;
    let shown = wait_for("a notification", async || Ok(notices(&page).await?.pop())).await?;
    let id = browser.incidents().await?.last().unwrap()["id"].as_str().unwrap().to_owned();
    assert_eq!(shown, format!("{id}@{tab}"));
    browser.close().await
}

async fn a_sign_in_that_runs_out_is_told_of(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let granted = vec!["notifications"];
    let browser = Browser::launch(kind, &Options { granted, ..Options::new(lab.port()) }).await?;
    let ends_in = async |days: f64| {
        let js = "const expirationDate = Date.now() / 1000 + args * 86400;
                  await chrome.cookies.set({ url: 'http://quiet.test/', name: 'sid', value: 'x', expirationDate });";
        browser.extension_eval_with(js, json!(days)).await
    };
    ends_in(30.0).await?;
    let page = options(&browser).await?;
    note_notices(&page).await?;
    add(&page, "expiry", "quiet.test").await?;
    says(&page, "Saved").await?;
    let alarm = wait_for("an alarm", async || {
        let js = "return (await chrome.alarms.get('expiry'))?.scheduledTime ?? null;";
        Ok(browser.extension_eval(js).await?.as_f64())
    });
    let now = browser.extension_eval("return Date.now();").await?.as_f64().unwrap();
    let days = (alarm.await? - now) / 86_400_000.0;
    assert!((28.9..29.1).contains(&days), "a day before: in {days} days");
    assert!(notices(&page).await?.is_empty());

    // Its day has come, as far as the background can tell.
    ends_in(0.9).await?;
    browser.kill_background().await?;
    let js = "const { routine } = await chrome.storage.local.get('routine');
              await chrome.storage.local.set({ routine: { ...routine, looked: 0 } });";
    browser.extension_eval(js).await?;
    browser.settle().await?;
    let shown = wait_for("a notification", async || Ok(notices(&page).await?.pop())).await?;
    assert_eq!(shown, "expiry:quiet.test");
    browser.close().await
}

async fn the_first_page_is_opened_once_and_asks_for_access(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    // Opened at the installation: [`Browser::launch`] waited for it.
    let browser = Browser::launch(kind, &Options { grant_hosts: false, ..Options::new(lab.port()) }).await?;
    assert_eq!(local(&browser).await?["welcomed"], true);
    let page = browser.open(&browser.extension_url("welcome.html")).await?;
    page.wait_state(&["welcome"]).await?;
    page.wait_for_selector("[data-access=withheld]").await?;
    page.wait_for_selector("[data-primary][data-action=allow]").await?;
    assert!(page.text("[data-region=privacy]").await?.contains("90 days"));
    assert!(page.text("kbd").await?.contains('L'));
    page.close().await?;
    browser.grant_hosts().await?;
    let page = browser.open(&browser.extension_url("welcome.html")).await?;
    page.wait_for_selector("[data-access=granted]").await?;
    page.click("[data-action=options]").await?;
    let url = browser.extension_url("options.html");
    wait_for("the options", async || browser.tab_id_of(&url).await.map(Some)).await?;
    browser.close().await
}

async fn an_organisation_chooses(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let scenario = by_id("session_expired").unwrap();
    let managed = json!({ "ignoredSites": ["unknown.test"], "retentionDays": 30, "notifications": "wrong",
                          "supportContact": "help@corp.test", "fixesOff": ["remove_cookies"] });
    let options_of = Options { managed: Some(managed), ..Options::new(lab.port()) };
    let browser = Browser::launch(kind, &options_of).await?;
    let page = options(&browser).await?;
    page.wait_for_selector("[data-region=organisation] [data-fix-off=remove_cookies]").await?;
    page.wait_for_selector("#days:disabled").await?;
    page.wait_for_selector("#most:enabled").await?;
    page.wait_for_selector("#notifications:enabled").await?;

    let tab = lock_out(&browser, &lab, by_id("unknown").unwrap()).await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["off"]).await?;
    assert_eq!(popup.eval("return document.querySelector('[data-action=watch]');").await?, Value::Null);
    popup.close().await?;
    let tab = lock_out(&browser, &lab, scenario).await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    popup.wait_for_selector(".title[data-cause=session_expired]").await?;
    popup.wait_for_selector("[data-primary]").await?;
    assert!(!popup.fixes().await?.contains(&"remove_cookies".to_owned()));
    popup.wait_for_selector("[data-support] [href='mailto:help@corp.test']").await?;
    browser.close().await
}
