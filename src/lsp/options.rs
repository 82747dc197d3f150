//! The options of the server, which users set in the settings of their editor.

use std::path::PathBuf;

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;

use crate::context::Operation;

/// The options as the client sends them. All of them are optional.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RawOptions {
    today: Option<String>,
    config: Option<String>,
    partner_domains: Option<Vec<String>>,
    operation: Option<String>,
    max_findings: Option<usize>,
}

/// The validated options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Options {
    /// The day that counts as today.
    pub(super) today: Today,
    /// The configuration file.
    pub(super) config: ConfigPath,
    /// The partner's mail domains; they replace those of the configuration.
    pub(super) partner_domains: Option<Vec<String>>,
    /// The operation that certificates are meant for; it replaces the one of the configuration.
    pub(super) operation: Option<Operation>,
    /// The greatest number of findings that are shown for a document.
    pub(super) max_findings: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Today {
    /// The current date of the system.
    System,
    /// No date: dates are not compared with today.
    Unset,
    Day(Date),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ConfigPath {
    /// The nearest configuration file in the folder of the document or above.
    Nearest,
    None,
    File(PathBuf),
}

impl Default for Options {
    fn default() -> Self {
        Self {
            today: Today::System,
            config: ConfigPath::Nearest,
            partner_domains: None,
            operation: None,
            max_findings: 500,
        }
    }
}

impl Options {
    /// Parses the settings of the client; `null` means the defaults.
    ///
    /// # Errors
    /// A message for the user if a setting has the wrong type or an unknown value.
    pub(super) fn parse(settings: &Value) -> Result<Self, String> {
        let raw: Option<RawOptions> = serde_json::from_value(settings.clone())
            .map_err(|error| format!("the settings of countersign are not understood: {error}"))?;
        let raw = raw.unwrap_or_default();
        let non_empty = |value: Option<String>| value.filter(|value| !value.is_empty());
        let defaults = Self::default();
        let today = match non_empty(raw.today).as_deref() {
            None => Today::System,
            Some("none") => Today::Unset,
            Some(day) => Today::Day(day.parse().map_err(|_| {
                format!("`{day}` of countersign.today is neither a day as YYYY-MM-DD nor none")
            })?),
        };
        let operation = non_empty(raw.operation).map(|operation| {
            operation.parse().map_err(|()| {
                format!("`{operation}` of countersign.operation is neither create nor re-enroll")
            })
        });
        let domains = raw.partner_domains.filter(|domains| !domains.is_empty());
        Ok(Self {
            today,
            config: match non_empty(raw.config).as_deref() {
                None => ConfigPath::Nearest,
                Some("none") => ConfigPath::None,
                Some(path) => ConfigPath::File(path.into()),
            },
            partner_domains: domains.map(|domains| {
                let normalize = |domain: &String| domain.trim_start_matches('@').to_lowercase();
                domains.iter().map(normalize).collect()
            }),
            operation: operation.transpose()?,
            max_findings: raw.max_findings.unwrap_or(defaults.max_findings),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parses_valid_settings() {
        let options = Options::parse(&json!({
            "today": "2026-02-03", "config": "none", "partnerDomains": ["@Fabrikam.com"],
            "operation": "re-enroll", "maxFindings": 7, "path": "countersign", "trace": {},
        }));
        let expected = Options {
            today: Today::Day(jiff::civil::date(2026, 2, 3)),
            config: ConfigPath::None,
            partner_domains: Some(vec!["fabrikam.com".into()]),
            operation: Some(Operation::ReEnroll),
            max_findings: 7,
        };
        assert_eq!(options, Ok(expected));
    }

    #[test]
    fn uses_the_defaults_for_empty_settings() {
        assert_eq!(Options::parse(&Value::Null), Ok(Options::default()));
        let empty = json!({"today": null, "config": "", "partnerDomains": [], "operation": ""});
        assert_eq!(Options::parse(&empty), Ok(Options::default()));
    }

    #[test]
    fn rejects_invalid_settings() {
        for (settings, expected) in [
            (json!({"today": "tomorrow"}), "YYYY-MM-DD"),
            (json!({"operation": "renew"}), "re-enroll"),
            (json!({"maxFindings": -1}), "not understood"),
        ] {
            let error = Options::parse(&settings).expect_err("invalid settings");
            assert!(error.contains(expected), "{error}");
        }
    }
}
