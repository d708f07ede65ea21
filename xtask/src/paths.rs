//! Where things are, and how folders are replaced.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The root of the repository.
pub fn root() -> PathBuf {
    // Asked when running: cargo does not compile anew for a checkout that was moved.
    let here = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let here = here.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    here.parent().unwrap_or(&here).to_path_buf()
}

/// Cargo's target folder: `CARGO_TARGET_DIR`, otherwise `target`.
pub fn target() -> PathBuf {
    root().join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// Where the extension folders go.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The same for the build in which tests hold the background at a named step.
pub fn dist_with_failpoints() -> PathBuf {
    target().join("failpoints")
}

/// Where tools that take long to build are kept between checkouts.
pub fn cache() -> Result<PathBuf> {
    let base = match env::var_os("XDG_CACHE_HOME").filter(|dir| Path::new(dir).is_absolute()) {
        Some(dir) => PathBuf::from(dir),
        None => env::home_dir().context("There is no home folder. Set XDG_CACHE_HOME.")?.join(".cache"),
    };
    Ok(base.join("latchkey"))
}

/// An empty folder beside `folder`, to be filled and then given to [`swap`].
pub fn beside(folder: &Path) -> Result<PathBuf> {
    let new = renamed(folder, "new");
    clear(&new)?;
    fs::create_dir_all(&new).with_context(|| format!("cannot make {}", new.display()))?;
    Ok(new)
}

/// Puts the filled folder `new` in the place of `folder`, which may or may not exist.
pub fn swap(new: &Path, folder: &Path) -> Result<()> {
    let old = renamed(folder, "old");
    clear(&old)?;
    if folder.exists() {
        fs::rename(folder, &old).with_context(|| format!("cannot move {} away", folder.display()))?;
    }
    fs::rename(new, folder).with_context(|| format!("cannot put {} in place", folder.display()))?;
    clear(&old)
}

/// Copies everything in `from` except the top-level entries named in `except`.
pub fn copy(from: &Path, to: &Path, except: &[&str]) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    let entries = fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read {}", from.display()))?;
        let name = entry.file_name();
        if except.iter().any(|skip| name == *skip) {
            continue;
        }
        let (source, goal) = (entry.path(), to.join(&name));
        if source.is_dir() {
            copy(&source, &goal, &[])?;
        } else {
            fs::copy(&source, &goal).with_context(|| format!("cannot copy {}", source.display()))?;
        }
    }
    Ok(())
}

fn renamed(folder: &Path, suffix: &str) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_os_string();
    name.push(".");
    name.push(suffix);
    folder.with_file_name(name)
}

fn clear(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let folder = env::temp_dir().join(format!("latchkey-{name}-{}", std::process::id()));
        clear(&folder).unwrap();
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn a_removed_file_does_not_linger() {
        let here = scratch("swap");
        let goal = here.join("chrome");
        for names in [["a", "gone"], ["a", "b"]] {
            let new = beside(&goal).unwrap();
            names.iter().for_each(|name| fs::write(new.join(name), name).unwrap());
            swap(&new, &goal).unwrap();
        }
        assert!(goal.join("b").exists());
        assert!(!goal.join("gone").exists());
        assert_eq!(fs::read_dir(&here).unwrap().count(), 1, "nothing is left beside it");
        fs::remove_dir_all(here).unwrap();
    }

    #[test]
    fn what_an_interrupted_build_left_is_no_obstacle() {
        let here = scratch("interrupted");
        let goal = here.join("chrome");
        for folder in ["chrome", "chrome.new/half", "chrome.old/half"] {
            fs::create_dir_all(here.join(folder)).unwrap();
        }
        let new = beside(&goal).unwrap();
        swap(&new, &goal).unwrap();
        assert!(!goal.join("half").exists());
        fs::remove_dir_all(here).unwrap();
    }

    #[test]
    fn only_the_top_level_is_excepted() {
        let here = scratch("copy");
        for folder in ["from/store", "from/pages/store"] {
            fs::create_dir_all(here.join(folder)).unwrap();
            fs::write(here.join(folder).join("file"), "").unwrap();
        }
        copy(&here.join("from"), &here.join("to"), &["store"]).unwrap();
        assert!(!here.join("to/store").exists());
        assert!(here.join("to/pages/store/file").exists());
        fs::remove_dir_all(here).unwrap();
    }
}
