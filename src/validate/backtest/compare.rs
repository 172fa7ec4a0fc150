//! Which differences can be told: simultaneous intervals over all comparisons of a run.
//!
//! With m differences d_c of within-year C-statistics, their standard errors SE_c and the same of a
//! resample d*_c and SE*_c, the interval of each is d_c +- q SE_c with q the 95% point, over
//! resamples, of the largest |d*_c - d_c| / SE*_c: all m intervals hold together in 95% of cases
//! (max-T: Westfall and Young 1993, *Resampling-Based Multiple Testing*, section 2.6; studentised
//! in each resample as Romano and Wolf 2005, *Econometrica* 73:1237-1282, recommend: with the
//! standard errors of the rows themselves they hold together in 92%). What was tried in other runs
//! they cannot know.

use serde::{Deserialize, Serialize};

use super::baselines::Baseline;
use super::primary;
use super::resampled::{Kind, Resampled, Sampled, Studentised};
use crate::stats::interval::{Interval, quantile};
use crate::stats::undefined::{Estimate, or_why};

/// A smaller standard error is rounding.
const ROUNDING: f64 = 1e-12;

/// How many comparisons a run makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Comparisons {
    /// Secondary comparisons: every candidate with every rival, lead, subset and first year.
    pub m: usize,
    /// How many standard errors on either side make intervals that hold together; `None` without a
    /// comparison.
    pub standard_errors: Option<f64>,
}

/// What a simultaneous interval lets one say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The interval lies above 0.
    Better,
    /// The interval lies below 0.
    Worse,
    /// The interval lies within [`primary::MARGIN`] of 0.
    NoPracticalDifference,
    /// None of these.
    CannotBeTold,
}

/// A paired difference of C-statistics on the same rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The rival.
    pub rival: String,
    /// The model's within-year C-statistic less the rival's.
    #[serde(with = "or_why")]
    pub within_year_difference: Estimate,
    /// Its 95% interval by resampling authorities, for this comparison alone.
    #[serde(with = "or_why")]
    pub within_year_ci95: Estimate<Interval>,
    /// Its interval that holds together with those of all comparisons of the run.
    #[serde(with = "or_why")]
    pub simultaneous_ci95: Estimate<Interval>,
    /// What the simultaneous interval lets one say.
    pub verdict: Verdict,
    /// The model's pooled C-statistic less the rival's.
    #[serde(with = "or_why")]
    pub auroc_difference: Estimate,
    /// Its 95% interval by resampling authorities, for this comparison alone.
    #[serde(with = "or_why")]
    pub ci95: Estimate<Interval>,
}

/// The comparison that was primary beforehand, see [`primary`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Primary {
    /// The recipe.
    pub recipe: String,
    /// The model.
    pub model: String,
    /// The rival.
    pub rival: String,
    /// The lead.
    pub lead_months: u16,
    /// Rows of authorities that are not already Inadequate.
    pub n: usize,
    /// Of these, with the event.
    pub events: usize,
    /// The model's within-year C-statistic less the rival's.
    #[serde(with = "or_why")]
    pub within_year_difference: Estimate,
    /// Its 95% interval by resampling authorities.
    #[serde(with = "or_why")]
    pub ci95: Estimate<Interval>,
    /// What that interval lets one say.
    pub verdict: Verdict,
}

/// A difference that is waiting for the others.
struct Waiting {
    within: Studentised,
    pooled: Sampled,
    rival: String,
}

/// Every candidate's differences, by frame, model and first year.
pub(crate) struct All {
    waiting: Vec<(Key, Waiting)>,
    standard_errors: Estimate,
    m: usize,
}

pub(crate) type Key = (usize, usize, usize);

impl Verdict {
    /// From an interval of a difference.
    pub fn of(interval: Estimate<Interval>) -> Verdict {
        let Ok(Interval { low, high }) = interval else {
            return Verdict::CannotBeTold;
        };
        if low > 0.0 {
            Verdict::Better
        } else if high < 0.0 {
            Verdict::Worse
        } else if -primary::MARGIN <= low && high <= primary::MARGIN {
            Verdict::NoPracticalDifference
        } else {
            Verdict::CannotBeTold
        }
    }
}

impl All {
    /// Compares the first `candidates` of every frame with the others.
    pub(crate) fn new(resampled: &Resampled<'_>, candidates: usize) -> Self {
        let mut waiting = Vec::new();
        for (f, frame) in resampled.frames.iter().enumerate() {
            for model in 0..candidates {
                for since in 0..resampled.since.len() {
                    for rival in candidates..frame.models.len() {
                        let pooled = |model| resampled.of(f, model, since, Kind::Pooled);
                        let difference = Waiting {
                            within: resampled.less(f, model, rival, since),
                            pooled: pooled(model).less(&pooled(rival)),
                            rival: frame.models[rival][0].model.clone(),
                        };
                        waiting.push(((f, model, since), difference));
                    }
                }
            }
        }
        let sampled: Vec<&Studentised> = waiting.iter().map(|(_, w)| &w.within).collect();
        All {
            m: sampled.len(),
            standard_errors: simultaneous(&sampled),
            waiting,
        }
    }

