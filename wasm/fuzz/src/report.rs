//! What a run of libFuzzer is told about costs, as lines among its own.

use crate::bounds::Cost;

/// Inputs between two lines.
const EVERY: u64 = 1 << 13;

/// Counts of one run.
#[derive(Debug)]
pub struct Report {
    inputs: u64,
    accepted: u64,
    shares: [usize; 3],
}

impl Default for Report {
    fn default() -> Self {
        Self::new()
    }
}

impl Report {
    /// Nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            inputs: 0,
            accepted: 0,
            shares: [0; 3],
        }
    }

    /// Takes an input in; writes a line now and then.
    pub fn add(&mut self, length: usize, is_accepted: bool, cost: &Cost) {
        self.inputs += 1;
        self.accepted += u64::from(is_accepted);
        for (most, share) in self.shares.iter_mut().zip(cost.shares(length)) {
            *most = share.max(*most);
        }
        if self.inputs.is_multiple_of(EVERY) {
            let Self {
                inputs, accepted, ..
            } = self;
            let [held, total, time] = self.shares;
            eprintln!(
                "COST inputs {inputs} accepted {accepted} held {held} total {total} time {time}"
            );
        }
    }
}
