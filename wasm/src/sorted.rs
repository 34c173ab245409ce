//! A map as a sorted list. Few entries are met here: a tree would be more code
//! than all that it is used for.

/// Values by key, the lowest first. Adding moves all that is behind: it is for
/// keys of which there can only be a few hundred.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sorted<K, V>(Vec<(K, V)>);

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord + Copy, V> Sorted<K, V> {
    fn place(&self, key: K) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.cmp(&key))
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: K) -> Option<&V> {
        let (_, value) = self.0.get(self.place(key).ok()?)?;
        Some(value)
    }

    /// Adds a value; false where the key has one, which stays.
    pub fn add(&mut self, key: K, value: V) -> bool {
        match self.place(key) {
            Ok(_) => false,
            Err(place) => {
                self.0.insert(place, (key, value));
                true
            }
        }
    }

    /// Changes the value of a key, or of one that is made for it.
    pub fn change(&mut self, key: K, make: impl FnOnce() -> V, change: impl FnOnce(&mut V)) {
        let place = match self.place(key) {
            Ok(place) => place,
            Err(place) => {
                self.0.insert(place, (key, make()));
                place
            }
        };
        if let Some((_, value)) = self.0.get_mut(place) {
            change(value);
        }
    }

    /// Takes a value out.
    pub fn take(&mut self, key: K) -> Option<V> {
        let place = self.place(key).ok()?;
        Some(self.0.remove(place).1)
    }

    /// Keys with their values.
    pub fn iter(&self) -> core::slice::Iter<'_, (K, V)> {
        self.0.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::Sorted;

    #[test]
    fn keys_come_in_order_and_once() {
        let mut map = Sorted::default();
        for key in [3, 1, 2] {
            assert!(map.add(key, key * 10));
        }
        assert!(!map.add(2, 7));
        assert_eq!(map.get(2), Some(&20));
        map.change(2, || unreachable!(), |value| *value += 1);
        map.change(0, || 5, |value| *value += 1);
        let all: Vec<_> = map.iter().copied().collect();
        assert_eq!(all, [(0, 6), (1, 10), (2, 21), (3, 30)]);
        assert_eq!((map.take(1), map.take(1), map.len()), (Some(10), None, 3));
        assert!(map.get(1).is_none() && !map.is_empty());
    }
}