    pub(crate) fn comparisons(&self) -> Comparisons {
        Comparisons {
            m: self.m,
            standard_errors: self.standard_errors.ok(),
        }
    }

    /// The differences of one model of one frame since a year.
    pub(crate) fn of(&self, key: Key) -> Vec<Difference> {
        let own = self.waiting.iter().filter(|(k, _)| *k == key);
        own.map(|(_, waiting)| self.told(waiting)).collect()
    }

    fn told(&self, waiting: &Waiting) -> Difference {
        let simultaneous_ci95 = self
            .standard_errors
            .and_then(|errors| around(&waiting.within, errors));
        Difference {
            rival: waiting.rival.clone(),
            within_year_difference: waiting.within.difference.estimate,
            within_year_ci95: waiting.within.difference.interval().0,
            verdict: Verdict::of(simultaneous_ci95),
            simultaneous_ci95,
            auroc_difference: waiting.pooled.estimate,
            ci95: waiting.pooled.interval().0,
        }
    }
}

/// How many standard errors make intervals of all these differences that hold together.
pub(crate) fn simultaneous(differences: &[&Studentised]) -> Estimate {
    let replicates = differences.first().map_or(0, |d| d.errors.len());
    let largest = |replicate: usize| {
        let off = differences.iter().filter_map(|d| {
            let off = d.difference.replicates[replicate] - d.difference.estimate.ok()?;
            let error = d.errors[replicate];
            // A resample without a statistic, or where nothing varies, says nothing of it.
            (error > ROUNDING).then_some(off.abs() / error)
        });
        off.filter(|t| !t.is_nan())
            .fold(f64::NEG_INFINITY, f64::max)
    };
    let mut largest: Vec<f64> = (0..replicates)
        .map(largest)
        .filter(|t| t.is_finite())
        .collect();
    largest.sort_unstable_by(f64::total_cmp);
    quantile(&largest, 0.95)
}

/// A difference with so many standard errors on either side.
pub(crate) fn around(of: &Studentised, errors: f64) -> Estimate<Interval> {
    let estimate = of.difference.estimate?;
    let half = errors * of.error;
    Ok(Interval {
        low: estimate - half,
        high: estimate + half,
    })
}

