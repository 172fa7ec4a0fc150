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

mod audit;
mod backtest;
mod evidence;
mod horizon;
mod measure;
mod track_record;

pub use crate::model::{Recalibration, RecalibrationParams};
pub use crate::parallel::with_threads;
pub use crate::stats::bootstrap::{Bootstrap, BootstrapInterval, Clusters, percentile_interval};
pub use crate::stats::interval::{Interval, Limits, Measured, clopper_pearson, quantile, wilson};
pub use crate::stats::undefined::{Estimate, Undefined};
pub use audit::census_lag::{CensusLag, LAGS, LagCell, census_lags};
pub use audit::funnel::{Funnel, FunnelLimits, FunnelPoint, Outside};
pub use audit::leakage;
pub use backtest::baselines::{AGENCY_LIMIT, Baseline};
pub use backtest::compare::{Comparisons, Difference, Primary, Verdict};
pub use backtest::forecaster::{Forecaster, OwnRule, Scorer};
pub use backtest::half_life::HalfLife;
pub use backtest::lead_curve::{LeadCurve, LeadPoint};
pub use backtest::left_out::{LeftOut, NotTested, Tested};
pub use backtest::optimism::{Optimism, optimism};
pub use backtest::params::BacktestParams;
pub use backtest::permutation::Permutation;
pub use backtest::prediction::{HALF_LIVES, OriginDrift, OriginRecord, Prediction};
pub use backtest::primary;
pub use backtest::probabilities::{HistogramBin, Meaning, YearRatio};
pub use backtest::result::Backtest;
pub use backtest::selection::{CandidateResult, Selection};
pub use backtest::sensitivity::{Change, SensitivityRow, changes, sensitivity};
pub use backtest::subset::Subset;
pub use backtest::summary::{FRACTIONS, Summary, YearSummary};
pub use backtest::yearly_list::ListShare;
pub use evidence::{Evidence, EvidenceParams, SampleSize};
pub use horizon::{Gain, HorizonEvidence, HorizonParams, HorizonYear, OutcomeEvidence};
pub use measure::calibration::{
    CalibrationError, CalibrationLine, CurvePoint, FLEXIBLE_CURVE_NEEDS, ObservedExpected,
    ReliabilityGroup,
};
pub use measure::capture::Capture;
pub use measure::delong::hanley_mcneil;
pub use measure::forecast::Forecast;
pub use measure::net_benefit::NetBenefit;
pub use measure::rank::{Group, Ranking, StratifiedRanking, Tally};
pub use measure::sample_size::{Plan, RequiredRows, Signal};
pub use measure::unmeasured::{UNMEASURED_SDS, Unmeasured, unmeasured};
pub use measure::yearly_capture::YearlyCapture;
pub use track_record::{
    Caught, FalseAlarm, LaterEvent, Listed, NextJudgement, Quarter, Totals, TrackRecord,
    TrackRecordParams,
};
