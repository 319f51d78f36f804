//! Declarations: content types with their fields, routes and permissions.

mod field;
mod item_type;
mod permission;
mod route;

pub use crate::wit::declarations::{
    FieldDefinition as Field, FieldDisplay as Shown, FieldType, ItemType, LabelPosition, MenuLink,
    Permission, Route,
};
