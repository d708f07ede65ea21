use super::*;

/// The example of RFC 7519, section 3.1.
const EXAMPLE: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn encode(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let held =
            chunk.iter().fold(0_u32, |held, byte| held << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            text.push(char::from(LETTERS[(held >> (18 - 6 * place)) as usize & 63]));
        }
    }
    text
}

fn token(header: &str, claims: &str) -> String {
    format!("{}.{}.c2ln", encode(header.as_bytes()), encode(claims.as_bytes()))
}

fn facts(header: &str, claims: &str) -> TokenFacts {
    parse(&token(header, claims)).unwrap()
}

#[test]
fn the_rfc_example() {
    let facts = parse(EXAMPLE).unwrap();
    assert_eq!(facts.issuer.as_deref(), Some("joe"));
    assert_eq!(facts.expires_at, Some(Time::from_seconds(1_300_819_380)));
    assert_eq!(facts.algorithm.as_deref(), Some("HS256"));
    assert_eq!(facts.typ.as_deref(), Some("JWT"));
    assert_eq!(facts.issued_at, None);
    assert!(facts.oddities.is_empty() && Reading::of(EXAMPLE).oddities.is_empty());
}

#[test]
fn what_is_no_token_is_none() {
    for text in
        ["", "..", "a.b", "a.b.c", "a.b.c.d", "a.b.c.d.e", "e30.W10.", "e30.ä.", "null", "e30.....", "1.2.3"]
    {
        assert_eq!(parse(text), None, "{text}");
    }
    assert_eq!(parse("e30.e30.x"), Some(TokenFacts::default()));
}

#[test]
fn an_encrypted_token_has_a_header() {
    // RFC 7516, section 3.3, its other parts shortened.
    let jwe = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.OKOaw.48V1_A.5eym8.XFBoM";
    let facts = parse(jwe).unwrap();
    assert!(facts.encrypted && facts.expires_at.is_none() && facts.oddities.is_empty());
    assert_eq!(facts.algorithm.as_deref(), Some("RSA-OAEP"));
    assert_eq!(Reading::of("e30.a.b.c.d").oddities, [Oddity::NoEncryption, Oddity::NoAlgorithm]);
}

