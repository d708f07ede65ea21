//! One tab, whatever is shown in it.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use thirtyfour::error::WebDriverError;
use thirtyfour::error::WebDriverErrorInner::StaleElementReference;
use thirtyfour::{By, WindowHandle};

use crate::session::Session;
use crate::wait_for;

/// A tab or a window with one tab.
#[derive(Clone)]
pub struct Page {
    session: Arc<Session>,
    window: WindowHandle,
}

impl Page {
    pub(crate) fn new(session: Arc<Session>, window: WindowHandle) -> Self {
        Self { session, window }
    }

    pub(crate) fn window(&self) -> &WindowHandle {
        &self.window
    }

    /// Goes to an address and waits for it to load. An error page is a page too: what came can
    /// be told by [`Page::wait_lab`] or [`Page::wait_state`].
    pub async fn goto(&self, url: &str) -> Result<()> {
        let turn = self.session.at(&self.window).await?;
        turn.goto(url).await.with_context(|| format!("cannot go to {url}"))
    }

    /// The address that is shown.
    pub async fn url(&self) -> Result<String> {
        Ok(self.session.at(&self.window).await?.current_url().await?.to_string())
    }

    /// Loads the page again.
    pub async fn reload(&self) -> Result<()> {
        Ok(self.session.at(&self.window).await?.refresh().await?)
    }

    /// Runs the body of an async function in the page; what it returns must be plain data.
    pub async fn eval(&self, js: &str) -> Result<Value> {
        self.session.eval(&self.window, js, Value::Null).await
    }

    /// The same with a value that the script finds in `args`.
    pub async fn eval_with(&self, js: &str, args: Value) -> Result<Value> {
        self.session.eval(&self.window, js, args).await
    }

    /// Waits until the root's `data-state` is one of the given, and returns it.
    pub async fn wait_state(&self, wanted: &[&str]) -> Result<String> {
        self.wait_data("[data-state]", "state", wanted).await
    }

    /// Waits until the practice site's `<body data-lab>` is one of the given, and returns it.
    pub async fn wait_lab(&self, wanted: &[&str]) -> Result<String> {
        self.wait_data("body[data-lab]", "lab", wanted).await
    }

    async fn wait_data(&self, selector: &str, key: &str, wanted: &[&str]) -> Result<String> {
        let js = "return document.querySelector(args.selector)?.dataset[args.key] ?? null;";
        let args = json!({ "selector": selector, "key": key });
        let seen = wait_for("a state", async || {
            let value = self.eval_with(js, args.clone()).await?;
            Ok(value.as_str().filter(|word| wanted.contains(word)).map(str::to_owned))
        })
        .await;
        match seen {
            Ok(word) => Ok(word),
            Err(error) => Err(error.context(self.describe(key, wanted).await)),
        }
    }

    /// What a failed wait prints: everything that one would look at.
    async fn describe(&self, key: &str, wanted: &[&str]) -> String {
        let js = "return `${location.href}\\n` +
            `states: ${[...document.querySelectorAll('[data-state], [data-lab]')]
                .map((e) => JSON.stringify({ ...e.dataset })).join(' ')}\\n` +
            `text: ${document.body?.innerText}`;";
        let page = match self.eval(js).await {
            Ok(value) => value.as_str().unwrap_or_default().to_owned(),
            Err(error) => format!("(cannot be read: {error:#})"),
        };
        format!("data-{key} never became one of {wanted:?}\n{page}")
    }

    /// The ids of the causes shown, in their order.
    pub async fn causes(&self) -> Result<Vec<String>> {
        self.ids("cause").await
    }

    /// The ids of the fixes shown, in their order.
    pub async fn fixes(&self) -> Result<Vec<String>> {
        self.ids("fix").await
    }

    async fn ids(&self, key: &str) -> Result<Vec<String>> {
        let js = "return [...document.querySelectorAll(`[data-${args}]`)]
                    .map((element) => element.dataset[args]);";
        let ids = self.eval_with(js, json!(key)).await?;
        let words = ids.as_array().context("no list")?.iter();
        Ok(words.filter_map(Value::as_str).map(str::to_owned).collect())
    }

    /// Clicks the first match as a person would, with the rights that a click gives. Waits for it
    /// to be there and to be clickable.
    pub async fn click(&self, selector: &str) -> Result<()> {
        wait_for(&format!("a click on {selector}"), async || {
            let turn = self.session.at(&self.window).await?;
            turn.find(By::Css(selector)).await?.click().await?;
            Ok(Some(()))
        })
        .await
    }

    /// Opens one of the popup's folds.
    pub async fn unfold(&self, fold: &str) -> Result<()> {
        self.wait_for_selector(&format!("[data-fold={fold}]")).await?;
        let js = "document.querySelector(`[data-fold=${args}]`).open = true;";
        self.eval_with(js, json!(fold)).await.map(drop)
    }

    /// Clicks a fix that is not the big button, among the other things to try.
    pub async fn try_other(&self, fix: &str) -> Result<()> {
        self.unfold("others").await?;
        self.click(&format!("[data-fold=others] [data-fix={fix}]")).await
    }

    /// Presses keys where the focus is: a text, or one of WebDriver's keys.
    pub async fn press(&self, keys: impl AsRef<str>) -> Result<()> {
        let turn = self.session.at(&self.window).await?;
        Ok(turn.active_element().await?.send_keys(keys.as_ref()).await?)
    }

    /// Goes on by the Tab key until the focus is on a match, as who has no mouse must.
    pub async fn tab_to(&self, selector: &str) -> Result<()> {
        const MOST: usize = 120;
        let js = "return document.activeElement?.matches(args) ?? false;";
        for _ in 0..MOST {
            if self.eval_with(js, json!(selector)).await? == Value::Bool(true) {
                return Ok(());
            }
            self.press("\u{e004}").await?;
        }
        anyhow::bail!("the Tab key does not lead to {selector}")
    }

    /// The text of the first match, as it is shown.
    pub async fn text(&self, selector: &str) -> Result<String> {
        let turn = self.session.at(&self.window).await?;
        loop {
            let found = turn.find(By::Css(selector)).await;
            let text = found.with_context(|| format!("no {selector}"))?.text().await;
            // A page that was patched in between has another in its place.
            let is_stale = |error: &WebDriverError| matches!(**error, StaleElementReference(_));
            if !text.as_ref().is_err_and(is_stale) {
                return Ok(text?);
            }
        }
    }

    /// Saves a picture of the page's body at its natural size: for a popup, all of the popup.
    pub async fn screenshot(&self, path: &Path) -> Result<()> {
        let turn = self.session.at(&self.window).await?;
        let size =
            turn.execute("return [document.body.scrollWidth, document.body.scrollHeight];", vec![]).await?;
        let side = |n: usize| size.json()[n].as_u64().and_then(|side| u32::try_from(side).ok());
        let (width, height) = side(0).zip(side(1)).context("the page has no size")?;
        // Chromium cuts the picture at the window's edge; the rest is room for its frame.
        turn.set_window_rect(0, 0, width.max(500) + 100, height.max(600) + 200).await?;
        let body = turn.find(By::Tag("body")).await?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, body.screenshot_as_png().await?)?;
        Ok(())
    }

    /// Closes the tab.
    pub async fn close(self) -> Result<()> {
        Ok(self.session.at(&self.window).await?.close_window().await?)
    }
}
