//! Feature vectors -> fitted models, each certified by its own gradient: ridge logistic regression,
//! Firth's penalised likelihood, declared directions and stated priors, proportional odds of one or
//! of all judgements, equal weights and what is drawn towards them, and averages of these.

pub(crate) mod artifact;
pub(crate) mod choose;
pub(crate) mod drift;
mod families;
pub(crate) mod family;
pub(crate) mod horizon;
pub(crate) mod input_file;
pub(crate) mod linear;
pub(crate) mod penalty;
pub(crate) mod preprocess;
pub(crate) mod rate;
pub(crate) mod recalibrate;
pub(crate) mod refit;
pub(crate) mod refits;
pub(crate) mod risk;
pub(crate) mod risk_model;
pub(crate) mod risk_params;
pub(crate) mod rule;
pub(crate) mod stand_in;
pub(crate) mod support;
pub(crate) mod tested;
pub(crate) mod timing;
pub(crate) mod training_record;
pub(crate) mod warning;

pub use crate::fit::{
    Balanced, Belief, Binding, CheckedRidgeParams, ChiSquareTest, Constrained, ConstrainedParams,
    Event, Firth, FirthInference, FirthParams, FitReport, InterceptCorrection, L2,
    LARGEST_MAGNITUDE, Logistic, Ordinal, OrdinalParams, OrdinalReport, Pooled, PooledParams,
    ProfileInterval, Proportionality, RidgeParams, Scale, Separation, Solver, TowardsEqual,
    TowardsEqualParams, separation,
};
pub use crate::stats::chi_square::{normal_limit, two_sided_p};
pub use artifact::{LARGEST_MODEL, SCHEMA};
pub use drift::{DRIFT_PRIOR_SD, Drift};
pub use families::FRAMEWORK_SD;
pub use family::{AVERAGED, CARRIED_SHARE, Family};
pub use input_file::InputFile;
pub use penalty::{PENALTIES, Penalty};
pub use preprocess::{LearnedColumn, LearnedTheme, Unused};
pub(crate) use preprocess::{learn_columns, mean_of_known};
pub use rate::RateNow;
pub use recalibrate::{CalibrationRow, Recalibration, RecalibrationParams};
pub use refit::RefitParams;
pub use refits::{ChosenFeature, DrawFailure, FailedReplicates, Refits};
pub(crate) use risk::Refit;
pub use risk_model::{HorizonModel, RiskModel, Term};
pub use risk_params::RiskParams;
pub use tested::{FEWEST_TESTED, Tested, TestedScore};
pub use timing::{DRAWN_BY, Programme, Timing};
pub use training_record::{MemberFit, TrainingRecord};
pub use warning::{FitWarning, LEAST_EXPECTED_SLOPE};
