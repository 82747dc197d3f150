//! The registry: the kinds of payload and the rules that an engine checks. Everything that needs a rule or a kind by
//! its id asks the registry that it was given; there is no global table.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, OnceLock};

use serde_json::Value;

use crate::answer::Answer;
use crate::document::Document;
use crate::kinds::{FOREIGN, KINDS, TOOL_ENVELOPES, validation_result};
use crate::names;
use crate::payload::{Declared, Detector, Foreign, Kind};
use crate::rule::Rule;
use crate::rules::RULES;
#[cfg(feature = "config")]
use crate::schema::Schema;
use crate::suggest;

/// The kinds and rules that are checked. Immutable once built; see [`Registry::builder`].
///
/// ```
/// use countersign::finding::Level;
/// use countersign::registry::Registry;
/// use countersign::rule::{Check, Rule};
///
/// let rule = Rule::new("acme/no-op", Level::Info, "# acme/no-op\n\nNever reported.", Check::record(|_, _, _| {}));
/// let registry = Registry::builder().rule(rule).build();
/// assert!(registry.rule("acme/no-op").is_some());
/// assert!(registry.rule("order/mca-missing").is_some());
/// ```
pub struct Registry {
    program: &'static str,
    kinds: Vec<&'static Kind>,
    /// Sorted by id.
    rules: Vec<&'static Rule>,
    detector: Detector,
    /// The properties of all schemas, in lower case.
    properties: OnceLock<BTreeSet<String>>,
    /// The schema of a configuration file, which lists the kinds.
    #[cfg(feature = "config")]
    config_schema: OnceLock<Schema>,
}

/// What a name means that can be explained.
pub enum Explanation {
    /// The ID of a rule, or an error code that only this rule names.
    Rule(&'static Rule),
    /// A family.
    Family(Vec<&'static Rule>),
    /// An error code that several rules name.
    ErrorCode {
        /// What the rules have in common, a clause with a colon.
        heading: String,
        /// The rules.
        rules: Vec<&'static Rule>,
    },
}

/// Collects kinds and rules for a [`Registry`].
pub struct RegistryBuilder {
    program: &'static str,
    kinds: Vec<&'static Kind>,
    foreign: Vec<&'static Foreign>,
    rules: BTreeMap<&'static str, &'static Rule>,
}

impl Registry {
    /// The registry of everything that is built in.
    pub fn built_in() -> Arc<Registry> {
        static BUILT_IN: LazyLock<Arc<Registry>> = LazyLock::new(|| Registry::builder().build());
        Arc::clone(&BUILT_IN)
    }

    /// A builder that starts with everything that is built in.
    pub fn builder() -> RegistryBuilder {
        RegistryBuilder {
            program: "countersign",
            kinds: KINDS.to_vec(),
            foreign: FOREIGN.to_vec(),
            rules: RULES.iter().map(|rule| (rule.id, *rule)).collect(),
        }
    }

    /// The name of the program, as help and reports show it.
    pub fn program(&self) -> &'static str {
        self.program
    }

    /// The kinds, in the order of their registration.
    pub fn kinds(&self) -> &[&'static Kind] {
        &self.kinds
    }

    /// The kind of this id.
    pub fn kind(&self, id: &str) -> Option<&'static Kind> {
        self.kinds.iter().copied().find(|kind| kind.id() == id)
    }

    /// The rules, sorted by id.
    pub fn rules(&self) -> &[&'static Rule] {
        &self.rules
    }

