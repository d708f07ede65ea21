//! A report before it is copied or saved.

use super::given::*;
use super::{sound, texts, values};
use crate::report::{Format, REMOVED, text};
use crate::view::report::{Preview, render};
use crate::words::{English, Line};

fn preview(format: Format) -> (String, String) {
    let mut incident = open();
    incident.exchange.url = "https://app.test/reset/…".into();
    let realm = Line::new("why_cookie_sent").text("`x` <b>*…*</b>");
    incident.diagnosis.as_mut().unwrap().causes[0].why = vec![realm];
    let words = English::at(NOW);
    let text = text(&words, &incident, None, format);
    let html = render(&words, &Preview { incident: "i1".into(), format, text: text.clone() }).into_string();
    // The report itself is for programs as well, and looks so.
    let (before, report) = html.split_once("<pre").unwrap();
    sound(&format!("{before}{}", report.split_once("</pre>").unwrap().1));
    (text, html)
}

#[test]
fn it_is_shown_whole_with_what_was_removed_marked() {
    for format in Format::ALL {
        let (text, html) = preview(format);
        let shown = html.split("<pre").nth(1).unwrap().split("</pre>").next().unwrap();
        assert_eq!(texts(&format!("<pre{shown}")).concat().trim(), text.trim(), "nothing is left out");
        let marks = html.matches("<mark class=\"removed\">").count();
        assert_eq!(marks, text.matches(['…', '‹']).count(), "{text}");
        assert!(marks > 1 || format != Format::Markdown, "{text}");
        assert_eq!(values(&html, "data-report"), [format.id()]);
        assert_eq!(values(&html, "data-format"), ["markdown", "json", "har"]);
        assert_eq!(values(&html, "data-action"), ["format", "format", "format", "copy", "save"]);
    }
}

#[test]
fn a_sites_words_are_no_markup_in_markdown() {
    let (text, _) = preview(Format::Markdown);
    let line = text.lines().find(|line| line.starts_with("  - ")).unwrap();
    assert!(line.contains(&format!("`'x' <b>*{REMOVED}*</b>`")), "{line}");
    assert!(text.contains(&format!("`GET https://app.test/reset/{REMOVED}`")), "{text}");
}
