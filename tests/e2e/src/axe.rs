//! The check of a page for accessibility, by axe-core: a program of the tests, put into the page by
//! the driver, which the page's own policy does not bind.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{Page, paths};

/// The program; `None` where `cargo xtask setup` could not get it.
pub fn program() -> Option<String> {
    std::fs::read_to_string(paths::axe()).ok()
}

impl Page {
    /// What is wrong with the page, a line each: the rule, what it says, and where.
    pub async fn axe(&self, program: &str) -> Result<Vec<String>> {
        // In one go: Firefox runs each script in a world of its own.
        let js = format!(
            "{program};
             const {{ violations }} = await axe.run(document, {{ resultTypes: ['violations'] }});
             return violations.map(({{ id, impact, help, nodes }}) =>
                 `${{id}} (${{impact}}): ${{help}}: ` + nodes.slice(0, 3).map(({{ html, failureSummary }}) =>
                     `${{html.slice(0, 200)}} [${{failureSummary?.split('\\n').slice(1).join(';').trim()}}]`).join(', '));"
        );
        let found = self.eval(&js).await.context("axe does not run")?;
        let lines = found.as_array().context("no list")?.iter();
        Ok(lines.filter_map(Value::as_str).map(str::to_owned).collect())
    }
}
