//! The command line, as somebody at a shell meets it.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

fn start(args: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_latchkey"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn run(args: &[&str], input: &[u8]) -> Output {
    let mut child = start(args);
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // On the side: both pipes can be full at once.
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

/// One object per line, and nothing to complain about.
fn answers(args: &[&str], input: &[u8]) -> Vec<Value> {
    let output = run(args, input);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn cookie(line: &str, url: &str) -> Value {
    let args = ["set-cookie", "--url", url, "--now", "2026-06-16T10:00:00Z"];
    answers(&args, format!("{line}\n").as_bytes()).remove(0)
}

#[test]
fn challenges() {
    let input = b"Basic realm=\"x\", Negotiate YII=\nBearer realm=\"open\n\nDigest qop=\"auth\", QOP=none";
    assert_eq!(
        answers(&["challenge"], input),
        [
            json!({"challenges": [
                {"scheme": "Basic", "params": {"realm": "x"}},
                {"scheme": "Negotiate", "token68": "YII="},
            ], "oddities": []}),
            json!({"challenges": [{"scheme": "Bearer", "params": {"realm": "open"}}], "oddities": ["unclosed_quote"]}),
            json!({"challenges": [], "oddities": []}),
            json!({"challenges": [{"scheme": "Digest", "params": {"qop": "auth"}}], "oddities": ["duplicate_parameter"]}),
        ]
    );
    // Parameters stay in the order of the server.
    let output = run(&["challenge"], b"A z=1, y=2, x=3");
    assert!(String::from_utf8(output.stdout).unwrap().contains(r#"{"z":"1","y":"2","x":"3"}"#));
}

#[test]
fn cookies() {
    assert_eq!(
        cookie("sid=s3cr3t; Max-Age=60; SameSite=Lax; Secure", "https://App.Example.com:443/a/b?c"),
        json!({"name": "sid", "size": 9, "stored": true, "why": [], "oddities": [], "domain": "app.example.com",
               "hostOnly": true, "path": "/a", "secure": true, "httpOnly": false, "sameSite": "Lax",
               "partitioned": false, "expires": "2026-06-16T10:01:00Z"})
    );
    for (line, url, why) in [
        ("a=b; Secure", "http://example.com/", json!(["secure_from_insecure"])),
        ("a=b; Domain=other.example", "https://example.com/", json!(["domain_mismatch"])),
        ("__Secure-a=b", "https://example.com/", json!(["secure_prefix"])),
        ("a=b; SameSite=None", "https://example.com/", json!(["same_site_none_without_secure"])),
        ("a=; Max-Age=0", "https://example.com/", json!(["expired"])),
        ("", "https://example.com/", json!(["empty"])),
    ] {
        let found = cookie(line, url);
        assert_eq!((&found["stored"], &found["why"]), (&json!(false), &why), "{line}");
    }
    assert_eq!(cookie("a=b; Expires=never", "http://localhost:3000")["oddities"], json!(["bad_expires"]));
}

#[test]
fn tokens() {
    // RFC 7519, section 3.1, its signature shortened.
    let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ";
    let found = answers(&["jwt"], format!("{token}\nopaque\n").as_bytes());
    assert_eq!(found[0]["header"], json!({"typ": "JWT", "alg": "HS256"}));
    assert_eq!(
        found[0]["claims"],
        json!({"iss": "joe", "exp": 1_300_819_380, "http://example.com/is_root": true})
    );
    assert_eq!(found[0]["expiresAt"], json!("2011-03-22T18:43:00Z"));
    assert_eq!(found[0]["oddities"], json!([]));
    assert_eq!(found[1]["oddities"], json!(["not_a_token"]));
    assert!(!found[0].to_string().contains("dBjftJeZ"));
}

#[test]
fn whatever_comes_in_gets_an_answer() {
    let mut input = b"\xff\xfe=\x00\"\n".to_vec();
    input.extend(vec![b'a'; 3_000_000]);
    input.extend(b"\r\n\nx=y");
    for args in
        [["challenge"].as_slice(), ["jwt"].as_slice(), ["set-cookie", "--url", "https://a.test"].as_slice()]
    {
        let found = answers(args, &input);
        assert_eq!(found.len(), 4, "{args:?}");
        assert!(found[1]["oddities"].as_array().unwrap().contains(&json!("too_long")), "{args:?}");
    }
}

#[test]
fn each_line_is_answered_at_once() {
    let mut child = start(&["challenge"]);
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for scheme in ["Basic", "Digest"] {
        stdin.write_all(format!("{scheme}\n").as_bytes()).unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert!(line.contains(scheme), "{line}");
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = start(&["challenge"]);
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    while stdin.write_all(b"Basic\n").is_ok() {}
    let mut complaint = String::new();
    child.stderr.take().unwrap().read_to_string(&mut complaint).unwrap();
    assert!(child.wait().unwrap().success() && complaint.is_empty(), "{complaint}");
}

#[test]
fn what_cannot_be_meant_is_said() {
    for args in [
        ["set-cookie", "--url", "example.com"].as_slice(),
        &["set-cookie", "--url", "https:///path"],
        &["set-cookie", "--url", "https://a.test", "--now", "noon"],
        &["set-cookie"],
        &["cookie"],
    ] {
        let output = run(args, b"");
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{args:?}");
    }
}
