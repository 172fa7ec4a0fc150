//! What a back-test says of differences, chance, choice and lead, recomputed from its predictions by
//! going through all pairs.

mod common;

use approx::assert_abs_diff_eq;
use common::small_world;
use forewarn::data::{AuthorityCode, Panel};
use forewarn::features::{Feature, FeatureRecipe, Months};
use forewarn::jiff::civil::Date;
use forewarn::validate::{
    Backtest, BacktestParams, Bootstrap, Clusters, Difference, Estimate, Forecaster, Interval,
    OwnRule, Prediction, Selection, Subset, Summary, Undefined, Verdict, percentile_interval,
    primary, unmeasured,
};

/// Rounding of sums of hundreds of terms.
const EXACT: f64 = 1e-12;

const REPLICATES: usize = 120;
const SEED: u64 = 5;

fn recipe(name: &str) -> FeatureRecipe {
    let both = ["agency_rate", "vacancy_rate"].map(|what| Feature::level(what).unwrap());
    FeatureRecipe::new(name, both.to_vec()).unwrap()
}

/// A model that learns nothing: so many log-odds for each point of agency staff or of vacancies.
fn rule(name: &'static str, agency: f64, vacancies: f64) -> impl Forecaster {
    OwnRule {
        name,
        recipe: recipe("of its own"),
        log_odds: move |row: &[Option<f64>]| {
            let value = |column: usize| row[column].unwrap_or(0.2);
            agency * value(0) + vacancies * value(1) - 2.0
        },
    }
}

fn params<'a>(recipes: &[&str], candidates: Vec<&'a dyn Forecaster>) -> BacktestParams<'a> {
    BacktestParams {
        years: (2016, 2022),
        leads: vec![Months(0), Months(12)],
        replicates: REPLICATES,
        seed: SEED,
        permutations: 99,
        ..BacktestParams::new(
            recipes.iter().map(|name| recipe(name)).collect(),
            candidates,
        )
    }
}

fn run(params: &BacktestParams<'_>, panel: &Panel) -> Backtest {
    params.run(panel, &|_, _| {}).unwrap()
}

/// The within-year C-statistic of rows that count so much, over all pairs; NaN without a pair.
fn c_statistic(rows: &[&Prediction], weights: &[f64]) -> f64 {
    let (mut won, mut pairs) = (0.0, 0.0);
    let year = |p: &Prediction| p.inspection_start.year();
    for (event, w) in rows.iter().zip(weights).filter(|(p, _)| p.outcome) {
        for (other, v) in rows.iter().zip(weights).filter(|(p, _)| !p.outcome) {
            if year(event) == year(other) {
                pairs += w * v;
                won += w
                    * v
                    * match event.linear_predictor.total_cmp(&other.linear_predictor) {
                        std::cmp::Ordering::Greater => 1.0,
                        std::cmp::Ordering::Equal => 0.5,
                        std::cmp::Ordering::Less => 0.0,
                    };
            }
        }
    }
    won / pairs
}

fn counted(counts: &[u32]) -> Vec<f64> {
    counts.iter().map(|&count| f64::from(count)).collect()
}

/// Rows of one model of a recipe and lead that are kept, by authority and start.
fn rows<'a>(
    result: &'a Backtest,
    (recipe, model, lead): (&str, &str, u16),
    keep: impl Fn(&Prediction) -> bool,
) -> Vec<&'a Prediction> {
    let own = |p: &&Prediction| p.recipe == recipe && p.model == model && p.lead_months == lead;
    let all = result.predictions.iter();
    let mut found: Vec<&Prediction> = all.filter(own).filter(|p| keep(p)).collect();
    found.sort_by_key(|p| (p.organisation, p.inspection_start));
    found
}

fn authorities(rows: &[&Prediction]) -> Vec<AuthorityCode> {
    rows.iter().map(|p| p.organisation).collect()
}

fn all(rows: &[&Prediction]) -> Vec<f64> {
    vec![1.0; rows.len()]
}

fn differences(result: &Backtest) -> impl Iterator<Item = (&Summary, &Difference)> {
    let summaries = result.summary.iter();
    summaries.flat_map(|s| s.difference_to.iter().map(move |d| (s, d)))
}

