//! The qualification lens: what a customer counts as, how far vetting has come, and what stands
//! there for one form only.

use super::{Form, Record, Text};
use crate::json::{Kind, Member};
use crate::names::{KnownName, known};
use crate::spelling;

const EDUCATION_SEGMENT: KnownName = known("educationSegment");
const QUALIFICATION: KnownName = known("qualification");
const VALIDATION_CODE: KnownName = known("validationCode");
const VETTING_CREATE_DATE: KnownName = known("vettingCreateDate");
const VETTING_CREATED_DATE: KnownName = known("vettingCreatedDate");
const VETTING_REASON: KnownName = known("vettingReason");
const VETTING_STATUS: KnownName = known("vettingStatus");
const WEBSITE: KnownName = known("website");

/// What a customer counts as, or shall count as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
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

impl Standing {
    /// Every standing.
    pub const ALL: [Standing; 5] = [
        Standing::Education,
        Standing::GovernmentCommunityCloud,
        Standing::StateOwnedEntity,
        Standing::None,
        Standing::Nonprofit,
    ];

    /// The name as Partner Center has it.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Education => "Education",
            Standing::GovernmentCommunityCloud => "GovernmentCommunityCloud",
            Standing::StateOwnedEntity => "StateOwnedEntity",
            Standing::None => "None",
            Standing::Nonprofit => "Nonprofit",
        }
    }

    /// Whether the service vets who asks for it.
    pub fn is_vetted(self) -> bool {
        matches!(
            self,
            Standing::Education | Standing::GovernmentCommunityCloud
        )
    }

    /// The standing for which people use this short name.
    pub fn of_short_name(word: &str) -> Option<Standing> {
        [
            ("EDU", Standing::Education),
            ("GCC", Standing::GovernmentCommunityCloud),
            ("SOE", Standing::StateOwnedEntity),
        ]
        .into_iter()
        .find(|(short, _)| spelling::is_same_but_for_style(word, short))
        .map(|(_, standing)| standing)
    }

    /// The standing that a word means, be it short or written in another style.
    fn read(word: &str) -> Option<Standing> {
        let is_styled =
            |standing: &Standing| spelling::is_same_but_for_style(word, standing.name());
        let exact = Standing::ALL
            .into_iter()
            .find(|standing| standing.name() == word);
        exact
            .or_else(|| Standing::ALL.into_iter().find(is_styled))
            .or_else(|| Standing::of_short_name(word))
    }
}

/// How far vetting has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vetting {
    /// The customer has the qualification.
    Approved,
    /// The review is running.
    InReview,
    /// The customer is refused it.
    Denied,
}

impl Vetting {
    /// Every status that is known.
    pub const ALL: [Vetting; 3] = [Vetting::Approved, Vetting::InReview, Vetting::Denied];

    /// The word as Partner Center has it.
    pub fn name(self) -> &'static str {
        match self {
            Vetting::Approved => "Approved",
            Vetting::InReview => "InReview",
            Vetting::Denied => "Denied",
        }
    }

    /// The status that a word means, be it written in another style.
    fn read(word: &str) -> Option<Vetting> {
        Vetting::ALL
            .into_iter()
            .find(|status| spelling::is_same_but_for_style(word, status.name()))
    }
}

