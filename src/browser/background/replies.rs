//! What a page that asks waits for: a setting on disk, everything erased, the cookies of a request.

use super::{KEY, STATE, complain, incident, lists, mark_key};
use crate::background::Effect;
use crate::browser::{cookies, routine, settings};
use crate::message::Reply;

/// Writes what a person chose, or erases everything; says why it could not.
pub(super) async fn change(effect: &Effect) -> Option<&'static str> {
    if *effect == Effect::SaveSettings {
        let chosen = STATE.with(|state| state.borrow().settings().clone());
        let error = settings::save(&chosen).await.err()?;
        complain("the settings could not be written", &error);
        return Some("trouble_settings");
    }
    match routine::erase().await {
        Ok(key) => {
            KEY.with(|slot| slot.set(key));
            lists::erased();
            None
        }
        Err(error) => {
            complain("not everything could be erased", &error);
            Some("trouble_erase")
        }
    }
}

/// The cookies held for an incident's request, for the page that asked.
pub(super) async fn jar_of(id: &str) -> Reply {
    let Some(incident) = incident(id) else { return Reply::Refused { why: "refused_gone".to_owned() } };
    match cookies::jar(incident.host(), &incident.exchange.store, &mark_key()).await {
        Ok(jar) => Reply::Jar { jar },
        Err(error) => {
            complain("cookies could not be read", &error);
            Reply::Jar { jar: Vec::new() }
        }
    }
}
