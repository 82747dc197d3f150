//! What a rule is, what it may know, and how it reports.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use crate::finding::{Finding, Level};
use crate::payload::certificate::Certificate;
use crate::payload::order::{Line, Order, ParameterText};
use crate::payload::parameter::{Entry, Parameter};
use crate::payload::qualification::Qualification;
use crate::payload::{OddString, Page, Record};
use crate::span::Span;

/// One rule: data, and a function that judges.
#[derive(Debug)]
pub struct Rule {
    /// `family/defect`, which is also where its page lies.
    pub id: &'static str,
    /// How loud it is unless somebody says otherwise.
    pub level: Level,
    /// Its page: what it says, why, and examples that are its tests.
    pub page: &'static str,
    /// What it judges, and how.
    pub check: Check,
}

/// What a rule judges.
pub enum Check {
    /// Nothing: the parser finds it.
    Syntax,
    /// Nothing: a JSON Schema finds it.
    Schema,
    /// Nothing in a payload: the reader of the configuration finds it.
    Config,
    /// Nothing: the fixer finds it.
    Fix,
    /// Nothing: the reader of compressed files finds it.
    Archive,
    /// Nothing: it is found where a rule fails.
    Crash,
    /// No record alone: what the records of a run say of each other.
    Relation,
    /// What envelopes say of the lists in them.
    Page(PageCheck),
    /// Every record, of whatever kind.
    Record(RecordCheck),
    /// The strings of every record, of whatever kind, that deserve a second look.
    Strings(StringsCheck),
    /// Every certificate.
    Certificate(CertificateCheck),
    /// Every qualification.
    Qualification(QualificationCheck),
    /// All qualifications of a document, in order, where it has any.
    Qualifications(QualificationsCheck),
    /// Every order.
    Order(OrderCheck),
    /// Every line of an order that is one of Microsoft's New Commerce Experience.
    Line(LineCheck),
    /// Every entry in the parameters of such a line, unless nothing could be wrong with any of them
    /// but what their values say: see [`Line::has_only_plain_entries`].
    Entry(EntryCheck),
    /// The texts of these parameters on such a line, where they stand as they should.
    Text(&'static [Parameter], TextCheck),
    /// The same but for texts that a quick look settles, which is shared by several rules.
    OddText(&'static [Parameter], &'static QuickLook, TextCheck),
}

/// How an envelope is judged.
pub type PageCheck = fn(&Page<'_>, &mut Findings<'_>);
/// How a record of any kind is judged.
pub type RecordCheck = fn(&Record<'_>, &mut Findings<'_>);
/// How the odd strings of a record are judged.
pub type StringsCheck = fn(&Record<'_>, &[OddString<'_>], &mut Findings<'_>);
/// How a certificate is judged.
pub type CertificateCheck = fn(&Certificate<'_>, &Context, &mut Findings<'_>);
/// How a qualification is judged.
pub type QualificationCheck = fn(&Qualification<'_>, &Context, &mut Findings<'_>);
/// How the qualifications of a document are judged together.
pub type QualificationsCheck = fn(&[Record<'_>], &Context, &mut Findings<'_>);
/// How an order is judged.
pub type OrderCheck = fn(&Order<'_>, &Context, &mut Findings<'_>);
/// How a line of an order is judged.
pub type LineCheck = fn(&Line<'_>, &Context, &mut Findings<'_>);
/// How an entry in the parameters of a line is judged.
pub type EntryCheck = fn(&Line<'_>, &Entry<'_>, &mut Findings<'_>);
/// Whether a text is so plain that none of the rules that share the look could find anything.
#[derive(Debug)]
pub struct QuickLook(pub fn(&str) -> bool);

/// How a parameter's text is judged.
pub type TextCheck = fn(&ParameterText<'_, '_>, &Context, &mut Findings<'_>);

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Check::Syntax => "Syntax",
            Check::Schema => "Schema",
            Check::Config => "Config",
            Check::Fix => "Fix",
            Check::Archive => "Archive",
            Check::Crash => "Crash",
            Check::Relation => "Relation",
            Check::Page(_) => "Page",
            Check::Record(_) => "Record",
            Check::Strings(_) => "Strings",
            Check::Certificate(_) => "Certificate",
            Check::Qualification(_) => "Qualification",
            Check::Qualifications(_) => "Qualifications",
            Check::Order(_) => "Order",
            Check::Line(_) => "Line",
            Check::Entry(_) => "Entry",
            Check::Text(..) => "Text",
            Check::OddText(..) => "OddText",
        })
    }
}

impl Rule {
    /// The part of the id before the slash.
    pub fn family(&self) -> &'static str {
        self.id.split('/').next().unwrap_or(self.id)
    }

    /// What is wrong, in one sentence: the page's first paragraph.
    pub fn summary(&self) -> &'static str {
        self.page
            .lines()
            .find(|line| !line.is_empty() && !line.starts_with('#'))
            .unwrap_or_default()
    }
}

/// Facts from outside the payload. A rule that needs what is not set is silent.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The day on which the check is made.
    pub today: Option<Date>,
    /// What certificates are about to be used for.
    pub operation: Option<Operation>,
    /// The partner's own mail domains, in lower case.
    pub partner_domains: Vec<String>,
    /// The part numbers that can be ordered.
    pub catalogue: Option<BTreeSet<String>>,
    /// The part numbers that are sold only with the offer attestation.
    pub attested_products: Vec<String>,
}

/// What a certificate is about to be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// It is to be created.
    Create,
    /// It is to be enrolled again.
    ReEnroll,
}

impl Operation {
    /// Both operations.
    pub const ALL: [Operation; 2] = [Operation::Create, Operation::ReEnroll];

    /// The operation's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Operation::Create => "create",
            Operation::ReEnroll => "re-enroll",
        }
    }
}

impl FromStr for Operation {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Operation::ALL
            .into_iter()
            .find(|operation| operation.as_str() == word)
            .ok_or(())
    }
}

/// Where the rule at work reports.
pub struct Findings<'a> {
    rule: &'static Rule,
    list: &'a mut Vec<Finding>,
}

impl<'a> Findings<'a> {
    /// Collects for `rule` into `list`.
    pub fn new(rule: &'static Rule, list: &'a mut Vec<Finding>) -> Self {
        Self { rule, list }
    }

    /// Reports that what stands at `at` is wrong: one clause with the actual and the expected value. Cold, and
    /// handed what to write rather than the text, so that little of it lies between what rules look at.
    #[cold]
    #[inline(never)]
    pub fn report(&mut self, at: Span, message: impl fmt::Display) -> &mut Finding {
        let message = message.to_string();
        let index = self.list.len();
        self.list
            .push(Finding::new(self.rule.id, self.rule.level, at, message));
        &mut self.list[index]
    }
}
