//! Mail: messages that the site sends. It is written from templates or by plugins, checked, and carried by an SMTP
//! server, into files or to the terminal, outside of the time of the request that asks for it.
//!
//! It must not know why anybody is written to.

mod compose;
mod error;
mod host;
mod model;
mod office;
mod queue;
mod smtp;
mod store;
mod templates;
mod transport;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::admin::Notice;
use super::counter::Counters;
use super::format::clean_html;
use super::variable::Variables;
use super::{Interface, Linked, Subsystem};
use crate::config::{self, MailTransport};
use crate::db::{self, Db};
use crate::time::{Clock, Ids};
use crate::wit;

use compose::Composer;
use office::Office;
use queue::Parcel;
use transport::Transport;

pub use error::Error;
pub use model::{Counts, Letter, Recipient};
pub use templates::Template;

/// The site's own address among its settings.
const SITE_MAIL: &str = "site_mail";
/// Messages to one recipient in an hour: more is a flood that somebody has set off.
const RECIPIENT_PER_HOUR: u32 = 30;
const HOUR: Duration = Duration::from_secs(3600);

/// What mail is made of.
pub struct Options {
    /// The settings.
    pub settings: config::Mail,
    /// The folder of messages in files.
    pub folder: PathBuf,
    /// The address under which visitors reach the site; empty where it is not known.
    pub public_url: String,
}

/// The services that mail uses.
pub struct Parts {
    /// Where letters wait.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Where identifiers come from.
    pub ids: Ids,
    /// The site's name and address.
    pub variables: Arc<Variables>,
    /// How much was sent of late, by all nodes.
    pub counters: Arc<Counters>,
}

/// Sends mail.
pub struct Mail {
    db: Db,
    clock: Clock,
    ids: Ids,
    composer: Composer,
    office: Arc<Office>,
    counters: Arc<Counters>,
    plugin_per_hour: u32,
    variables: Arc<Variables>,
}

impl Mail {
    /// Takes up the settings. No connection is made before there is a message.
    ///
    /// # Errors
    /// [`Error::Setup`]: the settings contradict each other.
    pub fn start(options: Options, parts: Parts) -> Result<Self, Error> {
        let settings = &options.settings;
        let transport = match (settings.transport, &settings.smtp_url) {
            (Some(MailTransport::Smtp), _) | (None, Some(_)) => Transport::smtp(settings)?,
            (Some(MailTransport::Console), _) => Transport::Console,
            (Some(MailTransport::File), _) | (None, None) => Transport::File(options.folder.clone()),
        };
        if settings.transport.is_none() && settings.smtp_url.is_none() {
            tracing::info!(
                "mail is not sent but written to {}; `[mail] smtp-url` says how to send it",
                options.folder.display()
            );
        }
        let composer = Composer::new(settings.from.as_deref(), &options.public_url, parts.ids.clone())?;
        Ok(Self {
            composer,
            office: Office::new(transport, parts.db.clone(), parts.clock.clone(), settings),
            db: parts.db,
            clock: parts.clock,
            ids: parts.ids,
            counters: parts.counters,
            plugin_per_hour: settings.plugin_per_hour,
            variables: parts.variables,
        })
    }

    /// How mail is carried, in words for whoever runs the site.
    #[must_use]
    pub fn describe(&self) -> String {
        self.office.transport.describe()
    }

    /// Whether messages leave the machine: development's transports keep them.
    #[must_use]
    pub fn leaves_the_machine(&self) -> bool {
        matches!(self.office.transport, Transport::Smtp(_))
    }

