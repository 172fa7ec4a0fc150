//! How Ofsted inspects children's services: grades, judgements, frameworks and what counts as the
//! event.

use std::str::FromStr;

use crate::data::framework::{Framework, FrameworkRow, Scope, ScopeRow};
use crate::data::grade::{Grade, GradeRow};
use crate::data::judgement::{JudgementKey, Keys};
use crate::data::outcome::{Judged, OutcomeRow, OutcomeRule};
use crate::error::{Error, Result};

const fn graded(
    place: u8,
    name: &'static str,
    words: &'static str,
    short: &'static str,
) -> GradeRow {
    GradeRow {
        place,
        of: 4,
        name,
        words,
        short,
    }
}

const OUTSTANDING: &GradeRow = &graded(0, "outstanding", "Outstanding", "O");
const GOOD: &GradeRow = &graded(1, "good", "Good", "G");
const REQUIRES_IMPROVEMENT: &GradeRow =
    &graded(2, "requires_improvement", "Requires improvement", "RI");
const INADEQUATE: &GradeRow = &graded(3, "inadequate", "Inadequate", "I");

/// Ofsted's four grades, the best first.
#[expect(
    non_upper_case_globals,
    reason = "they were variants of an enum, and read as such"
)]
impl Grade {
    /// Outstanding.
    pub const Outstanding: Grade = Grade::built_in(OUTSTANDING);
    /// Good.
    pub const Good: Grade = Grade::built_in(GOOD);
    /// Requires improvement to be good ("adequate" before 2014).
    pub const RequiresImprovement: Grade = Grade::built_in(REQUIRES_IMPROVEMENT);
    /// Inadequate.
    pub const Inadequate: Grade = Grade::built_in(INADEQUATE);
}

pub(crate) const GRADES: [Grade; 4] = [
    Grade::Outstanding,
    Grade::Good,
    Grade::RequiresImprovement,
    Grade::Inadequate,
];

const fn key(place: usize) -> JudgementKey {
    match JudgementKey::at(place) {
        Some(key) => key,
        // Places are constants of this file: a wrong one fails to compile.
        None => panic!("no such judgement"),
    }
}

/// The judgements of children's services beside the overall one. In a SLAC inspection that is of
/// safeguarding; since 27 April 2026 none is given.
impl JudgementKey {
    /// Leadership, management and governance; impact of leaders.
    pub const LEADERS: JudgementKey = key(1);
    /// Children who need help and protection.
    pub const HELP_AND_PROTECTION: JudgementKey = key(2);
    /// Children in care (in ILACS before 2023 with care leavers).
    pub const IN_CARE: JudgementKey = key(3);
    /// Care leavers: a key judgement of ILACS from 2023, a sub-judgement of SIF.
    pub const CARE_LEAVERS: JudgementKey = key(4);
    /// Adoption: a sub-judgement of SIF.
    pub const ADOPTION: JudgementKey = key(5);
    /// Local safeguarding children board: reviewed beside SIF, not a judgement of the authority.
    pub const LSCB: JudgementKey = key(6);
}

/// Judgements: the column in our own table of inspections, and in words.
pub(crate) const JUDGEMENTS: [(&str, &str); 7] = [
    ("overall_effectiveness", "overall effectiveness"),
    ("impact_of_leaders", "impact of leaders"),
    ("help_and_protection", "help and protection"),
    ("in_care", "children in care"),
    ("care_leavers", "care leavers"),
    ("adoption", "adoption"),
    ("lscb", "safeguarding board"),
];

/// Conservative: of the 167 SIF inspections with a known start, 99% were published sooner after it.
const DAYS_TO_PUBLICATION: i64 = 150;

const KEY: Keys = Keys::none().and(key(1)).and(key(2)).and(key(3));
const KEY_WITH_CARE_LEAVERS: Keys = KEY.and(key(4));

const fn framework(place: u8, name: &'static str, key: Keys, like_for_like: bool) -> FrameworkRow {
    FrameworkRow {
        place,
        name,
        key,
        like_for_like,
        days_to_publication: DAYS_TO_PUBLICATION,
    }
}

const SLAC: &FrameworkRow = &framework(0, "SLAC", KEY, false);
const CPI: &FrameworkRow = &framework(1, "CPI", KEY, false);
const TLAC: &FrameworkRow = &framework(2, "TLAC", KEY, false);
const SIF: &FrameworkRow = &framework(3, "SIF", KEY, true);
const ILACS: &FrameworkRow = &framework(4, "ILACS", KEY_WITH_CARE_LEAVERS, true);

/// The frameworks under which Ofsted has inspected children's services.
#[expect(
    non_upper_case_globals,
    reason = "they were variants of an enum, and read as such"
)]
impl Framework {
    /// Safeguarding and looked-after children, 2009 to 2012.
    pub const Slac: Framework = Framework::built_in(SLAC);
    /// Child protection, 2012 to 2013.
    pub const Cpi: Framework = Framework::built_in(CPI);
    /// Targeted, looked-after children, 2013.
    pub const Tlac: Framework = Framework::built_in(TLAC);
    /// Single inspection framework, 2013 to 2018.
    pub const Sif: Framework = Framework::built_in(SIF);
    /// Inspecting local authority children's services, since 2018.
    pub const Ilacs: Framework = Framework::built_in(ILACS);
}