const ZERO: Interval = Interval {
    low: 0.0,
    high: 0.0,
};

/// Two candidates, nine rivals, two recipes, two leads, two sets of rows and three first years.
#[test]
fn m_counts_every_comparison() {
    let (own, other, rival) = (
        rule("agency", 10.0, 0.0),
        rule("vacancies", 0.0, 1.0),
        rule("both", 5.0, 1.0),
    );
    let mut params = params(&["one", "another"], vec![&own, &other]);
    params.rivals = vec![&rival];
    params.replicates = 40;
    let result = run(&params, &small_world());
    assert_eq!(result.comparisons.m, 2 * 9 * 2 * 2 * 2 * 3);
    assert_eq!(differences(&result).count(), result.comparisons.m);
    let errors = result.comparisons.standard_errors.unwrap();
    // Bonferroni's bound for normal differences is 4.2, one alone has 1.96.
    assert!((2.0..5.0).contains(&errors), "{errors}");
    for (summary, difference) in differences(&result) {
        let rival = |s: &&Summary| {
            let key = |s: &Summary| (s.recipe.clone(), s.lead_months, s.since, s.subset);
            key(s) == key(summary) && s.model == difference.rival
        };
        let rival = result.summary.iter().find(rival).unwrap();
        let less = |of: fn(&Summary) -> Estimate| of(summary).unwrap() - of(rival).unwrap();
        assert_eq!(
            difference.within_year_difference,
            Ok(less(|s| s.auroc_within_year))
        );
        assert_eq!(difference.auroc_difference, Ok(less(|s| s.auroc)));
        assert_eq!(
            difference.verdict,
            Verdict::of(difference.simultaneous_ci95)
        );
    }
}

/// Half of a simultaneous interval over the common number of standard errors is the standard error
/// by what each authority moves: here by central differences, which are exact to 1e-9.
#[test]
fn the_standard_error_is_that_of_its_own_rows_and_rival() {
    let (own, other) = (rule("agency", 10.0, 0.0), rule("vacancies", 0.0, 1.0));
    let result = run(&params(&["one"], vec![&own, &other]), &small_world());
    let errors = result.comparisons.standard_errors.unwrap();
    let late = |p: &Prediction| !p.already_inadequate && p.inspection_start.year() >= 2018;
    let sides =
        ["vacancies", "agency above 16%"].map(|model| rows(&result, ("one", model, 12), late));
    let mut named = authorities(&sides[0]);
    named.dedup();
    let less = |weights: &[f64]| c_statistic(&sides[0], weights) - c_statistic(&sides[1], weights);
    let moved = |code: AuthorityCode, by: f64| {
        let weight = |p: &&Prediction| {
            if p.organisation == code {
                1.0 + by
            } else {
                1.0
            }
        };
        less(&sides[0].iter().map(weight).collect::<Vec<_>>())
    };
    let step = 1e-5;
    let slope = |code: &AuthorityCode| (moved(*code, step) - moved(*code, -step)) / (2.0 * step);
    let error = named
        .iter()
        .map(|code| slope(code).powi(2))
        .sum::<f64>()
        .sqrt();
    let (_, found) = differences(&result)
        .find(|(s, d)| {
            let of = (s.model.as_str(), s.lead_months, s.since, s.subset);
            of == ("vacancies", 12, 2018, Subset::NotAlreadyInadequate)
                && d.rival == "agency above 16%"
        })
        .unwrap();
    let interval = found.simultaneous_ci95.unwrap();
    assert_abs_diff_eq!(
        (interval.high - interval.low) / 2.0 / errors,
        error,
        epsilon = 1e-9
    );
    assert!(error > 0.01);
    let middle = (interval.high + interval.low) / 2.0;
    assert_abs_diff_eq!(middle, less(&all(&sides[0])), epsilon = EXACT);
}

