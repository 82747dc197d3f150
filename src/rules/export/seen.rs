//! Remembering which fingerprints were seen, and where first, in eight bytes each.

/// Fingerprints with the record that had each first.
///
/// A slot holds the number of the record in its low bits and the fingerprint's high bits above them;
/// the fingerprint's low bits say where the slot is looked for. Two fingerprints are taken for one
/// with a chance of some ten to the power of minus nine for each that is looked up.
#[derive(Debug)]
pub(super) struct Seen {
    slots_in_table: usize,
    /// Full but for the last. A table never moves, so that memory does not jump while one grows.
    tables: Vec<Table>,
}

#[derive(Debug)]
struct Table {
    slots: Vec<u64>,
    used: usize,
}

/// How many bits of a slot are the record's number, plus one: no slot in use is zero.
const RECORD_BITS: u32 = 28;

/// Records from this one on are not told apart.
pub(super) const LAST_RECORD: u32 = (1 << RECORD_BITS) - 2;

impl Seen {
    /// Takes memory, so many slots at a time, a power of two, once something is seen.
    pub(super) fn new(slots_in_table: usize) -> Self {
        Self {
            slots_in_table,
            tables: Vec::new(),
        }
    }

    /// The record that had the fingerprint first, if one had.
    pub(super) fn find(&self, fingerprint: u64) -> Option<u32> {
        let slots = |table: &Table| table.slots[table.place_of(fingerprint)];
        let slot = self.tables.iter().map(slots).find(|slot| *slot != 0)?;
        Some((slot & mask()) as u32 - 1)
    }

    /// Remembers that a record has the fingerprint, unless one had it before: returns that one then.
    pub(super) fn add(&mut self, fingerprint: u64, record: u32) -> Option<u32> {
        if let Some(first) = self.find(fingerprint) {
            return Some(first);
        }
        let is_full = |table: &Table| table.used >= table.slots.len() / 8 * 7;
        if self.tables.last().is_none_or(is_full) {
            // Zeroed memory is the system's until it is touched, so that a few records cost little.
            self.tables.push(Table {
                slots: vec![0; self.slots_in_table],
                used: 0,
            });
        }
        if let Some(table) = self.tables.last_mut() {
            let place = table.place_of(fingerprint);
            let number = u64::from(record.min(LAST_RECORD)) + 1;
            table.slots[place] = fingerprint & !mask() | number;
            table.used += 1;
        }
        None
    }
}

impl Table {
    /// The slot that holds the fingerprint, or the free one that would.
    fn place_of(&self, fingerprint: u64) -> usize {
        let last = self.slots.len() - 1;
        let mut place = fingerprint as usize & last;
        while self.slots[place] != 0 && (self.slots[place] ^ fingerprint) & !mask() != 0 {
            place = (place + 1) & last;
        }
        place
    }
}

const fn mask() -> u64 {
    (1 << RECORD_BITS) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look like fingerprints.
    fn fingerprint(number: u64) -> u64 {
        let mixed = (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9)
    }

    #[test]
    fn the_first_record_is_remembered_over_many_tables() {
        let mut seen = Seen::new(64);
        for number in 0..1000 {
            assert_eq!(seen.add(fingerprint(number), number as u32), None);
        }
        assert!(seen.tables.len() > 10);
        for number in 0..1000 {
            assert_eq!(seen.add(fingerprint(number), 5000), Some(number as u32));
        }
        assert_eq!(seen.find(fingerprint(1000)), None);
        assert_eq!(seen.add(0, u32::MAX), None);
        assert_eq!(seen.find(0), Some(LAST_RECORD));
    }
}
