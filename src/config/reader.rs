//! The parser of a configuration file's text. Returns the configuration and the findings.

use std::str::FromStr;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::toml::{JsonWithSourceMap, translate};
use super::{Ignore, LevelOverride, ParsedConfig, Pattern, PayloadOverride};
use crate::finding::{Edit, Finding, Fix, Level};
use crate::json::{self, Node, Tape, escape, quote};
use crate::names::VOCABULARY;
use crate::registry::Registry;
use crate::rule::RuleReporter;
use crate::rules::config::{EXPIRED_IGNORE, UNKNOWN_RULE};
use crate::schema::Schema;
use crate::span::Span;

/// The text of the schema of a configuration file.
pub(super) const SCHEMA: &str = include_str!("../../schemas/config.schema.json");

/// The schema of a configuration file, with the kinds and rules of a registry.
fn schema_source(registry: &Registry) -> Value {
    let mut source: Value =
        serde_json::from_str(SCHEMA).expect("the schema of the configuration is JSON");
    let kinds = registry.kinds().iter().map(|kind| kind.id());
    source["$defs"]["payloads"]["properties"]["kind"]["enum"] = kinds.collect();
    let rules = &mut source["properties"]["rules"]["properties"];
    for rule in registry.rules() {
        if rules[rule.id].is_null() {
            rules[rule.id] = json!({ "$ref": "#/$defs/level", "description": rule.summary() });
        }
    }
    source
}

/// The text of the schema of a configuration file, with the kinds and rules of a registry.
pub fn schema_text(registry: &Registry) -> String {
    let source = schema_source(registry);
    let is_built_in = serde_json::from_str(SCHEMA).is_ok_and(|built_in: Value| built_in == source);
    match is_built_in {
        true => SCHEMA.to_owned(),
        false => format!("{source:#}\n"),
    }
}

fn schema_for(registry: &Registry) -> Schema {
    Schema::compile(schema_source(registry)).expect("more entries in lists keep a schema valid")
}

