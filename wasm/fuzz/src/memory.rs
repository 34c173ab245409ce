//! Counts what each thread allocates, so that memory is known to grow with the
//! input and no faster.

use core::cell::Cell;
use std::alloc::{GlobalAlloc, Layout, System};

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
    static MOST: Cell<usize> = const { Cell::new(0) };
    static TOTAL: Cell<usize> = const { Cell::new(0) };
}

/// The allocator of the system, counted.
struct Counted;

#[global_allocator]
static ALLOCATOR: Counted = Counted;

// SAFETY: every call is the system's own, with the arguments that were given.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let size = layout.size();
        let held = HELD.get().wrapping_add(size);
        HELD.set(held);
        MOST.set(MOST.get().max(held));
        TOTAL.set(TOTAL.get().wrapping_add(size));
        // SAFETY: as above.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // What another thread allocated may be freed here, so that it wraps.
        HELD.set(HELD.get().wrapping_sub(layout.size()));
        // SAFETY: as above.
        unsafe { System.dealloc(at, layout) }
    }
}

/// Bytes that something took.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    /// Most that it held at once, beyond those that were held before.
    pub most: usize,
    /// All that it asked for, one after the other: a measure of work that is the same each time.
    pub total: usize,
}

/// Runs something and counts.
pub fn count<T>(run: impl FnOnce() -> T) -> (T, Taken) {
    // From the middle, so that freeing what was held before does not wrap.
    HELD.set(usize::MAX / 2);
    MOST.set(usize::MAX / 2);
    TOTAL.set(0);
    let value = run();
    let most = MOST.get() - usize::MAX / 2;
    let total = TOTAL.get();
    (value, Taken { most, total })
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn count_sees_the_most_and_all() {
        let ((), taken) = count(|| {
            for _ in 0..3 {
                drop(core::hint::black_box(vec![1_u8; 1000]));
            }
        });
        assert_eq!((taken.most, taken.total), (1000, 3000));
    }
}
