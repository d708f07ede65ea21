//! What the owner of a site is told.

use super::given::*;
use super::{texts, values};
use crate::cause::CauseId;
use crate::fix::FixId;
use crate::incident::Incident;
use crate::product::Product;
use crate::view::advice::{System, copied, render};
use crate::words::English;

fn of_owner(products: &[Product]) -> Incident {
    let mut incident = open();
    incident.exchange.products = products.to_vec();
    let why = crate::words::Line::new("why_preflight_refused");
    incident.diagnosis.as_mut().unwrap().causes = vec![verdict(CauseId::CorsPreflight401, 0.9, why)];
    incident
}

fn show(incident: &Incident) -> String {
    render(&English::at(NOW), incident, FixId::ForTheOwner, System::Linux, None).into_string()
}

#[test]
fn the_server_that_was_recognised_stands_in_the_open() {
    let html = show(&of_owner(&[Product::Apache]));
    assert_eq!(values(&html, "data-server"), ["Apache", "nginx", "IIS", "Express", "Kong"]);
    let (open, folded) = html.split_once("<details").unwrap();
    assert!(open.contains("&lt;LimitExcept OPTIONS&gt;") && !open.contains("location"), "{open}");
    assert!(folded.contains("data-fold=\"server-nginx\""), "{folded}");
    // What to do first, and where to look, stands there too.
    let texts = texts(open).join(" ");
    for words in ["Back up first", "is at work here", "The log to read: /var/log/apache2"] {
        assert!(texts.contains(words), "{texts}");
    }
}

#[test]
fn an_unknown_server_is_chosen_by_hand() {
    let html = show(&of_owner(&[]));
    assert_eq!(html.matches("<details").count(), 5);
    assert!(!html.split_once("<details").unwrap().0.contains("<pre"), "{html}");
    assert!(!html.contains("at work here"));
}

#[test]
fn what_is_copied_begins_with_the_servers_own() {
    let copied =
        |products: &[Product]| copied(&English::at(NOW), &of_owner(products), FixId::ForTheOwner).unwrap();
    let note = copied(&[Product::Iis]);
    let at = |word: &str| note.find(word).unwrap();
    assert!(at("Back up first") < at("### IIS") && at("### IIS") < at("### nginx"), "{note}");
    assert!(note.contains("```\n<system.webServer>"), "{note}");
    let plain = copied(&[]);
    assert!(plain.find("### nginx").unwrap() < plain.find("### IIS").unwrap());
}
