//! `cargo xtask matrix --fixes`: each fix in each place where a site keeps its data, in real
//! browsers, and whether it took exactly what it said and gave it back.

use anyhow::{Result, bail};
use latchkey_e2e::mends::{CELLS, Cell, Place, mend};
use latchkey_e2e::{Kind, arguments};
use serde_json::json;

#[tokio::main]
async fn main() -> Result<()> {
    let wanted = arguments::read()?;
    let mut rows = Vec::new();
    if !wanted.json {
        println!("{}", line(["browser", "place", "fix", "done", "scope", "undone", "kept", ""]));
    }
    for kind in &wanted.kinds {
        for place in Place::ALL.iter().filter(|place| place.is_in(*kind)) {
            let cells = CELLS.iter().filter(|cell| cell.is_at(*place) && wanted.has(&cell.name(*place)));
            for cell in cells {
                let row = match mend(*kind, *place, cell).await {
                    Ok(row) => row,
                    Err(error) => Cell::broken(format!("{error:#}")),
                };
                if !wanted.json {
                    let columns = row.columns();
                    let [done, scope, undone, kept, note] = columns.each_ref().map(String::as_str);
                    println!(
                        "{}",
                        line([kind.name(), place.name(), cell.fix, done, scope, undone, kept, note])
                    );
                }
                rows.push((*kind, *place, cell.fix, row));
            }
        }
    }
    let count = |kind: Kind| {
        let of: Vec<_> = rows.iter().filter(|row| row.0 == kind).collect();
        (of.iter().filter(|row| row.3.holds()).count(), of.len())
    };
    if wanted.json {
        let all: Vec<_> = rows
            .iter()
            .map(|(kind, place, fix, row)| {
                json!({ "browser": kind.name(), "place": place.name(), "fix": fix, "cell": row.columns(),
                        "holds": row.holds() })
            })
            .collect();
        println!("{}", serde_json::to_string_pretty(&all)?);
    } else {
        let totals = wanted.kinds.iter().map(|kind| {
            let (hold, of) = count(*kind);
            format!("{} {hold} of {of}", kind.name())
        });
        println!("cells that hold: {}", totals.collect::<Vec<_>>().join(", "));
    }
    let broken = rows.iter().filter(|row| !row.3.holds()).count();
    if broken > 0 { bail!("{broken} cells do not hold") } else { Ok(()) }
}

fn line([browser, place, fix, done, scope, undone, kept, note]: [&str; 8]) -> String {
    format!("{browser:<9} {place:<12} {fix:<20} {done:<8} {scope:<7} {undone:<16} {kept:<5} {note}")
        .trim_end()
        .to_owned()
}
