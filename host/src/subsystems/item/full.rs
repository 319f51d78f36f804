//! Listings by offset whose pages are full though plugins hide single items.

mod store;

use super::model::{ANY_ITEM, Item, Page, Query};
use super::store::Sees;
use super::{Error, Items, access};
use crate::subsystems::Session;
use crate::subsystems::cache::{Entry, Key, Looked};
use crate::taps;

/// Items from the beginning of a listing that are asked about one by one. What lies behind is listed by its status alone,
/// and left out where it is shown.
const ASKED: u32 = 200;
/// Items that are loaded at a time.
const AT_ONCE: u32 = 50;

/// A part of a listing.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// The items.
    pub items: Vec<Item>,
    /// How many there are in all.
    pub total: u64,
}

/// How many items a listing has.
#[derive(Clone, Copy, Debug)]
enum Total {
    /// So many.
    Is(u64),
    /// As many as are counted, without so many that plugins hide.
    CountedWithout(u32),
}

impl Total {
    /// What a part of a listing tells that has found so many: one that is not full ends the listing, but one without
    /// any may lie behind its end.
    fn of(query: &Query, found: u32) -> Self {
        if found < query.limit && (found > 0 || query.offset == 0) {
            Self::Is((query.offset + found).into())
        } else {
            Self::CountedWithout(0)
        }
    }
}

impl Items {
    /// Lists items that whoever asks may see, as [`Items::listed`] does, by their identifiers.
    ///
    /// # Errors
    /// [`Error::Db`].
    #[tracing::instrument(name = "item.query", level = "debug", skip_all)]
    pub async fn query(&self, session: &Session, query: &Query) -> Result<Page, Error> {
        let request = session.request();
        let sees = access::sees(&request.account);
        if query.limit > AT_ONCE && request.account.may(access::SEE) && !session.has::<taps::ItemAccess>() {
            let items = store::part_ids(&self.db, query, sees, request.stage).await?;
            let total = Total::of(query, u32::try_from(items.len()).unwrap_or(u32::MAX));
            let total = self.total(session, query, total).await?;
            return Ok(Page { items, total });
        }
        let listed = self.listed(session, query).await?;
        let items = listed.items.iter().map(|item| item.id).collect();
        session.memory().items.put(listed.items);
        Ok(Page {
            items,
            total: listed.total,
        })
    }

    /// Lists items that whoever asks may see. Where plugins answer `item-access` they are asked about the first 200 that
    /// the listing has, so that its pages are full; the number of all is that of those that are not known to be hidden.
    ///
    /// # Errors
    /// [`Error::Db`].
    #[tracing::instrument(name = "item.listed", level = "debug", skip_all)]
    pub async fn listed(&self, session: &Session, query: &Query) -> Result<Listed, Error> {
        let (items, total) = self.part(session, query).await?;
        let total = self.total(session, query, total).await?;
        Ok(Listed { items, total })
    }

    /// The items of a part of a listing, as [`Items::listed`] gives them, where nobody wants to know how many there are.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub async fn some(&self, session: &Session, query: &Query) -> Result<Vec<Item>, Error> {
        Ok(self.part(session, query).await?.0)
    }

    async fn part(&self, session: &Session, query: &Query) -> Result<(Vec<Item>, Total), Error> {
        let request = session.request();
        if !request.account.may(access::SEE) {
            return Ok((Vec::new(), Total::Is(0)));
        }
        let sees = access::sees(&request.account);
        if query.limit > 0 && session.has::<taps::ItemAccess>() {
            return self.filled(session, query, sees).await;
        }
        let part = store::part(&self.db, &self.types, query, sees, request.stage).await?;
        Ok((part.items, Total::of(query, part.found)))
    }

    /// A part that is full though plugins hide items.
    async fn filled(
        &self,
        session: &Session,
        query: &Query,
        sees: Sees,
    ) -> Result<(Vec<Item>, Total), Error> {
        let stage = session.request().stage;
        let end = query.offset.saturating_add(query.limit);
        let mut items = Vec::new();
        // How many were asked about, and how many of those may be seen.
        let (mut asked, mut open) = (0, 0);
        let mut part = Query {
            offset: 0,
            limit: end.min(AT_ONCE),
            ..query.clone()
        };
        loop {
            let rows = store::part(&self.db, &self.types, &part, sees, stage).await?;
            for item in self.seen(session, rows.items).await {
                if (query.offset..end).contains(&open) {
                    items.push(item);
                }
                open += 1;
            }
            asked += rows.found;
            if rows.found < part.limit {
                return Ok((items, Total::Is(open.into())));
            }
            if open >= end || asked >= ASKED {
                break;
            }
            // What is hidden among the first is made up for by few rounds.
            part.offset = asked;
            part.limit = AT_ONCE.min(ASKED - asked);
        }
        if open < end {
            // Hidden ones among the first move everything behind them up, on every page alike.
            let begin = query.offset.max(open);
            part.offset = ASKED.saturating_add(begin - open);
            part.limit = end - begin;
            let rows = store::part(&self.db, &self.types, &part, sees, stage).await?;
            items.extend(self.seen(session, rows.items).await);
        }
        Ok((items, Total::CountedWithout(asked - open)))
    }

    async fn total(&self, session: &Session, query: &Query, total: Total) -> Result<u64, Error> {
        match total {
            Total::Is(total) => Ok(total),
            Total::CountedWithout(hidden) => {
                let sees = access::sees(&session.request().account);
                let all = self.count(session, query, sees).await?;
                Ok(all.saturating_sub(hidden.into()))
            }
        }
    }

    /// How many items a listing has, counted once until an item is saved. What is searched for by its words is different
    /// every time and not kept.
    async fn count(&self, session: &Session, query: &Query, sees: Sees) -> Result<u64, Error> {
        let request = session.request();
        let count = || store::count(&self.db, query, sees, request.stage);
        if query.title.is_some() {
            return Ok(count().await?);
        }
        let listing = serde_json::json!([
            sees.name(),
            query.item_type,
            query.author,
            query.published,
            query.promoted,
            query.field
        ]);
        let key = Key::of_site("counts", listing.to_string(), request.stage);
        let found = self.cache.look(request.id, &key).await;
        if let Looked::Value(value) = &found
            && let Ok(total) = <[u8; 8]>::try_from(&**value)
        {
            return Ok(u64::from_le_bytes(total));
        }
        let total = count().await?;
        let entry = Entry {
            value: total.to_le_bytes().as_slice().into(),
            tags: vec![match &query.item_type {
                Some(item_type) => format!("item-type:{item_type}"),
                None => ANY_ITEM.to_owned(),
            }],
            expires: None,
        };
        self.cache.set(request.id, key, entry).await;
        Ok(total)
    }
}
