//! Worlds of the size of England: 150 organisations, 350 inspections in eleven years, figures in
//! three themes, one of which starts late. The true risk of every organisation is known.

use std::error::Error;

use forewarn::data::{
    Authority, AuthorityCode, Basis, Catalogue, Entity, Framework, Grade, IndicatorId, Inspection,
    JudgementKey, Judgements, Observation, Origin, OutcomeRule, Panel, PanelBuilder, Register,
    Scope, Standing, Value,
};
use forewarn::features::{Feature, FeatureRecipe, Months, TrainingSet};
use forewarn::jiff::civil::{Date, date};

use crate::draw::{Draw, probability};

pub const ORGANISATIONS: usize = 150;

/// The last of them, which were never inspected.
pub const NEVER: usize = 10;

const INSPECTIONS: usize = 350;

/// Years of inspections; the figures of the autumn before are known.
const YEARS: [i16; 2] = [2013, 2023];

/// The day of the scores.
pub const DAY: Date = date(2023, 12, 1);

/// Three themes of two figures, higher riskier.
const INDICATORS: [&str; 6] = [
    "agency_rate",
    "vacancy_rate",
    "turnover_rate",
    "absence_rate",
    "caseload",
    "looked_after_rate",
];

/// First known in 2018, like England's.
const LATE: (usize, i16) = (4, 2018);

/// Share of organisations that never publish a figure, for each figure.
const UNPUBLISHED: f64 = 0.03;

/// Between any two figures of an organisation, and between years of the same one.
const CORRELATION: f64 = 0.3;
const PERSISTENCE: f64 = 0.8;

/// Standard deviation of the mean of two ranks in (0, 1) of normals so correlated: their own is
/// 6/pi asin(r/2).
const THEME_SD: f64 = 0.2315;

/// What a world is like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kind {
    pub name: &'static str,
    /// Log-odds for each standard deviation of a theme.
    pub slopes: [f64; 3],
    /// Standard deviation of what is an organisation's own and in no figure.
    pub unmeasured: f64,
    /// Standard deviation of a year's change of everybody's log-odds.
    pub drift: f64,
}

const EQUAL: Kind = Kind {
    name: "equal slopes",
    slopes: [0.45; 3],
    unmeasured: 0.0,
    drift: 0.0,
};

pub const KINDS: [Kind; 7] = [
    EQUAL,
    Kind {
        name: "unequal slopes",
        slopes: [0.9, 0.45, 0.0],
        ..EQUAL
    },
    Kind {
        name: "drift 0.2 a year",
        drift: 0.2,
        ..EQUAL
    },
    Kind {
        name: "unmeasured SD 0.5",
        unmeasured: 0.5,
        ..EQUAL
    },
    Kind {
        name: "unmeasured SD 1",
        unmeasured: 1.0,
        ..EQUAL
    },
    Kind {
        name: "unmeasured SD 1.5",
        unmeasured: 1.5,
        ..EQUAL
    },
    Kind {
        name: "unmeasured SD 1, drift",
        unmeasured: 1.0,
        drift: 0.2,
        ..EQUAL
    },
];

/// One draw, and its truth.
pub struct World {
    pub panel: Panel,
    pub training: TrainingSet,
    pub truth: Vec<Truth>,
}

/// Of one organisation on [`DAY`].
#[derive(Clone, Copy, Debug)]
pub struct Truth {
    /// Average probability of organisations with its figures.
    pub average: f64,
    /// Its own probability.
    pub own: f64,
    /// Whether one of its figures is missing.
    pub incomplete: bool,
}

/// The recipe of the study: three themes of ranks.
pub fn recipe() -> Result<FeatureRecipe, Box<dyn Error>> {
    let theme = |k: usize| {
        let members = INDICATORS[2 * k..2 * k + 2].iter();
        let members = members.map(|name| Ok(Feature::level(name)?.ranked()));
        members.collect::<forewarn::Result<Vec<_>>>()
    };
    let recipe = FeatureRecipe::themed("coverage", "first", 1.0, theme(0)?)?;
    let recipe = recipe.with_theme("second", 1.0, theme(1)?)?;
    Ok(recipe.with_theme("third", 1.0, theme(2)?)?)
}

