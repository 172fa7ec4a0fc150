//! The families as estimators of linfa: checked parameters, datasets with weights, labels of any
//! ordered type.
//!
//! The event is the larger of two labels (`true`, 1, "yes" beside "no"), or the one named by
//! [`Event`]. Weights of a dataset are heeded as counts of rows; linfa keeps them as f32.

use super::constrained::{CheckedConstrainedParams, Constrained, ConstrainedParams};
use super::firth::Firth;
use super::firth_params::{CheckedFirthParams, FirthParams};
use super::logistic::{Logistic, log_odds};
use super::ordinal::{CheckedOrdinalParams, Ordinal, OrdinalParams};
use super::pooled::{CheckedPooledParams, Pooled, PooledParams};
use super::ridge::{CheckedRidgeParams, RidgeParams};
use super::towards_equal::{CheckedTowardsEqualParams, TowardsEqual, TowardsEqualParams};
use crate::error::{Error, Result};
use linfa::ParamGuard;
use linfa::dataset::{AsMultiTargets, AsSingleTargets, DatasetBase, Records};
use linfa::traits::{Fit, PredictInplace};
use ndarray::{Array1, ArrayBase, ArrayView2, Data, Ix2};

/// Parameters of a family of two classes with the label that is the event; every other label is
/// none.
///
/// ```
/// use forewarn::model::{Event, RidgeParams};
/// use linfa::prelude::*;
/// use ndarray::array;
///
/// let data = Dataset::new(
///     array![[-1.0], [-0.5], [0.2], [0.4], [0.9]],
///     array!["good", "fair", "poor", "fair", "poor"],
/// );
/// let model = Event::new(RidgeParams::new(), "poor").fit(&data)?;
/// assert!(model.coefficients()[0] > 0.0);
/// # Ok::<(), forewarn::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Event<P, L> {
    params: P,
    label: L,
}

/// A family of two classes.
pub trait TwoClasses: sealed::Sealed {
    /// What is fitted.
    type Model;

    /// Fits P(label is `true`), with a weight for each row where there are any.
    ///
    /// # Errors
    /// Those of the family.
    fn fit_two(
        &self,
        x: ArrayView2<f64>,
        y: &[bool],
        weights: Option<&[f64]>,
    ) -> Result<Self::Model>;
}

mod sealed {
    pub trait Sealed {}
}

impl<P, L> Event<P, L> {
    /// The event is `label`.
    pub fn new(params: P, label: L) -> Self {
        Event { params, label }
    }
}

impl sealed::Sealed for CheckedRidgeParams {}

impl TwoClasses for CheckedRidgeParams {
    type Model = Logistic;

    fn fit_two(
        &self,
        x: ArrayView2<f64>,
        y: &[bool],
        weights: Option<&[f64]>,
    ) -> Result<Self::Model> {
        match weights {
            None => self.fit_by(x, y, None),
            Some(weights) => self.fit_counted(x, y, weights),
        }
    }
}

impl ParamGuard for RidgeParams {
    type Checked = CheckedRidgeParams;
    type Error = Error;

    fn check_ref(&self) -> Result<&Self::Checked> {
        self.checked()
    }

    fn check(self) -> Result<Self::Checked> {
        self.checked()?;
        Ok(self.0)
    }
}

macro_rules! guarded {
    ($params:ident, $checked:ident) => {
        impl ParamGuard for $params {
            type Checked = $checked;
            type Error = Error;

            fn check_ref(&self) -> Result<&Self::Checked> {
                self.check_values()?;
                Ok(&self.checked)
            }

            fn check(self) -> Result<Self::Checked> {
                self.check_values()?;
                Ok(self.checked)
            }
        }

        impl $checked {
            fn unchecked(&self) -> $params {
                $params {
                    checked: self.clone(),
                }
            }
        }
    };
}

guarded!(FirthParams, CheckedFirthParams);
guarded!(ConstrainedParams, CheckedConstrainedParams);
guarded!(TowardsEqualParams, CheckedTowardsEqualParams);
guarded!(OrdinalParams, CheckedOrdinalParams);
guarded!(PooledParams, CheckedPooledParams);

