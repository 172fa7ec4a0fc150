//! Scores in order, and what depends on their order alone: C-statistic and average precision.
//!
//! Everything is computed from a [`Tally`]: the events and the others at each distinct score. So
//! ties are exact, rows can be counted several times (the bootstrap) without sorting again, and
//! any increasing change of the scores changes nothing.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::stats::undefined::{Estimate, Undefined};

/// Rows in the order of their scores, the highest first.
///
/// ```
/// use forewarn::validate::Ranking;
///
/// // By hand: of two events and two others, three of four pairs are in order.
/// let ranking = Ranking::new(&[0.9, 0.4, 0.5, 0.1], &[true, true, false, false])?;
/// assert_eq!(ranking.tally().c_statistic(), Ok(0.75));
/// # Ok::<(), forewarn::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Ranking {
    outcomes: Vec<bool>,
    /// Rows by falling score.
    order: Vec<usize>,
    /// Where in `order` each run of equal scores ends.
    ends: Vec<usize>,
}

impl Ranking {
    /// Sorts the rows: O(n log n). A high score should go with the event. -0 equals 0.
    ///
    /// # Errors
    /// `Shape` unless there is one outcome per score; `NotFinite` for a score that is NaN or
    /// infinite.
    pub fn new(scores: &[f64], outcomes: &[bool]) -> Result<Self> {
        check(scores, outcomes.len())?;
        // Adding 0 turns -0 into 0, which `total_cmp` tells apart.
        let mut rows: Vec<(f64, usize)> = scores
            .iter()
            .enumerate()
            .map(|(i, s)| (s + 0.0, i))
            .collect();
        rows.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let mut end = 0;
        let runs = rows.chunk_by(|a, b| a.0 == b.0).map(|run| {
            end += run.len();
            end
        });
        Ok(Ranking {
            outcomes: outcomes.to_vec(),
            ends: runs.collect(),
            order: rows.into_iter().map(|(_, row)| row).collect(),
        })
    }

    /// Events and others at each distinct score.
    pub fn tally(&self) -> Tally {
        self.count(|_| 1.0)
    }

    /// As [`tally`](Self::tally), with each row counted as often as stated, as in a resample.
    /// `OtherRows` unless there is one count per row.
    pub fn tally_of(&self, counts: &[u32]) -> Estimate<Tally> {
        self.same_rows(counts.len())?;
        Ok(self.count(|row| f64::from(counts[row])))
    }

    fn count(&self, count: impl Fn(usize) -> f64) -> Tally {
        let mut groups = vec![Group::default(); self.ends.len()];
        let mut filled = 0;
        let mut total = Group::default();
        for run in self.runs() {
            let mut group = Group::default();
            for &row in run {
                group.add(count(row), self.outcomes[row]);
            }
            total.events += group.events;
            total.others += group.others;
            groups[filled] = group; // overwritten by the next one if it is empty
            filled += usize::from(group.events + group.others > 0.0);
        }
        groups.truncate(filled);
        Tally { groups, total }
    }

    /// The C-statistic, with each row counted as often as stated; NaN without a pair.
    pub(crate) fn c_statistic_of(&self, counts: &[u32]) -> f64 {
        let (mut seen, mut won) = (Group::default(), 0.0);
        for run in self.runs() {
            let mut tied = Group::default();
            for &row in run {
                tied.add(f64::from(counts[row]), self.outcomes[row]);
            }
            won += tied.others * (seen.events + tied.events / 2.0);
            seen.events += tied.events;
            seen.others += tied.others;
        }
        won / (seen.events * seen.others)
    }

    /// The side of every row, with each row counted as often as stated.
    pub(crate) fn sides(&self, count: impl Fn(usize) -> f64, mut put: impl FnMut(usize, Side)) {
        let mut total = Group::default();
        for (row, &outcome) in self.outcomes.iter().enumerate() {
            total.add(count(row), outcome);
        }
        let mut above = Group::default();
        for run in self.runs() {
            let mut tied = Group::default();
            for &row in run {
                tied.add(count(row), self.outcomes[row]);
            }
            let event = Side {
                won: total.others - above.others - 0.5 * tied.others,
                pairs: total.others,
            };
            let other = Side {
                won: above.events + 0.5 * tied.events,
                pairs: total.events,
            };
            for &row in run {
                put(row, if self.outcomes[row] { event } else { other });
            }
            above.events += tied.events;
            above.others += tied.others;
        }
    }