impl World {
    pub fn new(kind: &Kind, seed: u64) -> Result<World, Box<dyn Error>> {
        let mut draw = Draw::new(seed);
        let rates = rates(kind, &mut draw);
        let mut builder = PanelBuilder::new(register()?, Catalogue::childrens_services());
        builder.source(0, "coverage study");
        let mut visits = visits(&mut draw);
        let mut truth = Vec::with_capacity(ORGANISATIONS);
        for (i, visits) in visits.iter_mut().enumerate() {
            let figures = Figures::new(&mut draw);
            figures.publish(code(i)?, &mut builder)?;
            let unmeasured = kind.unmeasured * draw.normal();
            for &mut year in visits {
                let all = figures.of(year).map(Some);
                let chance = probability(rates[at(year)] + effect(kind, all) + unmeasured);
                let failed = draw.uniform() < chance;
                builder.inspection(inspection(code(i)?, year, failed));
            }
            let now = rates[rates.len() - 1];
            truth.push(figures.truth(kind, now, unmeasured, &mut draw));
        }
        let panel = builder.build()?.panel;
        let training = panel
            .as_of(DAY)
            .training(&recipe()?, OutcomeRule::default(), Months(0))?;
        Ok(World {
            panel,
            training,
            truth,
        })
    }
}

fn at(year: i16) -> usize {
    usize::try_from(year - YEARS[0]).expect("a year of the study")
}

fn years() -> usize {
    at(YEARS[1]) + 1
}

/// Log-odds of an organisation in the middle, by year.
fn rates(kind: &Kind, draw: &mut Draw) -> Vec<f64> {
    let start = -1.6;
    let steps = (1..years()).scan(start, |rate, _| {
        *rate += kind.drift * draw.normal();
        Some(*rate)
    });
    std::iter::once(start).chain(steps).collect()
}

/// The years in which each organisation is inspected.
fn visits(draw: &mut Draw) -> Vec<Vec<i16>> {
    let mut visits = vec![Vec::new(); ORGANISATIONS];
    let mut left = INSPECTIONS;
    while left > 0 {
        let one = (draw.uniform() * (ORGANISATIONS - NEVER) as f64) as usize;
        let year = YEARS[0] + (draw.uniform() * years() as f64) as i16;
        if !visits[one].contains(&year) {
            visits[one].push(year);
            left -= 1;
        }
    }
    visits
}

/// Log-odds that a row's figures, as normal scores, add; the mean of a theme's known ones.
fn effect(kind: &Kind, figures: [Option<f64>; 6]) -> f64 {
    let theme = |k: usize| {
        let known = figures[2 * k..2 * k + 2].iter().flatten();
        let sum: f64 = known.clone().map(|&x| rank(x) - 0.5).sum();
        sum / known.count() as f64 / THEME_SD
    };
    (0..3).map(|k| kind.slopes[k] * theme(k)).sum()
}

/// The share of a standard normal below: Zelen and Severo's 26.2.17 in Abramowitz and Stegun.
fn rank(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * x.abs());
    let series = [
        0.319_381_530,
        -0.356_563_782,
        1.781_477_937,
        -1.821_255_978,
        1.330_274_429,
    ];
    let tail = series.iter().rev().fold(0.0, |sum, c| t * (c + sum));
    let above = tail * (-0.5 * x * x).exp() / std::f64::consts::TAU.sqrt();
    if x < 0.0 { above } else { 1.0 - above }
}

/// An organisation's figures, as normal scores.
struct Figures {
    by_year: Vec<[f64; 6]>,
    unpublished: [bool; 6],
}

impl Figures {
    fn new(draw: &mut Draw) -> Self {
        let mut normals = || {
            let shared = CORRELATION.sqrt() * draw.normal();
            [(); 6].map(|()| shared + (1.0 - CORRELATION).sqrt() * draw.normal())
        };
        let own = normals();
        let year = |new: [f64; 6]| {
            std::array::from_fn(|j| {
                PERSISTENCE.sqrt() * own[j] + (1.0 - PERSISTENCE).sqrt() * new[j]
            })
        };
        let by_year = (0..years()).map(|_| year(normals())).collect();
        Figures {
            by_year,
            unpublished: [(); 6].map(|()| draw.uniform() < UNPUBLISHED),
        }
    }

