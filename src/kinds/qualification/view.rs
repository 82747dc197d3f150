//! The qualification lens: what a customer counts as, how far vetting has come, and what stands
//! there for one form only.

use crate::json::{Kind, Member};
use crate::names::Name;
use crate::payload::{Form, JsonString, Record};
use crate::spelling;

const EDUCATION_SEGMENT: Name = Name::known("educationSegment");
const QUALIFICATION: Name = Name::known("qualification");
const VALIDATION_CODE: Name = Name::known("validationCode");
const VETTING_CREATE_DATE: Name = Name::known("vettingCreateDate");
const VETTING_CREATED_DATE: Name = Name::known("vettingCreatedDate");
const VETTING_REASON: Name = Name::known("vettingReason");
const VETTING_STATUS: Name = Name::known("vettingStatus");
const WEBSITE: Name = Name::known("website");

/// What a customer counts as, or shall count as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QualificationType {
    /// A school, college or university.
    Education,
    /// A customer of the United States government's cloud.
    GovernmentCommunityCloud,
    /// An entity that a state owns: a bare statement.
    StateOwnedEntity,
    /// Nothing special.
    None,
    /// A charity.
    Nonprofit,
}

impl QualificationType {
    /// Every qualification_type.
    pub const ALL: [QualificationType; 5] = [
        QualificationType::Education,
        QualificationType::GovernmentCommunityCloud,
        QualificationType::StateOwnedEntity,
        QualificationType::None,
        QualificationType::Nonprofit,
    ];

    /// The name as Partner Center has it.
    pub fn name(self) -> &'static str {
        match self {
            QualificationType::Education => "Education",
            QualificationType::GovernmentCommunityCloud => "GovernmentCommunityCloud",
            QualificationType::StateOwnedEntity => "StateOwnedEntity",
            QualificationType::None => "None",
            QualificationType::Nonprofit => "Nonprofit",
        }
    }

    /// Whether the service vets who asks for it.
    pub fn is_vetted(self) -> bool {
        matches!(
            self,
            QualificationType::Education | QualificationType::GovernmentCommunityCloud
        )
    }

    /// The qualification_type for which people use this short name.
    pub fn from_short_name(name: &str) -> Option<QualificationType> {
        [
            ("EDU", QualificationType::Education),
            ("GCC", QualificationType::GovernmentCommunityCloud),
            ("SOE", QualificationType::StateOwnedEntity),
        ]
        .into_iter()
        .find(|(short, _)| spelling::is_same_but_for_style(name, short))
        .map(|(_, qualification_type)| qualification_type)
    }

    /// The qualification_type that a word means, be it short or written in another style.
    fn parse(name: &str) -> Option<QualificationType> {
        let is_styled = |qualification_type: &QualificationType| {
            spelling::is_same_but_for_style(name, qualification_type.name())
        };
        let exact = QualificationType::ALL
            .into_iter()
            .find(|qualification_type| qualification_type.name() == name);
        exact
            .or_else(|| QualificationType::ALL.into_iter().find(is_styled))
            .or_else(|| QualificationType::from_short_name(name))
    }
}

/// How far vetting has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VettingStatus {
    /// The customer has the qualification.
    Approved,
    /// The review is running.
    InReview,
    /// The customer is refused it.
    Denied,
}

impl VettingStatus {
    /// Every status that is known.
    pub const ALL: [VettingStatus; 3] = [
        VettingStatus::Approved,
        VettingStatus::InReview,
        VettingStatus::Denied,
    ];

    /// The word as Partner Center has it.
    pub fn name(self) -> &'static str {
        match self {
            VettingStatus::Approved => "Approved",
            VettingStatus::InReview => "InReview",
            VettingStatus::Denied => "Denied",
        }
    }

    /// The status that a word means, be it written in another style.
    fn parse(name: &str) -> Option<VettingStatus> {
        VettingStatus::ALL
            .into_iter()
            .find(|status| spelling::is_same_but_for_style(name, status.name()))
    }
}

