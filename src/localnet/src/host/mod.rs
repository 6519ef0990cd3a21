//! A running network: one thread owns the state machine, everybody else sends it work.
//!
//! Handlers of requests are asynchronous and come from many connections; a network is neither. So each network
//! lives on a thread of its own and takes jobs, one after the other, from a channel. Networks never wait for each
//! other. Between two jobs the thread runs rounds, when somebody waits for an answer or when the network is live.

mod home;

#[cfg(test)]
mod tests;

pub use home::Home;

use crate::rejection::Reject;
use crate::state_machine::{IngressStatus, MessageId, Network};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread::Builder;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tempfile::TempDir;
use tokio::sync::oneshot;

/// Stack of a network's thread in bytes: calls between canisters within a composite query nest on it.
const STACK_BYTES: usize = 16 << 20;

/// The shortest time between two rounds of a live network that nobody waits for. A canister with a heartbeat
/// always has work; without a pause it would keep one core busy.
const LIVE_PAUSE: Duration = Duration::from_millis(20);

/// What became of an ingress message in the end.
pub type Answer = Result<Vec<u8>, Reject>;

/// A handle on a network's thread. Work runs in the order it arrives; dropping the last handle ends the thread.
#[derive(Clone)]
pub struct Instance {
    jobs: Sender<Job>,
}

/// Work for the network's thread.
type Job = Box<dyn FnOnce(&mut Driver) + Send>;

impl Instance {
    /// Starts the thread.
    ///
    /// # Panics
    /// When the operating system has no thread left to give.
    pub fn start(network: Network) -> Instance {
        Self::spawn(network, None)
    }

    /// Starts the thread; `directory`, which holds the memories of the network, is removed when the thread ends.
    ///
    /// # Panics
    /// When the operating system has no thread left to give.
    pub fn start_temporary(network: Network, directory: TempDir) -> Instance {
        Self::spawn(network, Some(directory))
    }

    fn spawn(network: Network, directory: Option<TempDir>) -> Instance {
        let (jobs, inbox) = channel();
        let run = move || {
            let mut driver = Driver::new(network);
            driver.run(&inbox);
            // The network goes first: it holds files in the directory.
            drop(driver);
            drop(directory);
        };
        Builder::new()
            .name("network".into())
            .stack_size(STACK_BYTES)
            .spawn(run)
            .expect("the operating system gives no thread for a network");
        Instance { jobs }
    }

    /// Runs `work` on the network's thread and gives its result.
    ///
    /// # Panics
    /// When the network's thread died of a defect (it printed why).
    pub async fn with<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Network) -> R + Send + 'static,
    ) -> R {
        self.ask(move |driver| work(&mut driver.network)).await
    }

    /// Switches live mode: the network follows the wall clock and runs rounds by itself whenever there is work.
    pub async fn set_live(&self, live: bool) {
        self.set_pace(live.then_some(Duration::ZERO)).await
    }

    /// Switches live mode on, with at least `pause` before each round, or off with none.
    pub async fn set_pace(&self, pause: Option<Duration>) {
        self.ask(move |driver| driver.pace = pause).await
    }

    /// Whether the network is live.
    pub async fn is_live(&self) -> bool {
        self.ask(|driver| driver.pace.is_some()).await
    }

    /// Waits until an ingress message is answered: a live network gets there by itself, any other is run round by
    /// round, at most `rounds` times. None when it was not answered by then or nobody knows the message.
    ///
    /// A live network may take as long as it likes; whoever has less time drops the future.
    pub async fn answer(&self, id: MessageId, rounds: usize) -> Option<Answer> {
        let (reply, answer) = oneshot::channel();
        self.ask(move |driver| driver.waiters.push(Waiter { id, rounds, reply }))
            .await;
        answer.await.ok().flatten()
    }

    async fn ask<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Driver) -> R + Send + 'static,
    ) -> R {
        let (reply, result) = oneshot::channel();
        let job: Job = Box::new(move |driver| {
            // Nobody may be left to hear it: a client hung up. The work is done all the same.
            let _ = reply.send(work(driver));
        });
        // A failed send means that the thread died; the sender of the result went with the job.
        let _ = self.jobs.send(job);
        result
            .await
            .expect("the network's thread died of a defect in localnet")
    }
}

