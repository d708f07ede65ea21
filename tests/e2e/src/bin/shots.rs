//! `cargo xtask shots`: a picture of every page in every state, light and dark, in several languages, at
//! 100 % and 200 %, under `target/shots`. What there is to be seen is the table of the gallery.
//!
//! Words that are given choose among the pictures: `cargo xtask shots firefox dark popup`.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use latchkey_e2e::gallery::{View, WINGS, Wing};
use latchkey_e2e::{Browser, Kind, Options};
use latchkey_lab::Lab;
use serde_json::{Value, json};

/// A short one, one of long words, and one from right to left.
const LANGUAGES: [&str; 3] = ["en", "de", "ar"];

const THEMES: [(&str, bool); 2] = [("light", false), ("dark", true)];

#[tokio::main]
async fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/shots");
    for kind in Kind::ALL {
        for (language, scale) in LANGUAGES.into_iter().flat_map(|language| [(language, 1), (language, 2)]) {
            for wing in WINGS {
                let set = Set { kind, language, scale, wing };
                set.shoot(&root, &words).await.with_context(|| set.name("light"))?;
            }
        }
    }
    store(&root, &words).await
}

/// The stores' pictures, of those that are there by now.
async fn store(root: &Path, words: &[String]) -> Result<()> {
    let frames = root.join("../../extension/store/pictures.html").canonicalize()?;
    let lab = Lab::start()?;
    let browser =
        Browser::launch(Kind::Chromium, &Options { bare: true, ..Options::new(lab.port()) }).await?;
    let page = browser.open(&format!("file://{}", frames.display())).await?;
    let names =
        page.eval("return Array.from(document.querySelectorAll('section'), (one) => one.id);").await?;
    for name in names.as_array().into_iter().flatten().filter_map(Value::as_str) {
        let file = format!("store/{name}.png");
        if !words.iter().all(|word| file.contains(word.as_str())) {
            continue;
        }
        page.eval_with("location.hash = args;", json!(name)).await?;
        let lacking = page.eval_with(LACKING, json!(name)).await?;
        ensure!(lacking == json!([]), "first take the pictures that {file} is made of: {lacking}");
        page.screenshot(&root.join(&file)).await?;
        println!("{file}");
    }
    browser.close().await
}

/// What of a picture cannot be shown.
const LACKING: &str = "
    const images = Array.from(document.getElementById(args).querySelectorAll('img'));
    await Promise.allSettled(images.map((image) => image.decode()));
    return images.filter((image) => !image.naturalWidth).map((image) => image.getAttribute('src'));";

/// What one browser shows.
struct Set {
    kind: Kind,
    language: &'static str,
    /// Device pixels of a CSS pixel.
    scale: u32,
    wing: &'static Wing,
}

impl Set {
    fn name(&self, theme: &str) -> String {
        format!("{}-{}-{theme}-{}", self.kind.name(), self.language, self.scale * 100)
    }

    /// The pictures of a view that are wanted: the file, whether it is dark, and how wide the page is.
    fn pictures(&self, view: &View, words: &[String]) -> Vec<(String, bool, Option<u32>)> {
        let mut all = Vec::new();
        for (theme, dark) in THEMES {
            for (ending, width) in widths(view.page, self.scale) {
                let file = format!("{}/{}-{}{ending}.png", self.name(theme), view.page, view.name);
                all.push((file, dark, *width));
            }
        }
        all.retain(|(file, ..)| words.iter().all(|word| file.contains(word.as_str())));
        all
    }

    async fn shoot(&self, root: &Path, words: &[String]) -> Result<()> {
        if self.wing.views.iter().all(|view| self.pictures(view, words).is_empty()) {
            return Ok(());
        }
        let lab = Lab::start()?;
        let options = Options {
            scale: f64::from(self.scale),
            language: Some(self.language),
            ..self.wing.options(Options::new(lab.port()))
        };
        let browser = Browser::launch(self.kind, &options).await?;
        for view in self.wing.views {
            let pictures = self.pictures(view, words);
            if pictures.is_empty() {
                continue;
            }
            let page = view.open(&browser, &lab).await?;
            for (file, dark, width) in pictures {
                browser.dress(&page, dark).await?;
                page.narrow(width).await?;
                page.screenshot(&root.join(&file)).await?;
                println!("{file}");
            }
            view.leave(&browser, &lab, page).await?;
        }
        browser.close().await
    }
}

/// How wide a page is shown, in CSS pixels: a side panel as browsers open it, what is left of a window when
/// it is enlarged, and as little as anybody has (WCAG 2.2, criterion 1.4.10).
fn widths(page: &str, scale: u32) -> &'static [(&'static str, Option<u32>)] {
    match (page, scale) {
        ("popup", _) => &[("", None)],
        ("panel", 1) => &[("", Some(420)), ("-320", Some(320))],
        ("panel", _) => &[("", Some(320))],
        ("options" | "welcome", 1) => &[("", None), ("-320", Some(320))],
        (_, 1) => &[("", None)],
        _ => &[("", Some(500))],
    }
}
