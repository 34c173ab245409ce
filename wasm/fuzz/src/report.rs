//! What a run of libFuzzer is told about costs, as lines among its own.

use core::time::Duration;
use std::sync::Mutex;
use std::time::Instant;

/// Time between two lines.
const EVERY: Duration = Duration::from_secs(5);

/// Counts of one run.
#[derive(Debug)]
pub struct Report(Mutex<Counts>);

#[derive(Debug)]
struct Counts {
    inputs: u64,
    accepted: u64,
    shares: [usize; 3],
    told: Instant,
}

impl Default for Report {
    fn default() -> Self {
        Self(Mutex::new(Counts {
            inputs: 0,
            accepted: 0,
            shares: [0; 3],
            told: Instant::now(),
        }))
    }
}

impl Report {
    /// Takes an input in, with the shares of the bounds that it took; writes a line now and then.
    ///
    /// # Panics
    /// Where another thread did.
    pub fn add(&self, is_accepted: bool, shares: [usize; 3]) {
        let mut counts = self.0.lock().expect("no thread panicked");
        counts.inputs += 1;
        counts.accepted += u64::from(is_accepted);
        for (most, share) in counts.shares.iter_mut().zip(shares) {
            *most = share.max(*most);
        }
        if counts.told.elapsed() >= EVERY {
            counts.told = Instant::now();
            let Counts {
                inputs, accepted, ..
            } = *counts;
            let [held, total, time] = counts.shares;
            eprintln!(
                "COST inputs {inputs} accepted {accepted} held {held} total {total} time {time}"
            );
        }
    }
}
