//! What the registration list is made into: the services, and all that is asked of every subsystem.

macro_rules! subsystems {
    (|$base:ident| $($(#[$doc:meta])* $name:ident: $service:ty = $make:expr;)*) => {
        /// Every service.
        pub struct Services {
            /// The database.
            pub db: Db,
            /// What nodes share and may lose, where it is configured.
            pub redis: Option<Redis>,
            /// Where identifiers come from.
            pub ids: Ids,
            /// How requests reach the site.
            pub entrance: Entrance,
            /// How often whoever asks may do what.
            pub rate_limits: Rules,
            $($(#[$doc])* pub $name: Arc<$service>,)*
        }

        impl Services {
            /// Makes every service, in the order of the list.
            ///
            /// # Errors
            /// Which service can't start and why.
            pub async fn start($base: Base) -> Result<Self, Error> {
                $(let $name: Arc<$service> = Arc::new($make);)*
                Ok(Self { db: $base.db, redis: $base.redis, ids: $base.ids, entrance: $base.entrance, rate_limits: $base.rate_limits, $($name),* })
            }

            /// The permissions of all subsystems, as they are now.
            #[must_use]
            pub fn permissions(&self) -> Vec<access::Group> {
                [$(self.$name.permissions()),*].into_iter().flatten().collect()
            }

            /// The routes of all subsystems.
            pub fn routes() -> axum::Router<Site> {
                axum::Router::new()$(.merge(<$service as Subsystem>::routes()))*
                    .merge(admin::routes(Self::admin_pages()))
                    .merge(api::routes(Self::api_resources()))
            }

            /// What programs can ask of all subsystems.
            pub fn api_resources() -> Vec<api::Resource> {
                let mut resources = Vec::new();
                $(resources.extend(<$service as Subsystem>::api());)*
                resources.sort_by_key(api::Resource::path);
                resources
            }

            /// The pages of all subsystems in the administration.
            pub fn admin_pages() -> Vec<admin::AdminPage> {
                let mut pages = Vec::new();
                $(pages.extend(<$service as Subsystem>::admin_pages());)*
                pages
            }

            /// What all subsystems have to say about how they fare, what matters most first.
            pub async fn notices(&self, site: &Site) -> Vec<admin::Notice> {
                let mut notices = Vec::new();
                $(notices.extend(<$service as Subsystem>::notices(&*self.$name, site).await);)*
                notices.sort_by_key(|notice| notice.level);
                notices
            }
        }

        impl kernel::System for Services {
            type Scope = Scope;
            type Noted = plugin::Noted;
            type Memory = Memory;

            fn settle(call: &mut kernel::Call<Self>, well: bool) {
                call.scope.items.settle();
                call.scope.form = form::Desk::default();
                call.scope.making.settle();
                wasi::settle(call);
                log::settle(call, well);
            }

            fn interfaces() -> Vec<Interface> {
                let of_types = [
                    "types", "accounts", "render", "declarations", "fields", "pages", "saving", "forms", "head", "apis",
                ];
                let mut interfaces: Vec<Interface> = of_types.map(Interface::types).into();
                $(interfaces.extend(<$service as Subsystem>::interfaces());)*
                interfaces
            }
        }

        $(impl Provides<$service> for Services {
            fn provide(&self) -> &Arc<$service> {
                &self.$name
            }
        })*
    };
}
