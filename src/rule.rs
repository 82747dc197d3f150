//! What a rule is: its metadata, its check, and how it relates to other rules about the same place.

use std::any::Any;
use std::fmt;

use crate::context::Context;
use crate::finding::{Finding, Level};
use crate::payload::{Envelope, Kind, Record, SuspiciousString};
use crate::record_fact::RecordFact;
use crate::span::Span;

/// One rule: metadata and a check.
///
/// Rules of the library are statics. A rule that holds data of its own is made once, when the registry is built, and
/// lives as long as the process.
///
/// ```
/// use countersign::finding::Level;
/// use countersign::rule::{Check, Rule};
///
/// fn forbidden_customer(ids: Vec<String>) -> Rule {
///     let check = Check::record(move |record, _, findings| {
///         let Some(id) = record.node.get("customerId") else { return };
///         if id.as_text().is_some_and(|text| ids.iter().any(|known| *known == text)) {
///             findings.report(id.span(), "orders for this customer are blocked");
///         }
///     });
///     Rule::new("acme/blocked-customer", Level::Error, "# acme/blocked-customer\n\n…", check)
/// }
/// # forbidden_customer(vec!["1".into()]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The id, as `family/defect`; for rules of the library also the path of the page.
    pub id: &'static str,
    /// The level unless the configuration sets another one.
    pub level: Level,
    /// The page, in Markdown: what the rule reports, why, and examples.
    pub page: &'static str,
    /// How it relates to other findings at the same place.
    pub overlap: Overlap,
    /// What it checks, and how.
    pub check: Check,
}

impl Rule {
    /// A rule that reports values, see [`Overlap::VALUE`].
    pub const fn new(id: &'static str, level: Level, page: &'static str, check: Check) -> Self {
        Self {
            id,
            level,
            page,
            overlap: Overlap::VALUE,
            check,
        }
    }

    /// Sets how the rule relates to other findings at the same place.
    pub const fn with_overlap(mut self, overlap: Overlap) -> Self {
        self.overlap = overlap;
        self
    }

    /// The part of the id before the slash.
    pub fn family(&self) -> &'static str {
        self.id.split('/').next().unwrap_or(self.id)
    }

    /// The error codes of the vendor that its page names as sources, such as `600049`.
    pub fn error_codes(&self) -> impl Iterator<Item = &'static str> {
        let lines = self.page.lines();
        let sources = lines.filter(|line| line.starts_with("- Partner Center error code"));
        let words = sources.flat_map(|line| line.split('`').skip(1).step_by(2));
        words.filter(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()))
    }

    /// What it reports, in one sentence: the first paragraph of its page.
    pub fn summary(&self) -> &'static str {
        self.page
            .lines()
            .find(|line| !line.is_empty() && !line.starts_with('#'))
            .unwrap_or_default()
    }
}

/// What a rule checks.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Check {
    /// Nothing by itself: a part of countersign reports it.
    BuiltIn(Source),
    /// A document as a whole: its records together, and its envelopes. With a kind, only documents that have a record of
    /// this kind.
    Document(Option<&'static Kind>, &'static DocumentCheck),
    /// Every record of a document: those of one kind, or without a kind all of them.
    Record(Option<&'static Kind>, &'static RecordCheck),
    /// Every string and property name with unusual content in a record of a known kind, see
    /// [`Record::suspicious_strings`].
    String(&'static StringCheck),
    /// A typed view of the records of one kind.
    View(&'static dyn AnyViewCheck),
    /// What the records of a run say about each other; lists the views that extract the facts.
    CrossRecord(&'static [&'static dyn AnyViewCheck]),
}

/// The part of countersign that reports a built-in rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// The JSON parser.
    Parser,
    /// The validation against JSON Schemas.
    Schema,
    /// The reader of the configuration.
    Configuration,
    /// The application of fixes.
    Fixes,
    /// The reader of files: their compression, encoding and format.
    Input,
    /// The engine, where a rule panics.
    Engine,
}

