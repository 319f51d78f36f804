//! What a form carries to prove that this site has shown it to this browser: a signature over the browser's key, the
//! form, its build and its step.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use uuid::Uuid;

use super::input::Input;
use crate::subsystems::secret::Secrets;

/// The field of the form's name.
pub const FORM_ID: &str = "form_id";
/// The field of the build.
pub const BUILD_ID: &str = "form_build_id";
/// The field of the step.
pub const STEP: &str = "form_step";
/// The field of the signature.
pub const TOKEN: &str = "form_token";

const PURPOSE: &str = "form";

/// One showing of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Its build: a new one each time that the form is shown afresh.
    pub build: Uuid,
    /// Its step.
    pub step: String,
}

impl Ticket {
    /// The signature.
    pub fn token(&self, secrets: &Secrets, binding: &str, form: &str) -> String {
        BASE64.encode(secrets.mac(PURPOSE, &self.signed(binding, form)))
    }

    /// What is signed: each part after its length, so that none runs into the next.
    fn signed(&self, binding: &str, form: &str) -> Vec<u8> {
        let parts: [&[u8]; 4] = [
            binding.as_bytes(),
            form.as_bytes(),
            self.build.as_bytes(),
            self.step.as_bytes(),
        ];
        parts
            .iter()
            .flat_map(|part| {
                (part.len() as u64)
                    .to_be_bytes()
                    .into_iter()
                    .chain(part.iter().copied())
            })
            .collect()
    }

    /// The ticket that was sent along.
    ///
    /// # Errors
    /// Why it is not one of this site for this form and this browser.
    pub fn of(
        input: &Input,
        secrets: &Secrets,
        binding: Option<&str>,
        form: &str,
    ) -> Result<Self, &'static str> {
        let binding = binding.ok_or("the browser has brought no key")?;
        if input.first(FORM_ID) != Some(form) {
            return Err("it is another form");
        }
        let build = input
            .first(BUILD_ID)
            .and_then(|build| Uuid::parse_str(build).ok());
        let ticket = Self {
            build: build.ok_or("it has no build")?,
            step: input.first(STEP).unwrap_or_default().to_owned(),
        };
        let token = input.first(TOKEN).ok_or("it has no token")?;
        let token = BASE64.decode(token).map_err(|_| "its token is none")?;
        let fits = secrets.is_mac(PURPOSE, &ticket.signed(binding, form), &token);
        fits.then_some(ticket)
            .ok_or("its token is of another browser, form or build")
    }
}
