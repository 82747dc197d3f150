//! The rules that have code to run, sorted by what they judge, so that a record is walked once.

use crate::finding::Finding;
use crate::payload::certificate::Certificate;
use crate::payload::order::{Line, Order};
use crate::payload::parameter::Parameter;
use crate::payload::qualification::Qualification;
use crate::payload::{Page, PayloadKind, Record, odd_strings};
use crate::rule::{
    CertificateCheck, Check, Context, EntryCheck, Findings, LineCheck, OrderCheck, PageCheck,
    QualificationCheck, QualificationsCheck, QuickLook, RecordCheck, Rule, StringsCheck, TextCheck,
};
use crate::rules::export::claim::{self, Claim};

/// Rules with what each runs.
type Checks<C> = Vec<(&'static Rule, C)>;

#[derive(Default)]
pub(super) struct Rulebook {
    /// All of them.
    pub(super) rules: Vec<&'static Rule>,
    pages: Checks<PageCheck>,
    records: Checks<RecordCheck>,
    strings: Checks<StringsCheck>,
    certificates: Checks<CertificateCheck>,
    qualifications: Checks<QualificationCheck>,
    qualification_lists: Checks<QualificationsCheck>,
    orders: Checks<OrderCheck>,
    lines: Checks<LineCheck>,
    entries: Checks<EntryCheck>,
    /// By parameter.
    texts: [TextChecks; Parameter::ALL.len()],
}

#[derive(Default)]
struct TextChecks {
    of_all: Checks<TextCheck>,
    of_odd: Vec<(&'static QuickLook, Checks<TextCheck>)>,
}

impl TextChecks {
    /// The checks of texts that a look does not settle.
    fn of_odd(&mut self, look: &'static QuickLook) -> &mut Checks<TextCheck> {
        let known = self
            .of_odd
            .iter()
            .position(|(known, _)| std::ptr::eq(*known, look));
        let place = known.unwrap_or_else(|| {
            self.of_odd.push((look, Vec::new()));
            self.of_odd.len() - 1
        });
        &mut self.of_odd[place].1
    }
}

impl Rulebook {
    pub(super) fn of(rules: &[&'static Rule]) -> Self {
        let mut book = Rulebook {
            rules: rules.to_vec(),
            ..Rulebook::default()
        };
        for &rule in rules {
            match rule.check {
                Check::Syntax
                | Check::Schema
                | Check::Config
                | Check::Fix
                | Check::Archive
                | Check::Crash
                | Check::Relation => {}
                Check::Page(check) => book.pages.push((rule, check)),
                Check::Record(check) => book.records.push((rule, check)),
                Check::Strings(check) => book.strings.push((rule, check)),
                Check::Certificate(check) => book.certificates.push((rule, check)),
                Check::Qualification(check) => book.qualifications.push((rule, check)),
                Check::Qualifications(check) => book.qualification_lists.push((rule, check)),
                Check::Order(check) => book.orders.push((rule, check)),
                Check::Line(check) => book.lines.push((rule, check)),
                Check::Entry(check) => book.entries.push((rule, check)),
                Check::Text(parameters, check) => {
                    for parameter in parameters {
                        book.texts[*parameter as usize].of_all.push((rule, check));
                    }
                }
                Check::OddText(parameters, look, check) => {
                    for parameter in parameters {
                        let checks = book.texts[*parameter as usize].of_odd(look);
                        checks.push((rule, check));
                    }
                }
            }
        }
        book
    }

    /// Adds what the rules find in a record, and what the record says that others may contradict, if asked.
    pub(super) fn judge(
        &self,
        record: &Record<'_>,
        context: &Context,
        findings: &mut Vec<Finding>,
        claims: Option<&mut Vec<Claim>>,
    ) {
        for (rule, check) in &self.records {
            check(record, &mut Findings::new(rule, findings));
        }
        if !self.strings.is_empty() {
            let strings = odd_strings(record);
            for (rule, check) in &self.strings {
                check(record, &strings, &mut Findings::new(rule, findings));
            }
        }
        match record.kind() {
            Some(PayloadKind::Certificate) => {
                let certificate = Certificate::read(*record);
                if let Some(claims) = claims {
                    claims.extend(claim::of_certificate(&certificate));
                }
                for (rule, check) in &self.certificates {
                    check(&certificate, context, &mut Findings::new(rule, findings));
                }
            }
            Some(PayloadKind::Qualification) => {
                let qualification = Qualification::read(*record);
                if let Some(claims) = claims {
                    claims.extend(claim::of_qualification(&qualification));
                }
                for (rule, check) in &self.qualifications {
                    check(&qualification, context, &mut Findings::new(rule, findings));
                }
            }
            Some(PayloadKind::Order) => {
                let order = Order::read(*record);
                if let Some(claims) = claims {
                    claim::of_order(&order, claims);
                }
                self.judge_order(&order, context, findings);
            }
            None => {}
        }
    }

    /// Adds what the rules find in the qualifications of a document together.
    pub(super) fn judge_list(
        &self,
        records: &[Record<'_>],
        context: &Context,
        findings: &mut Vec<Finding>,
    ) {
        let is_qualification =
            |record: &&Record<'_>| record.kind() == Some(PayloadKind::Qualification);
        if !records.iter().any(|record| is_qualification(&record)) {
            return;
        }
        let qualifications: Vec<_> = records.iter().filter(is_qualification).copied().collect();
        for (rule, check) in &self.qualification_lists {
            check(&qualifications, context, &mut Findings::new(rule, findings));
        }
    }

    /// Adds what the rules find in the words of an envelope.
    pub(super) fn judge_page(&self, page: &Page<'_>, findings: &mut Vec<Finding>) {
        for (rule, check) in &self.pages {
            check(page, &mut Findings::new(rule, findings));
        }
    }

    fn judge_order(&self, order: &Order<'_>, context: &Context, findings: &mut Vec<Finding>) {
        for (rule, check) in &self.orders {
            check(order, context, &mut Findings::new(rule, findings));
        }
        for line in order.lines.iter().filter(|line| line.is_new_commerce()) {
            self.judge_line(line, context, findings);
        }
    }

    fn judge_line(&self, line: &Line<'_>, context: &Context, findings: &mut Vec<Finding>) {
        for (rule, check) in &self.lines {
            check(line, context, &mut Findings::new(rule, findings));
        }
        if !line.has_only_plain_entries() {
            for (rule, check) in &self.entries {
                for entry in &line.entries {
                    check(line, entry, &mut Findings::new(rule, findings));
                }
            }
        }
        for text in line.texts() {
            let checks = &self.texts[text.parameter as usize];
            for (rule, check) in &checks.of_all {
                check(&text, context, &mut Findings::new(rule, findings));
            }
            for (look, checks) in &checks.of_odd {
                if look.0(&text) {
                    continue;
                }
                for (rule, check) in checks {
                    check(&text, context, &mut Findings::new(rule, findings));
                }
            }
        }
    }
}
