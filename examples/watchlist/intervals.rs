//! How sure the scores are: by drawing authorities again, or analytically for a saved model.

use forewarn::data::Panel;
use forewarn::features::TrainingSet;
use forewarn::model::{RiskModel, RiskParams};
use forewarn::score::{IntervalParams, ScoreIntervals, Scores};

use crate::args::Args;

/// Where the printed intervals come from.
pub enum HowSure {
    /// None were asked for.
    None,
    /// From the covariance of the coefficients; `--load` brings no training rows.
    Analytic,
    /// From resamples of authorities.
    Bootstrap(ScoreIntervals),
}

/// The level of every interval that is printed or written.
const LEVEL: f64 = 0.9;

/// The scores with their intervals. In the resamples the penalty is the model's: choosing it anew
/// in each takes ten times as long.
pub fn add(
    scores: Scores,
    model: &RiskModel,
    training: Option<&TrainingSet>,
    panel: &Panel,
    args: &Args,
) -> forewarn::Result<(Scores, HowSure)> {
    if args.replicates == 0 {
        return Ok((scores, HowSure::None));
    }
    let as_of = scores.as_of;
    let Some(training) = training else {
        let found = model.analytic_intervals(panel, as_of, LEVEL)?;
        return Ok((scores.with_analytic_intervals(&found), HowSure::Analytic));
    };
    let params = IntervalParams {
        replicates: args.replicates,
        seed: args.seed,
        level: LEVEL,
    };
    let ridge = RiskParams::ridge().penalty(model.training().penalty);
    let found = params.run(&ridge, training, panel, as_of, args.capacity)?;
    Ok((scores.with_intervals(&found), HowSure::Bootstrap(found)))
}

impl HowSure {
    /// What the intervals are, in words.
    pub fn legend(&self) -> String {
        match self {
            HowSure::None => {
                "No intervals were asked for (--replicates 0): the order is uncertain, \
                              neighbours on the list can hardly be told apart."
                    .to_owned()
            }
            HowSure::Analytic => {
                "90%: analytic interval of the risk, as --load brings no training \
                                  rows to draw again; it takes scaling, imputed values and penalty \
                                  as known. Ranks have none: the order is uncertain, neighbours on \
                                  the list can hardly be told apart."
                    .to_owned()
            }
            HowSure::Bootstrap(found) => bootstrap(found),
        }
    }
}

fn bootstrap(found: &ScoreIntervals) -> String {
    let failed: Vec<String> = found
        .failed
        .iter()
        .map(|f| format!("{} without a model ({})", f.count, f.reason))
        .collect();
    let failed = match failed.is_empty() {
        true => "all of them with a model".to_owned(),
        false => failed.join("; "),
    };
    format!(
        "90%, places and P(top {}): everything but the penalty learned anew from {} draws of \
         authorities, {failed}. They show the chance in who was inspected and failed, not the \
         penalty's pull towards the average, and nothing that the figures do not show: the truth \
         can lie outside more often than one time in ten.",
        found.capacity, found.replicates,
    )
}
