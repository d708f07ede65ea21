//! The history panel: search, filters, pages, deletion, export, and all of it by the keyboard.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use anyhow::{Context, Result};
use latchkey_e2e::play::{cookies, history_url, lock_out};
use latchkey_e2e::{Browser, Kind, Options, Page, wait_for};
use latchkey_lab::{Lab, by_id};
use serde_json::{Value, json};

latchkey_e2e::in_both! {
    sites_are_searched_filtered_and_sorted
    a_long_history_is_shown_by_the_page
    one_entry_is_deleted_in_two_steps
    a_site_is_deleted_and_the_others_stay
    all_is_deleted_and_nothing_of_it_is_left
    what_is_saved_is_explained_as_it_was
    a_report_is_seen_before_it_is_copied
    lock_out_fix_history_and_undo_by_the_keyboard
    what_an_earlier_version_kept_is_taken_over
    the_history_opens_beside_the_page
}

/// WebDriver's keys.
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

/// A browser with one lock-out that was solved by a removal, so that there is a copy to be put back.
struct Scene {
    lab: Lab,
    browser: Browser,
}

impl Scene {
    async fn of(kind: Kind) -> Result<Self> {
        let lab = Lab::start()?;
        let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
        let tab = lock_out(&browser, &lab, by_id("session_expired").unwrap()).await?;
        let popup = browser.open_popup(tab).await?;
        popup.wait_state(&["incident"]).await?;
        popup.click("[data-primary]").await?;
        popup.wait_state(&["recovered"]).await?;
        popup.close().await?;
        browser.settle().await?;
        Ok(Self { lab, browser })
    }

    async fn fill(&self, count: usize, sites: usize) -> Result<()> {
        self.browser.fill_history(&self.browser.newest().await?, count, sites).await
    }

    async fn panel(&self) -> Result<Page> {
        let url = history_url(&self.browser, &self.lab, by_id("session_expired").unwrap());
        let panel = self.browser.open(&url).await?;
        panel.wait_state(&["history"]).await?;
        Ok(panel)
    }

    async fn all_sites(&self) -> Result<Page> {
        let panel = self.panel().await?;
        panel.click("[data-action=all-sites]").await?;
        panel.wait_for_selector("[data-site-row]").await?;
        Ok(panel)
    }

    async fn count(&self, store: &str) -> Result<usize> {
        Ok(self.browser.records(store).await?.as_array().context("no list")?.len())
    }
}

