//! What `trovato user` may be told.

use clap::{Args, Subcommand};
use uuid::Uuid;

/// What can be done with accounts.
#[derive(Subcommand)]
pub enum Action {
    /// Lists accounts.
    List(List),
    /// Makes an account.
    Create(Create),
    /// Keeps an account from logging in, and logs it out everywhere.
    Block(Named),
    /// Lets an account log in again.
    Unblock(Named),
    /// Sets a password, and logs the account out everywhere.
    Password(Password),
    /// Gives and takes roles.
    Role(Roles),
    /// Lists the sessions of an account, or ends them.
    Sessions(Sessions),
}

/// How the answer is written.
#[derive(Args)]
pub struct Output {
    /// As JSON, for programs.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Args)]
pub struct List {
    /// Text in the name or the address.
    #[arg(long, value_name = "TEXT")]
    pub(super) text: Option<String>,
    /// The machine name of a role that they have.
    #[arg(long, value_name = "ROLE")]
    pub(super) role: Option<String>,
    /// Only blocked accounts.
    #[arg(long)]
    pub(super) blocked: bool,
    /// How many are passed over.
    #[arg(long, default_value_t = 0, value_name = "COUNT")]
    pub(super) offset: u32,
    /// How many, at most 200.
    #[arg(long, default_value_t = 200, value_name = "COUNT")]
    pub(super) limit: u32,
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Args)]
pub struct Create {
    /// The name.
    pub(super) name: String,
    /// The e-mail address.
    #[arg(long, value_name = "ADDRESS")]
    pub(super) mail: Option<String>,
    /// The password, or `-` to read it from standard input. Without one the account has none.
    #[arg(
        long,
        value_name = "PASSWORD",
        env = "TROVATO_PASSWORD",
        hide_env_values = true
    )]
    pub(super) password: Option<String>,
    /// The machine name of a role; may be given several times.
    #[arg(long, value_name = "ROLE")]
    pub(super) role: Vec<String>,
    /// May do everything.
    #[arg(long)]
    pub(super) admin: bool,
    /// May not log in yet.
    #[arg(long)]
    pub(super) blocked: bool,
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Args)]
pub struct Named {
    /// The name of the account.
    pub(super) name: String,
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Args)]
pub struct Password {
    /// The name of the account.
    pub(super) name: String,
    /// The password, or `-` to read it from standard input.
    #[arg(
        long,
        value_name = "PASSWORD",
        default_value = "-",
        env = "TROVATO_PASSWORD",
        hide_env_values = true
    )]
    pub(super) password: String,
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Args)]
pub struct Roles {
    /// The name of the account.
    pub(super) name: String,
    /// The machine name of a role to give.
    #[arg(long, value_name = "ROLE")]
    pub(super) give: Vec<String>,
    /// The machine name of a role to take.
    #[arg(long, value_name = "ROLE")]
    pub(super) take: Vec<String>,
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Args)]
pub struct Sessions {
    /// The name of the account.
    pub(super) name: String,
    /// Ends one session.
    #[arg(long, value_name = "ID")]
    pub(super) end: Option<Uuid>,
    /// Ends all of them.
    #[arg(long, conflicts_with = "end")]
    pub(super) end_all: bool,
    #[command(flatten)]
    pub(super) output: Output,
}
