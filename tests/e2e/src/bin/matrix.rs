//! `cargo xtask matrix`: every scenario of the practice site in each browser, a line each, and what
//! it comes to in numbers.

use std::process::ExitCode;

use anyhow::{Result, bail};
use latchkey_e2e::trial::{Trial, try_out};
use latchkey_e2e::{Browser, Kind, Options, arguments};
use latchkey_lab::{Expect, Lab, SCENARIOS, Scenario};
use serde_json::{Map, Value, json};

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let wanted = arguments::read()?;
    let fits = |scenario: &&Scenario| {
        let about = |name: &str| wanted.has(name);
        about(scenario.id)
            || about(scenario.host)
            || matches!(scenario.expect, Expect::LockOut { cause: Some(cause), .. } if about(cause))
    };
    let scenarios: Vec<&Scenario> = SCENARIOS.iter().filter(fits).collect();
    if scenarios.is_empty() {
        bail!("no scenario has that in its name");
    }
    let mut all = Totals::default();
    let mut browsers = Map::new();
    let mut is_fine = true;
    for kind in &wanted.kinds {
        let rows = drive(*kind, &scenarios, wanted.json).await?;
        let totals = Totals::of(&rows, kind.name());
        is_fine &= rows.iter().all(|(scenario, trial)| trial.amiss(scenario, kind.name()).is_empty());
        if !wanted.json {
            println!("{}: {}\n", kind.name(), totals.text());
        }
        let rows: Vec<Value> =
            rows.iter().map(|(scenario, trial)| as_json(scenario, trial, kind.name())).collect();
        browsers.insert(kind.name().to_owned(), json!({ "scenarios": rows, "totals": totals.json() }));
        all.add(&totals);
    }
    if wanted.json {
        println!("{:#}", json!({ "browsers": browsers, "totals": all.json(), "asExpected": is_fine }));
    } else {
        println!("together: {}", all.text());
    }
    Ok(if is_fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

type Row<'a> = (&'a Scenario, Trial);

/// Tries them in one browser, and says each as soon as it is known.
async fn drive<'a>(kind: Kind, scenarios: &[&'a Scenario], json: bool) -> Result<Vec<Row<'a>>> {
    let lab = Lab::start()?;
    let options = Options { private_allowed: true, ..Options::of(&lab)? };
    let mut browser = Browser::launch(kind, &options).await?;
    if !json {
        println!("{}", line(kind.name(), ["cause", "noticed", "rank", "pressed", "back in", "kept"]));
    }
    let mut rows = Vec::new();
    for scenario in scenarios {
        let trial = try_out(&browser, &lab, scenario).await;
        if !json {
            println!("{}", text(scenario, &trial, kind.name()));
        }
        if trial.trouble.is_some() {
            // Whatever it left behind, the next one begins with nothing.
            let _ = browser.close().await;
            browser = Browser::launch(kind, &options).await?;
        }
        rows.push((*scenario, trial));
    }
    browser.close().await?;
    Ok(rows)
}

