//! Transitions between the states of a certificate.

use crate::finding::Level;
use crate::kinds::certificate::Status;
use crate::rule::{Check, Overlap, Rule};
use crate::rules::certificate::CertificateCheck;

pub(in crate::rules) static ILLEGAL_TRANSITION: Rule = Rule {
    id: "export/illegal-transition",
    level: Level::Error,
    page: include_str!("../../../rules/export/illegal-transition.md"),
    overlap: Overlap::VALUE,
    check: Check::CrossRecord(&[&CertificateCheck::Facts]),
};

/// The message about an illegal transition; `None` if the transition is legal.
pub(super) fn illegal_transition(old: Status, new: Status) -> Option<String> {
    let is_illegal = match (old, new) {
        _ if old == new => false,
        // The documentation does not restrict removal by the platform.
        (_, Status::Deleted) => false,
        (Status::Terminated, _) => true,
        (_, Status::Updating) => !matches!(old, Status::Active | Status::Expired),
        _ => false,
    };
    let (old, new) = (old.name(), new.name());
    is_illegal.then(|| match old {
        "Terminated" => {
            format!("the status of this certificate changes from `{old}` to `{new}`, but nothing may follow `{old}`")
        }
        _ => format!(
            "the status of this certificate changes from `{old}` to `{new}`, which is allowed only from `Active` or \
             `Expired`"
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_only_transitions_that_the_life_cycle_forbids() {
        let illegal: Vec<(&str, &str)> = Status::ALL
            .into_iter()
            .flat_map(|old| Status::ALL.map(|new| (old, new)))
            .filter(|(old, new)| illegal_transition(*old, *new).is_some())
            .map(|(old, new)| (old.name(), new.name()))
            .collect();
        assert_eq!(
            illegal,
            [
                ("New", "Updating"),
                ("Pending", "Updating"),
                ("Terminated", "New"),
                ("Terminated", "Pending"),
                ("Terminated", "Active"),
                ("Terminated", "Updating"),
                ("Terminated", "Expired"),
                ("Deleted", "Updating"),
            ]
        );
    }
}
