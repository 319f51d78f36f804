//! TLS: whose certificates are trusted, and what is said of one that is not.

use std::path::Path;
use std::sync::Arc;

use arc_swap::ArcSwapOption;
use fred::rustls::client::WebPkiServerVerifier;
use fred::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use fred::rustls::crypto::ring;
use fred::rustls::pki_types::pem::PemObject;
use fred::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use fred::rustls::{
    self, CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
};
use fred::types::config::TlsConnector;

use super::{Error, Result};

/// Why a certificate was refused the last time, if it was. Clones are the same.
pub(super) type Refusal = Arc<ArcSwapOption<String>>;

/// What the driver opens connections with.
pub(super) fn config(ca: Option<&Path>, refusal: Refusal) -> Result<TlsConnector> {
    let problem = |error: &dyn std::fmt::Display| Error::Tls(error.to_string());
    let provider = Arc::new(ring::default_provider());
    let roots = Arc::new(roots(ca)?);
    let usual = WebPkiServerVerifier::builder_with_provider(roots, provider.clone())
        .build()
        .map_err(|error| problem(&error))?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| problem(&error))?
        // What is verified is what is always verified. It is listened to, that is all: the driver hides the causes of
        // failures from who asks for the way by sentinels.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Verifier {
            usual,
            has_own_ca: ca.is_some(),
            refusal,
        }))
        .with_no_client_auth();
    Ok(config.into())
}

/// The CAs of a file; where none is named, those that the system trusts.
fn roots(ca: Option<&Path>) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let Some(file) = ca else {
        // One that can't be read is no reason to do without the others.
        roots.add_parsable_certificates(rustls_native_certs());
        if roots.is_empty() {
            let problem = "this machine has no certificates of CAs: install its package of them, or name the file of the \
                           CA of Redis in redis-ca";
            return Err(Error::Tls(problem.to_owned()));
        }
        return Ok(roots);
    };
    let problem = |problem: String| Error::Tls(format!("redis-ca names {}, {problem}", file.display()));
    let text = std::fs::read(file).map_err(|error| problem(format!("which can't be read: {error}")))?;
    for certificate in CertificateDer::pem_slice_iter(&text) {
        let certificate = certificate.map_err(|error| problem(format!("which is no PEM file: {error}")))?;
        roots
            .add(certificate)
            .map_err(|error| problem(format!("which has a certificate that is none: {error}")))?;
    }
    if roots.is_empty() {
        return Err(problem("which has no certificate in it".to_owned()));
    }
    Ok(roots)
}

fn rustls_native_certs() -> Vec<CertificateDer<'static>> {
    fred::rustls_native_certs::load_native_certs().certs
}

/// Verifies as usual, and remembers why it did not go well.
#[derive(Debug)]
struct Verifier {
    usual: Arc<WebPkiServerVerifier>,
    has_own_ca: bool,
    refusal: Refusal,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        let verified =
            self.usual
                .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        if let Err(error) = &verified {
            let cause = explain(error, &server_name.to_str(), self.has_own_ca);
            self.refusal.store(Some(Arc::new(cause)));
        }
        verified
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        self.usual.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        self.usual.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}

/// What is wrong with a certificate, and what to do.
fn explain(error: &rustls::Error, name: &str, has_own_ca: bool) -> String {
    use CertificateError as Wrong;
    let what_to_do = match error {
        rustls::Error::InvalidCertificate(Wrong::UnknownIssuer | Wrong::BadSignature) if has_own_ca => {
            "no CA in the file of redis-ca has signed it: name the file of the CA that has"
        }
        rustls::Error::InvalidCertificate(Wrong::UnknownIssuer | Wrong::BadSignature) => {
            "no CA that this machine trusts has signed it: name the file of the CA that has in redis-ca"
        }
        rustls::Error::InvalidCertificate(Wrong::NotValidForName | Wrong::NotValidForNameContext { .. }) => {
            "it is made for other names: use one of them in redis-url, or have one made for this name"
        }
        rustls::Error::InvalidCertificate(Wrong::Expired | Wrong::ExpiredContext { .. }) => {
            "it has expired: renew it"
        }
        rustls::Error::InvalidCertificate(Wrong::NotValidYet | Wrong::NotValidYetContext { .. }) => {
            "it is not valid yet: set the clocks right"
        }
        other => return format!("the certificate of {name} is refused: {other}"),
    };
    format!("the certificate of {name} is refused, {what_to_do}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        let file = std::env::temp_dir().join(format!("trovato-ca-{}-{}", std::process::id(), text.len()));
        std::fs::write(&file, text).unwrap();
        let error = roots(Some(&file)).unwrap_err().to_string();
        std::fs::remove_file(&file).unwrap();
        error
    }

    #[test]
    fn a_file_without_a_usable_ca_is_refused() {
        let gone = roots(Some(Path::new("gone.pem"))).unwrap_err().to_string();
        assert!(
            gone.contains("redis-ca names gone.pem, which can't be read"),
            "{gone}"
        );
        assert!(refused("nothing").contains("no certificate in it"));
        let torn = refused("-----BEGIN CERTIFICATE-----\nAAAA\n");
        assert!(torn.contains("no PEM file"), "{torn}");
        let other = refused("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assert!(other.contains("a certificate that is none"), "{other}");
    }
}