    /// The rows at each distinct score, the highest first.
    pub(crate) fn runs(&self) -> impl Iterator<Item = &[usize]> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts.zip(&self.ends).map(|(&s, &e)| &self.order[s..e])
    }

    pub(crate) fn outcomes(&self) -> &[bool] {
        &self.outcomes
    }

    pub(crate) fn same_rows(&self, found: usize) -> Estimate<()> {
        let expected = self.outcomes.len();
        if found == expected {
            return Ok(());
        }
        Err(Undefined::OtherRows { found, expected })
    }
}

fn check(scores: &[f64], outcomes: usize) -> Result<()> {
    if scores.len() != outcomes {
        return Err(Error::Shape {
            what: "outcomes",
            found: outcomes,
            expected: scores.len(),
        });
    }
    match scores.iter().position(|s| !s.is_finite()) {
        None => Ok(()),
        Some(row) => Err(Error::NotFinite {
            row,
            column: "score".to_owned(),
            found: scores[row],
            limit: f64::MAX,
        }),
    }
}

/// The rows at one score.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Group {
    /// Rows with the event.
    pub events: f64,
    /// Rows without.
    pub others: f64,
}

impl Group {
    /// Without branches on what was drawn: they could not be predicted.
    fn add(&mut self, count: f64, outcome: bool) {
        let event = f64::from(u8::from(outcome));
        self.events += count * event;
        self.others += count * (1.0 - event);
    }
}

/// Where a row stands among those of the other class.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Side {
    /// Those that it is on the right side of, ties counting half.
    pub(crate) won: f64,
    /// All of them.
    pub(crate) pairs: f64,
}

impl Side {
    pub(crate) fn add(&mut self, times: f64, other: Side) {
        self.won += times * other.won;
        self.pairs += times * other.pairs;
    }
}

/// Events and others at each distinct score, the highest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    groups: Vec<Group>,
    total: Group,
}

impl Tally {
    /// The groups, the highest score first; none is empty.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// All rows.
    pub fn total(&self) -> Group {
        self.total
    }

    /// The probability that a row with the event scores higher than a row without; ties count
    /// half. In [0, 1], 1 is best, 0.5 is chance.
    ///
    /// (pairs won + pairs tied / 2) / pairs: the area under the ROC curve, and the Mann-Whitney
    /// statistic (Hanley and McNeil 1982, *Radiology* 143, section "meaning").
    ///
    /// `NoRows`, `OneClass`.
    pub fn c_statistic(&self) -> Estimate {
        self.rows()?;
        share(self.concordant(), self.pairs())
    }

    /// Precision at each distinct score, weighted by the recall gained there: the sum of
    /// (R_k - R_(k-1)) P_k, without interpolation. In (0, 1], 1 is best, the share of events is
    /// chance (Zhu 2004, *Recall, precision and average precision*, section 3; scikit-learn's
    /// `average_precision_score`). Rows of equal score enter together.
    ///
    /// `NoRows`, `NoEvents`.
    pub fn average_precision(&self) -> Estimate {
        self.rows()?;
        let mut seen = Group::default();
        let mut sum = 0.0;
        for group in &self.groups {
            seen.events += group.events;
            seen.others += group.others;
            sum += group.events * seen.events / (seen.events + seen.others);
        }
        if seen.events == 0.0 {
            return Err(Undefined::NoEvents);
        }
        Ok(sum / seen.events)
    }

    /// How many rows; `NoRows` for none.
    pub(crate) fn rows(&self) -> Estimate {
        match self.total.events + self.total.others {
            0.0 => Err(Undefined::NoRows),
            rows => Ok(rows),
        }
    }

    fn pairs(&self) -> f64 {
        self.total.events * self.total.others
    }

    fn concordant(&self) -> f64 {
        let mut above = 0.0;
        let mut won = 0.0;
        for group in &self.groups {
            won += group.others * (above + group.events / 2.0);
            above += group.events;
        }
        won
    }
}

