//! The history panel: what is shown, and what a click does to that.

mod load;

use std::cell::RefCell;

use gloo_events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::{
    active_tab, ask, ask_and_tell, data, on_change, on_click, parameter, refresh_with, save, set_language,
    site_of,
};
use crate::browser::value::get;
use crate::browser::words::Local;
use crate::browser::{api, dom};
use crate::cause::CauseId;
use crate::export::Export;
use crate::history::query::{Query, Sort};
use crate::history::summary::Ending;
use crate::message::{Deletion, Reply, Request};
use crate::report::Format;
use crate::view::panel::{Asks, MOST_PAGES, PAGE, Panel, Rows, render};
use crate::words::{Arg, Line};

/// What the person wants to see.
#[derive(Clone, Default)]
struct Wanted {
    /// The site; `None`: all.
    site: Option<String>,
    query: Query,
    /// The first page that is shown, and how many.
    first: usize,
    pages: usize,
    asks: Option<Asks>,
    /// The report that is looked at: of which incident, in which form.
    report: Option<(String, Format)>,
    said: Option<Line>,
    /// What gets the focus once it is there.
    focus: Option<String>,
}

thread_local! {
    static WANTED: RefCell<Wanted> = RefCell::new(Wanted::default());
    /// What is shown, for the clicks that copy and save.
    static SHOWN: RefCell<Panel> = RefCell::new(Panel::default());
}

fn wanted<T>(change: impl FnOnce(&mut Wanted) -> T) -> T {
    WANTED.with(|wanted| change(&mut wanted.borrow_mut()))
}

fn shown<T>(look: impl FnOnce(&Panel) -> T) -> T {
    SHOWN.with(|shown| look(&shown.borrow()))
}

pub(super) async fn start() -> Result<(), JsValue> {
    set_language("history_title");
    let site = match parameter("site").filter(|site| !site.is_empty()) {
        Some(site) => Some(site),
        None => site_of_active_tab().await,
    };
    wanted(|wanted| (wanted.site, wanted.pages) = (site, 1));
    on_click(act);
    on_input();
    on_change(refresh);
    Ok(())
}

async fn site_of_active_tab() -> Option<String> {
    let tab = api::tabs_get(active_tab().await.ok()??).await.ok()?;
    site_of(&get(&tab, "url").as_string()?)
}

fn refresh() {
    refresh_with(show);
}

async fn show() -> Result<(), JsValue> {
    let now = wanted(|wanted| wanted.clone());
    let mut panel = Panel {
        site: now.site,
        query: now.query,
        first: now.first * PAGE,
        asks: now.asks,
        said: now.said,
        ..Panel::default()
    };
    load::rows(&mut panel, now.pages).await?;
    if let (Some((id, format)), Rows::Incidents(rows)) = (&now.report, &panel.rows)
        && let Some(incident) = rows.iter().find(|incident| incident.id == *id)
    {
        panel.preview = Some(save::preview(incident, *format).await);
    }
    // What was counted before stands until it is counted anew.
    shown(|before| {
        if before.site == panel.site {
            panel.days.clone_from(&before.days);
            panel.incidents = panel.incidents.or(before.incidents);
        }
    });
    dom::patch(&render(&Local::now(), &panel).into_string())?;
    dom::set_state("history");
    // Typed meanwhile counts, not what was read.
    wanted(|wanted| {
        let query = &wanted.query;
        dom::set_field("search", &query.search);
        dom::set_field("cause", query.cause.map_or("", CauseId::id));
        dom::set_field("ending", query.ending.map_or("", Ending::id));
        dom::set_field("sort", query.sort.id());
    });
    if let Some(selector) = wanted(|wanted| wanted.focus.take()) {
        dom::focus(&selector);
    }
    SHOWN.with(|slot| slot.borrow_mut().clone_from(&panel));
    load::numbers(&mut panel).await?;
    dom::patch(&render(&Local::now(), &panel).into_string())?;
    SHOWN.with(|slot| *slot.borrow_mut() = panel);
    Ok(())
}

/// Typing and choosing, and Escape, which keeps what was about to be deleted.
fn on_input() {
    let Some(document) = dom::document() else { return };
    EventListener::new(&document, "input", |event| {
        let field = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(field) = field else { return };
        let value = get(&field, "value").as_string().unwrap_or_default();
        let name = field.get_attribute("data-field").unwrap_or_default();
        wanted(|wanted| {
            match name.as_str() {
                "search" => wanted.query.search = value,
                "cause" => wanted.query.cause = CauseId::from_id(&value),
                "ending" => wanted.query.ending = Ending::from_id(&value),
                "sort" => wanted.query.sort = Sort::from_id(&value).unwrap_or_default(),
                _ => {}
            }
            from_the_top(wanted);
        });
        refresh();
    })
    .forget();
    EventListener::new(&document, "keydown", |event| {
        let is_escape = event.dyn_ref::<KeyboardEvent>().is_some_and(|event| event.key() == "Escape");
        if is_escape && wanted(|wanted| wanted.asks.is_some()) {
            keep();
        }
    })
    .forget();
}

/// Other rows are shown: from the first on, and what was said of others is over.
fn from_the_top(wanted: &mut Wanted) {
    (wanted.first, wanted.pages) = (0, 1);
    (wanted.asks, wanted.report, wanted.said) = (None, None, None);
}

