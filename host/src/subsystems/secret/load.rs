//! Where the secret comes from: the configuration, a file that it names, or a file that is made at the first start.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::Error;
use crate::config::Config;
use crate::subsystems::random::Random;

/// Bytes of a configured secret.
const LEAST: usize = 32;
/// The name of the file in the data folder.
const FILE: &str = "secret";

/// The secret of the site.
///
/// # Errors
/// It is too short, or its file can't be read or made.
pub fn load(config: &Config) -> Result<Vec<u8>, Error> {
    if let Some(secret) = &config.secret {
        return long_enough(secret.expose().as_bytes().to_vec());
    }
    let failed = |file: &Path, source| Error::File {
        file: file.display().to_string(),
        source,
    };
    if let Some(file) = &config.secret_file {
        return long_enough(read(file).map_err(|source| failed(file, source))?);
    }
    let file = config.data_dir.join(FILE);
    match read(&file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        read => return long_enough(read.map_err(|source| failed(&file, source))?),
    }
    make(&file, &Random::system())?;
    long_enough(read(&file).map_err(|source| failed(&file, source))?)
}

fn long_enough(secret: Vec<u8>) -> Result<Vec<u8>, Error> {
    if secret.len() < LEAST {
        return Err(Error::Short(LEAST));
    }
    Ok(secret)
}

/// Without the line break that editors leave at the end.
fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut secret = fs::read(file)?;
    while matches!(secret.last(), Some(b'\n' | b'\r')) {
        secret.pop();
    }
    Ok(secret)
}

/// Made under another name and linked to its own: who sees the file sees all of it, and the first of several
/// processes wins.
fn make(file: &Path, random: &Random) -> Result<(), Error> {
    let mut secret = [0; 32];
    random
        .fill(&mut secret)
        .map_err(|error| Error::Random(error.to_string()))?;
    let text: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let making = file.with_extension(format!("{}-making", std::process::id()));
    let made = write_private(&making, text.as_bytes()).and_then(|()| match fs::hard_link(&making, file) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    });
    // What is left of the making serves nobody.
    let _ = fs::remove_file(&making);
    made.map_err(|source| Error::File {
        file: file.display().to_string(),
        source,
    })
}

fn write_private(file: &Path, text: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut open = options.open(file)?;
    open.write_all(text)?;
    open.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> (Config, std::path::PathBuf) {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("trovato-secret-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let config = Config {
            data_dir: folder.clone(),
            ..Config::default()
        };
        (config, folder)
    }

    #[test]
    fn a_secret_is_made_once_and_only_its_owner_reads_it() {
        let (config, folder) = place();
        let first = load(&config).unwrap();
        assert_eq!(first.len(), 64);
        assert_eq!(load(&config).unwrap(), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.join(FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_configured_secret_comes_first_and_a_short_one_is_refused() {
        let (mut config, folder) = place();
        let file = folder.join("mounted");
        fs::write(&file, format!("{}\n", "f".repeat(40))).unwrap();
        config.secret_file = Some(file);
        assert_eq!(load(&config).unwrap(), "f".repeat(40).as_bytes());
        config.secret = Some("c".repeat(32).into());
        assert_eq!(load(&config).unwrap(), "c".repeat(32).as_bytes());
        config.secret = Some("short".to_owned().into());
        assert!(matches!(load(&config), Err(Error::Short(32))));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_file_that_is_named_but_missing_is_an_error() {
        let (mut config, folder) = place();
        config.secret_file = Some(folder.join("nowhere"));
        assert!(load(&config).unwrap_err().to_string().contains("nowhere"));
        fs::remove_dir_all(folder).unwrap();
    }
}
