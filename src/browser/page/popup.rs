//! The popup.

use std::cell::{Cell, RefCell};

use futures_util::future::join;
use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

use super::{
    ask, ask_and_tell, data, incidents_of, jar_of, on_change, on_click, open_options, origins, refresh_with,
    save, set_language, site_of,
};
use crate::browser::value::{get, int, object};
use crate::browser::words::Local;
use crate::browser::{api, dom, settings, store};
use crate::cause::CauseId;
use crate::fix::{FixId, Manner};
use crate::message::Request;
use crate::report::Format;
use crate::settings::{Change, Field};
use crate::view::advice::{self, System};
use crate::view::popup::{NoAccess, Off, Popup, Trouble, render};

/// What a click needs at once, because a gesture does not outlast an `await`.
#[derive(Clone, Default)]
struct Tab {
    id: i32,
    window: i32,
    url: String,
}

thread_local! {
    /// What reads what the browser knows.
    static READ: RefCell<Option<Function>> = const { RefCell::new(None) };
    static TAB: RefCell<Tab> = RefCell::new(Tab::default());
    /// What is shown, for the clicks that copy.
    static SHOWN: RefCell<Popup> = RefCell::new(Popup::default());
    /// The advice that is unfolded: for which incident, and which.
    static ADVICE: RefCell<Option<(String, FixId)>> = const { RefCell::new(None) };
    /// The form of the report.
    static FORMAT: Cell<Format> = const { Cell::new(Format::Markdown) };
}

pub(super) async fn start(read: Function) -> Result<(), JsValue> {
    READ.with(|slot| *slot.borrow_mut() = Some(read));
    set_language("action_title");
    on_click(act);
    dom::on_opened("developer", refresh);
    on_change(refresh);
    // Wakes a background that was killed in the middle of something.
    let _ = ask(&Request::Wake).await;
    Ok(())
}

fn refresh() {
    refresh_with(show);
}

async fn show() -> Result<(), JsValue> {
    let known = known().await?;
    let (details, memory, records) = (get(&known, "tab"), get(&known, "memory"), get(&known, "records"));
    let settings = settings::of(&get(&known, "disk"), get(&known, "policy"));
    let Some(id) = int(&details, "id") else {
        return Err(js_sys::Error::new("no tab").into());
    };
    let url = get(&details, "url").as_string().unwrap_or_default();
    let window = int(&details, "windowId").unwrap_or(-1);
    TAB.with(|tab| *tab.borrow_mut() = Tab { id, window, url: url.clone() });

    let mut trouble = match get(&memory, "trouble").as_string().as_deref() {
        Some("full") => Some(Trouble::Full),
        Some(_) => Some(Trouble::Refused),
        None => None,
    };
    let checked = get(&get(&memory, "checks"), &id.to_string());
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let checked = (!checked.is_undefined()).then(|| checked.as_f64().map(|status| status as u16));
    let (incidents, no_access) =
        join(incidents_of(id, &memory, &get(&records, "incidents")), no_access(&url)).await;
    let mut incidents = incidents?;
    for diagnosis in incidents.iter_mut().filter_map(|incident| incident.diagnosis.as_mut()) {
        // What was offered before a policy came is offered no more.
        settings.keep_allowed(&mut diagnosis.offers);
    }
    let site =
        incidents.first().map(|incident| incident.site.clone()).or_else(|| site_of(&url)).unwrap_or_default();
    let counted = get(&records, "site").as_string().filter(|counted| *counted == site);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let on_record = if site.is_empty() {
        0
    } else if let Some(count) = counted.and_then(|_| get(&records, "count").as_f64()) {
        count as u32
    } else {
        // Without its records the popup still tells what goes on.
        store::count(&site).await.unwrap_or_else(|_| {
            trouble.get_or_insert(Trouble::Refused);
            0
        })
    };
    // A lock-out on the page is the API's as well; what is left alone is the page.
    let page = site_of(&url).unwrap_or_else(|| site.clone());
    let is_fixed = settings.is_fixed(Field::Ignored);
    let advice = ADVICE.with(|advice| advice.borrow().clone());
    let preview = match &advice {
        Some((id, FixId::CopyReport)) => match incidents.iter().find(|incident| incident.id == *id) {
            Some(incident) => Some(save::preview(incident, FORMAT.with(Cell::get)).await),
            None => None,
        },
        _ => None,
    };
    let mut popup = Popup {
        off: settings.is_ignored(&page).then_some(if is_fixed { Off::Managed } else { Off::Own }),
        can_turn_off: !is_fixed,
        support: settings.support().map(str::to_owned),
        no_access,
        site,
        incidents,
        on_record,
        checked,
        advice,
        preview,
        system: System::from_name(&get(&known, "os").as_string().unwrap_or_default()),
        // Chrome opens one also for an extension that may not look into it; Firefox does not.
        opens_private: !api::is_firefox() || get(&known, "looksPrivate").is_truthy(),
        trouble,
        jar: None,
    };
    // Asked for only where it is read.
    if dom::is_open("developer")
        && let Some(id) = popup.main().map(|incident| incident.id.clone())
    {
        popup.jar = jar_of(&id).await;
    }
    dom::patch(&render(&Local::now(), &popup).into_string())?;
    dom::set_state(popup.shown().id());
    SHOWN.with(|shown| *shown.borrow_mut() = popup);
    Ok(())
}