/// The values of a data attribute, in the order of the page.
async fn data(page: &Page, selector: &str, name: &str) -> Result<Vec<String>> {
    let js = "return [...document.querySelectorAll(args[0])].map((found) => found.dataset[args[1]]);";
    let found = page.eval_with(js, json!([selector, name])).await?;
    Ok(found.as_array().unwrap().iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Waits until so many rows fit.
async fn matching(page: &Page, wanted: usize) -> Result<()> {
    let selector = format!("[data-matching=\"{wanted}\"]");
    page.wait_for_selector(&selector).await.with_context(|| format!("{wanted} rows"))
}

/// Chooses as a person does, so that the page hears of it.
async fn choose(page: &Page, field: &str, value: &str) -> Result<()> {
    let js = "const field = document.querySelector(`[data-field=${args[0]}]`);
              field.value = args[1];
              if (field.value !== args[1]) throw new Error(`there is no ${args[1]}`);
              field.dispatchEvent(new Event('input', { bubbles: true }));";
    page.eval_with(js, json!([field, value])).await.map(drop)
}

async fn sites_are_searched_filtered_and_sorted(kind: Kind) -> Result<()> {
    let scene = Scene::of(kind).await?;
    // `s0.test` to `s6.test`; the first of them has one more.
    scene.fill(36, 7).await?;
    let panel = scene.all_sites().await?;
    matching(&panel, 8).await?;
    let own = data(&panel, "[data-site-row]", "siteRow").await?.remove(0);
    assert!(own.starts_with(by_id("session_expired").unwrap().host), "the latest first: {own}");
    assert_eq!(data(&panel, "[data-site-row]", "last").await?, vec!["session_expired"; 8]);

    choose(&panel, "sort", "most").await?;
    wait_for("the most often first", async || {
        let first = data(&panel, "[data-site-row]", "siteRow").await?;
        Ok((first.first().map(String::as_str) == Some("s0.test")).then_some(()))
    })
    .await?;
    choose(&panel, "sort", "name").await?;
    wait_for("by name", async || {
        let names = data(&panel, "[data-site-row]", "siteRow").await?;
        Ok((names.len() == 8 && names.is_sorted()).then_some(()))
    })
    .await?;

    // Typed, letter by letter; the field keeps the focus and what stands in it.
    panel.click("[data-field=search]").await?;
    panel.press("S3.TE").await?;
    matching(&panel, 1).await?;
    let js = "const { id, value } = document.activeElement; return [id, value];";
    assert_eq!(panel.eval(js).await?, json!(["search", "S3.TE"]));
    panel.press("nothing").await?;
    matching(&panel, 0).await?;
    assert!(panel.text("[data-matching]").await?.contains("Nothing in the history fits"));
    choose(&panel, "search", "").await?;
    matching(&panel, 8).await?;

    // Solved by a click: one site only. Not solved: all but that.
    choose(&panel, "ending", "fixed").await?;
    matching(&panel, 1).await?;
    choose(&panel, "ending", "ongoing").await?;
    matching(&panel, 7).await?;
    panel.click("[data-action=site][data-site='s0.test']").await?;
    panel.wait_for_selector("[data-incident]").await?;
    matching(&panel, 6).await?;
    assert_eq!(
        data(&panel, "li[data-incident]", "ended").await?,
        ["no", "itself", "itself", "no", "itself", "itself"]
    );
    choose(&panel, "ending", "ongoing").await?;
    matching(&panel, 2).await?;
    assert_eq!(data(&panel, "li[data-incident]", "ended").await?, ["no", "no"]);
    choose(&panel, "cause", "session_expired").await?;
    matching(&panel, 2).await?;
    scene.browser.close().await
}

async fn a_long_history_is_shown_by_the_page(kind: Kind) -> Result<()> {
    let scene = Scene::of(kind).await?;
    scene.fill(612, 2).await?;
    let panel = scene.all_sites().await?;
    panel.click("[data-action=site][data-site='s1.test']").await?;
    matching(&panel, 306).await?;
    let ids = async || data(&panel, "li[data-incident]", "incident").await;
    let all = scene.browser.incidents().await?;
    let mut expected: Vec<&str> =
        all.iter().filter(|one| one["site"] == "s1.test").filter_map(|one| one["id"].as_str()).collect();
    expected.reverse();
    let rows = async |from: usize, to: usize| {
        wait_for(&format!("rows {from} to {to}"), async || {
            Ok((ids().await? == expected[from..to]).then_some(()))
        })
        .await
    };
    rows(0, 50).await?;
    for (from, to) in [(0, 100), (0, 150), (0, 200), (50, 250), (100, 300), (150, 306)] {
        panel.click("[data-action=more]").await?;
        rows(from, to).await?;
        // The keyboard goes on where the new rows begin.
        let js = "return document.activeElement?.dataset.region ?? null;";
        assert_eq!(panel.eval(js).await?, json!(format!("page-{}", (to - 1) / 50)));
    }
    assert!(data(&panel, "[data-action=more]", "action").await?.is_empty(), "that is all");
    for from in [100, 50, 0] {
        panel.click("[data-action=newer]").await?;
        rows(from, from + 200).await?;
    }
    // The same page by page where a filter takes every third.
    choose(&panel, "ending", "ongoing").await?;
    matching(&panel, 102).await?;
    panel.click("[data-action=more]").await?;
    wait_for("a hundred rows", async || Ok((ids().await?.len() == 100).then_some(()))).await?;
    scene.browser.close().await
}

async fn one_entry_is_deleted_in_two_steps(kind: Kind) -> Result<()> {
    let scene = Scene::of(kind).await?;
    assert_eq!((scene.count("incidents").await?, scene.count("undo").await?), (1, 1));
    let panel = scene.panel().await?;
    panel.click("[data-deletes=incident]").await?;
    panel.wait_for_selector("[data-confirm]").await?;
    let says = panel.text("[data-confirm]").await?;
    assert!(
        says.contains("This entry will be deleted") && says.contains("the copy of what a click removed"),
        "{says}"
    );
    assert!(says.contains("What Latchkey has learned"), "the last of its site: {says}");
    // Thought better of it.
    panel.press(ESCAPE).await?;
    panel.wait_for_selector("[data-deletes=incident]:focus").await?;
    assert_eq!(scene.count("incidents").await?, 1);
    panel.click("[data-deletes=incident]").await?;
    panel.click("[data-action=delete-now]").await?;
    panel.wait_for_selector("[data-said]").await?;
    assert_eq!(panel.text("[data-said]").await?, "Deleted: 1 of 1.");
    for store in ["incidents", "undo", "summaries", "sites"] {
        assert_eq!(scene.count(store).await?, 0, "{store}");
    }
    // Nothing brings it back, and the next lock-out is a new one.
    scene.browser.kill_background().await?;
    scene.browser.settle().await?;
    assert_eq!(scene.count("incidents").await?, 0);
    scene.lab.reset(by_id("session_expired").unwrap().host);
    lock_out(&scene.browser, &scene.lab, by_id("session_expired").unwrap()).await?;
    scene.browser.wait_for_incidents(1).await?;
    scene.browser.close().await
}

async fn a_site_is_deleted_and_the_others_stay(kind: Kind) -> Result<()> {
    let scene = Scene::of(kind).await?;
    scene.fill(20, 2).await?;
    let panel = scene.all_sites().await?;
    panel.click("[data-action=site][data-site='s1.test']").await?;
    matching(&panel, 10).await?;
    // One of many: the numbers follow.
    panel.click("[data-deletes=incident]").await?;
    panel.click("[data-action=delete-now]").await?;
    matching(&panel, 9).await?;
    panel.click("[data-deletes=site]").await?;
    panel.wait_for_selector("[data-confirm]").await?;
    assert!(panel.text("[data-confirm]").await?.contains("All 9 entries of s1.test"));
    panel.click("[data-action=delete-now]").await?;
    matching(&panel, 0).await?;
    panel.wait_for_selector("[data-said]").await?;
    assert_eq!(panel.text("[data-said]").await?, "Deleted: 9 of 9.");
    panel.click("[data-action=all-sites]").await?;
    matching(&panel, 2).await?;
    assert_eq!(
        (scene.count("incidents").await?, scene.count("undo").await?, scene.count("sites").await?),
        (11, 1, 1)
    );
    scene.browser.close().await
}

async fn all_is_deleted_and_nothing_of_it_is_left(kind: Kind) -> Result<()> {
    let scene = Scene::of(kind).await?;
    scene.fill(20, 3).await?;
    let panel = scene.all_sites().await?;
    panel.click("[data-deletes=all]").await?;
    panel.wait_for_selector("[data-confirm]").await?;
    let says = panel.text("[data-confirm]").await?;
    assert!(says.contains("All 21 entries") && says.contains("the copy of what a click removed"), "{says}");
    panel.click("[data-action=keep]").await?;
    panel.wait_for_selector("[data-deletes=all]:focus").await?;
    panel.click("[data-deletes=all]").await?;
    panel.click("[data-action=delete-now]").await?;
    matching(&panel, 0).await?;
    panel.wait_for_selector("[data-said]").await?;
    assert_eq!(panel.text("[data-said]").await?, "Deleted: 21 of 21.");
    for store in ["incidents", "undo", "summaries", "sites"] {
        assert_eq!(scene.count(store).await?, 0, "{store}");
    }
    let js = "return (await chrome.storage.local.get('watch')).watch;";
    assert_eq!(
        scene.browser.extension_eval(js).await?,
        json!({ "open": [], "recorded": [], "ignored": [], "off": [] })
    );
    scene.browser.close().await
}

async fn what_is_saved_is_explained_as_it_was(kind: Kind) -> Result<()> {
    let scene = Scene::of(kind).await?;
    let live = scene.browser.newest().await?;
    scene.fill(1_203, 2).await?;
    let panel = scene.panel().await?;
    let (name, text) = panel.saved("[data-action=export][data-format=json]").await?;
    assert!(name.starts_with("latchkey-") && name.ends_with(".json"), "{name}");
    let history: Value = serde_json::from_str(&text)?;
    assert_eq!((&history["format"], &history["version"]), (&json!("latchkey-history"), &json!(1)));
    assert_eq!(history["incidents"].as_array().unwrap().len(), 1);
    assert_eq!(history["incidents"][0]["diagnosis"]["causes"], live["diagnosis"]["causes"]);
    panel.wait_for_selector("[data-said]").await?;

    // A recording says the same to who reads it at a terminal.
    let (name, text) = panel.saved("[data-action=export][data-format=har]").await?;
    assert!(name.ends_with(".har"), "{name}");
    let mut explainer = latchkey::explain::Explainer::default();
    let summary = latchkey::har::read(text.as_bytes(), &mut |seen| explainer.push(seen)).unwrap();
    assert_eq!(summary.past.len(), 1);
    let explained = explainer.finish(&summary);
    assert_eq!(explained.len(), 1);
    let told = serde_json::to_value(&explained[0].diagnosis)?;
    assert_eq!(told["causes"], live["diagnosis"]["causes"]);
    assert_eq!(explained[0].id, live["id"]);

    // All of it, in more than one batch, and no secret in it.
    panel.click("[data-action=all-sites]").await?;
    panel.wait_for_selector("[data-site-row]").await?;
    let (_, text) = panel.saved("[data-action=export][data-format=json]").await?;
    let history: Value = serde_json::from_str(&text)?;
    assert_eq!(history["incidents"].as_array().unwrap().len(), 1_204);
    let jar = cookies(&scene.browser, &scene.lab, by_id("session_expired").unwrap()).await?;
    for cookie in jar.as_array().unwrap() {
        assert!(!text.contains(cookie["value"].as_str().unwrap()), "{cookie}");
    }
    scene.browser.close().await
}

async fn a_report_is_seen_before_it_is_copied(kind: Kind) -> Result<()> {
    let scene = Scene::of(kind).await?;
    let panel = scene.panel().await?;
    panel.click("[data-action=report]").await?;
    for (format, ending, begins) in [("json", ".json", "{"), ("har", ".har", "{"), ("markdown", ".md", "## ")]
    {
        panel.click(&format!("[data-action=format][data-format={format}]")).await?;
        panel.wait_for_selector(&format!("[data-report={format}]")).await?;
        let shown = panel.eval("return document.querySelector('[data-report]').textContent;").await?;
        let (name, text) = panel.saved("[data-action=save]").await?;
        assert_eq!(json!(text), shown, "what is saved is what was seen");
        assert!(name.ends_with(ending) && text.starts_with(begins), "{name}: {text}");
        panel.wait_for_selector("[data-copied]:not(:empty)").await?;
    }
    panel.click("[data-action=copy]").await?;
    wait_for("the word that it was copied", async || {
        Ok((panel.text("[data-copied]").await? == "Copied.").then_some(()))
    })
    .await?;
    scene.browser.close().await
}

async fn lock_out_fix_history_and_undo_by_the_keyboard(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let scenario = by_id("session_expired").unwrap();
    let tab = lock_out(&browser, &lab, scenario).await?;
    let before = cookies(&browser, &lab, scenario).await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    popup.tab_to("[data-primary]").await?;
    popup.press(ENTER).await?;
    popup.wait_state(&["recovered"]).await?;
    assert_ne!(cookies(&browser, &lab, scenario).await?, before);
    popup.close().await?;

    let panel = browser.open(&history_url(&browser, &lab, scenario)).await?;
    panel.wait_state(&["history"]).await?;
    panel.tab_to("[data-action=all-sites]").await?;
    panel.press(ENTER).await?;
    panel.wait_for_selector("[data-site-row]").await?;
    panel.tab_to("[data-field=search]").await?;
    panel.press(&scenario.host[..4]).await?;
    panel.tab_to("[data-action=site]").await?;
    panel.press(ENTER).await?;
    panel.wait_for_selector("[data-action=undo]").await?;
    panel.tab_to("[data-action=undo]").await?;
    panel.press(ENTER).await?;
    panel.wait_for_selector("[data-undone='1']").await?;
    assert_eq!(cookies(&browser, &lab, scenario).await?, before);

    // And away with it.
    panel.tab_to("[data-deletes=incident]").await?;
    panel.press(ENTER).await?;
    panel.wait_for_selector("[data-confirm] [data-focus]:focus").await?;
    panel.tab_to("[data-action=delete-now]").await?;
    panel.press(ENTER).await?;
    panel.wait_for_selector("[data-said]").await?;
    browser.wait_for_incidents(0).await?;
    browser.close().await
}

async fn what_an_earlier_version_kept_is_taken_over(kind: Kind) -> Result<()> {
    let scene = Scene::of(kind).await?;
    scene.fill(30, 3).await?;
    let before = scene.browser.records("incidents").await?;
    let summaries = scene.browser.records("summaries").await?;
    scene.browser.kill_background().await?;
    scene.browser.as_schema_1(&before).await?;
    let panel = scene.all_sites().await?;
    matching(&panel, 4).await?;
    choose(&panel, "ending", "fixed").await?;
    matching(&panel, 1).await?;
    let mut after = scene.browser.records("incidents").await?;
    after.as_array_mut().unwrap().retain(|incident| incident["id"] != "of another kind");
    assert_eq!(after, before);
    assert_eq!(scene.browser.records("summaries").await?, summaries);
    scene.browser.close().await
}

async fn the_history_opens_beside_the_page(kind: Kind) -> Result<()> {
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let tab = lock_out(&browser, &lab, by_id("session_expired").context("no such scenario")?).await?;
    let popup = browser.open_popup(tab).await?;
    popup.wait_state(&["incident"]).await?;
    assert!(!browser.shows_beside().await?);
    popup.click("[data-action=history]").await?;
    wait_for("the history beside the page", async || Ok(browser.shows_beside().await?.then_some(()))).await?;
    browser.close().await
}