fn share(concordant: f64, pairs: f64) -> Estimate {
    if pairs == 0.0 {
        return Err(Undefined::OneClass);
    }
    Ok(concordant / pairs)
}

/// Rankings of the rows of each stratum, such as a test year.
///
/// A score that only knows which years were bad has a C-statistic above 0.5 over all years, and of
/// 0.5 within them.
#[derive(Clone, Debug)]
pub struct StratifiedRanking {
    strata: Vec<(Vec<usize>, Ranking)>,
    rows: usize,
}

impl StratifiedRanking {
    /// One ranking for each distinct stratum.
    ///
    /// # Errors
    /// As [`Ranking::new`]; `Shape` also unless there is one stratum per score.
    pub fn new<T: Ord>(scores: &[f64], outcomes: &[bool], strata: &[T]) -> Result<Self> {
        check(scores, outcomes.len())?;
        if strata.len() != scores.len() {
            return Err(Error::Shape {
                what: "strata",
                found: strata.len(),
                expected: scores.len(),
            });
        }
        let mut members: BTreeMap<&T, Vec<usize>> = BTreeMap::new();
        for (row, stratum) in strata.iter().enumerate() {
            members.entry(stratum).or_default().push(row);
        }
        let ranked = members.into_values().map(|rows| {
            let scores: Vec<f64> = rows.iter().map(|&row| scores[row]).collect();
            let outcomes: Vec<bool> = rows.iter().map(|&row| outcomes[row]).collect();
            Ok((rows, Ranking::new(&scores, &outcomes)?))
        });
        Ok(StratifiedRanking {
            strata: ranked.collect::<Result<_>>()?,
            rows: scores.len(),
        })
    }

    /// The C-statistic over pairs of the same stratum: all their pairs won, and half of those
    /// tied, divided by all their pairs. Range and direction as [`Tally::c_statistic`].
    ///
    /// `NoRows`; `OneClass` if no stratum has both classes.
    pub fn c_statistic(&self) -> Estimate {
        self.over(|_, ranking| ranking.tally())
    }

    /// As [`c_statistic`](Self::c_statistic), with each row counted as often as stated.
    /// `OtherRows` unless there is one count per row.
    pub fn c_statistic_of(&self, counts: &[u32]) -> Estimate {
        if counts.len() != self.rows {
            return Err(Undefined::OtherRows {
                found: counts.len(),
                expected: self.rows,
            });
        }
        self.over(|rows, ranking| ranking.count(|member| f64::from(counts[rows[member]])))
    }

    /// The tally of every stratum, with each row counted as often as stated. `OtherRows` unless
    /// there is one count per row.
    pub(crate) fn tallies_of(&self, counts: &[u32]) -> Estimate<Vec<Tally>> {
        if counts.len() != self.rows {
            return Err(Undefined::OtherRows {
                found: counts.len(),
                expected: self.rows,
            });
        }
        let count = |rows: &[usize], member: usize| f64::from(counts[rows[member]]);
        let strata = self.strata.iter();
        Ok(strata
            .map(|(rows, ranking)| ranking.count(|member| count(rows, member)))
            .collect())
    }

    /// Of every row: the rows of the other class in its stratum, and those of them that it is on
    /// the right side of, ties counting half; with each row counted as often as stated.
    pub(crate) fn sides_of(&self, counts: &[u32]) -> Vec<Side> {
        let mut sides = vec![Side::default(); self.rows];
        for (rows, ranking) in &self.strata {
            let count = |member: usize| f64::from(counts[rows[member]]);
            ranking.sides(count, |member, side| sides[rows[member]] = side);
        }
        sides
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    fn over(&self, tally: impl Fn(&[usize], &Ranking) -> Tally) -> Estimate {
        let (mut won, mut pairs, mut rows) = (0.0, 0.0, 0.0);
        for (members, ranking) in &self.strata {
            let tally = tally(members, ranking);
            won += tally.concordant();
            pairs += tally.pairs();
            rows += tally.rows().unwrap_or(0.0);
        }
        if rows == 0.0 {
            return Err(Undefined::NoRows);
        }
        share(won, pairs)
    }
}
