//! What Ofsted judged, and when it was published.

use std::str::FromStr;

use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};

use super::code::AuthorityCode;
use crate::error::{Error, Result};

/// Ofsted's four grades, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Outstanding.
    Outstanding,
    /// Good.
    Good,
    /// Requires improvement to be good ("adequate" before 2014).
    RequiresImprovement,
    /// Inadequate.
    Inadequate,
}

/// An inspection framework.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Framework {
    /// Safeguarding and looked-after children, 2009 to 2012.
    #[serde(rename = "SLAC")]
    Slac,
    /// Child protection, 2012 to 2013.
    #[serde(rename = "CPI")]
    Cpi,
    /// Targeted, looked-after children, 2013.
    #[serde(rename = "TLAC")]
    Tlac,
    /// Single inspection framework, 2013 to 2018.
    #[serde(rename = "SIF")]
    Sif,
    /// Inspecting local authority children's services, since 2018.
    #[serde(rename = "ILACS")]
    Ilacs,
}

/// Which services an inspection covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// All of them: the only like-for-like outcome.
    All,
    /// Safeguarding and looked-after children, judged apart.
    SafeguardingAndLookedAfter,
    /// Safeguarding alone.
    SafeguardingOnly,
    /// Child protection alone.
    ChildProtectionOnly,
    /// Looked-after children alone.
    LookedAfterOnly,
}

/// The judgements of one inspection, each where it was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Judgements {
    /// Overall effectiveness; none from 27 April 2026 on. Safeguarding in a SLAC inspection.
    pub overall: Option<Grade>,
    /// Leadership, management and governance; impact of leaders.
    pub leaders: Option<Grade>,
    /// Children who need help and protection.
    pub help_and_protection: Option<Grade>,
    /// Children in care (in ILACS before 2023 with care leavers).
    pub in_care: Option<Grade>,
    /// Care leavers: a key judgement of ILACS from 2023, a sub-judgement of SIF.
    pub care_leavers: Option<Grade>,
    /// Adoption: a sub-judgement of SIF.
    pub adoption: Option<Grade>,
    /// Local safeguarding children board: reviewed beside SIF, not a judgement of the authority.
    pub lscb: Option<Grade>,
}

/// One inspection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// The authority inspected.
    pub authority: AuthorityCode,
    /// Under which framework.
    pub framework: Framework,
    /// Kind of inspection within the framework: `first`, `reinspection`, `short`, `standard`...
    pub kind: String,
    /// Which services it covered.
    pub scope: Scope,
    /// First day of fieldwork, where known.
    pub start: Option<Date>,
    /// Last day of fieldwork, where known.
    pub end: Option<Date>,
    /// The day on which the report was published.
    pub published: Date,
    /// Where that day was read from, in the words of the source.
    pub published_basis: String,
    /// What was judged.
    pub judgements: Judgements,
    /// Whether `in_care` covers care leavers too, where stated.
    pub in_care_includes_care_leavers: Option<bool>,
}

/// Days before publication that stand for an unknown first day of fieldwork. Conservative: of the
/// 167 SIF inspections with a known start, 99% were published sooner after it.
pub const ASSUMED_DAYS_TO_PUBLICATION: i64 = 150;

impl Framework {
    /// The framework's abbreviation.
    pub fn name(self) -> &'static str {
        match self {
            Framework::Slac => "SLAC",
            Framework::Cpi => "CPI",
            Framework::Tlac => "TLAC",
            Framework::Sif => "SIF",
            Framework::Ilacs => "ILACS",
        }
    }
}

impl Grade {
    /// The grade as inspection reports write it.
    pub fn words(self) -> &'static str {
        match self {
            Grade::Outstanding => "Outstanding",
            Grade::Good => "Good",
            Grade::RequiresImprovement => "Requires improvement",
            Grade::Inadequate => "Inadequate",
        }
    }

    /// 1 for Outstanding to 4 for Inadequate, as Ofsted numbers its grades.
    pub fn number(self) -> f64 {
        self as u8 as f64 + 1.0
    }
}

