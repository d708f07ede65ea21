//! Inputs to start from: the collected cases of `tests/corpus`, and tokens of every kind.

use std::path::Path;
use std::{fs, iter};

use serde_json::Value;

use crate::print::base64url;

/// The inputs of each target.
#[must_use]
pub fn all() -> [(&'static str, Vec<String>); 4] {
    [("challenge", challenges()), ("set_cookie", cookies()), ("jwt", tokens()), ("har", recordings())]
}

fn cases(name: &str, field: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus").join(name);
    let text = fs::read(path).unwrap_or_default();
    let cases: Vec<Value> = serde_json::from_slice(&text).unwrap_or_default();
    let fields = cases.iter().filter_map(|case| case[field].as_array()).flatten();
    fields.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn challenges() -> Vec<String> {
    cases("challenges.json", "header")
}

fn cookies() -> Vec<String> {
    let urls =
        ["https://www.example.com/a/b", "http://home.example.org:8888/cookie-parser", "https://127.0.0.1"];
    let ours = [
        "__Host-sid=1; Secure; Path=/",
        "__Secure-sid=1; Secure; Domain=example.com; Partitioned",
        "__Host-Http-sid=1; Secure; HttpOnly; Path=/; Max-Age=60",
        "sid=1; SameSite=None; Secure; Expires=Wed, 21 Oct 2026 07:28:00 GMT",
    ];
    let lines = cases("cookies.json", "setCookie").into_iter().chain(ours.map(str::to_owned));
    lines.zip(urls.iter().cycle()).map(|(line, url)| format!("{url}\n{line}")).collect()
}

fn tokens() -> Vec<String> {
    let headers =
        [r#"{"alg":"RS256","typ":"at+jwt","kid":"1"}"#, r#"{"alg":"none"}"#, r#"{"alg":"dir","enc":"A"}"#];
    let claims = [
        r#"{"iss":"https://a.test","aud":["x"],"exp":1300819380,"iat":"1","nbf":1e12,"scp":["a"]}"#,
        r#"{"token_use":"id","nonce":"x","ver":1.0,"azp":"y"}"#,
        r#"{"events":{"http://schemas.openid.net/event/backchannel-logout":{}}}"#,
    ];
    let both = headers.iter().flat_map(|header| claims.iter().map(move |claims| [*header, *claims]));
    let signed = both.map(|parts| parts.map(|part| base64url(part.as_bytes())).join(".") + ".c2ln");
    signed.chain(iter::once(base64url(headers[2].as_bytes()) + ".a.b.c.d")).collect()
}

/// The collected lock-outs, without the blanks between their words.
fn recordings() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus/cases");
    let mut files: Vec<_> =
        fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    let texts = files.iter().filter_map(|file| serde_json::from_slice::<Value>(&fs::read(file).ok()?).ok());
    texts.map(|har| har.to_string()).collect()
}
