//! Waiting for a state, with a deadline.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};

/// How long a state may take to come.
pub const DEADLINE: Duration = Duration::from_secs(15);

/// How often it is looked for.
const INTERVAL: Duration = Duration::from_millis(20);

/// Asks `probe` until it gives a value, for at most [`DEADLINE`]. An error counts as "not yet":
/// a page may be on its way to the next.
pub async fn wait_for<T>(what: &str, probe: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    wait_for_within(DEADLINE, what, probe).await
}

/// The same with a deadline of one's own.
pub async fn wait_for_within<T>(
    deadline: Duration,
    what: &str,
    mut probe: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let begun = Instant::now();
    loop {
        let seen = probe().await;
        if let Ok(Some(value)) = seen {
            return Ok(value);
        }
        if begun.elapsed() > deadline {
            return match seen {
                Err(error) => Err(error),
                Ok(_) => Err(anyhow!("it never came")),
            }
            .with_context(|| format!("waited {} s for {what}", deadline.as_secs()));
        }
        tokio::time::sleep(INTERVAL).await;
    }
}
