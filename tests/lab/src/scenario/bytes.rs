//! Header values that are not UTF-8: old servers write Latin-1, broken ones write anything.

use super::PLAIN;
use crate::{Answer, Ask, Expect, Scenario, Shown, State};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "bytes",
    title: "Headers that are not text",
    host: "bytes.test",
    sets_up: "The realm and the cookie hold bytes that are no UTF-8.",
    expect: Expect::LockOut { status: 401, cause: None, fix: None, one_click: false },
    answer,
    ..PLAIN
};

fn answer(_: &Ask, _: &mut State) -> Answer {
    Answer::page(401, Shown::Out, "Please sign in", "")
        .header("www-authenticate", b"Bearer realm=\"Caf\xe9 \xff\xfe\x80\"")
        .cookie(b"caf\xe9=\xff\xfe\x80; Path=/")
}
