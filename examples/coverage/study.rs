//! Worlds of the size of the first watchlist, 103 inspections with about 21 events, in which the
//! true probabilities are known; and whether intervals hold them.

use std::error::Error;
use std::num::NonZeroUsize;

use forewarn::data::{
    Authority, AuthorityCode, Basis, Catalogue, Entity, Framework, Grade, IndicatorId, Inspection,
    Judgements, Observation, Origin, OutcomeRule, Panel, PanelBuilder, Register, Scope, Standing,
    Value,
};
use forewarn::features::{Feature, FeatureRecipe, Months, TrainingSet};
use forewarn::jiff::civil::{Date, date};
use forewarn::model::{FirthParams, RiskParams, normal_limit};
use forewarn::ndarray::{Array2, Axis};
use forewarn::score::{Capacity, IntervalParams};
use forewarn::validate::Interval;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// Inspections learned from.
pub const ROWS: usize = 103;

/// Authorities that were never inspected: the intervals of their probabilities are judged.
pub const NEW: usize = 47;

/// Expected share of events: 21 of 103.
pub const PREVALENCE: f64 = 21.0 / 103.0;

/// Log-odds per standard deviation at signal 1: together a C-statistic of about 0.74.
pub const SLOPES: [(&str, f64); 5] = [
    ("agency_rate", 0.6),
    ("vacancy_rate", -0.4),
    ("turnover_rate", 0.3),
    ("absence_rate", 0.5),
    ("caseload", 0.0),
];

/// Between any two features.
const CORRELATION: f64 = 0.3;

/// The day of the scores.
const DAY: Date = date(2022, 1, 1);

/// One draw of features, outcomes and their truth.
pub struct World {
    signal: f64,
    x: Array2<f64>,
    y: Vec<bool>,
    panel: Panel,
    training: TrainingSet,
    /// Of all authorities in the order of their codes, the inspected ones first.
    probabilities: Vec<f64>,
}

/// How often intervals hold the truth in one world, and how wide they are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cover {
    /// Share of the new authorities.
    pub all: f64,
    /// Share of the tenth of them with the highest true probability.
    pub riskiest: f64,
    /// Share of the tenth of them that the model puts first.
    pub listed: f64,
    /// Mean width, as a probability.
    pub width: f64,
}

