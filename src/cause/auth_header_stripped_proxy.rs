//! `auth_header_stripped_proxy`: the browser sent `Authorization`, and something on the way took it
//! out before the program that reads it.
//!
//! Known to do so unless told otherwise: Apache in front of CGI and FastCGI programs (Apache HTTP
//! Server, `CGIPassAuth`; mod_wsgi, `WSGIPassAuthorization`), and so PHP behind it; LiteSpeed alike;
//! Amazon CloudFront (Developer Guide, "HTTP 401 status code"). A server that gets none says so without
//! an error code (RFC 6750, section 3.1).

use super::Weighing;
use crate::evidence::Evidence;
use crate::fix::FixId;
use crate::http::authorization::Oddity;
use crate::product::Product;
use crate::sign::Sign;
use crate::words::Line;

/// What helps: only the owner can let it through.
pub(super) const FIXES: &[FixId] = &[FixId::ForTheOwner];

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Weighing> {
    let exchange = evidence.exchange;
    if !matches!(exchange.status, 401 | 403) {
        return None;
    }
    let credential = exchange.authorization.present()?;
    let challenges = exchange.challenges();
    let has = |product: Product| exchange.products.contains(&product);
    let says_none = exchange.says(Sign::NoCredential);
    let mut weighing = Weighing::from(-1.1);
    if says_none {
        weighing.finding(3.2, Line::new("why_says_none_came"));
    }
    let is_cloudfront = has(Product::CloudFront);
    let is_cgi_server = has(Product::Apache) || has(Product::LiteSpeed);
    let is_php =
        has(Product::Php) || has(Product::Laravel) || has(Product::Nextcloud) || has(Product::WordPress);
    if is_cloudfront {
        weighing.finding(1.5, Line::new("why_cloudfront_strips"));
    } else if is_cgi_server {
        weighing.finding(1.3, Line::new("why_apache_strips"));
    } else if is_php {
        weighing.finding(0.5, Line::new("why_php_strips"));
    }
    if is_cgi_server && is_php {
        weighing.shift(0.6);
    }
    let is_password = matches!(credential.scheme.as_str(), "basic" | "digest" | "negotiate" | "ntlm");
    let asked_anew = challenges.iter().any(|one| one.scheme == credential.scheme);
    if is_password {
        // A wrong password looks the same, and is far more common.
        weighing.shift(if asked_anew { -0.6 } else { 0.0 });
    } else if asked_anew && challenges.iter().all(|one| one.error.is_none()) && exchange.signs.is_empty() {
        weighing.finding(0.5, Line::new("why_asks_without_error"));
    }
    // What names an error has read a token.
    if challenges.iter().any(|one| one.error.is_some()) {
        weighing.shift(-2.2);
    }
    if evidence.names_other_reason(&[Sign::NoCredential, Sign::Malformed]) {
        weighing.shift(-2.2);
    }
    if evidence.token_in_time() == Some(false) {
        weighing.shift(-1.8);
    }
    // Authorizers of Amazon API Gateway take a bare token, so one without a scheme is no mistake there.
    match credential.oddities.as_slice() {
        [] => {}
        [Oddity::NoScheme] if is_cloudfront => weighing.shift(-0.3),
        _ => weighing.shift(-2.0),
    }
    let passes = |other: &crate::exchange::Exchange| {
        other.site == exchange.site
            && (200..300).contains(&other.status)
            && other.authorization.present().is_some_and(|sent| sent.scheme == credential.scheme)
    };
    if evidence.others().any(passes) && !says_none {
        weighing.shift(-1.6);
    }
    if exchange.status == 403 {
        weighing.shift(-0.8);
    }
    (weighing.confidence() > 0.2).then_some(weighing)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, check};
    use crate::exchange::Kind;

    /// Claims `{"exp":1800000000}`, 2027-01-15.
    const JWT: &[(&str, &str)] =
        &[("Authorization", "Bearer eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE4MDAwMDAwMDB9.c2ln")];
    const API: Given = Given { kind: Kind::Fetch, path: "/api/items", request: JWT, ..Given::PLAIN };

    #[test]
    fn a_server_that_says_none_came() {
        let given = Given { body: Some("{\"message\":\"Token not found.\"}"), ..API };
        check(&given, "auth_header_stripped_proxy 0.89: why_says_none_came");
        let bare = Given { request: &[], ..given };
        check(&bare, "auth_header_missing 0.65: why_no_authorization why_says_nothing_came");
    }

    #[test]
    fn on_the_way_that_is_known_to() {
        check(
            &Given { response: &[("Server", "Apache/2.4")], ..API },
            "auth_header_stripped_proxy 0.55: why_apache_strips",
        );
        check(
            &Given { response: &[("Via", "1.1 x.cloudfront.net (CloudFront)")], ..API },
            "auth_header_stripped_proxy 0.60: why_cloudfront_strips",
        );
        check(
            &Given { response: &[("Server", "Apache"), ("WWW-Authenticate", "Bearer")], ..API },
            "auth_header_stripped_proxy 0.67: why_apache_strips why_asks_without_error",
        );
    }

    #[test]
    fn not_when_the_token_was_read() {
        let given = Given {
            response: &[("Server", "Apache"), ("WWW-Authenticate", "Bearer error=\"invalid_token\"")],
            ..API
        };
        check(&given, "token_signature_invalid 0.79: why_token_in_time why_shared_secret why_says_invalid");
        check(
            &Given { now: 1_800_008_000, response: &[("Server", "Apache")], ..API },
            "token_expired 0.90: why_token_ran_out",
        );
    }
}