/// What `extension/popup.js` reads of the browser: the tab, and what is stored and chosen.
async fn known() -> Result<JsValue, JsValue> {
    let read = READ.with(|read| read.borrow().clone()).ok_or("not started")?;
    JsFuture::from(js_sys::Promise::from(read.call0(&JsValue::UNDEFINED)?)).await
}

async fn no_access(url: &str) -> Option<NoAccess> {
    // Without access to a site its address is hidden as well.
    if !url.is_empty() && site_of(url).is_none() {
        return Some(NoAccess::BrowserPage);
    }
    let origins = if url.is_empty() {
        object([("origins", crate::browser::value::strings(&["<all_urls>"]))])
    } else {
        origins(url)
    };
    let allowed = api::permissions_contains(&origins).await;
    (!allowed.is_ok_and(|allowed| allowed.is_truthy())).then_some(NoAccess::Withheld)
}

fn act(button: &HtmlElement) {
    let tab = TAB.with(|tab| tab.borrow().clone());
    let incident = data(button, "incident");
    if let (Some(fix), Some(incident)) =
        (data(button, "fix").and_then(|id| FixId::from_id(&id)), incident.clone())
    {
        if fix.manner() == Manner::Advice {
            advise(&incident, fix);
            return;
        }
        // Where no private window can be opened from here, the person opens one and pastes.
        if fix == FixId::OpenPrivateWindow && !SHOWN.with(|shown| shown.borrow().opens_private) {
            write(&tab.url);
        }
        let _ = button.set_attribute("aria-disabled", "true");
        let removes = data(button, "removes").and_then(|count| count.parse().ok()).unwrap_or_default();
        ask_and_tell(Request::Fix { incident, fix, tab: tab.id, removes });
        return;
    }
    match (data(button, "action").as_deref(), incident) {
        (Some("undo"), Some(incident)) => ask_and_tell(Request::Undo { incident }),
        (Some("private"), Some(incident)) => {
            let works = data(button, "works").filter(|said| !said.is_empty()).map(|said| said == "yes");
            ask_and_tell(Request::Private { incident, works });
        }
        (Some("quiet"), Some(incident)) => ask_and_tell(Request::Quiet { incident, said: true }),
        (Some("loud"), Some(incident)) => ask_and_tell(Request::Quiet { incident, said: false }),
        (Some(word @ ("wrong" | "right")), Some(incident)) => {
            if let Some(cause) = data(button, "causeId").and_then(|id| CauseId::from_id(&id)) {
                ask_and_tell(Request::Wrong { incident, cause, said: word == "wrong" });
            }
        }
        (Some("check"), _) => ask_and_tell(Request::Check { tab: tab.id }),
        (Some("copy"), Some(incident)) => {
            if let Some(fix) = data(button, "copies").and_then(|id| FixId::from_id(&id)) {
                copy(&incident, fix);
            }
        }
        (Some("format"), Some(_)) => {
            let format = data(button, "format").and_then(|id| Format::from_id(&id)).unwrap_or_default();
            FORMAT.with(|shown| shown.set(format));
            refresh();
        }
        (Some("save"), Some(_)) => {
            SHOWN.with(|shown| {
                shown.borrow().preview.as_ref().map(|preview| save::report(&shown.borrow().site, preview))
            });
        }
        (Some("history"), _) => open_history(&tab),
        (Some("allow"), _) => allow(&tab),
        (Some("options"), _) => open_options(),
        (Some(word @ ("ignore" | "watch")), _) => {
            if let Some(site) = site_of(&tab.url) {
                let change = Change::Ignored { site, on: word == "ignore" };
                ask_and_tell(Request::Set { change });
            }
        }
        _ => {}
    }
}