/// Checks a document as a whole.
pub type DocumentCheck =
    dyn Fn(&DocumentRecords<'_, '_>, &Context, &mut RuleReporter<'_>) + Send + Sync;
/// Checks a string or property name of a record.
pub type StringCheck =
    dyn Fn(&SuspiciousString<'_>, &Record<'_>, &Context, &mut RuleReporter<'_>) + Send + Sync;
/// Checks a record.
pub type RecordCheck = dyn Fn(&Record<'_>, &Context, &mut RuleReporter<'_>) + Send + Sync;

impl Check {
    /// A check of every record that may hold data of its own, which lives as long as the process.
    pub fn record(
        check: impl Fn(&Record<'_>, &Context, &mut RuleReporter<'_>) + Send + Sync + 'static,
    ) -> Self {
        Check::Record(None, Box::leak(Box::new(check)))
    }

    /// A check of every record of one kind that may hold data of its own, which lives as long as the process.
    pub fn record_of(
        kind: &'static Kind,
        check: impl Fn(&Record<'_>, &Context, &mut RuleReporter<'_>) + Send + Sync + 'static,
    ) -> Self {
        Check::Record(Some(kind), Box::leak(Box::new(check)))
    }

    /// A check of a document as a whole that may hold data of its own, which lives as long as the process.
    pub fn document(
        check: impl Fn(&DocumentRecords<'_, '_>, &Context, &mut RuleReporter<'_>)
        + Send
        + Sync
        + 'static,
    ) -> Self {
        Check::Document(None, Box::leak(Box::new(check)))
    }

    /// A check of a view that may hold data of its own, which lives as long as the process.
    pub fn view(check: impl AnyViewCheck) -> Self {
        Check::View(Box::leak(Box::new(check)))
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Check::BuiltIn(source) => write!(f, "BuiltIn({source:?})"),
            Check::Document(..) => f.write_str("Document"),
            Check::Record(..) => f.write_str("Record"),
            Check::String(_) => f.write_str("String"),
            Check::View(_) => f.write_str("View"),
            Check::CrossRecord(_) => f.write_str("CrossRecord"),
        }
    }
}

/// The records and envelopes of one document.
pub struct DocumentRecords<'r, 'd> {
    /// The records, in order, of whatever kind.
    pub records: &'r [Record<'d>],
    /// The envelopes around them.
    pub envelopes: &'r [Envelope<'d>],
}

/// A check of a kind's typed view. The view is read once per record and given to all checks of this type.
pub trait ViewCheck: Send + Sync + Sized + 'static {
    /// The view.
    type View<'d>;

    /// The kind whose records have this view.
    fn kind() -> &'static Kind;

    /// Reads a record of that kind.
    fn read(record: Record<'_>) -> Self::View<'_>;

    /// Evaluates the check on a view.
    fn evaluate(&self, view: &Self::View<'_>, context: &Context, findings: &mut RuleReporter<'_>);

    /// Adds what a record says that other records can contradict or repeat. Only called where a rule across records
    /// lists a check of this type.
    fn extract_facts(_view: &Self::View<'_>, _facts: &mut Vec<RecordFact>) {}
}

/// A [`ViewCheck`] of any type. Implemented for every `ViewCheck`; a kind with views on several levels implements it
/// with an evaluator of its own.
pub trait AnyViewCheck: Any + Send + Sync {
    /// A new evaluator for checks of this type, without any check.
    fn evaluator(&self) -> Box<dyn Evaluator>;
}

/// Evaluates all checks of one view.
pub trait Evaluator: Send + Sync {
    /// The kind whose records it evaluates.
    fn kind(&self) -> &'static Kind;

    /// Adds the check of a rule, which is of the type that made this evaluator.
    fn add(&mut self, rule: &'static Rule, check: &'static dyn AnyViewCheck);

    /// Reads the view of a record and evaluates every check on it; extracts its facts where they are asked for.
    fn evaluate(
        &self,
        record: &Record<'_>,
        context: &Context,
        findings: &mut Vec<Finding>,
        facts: Option<&mut Vec<RecordFact>>,
    );
}

/// The evaluator of a view without levels.
struct ViewEvaluator<C: 'static>(Vec<(&'static Rule, &'static C)>);

impl<C: ViewCheck> AnyViewCheck for C {
    fn evaluator(&self) -> Box<dyn Evaluator> {
        Box::new(ViewEvaluator::<C>(Vec::new()))
    }
}

impl<C: ViewCheck> Evaluator for ViewEvaluator<C> {
    fn kind(&self) -> &'static Kind {
        C::kind()
    }

    fn add(&mut self, rule: &'static Rule, check: &'static dyn AnyViewCheck) {
        self.0.push((rule, downcast(check)));
    }

    fn evaluate(
        &self,
        record: &Record<'_>,
        context: &Context,
        findings: &mut Vec<Finding>,
        facts: Option<&mut Vec<RecordFact>>,
    ) {
        let view = C::read(*record);
        if let Some(facts) = facts {
            C::extract_facts(&view, facts);
        }
        for (rule, check) in &self.0 {
            check.evaluate(&view, context, &mut RuleReporter::new(rule, findings));
        }
    }
}

