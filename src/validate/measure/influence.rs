//! A within-year C-statistic with what each authority moves it, and so the standard error of a
//! difference in every resample.
//!
//! The statistic is a ratio of sums over pairs: an event or another row i moves it by
//! (won_i - C pairs_i) / pairs, and an authority by the sum over its rows (the infinitesimal
//! jackknife: Efron and Tibshirani 1993, *An Introduction to the Bootstrap*, chapter 21; for rows
//! that are independent it is DeLong's). An authority that is drawn k times counts as k.

use super::rank::{Side, StratifiedRanking};

/// Rows: who they belong to, and which of them count.
pub(crate) struct Rows<'a> {
    pub(crate) authorities: &'a [usize],
    pub(crate) outcomes: &'a [bool],
}

/// A within-year C-statistic in one resample.
pub(crate) struct WithinYear {
    /// NaN where no year has both outcomes.
    pub(crate) c_statistic: f64,
    // By authority, of one copy of it.
    influences: Vec<f64>,
}

impl WithinYear {
    /// In a resample that holds each authority so many times, of the rows since each of some
    /// years: `counted` says of each which rows.
    pub(crate) fn of(
        ranking: &StratifiedRanking,
        rows: &Rows<'_>,
        drawn: &[u32],
        counted: &[&[usize]],
    ) -> Vec<WithinYear> {
        let counts: Vec<u32> = rows.authorities.iter().map(|&a| drawn[a]).collect();
        let sides = ranking.sides_of(&counts);
        let one = |counted: &&[usize]| {
            let mut all = Side::default();
            let mut of = vec![Side::default(); drawn.len()];
            for &row in *counted {
                let event = f64::from(u8::from(rows.outcomes[row]));
                all.add(f64::from(counts[row]) * event, sides[row]);
                of[rows.authorities[row]].add(1.0, sides[row]);
            }
            let c_statistic = all.won / all.pairs;
            let moved = |of: &Side| (of.won - c_statistic * of.pairs) / all.pairs;
            WithinYear {
                c_statistic,
                influences: of.iter().map(moved).collect(),
            }
        };
        counted.iter().map(one).collect()
    }

