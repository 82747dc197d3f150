//! Parsing against `serde_json`: the same texts are JSON, and have the same values.

use proptest::prelude::*;
use proptest::sample::Index;

use super::edits::{any_edit, apply};
use super::same_json::assert_same;
use super::texts::text_of;
use super::values::any_value;
use super::{fixtures, run};

#[test]
fn changed_fixtures_are_json_for_both_or_neither() {
    let texts = fixtures("");
    assert!(texts.len() > 200);
    let edits = prop::collection::vec(any_edit(), 0..4);
    run(2000, (any::<Index>(), edits), |(which, edits)| {
        let mut bytes = which.get(&texts).clone().into_bytes();
        for edit in &edits {
            apply(edit, &mut bytes);
        }
        assert_same(&bytes);
        Ok(())
    });
}

#[test]
fn values_in_unusual_spellings_are_json_for_both_or_neither() {
    let edits = prop::collection::vec(any_edit(), 0..3);
    run(
        3000,
        (any_value(), any::<u64>(), edits),
        |(value, style, edits)| {
            let mut bytes = text_of(&value, style).into_bytes();
            for edit in &edits {
                apply(edit, &mut bytes);
            }
            assert_same(&bytes);
            Ok(())
        },
    );
}
