//! How long a server lives: until it was idle for long enough, a signal comes, or its time is up.

use std::future::pending;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Instant, sleep, sleep_until};

/// Counts requests that are being answered, and remembers when the last one ended.
#[derive(Clone)]
pub struct Activity(Arc<Mutex<State>>);

struct State {
    pending: usize,
    last: Instant,
}

/// A request that is being answered; it ends when this is dropped.
pub struct Ongoing(Activity);

impl Activity {
    /// Nothing happened yet, and idleness begins now.
    #[allow(clippy::new_without_default, reason = "it reads the clock")]
    pub fn new() -> Activity {
        Activity(Arc::new(Mutex::new(State {
            pending: 0,
            last: Instant::now(),
        })))
    }

    /// A request begins.
    pub fn begin(&self) -> Ongoing {
        self.state().pending += 1;
        Ongoing(self.clone())
    }

    /// Resolves once nothing happened for `limit`.
    pub async fn idle(&self, limit: Duration) {
        loop {
            let until = {
                let state = self.state();
                match state.pending {
                    0 => state.last + limit,
                    // Whoever is being answered ends some time; idleness begins no sooner.
                    _ => Instant::now() + limit,
                }
            };
            if until <= Instant::now() {
                return;
            }
            sleep_until(until).await;
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Ongoing {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.pending -= 1;
        state.last = Instant::now();
    }
}

/// Resolves on SIGTERM or SIGINT. Without signal handlers (there always are) it would never resolve, and the
/// signals would end the process their own way.
pub async fn signalled() {
    let handlers = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    );
    let (Ok(mut terminate), Ok(mut interrupt)) = handlers else {
        return pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

/// Resolves after `limit`, never without one.
pub async fn elapsed(limit: Option<Duration>) {
    match limit {
        Some(limit) => sleep(limit).await,
        None => pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_millis(200);

    #[tokio::test]
    async fn idleness_begins_when_the_last_request_ends() {
        let activity = Activity::new();
        let begun = Instant::now();
        let ongoing = activity.begin();
        let release = tokio::spawn(async move {
            sleep(LIMIT * 2).await;
            drop(ongoing);
        });
        activity.idle(LIMIT).await;
        assert!(begun.elapsed() >= LIMIT * 3);
        release.await.expect("ends");
    }

    #[tokio::test]
    async fn without_requests_idleness_is_up_after_the_limit() {
        let begun = Instant::now();
        Activity::new().idle(LIMIT).await;
        assert!(begun.elapsed() >= LIMIT);
    }
}