    /// The standard error of the difference to another of the same resample.
    pub(crate) fn error_of_difference(&self, other: &WithinYear, drawn: &[u32]) -> f64 {
        let pairs = self.influences.iter().zip(&other.influences);
        let squares = pairs
            .zip(drawn)
            .map(|((a, b), &count)| f64::from(count) * (a - b).powi(2));
        squares.sum::<f64>().sqrt()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::rank::Ranking;
    use super::*;

    /// Both round sums of a hundred terms.
    const EXACT: f64 = 1e-12;

    /// What `tests/reference/influence.py` printed.
    fn python() -> Value {
        let text = include_str!("../../../tests/reference/influence.json");
        serde_json::from_str(text).unwrap()
    }

    fn numbers(value: &Value) -> Vec<f64> {
        let all = value.as_array().unwrap().iter();
        all.map(|v| v.as_f64().unwrap()).collect()
    }

    fn whole(value: &Value) -> Vec<usize> {
        numbers(value).into_iter().map(|v| v as usize).collect()
    }

    /// Rows of several owners and years, with two scores.
    struct Data {
        owners: Vec<usize>,
        years: Vec<usize>,
        outcomes: Vec<bool>,
        scores: Vec<Vec<f64>>,
    }

    impl Data {
        fn python() -> Data {
            let data = python();
            let scores = data["scores"].as_array().unwrap();
            Data {
                owners: whole(&data["owner"]),
                years: whole(&data["year"]),
                outcomes: numbers(&data["event"]).iter().map(|e| *e == 1.0).collect(),
                scores: scores.iter().map(numbers).collect(),
            }
        }

        /// As if each row were another's, and all of one year.
        fn of_their_own(self) -> Data {
            Data {
                owners: (0..self.owners.len()).collect(),
                years: vec![0; self.years.len()],
                ..self
            }
        }

        fn since(&self, year: usize) -> Vec<usize> {
            let rows = 0..self.years.len();
            rows.filter(|&row| self.years[row] >= year).collect()
        }

        fn within(&self, score: usize, drawn: &[u32], counted: &[usize]) -> WithinYear {
            let scores = &self.scores[score];
            let ranking = StratifiedRanking::new(scores, &self.outcomes, &self.years).unwrap();
            let rows = Rows {
                authorities: &self.owners,
                outcomes: &self.outcomes,
            };
            WithinYear::of(&ranking, &rows, drawn, &[counted]).remove(0)
        }

        /// Of rows that are all drawn once.
        fn error(&self) -> f64 {
            let drawn = vec![1; self.owners.len()];
            let rows = self.since(0);
            let of = |score| self.within(score, &drawn, &rows);
            of(0).error_of_difference(&of(1), &drawn)
        }

        /// DeLong's, of the rows taken as independent.
        fn delong(&self) -> f64 {
            let of = |score: usize| Ranking::new(&self.scores[score], &self.outcomes).unwrap();
            of(0).delong_difference(&of(1)).unwrap().standard_error
        }
    }

    #[test]
    fn equals_the_derivatives_of_the_sum_over_all_pairs() {
        let data = Data::python();
        let cases = python()["cases"].clone();
        for case in cases.as_array().unwrap() {
            let drawn: Vec<u32> = whole(&case["drawn"]).iter().map(|&n| n as u32).collect();
            let rows = data.since(case["since"].as_u64().unwrap() as usize);
            let own = [0, 1].map(|score| data.within(score, &drawn, &rows));
            for (own, expected) in own.iter().zip(numbers(&case["c"])) {
                assert!((own.c_statistic - expected).abs() < EXACT, "{expected}");
            }
            let error = own[0].error_of_difference(&own[1], &drawn);
            let expected = case["error"].as_f64().unwrap();
            assert!((error - expected).abs() < EXACT, "{error}, {expected}");
        }
        assert_eq!(cases.as_array().unwrap().len(), 4);
    }

    /// DeLong divides the squares of m events by (m - 1) m, this by m m; those of the others alike.
    #[test]
    fn is_delongs_but_for_the_degrees_of_freedom() {
        let data = Data::python().of_their_own();
        let events = data.outcomes.iter().filter(|event| **event).count() as f64;
        let others = data.outcomes.len() as f64 - events;
        let parts = numbers(&python()["delong"]["parts"]);
        assert!((data.delong() - (parts[0] + parts[1]).sqrt()).abs() < EXACT);
        let shrunk = |n: f64| (n - 1.0) / n;
        let expected = (parts[0] * shrunk(events) + parts[1] * shrunk(others)).sqrt();
        assert!((data.error() - expected).abs() < EXACT);
        // As many of either: one factor.
        let outcomes = &data.outcomes;
        let first = |event: bool| {
            let all = 0..outcomes.len();
            all.filter(move |&row| outcomes[row] == event).take(20)
        };
        let rows: Vec<usize> = first(true).chain(first(false)).collect();
        let even = Data {
            owners: (0..40).collect(),
            years: vec![0; 40],
            outcomes: rows.iter().map(|&row| data.outcomes[row]).collect(),
            scores: [0, 1]
                .map(|score| rows.iter().map(|&row| data.scores[score][row]).collect())
                .to_vec(),
        };
        let expected = even.delong() * (19.0f64 / 20.0).sqrt();
        assert!((even.error() - expected).abs() < EXACT);
    }

    #[test]
    fn the_same_order_makes_no_difference() {
        let mut data = Data::python();
        // Another scale keeps order and ties.
        data.scores[1] = data.scores[0].iter().map(|s| 3.0 * s - 1.0).collect();
        assert_eq!(data.error(), 0.0);
    }

    /// Events at 1 and 2, others at 1 and 0, each row an owner's: won 1.5 + 2 of 4 pairs. A row moves C
    /// by (won - C pairs) / 4: (1.5 - 1.75) / 4 and (2 - 1.75) / 4, and the others alike. The rival ties
    /// all: 0.5, and nothing moves it.
    #[test]
    fn ties_count_half_by_hand() {
        let data = Data {
            owners: vec![0, 1, 2, 3],
            years: vec![0; 4],
            outcomes: vec![true, true, false, false],
            scores: vec![vec![1.0, 2.0, 1.0, 0.0], vec![0.0; 4]],
        };
        let own = data.within(0, &[1; 4], &[0, 1, 2, 3]);
        assert_eq!(own.c_statistic, 0.875);
        assert_eq!(own.influences, [-0.0625, 0.0625, -0.0625, 0.0625]);
        assert!((data.error() - 0.125).abs() < EXACT);
    }

    #[test]
    fn a_resample_without_a_pair_has_no_statistic() {
        let data = Data {
            owners: vec![0, 1],
            years: vec![0; 2],
            outcomes: vec![true, false],
            scores: vec![vec![2.0, 1.0]],
        };
        let c = |drawn: &[u32]| data.within(0, drawn, &[0, 1]).c_statistic;
        assert_eq!(c(&[1, 1]), 1.0);
        assert!(c(&[2, 0]).is_nan() && c(&[0, 2]).is_nan());
    }
}