    /// The rule of this id.
    pub fn rule(&self, id: &str) -> Option<&'static Rule> {
        self.rule_index(id).map(|index| self.rules[index])
    }

    /// The index among [`Registry::rules`] of the rule of this id.
    pub fn rule_index(&self, id: &str) -> Option<usize> {
        self.rules.binary_search_by_key(&id, |rule| rule.id).ok()
    }

    /// The rules that name this error code of the vendor as a source.
    pub fn rules_with_error_code(&self, code: &str) -> Vec<&'static Rule> {
        let has_code = |rule: &&&'static Rule| rule.error_codes().any(|known| known == code);
        self.rules.iter().filter(has_code).copied().collect()
    }

    /// The id of the rule with the most similar id, if any is similar.
    pub fn nearest_rule(&self, id: &str) -> Option<&'static str> {
        suggest::nearest(id, self.rules.iter().map(|rule| rule.id))
    }

    /// The id of the rule that has this id after the slash, or else of the rule with the most similar id.
    pub fn similar_rule(&self, id: &str) -> Option<&'static str> {
        let ids = || self.rules.iter().map(|rule| rule.id);
        let has_defect = |known: &&str| {
            known
                .split_once('/')
                .is_some_and(|(_, defect)| defect == id)
        };
        ids().find(has_defect).or_else(|| self.nearest_rule(id))
    }

    /// The rule of this id.
    ///
    /// # Errors
    /// If there is none, with a message that suggests another one.
    pub fn find_rule(&self, id: &str) -> Result<&'static Rule, String> {
        self.rule(id).ok_or_else(|| {
            let hint = match self.similar_rule(id) {
                Some(suggestion) => format!("did you mean `{suggestion}`?"),
                None => "`countersign rules` lists them all".into(),
            };
            format!("there is no rule `{id}`; {hint}")
        })
    }

    /// The rules of a family, which is written as `order`, `order/` or `order/*`. `None` if there is no such family.
    pub fn rules_of_family(&self, family: &str) -> Option<Vec<&'static Rule>> {
        let name = family.trim_end_matches('*').trim_end_matches('/');
        let is_of_family = |rule: &&&'static Rule| rule.family() == name;
        let rules: Vec<_> = self.rules.iter().filter(is_of_family).copied().collect();
        (!rules.is_empty()).then_some(rules)
    }

    /// What the ID of a rule, a family or an error code of the vendor means.
    ///
    /// # Errors
    /// If it is none of them, with a message that suggests another one.
    pub fn explain(&self, name: &str) -> Result<Explanation, String> {
        if let Some(rules) = self.rules_of_family(name) {
            return Ok(Explanation::Family(rules));
        }
        let is_code = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
        let rules = self.rules_with_error_code(name);
        match rules[..] {
            [] if is_code => Err(format!(
                "no rule names the error code `{name}`; `countersign rules` lists the rules"
            )),
            [] => self.find_rule(name).map(Explanation::Rule),
            [rule] => Ok(Explanation::Rule(rule)),
            _ => Ok(Explanation::ErrorCode {
                heading: format!(
                    "These rules report what Partner Center refuses with error {name}:"
                ),
                rules,
            }),
        }
    }

    /// The families of the rules, sorted.
    pub fn families(&self) -> BTreeSet<&'static str> {
        self.rules.iter().map(|rule| rule.family()).collect()
    }

    /// Whether a name is the ID of a rule, or a family as `family/*`.
    pub fn knows(&self, name: &str) -> bool {
        let is_family = |family: &str| self.families().contains(family);
        self.rule(name).is_some() || name.strip_suffix("/*").is_some_and(is_family)
    }

    /// The rule or family, as [`Registry::knows`] takes it, whose name is most similar.
    pub fn nearest_name(&self, name: &str) -> Option<String> {
        let families = self.families();
        let families: Vec<String> = families
            .iter()
            .map(|family| format!("{family}/*"))
            .collect();
        let ids = self.rules.iter().map(|rule| rule.id);
        let known = ids.chain(families.iter().map(String::as_str));
        suggest::nearest(name, known).map(str::to_owned)
    }

    /// Checks that a name is the ID of a rule, or a family as `family/*`.
    ///
    /// # Errors
    /// If it is not, with a message that suggests another one.
    pub fn check_name(&self, name: &str) -> Result<(), String> {
        if self.knows(name) {
            return Ok(());
        }
        let hint = match self.nearest_name(name) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`countersign rules` lists them".into(),
        };
        Err(format!("there is no rule or family `{name}`; {hint}"))
    }

    /// Whether a name, without regard to case, is that of a property in the schema or view of some kind.
    pub fn is_property(&self, name: &str) -> bool {
        let properties = self.properties.get_or_init(|| {
            let mut properties = BTreeSet::new();
            for kind in &self.kinds {
                let schema = serde_json::from_str(kind.schema_text()).unwrap_or_default();
                add_properties(&schema, &mut properties);
            }
            properties
        });
        names::find_ignore_case(name).is_some() || properties.contains(&name.to_ascii_lowercase())
    }

    /// Whether a string names an entry of the arrays of named entries of some kind, such as a parameter of an order.
    pub fn is_entry_name(&self, name: &str) -> bool {
        let lists = self
            .kinds
            .iter()
            .filter_map(|kind| kind.editor_hints().named_entries);
        lists
            .flat_map(|list| list.entries)
            .any(|entry| entry.name == name)
    }

    /// The schema of a configuration file, compiled when it is first needed.
    #[cfg(feature = "config")]
    pub(crate) fn config_schema(&self, compile: impl FnOnce() -> Schema) -> &Schema {
        self.config_schema.get_or_init(compile)
    }

    /// What the marketplace answered to the validation of an order, if a document contains that.
    pub fn answer_in(&self, document: &Document<'_>) -> Option<Answer> {
        let records = self.detector.records(document, Declared::default(), None);
        validation_result::answer_in(&records)
    }

    /// Detects what the records of a document are.
    pub fn detector(&self) -> &Detector {
        &self.detector
    }
}

