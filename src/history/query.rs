//! What of a history a person wants to see.

use super::summary::{Ending, Kind, SiteSummary};
use crate::cause::CauseId;

/// In which order sites are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The latest lock-out first.
    #[default]
    Newest,
    /// The most lock-outs first.
    Most,
    /// By the site's name.
    Name,
}

impl Sort {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Newest, Self::Most, Self::Name];

    /// The id in pages.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Most => "most",
            Self::Name => "name",
        }
    }

    /// The order of an id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.id() == id)
    }
}

/// Search, filter and order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// A part of the site's name.
    pub search: String,
    /// This cause only.
    pub cause: Option<CauseId>,
    /// This ending only.
    pub ending: Option<Ending>,
    /// In which order sites are listed.
    pub sort: Sort,
}

impl Query {
    /// Is it filtered by cause or ending?
    #[must_use]
    pub fn filters(&self) -> bool {
        self.cause.is_some() || self.ending.is_some()
    }

    /// Is anything left out?
    #[must_use]
    pub fn narrows(&self) -> bool {
        self.filters() || !self.search.trim().is_empty()
    }

    /// Is this kind wanted?
    #[must_use]
    pub fn takes(&self, kind: Kind) -> bool {
        self.cause.is_none_or(|cause| cause == kind.cause)
            && self.ending.is_none_or(|ending| ending == kind.ending)
    }

    /// Every kind that is wanted, whether there is one or not.
    #[must_use]
    pub fn kinds(&self) -> Vec<Kind> {
        CauseId::ALL
            .iter()
            .flat_map(|&cause| Ending::ALL.map(|ending| Kind { cause, ending }))
            .filter(|kind| self.takes(*kind))
            .collect()
    }

    /// How many of a site's incidents are wanted.
    #[must_use]
    pub fn count(&self, summary: &SiteSummary) -> u32 {
        if !self.filters() {
            return summary.count;
        }
        let wanted = summary.each_kind().filter(|(kind, _)| self.takes(*kind));
        wanted.fold(0, |sum, (_, count)| sum.saturating_add(count))
    }

    /// Is this site searched for?
    #[must_use]
    pub fn finds(&self, site: &str) -> bool {
        site.to_lowercase().contains(&self.search.trim().to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_lead_back() {
        for sort in Sort::ALL {
            assert_eq!(Sort::from_id(sort.id()), Some(sort));
        }
        let all = Query::default().kinds();
        assert_eq!(all.len(), CauseId::ALL.len() * Ending::ALL.len());
        for kind in all {
            assert_eq!(Kind::from_id(&kind.id()), Some(kind));
        }
        assert_eq!(Kind::from_id("session_expired"), None);
    }

    #[test]
    fn what_is_wanted() {
        let mut summary = SiteSummary { count: 6, ..SiteSummary::new("app.test") };
        for (kind, count) in
            [("session_expired/fixed", 3), ("session_expired/ongoing", 1), ("unknown/fixed", 2)]
        {
            summary.kinds.insert(kind.to_owned(), count);
        }
        let count = |cause: Option<CauseId>, ending: Option<Ending>| {
            Query { cause, ending, ..Query::default() }.count(&summary)
        };
        assert_eq!(count(None, None), 6);
        assert_eq!(count(Some(CauseId::SessionExpired), None), 4);
        assert_eq!(count(None, Some(Ending::Fixed)), 5);
        assert_eq!(count(Some(CauseId::Unknown), Some(Ending::Ongoing)), 0);
        assert_eq!(
            Query { ending: Some(Ending::Itself), ..Query::default() }.kinds().len(),
            CauseId::ALL.len()
        );
        let finds =
            |search: &str| Query { search: search.to_owned(), ..Query::default() }.finds("App.test:8080");
        assert!(finds("") && finds("APP") && finds(" test:80 ") && !finds("apps"));
    }
}
