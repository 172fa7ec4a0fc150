//! Scores -> evidence: how good were the scores, and how sure can anyone be of that?
//!
//! Pure functions of numbers. [`Ranking`] holds scores in order and gives what depends on order
//! alone; [`Forecast`] holds probabilities and gives what depends on their values; [`Bootstrap`]
//! resamples authorities. What the data cannot say is an [`Undefined`] with its reason, and `null`
//! in JSON: never NaN, never a default.
//!
//! ```
//! use forewarn::validate::{Bootstrap, Clusters, Ranking};
//!
//! let outcomes = [false, true, false, true, false, false];
//! let ranking = Ranking::new(&[0.1, 0.7, 0.3, 0.2, 0.2, 0.6], &outcomes)?;
//! assert_eq!(ranking.tally().c_statistic(), Ok(5.5 / 8.0));
//! assert_eq!(ranking.tally().capture(1)?.caught, 1.0);
//!
//! let clusters = Clusters::new(&["Ayton", "Beeham", "Beeham", "Ceeford", "Deeton", "Ayton"]);
//! let replicates = Bootstrap::new(2000, 1)
//!     .run(&clusters, |counts| ranking.tally_of(counts)?.c_statistic());
//! let found = forewarn::validate::percentile_interval(&replicates)?;
//! assert!(found.failed > 0); // some resamples hold no event: counted, not hidden
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod backtest;
mod baselines;
mod calibration;
mod capture;
mod census_lag;
mod compare;
mod delong;
mod evidence;
mod forecaster;
mod funnel;
mod half_life;
mod horizon;
mod influence;
mod isotonic;
mod lead_curve;
pub mod leakage;
mod list;
mod lowess;
mod meaning;
mod metrics;
mod net_benefit;
mod optimism;
mod permutation;
pub mod primary;
mod rank;
mod resampled;
mod sample_size;
mod selection;
mod sensitivity;
mod summary;
#[cfg(feature = "read")]
mod table;
mod told;
mod track_record;
mod unmeasured;
mod window;

use crate::resample::{bootstrap, interval, undefined};

pub use crate::model::{Recalibration, RecalibrationParams};
pub use crate::parallel::with_threads;
pub use backtest::{Backtest, BacktestParams, HALF_LIVES, OriginDrift, OriginRecord, Prediction};
pub use baselines::{AGENCY_LIMIT, Baseline};
pub use bootstrap::{Bootstrap, BootstrapInterval, Clusters, percentile_interval};
pub use calibration::{
    CalibrationError, CalibrationLine, CurvePoint, FLEXIBLE_CURVE_NEEDS, ObservedExpected,
    ReliabilityGroup,
};
pub use capture::Capture;
pub use census_lag::{CensusLag, LAGS, LagCell, census_lags};
pub use compare::{Comparisons, Difference, Primary, Verdict};
pub use delong::hanley_mcneil;
pub use evidence::{Evidence, EvidenceParams, SampleSize};
pub use forecaster::{Forecaster, OwnRule, Scorer};
pub use funnel::{Funnel, FunnelLimits, FunnelPoint, Outside};
pub use half_life::HalfLife;
pub use horizon::{Gain, HorizonEvidence, HorizonParams, HorizonYear, OutcomeEvidence};
pub use interval::{Interval, Limits, Measured, clopper_pearson, quantile, wilson};
pub use lead_curve::{LeadCurve, LeadPoint};
pub use list::{ListShare, YearlyCapture};
pub use meaning::{HistogramBin, Meaning, YearRatio};
pub use metrics::Forecast;
pub use net_benefit::NetBenefit;
pub use optimism::{Optimism, optimism};
pub use permutation::Permutation;
pub use rank::{Group, Ranking, StratifiedRanking, Tally};
pub use sample_size::{Plan, RequiredRows, Signal};
pub use selection::{CandidateResult, Selection};
pub use sensitivity::{Change, SensitivityRow, changes, sensitivity};
pub use summary::{FRACTIONS, Subset, Summary, YearSummary};
pub use track_record::{
    Caught, FalseAlarm, LaterEvent, Listed, NextJudgement, Quarter, Totals, TrackRecord,
    TrackRecordParams,
};
pub use undefined::{Estimate, Undefined};
pub use unmeasured::{UNMEASURED_SDS, Unmeasured, unmeasured};
