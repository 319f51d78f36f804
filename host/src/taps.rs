//! The list of taps, and how their results combine.

use wasmtime::component::Resource;

use crate::kernel::{Budget, Tap};
use crate::wit::ItemHandle;
use crate::wit::accounts::Account;
use crate::wit::apis::{ApiRequest, ApiResponse};
use crate::wit::declarations::{ItemType, Permission, Route};
use crate::wit::fields::{FieldTypeInfo, TypedField, ValueProblem};
use crate::wit::forms::{Alteration as FormAlteration, Element, Form, FormRequest, Outcome, Submission};
use crate::wit::head::{Entry, PageFacts};
use crate::wit::pages::{PageAnswer, PageInfo, PageRequest};
use crate::wit::render::{Alteration, Tree, ViewAnswer};
use crate::wit::saving::{Access, ItemOperation, SaveOperation};
use crate::wit::types::{Error, FieldError, FieldValue, NamedValue, ViewMode};

/// An item on loan to a guest.
type Item = Resource<ItemHandle>;

/// One line per tap: how its answers combine, its time limits, its name, and its signature. The combinations
/// are `collect` (all answers are kept), `fold` (each plugin sees what those before it did), `first` (one
/// plugin answers), `veto` (one plugin can end it), `notify` (there is no answer) and `own` (asked of one plugin by
/// name).
macro_rules! taps {
    ($($combine:ident $budget:ident $tap:ident $name:literal ($($param:ty),* $(,)?) -> $result:ty;)*) => {
        /// The taps' names in the order of their slots.
        pub const NAMES: &[&str] = &[$($name),*];

        #[allow(clippy::enum_variant_names, reason = "the variants are the taps")]
        #[repr(usize)]
        enum Slot { $($tap),* }

        $(
            #[doc = concat!("The `", $name, "` tap. How answers combine: ", stringify!($combine), ".")]
            #[derive(Debug)]
            pub struct $tap;

            impl Tap for $tap {
                const NAME: &'static str = $name;
                const SLOT: usize = Slot::$tap as usize;
                const BUDGET: Budget = Budget::$budget;
                type Params = ($($param,)*);
                type Return = $result;
            }
        )*
    };
}

taps! {
    collect  Save ItemInfo         "item-info"          () -> (Vec<ItemType>,);
    collect  Save FieldInfo        "field-info"         () -> (Vec<FieldTypeInfo>,);
    collect  Save Perm             "perm"               () -> (Vec<Permission>,);
    collect  Save Menu             "menu"               () -> (Vec<Route>,);

    own      Save Install          "install"            () -> (Result<(), Error>,);
    own      Save Enable           "enable"             () -> (Result<(), Error>,);
    own      Save Disable          "disable"            () -> (Result<(), Error>,);
    own      Save Uninstall        "uninstall"          () -> (Result<(), Error>,);
    own      Save Upgrade          "upgrade"            (String) -> (Result<(), Error>,);

    notify   View ItemViewPrefetch "item-view-prefetch" (Vec<String>, ViewMode) -> ();
    collect  View ItemView         "item-view"          (Item, ViewMode) -> (ViewAnswer,);
    fold     View ItemViewAlter    "item-view-alter"    (Item, ViewMode, Tree) -> (Vec<Alteration>,);
    collect  View PreprocessItem   "preprocess-item"    (Item, ViewMode) -> (Vec<NamedValue>,);
    collect  View PreprocessPage   "preprocess-page"    (PageInfo,) -> (Vec<NamedValue>,);
    collect  View PageHead         "page-head"          (PageFacts,) -> (Vec<Entry>,);
    own      Save Api              "api"                (ApiRequest,) -> (Result<ApiResponse, Error>,);
    own      View Page             "page"               (PageRequest,) -> (Result<PageAnswer, Error>,);

    veto     Save ItemPresave      "item-presave"       (Item, SaveOperation) -> (Result<(), Error>,);
    notify   Save ItemInsert       "item-insert"        (Item,) -> ();
    notify   Save ItemUpdate       "item-update"        (Item,) -> ();
    notify   Save ItemDelete       "item-delete"        (Item,) -> ();

    veto     View ItemAccess       "item-access"        (Item, ItemOperation) -> (Access,);

    veto     View FieldAccess      "field-access"       (Item, ItemOperation) -> (Vec<String>,);

    own      Save FieldValidate    "field-validate"     (TypedField, Vec<FieldValue>) -> (Result<Vec<ValueProblem>, Error>,);
    own      View FieldWidget      "field-widget"       (TypedField,) -> (Option<Element>,);
    own      View FieldFormat      "field-format"       (TypedField, Vec<FieldValue>, ViewMode) -> (Vec<ViewAnswer>,);

    fold     View FormAlter        "form-alter"         (Form,) -> (Vec<FormAlteration>,);
    own      View FormBuild        "form-build"         (FormRequest,) -> (Result<Form, Error>,);
    collect  Save FormValidate     "form-validate"      (Submission,) -> (Vec<FieldError>,);
    veto     Save FormSubmit       "form-submit"        (Submission,) -> (Result<Outcome, Error>,);

    notify   Save UserInsert       "user-insert"        (Account,) -> ();
    notify   Save UserUpdate       "user-update"        (Account,) -> ();
    notify   Save UserDelete       "user-delete"        (Account,) -> ();
    notify   Save UserLogin        "user-login"         (Account,) -> ();
    notify   Save UserLogout       "user-logout"        (Account,) -> ();

    notify   Save VariableChange   "variable-change"    (String,) -> ();
    own      View Invoke           "invoke"             (String, String, String) -> (Result<String, Error>,);
}