#[test]
fn the_same_scores_differ_by_nothing() {
    let (own, twin) = (rule("agency", 10.0, 0.0), rule("twin", 10.0, 0.0));
    let mut params = params(&["one"], vec![&own]);
    params.rivals = vec![&twin];
    let result = run(&params, &small_world());
    let twins: Vec<_> = differences(&result)
        .filter(|(_, d)| d.rival == "twin")
        .collect();
    assert_eq!(twins.len(), 2 * 2 * 3);
    for (_, found) in twins {
        assert_eq!(found.within_year_difference, Ok(0.0));
        assert_eq!(found.within_year_ci95, Ok(ZERO));
        assert_eq!(found.simultaneous_ci95, Ok(ZERO));
        assert_eq!(found.auroc_difference, Ok(0.0));
        assert_eq!(found.ci95, Ok(ZERO));
        assert_eq!(found.verdict, Verdict::NoPracticalDifference);
    }
}

/// The first candidate against the previous grade, twelve months ahead, among those that were not
/// Inadequate already.
#[test]
fn the_primary_comparison_is_the_one_written_down() {
    let (own, other) = (rule("agency", 10.0, 0.0), rule("vacancies", 0.0, 1.0));
    let result = run(
        &params(&["one", "another"], vec![&own, &other]),
        &small_world(),
    );
    let found = result.primary.as_ref().unwrap();
    assert_eq!(
        (found.recipe.as_str(), found.model.as_str()),
        ("one", "agency")
    );
    assert_eq!(
        (found.rival.as_str(), found.lead_months),
        ("previous grade", 12)
    );
    let warned = |p: &Prediction| !p.already_inadequate;
    let sides = ["agency", "previous grade"].map(|model| rows(&result, ("one", model, 12), warned));
    let events = sides[0].iter().filter(|p| p.outcome).count();
    assert_eq!((found.n, found.events), (sides[0].len(), events));
    let less = c_statistic(&sides[0], &all(&sides[0])) - c_statistic(&sides[1], &all(&sides[1]));
    assert_abs_diff_eq!(found.within_year_difference.unwrap(), less, epsilon = EXACT);
    assert_eq!(found.verdict, Verdict::of(found.ci95));
    // A second recipe does not change it, another lead leaves none.
    let mut short = params(&["one"], vec![&own]);
    assert_eq!(run(&short, &small_world()).primary.as_ref(), Some(found));
    short.leads = vec![Months(0)];
    let result = run(&short, &small_world());
    assert_eq!((result.primary, result.selection), (None, None));
}

#[test]
fn a_signal_is_no_noise_and_noise_may_be() {
    let (own, other) = (rule("agency", 10.0, 0.0), rule("vacancies", 0.0, 1.0));
    let result = run(&params(&["one"], vec![&own, &other]), &small_world());
    assert_eq!(result.permutations.len(), 4);
    for found in &result.permutations {
        let own = rows(&result, ("one", &found.model, found.lead_months), |_| true);
        let c = found.auroc_within_year.unwrap();
        assert_abs_diff_eq!(c, c_statistic(&own, &all(&own)), epsilon = EXACT);
        assert_eq!(found.draws, 99);
        let (p, above) = (found.p.unwrap(), c > found.chance_p95.unwrap());
        // p is a whole number of hundredths.
        assert_abs_diff_eq!(100.0 * p, (100.0 * p).round(), epsilon = 1e-9);
        match found.model.as_str() {
            "agency" => assert!(above && p <= 0.02, "{found:?}"),
            _ => assert!(!above && p > 0.05, "{found:?}"),
        }
    }
    let mut none = params(&["one"], vec![&own]);
    none.permutations = 0;
    let result = run(&none, &small_world());
    for found in &result.permutations {
        assert_eq!((found.draws, found.p), (0, Err(Undefined::NoRows)));
    }
}

fn chosen(candidates: Vec<&dyn Forecaster>) -> (Backtest, Selection) {
    let result = run(&params(&["themes"], candidates), &small_world());
    let selection = result.selection.clone().unwrap();
    (result, selection)
}

