//! What no page of the lab shows, and why.

/// Causes without a scenario, each with the reason.
pub const OWED: [(&str, &str); 1] = [(
    "extension_interference",
    "it takes a second extension in the browser, which a page cannot bring along",
)];
