//! `cargo xtask shots`: a picture of every page in every state, light and dark, in several languages, at
//! 100 % and 200 %, under `target/shots`. What there is to be seen is the table of the gallery.
//!
//! Words that are given choose among the pictures: `cargo xtask shots firefox dark popup`.

use std::path::Path;

use anyhow::{Context, Result};
use latchkey_e2e::gallery::VIEWS;
use latchkey_e2e::{Browser, Kind, Options};
use latchkey_lab::Lab;

/// A language that the browser or the extension lacks shows itself in English; the direction is the
/// language's own all the same.
const LANGUAGES: [(&str, bool); 3] = [("en", false), ("de", false), ("ar", true)];

#[tokio::main]
async fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/shots");
    for kind in Kind::ALL {
        for (language, right_to_left) in LANGUAGES {
            // Room for letters is the same question in every language.
            let scales: &[f64] = if language == "en" { &[1.0, 2.0] } else { &[1.0] };
            for scale in scales {
                let set = Set { kind, language, right_to_left, scale: *scale };
                set.shoot(&root, &words).await.with_context(|| set.name("light"))?;
            }
        }
    }
    Ok(())
}

/// What one browser shows.
struct Set {
    kind: Kind,
    language: &'static str,
    right_to_left: bool,
    scale: f64,
}

impl Set {
    fn name(&self, theme: &str) -> String {
        format!("{}-{}-{theme}-{}", self.kind.name(), self.language, self.scale * 100.0)
    }

    async fn shoot(&self, root: &Path, words: &[String]) -> Result<()> {
        let is_wanted = |picture: &str| words.iter().all(|word| picture.contains(word.as_str()));
        let picture = |theme: &str, page: &str, name: &str| format!("{}/{page}-{name}.png", self.name(theme));
        let themes = |page: &str, name: &str| {
            let all = [("light", false), ("dark", true)];
            all.into_iter().filter(|(theme, _)| is_wanted(&picture(theme, page, name))).collect::<Vec<_>>()
        };
        if VIEWS.iter().all(|view| themes(view.page, view.name).is_empty()) {
            return Ok(());
        }
        let lab = Lab::start()?;
        let options =
            Options { scale: self.scale, language: Some(self.language), ..Options::new(lab.port()) };
        let browser = Browser::launch(self.kind, &options).await?;
        for view in VIEWS {
            let themes = themes(view.page, view.name);
            if themes.is_empty() {
                continue;
            }
            let page = view.open(&browser, &lab).await?;
            page.turn(self.right_to_left).await?;
            for (theme, dark) in themes {
                browser.dress(&page, dark).await?;
                let file = picture(theme, view.page, view.name);
                page.screenshot(&root.join(&file)).await?;
                println!("{file}");
            }
            view.leave(&browser, page).await?;
        }
        browser.close().await
    }
}
