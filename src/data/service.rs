//! A service as data: who is inspected, how, by what scale, and what counts as failing.
//!
//! Generic rooms ask it and name no country, inspectorate, framework or grade of their own.

use super::calendar::ReleaseCalendar;
use super::code::{Code, IndicatorId};
use super::framework::{Framework, Scope};
use super::grade::Grade;
use super::indicator::Catalogue;
use super::judgement::JudgementKey;
use super::outcome::OutcomeRule;
use crate::error::{Error, Result};

/// A service's name in files and on the command line, for example `childrens_services`.
pub type ServiceName = Code<40>;

/// An inspected service. Built in for England's children's services
/// ([`Service::childrens_services`]), and read from a JSON file for any other ([`Service::from_json`]).
///
/// ```
/// use forewarn::data::Service;
///
/// let service = Service::childrens_services();
/// assert_eq!(service.noun().plural, "authorities");
/// assert_eq!(service.outcome("overall")?.words(), "judged Inadequate overall");
/// # Ok::<(), forewarn::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    pub(crate) name: ServiceName,
    pub(crate) title: String,
    pub(crate) noun: Noun,
    pub(crate) inspectorate: String,
    pub(crate) benchmark: String,
    pub(crate) grades: Vec<Grade>,
    pub(crate) spellings: Vec<(String, Grade)>,
    pub(crate) judgements: Vec<Judgement>,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) frameworks: Vec<FrameworkRules>,
    pub(crate) outcomes: Vec<OutcomeRule>,
    pub(crate) fresh_years: f64,
    pub(crate) first_inspections: bool,
    pub(crate) catalogue: Catalogue,
    pub(crate) calendar: ReleaseCalendar,
    pub(crate) rules: Vec<RivalRule>,
    pub(crate) recipes: Vec<serde_json::Value>,
    pub(crate) recipe: String,
    pub(crate) family: String,
    pub(crate) proper_use: String,
}

/// What an organisation of the service is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noun {
    /// One of them: `authority`.
    pub singular: String,
    /// Several: `authorities`.
    pub plural: String,
}

/// A judgement that inspections of the service may give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Its column in a table of inspections.
    pub column: String,
    /// What it is called.
    pub words: String,
}

/// A framework with what is read of its inspections.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameworkRules {
    /// The framework.
    pub framework: Framework,
    /// Its own words for grades, each with the grade of the service that it is comparable with.
    pub grades: Vec<(String, Grade)>,
    /// Usual years from a full inspection to the next one, by its grade, where stated.
    pub usual_years: Vec<(Grade, f64)>,
}

/// A rule of thumb that stands beside every model: the event is expected where an indicator lies
/// above a limit.
#[derive(Clone, Debug, PartialEq)]
pub struct RivalRule {
    /// Its name in tables.
    pub name: String,
    /// The indicator.
    pub indicator: IndicatorId,
    /// The limit, in the indicator's unit.
    pub above: f64,
}

impl Service {
    /// Its name in files.
    pub fn name(&self) -> ServiceName {
        self.name
    }

    /// What it is, as a heading.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What its organisations are called.
    pub fn noun(&self) -> &Noun {
        &self.noun
    }

    /// Who inspects.
    pub fn inspectorate(&self) -> &str {
        &self.inspectorate
    }

    /// What the whole is called that figures are compared with: `England`.
    pub fn benchmark(&self) -> &str {
        &self.benchmark
    }

    /// Its grades, the best first.
    pub fn grades(&self) -> &[Grade] {
        &self.grades
    }

    /// The judgements that inspections may give, the overall one first.
    pub fn judgements(&self) -> impl Iterator<Item = (JudgementKey, &Judgement)> {
        let keys = (0..).map_while(JudgementKey::at);
        keys.zip(&self.judgements)
    }

    /// The judgement of that column.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] naming the judgements that there are.
    pub fn judgement(&self, column: &str) -> Result<JudgementKey> {
        let mut all = self.judgements();
        let found = all.find(|(_, judgement)| judgement.column == column);
        found
            .map(|(key, _)| key)
            .ok_or_else(|| Error::InvalidValue {
                what: "judgement",
                found: column.to_owned(),
                expected: listed(self.judgements.iter().map(|j| j.column.as_str())),
            })
    }

