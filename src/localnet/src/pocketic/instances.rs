//! The instances of a server, by number. A number is never given twice.

use super::failure::Failure;
use crate::agent::Options;
use crate::host::Instance;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// An instance and how agents see it.
#[derive(Clone)]
pub struct Hosted {
    /// The network.
    pub instance: Instance,
    /// How its agent interface departs from that of a replica.
    pub options: Options,
}

/// All instances that were ever made; deleted ones leave a hole.
#[derive(Default)]
pub struct Instances(Mutex<Vec<Option<Hosted>>>);

impl Instances {
    /// Adds an instance and gives its number.
    pub fn add(&self, hosted: Hosted) -> usize {
        let mut table = self.table();
        table.push(Some(hosted));
        table.len() - 1
    }

    /// An instance by its number, as a path writes it.
    pub fn get(&self, id: &str) -> Result<Hosted, Failure> {
        let found = id.parse::<usize>().ok().and_then(|id| self.by_number(id));
        found.ok_or_else(|| Failure::NoInstance(id.to_owned()))
    }

    /// An instance by its number.
    pub fn by_number(&self, id: usize) -> Option<Hosted> {
        self.table().get(id).cloned().flatten()
    }

    /// Forgets an instance; its thread ends when the requests that still use it have. Gives its number.
    pub fn delete(&self, id: &str) -> Result<usize, Failure> {
        let unknown = || Failure::NoInstance(id.to_owned());
        let number: usize = id.parse().map_err(|_| unknown())?;
        let instance = self.table().get_mut(number).and_then(Option::take);
        instance.map(|_| number).ok_or_else(unknown)
    }

    /// For each number whether there still is an instance.
    pub fn list(&self) -> Vec<bool> {
        self.table().iter().map(Option::is_some).collect()
    }

    fn table(&self) -> MutexGuard<'_, Vec<Option<Hosted>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
