//! A compact hash table of fingerprints and their first occurrence, with 12 bytes per entry. It forgets the oldest ones
//! when it is full, so that its size does not depend on that of the export.

use std::collections::VecDeque;

/// A hash table from fingerprints to the record that had each first, with 4 bytes of data.
///
/// A slot holds the index of the record in its low bits and the low bits of the fingerprint above them; the
/// high bits of the fingerprint determine the position of the slot. The probability of a false match is about
/// 1e-9 per look-up.
#[derive(Debug)]
pub(super) struct FingerprintTable {
    slots_per_table: usize,
    max_tables: usize,
    /// The tables, oldest first; all but the last are full. Tables are never reallocated, so that growth needs no peak
    /// of twice the memory.
    tables: VecDeque<Table>,
}

/// The first occurrence of a fingerprint.
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

/// The number of bits of a slot for the index of the record plus one. The plus one keeps used slots non-zero.
const RECORD_BITS: u32 = 28;

/// The greatest index that can be stored; later records are stored as this one.
pub(super) const MAX_RECORD: u32 = (1 << RECORD_BITS) - 2;

impl FingerprintTable {
    /// Creates an empty table that allocates `slots_per_table` slots at a time, on first use, and at most `max_slots`.
    pub(super) fn new(slots_per_table: usize, max_slots: usize) -> Self {
        Self {
            slots_per_table,
            max_tables: (max_slots / slots_per_table).max(2),
            tables: VecDeque::new(),
        }
    }

    /// The first occurrence of the fingerprint, if it was added.
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

    /// Touches the slots of these fingerprints. The loads are independent of each other, so that their cache
    /// misses overlap.
    pub(super) fn prefetch(&self, fingerprints: impl Iterator<Item = u64>) {
        let Some(table) = self.tables.back() else {
            return;
        };
        let combined = fingerprints.fold(0, |combined, fingerprint| {
            combined ^ table.slots[table.first_slot(fingerprint)]
        });
        std::hint::black_box(combined);
    }

    /// Adds the fingerprint, unless it is present; then returns its first occurrence.
    pub(super) fn add(&mut self, fingerprint: u64, own: FirstSeen) -> Option<FirstSeen> {
        if let Some(first) = self.find(fingerprint) {
            return Some(first);
        }
        let is_full = |table: &Table| table.used >= table.slots.len() / 16 * 15;
        if self.tables.back().is_none_or(is_full) {
            if self.tables.len() == self.max_tables {
                self.tables.pop_front();
            }
            // The system provides zeroed pages lazily, so that few records use little memory.
            self.tables.push_back(Table {
                slots: vec![0; self.slots_per_table],
                data: vec![0; self.slots_per_table],
                used: 0,
            });
        }
        if let Some(table) = self.tables.back_mut() {
            let slot = table.slot_of(fingerprint);
            let record_bits = u64::from(own.record.min(MAX_RECORD)) + 1;
            table.slots[slot] = fingerprint << RECORD_BITS | record_bits;
            table.data[slot] = own.data;
            table.used += 1;
        }
        None
    }
}

impl Table {
    /// The slot at which probing for the fingerprint starts.
    fn first_slot(&self, fingerprint: u64) -> usize {
        ((u128::from(fingerprint) * self.slots.len() as u128) >> 64) as usize
    }

    /// The slot that holds the fingerprint, or the free one in which to put it.
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

/// The bits of a slot for the index of the record.
const RECORD_MASK: u64 = (1 << RECORD_BITS) - 1;

#[cfg(test)]
mod tests {
    use super::*;

    /// A pseudo-random fingerprint.
    fn fingerprint(number: u64) -> u64 {
        let mixed = (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9)
    }

    #[test]
    fn forgets_the_oldest_when_it_is_full() {
        let mut table = FingerprintTable::new(100, 300);
        for number in 0..10_000 {
            let own = FirstSeen {
                record: number as u32,
                data: 0,
            };
            assert_eq!(table.add(fingerprint(number), own), None, "{number}");
        }
        assert_eq!(table.tables.len(), 3);
        assert_eq!(table.find(fingerprint(9_700)), None);
        for number in 9_812..10_000 {
            let first = table.find(fingerprint(number)).map(|first| first.record);
            assert_eq!(first, Some(number as u32), "{number}");
        }
    }

    #[test]
    fn finds_the_first_record_across_many_tables() {
        let own = |record: u32| FirstSeen {
            record,
            data: record,
        };
        let mut table = FingerprintTable::new(50, 2_000);
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
        assert_eq!(table.find(0).map(|first| first.record), Some(MAX_RECORD));
    }
}
