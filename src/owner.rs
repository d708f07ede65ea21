//! For developers and administrators: what has to be mended on the server, with an example that
//! they can adapt.
//!
//! One file per family of servers; each example says which causes it mends. The answer's own marks
//! tell which server it is ([`crate::product`]): that one's examples come first.

mod apache;
mod express;
mod frameworks;
mod gateways;
mod iis;
mod machine;
mod nginx;
mod page;

use std::fmt::Write as _;

use crate::cause::CauseId;
use crate::exchange::Exchange;
use crate::incident::Incident;
use crate::product::Product;
use crate::report;
use crate::sorted;
use crate::words::{Line, Words};

/// What an example is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // Their names say it.
pub enum Server {
    Nginx,
    Apache,
    Iis,
    Express,
    AspNetCore,
    Django,
    Laravel,
    Php,
    Rails,
    Spring,
    Tomcat,
    Uvicorn,
    WordPress,
    Kong,
    AmazonApiGateway,
    AzureApiManagement,
    CloudFront,
    Varnish,
    Linux,
    Windows,
    /// The page's own script: the client of the server.
    Page,
}

use Product as P;

impl Server {
    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Apache => "Apache",
            Self::Iis => "IIS",
            Self::Express => "Express",
            Self::AspNetCore => "ASP.NET Core",
            Self::Django => "Django",
            Self::Laravel => "Laravel",
            Self::Php => "PHP",
            Self::Rails => "Rails",
            Self::Spring => "Spring",
            Self::Tomcat => "Tomcat",
            Self::Uvicorn => "Uvicorn",
            Self::WordPress => "WordPress",
            Self::Kong => "Kong",
            Self::AmazonApiGateway => "Amazon API Gateway",
            Self::AzureApiManagement => "Azure API Management",
            Self::CloudFront => "CloudFront",
            Self::Varnish => "Varnish",
            Self::Linux => "Linux",
            Self::Windows => "Windows Server",
            Self::Page => "JavaScript",
        }
    }

    /// The log that tells more; `None` where the application decides.
    #[must_use]
    pub fn log(self) -> Option<&'static str> {
        match self {
            Self::Nginx => Some("/var/log/nginx/error.log"),
            Self::Apache => Some("/var/log/apache2/error.log, /var/log/httpd/error_log"),
            Self::Iis => Some("%SystemDrive%\\inetpub\\logs\\LogFiles"),
            Self::Laravel => Some("storage/logs/laravel.log"),
            Self::Php => Some("php --info | grep error_log"),
            Self::Rails => Some("log/production.log"),
            Self::Tomcat => Some("logs/catalina.out"),
            Self::WordPress => Some("wp-content/debug.log"),
            Self::Kong => Some("/usr/local/kong/logs/error.log"),
            Self::AmazonApiGateway => Some("CloudWatch › API-Gateway-Execution-Logs"),
            Self::Varnish => Some("varnishlog -g request -q \"RespStatus == 401\""),
            Self::Linux => Some("journalctl -u systemd-timesyncd -u fail2ban"),
            Self::Windows => Some("eventvwr.msc › Windows Logs"),
            _ => None,
        }
    }

    /// Does an answer with these marks come from it, or through it?
    fn is_seen_in(self, products: &[Product]) -> bool {
        let marks: &[Product] = match self {
            Self::Nginx => &[P::Nginx],
            // LiteSpeed reads Apache's configuration.
            Self::Apache => &[P::Apache, P::LiteSpeed],
            Self::Iis => &[P::Iis, P::AspNet, P::SharePoint],
            Self::Express => &[P::Express],
            Self::AspNetCore => &[P::Kestrel],
            Self::Laravel => &[P::Laravel],
            Self::Php => &[P::Php],
            Self::Rails => &[P::Rails],
            Self::Tomcat => &[P::Tomcat],
            Self::Uvicorn => &[P::Uvicorn],
            Self::WordPress => &[P::WordPress],
            Self::Kong => &[P::Kong],
            Self::AmazonApiGateway => &[P::AmazonApiGateway],
            Self::AzureApiManagement => &[P::AzureApiManagement],
            Self::CloudFront => &[P::CloudFront],
            Self::Varnish => &[P::Varnish],
            Self::Django | Self::Spring | Self::Linux | Self::Windows | Self::Page => &[],
        };
        marks.iter().any(|mark| products.contains(mark))
    }
}

/// A piece of configuration or of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// The causes that it mends.
    pub causes: &'static [CauseId],
    /// What it is for.
    pub server: Server,
    /// The file or the part of the server that it belongs to, by its name there; may be empty.
    pub place: &'static str,
    /// The text, with placeholders such as `app.example.com`.
    pub text: &'static str,
}

const fn snippet(
    server: Server,
    causes: &'static [CauseId],
    place: &'static str,
    text: &'static str,
) -> Snippet {
    Snippet { causes, server, place, text }
}

/// All there are: what stands in front first.
pub const SNIPPETS: &[&[Snippet]] = &[
    nginx::SNIPPETS,
    apache::SNIPPETS,
    iis::SNIPPETS,
    express::SNIPPETS,
    frameworks::SNIPPETS,
    gateways::SNIPPETS,
    page::SNIPPETS,
    machine::SNIPPETS,
];