/// Parses the text of a configuration file, of at most 4 GiB, for the kinds and rules of a registry. Without `today`
/// no ignore expires. A text that is not TOML has findings and no effect.
pub fn read(text: &str, today: Option<Date>, registry: &Registry) -> ParsedConfig {
    let translated = match translate(text) {
        Ok(translated) => translated,
        Err(findings) => {
            return ParsedConfig {
                findings,
                ..ParsedConfig::default()
            };
        }
    };
    let (parsed, _) = json::parse(&translated.json, &VOCABULARY, Tape::default());
    let Some(root) = parsed.roots().next() else {
        return ParsedConfig::default();
    };
    let mut findings = Vec::new();
    registry
        .config_schema(|| schema_for(registry))
        .check(root, &mut findings);
    let mut reader = Reader {
        registry,
        text,
        translated: &translated,
        rejected: findings.iter().map(|finding| finding.span).collect(),
        findings,
        file: ParsedConfig::default(),
    };
    reader.file.config.context.today = today;
    reader.read(root);
    let Reader {
        findings, mut file, ..
    } = reader;
    let in_toml = |mut finding: Finding| {
        finding.pointer = json::pointer_to(root, finding.span);
        translated.finding_in_toml(finding)
    };
    file.findings = findings.into_iter().map(in_toml).collect();
    // Levels that are set for payloads must not hide findings about the levels themselves.
    let (mut config_findings, schema_findings): (Vec<_>, Vec<_>) =
        std::mem::take(&mut file.findings)
            .into_iter()
            .partition(|finding| finding.rule.starts_with("config/"));
    file.config.apply_levels(&mut config_findings);
    file.findings = schema_findings;
    file.findings.append(&mut config_findings);
    file.findings.sort_by(|a, b| {
        let key = |finding: &Finding| (finding.span, finding.rule);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    file
}

/// The state of the parser. Findings point into the JSON text until all are collected.
struct Reader<'r> {
    registry: &'r Registry,
    text: &'r str,
    translated: &'r JsonWithSourceMap,
    /// The spans that the schema rejected.
    rejected: Vec<Span>,
    findings: Vec<Finding>,
    file: ParsedConfig,
}

impl Reader<'_> {
    fn read(&mut self, root: Node<'_>) {
        let context = &mut self.file.config.context;
        context.operation = word_at(root, "operation");
        context.sales_model = word_at(root, "sales-model");
        context.marketplace_region = word_at(root, "marketplace-region");
        context.attested_products = texts_at(root, "attested-products");
        context.partner_domains = texts_at(root, "partner-domains")
            .iter()
            .map(|domain| domain.trim_start_matches('@').to_lowercase())
            .collect();
        self.file.config.exclude = texts_at(root, "exclude");
        self.file.config.fail_on = word_at(root, "fail-on");
        self.file.config.formats = texts_in(root, "format");
        self.file.catalogue = self.paths_at(root, "catalogue");
        let references = root.get("schema-refs").into_iter();
        for member in references.flat_map(|references| references.members()) {
            let uri = member.name_text().into_owned();
            let path = member.value.as_text().filter(|path| !path.is_empty());
            let span = self.translated.span_in_toml(member.value.span());
            let reference = path.map(|path| (uri, path.into_owned(), span));
            self.file.schema_refs.extend(reference);
        }
        self.file.config.rule_pages = text_at(root, "rule-pages")
            .filter(|address| address.starts_with("https://") || address.starts_with("http://"))
            .map(|address| address.trim_end_matches('/').to_owned());
        if let Some(rules) = root.get("rules") {
            self.read_levels(rules);
        }
        for entry in elements_at(root, "ignore") {
            self.read_ignore(entry);
        }
        for entry in elements_at(root, "payloads") {
            self.read_payloads(entry);
        }
    }

    fn read_levels(&mut self, rules: Node<'_>) {
        for member in rules.members() {
            let is_known = self.knows(member.name);
            let level = match member.value.as_text().as_deref() {
                Some("off") => None,
                Some(word) => match word.parse::<Level>() {
                    Ok(level) => Some(level),
                    Err(()) => continue,
                },
                None => continue,
            };
            if is_known {
                self.file.config.levels.push(LevelOverride {
                    rules: member.name_text().into_owned(),
                    level: level.into(),
                });
            }
        }
        // The keys of a table have no order: a rule's own level overrides its family's.
        self.file
            .config
            .levels
            .sort_by_key(|entry| !entry.rules.ends_with('*'));
    }

    fn read_ignore(&mut self, entry: Node<'_>) {
        let is_known = entry.get("rule").is_some_and(|rule| self.knows(rule));
        let files = self.pattern_in(entry);
        let is_bad_glob = files.is_none() && entry.get("files").is_some();
        // Without its invalid condition, the ignore would hide more findings than intended.
        if !is_known || is_bad_glob || self.fails_schema(entry) {
            return;
        }
        let until: Option<Date> = word_at(entry, "until");
        if until.is_some_and(|day| self.has_passed(day)) {
            self.report_expired(entry);
            return;
        }
        let text = |name| text_at(entry, name);
        let ignore = Ignore {
            rule: text("rule").unwrap_or_default(),
            files,
            record: text("record"),
            pointer: text("pointer"),
            reason: text("reason").unwrap_or_default(),
            until,
            span: self.translated.head_of(entry.span()),
            lines: self.translated.lines_of(entry.span(), self.text),
        };
        self.file.config.ignores.push(ignore);
    }

    fn has_passed(&self, day: Date) -> bool {
        let today = self.file.config.context.today;
        today.is_some_and(|today| day < today)
    }

    fn report_expired(&mut self, entry: Node<'_>) {
        let Some(until) = entry.get("until") else {
            return;
        };
        let day = until.as_text().unwrap_or_default();
        let message = format!("this ignore expired: its last day was `{day}`");
        RuleReporter::new(&EXPIRED_IGNORE, &mut self.findings)
            .report(until.span(), message)
            .help("fix the findings that it hid, or set a later date with a reason that is valid");
    }

    fn read_payloads(&mut self, entry: Node<'_>) {
        let files = self.pattern_in(entry);
        let Some(files) = files.filter(|_| !self.fails_schema(entry)) else {
            return;
        };
        let schema = self.path_at(entry, "schema");
        let answer = self.path_at(entry, "answer");
        let pattern = PayloadOverride {
            files,
            kind: text_at(entry, "kind").and_then(|id| self.registry.kind(&id)),
            form: word_at(entry, "form"),
            schema: schema.as_ref().map(|(path, _)| path.clone()),
            answer: answer.as_ref().map(|(path, _)| path.clone()),
            span: self.translated.head_of(entry.span()),
            lines: self.translated.lines_of(entry.span(), self.text),
        };
        self.file.config.payloads.push(pattern);
        add_path(schema, &mut self.file.schemas);
        add_path(answer, &mut self.file.answers);
    }

    /// Whether a name is that of a rule or a family. Reports it otherwise.
    fn knows(&mut self, name: Node<'_>) -> bool {
        let written = name.as_text().unwrap_or_default();
        // The schema reports an empty name.
        if written.is_empty() || self.registry.knows(&written) {
            return !written.is_empty();
        }
        let mut findings = RuleReporter::new(&UNKNOWN_RULE, &mut self.findings);
        match self.registry.nearest_name(&written) {
            Some(near) => {
                let message =
                    format!("unknown rule or family `{written}`; `{near}` has a similar name");
                let edits = vec![Edit::replace(name.content_span(), escape(&near))];
                let title = format!("replace with {}", quote(&near));
                findings
                    .report(name.span(), message)
                    .fix(Fix::unsafe_(title, edits));
            }
            None => {
                let message = format!("unknown rule or family `{written}`");
                findings.report(name.span(), message).help(
                    "use a rule that `countersign rules` lists, or a family such as `order/*`",
                );
            }
        }
        false
    }

    /// The glob in an entry's `files`, if there is one. Reports an invalid one.
    fn pattern_in(&mut self, entry: Node<'_>) -> Option<Pattern> {
        let files = entry.get("files")?;
        match Pattern::new(&files.as_text()?) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                let message = format!("`files` is not a valid glob: {error}");
                let mut finding =
                    Finding::new("schema/format", Level::Error, files.span(), message);
                finding.help(
                    "close every bracket and brace, or put a literal one in brackets, as in `[[]`",
                );
                self.findings.push(finding);
                None
            }
        }
    }

    /// Whether the schema rejected a value or something in it.
    fn fails_schema(&self, node: Node<'_>) -> bool {
        self.rejected.iter().any(|span| node.span().contains(*span))
    }

    /// The strings in a property that is a string or an array, each with its span in the file.
    fn paths_at(&self, object: Node<'_>, name: &str) -> Vec<(String, Span)> {
        let value = object.get(name);
        let elements = value.into_iter().flat_map(|value| value.elements());
        let single = value.filter(|value| value.as_text().is_some());
        let paths = single
            .into_iter()
            .chain(elements)
            .filter(|path| !path.is_empty_text());
        paths
            .filter_map(|path| {
                let text = path.as_text()?.into_owned();
                Some((text, self.translated.span_in_toml(path.span())))
            })
            .collect()
    }

    /// The path in an object's property, and its span in the file.
    fn path_at(&self, object: Node<'_>, name: &str) -> Option<(String, Span)> {
        let path = object.get(name).filter(|path| !path.is_empty_text())?;
        let text = path.as_text()?.into_owned();
        Some((text, self.translated.span_in_toml(path.span())))
    }
}