macro_rules! two_classes {
    ($checked:ident, $model:ty) => {
        impl sealed::Sealed for $checked {}

        impl TwoClasses for $checked {
            type Model = $model;

            fn fit_two(
                &self,
                x: ArrayView2<f64>,
                y: &[bool],
                weights: Option<&[f64]>,
            ) -> Result<Self::Model> {
                match weights {
                    None => self.unchecked().fit_rows(x, y),
                    Some(weights) => self.unchecked().fit_weighted(x, y, weights),
                }
            }
        }
    };
}

two_classes!(CheckedFirthParams, Firth);
two_classes!(CheckedConstrainedParams, Constrained);
two_classes!(CheckedTowardsEqualParams, TowardsEqual);

/// The weights of a dataset, where it has any.
fn weights<R: Records, T>(dataset: &DatasetBase<R, T>) -> Option<Vec<f64>> {
    let weights = dataset.weights()?;
    Some(weights.iter().map(|weight| f64::from(*weight)).collect())
}

/// The distinct labels, ascending.
fn classes<L: Ord>(labels: &[L]) -> Vec<&L> {
    let mut classes: Vec<&L> = labels.iter().collect();
    classes.sort_unstable();
    classes.dedup();
    classes
}

/// Which labels are the larger of two.
fn larger<L: Ord>(labels: &[L]) -> Result<Vec<bool>> {
    let classes = classes(labels);
    match classes.as_slice() {
        [smaller, _] => Ok(labels.iter().map(|label| label > *smaller).collect()),
        [_] => Err(Error::OneClass {
            rows: labels.len(),
            events: 0,
        }),
        other => Err(Error::Shape {
            what: "classes of a dataset without an event named by Event",
            found: other.len(),
            expected: 2,
        }),
    }
}

macro_rules! fit_two_classes {
    ($($checked:ident),*) => {$(
        impl<D, T> Fit<ArrayBase<D, Ix2>, T, Error> for $checked
        where
            D: Data<Elem = f64>,
            T: AsSingleTargets,
            T::Elem: Ord + Clone,
        {
            type Object = <$checked as TwoClasses>::Model;

            fn fit(&self, dataset: &DatasetBase<ArrayBase<D, Ix2>, T>) -> Result<Self::Object> {
                let y = larger(&dataset.as_single_targets().to_vec())?;
                self.fit_two(dataset.records().view(), &y, weights(dataset).as_deref())
            }
        }
    )*};
}

fit_two_classes!(
    CheckedRidgeParams,
    CheckedFirthParams,
    CheckedConstrainedParams,
    CheckedTowardsEqualParams
);

impl<D, T, P> Fit<ArrayBase<D, Ix2>, T, Error> for Event<P, T::Elem>
where
    D: Data<Elem = f64>,
    T: AsSingleTargets,
    T::Elem: PartialEq + Clone,
    P: ParamGuard<Error = Error>,
    P::Checked: TwoClasses,
{
    type Object = <P::Checked as TwoClasses>::Model;

    fn fit(&self, dataset: &DatasetBase<ArrayBase<D, Ix2>, T>) -> Result<Self::Object> {
        let labels = dataset.as_single_targets();
        let y: Vec<bool> = labels.iter().map(|label| *label == self.label).collect();
        let checked = self.params.check_ref()?;
        checked.fit_two(dataset.records().view(), &y, weights(dataset).as_deref())
    }
}

/// Labels of any ordered type are the grades, the smallest 0.
impl<D, T> Fit<ArrayBase<D, Ix2>, T, Error> for CheckedOrdinalParams
where
    D: Data<Elem = f64>,
    T: AsSingleTargets,
    T::Elem: Ord + Clone,
{
    type Object = Ordinal;

    fn fit(&self, dataset: &DatasetBase<ArrayBase<D, Ix2>, T>) -> Result<Ordinal> {
        let labels = dataset.as_single_targets().to_vec();
        let classes = classes(&labels);
        let grade = |label: &T::Elem| classes.partition_point(|class| *class < label);
        let grades: Vec<usize> = labels.iter().map(grade).collect();
        let x = dataset.records().view();
        let params = self.unchecked();
        match weights(dataset) {
            None => params.fit_rows(x, &grades, classes.len()),
            Some(weights) => params.fit_weighted(x, &grades, classes.len(), &weights),
        }
    }
}

