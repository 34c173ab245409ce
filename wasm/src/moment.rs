//! Moments as seconds since 1970 (UTC, without leap seconds) and their text.

use crate::answer::Refusal;
use core::time::Duration;
use der::DateTime;

/// A span of time, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First second.
    pub from: u64,
    /// Last second.
    pub until: u64,
}

/// How a moment lies to a [`Window`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// Earlier than its first second.
    Before,
    /// Within.
    Within,
    /// Later than its last second.
    After,
}

impl Window {
    /// Where a moment lies.
    #[must_use]
    pub const fn position(&self, moment: u64) -> Position {
        if moment < self.from {
            Position::Before
        } else if moment > self.until {
            Position::After
        } else {
            Position::Within
        }
    }
}

/// Reads the time of an operation, 8 bytes big-endian.
///
/// # Errors
/// A bug where it is not 8 bytes.
pub fn read(now: &[u8]) -> Result<u64, Refusal> {
    let now = now.try_into();
    now.map(u64::from_be_bytes)
        .map_err(|_| Refusal::bug("now is not 8 bytes"))
}

/// A moment as ISO 8601 text, `2026-03-07T01:04:33Z`; beyond the year 9999 as
/// a number of seconds.
#[must_use]
pub fn text(moment: u64) -> String {
    match DateTime::from_unix_duration(Duration::from_secs(moment)) {
        Ok(date) => date.to_string(),
        Err(_) => format!("{moment} seconds after 1970-01-01T00:00:00Z"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Position, Window, text};

    #[test]
    fn text_is_iso_8601() {
        assert_eq!(text(0), "1970-01-01T00:00:00Z");
        assert_eq!(text(1_772_845_473), "2026-03-07T01:04:33Z");
        assert_eq!(text(253_402_300_799), "9999-12-31T23:59:59Z");
        assert!(text(u64::MAX).starts_with("18446744073709551615 seconds"));
    }

    #[test]
    fn position_includes_both_ends() {
        let window = Window {
            from: 10,
            until: 20,
        };
        assert_eq!(window.position(9), Position::Before);
        assert_eq!(window.position(10), Position::Within);
        assert_eq!(window.position(20), Position::Within);
        assert_eq!(window.position(21), Position::After);
    }
}
