//! The recipes that have a name.

use super::feature::Feature;
use super::measure::Measure;
use super::recipe::FeatureRecipe;
use crate::data::{EventKind, IndicatorId};

impl FeatureRecipe {
    /// The recipes that have a name.
    pub fn named() -> [FeatureRecipe; 7] {
        [
            FeatureRecipe::four_themes(),
            FeatureRecipe::themes_capped(),
            FeatureRecipe::themes_without_history(),
            FeatureRecipe::themes_experimental(),
            FeatureRecipe::lead_indicators(),
            FeatureRecipe::timeliness(),
            FeatureRecipe::lead_and_timeliness(),
        ]
    }

    /// `themes`: four themes in equal weights. *Workload* is the caseload, higher riskier (NAO 2016,
    /// 2.11). *Timeliness* is assessments within 45 days, conferences within 15 and plan reviews on
    /// time, lower riskier (Working Together's statutory timescales; Wilkins and Antonopoulou
    /// 2018). *Need* is the looked-after rate, higher riskier (deprivation: Bywaters and Webb 2018;
    /// Webb, Bennett and Bywaters 2022; that the rate stands for it is ours). *History* is the
    /// previous grade, worse riskier. Every figure is its rank in its release.
    pub fn four_themes() -> Self {
        let history = [Feature::new(Measure::PreviousGrade)];
        themed("themes", Some(&history))
    }

    /// `themes_capped`: the same with Inadequate counted as Requires improvement in the history.
    /// The cap was chosen with sight of the outcome.
    pub fn themes_capped() -> Self {
        let history = [Feature::new(Measure::PreviousGradeCapped)];
        themed("themes_capped", Some(&history))
    }

    /// `themes_without_history`: workload, timeliness and need.
    pub fn themes_without_history() -> Self {
        themed("themes_without_history", None)
    }

    /// `themes_experimental`: need is the mean of the looked-after rate and the Index of Multiple
    /// Deprivation; the volatility of the indicators and an area for priority action within five
    /// years in a joint inspection are two themes more.
    pub fn themes_experimental() -> Self {
        let deprivation = Feature {
            // An index of one year stands until the next.
            max_age_months: 120,
            ..level("deprivation_score").ranked()
        };
        let volatility = |indicator| {
            Feature::new(Measure::Volatility {
                indicator: id(indicator),
                years: 4,
            })
        };
        let volatilities = [
            "caseload",
            "assessments_45_day_rate",
            "conferences_15_day_rate",
            "reviews_on_time_rate",
            "looked_after_rate",
        ]
        .map(volatility);
        let event = [Feature::new(Measure::EventWithin {
            event: EventKind::literal("jtai"),
            finding: Some(EventKind::literal("priority_action")),
            years: 5,
        })];
        let history = [Feature::new(Measure::PreviousGrade)];
        let [workload, timeliness, _] = shared();
        let need = [level("looked_after_rate").ranked(), deprivation];
        // Of eleven figures three are enough: volatility takes years to be known, and a theme does
        // without members that are missing.
        let recipe = FeatureRecipe::of_parts(
            "themes_experimental",
            &[],
            &[
                ("workload", &workload),
                ("timeliness", &timeliness),
                ("need", &need),
                ("history", &history),
                ("volatility", &volatilities),
                ("joint_inspection", &event),
            ],
        );
        recipe.needing(0.25)
    }

    /// The lead indicators that NAO 2016 names (recommendation 24(d), 2.10, 2.11): re-referral,
    /// repeat plans, agency staff, vacancies, caseload.
    pub fn lead_indicators() -> Self {
        FeatureRecipe::of_parts("lead_indicators", &lead(), &[])
    }

    /// Timeliness: assessments within 45 days, conferences within 15, plan reviews on time.
    pub fn timeliness() -> Self {
        FeatureRecipe::of_parts("timeliness", &timeliness(), &[])
    }

    /// The lead indicators and timeliness.
    pub fn lead_and_timeliness() -> Self {
        let both = [lead().as_slice(), timeliness().as_slice()].concat();
        FeatureRecipe::of_parts("lead_and_timeliness", &both, &[])
    }
}

impl Default for FeatureRecipe {
    /// [`FeatureRecipe::four_themes`]; how it was chosen is said in
    /// [`validate::primary`](crate::validate::primary).
    fn default() -> Self {
        FeatureRecipe::four_themes()
    }
}

fn themed(name: &str, history: Option<&[Feature]>) -> FeatureRecipe {
    let [workload, timeliness, need] = shared();
    let mut themes: Vec<(&str, &[Feature])> = vec![
        ("workload", &workload),
        ("timeliness", &timeliness),
        ("need", &need),
    ];
    themes.extend(history.map(|members| ("history", members)));
    FeatureRecipe::of_parts(name, &[], &themes)
}

/// Workload, timeliness and need.
fn shared() -> [Vec<Feature>; 3] {
    let ranked = |indicators: &[&'static str]| {
        let features = indicators
            .iter()
            .map(|&indicator| level(indicator).ranked());
        features.collect()
    };
    [
        ranked(&["caseload"]),
        ranked(&[
            "assessments_45_day_rate",
            "conferences_15_day_rate",
            "reviews_on_time_rate",
        ]),
        ranked(&["looked_after_rate"]),
    ]
}

/// Shrunk where a handful of children can make a rate; workforce rates are full-time equivalents,
/// not counts of independent events.
fn lead() -> [Feature; 5] {
    [
        level("rereferral_rate").shrunk(),
        level("repeat_plan_rate").shrunk(),
        level("agency_rate"),
        level("vacancy_rate"),
        level("caseload"),
    ]
}

fn timeliness() -> [Feature; 3] {
    [
        level("assessments_45_day_rate"),
        level("conferences_15_day_rate").shrunk(),
        level("reviews_on_time_rate"),
    ]
}

fn level(indicator: &'static str) -> Feature {
    let indicator = id(indicator);
    Feature::new(Measure::Level { indicator })
}

const fn id(text: &'static str) -> IndicatorId {
    IndicatorId::literal(text)
}
