//! How sure the scores are: by drawing authorities again, or analytically for a saved model.

use forewarn::data::Panel;
use forewarn::features::TrainingSet;
use forewarn::model::RiskModel;
use forewarn::score::{INTERVAL_PENALTY, IntervalParams, ScoreIntervals, Scores};

use crate::args::Args;

/// Where the printed intervals come from.
pub enum HowSure {
    /// None were asked for.
    None,
    /// From the covariance of the coefficients; `--load` brings no training rows.
    Analytic,
    /// From resamples of authorities.
    Bootstrap(ScoreIntervals, Penalty),
}

/// What became of the penalty in the resamples.
pub enum Penalty {
    /// It was the model's in all of them.
    Held,
    /// It was chosen anew in each.
    ChosenAgain,
}

/// The level of every interval that is printed or written.
const LEVEL: f64 = 0.9;

/// The scores with their intervals. The penalty is chosen again in every resample unless it is to be
/// held, which hides how uncertain it is.
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
    let same = model.params();
    let (params_again, penalty) = match args.hold_penalty {
        true => (same.penalty(model.training().penalty), Penalty::Held),
        false => (same, Penalty::ChosenAgain),
    };
    let found = params.run(&params_again, training, panel, as_of, args.capacity)?;
    Ok((
        scores.with_intervals(&found),
        HowSure::Bootstrap(found, penalty),
    ))
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
            HowSure::Bootstrap(found, penalty) => bootstrap(found, penalty),
        }
    }
}

fn bootstrap(found: &ScoreIntervals, penalty: &Penalty) -> String {
    let failed: Vec<String> = found
        .failed
        .iter()
        .map(|f| format!("{} without a model ({})", f.count, f.reason))
        .collect();
    let failed = match failed.is_empty() {
        true => "all of them with a model".to_owned(),
        false => failed.join("; "),
    };
    let learned = match penalty {
        Penalty::Held => "everything but the penalty (--hold-penalty), places too narrow for it,",
        Penalty::ChosenAgain => "everything, the penalty too,",
    };
    let chosen: Vec<String> = found
        .chosen
        .iter()
        .map(|c| format!("{} {:.0}%", c.feature, 100.0 * c.share))
        .collect();
    let chosen = match chosen.is_empty() {
        true => String::new(),
        false => format!(
            " Share of draws in which a feature was chosen: {}.",
            chosen.join(", ")
        ),
    };
    format!(
        "90%, places and P(top {}): {learned} learned anew from {} draws of \
         authorities, {failed}. They show the chance in who was inspected and failed. The risk's \
         is that of a model with a penalty of {INTERVAL_PENALTY} at most, so that its pull towards \
         the average cannot hide in it. Nothing shows what the figures do not say: the truth \
         can lie outside more often than one time in ten.{chosen}",
        found.capacity, found.replicates,
    )
}
