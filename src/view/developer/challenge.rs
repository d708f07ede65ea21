//! What the answer asks for (RFC 9110, section 11.6), word by word.

use maud::{Markup, html};

use super::{amiss, row};
use crate::exchange::{Exchange, Known};
use crate::http::challenge::{ChallengeFacts, Oddity};
use crate::words::Words;

pub(super) fn render(words: &dyn Words, exchange: &Exchange) -> Markup {
    let mut wrong: Vec<&'static str> = exchange.challenge_oddities.iter().copied().map(oddity).collect();
    // RFC 9110, section 15.5.2: with a 401 there must be one; section 15.5.8: with a 407 as well.
    let is_owed = match exchange.status {
        401 => exchange.challenges.is_absent(),
        407 => exchange.proxy_challenges.is_empty(),
        _ => false,
    };
    if is_owed {
        wrong.push("dev_odd_no_challenge");
    }
    html! {
        @for challenge in exchange.challenges() { (one(words, "www-authenticate", challenge)) }
        @for challenge in &exchange.proxy_challenges { (one(words, "proxy-authenticate", challenge)) }
        @if exchange.challenges == Known::Unknown && exchange.proxy_challenges.is_empty() {
            p.note { (words.say("dev_hidden")) }
        } @else if exchange.challenges().is_empty() && exchange.proxy_challenges.is_empty() && !is_owed {
            p.note { (words.say("dev_no_challenge")) }
        }
        (amiss(words, &wrong))
    }
}

fn one(words: &dyn Words, header: &str, challenge: &ChallengeFacts) -> Markup {
    let meaning = |key: &str| Some(words.say(key));
    let scheme = match challenge.scheme.as_str() {
        "basic" => meaning("dev_scheme_basic"),
        "bearer" => meaning("dev_scheme_bearer"),
        "digest" => meaning("dev_scheme_digest"),
        "dpop" => meaning("dev_scheme_dpop"),
        "negotiate" => meaning("dev_scheme_negotiate"),
        "ntlm" => meaning("dev_scheme_ntlm"),
        _ => None,
    };
    let texts = [
        ("realm", &challenge.realm, "dev_param_realm"),
        ("error", &challenge.error, error(challenge.error.as_deref().unwrap_or_default())),
        ("error_description", &challenge.error_description, "dev_param_error_description"),
        ("scope", &challenge.scope, "dev_param_scope"),
        ("algorithm", &challenge.algorithm, "dev_param_algorithm"),
        ("qop", &challenge.qop, "dev_param_qop"),
        ("charset", &challenge.charset, "dev_param_charset"),
        ("authorization_uri", &challenge.authorization_host, "dev_param_authorization"),
        ("resource_metadata", &challenge.metadata_host, "dev_param_metadata"),
    ];
    let flags = [
        ("stale", challenge.stale, "dev_param_stale"),
        ("nonce", challenge.nonce, "dev_param_nonce"),
        ("token68", challenge.token, "dev_param_token"),
        ("claims", challenge.claims, "dev_param_claims"),
        ("max_age", challenge.max_age, "dev_param_max_age"),
        ("acr_values", challenge.acr_values, "dev_param_acr_values"),
    ];
    html! {
        dl data-challenge=(challenge.scheme) {
            (row(words, header, &challenge.scheme, scheme))
            @for (name, value, key) in texts {
                @if let Some(value) = value { (row(words, name, value, meaning(key))) }
            }
            @for (name, _, key) in flags.into_iter().filter(|(_, is_there, _)| *is_there) {
                div { dt { (name) } dd { span.note { (words.say(key)) } } }
            }
        }
    }
}

/// The codes of RFC 6750, section 3.1, RFC 9470, section 3, and RFC 9449, sections 7.1 and 9.
fn error(code: &str) -> &'static str {
    match code {
        "invalid_request" => "dev_error_invalid_request",
        "invalid_token" => "dev_error_invalid_token",
        "insufficient_scope" => "dev_error_insufficient_scope",
        "insufficient_user_authentication" => "dev_error_insufficient_user",
        "invalid_dpop_proof" | "use_dpop_nonce" => "dev_error_dpop",
        _ => "dev_error_other",
    }
}

fn oddity(oddity: Oddity) -> &'static str {
    match oddity {
        Oddity::UnclosedQuote => "dev_odd_unclosed_quote",
        Oddity::Junk => "dev_odd_junk",
        Oddity::NoScheme => "dev_odd_no_scheme",
        Oddity::DuplicateParameter => "dev_odd_duplicate_parameter",
        Oddity::EmptyValue => "dev_odd_empty_value",
        Oddity::MissingComma => "dev_odd_missing_comma",
        Oddity::TooLong => "dev_odd_too_long",
    }
}
