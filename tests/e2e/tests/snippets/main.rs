//! What owners are told to write into nginx and Apache, tried on real ones: a configuration that shows
//! the fault, then the same with the example in its place, exactly as it is shown. Here, because here the
//! servers have been set up; no browser is needed.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod apache;
mod nginx;
mod talk;

use latchkey::owner::{SNIPPETS, Server, Snippet};

/// The examples for one server, each with a test of the name, known by a part of its text; and those that
/// cannot be tried here, with the reason.
macro_rules! tried {
    ($server:ident; $($test:ident: $part:literal,)*; untried $($other:literal: $why:literal,)*) => {
        mod tried {
            $(#[test] fn $test() { super::$test(crate::text(latchkey::owner::Server::$server, $part)); })*

            #[test]
            fn all_of_them() {
                crate::accounts_for_all(latchkey::owner::Server::$server, &[$($part,)* $($other,)*]);
                assert!([$($why,)*].iter().all(|why: &&str| !why.is_empty()));
            }
        }
    };
}
pub(crate) use tried;

fn of(server: Server) -> impl Iterator<Item = &'static Snippet> {
    SNIPPETS.iter().copied().flatten().filter(move |snippet| snippet.server == server)
}

/// The one example whose text has that part.
fn text(server: Server, part: &str) -> &'static str {
    let found: Vec<_> = of(server).filter(|snippet| snippet.text.contains(part)).collect();
    let [only] = found[..] else { panic!("{} examples have “{part}”", found.len()) };
    only.text
}

/// A new example comes with its test.
fn accounts_for_all(server: Server, parts: &[&str]) {
    for snippet in of(server) {
        let times = parts.iter().filter(|part| snippet.text.contains(**part)).count();
        assert_eq!(times, 1, "tests for {}", snippet.text);
    }
}

/// The programs behind the server.
#[derive(Clone, Copy, Default)]
struct Apps {
    one: u16,
    two: u16,
}

/// A configuration as an owner adapts it: the placeholders of the examples, and of the tests, become what
/// is there. `app.example.com` stays: the site is asked for by that name.
fn fit(configuration: &str, port: u16, apps: Apps) -> String {
    let here = |port: u16| format!("127.0.0.1:{port}");
    let placeholders = [
        // The port that everybody uses.
        ("listen      80;", format!("listen {};", here(port))),
        ("*:80", here(port)),
        // The network of the balancer.
        ("10.0.0.0/8", "127.0.0.0/8".to_owned()),
        // The application, under an address of its own or on two machines.
        ("http://app.internal", format!("http://{}", here(apps.one))),
        ("app1.internal", here(apps.one)),
        ("app2.internal", here(apps.two)),
    ];
    placeholders.iter().fold(configuration.to_owned(), |text, (from, to)| text.replace(from, to))
}
