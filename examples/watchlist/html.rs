//! The report as one HTML file.

use forewarn::data::Panel;
use forewarn::features::Months;
use forewarn::model::RiskModel;
use forewarn::read::LoadReport;
use forewarn::report::{self, ReportInput};
use forewarn::score::{ProfileParams, Scores};
use forewarn::validate::{BacktestParams, Bootstrap, Evidence, EvidenceParams};

use crate::args::Args;
use crate::common;
use crate::testing::YEARS;

/// Resamples behind the evidence; the example `backtest` draws 2,000.
const REPLICATES: usize = 200;

/// What the intervals are, for people.
const HOW_SURE: &str = "95%, of the average risk of all with these figures: from re-fits to \
    organisations drawn again, the spread over penalties and the drift of the rate. It holds nothing \
    that the figures do not show. Places are those of 95 of 100 re-fits.";

/// The page of the authority asked for, or of all with a back-test that uses nothing published after
/// the as-of day; and its figures as JSON.
pub fn report(
    args: &Args,
    panel: &Panel,
    read: &LoadReport,
    model: &RiskModel,
    scores: &Scores,
) -> forewarn::Result<(String, String)> {
    let authority = match &args.organisation {
        Some(authority) => Some(panel.register().find(authority)?.code),
        None => None,
    };
    let evidence = match authority {
        Some(_) => None,
        None => Some(evidence(args, panel, model, scores)?),
    };
    let profiles = ProfileParams::default().run(model, panel, scores)?;
    let input = ReportInput {
        scores,
        model,
        service: panel.service(),
        capacity: args.capacity,
        how_sure: HOW_SURE,
        evidence: evidence.as_ref(),
        profiles: Some(&profiles),
        read: Some(read),
        register: panel.register(),
        catalogue: panel.catalogue(),
        notice: common::notice(panel),
    };
    let page = match authority {
        Some(authority) => report::authority_html(&input, authority)?,
        None => report::html(&input)?,
    };
    Ok((page, input.figures()?))
}

fn evidence(
    args: &Args,
    panel: &Panel,
    model: &RiskModel,
    scores: &Scores,
) -> forewarn::Result<Evidence> {
    let known = panel.known_by(scores.as_of);
    let last = scores.as_of.year() - 1;
    let params = model.params();
    let backtest = BacktestParams {
        years: (last - YEARS + 1, last),
        leads: [0, 12, 24].map(Months).to_vec(),
        knowledge: model.knowledge(),
        outcome_rule: model.outcome_rule(),
        replicates: REPLICATES,
        seed: args.seed,
        recalibration: params.recalibration(),
        ..BacktestParams::new(vec![model.recipe().clone()], vec![&params])
    };
    let backtest = backtest.run(&known, &|_, _| {})?;
    let params = EvidenceParams {
        list_share: args.capacity.0.get() as f64 / scores.scores.len().max(1) as f64,
        bootstrap: Bootstrap::new(REPLICATES, args.seed),
        indicators: &common::audited(panel.service())?,
        as_of: scores.as_of,
    };
    Evidence::new(backtest, &known, &params)
}
