//! Every page in every state, in both themes and both directions: nothing that axe-core finds.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use anyhow::Result;
use latchkey_e2e::gallery::VIEWS;
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
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let mut wrong = Vec::new();
    for view in VIEWS {
        let page = view.open(&browser, &lab).await?;
        // Each theme and each direction; colours do not depend on the direction.
        for (dark, right_to_left) in [(false, false), (true, true)] {
            browser.dress(&page, dark).await?;
            page.turn(right_to_left).await?;
            let found = page.axe(&program).await?;
            let theme = if dark { "dark" } else { "light" };
            let turn = if right_to_left { "rtl" } else { "ltr" };
            wrong.extend(
                found.iter().map(|line| format!("{} {} {theme} {turn}: {line}", view.page, view.name)),
            );
        }
        view.leave(&browser, page).await?;
    }
    browser.close().await?;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

async fn the_check_finds_what_is_wrong(kind: Kind) -> Result<()> {
    let Some(program) = axe::program() else { return Ok(()) };
    let lab = Lab::start()?;
    let browser = Browser::launch(kind, &Options::new(lab.port())).await?;
    let page = VIEWS[0].open(&browser, &lab).await?;
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
