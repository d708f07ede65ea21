//! What servers say of the keys of their APIs.

use super::Place::{Body, Description, Header};
use super::Sign::{ApiKeyMissing, ApiKeyWrong};
use super::table::{Row, row};

pub(super) const ROWS: &[Row] = &[
    row(Description, "no api key", ApiKeyMissing, "Kong: key-auth; many others"),
    row(Description, "missing*api key", ApiKeyMissing, "Google APIs; Elastic; many others"),
    row(Description, "missing subscription key", ApiKeyMissing, "Azure API Management: 401"),
    row(Description, "didn't provide an api key", ApiKeyMissing, "OpenAI API; Stripe API"),
    row(Description, "did not provide an api key", ApiKeyMissing, "Stripe API"),
    row(Description, "api key is required", ApiKeyMissing, "FastAPI recipes; Immich; Tyk"),
    row(Description, "api_key_missing", ApiKeyMissing, "api.data.gov"),
    row(Description, "x-api-key header is required", ApiKeyMissing, "Anthropic API"),
    row(
        Description,
        "key not found in request",
        ApiKeyMissing,
        "Apache APISIX: Missing API key found in request",
    ),
    row(Description, "failedtoresolveapikey", ApiKeyMissing, "Apigee: steps.oauth.v2.FailedToResolveAPIKey"),
    row(Description, "unauthenticated callers", ApiKeyMissing, "Google APIs: 403 without any key"),
    row(Description, "missing a valid api key", ApiKeyMissing, "Google APIs: 403"),
    row(Description, "invalid api key", ApiKeyWrong, "Stripe; Supabase; TMDB; OpenWeather; Grafana"),
    row(Description, "invalid_api_key", ApiKeyWrong, "OpenAI API; Resend; Clerk"),
    row(Description, "api_key_invalid", ApiKeyWrong, "Google APIs: ErrorInfo.reason; api.data.gov"),
    row(Description, "api key not valid", ApiKeyWrong, "Google APIs: 400 and 403"),
    row(Description, "api key*invalid", ApiKeyWrong, "Meilisearch; Apache APISIX; Algolia; many others"),
    row(Description, "api key*expired", ApiKeyWrong, "Google APIs; Grafana; Elasticsearch"),
    row(Description, "incorrect api key", ApiKeyWrong, "OpenAI API"),
    row(Description, "invalid apikey", ApiKeyWrong, "Apigee: oauth.v2.InvalidApiKey"),
    row(Description, "invalidapikey", ApiKeyWrong, "Apigee: oauth.v2.InvalidApiKey"),
    row(Description, "apikeyinvalid", ApiKeyWrong, "NewsAPI: apiKeyInvalid"),
    row(Description, "invalid x-api-key", ApiKeyWrong, "Anthropic API"),
    row(Description, "invalid subscription key", ApiKeyWrong, "Azure API Management: 401"),
    row(Description, "invalid application-id or api key", ApiKeyWrong, "Algolia: 403"),
    row(Description, "api_key_service_blocked", ApiKeyWrong, "Google APIs: key restrictions"),
    row(Description, "api_key_http_referrer_blocked", ApiKeyWrong, "Google APIs: key restrictions"),
    row(Description, "invalid integration key", ApiKeyWrong, "Duo Admin API, code 40102; PagerDuty"),
    row(Description, "invalid signature in request credentials", ApiKeyWrong, "Duo Admin API, code 40103"),
    row(Description, "access to this api has been disallowed", ApiKeyWrong, "Tyk: 403"),
    row(Description, "you are not subscribed to this api", ApiKeyWrong, "RapidAPI: 403"),
    row(
        Description,
        "security token included in the request is invalid",
        ApiKeyWrong,
        "AWS: UnrecognizedClient",
    ),
    row(Header("x-amzn-errortype"), "unrecognizedclientexception", ApiKeyWrong, "AWS common errors"),
    row(Header("x-amzn-errortype"), "invalidapikey", ApiKeyWrong, "Amazon API Gateway: INVALID_API_KEY"),
    row(Body, "x-api-key", ApiKeyMissing, "APIs that name the header of their key"),
];