fn yes(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

fn line(name: &str, [cause, noticed, rank, pressed, back_in, kept]: [&str; 6]) -> String {
    let text = format!("{name:<34} {cause:<29} {noticed:<8} {rank:<5} {pressed:<34} {back_in:<10} {kept:<5}");
    text.trim_end().to_owned()
}

fn text(scenario: &Scenario, trial: &Trial, browser: &str) -> String {
    let amiss = trial.amiss(scenario, browser);
    let mut text = match scenario.expect_in(browser) {
        Expect::Quiet => {
            line(scenario.id, ["-", if trial.noticed { "NOT QUIET" } else { "quiet" }, "", "", "", ""])
        }
        Expect::LockOut { cause, one_click, .. } => {
            let rank = trial.rank(scenario, browser).map_or("-".to_owned(), |rank| rank.to_string());
            let back_in = match (one_click, trial.said) {
                (true, _) => yes(trial.back_in),
                (false, true) => "elsewhere",
                (false, false) => "-",
            };
            let pressed = trial.pressed.join(", ");
            let kept = yes(trial.kept);
            line(scenario.id, [cause.unwrap_or("-"), yes(trial.noticed), &rank, &pressed, back_in, kept])
        }
    };
    if let Some(differs) = scenario.differs_in(browser) {
        text += &format!("\n    here: {}", differs.because);
    }
    if !amiss.is_empty() {
        text += &format!("\n    NOT AS EXPECTED: {} (named: {})", amiss.join(", "), trial.causes.join(", "));
    }
    if let Some(trouble) = &trial.trouble {
        text += &format!("\n    {}", trouble.replace('\n', "\n    "));
    }
    text
}

fn as_json(scenario: &Scenario, trial: &Trial, browser: &str) -> Value {
    let amiss = trial.amiss(scenario, browser);
    let mut row = json!({ "scenario": scenario.id, "amiss": amiss, "trouble": trial.trouble });
    if let Some(differs) = scenario.differs_in(browser) {
        row["because"] = json!(differs.because);
    }
    let more = match scenario.expect_in(browser) {
        Expect::Quiet => json!({ "quiet": !trial.noticed && trial.trouble.is_none() }),
        Expect::LockOut { cause, one_click, .. } => json!({
            "cause": cause, "or": scenario.or, "noticed": trial.noticed, "status": trial.status,
            "causes": trial.causes, "rank": trial.rank(scenario, browser), "pressed": trial.pressed,
            "aClickCan": one_click, "backIn": trial.back_in, "said": trial.said, "kept": trial.kept,
        }),
    };
    if let (Value::Object(row), Value::Object(more)) = (&mut row, more) {
        row.extend(more);
    }
    row
}

/// So many, of so many.
#[derive(Default, Clone, Copy)]
struct Share(usize, usize);

impl Share {
    fn count(&mut self, fine: bool) {
        self.0 += usize::from(fine);
        self.1 += 1;
    }
}

/// What it comes to.
#[derive(Default)]
struct Totals {
    noticed: Share,
    first: Share,
    back_in: Share,
    said: Share,
    kept: Share,
    quiet: Share,
}

impl Totals {
    fn of(rows: &[Row<'_>], browser: &str) -> Self {
        let mut totals = Self::default();
        for (scenario, trial) in rows {
            match scenario.expect_in(browser) {
                Expect::Quiet => totals.quiet.count(!trial.noticed && trial.trouble.is_none()),
                Expect::LockOut { cause, fix, one_click, .. } => {
                    totals.noticed.count(trial.noticed);
                    totals.kept.count(trial.kept);
                    if cause.is_some() {
                        totals.first.count(trial.rank(scenario, browser) == Some(1));
                    }
                    match (fix, one_click) {
                        (None, _) => {}
                        (Some(_), true) => totals.back_in.count(trial.back_in),
                        (Some(fix), false) => {
                            totals
                                .said
                                .count(trial.said && trial.pressed.first().is_some_and(|one| one == fix));
                        }
                    }
                }
            }
        }
        totals
    }

    fn named(&self) -> [(&'static str, &'static str, Share); 6] {
        [
            ("noticed", "noticed", self.noticed),
            ("true cause first", "first", self.first),
            ("back in by a click, where one can", "backIn", self.back_in),
            ("otherwise the right instruction", "said", self.said),
            ("everything else kept", "kept", self.kept),
            ("quiet", "quiet", self.quiet),
        ]
    }

    fn add(&mut self, other: &Self) {
        let own = [
            &mut self.noticed,
            &mut self.first,
            &mut self.back_in,
            &mut self.said,
            &mut self.kept,
            &mut self.quiet,
        ];
        for (share, (_, _, more)) in own.into_iter().zip(other.named()) {
            share.0 += more.0;
            share.1 += more.1;
        }
    }

    fn text(&self) -> String {
        self.named().map(|(name, _, Share(of, all))| format!("{name} {of}/{all}")).join(", ")
    }

    fn json(&self) -> Value {
        let shares =
            self.named().map(|(_, key, Share(of, all))| (key.to_owned(), json!({ "of": all, "are": of })));
        Value::Object(shares.into_iter().collect())
    }
}