/// Somebody who waits for a message to be answered.
struct Waiter {
    id: MessageId,
    /// How many rounds it may still take while the network is not live.
    rounds: usize,
    reply: oneshot::Sender<Option<Answer>>,
}

/// What the thread does next, once all jobs are done.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    Round,
    /// Sleep until a job comes, at most this long.
    Sleep(Option<Duration>),
}

/// The network and what its thread knows besides.
struct Driver {
    network: Network,
    /// In live mode, the pause before each round.
    pace: Option<Duration>,
    /// Nanoseconds by which a live network is ahead of the wall clock, because it was set to a later time.
    ahead: u64,
    waiters: Vec<Waiter>,
    last_round: Instant,
}

impl Driver {
    fn new(network: Network) -> Self {
        Driver {
            network,
            pace: None,
            ahead: 0,
            waiters: Vec::new(),
            last_round: Instant::now(),
        }
    }

    /// Works until the last handle is gone.
    fn run(&mut self, inbox: &Receiver<Job>) {
        let mut fresh = false;
        loop {
            match inbox.try_recv() {
                Ok(job) => {
                    self.follow_clock();
                    job(self);
                    fresh = true;
                    continue;
                }
                Err(TryRecvError::Disconnected) => return,
                Err(TryRecvError::Empty) => {}
            }
            self.settle();
            self.follow_clock();
            match self.next(fresh) {
                Next::Round => {
                    fresh = false;
                    self.round();
                }
                Next::Sleep(limit) => match receive(inbox, limit) {
                    Ok(job) => {
                        self.follow_clock();
                        job(self);
                        fresh = true;
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                },
            }
        }
    }

    /// Answers whoever need not wait any longer, and forgets who hung up.
    fn settle(&mut self) {
        let live = self.pace.is_some();
        for waiter in std::mem::take(&mut self.waiters) {
            match self.network.ingress_status(&waiter.id) {
                Some((_, IngressStatus::Answered(answer))) => {
                    let _ = waiter.reply.send(Some(answer.clone()));
                }
                Some(_) if (live || waiter.rounds > 0) && !waiter.reply.is_closed() => {
                    self.waiters.push(waiter);
                }
                _ => {
                    let _ = waiter.reply.send(None);
                }
            }
        }
    }

    /// Decides what to do; `fresh` says whether jobs were done since the last round.
    fn next(&self, fresh: bool) -> Next {
        let Some(pace) = self.pace else {
            return match self.waiters.is_empty() {
                true => Next::Sleep(None),
                false => Next::Round,
            };
        };
        let due = self
            .network
            .next_deadline()
            .map(|at| Duration::from_nanos(at.saturating_sub(self.network.time())));
        if due != Some(Duration::ZERO) && !self.network.has_work() {
            return Next::Sleep(due);
        }
        let pause = match fresh || !self.waiters.is_empty() {
            true => pace,
            false => pace.max(LIVE_PAUSE),
        };
        match pause.checked_sub(self.last_round.elapsed()) {
            Some(rest) if !rest.is_zero() => Next::Sleep(Some(rest)),
            _ => Next::Round,
        }
    }

    fn round(&mut self) {
        self.network.round();
        self.last_round = Instant::now();
        if self.pace.is_none() {
            for waiter in &mut self.waiters {
                waiter.rounds = waiter.rounds.saturating_sub(1);
            }
        }
    }

    /// Moves a live network to the present. One that was set to a later time keeps its lead.
    fn follow_clock(&mut self) {
        if self.pace.is_none() {
            self.ahead = 0;
            return;
        }
        let now = wall_clock().saturating_add(self.ahead);
        if let Err(later) = self.network.set_time(now) {
            self.ahead += later.saturating_sub(now);
        }
    }
}

/// Waits for a job.
fn receive(inbox: &Receiver<Job>, limit: Option<Duration>) -> Result<Job, RecvTimeoutError> {
    match limit {
        Some(limit) => inbox.recv_timeout(limit),
        None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
    }
}

/// Nanoseconds since 1970 by the clock of this machine.
pub fn wall_clock() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
