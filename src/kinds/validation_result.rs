//! What the Cloud Marketplace answers to the validation of an order.

use crate::answer::{Answer, LineAnswer, Refusal};
use crate::json::Node;
use crate::payload::{Definitions, Evidence, Forms, JsonString, Kind, ListLabel, Record};

/// The result for one line of an order, an element of `data` in the response to `POST /validation/parameters`.
pub static VALIDATION_RESULT: Kind = Kind::new(
    "validation-result",
    "validation results",
    include_str!("../../schemas/validation-result.schema.json"),
)
.with_definitions(Definitions::single("result"))
.with_evidence(&[Evidence::All(&[
    Evidence::Elements {
        list: "parameters",
        property: "result",
    },
    Evidence::Not(&Evidence::any(&["products", "program"])),
])])
.with_forms(Forms {
    response: &["parameters"],
    list_is_response: true,
    ..Forms::REQUEST
})
.with_key(&["draftRequestId", "id", "mpn"])
.with_list_labels(&[ListLabel {
    list: "parameters",
    label: "parameter",
    name: Some("name"),
}]);

/// The typed view of a result.
pub struct ValidationResult<'d> {
    /// The part number of the line.
    pub mpn: Option<JsonString<'d>>,
    /// The parameters that are refused.
    pub refused: Vec<RefusedParameter<'d>>,
}

/// A parameter that the marketplace refuses.
pub struct RefusedParameter<'d> {
    /// Its name.
    pub name: JsonString<'d>,
    /// The value that was validated.
    pub value: Option<JsonString<'d>>,
    /// Why it is refused, in the words of the marketplace.
    pub message: Option<JsonString<'d>>,
    /// The values that are accepted, where the marketplace lists them.
    pub choices: Vec<Choice<'d>>,
}

/// A value that the marketplace accepts.
pub struct Choice<'d> {
    /// The value.
    pub value: JsonString<'d>,
    /// Whether it is the default.
    pub is_default: bool,
}

impl<'d> ValidationResult<'d> {
    /// Reads a record as a result.
    pub fn read(record: Record<'d>) -> Self {
        let string = |node: Node<'d>, name: &str| node.get(name).and_then(JsonString::read);
        let parameters = record.node.get("parameters").into_iter();
        let refused = parameters
            .flat_map(|list| list.elements())
            .filter_map(|node| {
                let is_error = |result: JsonString<'_>| result.trim().eq_ignore_ascii_case("error");
                if !string(node, "result").is_some_and(is_error) {
                    return None;
                }
                let text = |name| string(node, name).filter(|text| !text.trim().is_empty());
                let choices = node.get("valueChoices").into_iter();
                let choices = choices
                    .flat_map(|list| list.elements())
                    .filter_map(|choice| {
                        Some(Choice {
                            value: string(choice, "value")?,
                            is_default: choice.get("default").and_then(|value| value.as_bool())
                                == Some(true),
                        })
                    });
                Some(RefusedParameter {
                    name: string(node, "name")?,
                    value: string(node, "value"),
                    message: text("valueError").or_else(|| text("message")),
                    choices: choices.collect(),
                })
            });
        Self {
            mpn: string(record.node, "mpn"),
            refused: refused.collect(),
        }
    }
}

/// The answer that the results among these records make. `None` if there are none.
pub fn answer_in(records: &[Record<'_>]) -> Option<Answer> {
    let is_result = |record: &Record<'_>| record.is_of(&VALIDATION_RESULT);
    if !records.iter().any(is_result) {
        return None;
    }
    // A result without parameters is not recognised by itself, and takes the place of a line all the same.
    let lines = records.iter().map(|record| {
        let result = ValidationResult::read(*record);
        LineAnswer {
            mpn: result.mpn.map(|mpn| mpn.trim().to_owned()),
            refusals: result.refused.into_iter().map(refusal).collect(),
        }
    });
    Some(Answer {
        lines: lines.collect(),
    })
}

fn refusal(parameter: RefusedParameter<'_>) -> Refusal {
    let owned = |string: JsonString<'_>| string.as_str().to_owned();
    let mut choices = parameter.choices;
    // The default comes first.
    choices.sort_by_key(|choice| !choice.is_default);
    Refusal {
        parameter: parameter.name.trim().to_owned(),
        value: parameter.value.map(owned),
        message: parameter.message.map(owned),
        choices: choices
            .into_iter()
            .map(|choice| owned(choice.value))
            .collect(),
    }
}