/// Of each resample the candidate that is best on what was drawn, on what was not.
#[test]
fn the_worth_of_a_choice_is_recomputed_on_the_same_resamples() {
    let (noise, signal) = (rule("noise", 0.0, 1.0), rule("signal", 10.0, 0.0));
    let (result, found) = chosen(vec![&noise, &signal]);
    let sides = ["noise", "signal"].map(|model| rows(&result, ("themes", model, 0), |_| true));
    assert_eq!((found.lead_months, found.n), (0, sides[0].len()));
    assert_eq!(found.best, 1);
    for (candidate, rows) in found.candidates.iter().zip(&sides) {
        let c = candidate.auroc_within_year.unwrap();
        assert_abs_diff_eq!(c, c_statistic(rows, &all(rows)), epsilon = EXACT);
    }
    let clusters = Clusters::new(&authorities(&sides[0]));
    let draws = Bootstrap::new(REPLICATES, SEED);
    let left_out = |replicate: usize| {
        let counts = draws.row_counts(&clusters, replicate);
        let drawn = [0, 1].map(|m| c_statistic(&sides[m], &counted(&counts)));
        let best = usize::from(drawn[1] > drawn[0]);
        let others = counts.iter().map(|&count| f64::from(u8::from(count == 0)));
        c_statistic(&sides[best], &others.collect::<Vec<_>>())
    };
    let values: Vec<f64> = (0..REPLICATES).map(left_out).collect();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    assert_abs_diff_eq!(found.corrected.unwrap(), mean, epsilon = EXACT);
    let replicates: Vec<Estimate> = values.into_iter().map(Ok).collect();
    let expected = percentile_interval(&replicates).unwrap().interval95;
    let ci = found.corrected_ci95.unwrap();
    assert_abs_diff_eq!(ci.low, expected.low, epsilon = EXACT);
    assert_abs_diff_eq!(ci.high, expected.high, epsilon = EXACT);
    // A clear choice gives about what it promises.
    let own = found.candidates[1].auroc_within_year.unwrap();
    assert!((mean - own).abs() < 0.03, "{mean}, {own}");
    assert!(found.p.unwrap() <= 0.02 && own > found.chance_p95.unwrap());
    // Neither is one of those among which the rule chooses.
    assert_eq!(found.default, None);
    for candidate in &found.candidates {
        assert_eq!(candidate.against_simplest, Err(Undefined::NoRows));
    }
}

/// `themes` in equal weights is the simplest, whatever its place in the run.
#[test]
fn a_later_candidate_has_to_be_better_for_certain() {
    let noise = |name| rule(name, 0.0, 1.0);
    let signal = |name| rule(name, 10.0, 0.0);
    // The simplest is noise: the other is better.
    let (simple, learned) = (noise("composite"), signal("towards_equal"));
    let (result, found) = chosen(vec![&learned, &simple]);
    assert_eq!(found.default, Some(0));
    assert_eq!(found.candidates[1].against_simplest, Ok(0.0));
    assert_eq!(found.candidates[1].against_simplest_ci95, Ok(ZERO));
    let better = &found.candidates[0];
    let warned = |p: &Prediction| !p.already_inadequate;
    let sides =
        ["towards_equal", "composite"].map(|model| rows(&result, ("themes", model, 12), warned));
    let less = c_statistic(&sides[0], &all(&sides[0])) - c_statistic(&sides[1], &all(&sides[1]));
    assert_abs_diff_eq!(better.against_simplest.unwrap(), less, epsilon = EXACT);
    assert!(better.against_simplest_ci95.unwrap().low > 0.0);
    // The other is a little higher, which could be chance: the simplest stays.
    let (simple, learned) = (rule("composite", 10.0, 0.5), signal("towards_equal"));
    let (_, found) = chosen(vec![&learned, &simple]);
    let ci = found.candidates[0].against_simplest_ci95.unwrap();
    assert!(found.candidates[0].against_simplest.unwrap() > 0.0 && ci.low < 0.0);
    assert_eq!(found.default, Some(1));
    // The simplest is better: it stays.
    let (simple, learned) = (signal("composite"), noise("towards_equal"));
    let (_, found) = chosen(vec![&simple, &learned]);
    assert_eq!((found.default, found.best), (Some(0), 0));
    assert!(found.candidates[1].against_simplest_ci95.unwrap().high < 0.0);
    // Another model takes no part in the rule.
    let other = rule("other", 20.0, 0.0);
    let (_, found) = chosen(vec![&other, &learned, &simple]);
    assert_eq!(found.default, Some(2));
    assert_eq!(found.candidates[0].against_simplest, Err(Undefined::NoRows));
    assert_eq!(primary::CANDIDATES[0].family, "composite");
}