/// Adds a path that an entry names, unless another one names it too.
fn add_path(path: Option<(String, Span)>, paths: &mut Vec<(String, Span)>) {
    let is_new = |(path, _): &(String, Span)| !paths.iter().any(|(known, _)| known == path);
    let new = path.filter(is_new);
    paths.extend(new);
}

fn elements_at<'d>(object: Node<'d>, name: &str) -> impl Iterator<Item = Node<'d>> + use<'d> {
    object
        .get(name)
        .into_iter()
        .flat_map(|list| list.elements())
}

fn text_at(object: Node<'_>, name: &str) -> Option<String> {
    Some(object.get(name)?.as_text()?.into_owned())
}

/// The strings in an array, without empty ones.
fn texts_at(object: Node<'_>, name: &str) -> Vec<String> {
    elements_at(object, name)
        .filter_map(|element| element.as_text())
        .filter(|text| !text.is_empty())
        .map(|text| text.into_owned())
        .collect()
}

/// The strings in a property that is a string or an array, without empty ones.
fn texts_in(object: Node<'_>, name: &str) -> Vec<String> {
    match text_at(object, name) {
        Some(text) if !text.is_empty() => vec![text],
        _ => texts_at(object, name),
    }
}

/// The value of a property that has one of several names.
fn word_at<T: FromStr>(object: Node<'_>, name: &str) -> Option<T> {
    object.get(name)?.as_text()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::Operation;
    use crate::finding::Safety;
    use crate::kinds::order::ORDER;
    use crate::payload::Form;

    fn day(text: &str) -> Option<Date> {
        text.parse().ok()
    }

    fn read(text: &str, today: Option<Date>) -> ParsedConfig {
        super::read(text, today, &Registry::built_in())
    }

    /// The rule and the source of every finding about a text.
    fn findings_in(text: &str) -> Vec<(&'static str, &str)> {
        let findings = read(text, day("2026-01-01")).findings;
        findings
            .iter()
            .map(|finding| (finding.rule, finding.span.of(text)))
            .collect()
    }

    /// The text with every fix of a safety applied.
    fn fixed(text: &str, safety: Safety) -> String {
        let findings = read(text, None).findings;
        let fixes = findings.iter().filter_map(|finding| finding.fix.as_ref());
        let mut edits: Vec<&Edit> = fixes
            .filter(|fix| fix.safety == safety)
            .flat_map(|fix| &fix.edits)
            .collect();
        edits.sort_by_key(|edit| edit.span);
        let mut text = text.to_owned();
        for edit in edits.iter().rev() {
            text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
        }
        text
    }

    const WHOLE: &str = r#"partner-domains = ["Tannerwick.com", "@tannerwick.de"]
operation = "re-enroll"
catalogue = 'part-numbers.txt'
attested-products = ["CFQ7TTC0LF8Q:0001"]
rule-pages = "https://rules.tannerwick.com/"

[rules]
"order/mpn-shape" = "error"
"order/*" = "off"

[[ignore]]
rule = "order/sample-value"
files = "training/**"
record = "2000417730"
pointer = "/products/0"
reason = "orders of the training tenant"
until = 2026-12-31

[[payloads]]
files = "partners/brassfinch/*.json"
kind = "order"
form = "request"
schema = "brassfinch.schema.json"

[[payloads]]
files = "partners/brassfinch/old/*.json"
schema = "brassfinch.schema.json"
"#;

    #[test]
    fn a_whole_file_is_read() {
        let file = read(WHOLE, day("2026-12-31"));
        assert_eq!(file.findings, vec![]);
        let config = &file.config;
        assert_eq!(config.context.operation, Some(Operation::ReEnroll));
        assert_eq!(config.context.today, day("2026-12-31"));
        assert_eq!(
            config.context.partner_domains,
            ["tannerwick.com", "tannerwick.de"]
        );
        assert_eq!(config.context.attested_products, ["CFQ7TTC0LF8Q:0001"]);
        let pages = config.rule_pages.as_deref();
        assert_eq!(pages, Some("https://rules.tannerwick.com"));
        let [(path, span)] = &file.catalogue[..] else {
            panic!("one catalogue")
        };
        assert_eq!(path, "part-numbers.txt");
        assert_eq!(span.of(WHOLE), "'part-numbers.txt'");
        let [(path, span)] = &file.schemas[..] else {
            panic!("{:?}", file.schemas)
        };
        assert_eq!(path, "brassfinch.schema.json");
        assert_eq!(span.of(WHOLE), "\"brassfinch.schema.json\"");
        let ignore = &config.ignores[0];
        assert_eq!(ignore.rule, "order/sample-value");
        assert_eq!(ignore.record.as_deref(), Some("2000417730"));
        assert_eq!(ignore.pointer.as_deref(), Some("/products/0"));
        assert_eq!(ignore.until, day("2026-12-31"));
        assert_eq!(ignore.span.of(WHOLE), "[[ignore]]");
        let found = config.for_file("partners/brassfinch/1.json");
        assert_eq!(found.declared.kind, Some(&ORDER));
        assert_eq!(found.declared.form, Some(Form::Request));
        assert_eq!(found.schema, Some("brassfinch.schema.json"));
    }

    #[test]
    fn a_rules_own_level_overrides_its_familys_in_any_order() {
        let config = read(WHOLE, None).config;
        let level_of = |rule| config.level_of(rule, Level::Warning);
        assert_eq!(level_of("order/mpn-shape"), Some(Level::Error));
        assert_eq!(level_of("order/sample-value"), None);
        assert_eq!(level_of("payload/placeholder"), Some(Level::Warning));
    }

    #[test]
    fn reports_each_mistake_at_its_span() {
        for (text, expected) in [
            (
                "[rules]\n\"order/mpn-shape\" = \"Warning\"\n",
                vec![("schema/enum", "\"Warning\"")],
            ),
            (
                "rules.'order/mpn-shape' = 'of'\n",
                vec![("schema/enum", "'of'")],
            ),
            (
                "partner_domains = [\"tannerwick.com\"]\n",
                vec![("schema/additional-properties", "partner_domains")],
            ),
            (
                "partner-domains = \"tannerwick.com\"\n",
                vec![("schema/type", "\"tannerwick.com\"")],
            ),
            (
                "operation = [\"create\"]\n",
                vec![("schema/type", "[\"create\"]")],
            ),
            ("[operation]\n", vec![("schema/type", "[operation]")]),
            (
                "[[ignore]]\nrule = \"order/sample-value\"\n",
                vec![("schema/required", "[[ignore]]")],
            ),
            (
                "ignore = [{ rule = \"order/sample-value\" }]\n",
                vec![("schema/required", "{")],
            ),
            (
                "[[ignore]]\nrule = \"order/sample-value\"\nraeson = \"x\"\n",
                vec![("schema/required", "raeson")],
            ),
            (
                "[[ignore]]\nrule = \"order/*\"\nreason = \"x\"\nuntil = 2026-12-31T10:00:00\n",
                vec![("schema/format", "2026-12-31T10:00:00")],
            ),
            (
                "[[payloads]]\nfiles = \"a/[b\"\n",
                vec![("schema/format", "\"a/[b\"")],
            ),
            (
                "[rules]\n\"order\" = \"of\"\n",
                vec![
                    ("config/unknown-rule", "\"order\""),
                    ("schema/enum", "\"of\""),
                ],
            ),
            (
                "[[ignore]]\nrule = 'order/sample-values'\nreason = \"x\"\n",
                vec![("config/unknown-rule", "'order/sample-values'")],
            ),
            (
                "[[ignore]]\nrule = \"order/*\"\nreason = \"x\"\nuntil = 2025-12-31\n",
                vec![("config/expired-ignore", "2025-12-31")],
            ),
            (
                "[[ignore]]\nrule = \"order/*\"\nreason = \"x\"\nuntil = \"2026-01-01\"\n",
                vec![],
            ),
            (
                "operation = re-enroll\nunknown = 1\n",
                vec![("config/syntax", "re-enroll")],
            ),
        ] {
            assert_eq!(findings_in(text), expected, "{text}");
        }
    }

    #[test]
    fn fixes_are_made_in_the_file_itself() {
        for (safety, text, expected) in [
            (
                Safety::Safe,
                "rules.\"order/mpn-shape\" = \"Warning\"\n",
                "rules.\"order/mpn-shape\" = \"warning\"\n",
            ),
            (
                Safety::Unsafe,
                "[rules]\n\"order/mpn-shape\" = 'of'\n",
                "[rules]\n\"order/mpn-shape\" = 'off'\n",
            ),
            (
                Safety::Unsafe,
                "partner_domains = []\n",
                "partner-domains = []\n",
            ),
            (
                Safety::Unsafe,
                "[rules]\n\"order\" = \"off\"\n",
                "[rules]\n\"order/*\" = \"off\"\n",
            ),
            (
                Safety::Unsafe,
                "[[ignore]]\nrule = 'order/sample-values'\nreason = \"x\"\n",
                "[[ignore]]\nrule = 'order/sample-value'\nreason = \"x\"\n",
            ),
            (
                Safety::Safe,
                "[[ignore]]\nrule = \"order/*\"\nrecord = 2000417730\nreason = \"x\"\n",
                "[[ignore]]\nrule = \"order/*\"\nrecord = \"2000417730\"\nreason = \"x\"\n",
            ),
        ] {
            assert_eq!(fixed(text, safety), expected);
        }
    }

    #[test]
    fn a_wrong_entry_has_no_effect_and_the_others_have() {
        let text = "operation = \"delete\"\n\n\
            [[ignore]]\nrule = \"order/*\"\nreason = \"x\"\nfiels = \"training/**\"\n\n\
            [[ignore]]\nrule = \"order/*\"\nreason = \"x\"\nfiles = \"a[\"\n\n\
            [[ignore]]\nrule = \"order/*\"\nreason = \"this one\"\n\n\
            [[payloads]]\nfiles = \"*.json\"\nkind = \"invoice\"\n";
        let config = read(text, None).config;
        assert_eq!(config.context.operation, None);
        let reasons: Vec<&str> = config
            .ignores
            .iter()
            .map(|ignore| ignore.reason.as_str())
            .collect();
        assert_eq!(reasons, ["this one"]);
        assert!(config.payloads.is_empty());
    }

    #[test]
    fn levels_hold_for_the_file_itself_as_far_as_they_name_its_rules() {
        let text = "[[ignore]]\nrule = \"order/*\"\nreason = \"x\"\nuntil = 2025-01-01\n";
        let level = |levels: &str| {
            let findings = read(&format!("{text}[rules]\n{levels}\n"), day("2026-01-01")).findings;
            findings.first().map(|finding| finding.level)
        };
        assert_eq!(
            level("\"config/expired-ignore\" = \"error\""),
            Some(Level::Error)
        );
        assert_eq!(level("\"config/*\" = \"off\""), None);
        // Levels that are set for payloads do not hide findings about the settings.
        let text = "unknown = 1\n[rules]\n\"schema/*\" = \"off\"\n";
        assert_eq!(read(text, None).findings.len(), 1);
    }

    #[test]
    fn findings_have_the_pointer_of_their_setting() {
        let text = "[rules]\n\"order/mpn-shape\" = \"of\"\n[[ignore]]\nrule = \"order/*\"\n";
        let findings = read(text, None).findings;
        let pointers: Vec<&str> = findings
            .iter()
            .map(|finding| finding.pointer.as_str())
            .collect();
        assert_eq!(pointers, ["/rules/order~1mpn-shape", "/ignore/0"]);
    }

    #[test]
    fn entries_that_matched_nothing_can_be_taken_out() {
        let text = "operation = \"create\"\n\n\
            [[ignore]] # old\nrule = \"order/sample-value\"\nreason = \"x\" # y\n\n\
            [[payloads]]\nfiles = \"a/*.json\"\n";
        let config = read(text, None).config;
        assert_eq!(config.unused(&[true], &[true]), vec![]);
        let findings = config.unused(&[false], &[]);
        let sources: Vec<&str> = findings
            .iter()
            .map(|finding| finding.span.of(text))
            .collect();
        assert_eq!(sources, ["[[ignore]]", "[[payloads]]"]);
        let fix = findings[0].fix.as_ref().expect("a fix");
        let lines = fix.edits[0].span.of(text);
        assert_eq!(
            lines,
            "[[ignore]] # old\nrule = \"order/sample-value\"\nreason = \"x\" # y\n"
        );

        let inline = "payloads = [{ files = \"a/*.json\" }, { files = \"b/*.json\" }]\n";
        let findings = read(inline, None).config.unused(&[], &[true, false]);
        assert_eq!(findings[0].span.of(inline), "files");
        assert_eq!(
            findings[0].span.start as usize,
            inline.rfind("files").unwrap()
        );
        assert_eq!(findings[0].fix, None);
    }

    #[test]
    fn the_commented_file_says_nothing_until_its_settings_are_uncommented() {
        let text = include_str!("../cli/countersign.toml");
        let file = read(text, None);
        assert_eq!(file.findings, vec![]);
        assert!(file.config.levels.is_empty() && file.config.ignores.is_empty());
        let is_setting = |line: &str| line.starts_with('#') && !line.starts_with("# ");
        let lines: Vec<&str> = text
            .lines()
            .map(|line| if is_setting(line) { &line[1..] } else { line })
            .collect();
        let file = read(&lines.join("\n"), None);
        assert_eq!(file.findings, vec![]);
        assert_eq!(file.config.levels.len(), 2);
        assert_eq!(file.config.ignores.len(), 1);
        assert_eq!(file.config.payloads.len(), 1);
        assert_eq!(file.catalogue.len(), 2);
    }
}