impl RegistryBuilder {
    /// Sets the name of the program, as help and reports show it; `countersign` otherwise.
    pub fn program(mut self, name: &'static str) -> Self {
        self.program = name;
        self
    }

    /// Adds a rule.
    ///
    /// # Panics
    ///
    /// If there is a rule of this id already, or the id is not of the form `family/defect`.
    pub fn rule(self, rule: Rule) -> Self {
        self.static_rule(Box::leak(Box::new(rule)))
    }

    /// Adds a rule that is a static.
    ///
    /// # Panics
    ///
    /// As [`RegistryBuilder::rule`].
    pub fn static_rule(mut self, rule: &'static Rule) -> Self {
        let is_name = |part: &str| {
            let is_part_of_name =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            !part.is_empty() && part.bytes().all(is_part_of_name)
        };
        let parts = rule.id.split_once('/');
        assert!(
            parts.is_some_and(|(family, defect)| is_name(family) && is_name(defect)),
            "the id `{}` is not of the form family/defect, in lower-case letters, digits and hyphens",
            rule.id
        );
        let previous = self.rules.insert(rule.id, rule);
        assert!(previous.is_none(), "there are two rules `{}`", rule.id);
        self
    }

    /// Drops every rule added so far, the built-in ones too.
    pub fn without_rules(mut self) -> Self {
        self.rules.clear();
        self
    }

    /// Adds a kind. Detection tries it before the kinds added so far.
    ///
    /// # Panics
    ///
    /// If there is a kind of this id already.
    pub fn kind(mut self, kind: &'static Kind) -> Self {
        let is_new = self.kinds.iter().all(|known| known.id() != kind.id());
        assert!(is_new, "there are two kinds `{}`", kind.id());
        self.kinds.push(kind);
        self
    }

    /// Adds a payload that is recognised, so that it is not mistaken for a kind, and not checked.
    pub fn foreign(mut self, foreign: &'static Foreign) -> Self {
        self.foreign.push(foreign);
        self
    }

    /// The registry.
    ///
    /// # Panics
    ///
    /// If the kinds look at more than 128 different properties.
    pub fn build(self) -> Arc<Registry> {
        Arc::new(Registry {
            program: self.program,
            detector: Detector::new(&self.kinds, &self.foreign).with_tool_envelopes(TOOL_ENVELOPES),
            properties: OnceLock::new(),
            #[cfg(feature = "config")]
            config_schema: OnceLock::new(),
            kinds: self.kinds,
            rules: self.rules.into_values().collect(),
        })
    }
}

/// Adds the names of all properties in a schema, in lower case.
fn add_properties(schema: &Value, properties: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            let own = members.get("properties").and_then(Value::as_object);
            let names = own.into_iter().flatten().map(|(name, _)| name);
            properties.extend(names.map(|name| name.to_ascii_lowercase()));
            members
                .values()
                .for_each(|value| add_properties(value, properties));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| add_properties(item, properties)),
        _ => {}
    }
}