/// The message key of what has to be mended.
#[must_use]
pub fn key(cause: CauseId) -> String {
    format!("owner_{}", cause.id())
}

/// The examples for one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mend {
    /// The server.
    pub server: Server,
    /// Did the answer show that it is this one?
    pub is_seen: bool,
    /// Its examples.
    pub snippets: Vec<Snippet>,
}

/// The examples for what an exchange shows, server by server, those that were recognised first; none
/// where words say it all.
#[must_use]
pub fn mends(cause: CauseId, exchange: &Exchange) -> Vec<Mend> {
    let mut mends: Vec<Mend> = Vec::new();
    for snippet in SNIPPETS.iter().copied().flatten().filter(|snippet| snippet.causes.contains(&cause)) {
        match mends.iter_mut().find(|mend| mend.server == snippet.server) {
            Some(mend) => mend.snippets.push(*snippet),
            None => mends.push(Mend {
                server: snippet.server,
                is_seen: snippet.server.is_seen_in(&exchange.products),
                snippets: vec![*snippet],
            }),
        }
    }
    // Stable: among equals the order of the table.
    sorted::few(&mut mends, |one, two| two.is_seen.cmp(&one.is_seen));
    mends
}

/// The whole note, as text for a mail or a ticket.
#[must_use]
pub fn note(words: &dyn Words, incident: &Incident) -> String {
    let mut text = words.say(&key(incident.cause()));
    let mends = mends(incident.cause(), &incident.exchange);
    // Writing to a `String` cannot fail.
    if !mends.is_empty() {
        let _ = write!(text, "\n\n{}", words.say("owner_back_up"));
    }
    for mend in &mends {
        let _ = write!(text, "\n\n### {}", mend.server.name());
        if mend.is_seen {
            let _ = write!(text, "\n\n{}", words.say("owner_seen"));
        }
        for snippet in &mend.snippets {
            let place =
                if snippet.place.is_empty() { snippet.place } else { &format!("{}:\n", snippet.place) };
            let _ = write!(text, "\n\n{place}```\n{}\n```", snippet.text);
        }
        if let Some(log) = log(words, mend.server) {
            let _ = write!(text, "\n\n{log}");
        }
    }
    let _ = write!(text, "\n\n---\n\n{}", report::markdown(words, incident));
    text
}

/// Which log to read.
#[must_use]
pub fn log(words: &dyn Words, server: Server) -> Option<String> {
    server.log().map(|log| words.line(&Line::new("owner_log").text(log)))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::cause::CAUSES;
    use crate::fix::FixId;

    fn servers(cause: CauseId, products: &[Product]) -> Vec<&'static str> {
        let exchange = Exchange { products: products.to_vec(), ..Exchange::default() };
        let name = |mend: &Mend| {
            assert_eq!(mend.is_seen, mend.server.is_seen_in(products));
            mend.server.name()
        };
        mends(cause, &exchange).iter().map(name).collect()
    }

    #[test]
    fn the_server_that_answered_comes_first() {
        let cause = CauseId::CorsPreflight401;
        assert_eq!(servers(cause, &[]), ["nginx", "Apache", "IIS", "Express", "Kong"]);
        assert_eq!(servers(cause, &[P::Kong])[..2], ["Kong", "nginx"]);
        // A proxy and what is behind it: either can do it, so both come before the rest.
        assert_eq!(servers(cause, &[P::Express, P::Nginx])[..3], ["nginx", "Express", "Apache"]);
        assert_eq!(servers(CauseId::AuthHeaderStrippedProxy, &[P::LiteSpeed])[0], "Apache");
        assert!(servers(CauseId::Unknown, &[P::Nginx]).is_empty());
    }

    #[test]
    fn an_example_is_for_a_cause_that_shows_it() {
        for snippet in SNIPPETS.iter().copied().flatten() {
            for id in snippet.causes {
                let cause = CAUSES.iter().find(|cause| cause.id == *id).unwrap();
                assert!(cause.fixes.contains(&FixId::ForTheOwner), "{}: {}", id.id(), snippet.text);
            }
        }
    }

    #[test]
    fn every_note_has_an_example() {
        for cause in CAUSES.iter().filter(|cause| cause.fixes.contains(&FixId::ForTheOwner)) {
            assert!(!servers(cause.id, &[]).is_empty(), "no example in src/owner/ for {}", cause.id.id());
        }
    }

    #[test]
    fn examples_are_short_and_stand_once() {
        let mut texts = HashSet::new();
        for snippet in SNIPPETS.iter().copied().flatten() {
            assert!(texts.insert((snippet.server.name(), snippet.text)), "twice: {}", snippet.text);
            assert!(snippet.text.lines().count() <= 16, "too long: {}", snippet.text);
            assert!(snippet.text.lines().all(|line| line.len() <= 100), "too wide: {}", snippet.text);
            assert_eq!(snippet.text, snippet.text.trim_end());
        }
    }
}