fn act(button: &HtmlElement) {
    let incident = data(button, "incident");
    match (data(button, "action").as_deref(), incident) {
        (Some("all-sites"), _) => go_to(None),
        (Some("site"), _) => go_to(data(button, "site")),
        (Some("more"), _) => wanted(older),
        (Some("newer"), _) => wanted(newer),
        (Some("report"), Some(incident)) => wanted(|wanted| {
            let is_open = wanted.report.as_ref().is_some_and(|(open, _)| *open == incident);
            wanted.report = (!is_open).then_some((incident, Format::Markdown));
        }),
        (Some("format"), Some(incident)) => {
            let format = data(button, "format").and_then(|id| Format::from_id(&id)).unwrap_or_default();
            wanted(|wanted| wanted.report = Some((incident, format)));
        }
        (Some("copy"), _) => return shown(|panel| panel.preview.iter().for_each(save::copy)),
        (Some("save"), _) => {
            return shown(|panel| {
                let site = panel.site.as_deref().unwrap_or_default();
                panel.preview.iter().for_each(|preview| save::report(site, preview));
            });
        }
        (Some("undo"), Some(incident)) => return ask_and_tell(Request::Undo { incident }),
        (Some("delete"), incident) => return ask_first(data(button, "deletes").as_deref(), incident),
        (Some("keep"), _) => return keep(),
        (Some("delete-now"), _) => {
            if button.get_attribute("aria-disabled").is_none() {
                let _ = button.set_attribute("aria-disabled", "true");
                delete();
            }
            return;
        }
        (Some("export"), _) => {
            let is_har = data(button, "format").as_deref() == Some("har");
            return export(if is_har { Export::Har } else { Export::Json });
        }
        _ => return,
    }
    refresh();
}

fn go_to(site: Option<String>) {
    wanted(|wanted| {
        *wanted = Wanted { site, pages: 1, focus: Some("h1".to_owned()), ..Wanted::default() };
    });
}

/// One page more; the newest goes when there are too many.
fn older(wanted: &mut Wanted) {
    wanted.pages += 1;
    if wanted.pages > MOST_PAGES {
        wanted.pages = MOST_PAGES;
        wanted.first += 1;
    }
    // Who came by the keyboard goes on where the new rows begin.
    wanted.focus = Some(format!("[data-region=\"page-{}\"]", wanted.first + wanted.pages - 1));
}

/// One page back; the oldest goes.
fn newer(wanted: &mut Wanted) {
    wanted.first = wanted.first.saturating_sub(1);
    wanted.focus = Some(format!("[data-region=\"page-{}\"]", wanted.first));
}

/// The first step of a deletion: says what will go.
fn ask_first(deletes: Option<&str>, incident: Option<String>) {
    let what = match (deletes, incident, wanted(|wanted| wanted.site.clone())) {
        (Some("incident"), Some(id), _) => Deletion::Incident { id },
        (Some("site"), _, Some(site)) => Deletion::Site { site },
        (Some("all"), ..) => Deletion::All,
        _ => return,
    };
    wasm_bindgen_futures::spawn_local(async move {
        let all = shown(|panel| panel.incidents.unwrap_or(u32::MAX));
        match load::asks(what, all).await {
            Ok(asks) => wanted(|wanted| {
                (wanted.asks, wanted.said) = (Some(asks), None);
                wanted.focus = Some("[data-focus]".to_owned());
            }),
            Err(error) => super::show_error(&error),
        }
        refresh();
    });
}

/// Nothing is deleted; the focus goes back to where it came from.
fn keep() {
    wanted(|wanted| {
        wanted.focus = wanted.asks.take().map(|asks| match asks.what {
            Deletion::Incident { id } => format!("[data-action=delete][data-incident=\"{id}\"]"),
            _ => "footer [data-action=delete]".to_owned(),
        });
    });
    refresh();
}

/// The second step: what was shown goes, and it is counted what is left.
fn delete() {
    let Some(asks) = wanted(|wanted| wanted.asks.clone()) else { return };
    wasm_bindgen_futures::spawn_local(async move {
        let reply = ask(&Request::Delete { what: asks.what.clone() }).await;
        let left = load::left(&asks.what).await;
        let said = match (reply, left) {
            (Ok(Reply::Refused { why }), _) => Line { key: why.into(), args: Vec::new() },
            (_, Ok(left)) => {
                let gone = asks.incidents.saturating_sub(left);
                Line::new("delete_done").with(Arg::Count(gone)).with(Arg::Count(asks.incidents))
            }
            (_, Err(error)) => return super::show_error(&error),
        };
        wanted(|wanted| {
            from_the_top(wanted);
            wanted.said = Some(said);
            wanted.focus = Some("h1".to_owned());
        });
        refresh();
    });
}

fn export(export: Export) {
    let site = wanted(|wanted| wanted.site.clone());
    wasm_bindgen_futures::spawn_local(async move {
        let said = match save::history(site.as_deref(), export).await {
            Ok(count) => Line::new("export_done").with(Arg::Count(count)),
            Err(error) => {
                let why = crate::redact::text(&crate::browser::value::message_of(&error));
                Line::new("export_failed").text(&why)
            }
        };
        wanted(|wanted| wanted.said = Some(said));
        refresh();
    });
}