/// The primary comparison, where the run holds it.
pub(crate) fn primary_of(resampled: &Resampled<'_>) -> Option<Primary> {
    let holds = |frame: &&super::resampled::Frame<'_>| {
        frame.subset == primary::SUBSET && frame.first().lead_months == primary::LEAD.0
    };
    let at = resampled.frames.iter().position(|frame| holds(&frame))?;
    let frame = &resampled.frames[at];
    let named = |model: &Vec<&super::prediction::Prediction>| {
        model[0].model == Baseline::words(primary::RIVAL)
    };
    let rival = frame.models.iter().position(named)?;
    let difference = resampled.less(at, 0, rival, 0).difference;
    let ci95 = difference.interval().0;
    let first = frame.first();
    Some(Primary {
        recipe: first.recipe.clone(),
        model: first.model.clone(),
        rival: Baseline::words(primary::RIVAL).to_owned(),
        lead_months: first.lead_months,
        n: frame.outcomes.len(),
        events: frame.outcomes.iter().filter(|event| **event).count(),
        within_year_difference: difference.estimate,
        ci95,
        verdict: Verdict::of(ci95),
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;
    use rand_xoshiro::Xoshiro256PlusPlus;
    use rand_xoshiro::rand_core::{Rng, SeedableRng};

    use super::super::prediction::Prediction;
    use super::super::subset::Subset;
    use super::*;
    use crate::data::AuthorityCode;
    use crate::validate::{Bootstrap, Undefined};

    const EXACT: f64 = 1e-12;

    fn verdict(low: f64, high: f64) -> Verdict {
        Verdict::of(Ok(Interval { low, high }))
    }

    #[test]
    fn verdicts_at_their_edges() {
        use Verdict::{Better, CannotBeTold, NoPracticalDifference, Worse};
        let least = f64::MIN_POSITIVE;
        assert_eq!(verdict(least, 0.2), Better);
        assert_eq!(verdict(least, 0.01), Better, "however little");
        assert_eq!(verdict(-0.2, -least), Worse);
        assert_eq!(verdict(0.0, 0.2), CannotBeTold);
        assert_eq!(verdict(-0.2, 0.0), CannotBeTold);
        assert_eq!(verdict(0.0, 0.0), NoPracticalDifference);
        let margin = primary::MARGIN;
        assert_eq!(verdict(-margin, margin), NoPracticalDifference);
        assert_eq!(verdict(0.0, margin), NoPracticalDifference);
        assert_eq!(verdict(-margin, margin + 1e-9), CannotBeTold);
        assert_eq!(verdict(-margin - 1e-9, margin), CannotBeTold);
        assert_eq!(verdict(f64::NAN, f64::NAN), CannotBeTold);
        assert_eq!(Verdict::of(Err(Undefined::OneClass)), CannotBeTold);
    }

    fn studentised(estimate: f64, replicates: [f64; 3], errors: [f64; 3]) -> Studentised {
        Studentised {
            difference: Sampled {
                estimate: Ok(estimate),
                replicates: replicates.to_vec(),
            },
            error: 0.02,
            errors: errors.to_vec(),
        }
    }

    /// Off by 2, 1 and 1 of its own standard errors, and by 1, nothing and 3: at most 2, 1 and 3. Of
    /// these the 95% point is 2 + 0.9 x (3 - 2).
    #[test]
    fn the_largest_of_each_resample_decides() {
        let one = studentised(0.1, [0.2, 0.0, 0.15], [0.05, 0.1, 0.05]);
        let other = studentised(0.0, [0.1, f64::NAN, -0.3], [0.1, f64::NAN, 0.1]);
        // Nothing varies: it says nothing.
        let same = studentised(0.0, [0.0; 3], [0.0; 3]);
        let errors = simultaneous(&[&one, &other, &same]).unwrap();
        assert!((errors - 2.9).abs() < EXACT, "{errors}");
        let found = around(&one, errors).unwrap();
        assert!((found.low - 0.042).abs() < EXACT && (found.high - 0.158).abs() < EXACT);
        assert_eq!(simultaneous(&[&same]), Err(Undefined::NoRows));
        assert_eq!(simultaneous(&[]), Err(Undefined::NoRows));
    }

    struct Draw(Xoshiro256PlusPlus);

    impl Draw {
        fn uniform(&mut self) -> f64 {
            (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
        }
    }

    const RIVALS: usize = 8;
    const AUTHORITIES: usize = 70;
    const INSPECTIONS: usize = 210;

    /// A candidate and its rivals, none of which knows anything: every true difference is 0. Scores
    /// go together, and those of one authority too; some tie.
    fn noise(seed: u64) -> Vec<Vec<Prediction>> {
        let mut draw = Draw(Xoshiro256PlusPlus::seed_from_u64(seed));
        let own: Vec<f64> = (0..AUTHORITIES).map(|_| draw.uniform()).collect();
        let mut models = vec![Vec::new(); 1 + RIVALS];
        for row in 0..INSPECTIONS {
            let at = row % AUTHORITIES;
            let year = 2016 + (draw.uniform() * 5.0) as i16;
            let (outcome, already) = (draw.uniform() < 0.2, draw.uniform() < 0.15);
            let shared = own[at] + draw.uniform();
            for (model, rows) in models.iter_mut().enumerate() {
                let score = ((shared + 2.0 * draw.uniform()) * 30.0).round() / 30.0;
                let name = format!("model {model}");
                rows.push(prediction(name, at, year, outcome, already, score));
            }
        }
        models
    }

    fn prediction(
        model: String,
        organisation: usize,
        year: i16,
        outcome: bool,
        already_inadequate: bool,
        score: f64,
    ) -> Prediction {
        let start = Date::constant(year, 5, 10);
        Prediction {
            model,
            recipe: "noise".to_owned(),
            lead_months: 0,
            organisation: AuthorityCode::new(&format!("T{organisation:02}")).unwrap(),
            inspection_start: start,
            as_of: start,
            origin: start,
            outcome,
            probability: 0.2,
            linear_predictor: score,
            uncalibrated_linear_predictor: score,
            recalibrated_probability: 0.2,
            already_inadequate,
            first_inspection: false,
            by_half_life: [score; 5],
        }
    }

    const WORLDS: u64 = 120;

    /// Two sets of rows and two first years: 32 differences, whose intervals should all hold 0 in 95%
    /// of worlds, up to 3.5 binomial standard errors. Each for itself holds 0 in 95%, but all of them
    /// seldom do. Of 1,500 such worlds with 200 resamples they held together in 94.1%; `cargo run
    /// --release --example coverage -- comparisons` is the large study.
    #[test]
    fn simultaneous_intervals_hold_together() {
        let (mut together, mut alone) = (0, 0);
        for seed in 0..WORLDS {
            let groups = vec![noise(seed)];
            let draws = Bootstrap::new(150, seed);
            let resampled =
                Resampled::new(&groups, 1, vec![2016, 2018], Subset::of(false), draws).unwrap();
            let all = All::new(&resampled, 1);
            assert_eq!(all.comparisons().m, RIVALS * 4);
            let keys = [(0, 0, 0), (0, 0, 1), (1, 0, 0), (1, 0, 1)];
            let told: Vec<Difference> = keys.into_iter().flat_map(|key| all.of(key)).collect();
            assert_eq!(told.len(), RIVALS * 4);
            let holds = |of: fn(&Difference) -> Estimate<Interval>| {
                told.iter().all(|d| of(d).unwrap().contains(0.0))
            };
            together += u64::from(holds(|d| d.simultaneous_ci95));
            alone += u64::from(holds(|d| d.within_year_ci95));
        }
        let share = together as f64 / WORLDS as f64;
        let error = (0.95 * 0.05 / WORLDS as f64).sqrt();
        println!("together {share:.3}, each for itself {alone} of {WORLDS}");
        assert!((share - 0.95).abs() < 3.5 * error, "{share}");
        assert!(alone < 3 * WORLDS / 4, "{alone}");
    }
}
