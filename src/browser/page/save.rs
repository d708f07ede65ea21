//! Copying and saving: nothing leaves but what was shown, or what the button says.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use crate::browser::words::Local;
use crate::browser::{api, dom, store};
use crate::export::Export;
use crate::incident::Incident;
use crate::report::{self, Format};
use crate::sorted::Set;
use crate::view::report::Preview;
use crate::words::Words as _;

/// So many incidents are read and written out at a time.
const BATCH: u32 = 500;

/// The report of an incident, to be looked at. Without the disk its site's past is left out.
pub(super) async fn preview(incident: &Incident, format: Format) -> Preview {
    let site = &incident.exchange.site;
    let past = match format {
        Format::Markdown => None,
        _ if incident.private => None,
        _ => store::records(&[site.clone()].into()).await.ok().and_then(|mut found| found.remove(site)),
    };
    let text = report::text(&Local::now(), incident, past.as_ref(), format);
    Preview { incident: incident.id.clone(), format, text }
}

/// Copies the report that is shown: in the click itself.
pub(super) fn copy(preview: &Preview) {
    let copied = api::write_clipboard(&preview.text);
    wasm_bindgen_futures::spawn_local(async move {
        let done = match copied {
            Ok(promise) => wasm_bindgen_futures::JsFuture::from(promise).await,
            Err(error) => Err(error),
        };
        if done.is_ok() {
            tell("report_was_copied");
        }
    });
}

/// Saves the report that is shown.
pub(super) fn report(site: &str, preview: &Preview) {
    let name = report::file_name(site, &Local::now(), preview.format);
    let parts = js_sys::Array::of1(&JsValue::from_str(&preview.text));
    if save(&parts, &name, preview.format.media_type()).is_ok() {
        tell("report_was_saved");
    }
}

/// Says below the report what was done with it.
fn tell(key: &str) {
    let place = dom::document().and_then(|document| document.query_selector("[data-copied]").ok().flatten());
    if let Some(place) = place {
        place.set_text_content(Some(&Local::now().say(key)));
    }
}

/// Saves the history of a site, or of all; says how many incidents that were.
pub(super) async fn history(site: Option<&str>, export: Export) -> Result<u32, JsValue> {
    let words = Local::now();
    let parts = js_sys::Array::new();
    let add = |text: &str| {
        parts.push(&JsValue::from_str(text));
    };
    add(&export.head(words.now()));
    let (mut count, mut after, mut of) = (0_u32, String::new(), Set::new());
    loop {
        let (incidents, last) = store::batch(site, &after, BATCH).await?;
        add(&export.incidents(&incidents, count == 0));
        count = count.saturating_add(u32::try_from(incidents.len()).unwrap_or(u32::MAX));
        of.extend(incidents.into_iter().flat_map(|incident| [incident.site, incident.exchange.site]));
        match last {
            Some(last) => after = last,
            None => break,
        }
    }
    add(&export.tail(&store::records(&of).await?));
    let format = match export {
        Export::Json => Format::Json,
        Export::Har => Format::Har,
    };
    save(&parts, &report::file_name(site.unwrap_or_default(), &words, format), format.media_type())?;
    Ok(count)
}

/// Hands a file to the browser, by a link that is clicked: that takes no permission.
fn save(parts: &js_sys::Array, name: &str, media_type: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let blob = Blob::new_with_str_sequence_and_options(parts, &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let document = dom::document().ok_or("no document")?;
    let link: HtmlAnchorElement = document.create_element("a")?.dyn_into().map_err(|_| "no link")?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The browser reads it after the click; a minute is ample, and then the memory is free again.
    gloo_timers::callback::Timeout::new(60_000, move || drop(Url::revoke_object_url(&url))).forget();
    Ok(())
}
