//! `orbiter reset`: wipes an orbiter by installing it anew, so that memory it once needed is no longer paid for.

use std::fmt;
use std::path::{Path, PathBuf};

use candid::Principal;
use clap::Args;
use serde::Serialize;
use wire::{InitOrbiterArgs, OrbiterSatelliteConfig};

use crate::context::{Context, now};
use crate::error::{Error, Result};
use crate::keepsake::{Keepsake, Key};
use crate::management::{self, Mode};
use crate::orbiter::Orbiter;
use crate::plan;
use crate::project::write_json;
use crate::wasm::{self, Canister, Module};

/// Wipe the orbiter: every entry is gone, and so is the memory they took.
///
/// The principals with an admin key keep one. Everything else goes too, unless --keep-config puts satellites and access
/// keys back. Asks for the orbiter's id to be typed out.
#[derive(Debug, Args)]
pub struct Reset {
    /// The orbiter's canister id, if not the deployed one.
    #[arg(long, value_name = "ID")]
    orbiter: Option<String>,
    /// The orbiter's Wasm [default: dist/orbiter.wasm].
    #[arg(long, value_name = "FILE")]
    orbiter_wasm: Option<PathBuf>,
    /// Put satellite configurations and access keys back: features, origins, scopes and expiry as they are. Versions and
    /// timestamps start anew, and expired keys stay away.
    #[arg(long)]
    keep_config: bool,
    /// Do not wipe anything: put back what an earlier reset could not, from the file it left.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["keep_config", "orbiter", "orbiter_wasm"])]
    put_back: Option<PathBuf>,
}

/// What was done.
#[derive(Debug, Serialize)]
struct Outcome {
    orbiter: Principal,
    wiped: bool,
    satellites_put_back: usize,
    keys_put_back: usize,
    /// What could not be kept, in words.
    not_kept: Vec<String>,
}

impl Reset {
    /// Resets, or puts back.
    pub async fn run(&self, context: &Context) -> Result<()> {
        let outcome = match &self.put_back {
            Some(file) => put_back_from(context, file).await?,
            None => self.wipe(context).await?,
        };
        context.report.result(&outcome)
    }

    async fn wipe(&self, context: &Context) -> Result<Outcome> {
        let id = context.known_canister(self.orbiter.as_deref(), Canister::Orbiter)?;
        let file = context.wasm_file(self.orbiter_wasm.as_deref(), Canister::Orbiter);
        let module = wasm::load(&file, Canister::Orbiter)?;
        // Whoever may not do this learns it before the question.
        management::status(&context.connection, id).await?;
        let orbiter = Orbiter::new(&context.connection, id);
        let read = self.read(context, &orbiter).await?;
        let action = format!("Every entry of orbiter {id} will be gone for ever");
        context.prompt().type_out(&action, id)?;
        if self.keep_config {
            wipe_and_put_back(context, &orbiter, &module, read.kept).await
        } else {
            reinstall(context, id, &module, read.kept.admins()).await?;
            Ok(Outcome::without(id, &read))
        }
    }

    /// What the orbiter holds besides entries. Who cannot read it cannot keep it either, but can still wipe.
    async fn read(&self, context: &Context, orbiter: &Orbiter<'_>) -> Result<Read> {
        let read = async {
            let configs = orbiter.certified_configs().await?;
            let keys = orbiter.certified_keys().await?;
            Ok(Keepsake::new(orbiter.id, configs, keys))
        };
        match context.report.step("read satellites and keys", read).await {
            Ok(kept) => Ok(Read {
                kept,
                failure: None,
            }),
            Err(reason) if self.keep_config => Err(reason),
            Err(reason) => Ok(Read {
                kept: Keepsake::only_admin(orbiter.id, context.connection.caller),
                failure: Some(reason.to_string()),
            }),
        }
    }
}

/// What was read before a reset.
struct Read {
    kept: Keepsake,
    /// Why it could not be read; then `kept` is no more than the caller's own key.
    failure: Option<String>,
}

/// What is to be kept is on disk before anything is wiped, and stays there until it is back.
async fn wipe_and_put_back(
    context: &Context,
    orbiter: &Orbiter<'_>,
    module: &Module,
    kept: Keepsake,
) -> Result<Outcome> {
    let file = context.memory.keepsake_file(orbiter.id);
    overwrite(&file, &kept)?;
    let wiped = reinstall(context, orbiter.id, module, kept.admins()).await;
    wiped.map_err(|reason| Error::NotReset {
        orbiter: orbiter.id,
        file: file.clone(),
        source: Box::new(reason),
    })?;
    let work = put_back(orbiter, kept, &[], &file, now()?);
    let done = context.report.step("put back", work).await?;
    Ok(Outcome {
        wiped: true,
        ..done
    })
}

/// Writes what is to be kept, but not over what an earlier reset left to be put back.
fn overwrite(file: &Path, kept: &Keepsake) -> Result<()> {
    if file.exists() && Keepsake::read(file)? != *kept {
        return Err(Error::EarlierReset {
            file: file.to_owned(),
        });
    }
    write_json(file, kept)
}

async fn reinstall(
    context: &Context,
    orbiter: Principal,
    module: &Module,
    admins: Vec<Principal>,
) -> Result<()> {
    let init = InitOrbiterArgs {
        controllers: admins,
    };
    let work = management::install(
        &context.connection,
        orbiter,
        Mode::Reinstall,
        module,
        (init,),
    );
    context.report.step("wipe the orbiter", work).await
}

