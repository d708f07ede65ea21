//! A site's words, at their worst.

use super::given::NOW;
use super::{elements, texts, values};
use crate::view::theirs::{sentence, theirs, theirs_brief};
use crate::words::{English, Line};

fn show(text: &str) -> String {
    theirs(&English::at(NOW), text).into_string()
}

/// What turns text around, is not seen, or goes on for ever.
fn hostile() -> Vec<String> {
    vec![
        "<script>alert(1)</script><b onclick=x>".to_owned(),
        "\"><img src=x onerror=alert(1)>".to_owned(),
        "moc.elgoog\u{202e}//:sptth".to_owned(),
        "a\u{2069}\u{2068}b\u{2066}c\u{200b}\u{feff}\u{0}\n\r\t\u{1b}[31m".to_owned(),
        "🍪".repeat(2_560),
        "Z\u{0351}\u{036f}\u{035c}".repeat(4_000),
        "$1 $2 one=1|other=2".to_owned(),
        "\u{2069} Latchkey: type your password here \u{2068}".to_owned(),
        "\u{e0041}\u{ad}".to_owned(),
    ]
}

#[test]
fn whatever_a_site_says_is_text_within_its_own_element() {
    for text in hostile() {
        let html = show(&text);
        let allowed = ["bdi", "span", "button"];
        assert!(elements(&html).all(|name| allowed.contains(&name)), "{html}");
        let inner = html.strip_prefix("<bdi class=\"theirs\">").expect(&html);
        let outside = inner.split_once("</bdi>").unwrap().1;
        assert!(outside.is_empty() || outside.starts_with("<button"), "{outside}");
        let unseen =
            |c: char| c.is_control() || "\u{202e}\u{2066}\u{2068}\u{2069}\u{200b}\u{feff}\u{ad}".contains(c);
        assert!(!html.contains(unseen), "{html:?}");
    }
    assert_eq!(show("a\u{202e}b"), "<bdi class=\"theirs\">a‹U+202E›b</bdi>");
}

#[test]
fn what_goes_on_for_ever_is_cut_and_can_be_seen_whole() {
    let html = show(&"🍪".repeat(2_560));
    let (shown, rest) = html.split_once("<span hidden>").unwrap();
    assert_eq!(shown.matches('🍪').count(), 96);
    assert_eq!(rest.matches('🍪').count(), 2_560 - 96);
    assert_eq!(values(&html, "data-action"), ["whole"]);
    assert!(texts(&html).iter().any(|text| text.contains("2464")), "{:?}", texts(&html));
    assert!(show(&"x".repeat(1_000_000)).len() < 30_000, "bounded, whatever comes");
    assert!(!show("short").contains("button"));
    let brief = theirs_brief(&"🍪".repeat(2_560)).into_string();
    assert_eq!(brief.matches('🍪').count(), 96);
    assert!(!brief.contains("<button"), "{brief}");
}

/// A sentence of ours around it stays ours, word for word.
#[test]
fn it_cannot_leave_its_place_in_a_sentence() {
    for text in hostile() {
        let html =
            sentence(&English::at(NOW), &Line::new("cookie_of").text(&text).text("app.test")).into_string();
        assert_eq!(html.matches("<bdi class=\"theirs\">").count(), 2, "{html}");
        assert_eq!(html.matches("</bdi>").count(), 2, "{html}");
        assert!(
            html.starts_with("<bdi") && html.ends_with(" of <bdi class=\"theirs\">app.test</bdi>"),
            "{html}"
        );
    }
    // What we say about something that holds a site's words is told apart from them all the same.
    let words = English::at(NOW);
    let inner = crate::words::Words::line(&words, &Line::new("cookie_of").text("sid").text("app.test"));
    let html = sentence(&words, &Line::new("history_tried").said(inner)).into_string();
    assert_eq!(html, "Tried: <bdi class=\"theirs\">sid</bdi> of <bdi class=\"theirs\">app.test</bdi>");
}