/// Most judgements of one row.
const JUDGEMENTS: usize = 16;

/// Targets of several columns are as many judgements; the event is the largest label of all in any
/// of them. Each row is a cluster of its own.
impl<D, T> Fit<ArrayBase<D, Ix2>, T, Error> for CheckedPooledParams
where
    D: Data<Elem = f64>,
    T: AsMultiTargets,
    T::Elem: Ord + Clone,
{
    type Object = Pooled;

    fn fit(&self, dataset: &DatasetBase<ArrayBase<D, Ix2>, T>) -> Result<Pooled> {
        let labels = dataset.as_multi_targets();
        if labels.ncols() > JUDGEMENTS {
            return Err(Error::Shape {
                what: "columns of targets",
                found: labels.ncols(),
                expected: JUDGEMENTS,
            });
        }
        let all: Vec<T::Elem> = labels.iter().cloned().collect();
        let classes = classes(&all);
        let mut grades = vec![[None; JUDGEMENTS]; labels.nrows()];
        for ((row, column), label) in labels.indexed_iter() {
            grades[row][column] = Some(classes.partition_point(|class| *class < label));
        }
        let worst = Some(classes.len().saturating_sub(1));
        let events: Vec<bool> = grades.iter().map(|row| row.contains(&worst)).collect();
        let clusters: Vec<usize> = (0..labels.nrows()).collect();
        let weights = weights(dataset).unwrap_or_else(|| vec![1.0; events.len()]);
        let x = dataset.records().view();
        self.unchecked()
            .fit_weighted(x, &grades, &events, &clusters, &weights)
    }
}

macro_rules! predicts_event {
    ($model:ty, $linear:expr) => {
        /// linfa's route to a yes or no: the event is predicted where its log-odds are positive.
        ///
        /// # Panics
        /// As linfa's own models, on a wrong number of columns, because the trait has no way to
        /// return an error.
        impl<D: Data<Elem = f64>> PredictInplace<ArrayBase<D, Ix2>, Array1<bool>> for $model {
            fn predict_inplace(&self, x: &ArrayBase<D, Ix2>, y: &mut Array1<bool>) {
                let linear: fn(&$model) -> (f64, &Array1<f64>) = $linear;
                let (intercept, coefficients) = linear(self);
                assert_eq!(
                    x.ncols(),
                    coefficients.len(),
                    "columns of x and coefficients"
                );
                assert_eq!(x.nrows(), y.len(), "rows of x and targets");
                let all = log_odds(x.view(), intercept, coefficients);
                y.zip_mut_with(&all, |y, &log_odds| *y = log_odds > 0.0);
            }

            fn default_target(&self, x: &ArrayBase<D, Ix2>) -> Array1<bool> {
                Array1::from_elem(x.nrows(), false)
            }
        }
    };
}

predicts_event!(Logistic, |m| (m.intercept(), m.coefficients()));
predicts_event!(Firth, |m| (
    m.logistic().intercept(),
    m.logistic().coefficients()
));
predicts_event!(Constrained, |m| (
    m.logistic().intercept(),
    m.logistic().coefficients()
));
predicts_event!(TowardsEqual, |m| (m.intercept, &m.coefficients));
predicts_event!(Pooled, |m| (m.intercept(), m.coefficients()));

/// The most probable grade of each row, from 0.
///
/// # Panics
/// As linfa's own models, on a wrong number of columns.
impl<D: Data<Elem = f64>> PredictInplace<ArrayBase<D, Ix2>, Array1<usize>> for Ordinal {
    fn predict_inplace(&self, x: &ArrayBase<D, Ix2>, y: &mut Array1<usize>) {
        assert_eq!(x.nrows(), y.len(), "rows of x and targets");
        let probabilities = self.probabilities(x.view());
        let probabilities = probabilities.expect("columns of x and coefficients");
        for (grade, row) in y.iter_mut().zip(probabilities.rows()) {
            let best = |best: usize, (at, p): (usize, &f64)| if *p > row[best] { at } else { best };
            *grade = row.iter().enumerate().fold(0, best);
        }
    }

    fn default_target(&self, x: &ArrayBase<D, Ix2>) -> Array1<usize> {
        Array1::zeros(x.nrows())
    }
}
