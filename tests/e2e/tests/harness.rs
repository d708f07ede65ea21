//! The harness tested with itself, on an extension that only echoes.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Result;
use latchkey_e2e::{Browser, Kind, Options, wait_for};
use latchkey_lab::Lab;
use serde_json::{Value, json};

fn echo(lab: &Lab) -> Options {
    let dist = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/echo"));
    Options { dist, ..Options::new(lab.port()) }
}

async fn walk(kind: Kind) -> Result<()> {
    let begun = Instant::now();
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &echo(&lab)).await?;
    eprintln!("{} launched after {:?}", kind.name(), begun.elapsed());

    let account = lab.url("session-expired.test", "/account");
    browser.visit(&lab.url("session-expired.test", "/start")).await?;
    browser.visit(&account).await?;
    browser.site().wait_lab(&["in"]).await?;
    lab.expire("session-expired.test");
    browser.visit(&account).await?;
    browser.site().wait_lab(&["out"]).await?;

    let tab = browser.tab_id_of(&account).await?;
    assert_eq!(tab, browser.site_tab_id().await?);
    let names = browser
        .extension_eval_with(
            "const all = await chrome.cookies.getAll({ url: args });
             return all.map((cookie) => cookie.name).sort();",
            json!(account),
        )
        .await?;
    assert_eq!(names, json!(["remember", "sid"]));

    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    assert_eq!(popup.causes().await?, ["first", "second"]);
    assert_eq!(popup.fixes().await?, ["retry"]);
    assert_eq!(popup.text("output").await?, format!("tab {tab}, message 1"));
    popup.click("[data-primary]").await?;
    popup.wait_state(&["recovered"]).await?;
    browser.site().wait_lab(&["out"]).await?;
    eprintln!("{} done after {:?}", kind.name(), begun.elapsed());
    browser.close().await
}

#[tokio::test]
async fn walk_chromium() -> Result<()> {
    walk(Kind::Chromium).await
}

#[tokio::test]
async fn walk_firefox() -> Result<()> {
    walk(Kind::Firefox).await
}

/// Kills the background `times` times. Each time a popup that is already open must get a reply,
/// and so must a new one; the count of messages tells that the background began afresh.
async fn kill(kind: Kind, times: usize) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &echo(&lab)).await?;
    let open = browser.open_popup(1).await?;
    open.wait_state(&["incident"]).await?;
    let (mut killing, mut waking) = (Vec::new(), Vec::new());
    for _ in 0..times {
        let begun = Instant::now();
        browser.kill_background().await?;
        killing.push(begun.elapsed());

        let begun = Instant::now();
        open.eval("document.documentElement.dataset.state = 'loading';").await?;
        open.click("[data-primary]").await?;
        open.wait_state(&["recovered"]).await?;
        waking.push(begun.elapsed());
        assert_eq!(open.text("output").await?, "tab 1, message 1");

        browser.kill_background().await?;
        let fresh = browser.open_popup(2).await?;
        fresh.wait_state(&["incident"]).await?;
        assert_eq!(fresh.text("output").await?, "tab 2, message 1");
        fresh.close().await?;
    }
    killing.sort();
    waking.sort();
    for (what, times) in [("kill", killing), ("reply", waking)] {
        let (median, most) = (times[times.len() / 2], times.last().unwrap());
        eprintln!("{} {what}: median {median:?}, most {most:?}", kind.name());
    }
    browser.close().await
}

#[tokio::test]
async fn kill_chromium() -> Result<()> {
    kill(Kind::Chromium, 5).await
}

#[tokio::test]
async fn kill_firefox() -> Result<()> {
    kill(Kind::Firefox, 5).await
}

/// Looks for records while the extension is about to find that there are none, as it does at its first wake: what
/// looks must not leave an empty database behind, in which nothing could be kept.
async fn look(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &echo(&lab)).await?;
    let js = "const opening = indexedDB.open('latchkey', 2);
              const begun = new Promise((done) => {
                  opening.onupgradeneeded = () => {
                      const { result: database, transaction } = opening;
                      const store = database.createObjectStore('any', { keyPath: 'id' });
                      let left = 500;
                      const more = () => {
                          left -= 1;
                          if (left) store.get(1).onsuccess = more;
                          else transaction.abort();
                      };
                      more();
                      done();
                  };
              });
              await begun;";
    browser.extension_eval(js).await?;
    assert_eq!(browser.records("incidents").await?, json!([]));
    let left = "return (await indexedDB.databases()).map(({ name }) => name);";
    assert_eq!(browser.extension_eval(left).await?, json!([]));
    browser.close().await
}

#[tokio::test]
async fn look_chromium() -> Result<()> {
    look(Kind::Chromium).await
}

#[tokio::test]
async fn look_firefox() -> Result<()> {
    look(Kind::Firefox).await
}

/// The last page that the background has seen.
async fn seen(browser: &Browser) -> Result<Value> {
    let js = "return (await chrome.storage.local.get('seen')).seen ?? {};";
    browser.extension_eval(js).await
}

async fn wait_seen(browser: &Browser, url: &str) -> Result<Value> {
    wait_for(&format!("the background to see {url}"), async || {
        let seen = seen(browser).await?;
        Ok((seen["url"] == url).then_some(seen))
    })
    .await
}