/// Unfolds an advice, and copies what there is to copy: in the click itself.
fn advise(incident: &str, fix: FixId) {
    if fix != FixId::CopyReport {
        copy(incident, fix);
    }
    ADVICE.with(|advice| *advice.borrow_mut() = Some((incident.to_owned(), fix)));
    refresh();
}

fn copy(incident: &str, fix: FixId) {
    // A report is looked at first.
    if fix == FixId::CopyReport {
        return SHOWN.with(|shown| shown.borrow().preview.iter().for_each(save::copy));
    }
    let text = SHOWN.with(|shown| {
        let shown = shown.borrow();
        let incident = shown.incidents.iter().find(|known| known.id == incident)?;
        advice::copied(&Local::now(), incident, fix)
    });
    // Where it is refused, the text stands below to be copied by hand.
    if let Some(text) = text {
        write(&text);
    }
}

/// Puts a text on the clipboard, in the click itself.
fn write(text: &str) {
    if let Ok(written) = api::write_clipboard(text) {
        wasm_bindgen_futures::spawn_local(async move {
            let _ = wasm_bindgen_futures::JsFuture::from(written).await;
        });
    }
}

/// Opens the panel beside the page; where the browser has none, in a tab. In the click itself.
fn open_history(tab: &Tab) {
    let opened = if api::is_firefox() {
        api::sidebar_open()
    } else {
        api::side_panel_open(&object([("windowId", tab.window.into())]))
    };
    let site = site_of(&tab.url).unwrap_or_default();
    wasm_bindgen_futures::spawn_local(async move {
        let opened = match opened {
            Ok(opened) => wasm_bindgen_futures::JsFuture::from(opened).await,
            Err(error) => Err(error),
        };
        if opened.is_err() {
            let site = String::from(js_sys::encode_uri_component(&site));
            let url = api::url_of(&format!("panel.html?site={site}"));
            let _ = api::tabs_create(&object([("url", url.into())])).await;
        }
    });
}

/// Asks for access to the site, in the click itself, and loads the page again under watch.
fn allow(tab: &Tab) {
    let wanted = if tab.url.is_empty() {
        object([("origins", crate::browser::value::strings(&["<all_urls>"]))])
    } else {
        origins(&tab.url)
    };
    let Ok(request) = api::permissions_request(&wanted) else { return };
    let id = tab.id;
    wasm_bindgen_futures::spawn_local(async move {
        let granted = wasm_bindgen_futures::JsFuture::from(request).await;
        if granted.is_ok_and(|granted| granted.is_truthy()) {
            let _ = api::tabs_reload(id, &object([])).await;
        }
        refresh();
    });
}