fn uniform(random: &mut Xoshiro256PlusPlus) -> f64 {
    ((random.next_u64() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
}

/// Box and Muller's: standard normal.
fn normal(random: &mut Xoshiro256PlusPlus) -> f64 {
    let radius = (-2.0 * uniform(random).ln()).sqrt();
    radius * (std::f64::consts::TAU * uniform(random)).cos()
}

fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// The intercept at which the expected share of events is [`PREVALENCE`]: the linear predictor is
/// normal, its mean probability a sum over a grid.
pub fn intercept(signal: f64) -> f64 {
    let sum: f64 = SLOPES.iter().map(|(_, b)| b).sum();
    let squares: f64 = SLOPES.iter().map(|(_, b)| b * b).sum();
    let sd = signal * (CORRELATION * sum * sum + (1.0 - CORRELATION) * squares).sqrt();
    let share = |intercept: f64| {
        let points = (-256..=256).map(|i| f64::from(i) / 32.0);
        let (mass, events) = points.fold((0.0, 0.0), |(mass, events), z| {
            let density = (-0.5 * z * z).exp();
            (
                mass + density,
                events + density * probability(intercept + sd * z),
            )
        });
        events / mass
    };
    let (mut low, mut high) = (-20.0, 20.0);
    for _ in 0..60 {
        let middle: f64 = 0.5 * (low + high);
        if share(middle) < PREVALENCE {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

impl World {
    /// The world of one run, from a random stream of its own; slopes are multiplied by the signal.
    pub fn new(run: u64, signal: f64) -> Result<World, Box<dyn Error>> {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(run);
        let all = ROWS + NEW;
        let mut x = Array2::zeros((all, SLOPES.len()));
        for mut row in x.rows_mut() {
            let shared = CORRELATION.sqrt() * normal(&mut random);
            row.mapv_inplace(|_: f64| shared + (1.0 - CORRELATION).sqrt() * normal(&mut random));
        }
        let intercept = intercept(signal);
        let log_odds = |i: usize| {
            let parts = x.row(i).into_iter().zip(SLOPES);
            parts.fold(intercept, |sum, (x, (_, slope))| sum + signal * slope * x)
        };
        let probabilities: Vec<f64> = (0..all).map(|i| probability(log_odds(i))).collect();
        let chances = probabilities.iter().take(ROWS);
        let y: Vec<bool> = chances.map(|&p| uniform(&mut random) < p).collect();
        let panel = panel(&x, &y)?;
        let features = SLOPES.map(|(name, _)| Feature::level(name));
        let features = features.into_iter().collect::<Result<Vec<_>, _>>()?;
        let recipe = FeatureRecipe::new("five", features)?;
        let training = panel
            .as_of(DAY)
            .training(&recipe, OutcomeRule::Overall, Months(0))?;
        Ok(World {
            signal,
            x,
            y,
            panel,
            training,
            probabilities,
        })
    }

    /// Events among the inspections.
    pub fn events(&self) -> usize {
        self.y.iter().filter(|&&event| event).count()
    }

    /// Whether the 95% intervals of Firth's slopes hold the truth: profile and Wald's.
    pub fn slopes(&self) -> Result<[[bool; 2]; SLOPES.len()], Box<dyn Error>> {
        let (x, _) = self.x.view().split_at(Axis(0), ROWS);
        let params = FirthParams::new();
        let firth = params.fit(x, &self.y)?;
        let profile = params.inference(x, &self.y, 0.95)?.intervals;
        let (estimates, errors) = (firth.logistic().start(), firth.standard_errors());
        let half = normal_limit(0.95);
        Ok(std::array::from_fn(|j| {
            let (slope, at) = (self.signal * SLOPES[j].1, j + 1);
            let held = (profile[at].low..=profile[at].high).contains(&slope);
            [held, (estimates[at] - slope).abs() <= half * errors[at]]
        }))
    }

    /// The model with its penalty chosen in this world, and held from then on.
    pub fn chosen(&self) -> Result<RiskParams, Box<dyn Error>> {
        let model = RiskParams::ridge().fit(&self.training)?;
        Ok(RiskParams::ridge().penalty(model.training().penalty))
    }

    /// 90% intervals of the new authorities' probabilities: by drawing authorities again, and
    /// analytic.
    pub fn probabilities(
        &self,
        model: &RiskParams,
        replicates: usize,
        seed: u64,
    ) -> Result<[Cover; 2], Box<dyn Error>> {
        let params = IntervalParams {
            replicates,
            seed,
            level: 0.9,
        };
        let capacity = Capacity(NonZeroUsize::MIN);
        let drawn = params.run(model, &self.training, &self.panel, DAY, capacity)?;
        let drawn: Vec<_> = drawn.of.iter().map(|i| i.probability).collect();
        let analytic = model.fit(&self.training)?;
        let analytic = analytic.analytic_intervals(&self.panel, DAY, 0.9)?;
        let scores: Vec<f64> = analytic.iter().map(|i| i.linear_predictor).collect();
        let analytic: Vec<_> = analytic.iter().map(|i| i.probability).collect();
        Ok([
            self.cover(&scores, &drawn)?,
            self.cover(&scores, &analytic)?,
        ])
    }

    /// Of the scores and intervals of all authorities, in the order of codes.
    fn cover(&self, scores: &[f64], intervals: &[Interval]) -> Result<Cover, Box<dyn Error>> {
        let all = self.probabilities.len();
        if scores.len() != all || intervals.len() != all {
            return Err("an authority has no interval".into());
        }
        let mut new: Vec<usize> = (ROWS..all).collect();
        let share = |of: &[usize]| {
            let held = |i: &&usize| intervals[**i].contains(self.probabilities[**i]);
            of.iter().filter(held).count() as f64 / of.len() as f64
        };
        let mut first = |by: &[f64]| {
            new.sort_by(|&a, &b| by[b].total_cmp(&by[a]));
            share(&new[..NEW.div_ceil(10)])
        };
        let (riskiest, listed) = (first(&self.probabilities), first(scores));
        let widths = intervals.iter().skip(ROWS).map(|i| i.high - i.low);
        Ok(Cover {
            all: share(&new),
            riskiest,
            listed,
            width: widths.sum::<f64>() / NEW as f64,
        })
    }
}

fn panel(x: &Array2<f64>, y: &[bool]) -> Result<Panel, Box<dyn Error>> {
    let code = |i: usize| AuthorityCode::new(&format!("T{i:03}"));
    let mut register = Register::empty();
    for i in 0..x.nrows() {
        register.insert(authority(code(i)?));
    }
    let mut builder = PanelBuilder::new(register, Catalogue::childrens_services());
    builder.source(0, "coverage study");
    for ((i, j), value) in x.indexed_iter() {
        let entity = Entity::Authority(code(i)?);
        let line = (i * SLOPES.len() + j) as u64;
        let figure = figure(entity, IndicatorId::new(SLOPES[j].0)?, 20.0 + value);
        builder.observation(figure, Origin { file: 0, line });
    }
    for (i, &event) in y.iter().enumerate() {
        let grade = [Grade::Good, Grade::Inadequate][usize::from(event)];
        builder.inspection(inspection(code(i)?, grade));
    }
    Ok(builder.build().panel)
}

fn authority(code: AuthorityCode) -> Authority {
    Authority {
        code,
        name: code.to_string(),
        region_code: String::new(),
        region: String::new(),
        ons_codes: Vec::new(),
        variants: Vec::new(),
        from: None,
        to: None,
        predecessors: Vec::new(),
        scored: true,
        note: String::new(),
    }
}

fn figure(entity: Entity, indicator: IndicatorId, value: f64) -> Observation {
    Observation {
        entity,
        indicator,
        period_end: date(2020, 9, 30),
        known_from: date(2021, 2, 25),
        basis: Basis::Confirmed,
        value: Value::Number(value),
        numerator: None,
        denominator: None,
        standing: Standing::Released,
        joint: false,
        source: 0,
    }
}

fn inspection(authority: AuthorityCode, grade: Grade) -> Inspection {
    Inspection {
        authority,
        framework: Framework::Sif,
        kind: "first".to_owned(),
        scope: Scope::All,
        start: Some(date(2021, 5, 10)),
        end: None,
        published: date(2021, 7, 9),
        judgements: Judgements {
            overall: Some(grade),
            leaders: Some(grade),
            ..Judgements::default()
        },
        published_basis: String::new(),
        in_care_includes_care_leavers: None,
    }
}
