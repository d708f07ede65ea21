//! Two things measured side by side: one after the other, again and again, so that what else the machine
//! does meets both.

use serde_json::{Value, json};

/// One line of the table.
#[derive(Debug)]
pub struct Row {
    /// What is measured, and in which browser.
    pub what: String,
    /// What it is compared to.
    pub reference: String,
    /// Milliseconds, or megabytes.
    pub unit: &'static str,
    /// The goal, in words.
    pub goal: &'static str,
    ours: Vec<f64>,
    theirs: Vec<f64>,
}

impl Row {
    /// A line without a measurement yet.
    pub fn new(what: String, reference: &str, unit: &'static str, goal: &'static str) -> Self {
        Self { what, reference: reference.to_owned(), unit, goal, ours: Vec::new(), theirs: Vec::new() }
    }

    /// Adds a round.
    pub fn push(&mut self, ours: f64, theirs: f64) {
        self.ours.push(ours);
        self.theirs.push(theirs);
    }

    /// For the report and the table: medians, and the middle half of the rounds' ratios.
    pub fn report(&self) -> Value {
        let ratios: Vec<f64> =
            self.ours.iter().zip(&self.theirs).map(|(ours, theirs)| ours / theirs).collect();
        let of = |values: &[f64], part: f64| quantile(values, part).map(|value| (value * 1e3).round() / 1e3);
        json!({
            "what": self.what, "reference": self.reference, "unit": self.unit, "goal": self.goal,
            "rounds": ratios.len(), "ours": of(&self.ours, 0.5), "theirs": of(&self.theirs, 0.5),
            "ratio": of(&ratios, 0.5), "low": of(&ratios, 0.25), "high": of(&ratios, 0.75),
        })
    }
}

/// The value below which a part of all lie; none of nothing.
fn quantile(values: &[f64], part: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    let at = (sorted.len().saturating_sub(1) as f64 * part).round() as usize;
    sorted.get(at).copied()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]
    use super::*;

    #[test]
    fn the_ratio_is_of_rounds_not_of_medians() {
        let mut row = Row::new("x".to_owned(), "y", "ms", "≤ 1");
        assert_eq!(row.report()["ratio"], Value::Null);
        for (ours, theirs) in [(2.0, 1.0), (20.0, 10.0), (300.0, 100.0)] {
            row.push(ours, theirs);
        }
        let report = row.report();
        assert_eq!((&report["ours"], &report["theirs"]), (&json!(20.0), &json!(10.0)));
        assert_eq!(
            (&report["ratio"], &report["low"], &report["high"]),
            (&json!(2.0), &json!(2.0), &json!(3.0))
        );
        assert_eq!(report["rounds"], 3);
    }
}