/// A request wakes a dead background, but not one that may not look at the site.
async fn wake(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &echo(&lab)).await?;
    let url = |n: &str| lab.url("other.test", &format!("/?{n}"));
    for n in 0..5 {
        browser.kill_background().await?;
        browser.visit(&url(&n.to_string())).await?;
        wait_seen(&browser, &url(&n.to_string())).await?;
    }
    browser.revoke_hosts().await?;
    browser.visit(&url("hidden")).await?;
    browser.grant_hosts().await?;
    browser.visit(&url("shown")).await?;
    // Events come in order, so the hidden one would have been seen by now.
    wait_seen(&browser, &url("shown")).await?;
    browser.close().await?;

    let withheld = Options { grant_hosts: false, ..echo(&lab) };
    let browser = Browser::launch(kind, &withheld).await?;
    let js = "return await chrome.permissions.contains({ origins: ['<all_urls>'] });";
    assert_eq!(browser.extension_eval(js).await?, json!(false));
    browser.visit(&url("withheld")).await?;
    browser.site().wait_lab(&["out"]).await?;
    assert_ne!(seen(&browser).await?["url"], url("withheld"));
    browser.close().await
}

#[tokio::test]
async fn wake_chromium() -> Result<()> {
    wake(Kind::Chromium).await
}

#[tokio::test]
async fn wake_firefox() -> Result<()> {
    wake(Kind::Firefox).await
}

/// Pictures are of the popup alone, and dark and sharp where that is asked for.
async fn picture(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let folder = tempfile::tempdir()?;
    for (dark, scale) in [(false, 1.0), (true, 2.0)] {
        let options = Options { dark, scale, ..echo(&lab) };
        let browser = Browser::launch(kind, &options).await?;
        let popup = browser.open_popup(1).await?;
        popup.wait_state(&["incident"]).await?;
        let file = folder.path().join(format!("{dark}.png"));
        popup.screenshot(&file).await?;
        let (width, height) = size(&file)?;
        assert_eq!(width, 360 * scale as u32);
        assert!(height >= 200 * scale as u32, "{height}");
        let js = "return matchMedia('(prefers-color-scheme: dark)').matches;";
        assert_eq!(popup.eval(js).await?, json!(dark));
        browser.close().await?;
    }
    Ok(())
}

/// The width and height that a PNG's head tells.
fn size(file: &Path) -> Result<(u32, u32)> {
    let bytes = std::fs::read(file)?;
    let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    Ok((side(16), side(20)))
}

#[tokio::test]
async fn picture_chromium() -> Result<()> {
    picture(Kind::Chromium).await
}

#[tokio::test]
async fn picture_firefox() -> Result<()> {
    picture(Kind::Firefox).await
}

/// What happens in a private window is seen where that is allowed.
async fn private(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let options = Options { private_allowed: true, ..echo(&lab) };
    let browser = Browser::launch(kind, &options).await?;
    let url = lab.url("other.test", "/?private");
    let page = browser.open_private(&url).await?;
    page.wait_lab(&["out"]).await?;
    assert_eq!(wait_seen(&browser, &url).await?["incognito"], json!(true));
    browser.close().await
}

#[tokio::test]
async fn private_chromium() -> Result<()> {
    private(Kind::Chromium).await
}

#[tokio::test]
async fn private_firefox() -> Result<()> {
    private(Kind::Firefox).await
}

/// A profile that is given keeps what the extension and the sites stored.
async fn restart(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let profile = tempfile::tempdir()?;
    let options = Options { profile: Some(profile.path().to_owned()), ..echo(&lab) };
    let browser = Browser::launch(kind, &options).await?;
    browser.visit(&lab.url("other.test", "/start")).await?;
    browser.extension_eval("await chrome.storage.local.set({ kept: 1 });").await?;
    browser.close().await?;

    let browser = Browser::launch(kind, &options).await?;
    browser.visit(&lab.url("other.test", "/")).await?;
    browser.site().wait_lab(&["in"]).await?;
    let kept = browser.extension_eval("return await chrome.storage.local.get('kept');").await?;
    assert_eq!(kept, json!({ "kept": 1 }));
    browser.close().await
}

#[tokio::test]
async fn restart_chromium() -> Result<()> {
    restart(Kind::Chromium).await
}

#[tokio::test]
async fn restart_firefox() -> Result<()> {
    restart(Kind::Firefox).await
}

/// A test that fails half-way leaves no process behind.
async fn dropped(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &echo(&lab)).await?;
    let process = browser.process_id().expect("a process id");
    drop(browser);
    wait_for("the browser to be gone", async || {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        // A killed process that nobody has asked after yet is a zombie.
        Ok((stat.is_empty() || stat.contains(") Z ")).then_some(()))
    })
    .await
}

#[tokio::test]
async fn dropped_chromium() -> Result<()> {
    dropped(Kind::Chromium).await
}

#[tokio::test]
async fn dropped_firefox() -> Result<()> {
    dropped(Kind::Firefox).await
}

#[tokio::test]
#[ignore = "takes a minute; for measuring"]
async fn kill_chromium_long() -> Result<()> {
    kill(Kind::Chromium, 50).await
}

#[tokio::test]
#[ignore = "takes a minute; for measuring"]
async fn kill_firefox_long() -> Result<()> {
    kill(Kind::Firefox, 50).await
}