/// One qualification. A member whose value is `null` counts as absent.
pub struct Qualification<'d> {
    /// The record that it is.
    pub record: Record<'d>,
    /// The word that says which qualification it is, where that is a text.
    pub word: Option<Text<'d>>,
    /// The qualification that the word means.
    pub standing: Option<Standing>,
    /// Asked of schools.
    pub education_segment: Option<Member<'d>>,
    /// Asked of schools.
    pub website: Option<Member<'d>>,
    /// Asked of customers of the government's cloud.
    pub validation_code: Option<Member<'d>>,
    /// How far vetting has come.
    pub vetting_status: Option<Member<'d>>,
    /// The known status that it means.
    pub vetting: Option<Vetting>,
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
            word: None,
            standing: None,
            education_segment: None,
            website: None,
            validation_code: None,
            vetting_status: None,
            vetting: None,
            vetting_reason: None,
            vetting_created_date: None,
            vetting_create_date: None,
        };
        for (name, member) in record.node.named_members() {
            // A null that recovery put there stands for something that could not be read.
            if member.value.kind() == Kind::Null && !member.value.is_synthetic() {
                continue;
            }
            match name {
                QUALIFICATION => qualification.word = Text::read(member.value),
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
        qualification.standing = qualification.word.as_deref().and_then(Standing::read);
        let status = qualification
            .vetting_status
            .and_then(|member| Text::read(member.value));
        qualification.vetting = status.as_deref().and_then(Vetting::read);
        qualification
    }

    /// Whether it travels to the service, for sure.
    pub fn is_request(&self) -> bool {
        self.record.form == Form::Request && !self.record.is_form_open
    }

    /// Whether it comes from the service, for sure.
    pub fn is_response(&self) -> bool {
        self.record.form == Form::Response && !self.record.is_form_open
    }

    /// Whether it is one that the service does not vet.
    pub fn is_never_vetted(&self) -> bool {
        self.standing.is_some_and(|standing| !standing.is_vetted())
    }

    /// The members that only a request has, each with the qualification that it is asked for.
    pub fn request_members(&self) -> impl Iterator<Item = (Standing, Member<'d>)> {
        [
            (Standing::Education, self.education_segment),
            (Standing::Education, self.website),
            (Standing::GovernmentCommunityCloud, self.validation_code),
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
    pub fn status(&self) -> Option<Text<'d>> {
        self.told(self.vetting_status)
    }

    /// What the service says of the reason, unless that is blank; nothing in a request.
    pub fn reason(&self) -> Option<Text<'d>> {
        self.told(self.vetting_reason)
            .filter(|reason| !reason.trim().is_empty())
    }

    /// What the service says of the date, under both names; nothing in a request.
    pub fn dates(&self) -> impl Iterator<Item = Text<'d>> {
        [
            self.told(self.vetting_created_date),
            self.told(self.vetting_create_date),
        ]
        .into_iter()
        .flatten()
    }

    fn told(&self, member: Option<Member<'d>>) -> Option<Text<'d>> {
        // On what is never vetted the member itself is out of place.
        let member = member.filter(|_| !self.is_request() && !self.is_never_vetted())?;
        Text::read(member.value)
    }

    /// Whether a member that is not here under this name was meant to be and is misspelt, or cannot
    /// be called missing.
    pub fn may_have(&self, name: &str) -> bool {
        let node = self.record.node;
        // Of two known names neither is the other misspelt, however near.
        let is_meant = |member: Member<'_>| {
            member.known().is_none() && spelling::is_near(&member.name_text(), name)
        };
        node.has_errors() || node.members().any(is_meant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::payload::{Stated, records};

    /// What `look` tells of the first qualification in a text.
    fn told<T>(text: &str, look: impl Fn(&Qualification<'_>) -> T) -> T {
        let document = Document::parse(text);
        let records = records(&document, Stated::default(), None);
        look(&Qualification::read(records[0]))
    }

    #[test]
    fn a_standing_is_read_through_style_and_short_names() {
        for standing in Standing::ALL {
            assert_eq!(Standing::read(standing.name()), Some(standing));
            assert_eq!(Standing::of_short_name(standing.name()), None);
        }
        for (word, standing) in [
            ("education", Some(Standing::Education)),
            (
                "Government Community Cloud",
                Some(Standing::GovernmentCommunityCloud),
            ),
            ("state_owned-entity", Some(Standing::StateOwnedEntity)),
            ("NONE", Some(Standing::None)),
            ("edu", Some(Standing::Education)),
            ("Gcc", Some(Standing::GovernmentCommunityCloud)),
            (" SOE", Some(Standing::StateOwnedEntity)),
            ("Educatoin", None),
            ("GCCH", None),
            ("", None),
        ] {
            assert_eq!(Standing::read(word), standing, "{word}");
        }
    }

    #[test]
    fn a_status_is_read_through_style_and_not_through_slips() {
        for (word, vetting) in [
            ("Approved", Some(Vetting::Approved)),
            ("In Review", Some(Vetting::InReview)),
            ("in-review", Some(Vetting::InReview)),
            ("IN_REVIEW", Some(Vetting::InReview)),
            (" denied ", Some(Vetting::Denied)),
            ("Aproved", None),
            ("Rejected", None),
            ("", None),
        ] {
            assert_eq!(Vetting::read(word), vetting, "{word}");
        }
    }

    #[test]
    fn the_form_is_sure_where_something_tells_it() {
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
            let found = told(text, |qualification| {
                (qualification.is_request(), qualification.is_response())
            });
            assert_eq!(found, forms, "{text}");
        }
    }

    #[test]
    fn a_null_counts_as_absent_and_a_misspelt_member_as_meant() {
        let text = r#"[{"qualification":"Education","vettingStatus":null,"vettingReson":"x"}]"#;
        assert!(told(text, |q| q.vetting_members().next().is_none()));
        assert!(told(text, |q| q.may_have("vettingReason")));
        assert!(told(text, |q| !q.may_have("vettingStatus")));
        let text = r#"[{"qualification":"Education","vettingCreateDate":null}]"#;
        assert!(told(text, |q| !q.may_have("vettingCreatedDate")));
    }

    #[test]
    fn a_request_has_been_told_nothing() {
        let text = r#"{"qualification":"Education","website":"x","vettingStatus":"In Review"}"#;
        assert!(told(text, |q| q.status().is_none()));
        assert!(told(text, |q| q.vetting_members().count() == 1));
    }
}