impl Judgements {
    /// The graded judgements of an authority's services, each where it was given: overall, leaders,
    /// help and protection, in care, care leavers. Under SIF the last is a sub-judgement.
    pub fn graded(&self) -> [Option<Grade>; 5] {
        [
            self.overall,
            self.leaders,
            self.help_and_protection,
            self.in_care,
            self.care_leavers,
        ]
    }
}

impl Inspection {
    /// The first day of fieldwork, or a day [`ASSUMED_DAYS_TO_PUBLICATION`] before publication.
    pub fn anchor(&self) -> Date {
        self.start.unwrap_or_else(|| {
            self.published
                .saturating_sub(Span::new().days(ASSUMED_DAYS_TO_PUBLICATION))
        })
    }

    /// The key judgements of the inspection: those that decide the overall grade. Adoption and
    /// care leavers are sub-judgements of SIF and not among them; the safeguarding board is not
    /// the authority.
    pub fn key_judgements(&self) -> impl Iterator<Item = Grade> {
        let j = &self.judgements;
        let leavers = match self.framework {
            Framework::Ilacs => j.care_leavers,
            _ => None,
        };
        [j.leaders, j.help_and_protection, j.in_care, leavers]
            .into_iter()
            .flatten()
    }

    /// The overall grade, or, where none is given any more, the worst key judgement.
    pub fn grade(&self) -> Option<Grade> {
        self.judgements
            .overall
            .or_else(|| self.key_judgements().max())
    }

    /// Whether it covered all services under SIF or ILACS, and so is a like-for-like outcome.
    pub fn is_like_for_like(&self) -> bool {
        self.scope == Scope::All && matches!(self.framework, Framework::Sif | Framework::Ilacs)
    }
}

/// What counts as the event. A stated rule, because overall grades end in April 2026.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeRule {
    /// Overall effectiveness or any key judgement is Inadequate.
    #[default]
    AnyKeyJudgement,
    /// Overall effectiveness is Inadequate.
    Overall,
    /// Help and protection is Inadequate.
    HelpAndProtection,
    /// Leadership or the impact of leaders is Inadequate.
    Leaders,
}

impl OutcomeRule {
    /// Every rule.
    pub const ALL: [OutcomeRule; 4] = [
        OutcomeRule::AnyKeyJudgement,
        OutcomeRule::Overall,
        OutcomeRule::HelpAndProtection,
        OutcomeRule::Leaders,
    ];

    /// Whether the event happened; `None` where the inspection does not say.
    pub fn event(self, inspection: &Inspection) -> Option<bool> {
        self.grade(inspection).map(|g| g == Grade::Inadequate)
    }

    /// The grade that decides: the event is Inadequate.
    pub fn grade(self, inspection: &Inspection) -> Option<Grade> {
        let j = &inspection.judgements;
        match self {
            OutcomeRule::AnyKeyJudgement => j
                .overall
                .into_iter()
                .chain(inspection.key_judgements())
                .max(),
            OutcomeRule::Overall => j.overall,
            OutcomeRule::HelpAndProtection => j.help_and_protection,
            OutcomeRule::Leaders => j.leaders,
        }
    }

    /// The rule's name in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            OutcomeRule::AnyKeyJudgement => "any_key_judgement",
            OutcomeRule::Overall => "overall",
            OutcomeRule::HelpAndProtection => "help_and_protection",
            OutcomeRule::Leaders => "leaders",
        }
    }
}

impl FromStr for OutcomeRule {
    type Err = Error;

