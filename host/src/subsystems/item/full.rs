//! Listings by offset whose pages are full though plugins hide single items.

use super::model::{Page, Query};
use super::{Error, Items, access, store};
use crate::subsystems::Session;
use crate::taps;

/// Items from the beginning of a listing that are asked about one by one. What lies behind is listed by its status alone,
/// and left out where it is shown.
const ASKED: u32 = 200;
/// Items that are loaded at a time.
const AT_ONCE: u32 = 50;

impl Items {
    /// Lists items that whoever asks may see. Where plugins answer `item-access` they are asked about the first 200 that
    /// the listing has, so that its pages are full; the number of all is that of those that are not known to be hidden.
    ///
    /// # Errors
    /// [`Error::Db`].
    #[tracing::instrument(name = "item.query", level = "debug", skip_all)]
    pub async fn query(&self, session: &Session, query: &Query) -> Result<Page, Error> {
        let request = session.request();
        if !request.account.may("access content") {
            return Ok(Page::default());
        }
        if query.limit == 0 || !session.has::<taps::ItemAccess>() {
            return self.part(session, query, query.offset, query.limit).await;
        }
        let end = query.offset.saturating_add(query.limit);
        let mut page = Page::default();
        // How many were asked about, and how many of those may be seen.
        let (mut asked, mut open) = (0, 0);
        loop {
            if asked >= ASKED {
                // Hidden ones among the first move everything behind them up, on every page alike.
                let begin = query.offset.max(open);
                let offset = ASKED.saturating_add(begin - open);
                let rest = self.part(session, query, offset, end - begin).await?;
                page.items.extend(rest.items);
                page.total = rest.total;
                break;
            }
            let wanted = (end - open).clamp(1, AT_ONCE).min(ASKED - asked);
            let part = self.part(session, query, asked, wanted).await?;
            page.total = part.total;
            for item in self.find_many(session, &part.items).await? {
                if (query.offset..end).contains(&open) {
                    page.items.push(item.id);
                }
                open += 1;
            }
            asked += u32::try_from(part.items.len()).unwrap_or(wanted);
            if open >= end || part.items.len() < wanted as usize {
                break;
            }
        }
        page.total = page.total.saturating_sub(u64::from(asked - open.min(asked)));
        Ok(page)
    }

    /// A part of a listing, by what is stored.
    async fn part(&self, session: &Session, query: &Query, offset: u32, limit: u32) -> Result<Page, Error> {
        let request = session.request();
        let part = Query {
            offset,
            limit,
            ..query.clone()
        };
        Ok(store::query(&self.db, &part, access::sees(&request.account), request.stage).await?)
    }
}
