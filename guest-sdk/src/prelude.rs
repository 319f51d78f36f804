//! What nearly every plugin needs: `use trovato_sdk::prelude::*;`

pub use crate::api::{ApiMethod, ApiRequest, ApiResponse};
pub use crate::db::{Direction, Operator, Where as _, delete, insert, select, update};
pub use crate::declare::{Field, FieldType, ItemType, Permission, Route, Shown};
pub use crate::error::{Error, Refusal, Result};
pub use crate::field_type::{FieldTypeInfo, TypedField, ValueProblem};
pub use crate::fields::Key;
pub use crate::form::{BuiltForm, FieldError, Form, FormChanges, FormRequest, Outcome, Submission};
pub use crate::head::{Data, Head, PageFacts, iso8601};
pub use crate::item::{Item, ItemRecord, ViewMode, path_of};
pub use crate::page::{Feed, Page, PageAnswer, PageInfo, PageRequest, Redirect, page_count};
pub use crate::path::path;
pub use crate::preprocess::Variables;
pub use crate::saving::{Access, ItemOperation, SaveOperation};
pub use crate::tree::html::{article, aside, div, footer, header, li, nav, section, small, span, strong, ul};
pub use crate::tree::{
    BuiltTree, Changes, Element, Node, Tree, View, embed, formatted, heading, image, link, list, pager,
    paragraph, table, template, text, tree,
};
pub use crate::users::Account;
pub use crate::value::{FieldValue, FormattedText, Id, NamedValue, Reference, Timestamp};
pub use crate::{
    cache, clock, counters, crypto, db, field_type, form, items, log, mail, messages, plugins, random,
    request, users, variables,
};
pub use trovato_sdk_macros::tap;