pub(crate) const FRAMEWORKS: [Framework; 5] = [
    Framework::Slac,
    Framework::Cpi,
    Framework::Tlac,
    Framework::Sif,
    Framework::Ilacs,
];

const fn scope(place: u8, name: &'static str, full: bool, speaks: bool) -> ScopeRow {
    ScopeRow {
        place,
        name,
        full,
        speaks,
    }
}

const ALL: &ScopeRow = &scope(0, "all", true, true);
const SAFEGUARDING_AND_LOOKED_AFTER: &ScopeRow =
    &scope(1, "safeguarding_and_looked_after", false, true);
const SAFEGUARDING_ONLY: &ScopeRow = &scope(2, "safeguarding_only", false, true);
const CHILD_PROTECTION_ONLY: &ScopeRow = &scope(3, "child_protection_only", false, true);
// The previous grade is one that speaks for safeguarding.
const LOOKED_AFTER_ONLY: &ScopeRow = &scope(4, "looked_after_only", false, false);

/// Which services an inspection covered.
#[expect(
    non_upper_case_globals,
    reason = "they were variants of an enum, and read as such"
)]
impl Scope {
    /// All of them: the only like-for-like outcome.
    pub const All: Scope = Scope::built_in(ALL);
    /// Safeguarding and looked-after children, judged apart.
    pub const SafeguardingAndLookedAfter: Scope = Scope::built_in(SAFEGUARDING_AND_LOOKED_AFTER);
    /// Safeguarding alone.
    pub const SafeguardingOnly: Scope = Scope::built_in(SAFEGUARDING_ONLY);
    /// Child protection alone.
    pub const ChildProtectionOnly: Scope = Scope::built_in(CHILD_PROTECTION_ONLY);
    /// Looked-after children alone.
    pub const LookedAfterOnly: Scope = Scope::built_in(LOOKED_AFTER_ONLY);
}

pub(crate) const SCOPES: [Scope; 5] = [
    Scope::All,
    Scope::SafeguardingAndLookedAfter,
    Scope::SafeguardingOnly,
    Scope::ChildProtectionOnly,
    Scope::LookedAfterOnly,
];

const fn outcome(name: &'static str, words: &'static str, judged: Judged) -> OutcomeRow {
    OutcomeRow {
        name,
        words,
        judged,
        from: Grade::Inadequate,
        no_probability: "",
    }
}

const ANY_KEY_JUDGEMENT: &OutcomeRow = &outcome(
    "any_key_judgement",
    "judged Inadequate overall or in any key judgement",
    Judged::OverallAndKey,
);
const OVERALL: &OutcomeRow = &outcome(
    "overall",
    "judged Inadequate overall",
    Judged::Any(Keys::none().and(JudgementKey::OVERALL)),
);
const HELP_AND_PROTECTION: &OutcomeRow = &outcome(
    "help_and_protection",
    "judged Inadequate for help and protection",
    Judged::Any(Keys::none().and(JudgementKey::HELP_AND_PROTECTION)),
);
const LEADERS: &OutcomeRow = &outcome(
    "leaders",
    "judged Inadequate for the impact of leaders",
    Judged::Any(Keys::none().and(JudgementKey::LEADERS)),
);

/// What counts as the event. A stated rule, because overall grades end in April 2026.
#[expect(
    non_upper_case_globals,
    reason = "they were variants of an enum, and read as such"
)]
impl OutcomeRule {
    /// Overall effectiveness or any key judgement is Inadequate: the default.
    pub const AnyKeyJudgement: OutcomeRule = OutcomeRule::built_in(ANY_KEY_JUDGEMENT);
    /// Overall effectiveness is Inadequate.
    pub const Overall: OutcomeRule = OutcomeRule::built_in(OVERALL);
    /// Help and protection is Inadequate.
    pub const HelpAndProtection: OutcomeRule = OutcomeRule::built_in(HELP_AND_PROTECTION);
    /// Leadership or the impact of leaders is Inadequate.
    pub const Leaders: OutcomeRule = OutcomeRule::built_in(LEADERS);
    /// Every rule of children's services.
    pub const ALL: [OutcomeRule; 4] = [
        OutcomeRule::AnyKeyJudgement,
        OutcomeRule::Overall,
        OutcomeRule::HelpAndProtection,
        OutcomeRule::Leaders,
    ];
}

impl Default for OutcomeRule {
    fn default() -> Self {
        OutcomeRule::AnyKeyJudgement
    }
}

impl FromStr for OutcomeRule {
    type Err = Error;

    /// Reads the name of a rule of children's services, however it is spelt: `any_key_judgement`,
    /// `any-key-judgement` and `AnyKeyJudgement` are one.
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
