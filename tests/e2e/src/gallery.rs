//! Every page of the extension in every state, as a table: for pictures, and for checks that hold of
//! all of them.

mod scene;

use anyhow::{Context, Result};
use latchkey_lab::Lab;
use serde_json::{Value, json};

use crate::session::cdp;
use crate::{Browser, Kind, Options, Page, firefox, wait_for};
use Scene::*;
use Step::*;

/// A page in a state.
pub struct View {
    /// The file, without its ending.
    pub page: &'static str,
    /// The state's name, for files and messages.
    pub name: &'static str,
    scene: Scene,
    /// What the person does then.
    steps: &'static [Step],
    /// The root's `data-state` at the end.
    state: &'static str,
    /// With all folds open?
    unfolded: bool,
}

/// What has happened when the page is opened.
enum Scene {
    /// Nothing at all.
    New,
    /// A page that is fine.
    Quiet,
    /// The tab shows a page of the browser.
    BrowserPage,
    /// The person withholds all sites; the page is opened while that lasts.
    Withheld,
    /// Somebody is locked out, as in this scenario.
    LockedOut(&'static str),
    /// The same, and the big button was clicked.
    Clicked(&'static str),
    /// The same, and the site takes its time.
    Held(&'static str),
    /// A page and a call of its app are refused.
    Several,
    /// The same, and nothing can be kept, as the background says in this word.
    Trouble(&'static str, &'static str),
    /// The records cannot be read.
    Broken,
    /// A site that is not watched, as the person has chosen.
    Ignored,
    /// The person has chosen this and that.
    Chosen,
    /// A month with many lock-outs on many sites.
    Month,
    /// The same, and more sites than a page of the history holds.
    ManySites,
}

/// What a person does on the page, or waits for.
enum Step {
    /// Clicks the first of these.
    Click(&'static str),
    /// Waits for one of these.
    Shows(&'static str),
    /// Types or chooses: in which field, and what.
    Fill(&'static str, &'static str),
}

const fn view(page: &'static str, name: &'static str, scene: Scene, state: &'static str) -> View {
    View { page, name, scene, steps: &[], state, unfolded: false }
}

impl View {
    const fn then(self, steps: &'static [Step]) -> Self {
        Self { steps, ..self }
    }

    const fn unfolded(self) -> Self {
        Self { unfolded: true, ..self }
    }
}

/// The views of one browser, and how it is started.
pub struct Wing {
    /// For messages.
    pub name: &'static str,
    is_managed: bool,
    /// In the order in which they are opened: what has happened for one has happened for those after it.
    pub views: &'static [View],
}

/// All of them.
pub const WINGS: &[Wing] = &[
    Wing { name: "people", is_managed: false, views: VIEWS },
    Wing { name: "managed", is_managed: true, views: MANAGED },
];

const UNDO: &[Step] = &[Click("[data-action=undo]"), Shows("[data-undone]")];
const QUIET: &[Step] =
    &[Click("[data-fold=why] summary"), Click("[data-action=quiet]"), Shows("[data-action=loud]")];
const WRONG: &[Step] =
    &[Click("[data-fold=why] summary"), Click("[data-action=wrong]"), Shows("[data-action=right]")];
const TO_A_SITE: Step = Click("[data-action=site][data-site='shop.example']");
const ENTRY: Step = Shows("[data-incident]");

/// What people see; a page more is a line more.
pub const VIEWS: &[View] = &[
    view("welcome", "granted", New, "welcome"),
    view("options", "plain", New, "options"),
    view("panel", "empty", New, "history"),
    view("popup", "watching", Quiet, "watching"),
    view("popup", "looked", Quiet, "watching")
        .then(&[Click("[data-action=check]"), Shows("[data-checked='200']")]),
    view("popup", "loading", Quiet, "loading"),
    view("popup", "browser-page", BrowserPage, "no-access"),
    view("popup", "off", Ignored, "off"),
    view("popup", "incident", LockedOut("session_expired"), "incident"),
    view("popup", "unfolded", LockedOut("session_expired"), "incident").unfolded(),
    view("popup", "recovered", Clicked("session_expired"), "recovered"),
    view("popup", "undone", Clicked("session_expired"), "recovered").then(UNDO),
    view("popup", "checking", Held("session_expired"), "fixing"),
    view("popup", "at-sign-in", Clicked("bad_credentials"), "fixing"),
    view("popup", "unknown", LockedOut("unknown"), "incident"),
    view("popup", "still-locked", Clicked("unknown"), "still-locked").unfolded(),
    view("popup", "denied", LockedOut("token_expired"), "incident").then(WRONG),
    view("popup", "token", LockedOut("token_expired"), "incident").unfolded(),
    view("popup", "clock", Clicked("clock_skew"), "incident").then(&[Shows("[data-advice=fix_clock]")]),
    view("popup", "for-the-owner", Clicked("cors_preflight_401"), "incident").unfolded(),
    view("popup", "ask-for-access", Clicked("insufficient_scope_by_session"), "incident")
        .then(&[Shows("[data-advice=ask_for_access]")]),
    view("popup", "report", LockedOut("unknown"), "incident").then(&[
        Click("[data-fold=others] summary"),
        Click("[data-fix=copy_report]"),
        Shows("[data-report=markdown]"),
    ]),
    view("popup", "several", Several, "incident").then(&[Shows("[data-region=also] details")]),
    view("popup", "full", Trouble("unknown", "full"), "incident").then(&[Shows("[data-trouble=full]")]),
    view("popup", "refused", Trouble("unknown", "refused"), "incident")
        .then(&[Shows("[data-trouble=refused]")]),
    view("popup", "broken", Broken, "unknown"),
    view("popup", "dismissed", LockedOut("not_logged_in"), "watching").then(QUIET),
    view("devtools", "nothing", Quiet, "watching"),
    view("devtools", "token", LockedOut("token_expired"), "incident").unfolded(),
    view("devtools", "preflight", LockedOut("cors_preflight_401"), "incident").unfolded(),
    view("panel", "all-sites", Month, "history").then(&[Shows(".chart")]).unfolded(),
    view("panel", "site", Month, "history").then(&[TO_A_SITE, ENTRY, Shows(".chart")]),
    view("panel", "nothing-found", Month, "history")
        .then(&[Fill("search", "nowhere"), Shows("[data-matching='0']")]),
    view("panel", "filtered", Month, "history").then(&[
        TO_A_SITE,
        ENTRY,
        Fill("ending", "lapsed"),
        Shows("[data-ended=lapsed]:first-child"),
    ]),
    view("panel", "report", Month, "history").then(&[
        TO_A_SITE,
        ENTRY,
        Click("[data-action=report]"),
        Shows("[data-report=markdown]"),
    ]),
    view("panel", "deletes-one", Month, "history").then(&[
        TO_A_SITE,
        ENTRY,
        Click("[data-deletes=incident]"),
        Shows("[data-confirm]"),
    ]),
    view("panel", "deletes-all", Month, "history").then(&[
        Shows(".chart"),
        Click("[data-deletes=all]"),
        Shows("[data-confirm]"),
    ]),
    view("panel", "deleted", Month, "history").then(&[
        TO_A_SITE,
        ENTRY,
        Click("[data-deletes=incident]"),
        Click("[data-action=delete-now]"),
        Shows("[data-said]"),
    ]),
    view("panel", "many-sites", ManySites, "history").then(&[Shows("[data-action=more]"), Shows(".chart")]),
    view("options", "chosen", Chosen, "options")
        .then(&[Shows("[data-withheld]"), Shows("[data-list=expiry]")]),
    view("options", "not-a-site", Chosen, "options").then(&[
        Fill("#add-ignored", "not a site"),
        Click("[data-form=ignored] button"),
        Shows("[data-said]:not(:empty)"),
    ]),
    view("options", "erasing", Chosen, "options").then(&[Click("#erase"), Shows("#erase-yes")]),
    view("options", "erased", Chosen, "options").then(&[
        Click("#erase"),
        Click("#erase-yes"),
        Shows("[data-said]:not(:empty)"),
    ]),
    // Last: what follows a permission that was taken away is another story.
    view("welcome", "withheld", Withheld, "welcome"),
    view("popup", "withheld", Withheld, "no-access"),
];

/// What an organisation has chosen for them.
const MANAGED: &[View] = &[
    view("welcome", "managed", New, "welcome"),
    view("options", "managed", New, "options").then(&[Shows("[data-fix-off]")]),
    view("popup", "off-managed", Quiet, "off"),
    view("popup", "managed", LockedOut("session_expired"), "incident").then(&[Shows("[data-support]")]),
];

impl Wing {
    /// How its browser is started.
    pub fn options(&self, options: Options) -> Options {
        let managed = || {
            json!({
                "ignoredSites": ["quiet.test", "intranet.example.com"], "statusesOff": [511],
                "notifications": false, "retentionDays": 30, "mostIncidents": 1000,
                "expiryWatch": ["sso.example.com"], "supportContact": "helpdesk@example.com",
                "fixesOff": ["clear_site_data", "try_elsewhere"],
            })
        };
        Options { managed: self.is_managed.then(managed), ..options }
    }
}

impl View {
    /// Brings it about, and opens the page.
    pub async fn open(&self, browser: &Browser, lab: &Lab) -> Result<Page> {
        let opened = self.set(browser, lab).await;
        opened.with_context(|| format!("{} {}", self.page, self.name))
    }

    async fn set(&self, browser: &Browser, lab: &Lab) -> Result<Page> {
        let page = self.scene.set(browser, lab, self.page).await?;
        for step in self.steps {
            match step {
                Click(selector) => page.click(selector).await?,
                Shows(selector) => page.wait_for_selector(selector).await?,
                Fill(field, value) => page.fill(field, value).await?,
            }
        }
        if self.state == "loading" {
            page.wait_state(&["watching"]).await?;
            page.empty().await?;
        }
        page.wait_state(&[self.state]).await?;
        if self.unfolded {
            page.eval("document.querySelectorAll('details').forEach((fold) => { fold.open = true; });")
                .await?;
            if self.page == "popup" {
                // Its cookies are asked for only now.
                page.wait_for_selector("[data-fold=developer] .dev").await?;
            }
        }
        Ok(page)
    }

    /// Puts back what the scene has changed for those after it.
    pub async fn leave(&self, browser: &Browser, lab: &Lab, page: Page) -> Result<()> {
        page.close().await?;
        self.scene.leave(browser, lab).await
    }
}

impl Page {
    /// Shows what the page's file has, as before its program runs.
    pub async fn empty(&self) -> Result<()> {
        let js = "const text = await (await fetch(location.pathname)).text();
                  const file = new DOMParser().parseFromString(text, 'text/html');
                  document.querySelector('main').replaceWith(file.querySelector('main'));
                  document.documentElement.dataset.state = 'loading';
                  // One that goes with what it moves is over as well.
                  await Promise.allSettled(document.getAnimations().map((one) => one.finished));";
        self.eval(js).await.map(drop)
    }

    /// Lets the page run from right to left, whatever its language.
    pub async fn turn(&self, right_to_left: bool) -> Result<()> {
        let dir = if right_to_left { "rtl" } else { "ltr" };
        self.eval_with("document.documentElement.dir = args;", json!(dir)).await.map(drop)
    }

    /// Makes the page so many CSS pixels wide; `None`: as wide as its window. The body plays the window's
    /// part, since no browser makes its windows that small.
    pub async fn narrow(&self, width: Option<u32>) -> Result<()> {
        let js = "const { body } = document;
                  body.style.inlineSize = args ? `${args}px` : '';
                  // What is fixed to the window keeps to it as well.
                  body.style.contain = args ? 'layout' : '';";
        self.eval_with(js, json!(width)).await.map(drop)
    }

    /// Types into a field or chooses in it, as far as the page can tell.
    async fn fill(&self, field: &str, value: &str) -> Result<()> {
        let selector =
            if field.starts_with('#') { field.to_owned() } else { format!("[data-field={field}]") };
        self.wait_for_selector(&selector).await?;
        let js = "const field = document.querySelector(args[0]);
                  field.value = args[1];
                  field.dispatchEvent(new Event('input', { bubbles: true }));";
        self.eval_with(js, json!([selector, value])).await.map(drop)
    }
}

impl Browser {
    /// Asks a page for its dark colours, or its light ones.
    pub async fn dress(&self, page: &Page, dark: bool) -> Result<()> {
        let turn = self.session.at(page.window()).await?;
        match self.kind() {
            Kind::Chromium => {
                let value = if dark { "dark" } else { "light" };
                let features = json!([{ "name": "prefers-color-scheme", "value": value }]);
                turn.cmd(cdp("Emulation.setEmulatedMedia", json!({ "features": features }))).await?;
            }
            Kind::Firefox => firefox::dress(&turn, dark).await?,
        }
        drop(turn);
        let js = "return matchMedia('(prefers-color-scheme: dark)').matches;";
        wait_for("the colours", async || Ok((page.eval(js).await? == Value::Bool(dark)).then_some(()))).await
    }
}

#[cfg(test)]
mod tests {
    use super::WINGS;

    #[test]
    fn every_state_of_every_page_is_in_the_table() -> anyhow::Result<()> {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
        let views = || WINGS.iter().flat_map(|wing| wing.views);
        let source = std::fs::read_to_string(format!("{root}/src/view.rs"))?;
        let states: Vec<&str> = source
            .lines()
            .filter_map(|line| line.trim().strip_prefix("Self::")?.split_once("=> \"")?.1.strip_suffix("\","))
            .collect();
        assert!(states.len() > 5, "{states:?}");
        for state in states {
            assert!(views().any(|view| view.state == state), "no view shows {state}");
        }
        for file in std::fs::read_dir(format!("{root}/extension"))? {
            let path = file?.path();
            let page = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            if path.extension().is_some_and(|ending| ending == "html")
                && std::fs::read_to_string(&path)?.contains("<main")
            {
                assert!(views().any(|view| view.page == page), "no view of {page}.html");
            }
        }
        Ok(())
    }
}