    /// What became of the messages since the start.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.office.counts()
    }

    /// Writes a letter from a template. Its variables are `site` and what is given.
    ///
    /// # Errors
    /// [`Error::Template`]: a bug of the template.
    pub fn write(
        &self,
        template: &Template,
        to: Recipient,
        values: minijinja::Value,
    ) -> Result<Letter, Error> {
        templates::write(template, to, &self.site_name(), &self.composer.site_url, values)
    }

    /// Hands a letter over to be sent: when this answers, it is stored, and survives the end of the process. It is tried
    /// again for about twenty minutes when the server is away; what can't be sent is logged and counted.
    ///
    /// # Errors
    /// The letter is none, its recipient got too many, too many letters wait, or the database failed.
    pub async fn post(&self, letter: &Letter) -> Result<(), Error> {
        let parcel = self.pack(letter)?;
        let key = letter.to.key();
        let counted = self.counters.hit_shared(&key, HOUR, RECIPIENT_PER_HOUR).await?;
        if !counted.allowed {
            return Err(Error::TooMany(
                "a recipient gets at most 30 messages an hour".to_owned(),
            ));
        }
        self.office.post(parcel).await
    }

    /// Goes on with letters of processes that are gone.
    ///
    /// # Errors
    /// The database failed.
    pub async fn take_over(&self) -> db::Result<()> {
        self.office.take_over().await
    }

    /// Sends a letter at once and says whether it was taken.
    ///
    /// # Errors
    /// What is wrong with the letter, or why it was not taken.
    pub async fn send(&self, letter: &Letter) -> Result<(), Error> {
        self.office.send(&self.pack(letter)?).await
    }

    fn pack(&self, letter: &Letter) -> Result<Parcel, Error> {
        let message = self
            .composer
            .compose(letter, &self.site_name(), self.clock.now())?;
        Ok(Parcel {
            id: self.ids.next(),
            message: message.formatted(),
            sender: self.composer.sender().to_owned(),
            recipient: letter.to.address.clone(),
            tries: 0,
        })
    }

    /// Waits until every letter is sent or given up, for so long.
    pub async fn drain(&self, at_most: Duration) {
        self.office.drain(at_most).await;
    }

    /// Whom to write to for a user: none without an address, and none for a blocked account.
    ///
    /// # Errors
    /// The database failed.
    pub async fn recipient(&self, user: Uuid) -> Result<Option<Recipient>, Error> {
        Ok(store::recipient(&self.db, user).await?)
    }

    /// Whom to write to for the site itself.
    #[must_use]
    pub fn site(&self) -> Recipient {
        let address = self.variables.site_text(SITE_MAIL, self.composer.sender());
        Recipient {
            name: Some(self.site_name()),
            address,
        }
    }

    fn site_name(&self) -> String {
        self.variables.site_text("site_name", "Trovato")
    }

    /// Posts what a plugin wrote.
    async fn post_for(&self, plugin: &str, mut letter: Letter) -> Result<(), Error> {
        let key = format!("mail:plugin:{plugin}");
        let counted = self.counters.hit_shared(&key, HOUR, self.plugin_per_hour).await?;
        if !counted.allowed {
            let most = self.plugin_per_hour;
            return Err(Error::TooMany(format!(
                "a plugin sends at most {most} messages an hour"
            )));
        }
        letter.html = letter.html.map(|html| clean_html(&html).to_string());
        self.post(&letter).await
    }
}

impl Subsystem for Mail {
    fn interfaces() -> Vec<Interface> {
        vec![Interface::granted(
            "mail",
            "send mail to the site's own address and to people who have an account",
            |linker| wit::mail::add_to_linker::<_, Linked<Self>>(linker, |call| call.waiting_view()),
        )]
    }

    async fn notices(&self, _: &super::Site) -> Vec<Notice> {
        let counts = self.counts();
        let waiting = match queue::waiting(&self.db).await {
            Ok(waiting) => waiting.to_string(),
            Err(error) => return vec![Notice::problem("Mail", error.to_string())],
        };
        let how = format!(
            "It {}. {waiting} wait; since the start of this process {} were sent and {} given up.",
            self.describe(),
            counts.sent,
            counts.failed
        );
        vec![if self.leaves_the_machine() {
            Notice::fine("Mail", how)
        } else {
            Notice::warning("Mail", how).hint(
                "Set `smtp-url` below `[mail]` in trovato.toml, so that people can reset their passwords.",
            )
        }]
    }
}
