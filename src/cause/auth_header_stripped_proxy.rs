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
            && !other.from_cache
            && other.authorization.present().is_some_and(|sent| sent.scheme == credential.scheme)
    };
    if evidence.others().any(passes) && !says_none {
        weighing.shift(-1.6);
    }
    if exchange.status == 403 {
        weighing.shift(-0.8);
    }
    weighing.above(0.2)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Given, Other, check, check_rule};
    use super::rule;
    use crate::exchange::Kind;

    /// Claims `{"exp":1800000000}`, 2027-01-15.
    const JWT: &[(&str, &str)] =
        &[("Authorization", "Bearer eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE4MDAwMDAwMDB9.c2ln")];
    const API: Given = Given { kind: Kind::Fetch, path: "/api/items", request: JWT, ..Given::PLAIN };
    const CLOUDFRONT: &[(&str, &str)] = &[("Via", "1.1 x.cloudfront.net (CloudFront)")];
    const NONE_CAME: Given = Given { body: Some("Token not found."), ..API };

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

    #[test]
    fn what_runs_on_php_may_stand_behind_fastcgi() {
        check_rule(rule, &API, "-1.1");
        for header in [
            ("X-Powered-By", "PHP/8.3"),
            ("Set-Cookie", "laravel_session=abc"),
            ("WWW-Authenticate", "Basic realm=\"Nextcloud\""),
            ("Link", "<https://app.example.com/wp-json/>; rel=\"https://api.w.org/\""),
        ] {
            check_rule(rule, &Given { response: &[header], ..API }, "-0.6: why_php_strips");
        }
    }

    #[test]
    fn a_password_that_is_asked_for_again_is_more_likely_wrong() {
        let request = &[("Authorization", "Basic bWU6cHc=")];
        let given = Given { request, response: &[("Server", "Apache")], ..API };
        check_rule(rule, &given, "0.2: why_apache_strips");
        let again = Given { response: &[("Server", "Apache"), ("WWW-Authenticate", "Basic")], ..given };
        check_rule(rule, &again, "-0.4: why_apache_strips");
    }

    #[test]
    fn what_speaks_of_the_token_weighs_even_where_none_is_said_to_have_come() {
        check_rule(rule, &NONE_CAME, "2.1: why_says_none_came");
        let other_reason = Given { body: Some("Token not found, or wrong audience."), ..NONE_CAME };
        check_rule(rule, &other_reason, "-0.1: why_says_none_came");
        check_rule(rule, &Given { now: 1_800_008_000, ..NONE_CAME }, "0.3: why_says_none_came");
    }

    #[test]
    fn a_credential_of_an_odd_shape_may_not_have_been_read() {
        let bare = &[("Authorization", JWT[0].1.trim_start_matches("Bearer "))];
        check_rule(rule, &Given { request: bare, ..NONE_CAME }, "0.1: why_says_none_came");
        // There it may be meant so.
        let there = Given { response: CLOUDFRONT, ..NONE_CAME };
        check_rule(rule, &there, "3.6: why_says_none_came why_cloudfront_strips");
        check_rule(
            rule,
            &Given { request: bare, ..there.clone() },
            "3.3: why_says_none_came why_cloudfront_strips",
        );
        let doubled = &[("Authorization", "Bearer Bearer abc")];
        check_rule(
            rule,
            &Given { request: doubled, ..there },
            "1.6: why_says_none_came why_cloudfront_strips",
        );
    }

    #[test]
    fn a_way_that_lets_the_same_scheme_through_elsewhere_takes_nothing_out() {
        let given = Given { response: CLOUDFRONT, ..API };
        let passed = Other { path: "/api/me", request: JWT, ..Other::PLAIN };
        check_rule(rule, &Given { earlier: &[passed], ..given.clone() }, "-1.2: why_cloudfront_strips");
        for other in [
            Other { origin: "https://other.test", ..passed },
            Other { status: 401, ..passed },
            Other { request: &[], ..passed },
            Other { request: &[("Authorization", "Basic bWU6cHc=")], ..passed },
        ] {
            check_rule(rule, &Given { earlier: &[other], ..given.clone() }, "0.4: why_cloudfront_strips");
        }
        // The server's own word counts more.
        check_rule(rule, &Given { earlier: &[passed], ..NONE_CAME }, "2.1: why_says_none_came");
    }

    #[test]
    fn a_403_rather_means_that_it_was_read() {
        let given = Given { response: CLOUDFRONT, status: 403, ..API };
        check_rule(rule, &given, "-0.4: why_cloudfront_strips");
    }
}
