//! A short soak: lock-outs, fixes and undos while the background is killed at random moments.
//! `cargo xtask soak` is the long one.

use latchkey_e2e::{Kind, soak};

latchkey_e2e::in_both! {
    nothing_is_lost_when_the_background_is_killed
}

async fn nothing_is_lost_when_the_background_is_killed(kind: Kind) -> anyhow::Result<()> {
    let tally = soak::soak(kind, 14, 20_261_121).await?;
    println!("{}: {tally}", kind.name());
    assert!(tally.is_fine(), "{tally:#?}");
    Ok(())
}