#[test]
fn kinds() {
    let jwt = r#"{"alg":"RS256","typ":"JWT"}"#;
    for (header, claims, expected) in [
        (r#"{"typ":"at+jwt"}"#, "{}", TokenKind::Access),
        (r#"{"typ":"application/AT+JWT"}"#, r#"{"nonce":"x"}"#, TokenKind::Access),
        (r#"{"typ":"logout+jwt"}"#, "{}", TokenKind::Logout),
        (jwt, r#"{"events":{"http://schemas.openid.net/event/backchannel-logout":{}}}"#, TokenKind::Logout),
        (jwt, r#"{"token_use":"id"}"#, TokenKind::Id),
        (jwt, r#"{"token_use":"access","scope":"a"}"#, TokenKind::Access),
        (jwt, r#"{"typ":"Refresh"}"#, TokenKind::Refresh),
        (jwt, r#"{"typ":"Bearer","nonce":"x"}"#, TokenKind::Access),
        (jwt, r#"{"token_type":"refresh"}"#, TokenKind::Refresh),
        (jwt, r#"{"type":"customer","at_hash":"x"}"#, TokenKind::Id),
        (jwt, r#"{"scp":["a"]}"#, TokenKind::Access),
        (r#"{"typ":"refresh"}"#, "{}", TokenKind::Refresh),
        (r#"{"typ":"application/rt+jwt"}"#, "{}", TokenKind::Refresh),
        (jwt, r#"{"token_use":"logout"}"#, TokenKind::Logout),
        (jwt, r#"{"sub":"1"}"#, TokenKind::Unknown),
    ] {
        assert_eq!(facts(header, claims).kind, expected, "{header} {claims}");
    }
}

#[test]
fn facts_of_the_claims() {
    let facts = facts(
        r#"{"alg":"RS256","kid":"s3cr3tkid"}"#,
        r#"{"iss":"https://id.example/realms/x","aud":["api","web"],"scp":["read","write"],"azp":"app","ver":2,"token_use":"access","sub":"s3cr3tsub"}"#,
    );
    assert_eq!(facts.audience, ["api", "web"]);
    assert_eq!(facts.scope.as_deref(), Some("read write"));
    assert_eq!((facts.version.as_deref(), facts.token_use.as_deref()), (Some("2"), Some("access")));
    assert!(facts.client && facts.key_id);
    assert!(!format!("{facts:?}").contains("s3cr3t"));
}

#[test]
fn oddities() {
    let header = r#"{"alg":"HS256"}"#;
    let odd = |claims: &str| Reading::of(&token(header, claims)).oddities;
    assert_eq!(odd(r#"{"exp":1300819380}"#), []);
    assert_eq!(odd("{}"), [Oddity::NoExpiry]);
    assert_eq!(odd(r#"{"exp":"1300819380"}"#), [Oddity::DateIsText]);
    assert_eq!(odd(r#"{"exp":"2011-03-22T18:43:00Z"}"#), [Oddity::DateUnreadable]);
    assert_eq!(odd(r#"{"exp":1300819380000}"#), [Oddity::DateInMillis]);
    assert_eq!(odd(r#"{"exp":"soon"}"#), [Oddity::DateUnreadable]);
    assert_eq!(odd(r#"{"exp":null,"iat":{}}"#), [Oddity::DateUnreadable]);
    assert_eq!(odd(r#"{"exp":5,"iat":5}"#), [Oddity::NeverGood]);
    assert_eq!(odd("[]"), [Oddity::ClaimsNotAnObject]);
    assert_eq!(odd("{"), [Oddity::ClaimsUnreadable]);
    for (token, expected) in [
        (token(r#"{"alg":"none"}"#, r#"{"exp":1}"#), Oddity::AlgorithmNone),
        (token("{}", r#"{"exp":1}"#), Oddity::NoAlgorithm),
        (token(r#"{"alg":"HS256","cty":"JWT"}"#, r#"{"exp":1}"#), Oddity::Nested),
        (token("7", r#"{"exp":1}"#), Oddity::HeaderNotAnObject),
        (token("", r#"{"exp":1}"#), Oddity::HeaderUnreadable),
        (EXAMPLE.split_at(EXAMPLE.rfind('.').unwrap() + 1).0.to_owned(), Oddity::NoSignature),
        (token(header, r#"{"exp":1}"#).replacen('.', "=.", 1), Oddity::Padding),
        (token(header, r#"{"exp":1, "x":"??>"}"#).replace('_', "/").replace('-', "+"), Oddity::PlainBase64),
        ("x".repeat(LONGEST + 1), Oddity::TooLong),
        ("opaque".to_owned(), Oddity::NotAToken),
    ] {
        assert_eq!(Reading::of(&token).oddities, [expected], "{token:.90}");
    }
}

#[test]
fn dates_are_taken_as_they_were_meant() {
    for exp in ["1300819380", "1300819380.0", "1300819380000", "\"1300819380\"", "\"1300819380.5\""] {
        let facts = facts("{}", &format!("{{\"exp\":{exp}}}"));
        assert_eq!(facts.expires_at, Some(Time::from_seconds(1_300_819_380)), "{exp}");
    }
    assert_eq!(facts("{}", r#"{"exp":"NaN"}"#).expires_at, None);
    assert!(facts("{}", r#"{"exp":1e308}"#).expires_at.is_some());
}

#[test]
fn deep_json_is_unreadable_and_harmless() {
    let deep = "[".repeat(40_000);
    assert!(Reading::of(&token("{}", &deep)).oddities.contains(&Oddity::ClaimsUnreadable));
}

#[test]
fn stored_facts_of_earlier_versions_are_read() {
    let old = r#"{"algorithm":"HS256","audience":["a"],"expiresAt":5}"#;
    let facts: TokenFacts = serde_json::from_str(old).unwrap();
    assert_eq!((facts.expires_at, facts.kind), (Some(Time(5)), TokenKind::Unknown));
    assert_eq!(serde_json::to_string(&facts).unwrap(), old);
    // What is more than nothing is written.
    let known = TokenFacts { key_id: true, kind: TokenKind::Id, ..facts };
    let again: TokenFacts = serde_json::from_str(&serde_json::to_string(&known).unwrap()).unwrap();
    assert_eq!(again, known);
}

#[test]
fn every_letter_of_base64url_and_of_plain_base64_has_its_value() {
    let bytes: Vec<u8> = (0..=255).collect();
    let text = encode(&bytes);
    assert_eq!(decode_base64url(&text).as_deref(), Some(&bytes[..]));
    assert_eq!(decode_base64url(&text.replace('-', "+").replace('_', "/")).as_deref(), Some(&bytes[..]));
    assert_eq!(decode_base64url("_w==").as_deref(), Some(&[255][..]));
    // Four letters are three bytes, so one more than that is none.
    for (text, length) in [("", Some(0)), ("A", None), ("AA", Some(1)), ("AAA", Some(2)), ("AAAAA", None)] {
        assert_eq!(decode_base64url(text).map(|bytes| bytes.len()), length, "{text}");
    }
    assert_eq!(decode_base64url("A A"), None);
}

#[test]
fn as_long_as_may_be_is_read() {
    let head = token("{}", "{}");
    let longest = format!("{head}{}", "A".repeat(LONGEST - head.len()));
    assert!(!Reading::of(&longest).oddities.contains(&Oddity::TooLong));
    assert!(Reading::of(&format!("{longest}A")).oddities.contains(&Oddity::TooLong));
}
