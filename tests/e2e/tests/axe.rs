//! Every page in every state, in both themes and both directions: nothing that axe-core finds.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use anyhow::Result;
use latchkey_e2e::gallery::WINGS;
use latchkey_e2e::{Browser, Kind, Options, axe};
use latchkey_lab::Lab;

latchkey_e2e::in_both! {
    no_page_keeps_anybody_out
    the_check_finds_what_is_wrong
}

async fn no_page_keeps_anybody_out(kind: Kind) -> Result<()> {
    let Some(program) = axe::program() else {
        eprintln!("skipped: no axe-core; `cargo xtask setup` gets it");
        return Ok(());
    };
    let mut wrong = Vec::new();
    for wing in WINGS {
        let lab = Lab::start()?;
        let browser = Browser::launch(kind, &wing.options(Options::new(lab.port()))).await?;
        for (at, view) in wing.views.iter().enumerate() {
            let page = view.open(&browser, &lab).await?;
            // One browser sees it light and from left to right, the other dark and from right to left, and
            // the next one the other way round: each page takes both, and each browser shows both.
            let is_turned = (at % 2 == 0) == (kind == Kind::Firefox);
            browser.dress(&page, is_turned).await?;
            page.turn(is_turned).await?;
            let found = page.axe(&program).await?;
            let how = if is_turned { "dark rtl" } else { "light ltr" };
            wrong.extend(found.iter().map(|line| format!("{} {} {how}: {line}", view.page, view.name)));
            view.leave(&browser, &lab, page).await?;
        }
        browser.close().await?;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

async fn the_check_finds_what_is_wrong(kind: Kind) -> Result<()> {
    let Some(program) = axe::program() else { return Ok(()) };
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let page = WINGS[0].views[0].open(&browser, &lab).await?;
    // Beside what the page draws anew whenever it likes.
    for (js, rule) in [
        ("document.body.append(document.createElement('button'));", "button-name"),
        ("document.documentElement.removeAttribute('lang');", "html-has-lang"),
        (
            "const pale = document.body.appendChild(document.createElement('p'));
             pale.textContent = 'Hard to read';
             Object.assign(pale.style, { color: '#bbb', background: '#ccc' });",
            "color-contrast",
        ),
    ] {
        page.eval(js).await?;
        let found = page.axe(&program).await?;
        assert!(found.iter().any(|line| line.starts_with(rule)), "{rule} is not in {found:?}");
    }
    browser.close().await
}