/// The check as the type of its evaluator.
///
/// # Panics
///
/// If the check is of another type than the evaluator that it is added to, which the engine rules out.
pub fn downcast<C: 'static>(check: &'static dyn AnyViewCheck) -> &'static C {
    let any: &'static dyn Any = check;
    any.downcast_ref()
        .expect("a check is added to the evaluator that it made")
}

/// How a rule's findings relate to other findings about the same place. One mistake gives one finding: where several
/// rules see the same mistake, all but one yield.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// What the findings are about.
    pub subject: Subject,
    /// Which findings at the same place are dropped in favour of this rule's.
    pub supersedes: Supersedes,
    /// What else at the same place the findings cover, so that findings about just that are dropped.
    pub covers: &'static [Subject],
}

/// What a finding is about. Decides what it yields to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The value at its place. Yields to a finding of a schema about that value, unless that has a safe fix: then
    /// the value is read as the fix will write it.
    Value,
    /// Something else that is only shown at this place, such as a missing property or an exposed secret. Yields to no
    /// schema.
    Other,
    /// Only the spaces around the string or name. Yields to every finding of a schema at the place, and to rules that
    /// cover [`Subject::Whitespace`].
    Whitespace,
    /// Only single characters of the string or name. Yields to every finding of a schema at the place, and to rules
    /// that cover [`Subject::Characters`].
    Characters,
    /// What a platform answered about the value, or about something that is missing. Where another finding is about the
    /// same, the message becomes a label of that finding, which also takes the fix if it has none.
    Answer,
}

/// Which findings at the same place a rule replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Supersedes {
    /// None.
    Nothing,
    /// Those of schemas.
    Schema,
    /// All others.
    Everything,
}

impl Overlap {
    /// About the value: the usual case. If the finding is an error or has a fix, it covers the whitespace.
    pub const VALUE: Overlap = Overlap {
        subject: Subject::Value,
        supersedes: Supersedes::Nothing,
        covers: &[],
    };

    /// About something other than the value at the place, such as a property that is missing.
    pub const OTHER: Overlap = Overlap {
        subject: Subject::Other,
        ..Overlap::VALUE
    };

    /// What a platform answered, see [`Subject::Answer`].
    pub const ANSWER: Overlap = Overlap {
        subject: Subject::Answer,
        ..Overlap::VALUE
    };

    /// The same, which also covers these subjects at the place.
    pub const fn covering(mut self, subjects: &'static [Subject]) -> Self {
        self.covers = subjects;
        self
    }

    /// The same, which also supersedes these findings at the place.
    pub const fn superseding(mut self, findings: Supersedes) -> Self {
        self.supersedes = findings;
        self
    }
}

/// Collects the findings of one rule.
pub struct RuleReporter<'a> {
    rule: &'static Rule,
    findings: &'a mut Vec<Finding>,
}

impl<'a> RuleReporter<'a> {
    /// Collects for `rule` into `findings`.
    pub fn new(rule: &'static Rule, findings: &'a mut Vec<Finding>) -> Self {
        Self { rule, findings }
    }

    /// Reports a problem at `span`. The message is one clause with the found and the expected value. Takes anything
    /// that can be displayed, so that formatting stays out of the hot path.
    #[cold]
    #[inline(never)]
    pub fn report(&mut self, span: Span, message: impl fmt::Display) -> &mut Finding {
        let message = message.to_string();
        let index = self.findings.len();
        self.findings
            .push(Finding::new(self.rule.id, self.rule.level, span, message));
        &mut self.findings[index]
    }
}
