//! What an operation may cost, for an input of a size.

use crate::memory::{self, Taken};
use crate::operation::Operation;
use core::time::Duration;
use std::time::Instant;

/// Bytes that may be held at once: whatever the input, and for each of its bytes.
const MOST: [usize; 2] = [256 << 10, 48];
/// Bytes that may be asked for in all.
const TOTAL: [usize; 2] = [1 << 20, 128];
/// Nanoseconds, where they are measured.
const TIME: [usize; 2] = [100_000_000, 4_000];

/// What an operation took.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Memory.
    pub taken: Taken,
    /// Time. It depends on the machine, so that tests leave it alone.
    pub time: Duration,
}

/// Makes the engine forget what it verified.
///
/// # Panics
/// Where it does not.
pub fn forget() {
    assert_eq!(casemate_core::cache_clear(&[]), r#"{"ok":null}"#);
}

/// Runs an operation and measures it.
#[must_use]
pub fn measure(operation: &Operation, input: &[u8]) -> (String, Cost) {
    let start = Instant::now();
    let (text, taken) = memory::count(|| (operation.run)(input));
    let time = start.elapsed();
    (text, Cost { taken, time })
}

/// Attempts at measuring a time that others on the machine may have made longer.
const ATTEMPTS: usize = 4;
/// Share of the bound, percent, above which it is measured again.
const WORTH_A_LOOK: usize = 10;

impl Cost {
    /// Checks the time against its bound; one that is not far below is measured again.
    ///
    /// # Panics
    /// Where it is more.
    pub fn check_time(&mut self, operation: &Operation, input: &[u8]) {
        for _ in 0..ATTEMPTS {
            if self.shares(input.len())[2] < WORTH_A_LOOK {
                return;
            }
            forget();
            let before = on_processor();
            let (_, again) = measure(operation, input);
            let after = on_processor();
            let time = after.zip(before).map(|(after, before)| after - before);
            self.time = self.time.min(time.unwrap_or(again.time));
        }
        let share = self.shares(input.len())[2];
        assert!(
            share <= 100,
            "{:?} for {} bytes of input",
            self.time,
            input.len()
        );
    }

    /// Checks the memory against its bounds.
    ///
    /// # Panics
    /// Where it is more.
    pub fn check(&self, length: usize) {
        let Taken { most, total } = self.taken;
        assert!(
            most <= allowed(MOST, length),
            "{most} bytes are held at once for {length} bytes of input"
        );
        assert!(
            total <= allowed(TOTAL, length),
            "{total} bytes are asked for in all for {length} bytes of input"
        );
    }

    /// Shares of the bounds that are used, percent: held at once, asked for in all, time.
    #[must_use]
    pub fn shares(&self, length: usize) -> [usize; 3] {
        let time = usize::try_from(self.time.as_nanos()).unwrap_or(usize::MAX);
        let of = |value: usize, bound| value.saturating_mul(100) / allowed(bound, length);
        [
            of(self.taken.most, MOST),
            of(self.taken.total, TOTAL),
            of(time, TIME),
        ]
    }
}

/// Time that the thread ran, where Linux tells it; to a few milliseconds, and too slow for each input.
fn on_processor() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = text.split_ascii_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

const fn allowed([base, for_each]: [usize; 2], length: usize) -> usize {
    base + for_each * length
}
