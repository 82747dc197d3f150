//! The typed view of a qualification: its type, the progress of vetting, and the properties of only one form.

use crate::json::{Kind, Member};
use crate::names::{KnownName, known};
use crate::payload::{Form, JsonString, Record};
use crate::suggest;

const EDUCATION_SEGMENT: KnownName = known("educationSegment");
const QUALIFICATION: KnownName = known("qualification");
const VALIDATION_CODE: KnownName = known("validationCode");
const VETTING_CREATE_DATE: KnownName = known("vettingCreateDate");
const VETTING_CREATED_DATE: KnownName = known("vettingCreatedDate");
const VETTING_REASON: KnownName = known("vettingReason");
const VETTING_STATUS: KnownName = known("vettingStatus");
const WEBSITE: KnownName = known("website");

/// The type of a qualification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QualificationType {
    /// A school, college or university.
    Education,
    /// A customer of the United States government's cloud.
    GovernmentCommunityCloud,
    /// A state-owned entity; not vetted.
    StateOwnedEntity,
    /// No special qualification.
    None,
    /// A charity.
    Nonprofit,
}

impl QualificationType {
    /// Every type.
    pub const ALL: [QualificationType; 5] = [
        QualificationType::Education,
        QualificationType::GovernmentCommunityCloud,
        QualificationType::StateOwnedEntity,
        QualificationType::None,
        QualificationType::Nonprofit,
    ];

    /// The name in Partner Center.
    pub fn name(self) -> &'static str {
        match self {
            QualificationType::Education => "Education",
            QualificationType::GovernmentCommunityCloud => "GovernmentCommunityCloud",
            QualificationType::StateOwnedEntity => "StateOwnedEntity",
            QualificationType::None => "None",
            QualificationType::Nonprofit => "Nonprofit",
        }
    }

    /// Whether the service vets the customers that request it.
    pub fn is_vetted(self) -> bool {
        matches!(
            self,
            QualificationType::Education | QualificationType::GovernmentCommunityCloud
        )
    }

    /// The type with this common abbreviation.
    pub fn from_short_name(name: &str) -> Option<QualificationType> {
        [
            ("EDU", QualificationType::Education),
            ("GCC", QualificationType::GovernmentCommunityCloud),
            ("SOE", QualificationType::StateOwnedEntity),
        ]
        .into_iter()
        .find(|(short, _)| suggest::eq_ignore_style(name, short))
        .map(|(_, qualification_type)| qualification_type)
    }

    /// Parses a name, ignoring case and separators, or an abbreviation.
    fn parse(name: &str) -> Option<QualificationType> {
        let is_styled = |qualification_type: &QualificationType| {
            suggest::eq_ignore_style(name, qualification_type.name())
        };
        let exact = QualificationType::ALL
            .into_iter()
            .find(|qualification_type| qualification_type.name() == name);
        exact
            .or_else(|| QualificationType::ALL.into_iter().find(is_styled))
            .or_else(|| QualificationType::from_short_name(name))
    }
}

/// The progress of vetting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VettingStatus {
    /// The customer has the qualification.
    Approved,
    /// The review is in progress.
    InReview,
    /// The qualification was denied.
    Denied,
}

impl VettingStatus {
    /// Every known status.
    pub const ALL: [VettingStatus; 3] = [
        VettingStatus::Approved,
        VettingStatus::InReview,
        VettingStatus::Denied,
    ];

    /// The name in Partner Center.
    pub fn name(self) -> &'static str {
        match self {
            VettingStatus::Approved => "Approved",
            VettingStatus::InReview => "InReview",
            VettingStatus::Denied => "Denied",
        }
    }

    /// Parses a name, ignoring case and separators.
    fn parse(name: &str) -> Option<VettingStatus> {
        VettingStatus::ALL
            .into_iter()
            .find(|status| suggest::eq_ignore_style(name, status.name()))
    }
}