async fn put_back_from(context: &Context, file: &Path) -> Result<Outcome> {
    let kept = Keepsake::read(file)?;
    let orbiter = Orbiter::new(&context.connection, kept.orbiter);
    let there = orbiter.certified_configs().await?;
    let work = put_back(&orbiter, kept, &there, file, now()?);
    context.report.step("put back", work).await
}

/// Puts everything back over the configurations that are there, going on after a failure; the file then holds what is
/// missing, and is gone if nothing is.
async fn put_back(
    orbiter: &Orbiter<'_>,
    kept: Keepsake,
    there: &[(Principal, OrbiterSatelliteConfig)],
    file: &Path,
    now: u64,
) -> Result<Outcome> {
    let mut outcome = Outcome::put_back(orbiter.id);
    let mut left = Keepsake::new(orbiter.id, vec![], vec![]);
    let mut missing = Vec::new();
    for satellite in kept.satellites {
        let version = plan::find(there, satellite.id).and_then(|config| config.version);
        let change = satellite.to_set(version);
        match orbiter.set_config(satellite.id, change).await {
            Ok(()) => outcome.satellites_put_back += 1,
            Err(reason) => {
                missing.push(format!(
                    "the configuration of satellite {} ({reason})",
                    satellite.id
                ));
                left.satellites.push(satellite);
            }
        }
    }
    for key in kept.keys {
        match put_key_back(orbiter, &key, now).await {
            Ok(true) => outcome.keys_put_back += 1,
            Ok(false) => outcome
                .not_kept
                .push(format!("the key of {}, which had expired", key.id)),
            Err(reason) => {
                missing.push(format!("the key of {} ({reason})", key.id));
                left.keys.push(key);
            }
        }
    }
    finish(outcome, &left, missing, file)
}

/// Settles the file: gone when nothing is left, else rewritten to hold what is.
fn finish(outcome: Outcome, left: &Keepsake, missing: Vec<String>, file: &Path) -> Result<Outcome> {
    if left.is_empty() {
        std::fs::remove_file(file).map_err(|source| Error::file("remove", file, source))?;
        return Ok(outcome);
    }
    write_json(file, left)?;
    Err(Error::NotAllPutBack {
        missing,
        file: file.to_owned(),
    })
}

/// Whether the key is back; an expired one opens nothing, and the orbiter refuses to set it.
async fn put_key_back(orbiter: &Orbiter<'_>, key: &Key, now: u64) -> Result<bool> {
    if key.expired(now) {
        return Ok(false);
    }
    orbiter.set_key(key.id, key.to_set()).await?;
    Ok(true)
}

impl Outcome {
    /// Nothing is put back yet; what no reset can keep is said already.
    fn put_back(orbiter: Principal) -> Self {
        Self {
            orbiter,
            wiped: false,
            satellites_put_back: 0,
            keys_put_back: 0,
            not_kept: vec![
                "versions and timestamps of configurations and keys, which start anew".to_owned(),
            ],
        }
    }

    /// The outcome of a reset that was to keep nothing but the admins.
    fn without(orbiter: Principal, read: &Read) -> Self {
        let others = read.kept.keys.len() - read.kept.admins().len();
        let not_kept = match &read.failure {
            Some(reason) => {
                vec![format!(
                    "any key but yours, because the keys could not be read: {reason}"
                )]
            }
            None => vec![format!(
                "{} satellite configurations and {others} keys that are not an admin's",
                read.kept.satellites.len()
            )],
        };
        Self {
            wiped: true,
            not_kept,
            ..Self::put_back(orbiter)
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.wiped {
            true => writeln!(f, "Orbiter {} is empty.", self.orbiter)?,
            false => writeln!(f, "Orbiter {} was not wiped.", self.orbiter)?,
        }
        write!(
            f,
            "Put back: {} satellite configurations, {} keys.",
            self.satellites_put_back, self.keys_put_back
        )?;
        for thing in &self.not_kept {
            write!(f, "\nNot kept: {thing}.")?;
        }
        if self.wiped && self.satellites_put_back == 0 {
            write!(f, "\nRun `orbiter deploy` to switch analytics on.")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> Principal {
        Principal::from_text("lxzze-o7777-77777-aaaaa-cai").unwrap()
    }

    fn kept() -> Keepsake {
        Keepsake::only_admin(id(), id())
    }

    #[test]
    fn when_everything_is_back_the_file_goes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kept.json");
        write_json(&file, &kept()).unwrap();
        let nothing = Keepsake::new(id(), vec![], vec![]);
        let done = finish(Outcome::put_back(id()), &nothing, vec![], &file);
        assert!(done.is_ok() && !file.exists());
    }

    #[test]
    fn what_an_earlier_reset_left_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kept.json");
        overwrite(&file, &kept()).unwrap();
        overwrite(&file, &kept()).unwrap();
        let other = Keepsake::new(id(), vec![], vec![]);
        let refused = overwrite(&file, &other);
        assert!(matches!(refused, Err(Error::EarlierReset { file: f }) if f == file));
        assert_eq!(Keepsake::read(&file).unwrap(), kept());
    }

    #[test]
    fn what_is_not_back_is_named_and_stays_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kept.json");
        let missing = vec!["the key of x".to_owned()];
        let failed = finish(Outcome::put_back(id()), &kept(), missing, &file);
        let Err(Error::NotAllPutBack {
            missing,
            file: named,
        }) = failed
        else {
            panic!("called complete");
        };
        assert_eq!((missing, &named), (vec!["the key of x".to_owned()], &file));
        assert_eq!(Keepsake::read(&file).unwrap(), kept());
    }
}
