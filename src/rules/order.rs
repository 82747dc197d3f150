//! Rules on orders, one file for each thing they look at.

pub(super) mod address;
pub(super) mod agreement;
pub(super) mod agreement_date;
pub(super) mod attestation;
pub(super) mod choice;
pub(super) mod company_name;
pub(super) mod connector;
pub(super) mod country;
pub(super) mod customer_data;
pub(super) mod email;
pub(super) mod order_members;
pub(super) mod parameter_name;
pub(super) mod parameter_value;
pub(super) mod part_number;
pub(super) mod period;
pub(super) mod person_name;
pub(super) mod sample_value;
pub(super) mod tenant;
mod word_list;
