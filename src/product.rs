//! Which software answered, told by the marks that it leaves in headers: one table of documented
//! facts. It decides nothing by itself; rules and notes for the owner ask it.

use serde::{Deserialize, Serialize};

/// Servers, gateways and identity providers that leave a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)] // Their names say it.
pub enum Product {
    Akamai,
    AmazonApiGateway,
    AmazonLoadBalancer,
    Apache,
    AspNet,
    AzureApiManagement,
    Caddy,
    CloudFront,
    Cloudflare,
    Cups,
    DataDome,
    DockerRegistry,
    Entra,
    Envoy,
    Express,
    Fastly,
    Gitlab,
    Gunicorn,
    Iis,
    Imperva,
    Jenkins,
    Jetty,
    Jira,
    Jupyter,
    Kestrel,
    Keycloak,
    Kong,
    Laravel,
    LiteSpeed,
    Nextcloud,
    Nexus,
    Nginx,
    Php,
    PostgRest,
    Rails,
    ServiceNow,
    SharePoint,
    Squid,
    Sucuri,
    Tomcat,
    Tornado,
    Traefik,
    Uvicorn,
    Varnish,
    Vercel,
    WordPress,
}

/// One mark.
struct Mark {
    /// The header's name, lower case; ending in `*`, its beginning.
    header: &'static str,
    /// Words in its value, lower case; empty when its presence says it.
    value: &'static str,
    product: Product,
}

const fn mark(header: &'static str, value: &'static str, product: Product) -> Mark {
    Mark { header, value, product }
}

use Product as P;

/// The marks. Sources: the vendors' documentation of their response headers, and what the software
/// sends out of the box (`Server`, RFC 9110, section 10.2.4; `Via`, section 7.6.3).
const MARKS: &[Mark] = &[
    mark("server", "akamaighost", P::Akamai),
    mark("x-akamai*", "", P::Akamai),
    mark("akamai*", "", P::Akamai),
    mark("x-amzn-errortype", "", P::AmazonApiGateway),
    mark("x-amz-apigw-id", "", P::AmazonApiGateway),
    mark("apigw-requestid", "", P::AmazonApiGateway),
    mark("server", "awselb", P::AmazonLoadBalancer),
    mark("server", "apache-coyote", P::Tomcat),
    mark("server", "apache", P::Apache),
    mark("x-aspnet-version", "", P::AspNet),
    mark("x-powered-by", "asp.net", P::AspNet),
    mark("www-authenticate", "azureapimanagementkey", P::AzureApiManagement),
    mark("server", "caddy", P::Caddy),
    mark("via", "cloudfront", P::CloudFront),
    mark("x-amz-cf-id", "", P::CloudFront),
    mark("cf-ray", "", P::Cloudflare),
    mark("server", "cloudflare", P::Cloudflare),
    mark("server", "cups", P::Cups),
    mark("x-datadome", "", P::DataDome),
    mark("set-cookie", "datadome=", P::DataDome),
    mark("docker-distribution-api-version", "", P::DockerRegistry),
    mark("x-ms-ests-server", "", P::Entra),
    mark("server", "envoy", P::Envoy),
    mark("x-envoy*", "", P::Envoy),
    mark("x-powered-by", "express", P::Express),
    mark("x-served-by", "cache-", P::Fastly),
    mark("x-gitlab-meta", "", P::Gitlab),
    mark("server", "gunicorn", P::Gunicorn),
    mark("server", "microsoft-iis", P::Iis),
    mark("x-iinfo", "", P::Imperva),
    mark("x-cdn", "imperva", P::Imperva),
    mark("x-cdn", "incapsula", P::Imperva),
    mark("x-jenkins*", "", P::Jenkins),
    mark("server", "jetty", P::Jetty),
    mark("x-arequestid", "", P::Jira),
    mark("x-seraph-loginreason", "", P::Jira),
    mark("x-jupyter*", "", P::Jupyter),
    mark("server", "kestrel", P::Kestrel),
    mark("server", "kong", P::Kong),
    mark("x-kong*", "", P::Kong),
    mark("set-cookie", "laravel_session", P::Laravel),
    mark("server", "litespeed", P::LiteSpeed),
    mark("www-authenticate", "nextcloud", P::Nextcloud),
    mark("www-authenticate", "owncloud", P::Nextcloud),
    mark("server", "nexus", P::Nexus),
    mark("server", "nginx", P::Nginx),
    mark("server", "openresty", P::Nginx),
    mark("x-powered-by", "php", P::Php),
    mark("server", "postgrest", P::PostgRest),
    mark("sb-gateway-version", "", P::PostgRest),
    mark("x-runtime", "", P::Rails),
    mark("server", "servicenow", P::ServiceNow),
    mark("microsoftsharepointteamservices", "", P::SharePoint),
    mark("sprequestguid", "", P::SharePoint),
    mark("server", "squid", P::Squid),
    mark("x-squid-error", "", P::Squid),
    mark("server", "sucuri", P::Sucuri),
    mark("x-sucuri*", "", P::Sucuri),
    mark("server", "tornado", P::Tornado),
    mark("www-authenticate", "traefik", P::Traefik),
    mark("server", "uvicorn", P::Uvicorn),
    mark("x-varnish", "", P::Varnish),
    mark("server", "vercel", P::Vercel),
    mark("link", "api.w.org", P::WordPress),
    mark("set-cookie", "kc_restart", P::Keycloak),
    mark("set-cookie", "auth_session_id", P::Keycloak),
];

/// The software that a response header shows; `name` in lower case.
pub fn read(name: &str, value: &str, found: &mut Vec<Product>) {
    let is_of = |mark: &&Mark| match mark.header.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == mark.header,
    };
    let mut marks = MARKS.iter().filter(is_of).peekable();
    if marks.peek().is_none() {
        return;
    }
    let value = value.to_ascii_lowercase();
    for mark in marks {
        if value.contains(mark.value) && !found.contains(&mark.product) {
            // Tomcat's old mark holds Apache's.
            if mark.product == P::Apache && found.contains(&P::Tomcat) {
                continue;
            }
            found.push(mark.product);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks() {
        let read = |name: &str, value: &str| {
            let mut found = Vec::new();
            super::read(name, value, &mut found);
            found
        };
        assert_eq!(read("server", "nginx/1.25"), [P::Nginx]);
        assert_eq!(read("server", "Apache-Coyote/1.1"), [P::Tomcat]);
        assert_eq!(read("server", "Apache/2.4"), [P::Apache]);
        assert_eq!(read("x-akamai-transformed", "9"), [P::Akamai]);
        assert_eq!(read("x-other", "nginx"), []);
    }
}
