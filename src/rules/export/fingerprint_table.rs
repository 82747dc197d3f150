//! Remembering which fingerprints were seen, and where first, in twelve bytes each.

/// Fingerprints with the record that had each first, and a data about it.
///
/// A slot holds the number of the record in its low bits and the fingerprint's low bits above them; the
/// fingerprint's high bits say where the slot is looked for. Two fingerprints are taken for one with a
/// chance of some ten to the power of minus nine for each that is looked up.
#[derive(Debug)]
pub(super) struct FingerprintTable {
    slots_per_table: usize,
    /// Full but for the last. A table never moves, so that memory does not jump while one grows.
    tables: Vec<Table>,
}

/// Who had a fingerprint first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FirstSeen {
    pub(super) record: u32,
    pub(super) data: u32,
}

#[derive(Debug)]
struct Table {
    slots: Vec<u64>,
    data: Vec<u32>,
    used: usize,
}

/// How many bits of a slot are the record's number, plus one: no slot in use is zero.
const RECORD_BITS: u32 = 28;

/// Records from this one on are not told apart.
pub(super) const LAST_RECORD: u32 = (1 << RECORD_BITS) - 2;

impl FingerprintTable {
    /// Takes memory, for so many fingerprints at a time, once something is seen.
    pub(super) fn new(slots_per_table: usize) -> Self {
        Self {
            slots_per_table,
            tables: Vec::new(),
        }
    }

    /// Who had the fingerprint first, if somebody had.
    pub(super) fn find(&self, fingerprint: u64) -> Option<FirstSeen> {
        self.tables.iter().find_map(|table| {
            let slot = table.slot_of(fingerprint);
            let record = (table.slots[slot] & RECORD_MASK) as u32;
            Some(FirstSeen {
                record: record.checked_sub(1)?,
                data: table.data[slot],
            })
        })
    }

    /// Looks at where these fingerprints would be. Each lies anywhere in the memory, and a processor that
    /// is asked for all of them at once need not wait for one after the other.
    pub(super) fn prefetch(&self, fingerprints: impl Iterator<Item = u64>) {
        let Some(table) = self.tables.last() else {
            return;
        };
        let combined = fingerprints.fold(0, |combined, fingerprint| {
            combined ^ table.slots[table.first_slot(fingerprint)]
        });
        std::hint::black_box(combined);
    }

    /// Remembers who has the fingerprint, unless somebody had it before: returns that one then.
    pub(super) fn add(&mut self, fingerprint: u64, own: FirstSeen) -> Option<FirstSeen> {
        if let Some(first) = self.find(fingerprint) {
            return Some(first);
        }
        let is_full = |table: &Table| table.used >= table.slots.len() / 16 * 15;
        if self.tables.last().is_none_or(is_full) {
            // Zeroed memory is the system's until it is touched, so that a few records cost little.
            self.tables.push(Table {
                slots: vec![0; self.slots_per_table],
                data: vec![0; self.slots_per_table],
                used: 0,
            });
        }
        if let Some(table) = self.tables.last_mut() {
            let slot = table.slot_of(fingerprint);
            let record_bits = u64::from(own.record.min(LAST_RECORD)) + 1;
            table.slots[slot] = fingerprint << RECORD_BITS | record_bits;
            table.data[slot] = own.data;
            table.used += 1;
        }
        None
    }
}

impl Table {
    /// Where the fingerprint is looked for first.
    fn first_slot(&self, fingerprint: u64) -> usize {
        ((u128::from(fingerprint) * self.slots.len() as u128) >> 64) as usize
    }

    /// The slot that holds the fingerprint, or the free one that would.
    fn slot_of(&self, fingerprint: u64) -> usize {
        let slot_count = self.slots.len();
        let mut slot = self.first_slot(fingerprint);
        let is_other = |content: u64| {
            content != 0 && (content ^ fingerprint << RECORD_BITS) & !RECORD_MASK != 0
        };
        while is_other(self.slots[slot]) {
            slot = if slot + 1 == slot_count { 0 } else { slot + 1 };
        }
        slot
    }
}

/// The bits of the record's number.
const RECORD_MASK: u64 = (1 << RECORD_BITS) - 1;

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look like fingerprints.
    fn fingerprint(number: u64) -> u64 {
        let mixed = (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9)
    }

    #[test]
    fn finds_the_first_record_across_many_tables() {
        let own = |record: u32| FirstSeen {
            record,
            data: record,
        };
        let mut table = FingerprintTable::new(50);
        for number in 0..1000 {
            assert_eq!(table.add(fingerprint(number), own(number as u32)), None);
        }
        assert!(table.tables.len() > 10);
        for number in 0..1000 {
            let first = own(number as u32);
            assert_eq!(table.add(fingerprint(number), own(5000)), Some(first));
        }
        assert_eq!(table.find(fingerprint(1000)), None);
        assert_eq!(table.add(0, own(u32::MAX)), None);
        assert_eq!(table.find(0).map(|first| first.record), Some(LAST_RECORD));
    }
}