/// One qualification. A member whose value is `null` counts as absent.
pub struct Qualification<'d> {
    /// The record that it is.
    pub record: Record<'d>,
    /// The word that says which qualification it is, where that is a text.
    pub type_string: Option<JsonString<'d>>,
    /// The qualification that the word means.
    pub qualification_type: Option<QualificationType>,
    /// Asked of schools.
    pub education_segment: Option<Member<'d>>,
    /// Asked of schools.
    pub website: Option<Member<'d>>,
    /// Asked of customers of the government's cloud.
    pub validation_code: Option<Member<'d>>,
    /// How far vetting has come.
    pub vetting_status: Option<Member<'d>>,
    /// The known status that it means.
    pub known_status: Option<VettingStatus>,
    /// Why the customer was refused.
    pub vetting_reason: Option<Member<'d>>,
    /// When vetting began.
    pub vetting_created_date: Option<Member<'d>>,
    /// When vetting began, under the service's other name for it.
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
            // A null that recovery put there stands for something that could not be read.
            if member.value.kind() == Kind::Null && !member.value.is_guessed() {
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

    /// Whether it travels to the service, for sure.
    pub fn is_request(&self) -> bool {
        self.record.form == Form::Request && !self.record.is_form_unknown
    }

    /// Whether it comes from the service, for sure.
    pub fn is_response(&self) -> bool {
        self.record.form == Form::Response && !self.record.is_form_unknown
    }

    /// Whether it is one that the service does not vet.
    pub fn is_never_vetted(&self) -> bool {
        self.qualification_type
            .is_some_and(|qualification_type| !qualification_type.is_vetted())
    }

    /// The members that only a request has, each with the qualification that it is asked for.
    pub fn request_members(&self) -> impl Iterator<Item = (QualificationType, Member<'d>)> {
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

    /// The members that only the service writes.
    pub fn vetting_members(&self) -> impl Iterator<Item = Member<'d>> {
        [
            self.vetting_status,
            self.vetting_reason,
            self.vetting_created_date,
            self.vetting_create_date,
        ]
        .into_iter()
        .flatten()
    }

    /// What the service says of the status; nothing in a request, where it has said nothing yet.
    pub fn status(&self) -> Option<JsonString<'d>> {
        self.vetting_string(self.vetting_status)
    }

    /// What the service says of the reason, unless that is blank; nothing in a request.
    pub fn reason(&self) -> Option<JsonString<'d>> {
        self.vetting_string(self.vetting_reason)
            .filter(|reason| !reason.trim().is_empty())
    }

    /// What the service says of the date, under both names; nothing in a request.
    pub fn dates(&self) -> impl Iterator<Item = JsonString<'d>> {
        [
            self.vetting_string(self.vetting_created_date),
            self.vetting_string(self.vetting_create_date),
        ]
        .into_iter()
        .flatten()
    }

    fn vetting_string(&self, member: Option<Member<'d>>) -> Option<JsonString<'d>> {
        // On what is never vetted the member itself is out of place.
        let member = member.filter(|_| !self.is_request() && !self.is_never_vetted())?;
        JsonString::read(member.value)
    }

    /// Whether a member that is not here under this name was meant to be and is misspelt, or cannot
    /// be called missing.
    pub fn may_have_property(&self, name: &str) -> bool {
        let node = self.record.node;
        // Of two known names neither is the other misspelt, however near.
        let is_misspelt = |member: Member<'_>| {
            member.known().is_none() && spelling::is_near(&member.name_text(), name)
        };
        node.is_damaged() || node.members().any(is_misspelt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::kinds::qualification::QUALIFICATION;
    use crate::payload::{Declared, Detector};

    /// What `look` tells of the first qualification in a text.
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
            .vetting_members()
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
        assert!(with_qualification(text, |q| q.vetting_members().count() == 1));
    }
}