    /// Reads a rule's name, however it is spelt: `any_key_judgement`, `any-key-judgement` and
    /// `AnyKeyJudgement` are one.
    fn from_str(text: &str) -> Result<Self> {
        let plain = |name: &str| name.replace(['_', '-', ' '], "").to_ascii_lowercase();
        let mut rules = OutcomeRule::ALL.into_iter();
        let found = rules.find(|rule| plain(rule.name()) == plain(text));
        found.ok_or_else(|| Error::InvalidValue {
            what: "outcome rule",
            found: text.to_owned(),
            expected: OutcomeRule::ALL.map(OutcomeRule::name).join(", "),
        })
    }
}

/// An authority's judgements as known on a day, the newest first.
#[derive(Clone, Copy, Debug)]
pub struct JudgementHistory<'a> {
    // Sorted by publication, oldest first, all published on or before `on`.
    inspections: &'a [Inspection],
    on: Date,
}

impl<'a> JudgementHistory<'a> {
    pub(super) fn new(inspections: &'a [Inspection], on: Date) -> Self {
        let known = inspections.partition_point(|i| i.published <= on);
        JudgementHistory {
            inspections: &inspections[..known],
            on,
        }
    }

    /// The inspections, the newest first.
    pub fn iter(self) -> impl Iterator<Item = &'a Inspection> {
        self.inspections.iter().rev()
    }

    /// The newest inspection with a grade that speaks for safeguarding: all but looked-after
    /// children alone.
    pub fn last_graded(self) -> Option<&'a Inspection> {
        self.iter()
            .find(|i| i.scope != Scope::LookedAfterOnly && i.grade().is_some())
    }

    /// The grade of the newest inspection that speaks for safeguarding.
    pub fn previous_grade(self) -> Option<Grade> {
        self.last_graded().and_then(Inspection::grade)
    }

    /// Years from the publication of that inspection to the day of the history.
    pub fn years_since_last(self) -> Option<f64> {
        self.last_graded().map(|i| self.years_since(i))
    }

    /// The worst key judgement of the newest inspection that speaks for safeguarding; its grade
    /// where it had none.
    pub fn worst_key_judgement(self) -> Option<Grade> {
        let last = self.last_graded()?;
        last.key_judgements().max().or_else(|| last.grade())
    }

    /// The mean number of the key judgements of that inspection, from 1 to 4; that of its grade
    /// where it had none.
    pub fn mean_key_judgement(self) -> Option<f64> {
        let last = self.last_graded()?;
        let numbers: Vec<f64> = last.key_judgements().map(Grade::number).collect();
        match numbers.len() {
            0 => last.grade().map(Grade::number),
            n => Some(numbers.iter().sum::<f64>() / n as f64),
        }
    }

    /// Years from the publication of the newest graded full inspection to the day of the history.
    pub fn years_since_full(self) -> Option<f64> {
        let full = |i: &&Inspection| i.is_like_for_like() && i.grade().is_some();
        self.iter().find(full).map(|i| self.years_since(i))
    }

    fn years_since(self, inspection: &Inspection) -> f64 {
        f64::from((self.on - inspection.published).get_days()) / 365.25
    }

    /// Whether any inspection known by then was graded Inadequate.
    pub fn inadequate_before(self) -> bool {
        self.iter().any(|i| i.grade() == Some(Grade::Inadequate))
    }

    /// Persistent failure: two or more Inadequate grades within five years (NAO 2016, Figure 15).
    pub fn persistent_failure(self) -> bool {
        let failed: Vec<Date> = self
            .iter()
            .filter(|i| i.grade() == Some(Grade::Inadequate))
            .map(|i| i.published)
            .collect();
        failed
            .windows(2)
            .any(|w| w[0].saturating_sub(Span::new().years(5)) <= w[1])
    }

    /// Systemic failure: the newest like-for-like inspection has every key judgement Inadequate
    /// (NAO 2016, Figure 15). `None` without such an inspection.
    pub fn systemic_failure(self) -> Option<bool> {
        let last = self.iter().find(|i| i.is_like_for_like())?;
        let mut grades = last.key_judgements().peekable();
        grades.peek()?;
        Some(grades.all(|g| g == Grade::Inadequate))
    }
}
