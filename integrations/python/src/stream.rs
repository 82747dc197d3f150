//! The payloads of one run, in order: checks them in batches, and relates their records to each other.

use countersign::engine::Engine;
use countersign::rules::export::cross_record::CrossRecordState;

use crate::parallel;
use crate::payload::CheckedPayload;

/// The number of payloads that are checked before their findings are collected.
const BATCH: usize = 8192;

/// Checks payloads in batches and gives each with findings to `report`, with its index and the number of records before
/// it. The state of the run is kept between calls.
#[derive(Default)]
pub(crate) struct RunState {
    relations: CrossRecordState,
    /// The number of payloads so far.
    pub(crate) payloads: usize,
    /// The number of records so far.
    records: usize,
}

impl RunState {
    /// Checks the next payloads of the run.
    pub(crate) fn check(
        &mut self,
        engine: &Engine,
        payloads: &[Option<&[u8]>],
        jobs: usize,
        mut report: impl FnMut(usize, usize, &CheckedPayload<'_>),
    ) {
        for batch in payloads.chunks(BATCH) {
            let checked = parallel::check_all(engine, batch, jobs, false);
            for (index, payload) in checked.into_iter().enumerate() {
                let Some(mut payload) = payload else {
                    self.skip();
                    continue;
                };
                let (text, outcome) = (payload.text, &mut payload.outcome);
                engine.check_cross_record(&mut self.relations, outcome, text, "");
                let records = outcome.records.len();
                if !outcome.findings.is_empty() {
                    report(self.payloads + index, self.records, &payload);
                }
                match records {
                    0 => self.skip(),
                    records => self.records += records,
                }
            }
            self.payloads += batch.len();
        }
    }

    /// Counts a payload without a record as one, so that the number of a record is the place of its payload, unless a
    /// payload has several records.
    fn skip(&mut self) {
        self.relations.skip(1);
        self.records += 1;
    }
}