/// The typed view of a qualification. A property with the value `null` counts as absent.
pub struct Qualification<'d> {
    /// The record.
    pub record: Record<'d>,
    /// The string of `qualification`.
    pub type_string: Option<JsonString<'d>>,
    /// The type, if the string is a known one.
    pub qualification_type: Option<QualificationType>,
    /// `educationSegment`; requested for education.
    pub education_segment: Option<Member<'d>>,
    /// `website`; requested for education.
    pub website: Option<Member<'d>>,
    /// `validationCode`; requested for the government cloud.
    pub validation_code: Option<Member<'d>>,
    /// `vettingStatus`.
    pub vetting_status: Option<Member<'d>>,
    /// The vetting status, if it is a known one.
    pub known_status: Option<VettingStatus>,
    /// `vettingReason`: why the qualification was denied.
    pub vetting_reason: Option<Member<'d>>,
    /// `vettingCreatedDate`: when vetting started.
    pub vetting_created_date: Option<Member<'d>>,
    /// `vettingCreateDate`: the service's other name for the start of vetting.
    pub vetting_create_date: Option<Member<'d>>,
}

impl<'d> Qualification<'d> {
    /// Reads a record as a qualification.
    pub fn read(record: Record<'d>) -> Self {
        let mut qualification = Self {
            record,
            type_string: None,
            qualification_type: None,
            education_segment: None,
            website: None,
            validation_code: None,
            vetting_status: None,
            known_status: None,
            vetting_reason: None,
            vetting_created_date: None,
            vetting_create_date: None,
        };
        for (name, member) in record.node.named_members() {
            // A null synthesized by error recovery replaces an unreadable value.
            if member.value.kind() == Kind::Null && !member.value.is_synthetic() {
                continue;
            }
            match name {
                QUALIFICATION => qualification.type_string = JsonString::read(member.value),
                EDUCATION_SEGMENT => qualification.education_segment = Some(member),
                WEBSITE => qualification.website = Some(member),
                VALIDATION_CODE => qualification.validation_code = Some(member),
                VETTING_STATUS => qualification.vetting_status = Some(member),
                VETTING_REASON => qualification.vetting_reason = Some(member),
                VETTING_CREATED_DATE => qualification.vetting_created_date = Some(member),
                VETTING_CREATE_DATE => qualification.vetting_create_date = Some(member),
                _ => {}
            }
        }
        qualification.qualification_type = qualification
            .type_string
            .as_deref()
            .and_then(QualificationType::parse);
        let status = qualification
            .vetting_status
            .and_then(|member| JsonString::read(member.value));
        qualification.known_status = status.as_deref().and_then(VettingStatus::parse);
        qualification
    }

    /// Whether the record certainly is a request.
    pub fn is_request(&self) -> bool {
        self.record.form == Form::Request && !self.record.is_form_unknown
    }

    /// Whether the record certainly is a response.
    pub fn is_response(&self) -> bool {
        self.record.form == Form::Response && !self.record.is_form_unknown
    }

    /// Whether the type is one that the service does not vet.
    pub fn is_never_vetted(&self) -> bool {
        self.qualification_type
            .is_some_and(|qualification_type| !qualification_type.is_vetted())
    }

    /// The properties that only a request has, each with the type for which it is requested.
    pub fn request_properties(&self) -> impl Iterator<Item = (QualificationType, Member<'d>)> {
        [
            (QualificationType::Education, self.education_segment),
            (QualificationType::Education, self.website),
            (
                QualificationType::GovernmentCommunityCloud,
                self.validation_code,
            ),
        ]
        .into_iter()
        .filter_map(|(owner, member)| Some((owner, member?)))
    }

