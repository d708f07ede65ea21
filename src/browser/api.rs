//! The browser's own functions, one declaration each. `chrome` is there in Firefox too, and
//! answers with promises in both (Manifest V3).

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "cookies"], js_name = getAll, catch)]
    pub async fn cookies_get_all(details: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "cookies"], js_name = getAllCookieStores, catch)]
    pub async fn cookies_get_all_cookie_stores() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "cookies"], js_name = set, catch)]
    pub async fn cookies_set(details: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = get, catch)]
    pub async fn tabs_get(tab: i32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = reload, catch)]
    pub async fn tabs_reload(tab: i32, options: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = update, catch)]
    pub async fn tabs_update(tab: i32, options: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = query, catch)]
    pub async fn tabs_query(query: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = create, catch)]
    pub async fn tabs_create(options: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = remove, catch)]
    pub async fn tabs_remove(tab: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "scripting"], js_name = executeScript, catch)]
    pub async fn execute_script(injection: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "browsingData"], js_name = remove, catch)]
    pub async fn browsing_data_remove(options: &JsValue, types: &JsValue) -> Result<JsValue, JsValue>;
    // Firefox alone needs it, and has the permission for it.
    #[wasm_bindgen(js_namespace = ["chrome", "declarativeNetRequest"], js_name = updateSessionRules, catch)]
    pub async fn update_session_rules(options: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "windows"], js_name = create, catch)]
    pub async fn windows_create(options: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "storage", "local"], js_name = set, catch)]
    pub async fn local_set(items: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "storage", "local"], js_name = get, catch)]
    pub async fn local_get(keys: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "storage", "local"], js_name = clear, catch)]
    pub async fn local_clear() -> Result<JsValue, JsValue>;
    // Rejected in Firefox where there is no policy.
    #[wasm_bindgen(js_namespace = ["chrome", "storage", "managed"], js_name = get, catch)]
    pub async fn managed_get(keys: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "storage", "session"], js_name = clear, catch)]
    pub async fn session_clear() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "storage", "session"], js_name = get, catch)]
    pub async fn session_get(keys: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "storage", "session"], js_name = set, catch)]
    pub async fn session_set(items: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "storage", "session"], js_name = remove, catch)]
    pub async fn session_remove(keys: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "action"], js_name = setBadgeText, catch)]
    pub async fn badge_text(details: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "action"], js_name = setBadgeBackgroundColor, catch)]
    pub async fn badge_color(details: &JsValue) -> Result<JsValue, JsValue>;

    // Chrome returns a promise, Firefox nothing: neither is waited for.
    #[wasm_bindgen(js_namespace = ["chrome", "alarms"], js_name = create, catch)]
    pub fn alarms_create(name: &str, info: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "alarms"], js_name = clear, catch)]
    pub async fn alarms_clear(name: &str) -> Result<JsValue, JsValue>;

    // There as long as the person allows notifications.
    #[wasm_bindgen(js_namespace = ["chrome", "notifications"], js_name = create, catch)]
    pub async fn notify(id: &str, options: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "runtime"], js_name = openOptionsPage, catch)]
    pub async fn open_options() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "commands"], js_name = getAll, catch)]
    pub async fn commands() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["navigator", "storage"], js_name = estimate, catch)]
    pub async fn storage_estimate() -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "runtime"], js_name = sendMessage, catch)]
    pub async fn send_message(message: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "runtime", "onMessage"], js_name = addListener)]
    pub fn on_message(listener: &js_sys::Function);
    #[wasm_bindgen(js_namespace = ["chrome", "runtime"], js_name = getURL)]
    pub fn url_of(path: &str) -> String;

    #[wasm_bindgen(js_namespace = ["chrome", "permissions"], js_name = contains, catch)]
    pub async fn permissions_contains(permissions: &JsValue) -> Result<JsValue, JsValue>;
    // Called in a click: the promise is taken as it is, so that nothing is awaited before.
    #[wasm_bindgen(js_namespace = ["chrome", "permissions"], js_name = request, catch)]
    pub fn permissions_request(permissions: &JsValue) -> Result<js_sys::Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["browser", "sidebarAction"], js_name = open, catch)]
    pub fn sidebar_open() -> Result<js_sys::Promise, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "i18n"], js_name = getMessage)]
    pub fn get_message(key: &str, substitutions: &JsValue) -> String;
    #[wasm_bindgen(js_namespace = ["chrome", "i18n"], js_name = getUILanguage)]
    pub fn ui_language() -> String;

    // Called in a click, like the three above.
    #[wasm_bindgen(js_namespace = ["navigator", "clipboard"], js_name = writeText, catch)]
    pub fn write_clipboard(text: &str) -> Result<js_sys::Promise, JsValue>;

    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = generateKey, catch)]
    pub async fn generate_key(
        algorithm: &JsValue,
        extractable: bool,
        usages: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = encrypt, catch)]
    pub async fn encrypt(algorithm: &JsValue, key: &JsValue, data: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = decrypt, catch)]
    pub async fn decrypt(algorithm: &JsValue, key: &JsValue, data: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues, catch)]
    pub fn random_values(array: &js_sys::Uint8Array) -> Result<JsValue, JsValue>;
}

/// Opens Chrome's side panel, in a click. Not declared like the others: the Firefox store's linter warns of what
/// Firefox does not know, and both browsers get the same module.
#[cfg(feature = "pages")]
pub fn side_panel_open(options: &JsValue) -> Result<js_sys::Promise, JsValue> {
    use super::value::get;
    let panel = get(&get(&js_sys::global(), "chrome"), "sidePanel");
    let open: js_sys::Function = get(&panel, "open").dyn_into()?;
    open.call1(&panel, options).map(js_sys::Promise::from)
}

/// Is this Firefox? Told by a function that only Firefox has.
pub fn is_firefox() -> bool {
    use super::value::get;
    let runtime = get(&get(&js_sys::global(), "chrome"), "runtime");
    get(&runtime, "getBrowserInfo").is_function()
}

/// `length` random bytes.
#[cfg(feature = "background")]
pub fn random(length: u32) -> Result<js_sys::Uint8Array, JsValue> {
    let bytes = js_sys::Uint8Array::new_with_length(length);
    random_values(&bytes)?;
    Ok(bytes)
}

/// The time it is.
pub fn now() -> crate::time::Time {
    crate::time::Time::from_millis_f64(js_sys::Date::now())
}