    /// Those of the autumn before a year.
    fn of(&self, year: i16) -> [f64; 6] {
        self.by_year[at(year)]
    }

    fn publish(
        &self,
        code: AuthorityCode,
        builder: &mut PanelBuilder,
    ) -> Result<(), Box<dyn Error>> {
        for (year, figures) in (YEARS[0]..).zip(&self.by_year) {
            for (j, value) in figures.iter().enumerate() {
                if self.unpublished[j] || (j == LATE.0 && year < LATE.1) {
                    continue;
                }
                let indicator = IndicatorId::new(INDICATORS[j])?;
                let figure = figure(Entity::Authority(code), indicator, year, 0.2 + 0.01 * value);
                builder.observation(figure, Origin { file: 0, line: 0 });
            }
        }
        Ok(())
    }

    /// Given what is published, averaged over what is not and over what no figure shows.
    fn truth(&self, kind: &Kind, rate: f64, unmeasured: f64, draw: &mut Draw) -> Truth {
        const DRAWS: usize = 400;
        let newest = self.of(YEARS[1]);
        let incomplete = self.unpublished.contains(&true);
        let all = effect(kind, newest.map(Some));
        let mut sum = 0.0;
        for _ in 0..DRAWS {
            let filled = match incomplete {
                true => effect(kind, self.completed(newest, draw).map(Some)),
                false => all,
            };
            // In pairs of opposite signs: the error is that of their curvature.
            let other = kind.unmeasured * draw.normal();
            let pair = [other, -other].map(|u| probability(rate + filled + u));
            sum += 0.5 * (pair[0] + pair[1]);
        }
        Truth {
            average: sum / DRAWS as f64,
            own: probability(rate + all + unmeasured),
            incomplete,
        }
    }

    /// With a draw for each figure that is not published, given the others.
    fn completed(&self, mut figures: [f64; 6], draw: &mut Draw) -> [f64; 6] {
        let published = (0..6).filter(|&j| !self.unpublished[j]);
        let (mut known, mut sum) = (0.0, 0.0);
        for j in published {
            known += 1.0;
            sum += figures[j];
        }
        for j in (0..6).filter(|&j| self.unpublished[j]) {
            let weight = CORRELATION / (1.0 + (known - 1.0) * CORRELATION);
            let sd = (1.0 - known * CORRELATION * weight).sqrt();
            figures[j] = weight * sum + sd * draw.normal();
            known += 1.0;
            sum += figures[j];
        }
        figures
    }
}

fn code(i: usize) -> Result<AuthorityCode, Box<dyn Error>> {
    Ok(AuthorityCode::new(&format!("T{i:03}"))?)
}

fn register() -> Result<Register, Box<dyn Error>> {
    let mut register = Register::empty();
    for i in 0..ORGANISATIONS {
        register.insert(authority(code(i)?));
    }
    Ok(register)
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

fn figure(entity: Entity, indicator: IndicatorId, year: i16, value: f64) -> Observation {
    Observation {
        entity,
        indicator,
        period_end: date(year - 1, 9, 30),
        known_from: date(year, 2, 25),
        basis: Basis::Confirmed,
        value: Value::Number(value),
        numerator: None,
        denominator: None,
        standing: Standing::Released,
        joint: false,
        source: 0,
    }
}

fn inspection(authority: AuthorityCode, year: i16, failed: bool) -> Inspection {
    let grade = if failed {
        Grade::Inadequate
    } else {
        Grade::Good
    };
    Inspection {
        organisation: authority,
        framework: [Framework::Sif, Framework::Ilacs][usize::from(year >= 2018)],
        kind: "standard".to_owned(),
        scope: Scope::All,
        start: Some(date(year, 6, 5)),
        end: None,
        published: date(year, 8, 1),
        judgements: Judgements::of([
            (JudgementKey::OVERALL, grade),
            (JudgementKey::LEADERS, grade),
        ]),
        published_basis: String::new(),
        in_care_includes_care_leavers: None,
    }
}