    /// The properties that only the service sets.
    pub fn vetting_properties(&self) -> impl Iterator<Item = Member<'d>> {
        [
            self.vetting_status,
            self.vetting_reason,
            self.vetting_created_date,
            self.vetting_create_date,
        ]
        .into_iter()
        .flatten()
    }

    /// The string of the vetting status; `None` in a request, where the service has not set it.
    pub fn status(&self) -> Option<JsonString<'d>> {
        self.vetting_string(self.vetting_status)
    }

    /// The string of the vetting reason, unless it is empty; `None` in a request.
    pub fn reason(&self) -> Option<JsonString<'d>> {
        self.vetting_string(self.vetting_reason)
            .filter(|reason| !reason.trim().is_empty())
    }

    /// The strings of the vetting date under both names; none in a request.
    pub fn dates(&self) -> impl Iterator<Item = JsonString<'d>> {
        [
            self.vetting_string(self.vetting_created_date),
            self.vetting_string(self.vetting_create_date),
        ]
        .into_iter()
        .flatten()
    }

    fn vetting_string(&self, member: Option<Member<'d>>) -> Option<JsonString<'d>> {
        // For a type that is never vetted, the property itself is reported as misplaced.
        let member = member.filter(|_| !self.is_request() && !self.is_never_vetted())?;
        JsonString::read(member.value)
    }

    /// Whether a property name is a misspelling of `name`, or the property might be lost in damaged text. If
    /// not, it is missing.
    pub fn may_have_property(&self, name: &str) -> bool {
        let node = self.record.node;
        // A known name is not a misspelling of another known name, however similar they are.
        let is_misspelt = |member: Member<'_>| {
            member.known().is_none() && suggest::is_near(&member.name_text(), name)
        };
        node.has_errors() || node.members().any(is_misspelt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::kinds::qualification::QUALIFICATION;
    use crate::payload::{Declared, Detector};

    /// Applies `read` to the first qualification of a document.
    fn with_qualification<T>(text: &str, read: impl Fn(&Qualification<'_>) -> T) -> T {
        let document = Document::parse(text);
        let detector = Detector::new(&[&QUALIFICATION], &[]);
        let records = detector.records(&document, Declared::default(), None);
        read(&Qualification::read(records[0]))
    }

    #[test]
    fn parses_types_in_other_styles_and_short_names() {
        for qualification_type in QualificationType::ALL {
            assert_eq!(
                QualificationType::parse(qualification_type.name()),
                Some(qualification_type)
            );
            assert_eq!(
                QualificationType::from_short_name(qualification_type.name()),
                None
            );
        }
        for (word, qualification_type) in [
            ("education", Some(QualificationType::Education)),
            (
                "Government Community Cloud",
                Some(QualificationType::GovernmentCommunityCloud),
            ),
            (
                "state_owned-entity",
                Some(QualificationType::StateOwnedEntity),
            ),
            ("NONE", Some(QualificationType::None)),
            ("edu", Some(QualificationType::Education)),
            ("Gcc", Some(QualificationType::GovernmentCommunityCloud)),
            (" SOE", Some(QualificationType::StateOwnedEntity)),
            ("Educatoin", None),
            ("GCCH", None),
            ("", None),
        ] {
            assert_eq!(QualificationType::parse(word), qualification_type, "{word}");
        }
    }

    #[test]
    fn parses_statuses_in_other_styles_but_not_misspelt() {
        for (word, vetting) in [
            ("Approved", Some(VettingStatus::Approved)),
            ("In Review", Some(VettingStatus::InReview)),
            ("in-review", Some(VettingStatus::InReview)),
            ("IN_REVIEW", Some(VettingStatus::InReview)),
            (" denied ", Some(VettingStatus::Denied)),
            ("Aproved", None),
            ("Rejected", None),
            ("", None),
        ] {
            assert_eq!(VettingStatus::parse(word), vetting, "{word}");
        }
    }

    #[test]
    fn derives_the_form_from_its_markers() {
        for (text, forms) in [
            (r#"{"qualification":"Education"}"#, (false, false)),
            (
                r#"{"qualification":"Education","website":"https://x.example"}"#,
                (true, false),
            ),
            (
                r#"{"qualification":"Education","vettingStatus":"Approved"}"#,
                (false, true),
            ),
            (r#"[{"qualification":"Education"}]"#, (false, true)),
            (
                "POST /qualifications\n{\"qualification\":\"Education\"}",
                (true, false),
            ),
        ] {
            let found = with_qualification(text, |qualification| {
                (qualification.is_request(), qualification.is_response())
            });
            assert_eq!(found, forms, "{text}");
        }
    }

    #[test]
    fn treats_null_as_absent_and_a_misspelt_property_as_present() {
        let text = r#"[{"qualification":"Education","vettingStatus":null,"vettingReson":"x"}]"#;
        assert!(with_qualification(text, |q| q
            .vetting_properties()
            .next()
            .is_none()));
        assert!(with_qualification(text, |q| q.may_have_property("vettingReason")));
        assert!(with_qualification(text, |q| !q.may_have_property("vettingStatus")));
        let text = r#"[{"qualification":"Education","vettingCreateDate":null}]"#;
        assert!(with_qualification(text, |q| !q.may_have_property("vettingCreatedDate")));
    }

    #[test]
    fn reads_no_status_from_a_request() {
        let text = r#"{"qualification":"Education","website":"x","vettingStatus":"In Review"}"#;
        assert!(with_qualification(text, |q| q.status().is_none()));
        assert!(with_qualification(text, |q| q.vetting_properties().count() == 1));
    }
}
