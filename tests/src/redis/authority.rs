//! A certificate authority of a test's own, with a certificate for servers.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use tempfile::TempDir;

/// An authority, its certificate and that of its servers in files.
pub struct Authority(TempDir);

impl Authority {
    /// One that has signed a certificate for this machine.
    #[must_use]
    pub fn of_this_machine() -> Self {
        Self::of("127.0.0.1", 2100)
    }

    /// One that has signed a certificate for a name, until a year.
    ///
    /// # Panics
    /// There is no such name.
    #[must_use]
    pub fn of(name: &str, until: i32) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        params
            .distinguished_name
            .push(DnType::CommonName, format!("Authority {number}"));
        let key = KeyPair::generate().unwrap();
        let own = params.self_signed(&key).unwrap();
        let issuer = Issuer::new(params, key);

        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().unwrap();
        let server = params.signed_by(&key, &issuer).unwrap();

        let authority = Self(TempDir::new().unwrap());
        authority.write("ca.pem", "CERTIFICATE", own.der());
        authority.write("server.pem", "CERTIFICATE", server.der());
        authority.write("server.key", "PRIVATE KEY", &key.serialize_der());
        authority
    }

    /// Its own certificate.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        self.path("ca.pem")
    }

    /// What servers are told: to use TLS also among themselves.
    pub(super) fn settings(&self) -> [String; 6] {
        let path = |name: &str| self.path(name).display().to_string();
        [
            format!("tls-cert-file {}", path("server.pem")),
            format!("tls-key-file {}", path("server.key")),
            format!("tls-ca-cert-file {}", path("ca.pem")),
            "tls-auth-clients no".to_owned(),
            "tls-replication yes".to_owned(),
            "tls-cluster yes".to_owned(),
        ]
    }

    fn path(&self, name: &str) -> PathBuf {
        Path::join(self.0.path(), name)
    }

    fn write(&self, name: &str, kind: &str, bytes: &[u8]) {
        let mut lines = vec![format!("-----BEGIN {kind}-----")];
        let text = STANDARD.encode(bytes);
        lines.extend(
            text.as_bytes()
                .chunks(64)
                .map(|line| String::from_utf8_lossy(line).into_owned()),
        );
        lines.push(format!("-----END {kind}-----\n"));
        std::fs::write(self.path(name), lines.join("\n")).unwrap();
    }
}
