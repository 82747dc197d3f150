//! The settings of a checker: those of the command line that choose what is checked.

use std::sync::Arc;

use countersign::answer::Answer;
use countersign::config::{LevelOverride, LevelSetting};
use countersign::config_file::{ConfigOverrides, answer_in};
use countersign::context::Operation;
use countersign::document::Document;
use countersign::payload::{Declared, Form, Kind};
use countersign::registry::Registry;
use countersign::schema::{Schema, SchemaOptions};
use jiff::civil::Date;
use serde::Deserialize;

/// The settings of a checker.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Settings {
    /// The text of a `countersign.toml`.
    pub(crate) config: Option<String>,
    kind: Option<String>,
    form: Option<String>,
    operation: Option<String>,
    today: Option<String>,
    partner_domains: Option<Vec<String>>,
    /// The text of a schema.
    schema: Option<String>,
    /// The text of an answer of the marketplace.
    answer: Option<String>,
    select: Vec<String>,
    ignore: Vec<String>,
    levels: Vec<(String, String)>,
}

impl Settings {
    /// The date that counts as today.
    pub(crate) fn today(&self) -> Result<Option<Date>, String> {
        let Some(text) = self.today.as_deref().filter(|text| *text != "none") else {
            return Ok(None);
        };
        // `jiff` accepts more forms than the documented one.
        let day = text.parse().ok().filter(|_| text.len() == 10);
        let message = "`today`: expected a day as YYYY-MM-DD, or none";
        day.map(Some).ok_or_else(|| message.into())
    }

    /// The schema to validate against.
    pub(crate) fn schema(&self) -> Result<Option<Schema>, String> {
        let schema = self.schema.as_deref();
        let schema = schema.map(|text| Schema::parse(text, &SchemaOptions::default()));
        let schema = schema.transpose();
        schema.map_err(|error| format!("`schema`: not a valid schema: {error}"))
    }

    /// What overrides the configuration.
    pub(crate) fn overrides(&self, registry: &Arc<Registry>) -> Result<ConfigOverrides, String> {
        Ok(ConfigOverrides {
            today: self.today()?,
            operation: self.operation()?,
            partner_domains: self.partner_domains.as_deref().map(domains).transpose()?,
            answer: self.answer(registry)?,
            declared: Declared {
                kind: self.kind(registry)?,
                form: self.form()?,
            },
            selected: self.select.clone(),
            levels: self.level_overrides(registry)?,
        })
    }

    fn kind(&self, registry: &Registry) -> Result<Option<&'static Kind>, String> {
        let Some(id) = &self.kind else {
            return Ok(None);
        };
        let kind = registry.kind(id).map(Some);
        kind.ok_or_else(|| format!("there is no kind `{id}`; expected {}", kinds(registry)))
    }

    fn form(&self) -> Result<Option<Form>, String> {
        let Some(name) = &self.form else {
            return Ok(None);
        };
        let names = Form::ALL.map(Form::as_str);
        let form = name.parse().map(Some);
        form.map_err(|()| format!("there is no form `{name}`; expected {}", quoted(&names)))
    }

    fn operation(&self) -> Result<Option<Operation>, String> {
        let Some(name) = &self.operation else {
            return Ok(None);
        };
        let names: Vec<&str> = Operation::ALL.iter().map(|one| one.as_str()).collect();
        let operation = name.parse().map(Some);
        operation.map_err(|()| {
            format!(
                "there is no operation `{name}`; expected {}",
                quoted(&names)
            )
        })
    }

    fn answer(&self, registry: &Registry) -> Result<Option<Answer>, String> {
        let Some(text) = &self.answer else {
            return Ok(None);
        };
        let answer = answer_in(&Document::parse(text), "`answer`", registry);
        answer.map(Some).map_err(|error| error.0)
    }

    /// The levels that the settings choose, in the order in which they apply: as on the command line.
    fn level_overrides(&self, registry: &Registry) -> Result<Vec<LevelOverride>, String> {
        for name in &self.select {
            registry.check_name(name)?;
        }
        let mut levels = Vec::new();
        let mut add = |rules: &str, level| {
            levels.push(LevelOverride {
                rules: rules.to_owned(),
                level,
            });
        };
        for rule in self.select.iter().filter(|id| registry.rule(id).is_some()) {
            add(rule, LevelSetting::Own);
        }
        for (rules, name) in &self.levels {
            registry.check_name(rules)?;
            let level = match name.as_str() {
                "off" => None,
                name => Some(name.parse().map_err(|()| {
                    format!("`levels`: the level of `{rules}` must be error, warning, info or off")
                })?),
            };
            add(rules, LevelSetting::from(level));
        }
        for rules in &self.ignore {
            registry.check_name(rules)?;
            add(rules, LevelSetting::Off);
        }
        Ok(levels)
    }
}

/// The mail domains of a partner, in lower case.
fn domains(names: &[String]) -> Result<Vec<String>, String> {
    let domain = |name: &String| {
        let domain = name.strip_prefix('@').unwrap_or(name).to_lowercase();
        let is_label = |label: &str| {
            !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        let is_domain = domain.contains('.') && domain.split('.').all(is_label);
        let message = "`partnerDomains`: expected a mail domain such as fabrikam.com";
        is_domain
            .then_some(domain)
            .ok_or_else(|| message.to_owned())
    };
    names.iter().map(domain).collect()
}

/// The ids of the kinds, for a message.
pub(crate) fn kinds(registry: &Registry) -> String {
    let ids: Vec<&str> = registry.kinds().iter().map(|kind| kind.id()).collect();
    quoted(&ids)
}

/// Names for a message.
fn quoted(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
