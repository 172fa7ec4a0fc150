//! Files that are written whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::{Error, Result};

/// Writes a file whole or not at all: to a new file beside it, flushed to the disk and renamed. If
/// anything fails the old file is as it was.
///
/// A link is followed, and what is no regular file (a pipe, `/dev/stdout`) is written to as it is. On
/// Windows a rename replaces the old file too (`MoveFileExW` with `MOVEFILE_REPLACE_EXISTING`, which
/// `std::fs::rename` calls); it is refused while another program, such as Excel, has the file open,
/// and the error says so.
///
/// # Errors
/// [`Error::Io`], naming the file.
pub fn write_whole(path: impl AsRef<Path>, content: &[u8]) -> Result<()> {
    let path = path.as_ref();
    let written = match fs::metadata(path) {
        Ok(found) if !found.is_file() && !found.is_dir() => to_existing(path, content),
        _ => replace(path, content),
    };
    written.map_err(|source| named(path, source))
}

/// Whether [`write_whole`] can write a file, as far as can be known without writing it: a program can
/// say so before it works for minutes.
///
/// # Errors
/// [`Error::Io`], naming the file: its folder does not exist or may not be written to, or it is a
/// folder itself.
pub fn check_writable(path: impl AsRef<Path>) -> Result<()> {
    let path = path.as_ref();
    let checked = match fs::metadata(path) {
        Ok(found) if found.is_dir() => Err(io::Error::other("it is a folder")),
        Ok(found) if !found.is_file() => Ok(()),
        _ => Beside::new(&target(path)).map(drop),
    };
    checked.map_err(|source| named(path, source))
}

fn named(path: &Path, source: io::Error) -> Error {
    let source = match source.kind() {
        io::ErrorKind::NotFound => io::Error::new(
            source.kind(),
            format!("its folder does not exist ({source})"),
        ),
        io::ErrorKind::PermissionDenied => io::Error::new(
            source.kind(),
            format!("it may not be written, or another program has it open ({source})"),
        ),
        _ => source,
    };
    Error::Io {
        path: path.to_owned(),
        source,
    }
}

fn to_existing(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    file.write_all(content)?;
    file.flush()
}

/// Where a path leads to, if it is a link.
fn target(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let path = target(path);
    let mut beside = Beside::new(&path)?;
    if let Ok(old) = fs::metadata(&path) {
        fs::set_permissions(&beside.path, old.permissions())?;
    }
    beside.file.write_all(content)?;
    beside.file.sync_all()?;
    fs::rename(&beside.path, &path)
}

/// A new file in the folder of another, removed unless it was renamed.
struct Beside {
    path: PathBuf,
    file: File,
}

impl Beside {
    fn new(path: &Path) -> io::Result<Beside> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = path
            .file_name()
            .ok_or_else(|| io::Error::other("it names no file"))?;
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        hidden.push(format!(".{}-{count}.tmp", std::process::id()));
        let path = path.with_file_name(hidden);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)?;
        Ok(Beside { path, file })
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // Gone where it was renamed.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let all = fs::read_dir(folder)
            .unwrap()
            .map(|e| e.unwrap().file_name());
        let mut all: Vec<String> = all.map(|n| n.into_string().unwrap()).collect();
        all.sort();
        all
    }

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        fs::write(&path, "an old and longer text").unwrap();
        check_writable(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"an old and longer text");
        write_whole(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["a.csv"]);
    }

    #[test]
    fn a_file_that_cannot_be_written_is_named_beforehand() {
        let folder = tempfile::tempdir().unwrap();
        let nowhere = folder.path().join("none").join("a.csv");
        for check in [check_writable(&nowhere), write_whole(&nowhere, b"")] {
            let error = check.unwrap_err().to_string();
            assert!(
                error.contains("a.csv: its folder does not exist"),
                "{error}"
            );
        }
        let error = check_writable(folder.path()).unwrap_err().to_string();
        assert!(error.ends_with("it is a folder"), "{error}");
        assert!(write_whole(folder.path(), b"").is_err());
        assert!(names(folder.path()).is_empty());
    }

    /// A full disk, as far as this machine has one: the old file is as it was.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_no_regular_file_is_written_to_as_it_is() {
        let error = write_whole("/dev/full", b"new").unwrap_err().to_string();
        assert!(error.starts_with("/dev/full: "), "{error}");
        check_writable("/dev/null").unwrap();
        write_whole("/dev/null", b"new").unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_one() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("a.csv"), folder.path().join("b.csv"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write_whole(&link, b"new").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }
}
