//! When an organisation will be judged again: a matter of the programme of inspections, not of risk.
//!
//! The share of landmarks judged within the horizon, by whether the last grade was Inadequate and by
//! years since the last full judgement, each cell drawn to its grade's share and that to everybody's
//! with [`DRAWN_BY`] landmarks. Old landmarks weigh less, as in the calibration of risks. The
//! programme does not stand still (in the year after 31 December 2020 there were 8 full judgements
//! where 42 were expected), so that what is shown is for a stated scenario.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::data::Grade;
use crate::error::{Error, Result, check};
use crate::features::{Landmark, Standing};

/// How the programme of inspections is taken to go on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Programme {
    /// As it ran, lately most of all.
    #[default]
    AsRan,
    /// Every organisation within three years of its last full judgement, on a day drawn from what
    /// is left of them; one that is overdue within the horizon.
    ThreeYears,
}

/// So many landmarks of everybody's share draw a cell.
pub const DRAWN_BY: f64 = 20.0;

/// Years of the programme of [`Programme::ThreeYears`].
const CYCLE: f64 = 3.0;

/// Upper ends of the cells, in years since the last full judgement.
const EDGES: [f64; 4] = [1.0, 2.0, 3.0, 4.0];

/// Cells by time, and one where it is unknown.
const CELLS: usize = EDGES.len() + 2;

/// The shares of landmarks judged within a horizon.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timing {
    horizon_years: f64,
    // By whether the last grade was the worst, then by time.
    shares: [[f64; CELLS]; 2],
}

fn cell(years: Option<f64>) -> usize {
    years.map_or(CELLS - 1, |years| {
        EDGES.partition_point(|edge| *edge <= years)
    })
}

fn failed(standing: Standing) -> usize {
    usize::from(standing.grade.is_some_and(Grade::is_worst))
}

impl Timing {
    /// From landmarks whose windows closed before `date`; each weighs half after so many years.
    pub(super) fn learn(
        landmarks: &[Landmark],
        horizon_years: f64,
        date: Date,
        half_life_years: Option<f64>,
    ) -> Timing {
        let mut sums = [[(0.0, 0.0); CELLS]; 2];
        for landmark in landmarks {
            let age = f64::from((date - landmark.on).get_days()) / 365.25;
            let weight = half_life_years.map_or(1.0, |years| (-age / years).exp2());
            let sum = &mut sums[failed(landmark.standing)][cell(landmark.standing.years)];
            sum.0 += weight * f64::from(u8::from(landmark.judged.is_some()));
            sum.1 += weight;
        }
        let total = |cells: &[(f64, f64)]| {
            let add = |a: (f64, f64), b: &(f64, f64)| (a.0 + b.0, a.1 + b.1);
            cells.iter().fold((0.0, 0.0), add)
        };
        let drawn =
            |(judged, all): (f64, f64), to: f64| (judged + DRAWN_BY * to) / (all + DRAWN_BY);
        // Of nobody at all, half.
        let everybody = drawn(total(sums.as_flattened()), 0.5);
        let shares = sums.map(|cells| {
            let of_grade = drawn(total(&cells), everybody);
            cells.map(|sum| drawn(sum, of_grade))
        });
        Timing {
            horizon_years,
            shares,
        }
    }

    /// The probability of a full judgement within the horizon.
    pub fn probability(&self, standing: Standing, programme: Programme) -> f64 {
        match programme {
            Programme::AsRan => self.shares[failed(standing)][cell(standing.years)],
            Programme::ThreeYears => {
                let left = (CYCLE - standing.years.unwrap_or(CYCLE)).max(self.horizon_years);
                self.horizon_years / left
            }
        }
    }

    pub(super) fn check(&self) -> Result<()> {
        let mut shares = self.shares.as_flattened().iter();
        let possible = shares.all(|share| (0.0..=1.0).contains(share))
            && self.horizon_years > 0.0
            && self.horizon_years <= 10.0;
        check(
            possible,
            "horizon, timing",
            "other numbers",
            "shares from 0 to 1",
        )
    }
}

impl fmt::Display for Programme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Programme::AsRan => "as_ran",
            Programme::ThreeYears => "three_years",
        })
    }
}

impl FromStr for Programme {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let all = [Programme::AsRan, Programme::ThreeYears];
        let found = all
            .into_iter()
            .find(|programme| programme.to_string() == text);
        found.ok_or_else(|| Error::InvalidValue {
            what: "programme of inspections",
            found: text.to_owned(),
            expected: "as_ran or three_years".to_owned(),
        })
    }
}
