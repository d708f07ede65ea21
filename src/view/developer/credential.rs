//! What was sent in `Authorization`: its shape, and what a token in it says of itself.

use maud::{Markup, html};

use super::{amiss, row};
use crate::exchange::{Exchange, KeyPlace, Kind, Known};
use crate::http::authorization::{Credential, Oddity};
use crate::http::jwt::{self, TokenFacts, TokenKind};
use crate::time::Time;
use crate::words::{Arg, Line, Words};

pub(super) fn render(words: &dyn Words, exchange: &Exchange) -> Markup {
    let key = exchange.asked.api_key.map(|place| match place {
        KeyPlace::Header => "dev_key_header",
        KeyPlace::Query => "dev_key_query",
    });
    html! {
        @match &exchange.authorization {
            Known::Present(credential) => (sent(words, credential, exchange.at)),
            // A preflight never carries one (Fetch standard, section 4.8), also where that is not seen.
            Known::Unknown if exchange.kind == Kind::Preflight => p.note { (words.say("dev_no_authorization")) },
            Known::Absent => p.note { (words.say("dev_no_authorization")) },
            Known::Unknown => p.note { (words.say("dev_hidden_authorization")) },
        }
        @if let Some(key) = key { p.note { (words.say(key)) } }
    }
}

fn sent(words: &dyn Words, credential: &Credential, at: Time) -> Markup {
    let size = words.line(&Line::new("dev_bytes").with(Arg::Count(credential.size)));
    let scheme = if credential.scheme.is_empty() { "?" } else { &credential.scheme };
    let wrong: Vec<&'static str> = credential.oddities.iter().copied().map(shape).collect();
    html! {
        dl data-credential=(scheme) { (row(words, "authorization", scheme, Some(size))) }
        (amiss(words, &wrong))
        @if let Some(token) = &credential.token { (claims(words, token, at)) }
    }
}

/// The registered claims (RFC 7519, section 4.1) and header fields (RFC 7515, section 4.1).
fn claims(words: &dyn Words, token: &TokenFacts, at: Time) -> Markup {
    let text = |name: &'static str, value: &Option<String>, key: &'static str| {
        value.as_ref().map(|value| row(words, name, value, Some(words.say(key))))
    };
    let date = |name: &'static str, value: Option<Time>, is_wrong: bool, keys: [&'static str; 2]| {
        value.map(|time| {
            html! {
                div data-claim=(name) {
                    dt { (name) }
                    dd {
                        time datetime=(time.rfc3339()) { (words.arg(&Arg::At(time))) } " "
                        span.(if is_wrong { "bad" } else { "note" }) { (words.say(keys[usize::from(is_wrong)])) }
                    }
                }
            }
        })
    };
    let expired = token.expires_at.is_some_and(|expires| expires <= at);
    let early = |start: Option<Time>| start.is_some_and(|start| start > at);
    let mut wrong: Vec<&'static str> = token.oddities.iter().copied().filter_map(odd).collect();
    if token.algorithm.is_none() {
        wrong.push("dev_odd_no_algorithm");
    }
    if token.expires_at.is_none() && !token.encrypted {
        wrong.push("dev_odd_no_expiry");
    }
    html! {
        p.facts { (words.say(kind(token))) }
        dl data-token {
            @for row in [
                text("alg", &token.algorithm, "dev_claim_alg"),
                text("typ", &token.typ, "dev_claim_typ"),
            ] { @if let Some(row) = row { (row) } }
            @if token.key_id { div { dt { "kid" } dd { span.note { (words.say("dev_claim_kid")) } } } }
            @if let Some(row) = text("iss", &token.issuer, "dev_claim_iss") { (row) }
            @if !token.audience.is_empty() {
                (row(words, "aud", &token.audience.join(" "), Some(words.say("dev_claim_aud"))))
            }
            @for row in [
                text("scope", &token.scope, "dev_claim_scope"),
                text("token_use", &token.token_use, "dev_claim_use"),
                text("ver", &token.version, "dev_claim_ver"),
            ] { @if let Some(row) = row { (row) } }
            @if token.client { div { dt { "azp" } dd { span.note { (words.say("dev_claim_azp")) } } } }
            @for row in [
                date("iat", token.issued_at, early(token.issued_at), ["dev_claim_iat", "dev_claim_future"]),
                date("nbf", token.not_before, early(token.not_before), ["dev_claim_nbf", "dev_claim_future"]),
                date("exp", token.expires_at, expired, ["dev_claim_exp", "dev_claim_over"]),
            ] { @if let Some(row) = row { (row) } }
        }
        (amiss(words, &wrong))
    }
}

fn kind(token: &TokenFacts) -> &'static str {
    match token.kind {
        _ if token.encrypted => "dev_token_encrypted",
        TokenKind::Access => "dev_token_access",
        TokenKind::Id => "dev_token_id",
        TokenKind::Refresh => "dev_token_refresh",
        TokenKind::Logout => "dev_token_logout",
        TokenKind::Unknown => "dev_token",
    }
}

fn shape(oddity: Oddity) -> &'static str {
    match oddity {
        Oddity::NoScheme => "dev_shape_no_scheme",
        Oddity::Empty => "dev_shape_empty",
        Oddity::Nothing => "dev_shape_nothing",
        Oddity::Placeholder => "dev_shape_placeholder",
        Oddity::Quoted => "dev_shape_quoted",
        Oddity::DoubledScheme => "dev_shape_doubled",
        Oddity::ColonAfterScheme => "dev_shape_colon",
        Oddity::NotBase64 => "dev_shape_not_base64",
        Oddity::NoColon => "dev_shape_no_colon",
        Oddity::Spaced => "dev_shape_spaced",
    }
}

/// Those of a text that is no token at all, or that the rows above show, are none here.
fn odd(oddity: jwt::Oddity) -> Option<&'static str> {
    use jwt::Oddity as Odd;
    Some(match oddity {
        Odd::NotAToken | Odd::NoAlgorithm | Odd::NoExpiry => return None,
        Odd::TooLong => "dev_odd_too_long",
        Odd::Padding | Odd::PlainBase64 => "dev_odd_base64",
        Odd::HeaderUnreadable | Odd::HeaderNotAnObject => "dev_odd_header",
        Odd::ClaimsUnreadable | Odd::ClaimsNotAnObject => "dev_odd_claims",
        Odd::NoEncryption => "dev_odd_no_encryption",
        Odd::Nested => "dev_odd_nested",
        Odd::AlgorithmNone => "dev_odd_algorithm_none",
        Odd::NoSignature => "dev_odd_no_signature",
        Odd::DateIsText => "dev_odd_date_text",
        Odd::DateInMillis => "dev_odd_date_millis",
        Odd::DateUnreadable => "dev_odd_date_unreadable",
        Odd::NeverGood => "dev_odd_never_good",
    })
}
