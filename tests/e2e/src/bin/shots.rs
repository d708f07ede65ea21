//! `cargo xtask shots`: a picture of every page in every state, light and dark, at 100 % and
//! 200 %, under `target/shots`.

use std::path::Path;

use anyhow::{Context, Result};
use latchkey_e2e::play::{history_url, lock_out, play};
use latchkey_e2e::{Browser, Kind, Options};
use latchkey_lab::{Lab, by_id};

#[tokio::main]
async fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/shots");
    for kind in Kind::ALL {
        for (dark, scale) in [(false, 1.0), (false, 2.0), (true, 1.0), (true, 2.0)] {
            let theme = if dark { "dark" } else { "light" };
            let folder = root.join(format!("{}-{theme}-{}", kind.name(), scale * 100.0));
            let _ = std::fs::remove_dir_all(&folder);
            std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
            shoot(kind, dark, scale, &folder).await.with_context(|| folder.display().to_string())?;
            println!("{}", folder.display());
        }
    }
    Ok(())
}

async fn shoot(kind: Kind, dark: bool, scale: f64, folder: &Path) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options { dark, scale, ..Options::new(lab.port()) }).await?;
    let picture = async |page: &latchkey_e2e::Page, name: &str| {
        page.screenshot(&folder.join(format!("{name}.png"))).await
    };
    let unfold = "document.querySelectorAll('details').forEach((fold) => { fold.open = true; });";

    // Nothing wrong, and nothing to be seen.
    browser.visit(&lab.url("quiet.test", "/")).await?;
    let popup = browser.open_popup(browser.site_tab_id().await?).await?;
    popup.wait_state(&["watching"]).await?;
    picture(&popup, "watching").await?;
    popup.close().await?;
    browser.visit("about:blank").await?;
    let popup = browser.open_popup(browser.tab_id_of("about:blank").await?).await?;
    popup.wait_state(&["no-access"]).await?;
    picture(&popup, "no-access").await?;
    popup.close().await?;

    // One lock-out from end to end, then one with everything unfolded.
    let scenario = by_id("session_expired").context("no such scenario")?;
    play(&browser, &lab, scenario, Some(folder)).await?;
    let tab = lock_out(&browser, &lab, scenario).await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    popup.eval(unfold).await?;
    picture(&popup, "unfolded").await?;
    popup.close().await?;

    // A fix that does not help.
    let scenario = by_id("unknown").context("no such scenario")?;
    let tab = lock_out(&browser, &lab, scenario).await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    picture(&popup, "unknown").await?;
    popup.click("[data-primary]").await?;
    popup.wait_state(&["still-locked"]).await?;
    popup.eval(unfold).await?;
    picture(&popup, "still-locked").await?;
    popup.close().await?;

    let panel = browser
        .open(&history_url(&browser, &lab, by_id("session_expired").context("no such scenario")?))
        .await?;
    panel.wait_state(&["history"]).await?;
    panel.click("[data-action=all-sites]").await?;
    panel.wait_for_selector("[data-action=site]").await?;
    picture(&panel, "all-sites").await?;
    panel.close().await?;

    // What is chosen, and the first page.
    let options = browser.open(&browser.extension_url("options.html")).await?;
    options.wait_state(&["options"]).await?;
    options.click("[data-action=erase]").await?;
    options.wait_for_selector("[data-action=erase-yes]").await?;
    picture(&options, "options").await?;
    options.close().await?;
    let welcome = browser.open(&browser.extension_url("welcome.html")).await?;
    welcome.wait_state(&["welcome"]).await?;
    picture(&welcome, "welcome").await?;
    welcome.close().await?;
    browser.visit(&lab.url("quiet.test", "/")).await?;
    let popup = browser.open_popup(browser.site_tab_id().await?).await?;
    popup.wait_state(&["watching"]).await?;
    popup.click("[data-action=ignore]").await?;
    popup.wait_state(&["off"]).await?;
    picture(&popup, "off").await?;
    browser.close().await
}