/// The same inspections at both leads, though fewer could be scored a year ahead; what is lost is
/// paired, in every resample.
#[test]
fn leads_are_compared_on_the_same_inspections() {
    let own = rule("agency", 10.0, 0.0);
    let result = run(&params(&["one"], vec![&own]), &small_world());
    let key = |p: &Prediction| -> (AuthorityCode, Date) { (p.organisation, p.inspection_start) };
    let ahead: Vec<_> = rows(&result, ("one", "agency", 12), |_| true);
    let ahead: Vec<_> = ahead.into_iter().map(key).collect();
    let common = |p: &Prediction| ahead.contains(&key(p));
    let sides = [0, 12].map(|lead| rows(&result, ("one", "agency", lead), common));
    let on_the_day = rows(&result, ("one", "agency", 0), |_| true);
    assert!(on_the_day.len() > sides[0].len(), "some known too late");
    let curve = &result.lead_curves[0];
    let events = sides[0].iter().filter(|p| p.outcome).count();
    assert_eq!((curve.n, curve.events), (sides[0].len(), events));
    assert_eq!(result.lead_curves.len(), 1);
    let clusters = Clusters::new(&authorities(&sides[0]));
    let draws = Bootstrap::new(REPLICATES, SEED).run(&clusters, |counts| {
        [0, 1].map(|m| c_statistic(&sides[m], &counted(counts)))
    });
    let interval = |of: &dyn Fn(&[f64; 2]) -> f64| {
        let values: Vec<Estimate> = draws.iter().map(|draw| Ok(of(draw))).collect();
        percentile_interval(&values).unwrap().interval95
    };
    let c = [0, 1].map(|m| c_statistic(&sides[m], &all(&sides[m])));
    let same = |found: Estimate<Interval>, expected: Interval| {
        assert_abs_diff_eq!(found.unwrap().low, expected.low, epsilon = EXACT);
        assert_abs_diff_eq!(found.unwrap().high, expected.high, epsilon = EXACT);
    };
    for (m, point) in curve.points.iter().enumerate() {
        assert_eq!(point.lead_months, [0, 12][m]);
        assert_abs_diff_eq!(point.auroc_within_year.unwrap(), c[m], epsilon = EXACT);
        assert_abs_diff_eq!(point.lost.unwrap(), c[0] - c[m], epsilon = EXACT);
        same(point.ci95, interval(&|draw| draw[m]));
        same(point.lost_ci95, interval(&|draw| draw[0] - draw[m]));
    }
    assert_eq!(curve.points[0].lost_ci95, Ok(ZERO));
}

/// With one lead there is no curve.
#[test]
fn one_lead_has_no_curve() {
    let own = rule("agency", 10.0, 0.0);
    let mut params = params(&["one"], vec![&own]);
    params.leads = vec![Months(0)];
    assert!(run(&params, &small_world()).lead_curves.is_empty());
}

#[test]
fn what_is_not_measured_is_told_of_the_highest_fifth() {
    let own = rule("agency", 10.0, 0.0);
    let result = run(&params(&["one"], vec![&own]), &small_world());
    let mut risks: Vec<f64> = rows(&result, ("one", "agency", 0), |_| true)
        .iter()
        .map(|p| p.probability)
        .collect();
    risks.sort_by(|a, b| b.total_cmp(a));
    let fifth = risks.len().div_ceil(5);
    let mean = risks[..fifth].iter().sum::<f64>() / fifth as f64;
    let meaning = result.meaning("one", 0, "agency").unwrap().unwrap();
    let found = meaning.unmeasured.unwrap();
    let expected = unmeasured(mean).unwrap();
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert_abs_diff_eq!(found.average, mean, epsilon = EXACT);
        assert_abs_diff_eq!(found.own_risk.low, expected.own_risk.low, epsilon = EXACT);
        assert_abs_diff_eq!(found.own_risk.high, expected.own_risk.high, epsilon = EXACT);
    }
}
