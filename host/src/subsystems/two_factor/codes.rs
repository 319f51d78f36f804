//! What people see of codes: the picture for the app, and recovery codes.

use fast_qr::convert::svg::SvgBuilder;
use fast_qr::qr::QRBuilder;
use totp_rs::{Algorithm, Builder, Secret};

use super::{Enrolment, Error};
use crate::subsystems::random::Random;

/// How many recovery codes there are.
const RECOVERY_CODES: usize = 10;
/// Bytes of a recovery code: sixteen characters in base 32.
const RECOVERY_BYTES: usize = 10;

pub(super) fn enrolment(secret: &[u8], site: &str, user: &str) -> Result<Enrolment, Error> {
    let failed = |error: &dyn std::fmt::Display| Error::Code(error.to_string());
    let secret = Secret::new(secret.to_vec().into_boxed_slice());
    let typed = grouped(&secret.to_base32(), ' ');
    // A colon parts issuer and account in the address, so neither may have one.
    let plain = |text: &str| text.replace(':', " ");
    let url = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_secret(secret)
        .with_issuer(Some(plain(site)))
        .with_account_name(plain(user))
        .build()
        .and_then(|totp| totp.to_url())
        .map_err(|error| failed(&error))?;
    let code = QRBuilder::new(url.as_str())
        .build()
        .map_err(|error| Error::Code(format!("{error:?}")))?;
    Ok(Enrolment {
        secret: typed,
        qr: SvgBuilder::default().to_str(&code),
        url,
    })
}

/// Fresh recovery codes, in groups of four.
pub(super) fn recovery(random: &Random) -> Result<Vec<String>, Error> {
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let mut bytes = vec![0; RECOVERY_BYTES];
        random.fill(&mut bytes).map_err(Error::random)?;
        codes.push(grouped(&Secret::new(bytes.into_boxed_slice()).to_base32(), '-'));
    }
    Ok(codes)
}

fn grouped(text: &str, between: char) -> String {
    let mut grouped = String::with_capacity(text.len() + text.len() / 4);
    for (index, char) in text.chars().enumerate() {
        if index > 0 && index % 4 == 0 {
            grouped.push(between);
        }
        grouped.push(char);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_app_needs_names_site_and_account_and_is_a_picture_without_styles_and_scripts() {
        let made = enrolment(&[7; 20], "My: site", "Ada").unwrap();
        assert!(
            made.url.starts_with("otpauth://totp/My%20%20site:Ada?secret="),
            "{}",
            made.url
        );
        assert_eq!(made.secret.split(' ').count(), 8);
        assert!(made.qr.starts_with("<svg ") && made.qr.ends_with("</svg>"));
        assert!(!made.qr.contains("style") && !made.qr.contains("script") && !made.qr.contains("href"));
    }

    #[test]
    fn recovery_codes_are_ten_and_differ() {
        let codes = recovery(&Random::system()).unwrap();
        let distinct: std::collections::HashSet<&String> = codes.iter().collect();
        assert_eq!((codes.len(), distinct.len()), (10, 10));
        assert!(codes.iter().all(|code| code.len() == 19), "{codes:?}");
    }
}
