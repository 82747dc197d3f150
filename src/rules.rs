//! The table of rules, and the Rust code of each.

mod json;
mod order;
mod payload;
mod schema;

use crate::rule::Rule;

/// Every rule, sorted by id.
pub static RULES: &[&Rule] = &[
    &json::COMMENT,
    &json::DUPLICATE_KEY,
    &json::FOREIGN_LITERAL,
    &json::FOREIGN_QUOTES,
    &json::ILLEGAL_ESCAPE,
    &json::INVISIBLE_CHARACTER,
    &json::LEADING_TEXT,
    &json::MISSING_SEPARATOR,
    &json::SEVERAL_VALUES,
    &json::TRAILING_COMMA,
    &json::TRAILING_TEXT,
    &json::UNCLOSED,
    &json::UNEXPECTED_TOKEN,
    &json::UNQUOTED_STRING,
    &json::UNREADABLE,
    &order::agreement_date::FORMAT,
    &order::agreement_date::IN_FUTURE,
    &order::agreement::INCOMPLETE,
    &order::period::BILLING_EXCEEDS_TERM,
    &order::company_name::ABBREVIATION,
    &order::company_name::ABBREVIATION_WORD,
    &order::company_name::BLANK,
    &order::company_name::DOMAIN_SUFFIX,
    &order::company_name::ONE_CHARACTER,
    &order::company_name::SPACED_CHARACTERS,
    &order::company_name::SPACING,
    &order::email::CUSTOMER_MICROSOFT,
    &order::email::CUSTOMER_PARTNER,
    &order::tenant::DOMAIN_SHAPE,
    &order::parameter_name::DUPLICATE,
    &order::email::SHAPE,
    &order::agreement::MCA_MISSING,
    &order::agreement::MCA_NOT_ACCEPTED,
    &order::parameter_name::MISNAMED,
    &order::part_number::SHAPE,
    &order::attestation::OFFER_MISSING,
    &order::parameter_value::TYPE_MISMATCH,
    &order::parameter_value::MISSING,
    &order::attestation::PARTNER_FALSE,
    &order::attestation::PARTNER_MISSING,
    &order::person_name::SHAPE,
    &order::order_members::PO_NUMBER_CASE,
    &order::sample_value::SAMPLE_VALUE,
    &order::order_members::SUBSCRIPTION_MISSING,
    &order::period::SUBSCRIPTION_MISSING,
    &order::tenant::PARAMETER_MISSING,
    &order::choice::UNKNOWN,
    &order::country::UNKNOWN,
    &order::parameter_name::UNKNOWN,
    &order::period::UNUSUAL,
    &order::parameter_value::MISPLACED,
    &payload::UNKNOWN_KIND,
    &schema::ADDITIONAL_ITEMS,
    &schema::ADDITIONAL_PROPERTIES,
    &schema::ANY_OF,
    &schema::CONST,
    &schema::CONTAINS,
    &schema::CONTENT,
    &schema::ENUM,
    &schema::EXCLUSIVE_MAXIMUM,
    &schema::EXCLUSIVE_MINIMUM,
    &schema::FALSE_SCHEMA,
    &schema::FORMAT,
    &schema::MAX_ITEMS,
    &schema::MAX_LENGTH,
    &schema::MAX_PROPERTIES,
    &schema::MAXIMUM,
    &schema::MIN_ITEMS,
    &schema::MIN_LENGTH,
    &schema::MIN_PROPERTIES,
    &schema::MINIMUM,
    &schema::MULTIPLE_OF,
    &schema::NOT,
    &schema::ONE_OF,
    &schema::PATTERN,
    &schema::PROPERTY_NAMES,
    &schema::REQUIRED,
    &schema::TYPE,
    &schema::UNEVALUATED_ITEMS,
    &schema::UNEVALUATED_PROPERTIES,
    &schema::UNIQUE_ITEMS,
];

/// The rule of this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES
        .binary_search_by_key(&id, |rule| rule.id)
        .ok()
        .map(|place| RULES[place])
}
