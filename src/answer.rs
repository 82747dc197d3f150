//! What the marketplace answered to the validation of an order, independent of the file that it was read from.

/// The answer of the marketplace to the validation of an order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The results, in order: one for each line that was validated.
    pub lines: Vec<LineAnswer>,
}

/// The result for one line of an order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LineAnswer {
    /// The part number of the line, if the result names it.
    pub mpn: Option<String>,
    /// The parameters that are refused.
    pub refusals: Vec<Refusal>,
}

/// A parameter that is refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The name of the parameter.
    pub parameter: String,
    /// The value that was refused, if the result contains it.
    pub value: Option<String>,
    /// Why it is refused, in the words of the marketplace.
    pub message: Option<String>,
    /// The values that are accepted, the default first. Empty if they are not listed.
    pub choices: Vec<String>,
}
