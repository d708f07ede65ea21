//! Gateways and caches in front of applications.

use super::Server::{AmazonApiGateway, AzureApiManagement, CloudFront, Kong, Varnish};
use super::{Snippet, snippet};
use crate::cause::CauseId as C;

pub(super) const SNIPPETS: &[Snippet] = &[
    snippet(
        Kong,
        &[C::CorsPreflight401],
        "kong.yml",
        "plugins:
- name: cors
  config: { origins: ['https://app.example.com'], credentials: true, headers: [Authorization] }
- name: jwt
  config: { run_on_preflight: false }",
    ),
    snippet(
        Kong,
        &[C::ApiKeyMissingOrInvalid],
        "kong.yml",
        "plugins:
- name: key-auth
  config: { key_names: [apikey, x-api-key], key_in_header: true, run_on_preflight: false }
consumers:
- username: app
  keyauth_credentials: [{ key: … }]",
    ),
    snippet(
        AmazonApiGateway,
        &[C::ApiKeyMissingOrInvalid],
        "AWS CLI",
        "aws apigateway get-api-key --api-key ID --query enabled
aws apigateway create-usage-plan-key --usage-plan-id PLAN --key-id ID --key-type API_KEY",
    ),
    snippet(
        AzureApiManagement,
        &[C::ApiKeyMissingOrInvalid],
        "Azure CLI",
        "az apim api update -g GROUP -n SERVICE --api-id API --subscription-required true \\
  --subscription-key-header-name Ocp-Apim-Subscription-Key",
    ),
    // Managed policies of CloudFront, known by their ids.
    snippet(
        CloudFront,
        &[C::AuthHeaderStrippedProxy],
        "DefaultCacheBehavior",
        "# CachingDisabled, and AllViewer: Authorization is passed on.
CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad
OriginRequestPolicyId: 216adef6-5c7f-47e4-b989-5492eafa07d3",
    ),
    snippet(
        CloudFront,
        &[C::HttpCacheStale],
        "CustomErrorResponses",
        "- { ErrorCode: 403, ErrorCachingMinTTL: 0 }
- { ErrorCode: 404, ErrorCachingMinTTL: 0 }",
    ),
    snippet(
        Varnish,
        &[C::HttpCacheStale],
        "default.vcl",
        "sub vcl_backend_response {
    if (beresp.status == 401 || beresp.status == 403 || beresp.http.Set-Cookie) {
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
    }
}",
    ),
];
