//! Rules on customers, one file per subject. What a value may be, apart from its place, is in `rules::fields`.

pub(super) mod address;
pub(super) mod company_name;
pub(super) mod contact;
pub(super) mod email;
pub(super) mod profile;

use crate::context::Context;
use crate::kinds::customer::{CUSTOMER, Customer, Field, Role};
use crate::payload::{Kind, Record};
use crate::rule::{RuleReporter, ViewCheck};

/// A check of requests to create a customer.
pub enum CustomerCheck {
    /// Runs on every request.
    Customer(&'static CustomerFn),
    /// Runs on the strings of these meanings.
    Field(&'static [Role], &'static FieldFn),
}

/// Checks a customer.
pub type CustomerFn = dyn Fn(&Customer<'_>, &mut RuleReporter<'_>) + Send + Sync;
/// Checks a string of a customer.
pub type FieldFn = dyn Fn(&Field<'_>, &Customer<'_>, &Context, &mut RuleReporter<'_>) + Send + Sync;

impl ViewCheck for CustomerCheck {
    type View<'d> = Customer<'d>;

    fn kind() -> &'static Kind {
        &CUSTOMER
    }

    fn read(record: Record<'_>) -> Customer<'_> {
        Customer::read(record)
    }

    fn evaluate(&self, view: &Customer<'_>, context: &Context, findings: &mut RuleReporter<'_>) {
        // A response shows what the platform has.
        if !view.is_request() {
            return;
        }
        match self {
            CustomerCheck::Customer(check) => check(view, findings),
            CustomerCheck::Field(roles, check) => {
                for field in view
                    .fields
                    .iter()
                    .filter(|field| roles.contains(&field.role))
                {
                    check(field, view, context, findings);
                }
            }
        }
    }
}