    /// What inspections may cover, the whole first.
    pub fn scopes(&self) -> &[Scope] {
        &self.scopes
    }

    /// Its frameworks, the oldest first.
    pub fn frameworks(&self) -> &[FrameworkRules] {
        &self.frameworks
    }

    /// What may count as the event, the default first.
    pub fn outcomes(&self) -> &[OutcomeRule] {
        &self.outcomes
    }

    /// An organisation inspected within so many years needs no warning and takes no place on a
    /// list.
    pub fn fresh_years(&self) -> f64 {
        self.fresh_years
    }

    /// Whether first inspections are told apart in a back-test: where organisations come and go,
    /// nothing is known of many.
    pub fn tells_first_inspections(&self) -> bool {
        self.first_inspections
    }

    /// Its indicators.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The release days of its series, as far as they are stated.
    pub fn calendar(&self) -> &ReleaseCalendar {
        &self.calendar
    }

    /// The rules of thumb that stand beside its models.
    pub fn rules(&self) -> &[RivalRule] {
        &self.rules
    }

    /// The recipes of its file, as they are written there.
    pub(crate) fn written_recipes(&self) -> &[serde_json::Value] {
        &self.recipes
    }

    /// The name of its default recipe.
    pub fn default_recipe(&self) -> &str {
        &self.recipe
    }

    /// The name of its default family of models.
    pub fn default_family(&self) -> &str {
        &self.family
    }

    /// What its scores may be used for, and what not.
    pub fn proper_use(&self) -> &str {
        &self.proper_use
    }

    /// What counts as the event, by name however it is spelt: `any_key_judgement`,
    /// `any-key-judgement` and `AnyKeyJudgement` are one.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] naming the rules that there are.
    pub fn outcome(&self, name: &str) -> Result<OutcomeRule> {
        let found = self
            .outcomes
            .iter()
            .find(|rule| plain(rule.name()) == plain(name));
        found.copied().ok_or_else(|| Error::InvalidValue {
            what: "outcome rule",
            found: name.to_owned(),
            expected: listed(self.outcomes.iter().map(|rule| rule.name())),
        })
    }

    /// The framework of that name.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] naming the frameworks that there are.
    pub fn framework(&self, name: &str) -> Result<&FrameworkRules> {
        let mut all = self.frameworks.iter();
        all.find(|rules| rules.framework.name() == name)
            .ok_or_else(|| Error::InvalidValue {
                what: "framework",
                found: name.to_owned(),
                expected: listed(self.frameworks.iter().map(|r| r.framework.name())),
            })
    }

    /// The scope of that name.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] naming the scopes that there are.
    pub fn scope(&self, name: &str) -> Result<Scope> {
        let found = self.scopes.iter().find(|scope| scope.name() == name);
        found.copied().ok_or_else(|| Error::InvalidValue {
            what: "scope",
            found: name.to_owned(),
            expected: listed(self.scopes.iter().map(|scope| scope.name())),
        })
    }

    /// The grade that a text under a framework means: a grade by its name, or by the framework's own
    /// words or the service's spellings in any case.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] naming the grades that there are.
    pub fn grade(&self, framework: &FrameworkRules, text: &str) -> Result<Grade> {
        let own = framework.grades.iter().chain(&self.spellings);
        let spelt = own
            .filter(|(words, _)| plain(words) == plain(text))
            .map(|(_, grade)| *grade);
        let named = self.grades.iter().filter(|grade| grade.name() == text);
        let found = spelt.chain(named.copied()).next();
        found.ok_or_else(|| Error::InvalidValue {
            what: "grade",
            found: text.to_owned(),
            expected: listed(self.grades.iter().map(|grade| grade.name())),
        })
    }
}

/// A name without the signs in which spellings differ.
fn plain(name: &str) -> String {
    let kept = name.chars().filter(|c| !matches!(c, '_' | '-' | ' '));
    kept.flat_map(char::to_lowercase).collect()
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}
