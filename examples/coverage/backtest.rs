//! The intervals of the back-test: of its C-statistic and of all comparisons together; and its
//! correction for optimism.

use forewarn::data::OutcomeRule;
use forewarn::features::{FeatureRecipe, Months};
use forewarn::jiff::civil::date;
use forewarn::model::{Family, RiskParams};
use forewarn::simulate::{BaseRates, SimulationParams};
use forewarn::validate::{
    BacktestParams, Bootstrap, Clusters, Difference, Estimate, Interval, Ranking, optimism,
    percentile_interval,
};

use crate::draw::{share, worlds};

/// One base rate throughout: with several, whatever drifts over the years is a signal.
const RATE: f64 = 0.17;

fn params(seed: u64, signal: f64) -> SimulationParams {
    SimulationParams {
        seed,
        signal,
        consequence: signal,
        base_rates: BaseRates {
            slac: RATE,
            sif: RATE,
            ilacs: RATE,
            ilacs_late: RATE,
        },
        unmeasured_sd: 0.0,
        drift_sd: 0.0,
        ..SimulationParams::default()
    }
}

/// 95% intervals of the C-statistic of the true risk, against its mean over all worlds.
pub fn intervals(worlds: u64) -> Result<(), Box<dyn std::error::Error>> {
    let mut found = Vec::new();
    for seed in 0..worlds {
        let world = params(seed, 1.0).simulate()?;
        let full = world
            .inspections
            .iter()
            .zip(&world.risks)
            .filter(|(i, _)| i.is_like_for_like());
        let rows: Vec<_> = full
            .filter_map(|(i, r)| {
                Some((i.organisation, r.log_odds, OutcomeRule::default().event(i)?))
            })
            .collect();
        let scores: Vec<f64> = rows.iter().map(|r| r.1).collect();
        let outcomes: Vec<bool> = rows.iter().map(|r| r.2).collect();
        let ranking = Ranking::new(&scores, &outcomes)?;
        let clusters = Clusters::new(&rows.iter().map(|r| r.0).collect::<Vec<_>>());
        let replicates = Bootstrap::new(500, seed)
            .run(&clusters, |counts| ranking.tally_of(counts)?.c_statistic());
        let delong = ranking.delong()?;
        found.push((delong, percentile_interval(&replicates)?.interval95));
    }
    let truth = found.iter().map(|(d, _)| d.estimate).sum::<f64>() / worlds as f64;
    let share = |covers: usize| 100.0 * covers as f64 / worlds as f64;
    let delong = found
        .iter()
        .filter(|(d, _)| d.interval95.contains(truth))
        .count();
    let cluster = found.iter().filter(|(_, i)| i.contains(truth)).count();
    say!("\n{worlds} simulated worlds, C-statistic of the true risk {truth:.3}");
    say!(
        "95% interval by resampling authorities covers it in {:.1}%",
        share(cluster)
    );
    say!("95% interval of DeLong covers it in {:.1}%", share(delong));
    Ok(())
}

/// The optimism-corrected C-statistic where the figures say nothing.
pub fn null(worlds: u64) -> Result<(), Box<dyn std::error::Error>> {
    let ridge = RiskParams::ridge().penalty(0.1);
    let (mut apparent, mut corrected, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
    for seed in 0..worlds {
        let panel = params(seed, 0.0).simulate()?.panel();
        let recipe = FeatureRecipe::lead_and_timeliness();
        let known = panel.as_of(date(2023, 6, 1));
        let training = known.training(&recipe, OutcomeRule::default(), Months(0))?;
        let found = optimism(&training, &ridge, Bootstrap::new(100, seed))?;
        apparent.push(found.apparent_c?);
        corrected.push(found.corrected_c?);
        left_out.push(found.left_out_c?);
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let error = |values: &[f64]| {
        let squares: f64 = values.iter().map(|v| (v - mean(values)).powi(2)).sum();
        squares.sqrt() / values.len() as f64
    };
    say!("{worlds} worlds without signal, mean C-statistic (standard error)");
    for (what, values) in [
        ("apparent", apparent),
        ("Harrell", corrected),
        ("left out", left_out),
    ] {
        say!("  {what:<10} {:.3} ({:.3})", mean(&values), error(&values));
    }
    Ok(())
}

/// The intervals of all comparisons of a back-test, in worlds where nothing tells an outcome: every
/// true difference is 0.
pub fn comparisons(count: u64) -> Result<(), Box<dyn std::error::Error>> {
    let (found, failed) = worlds(count, |seed| {
        let world = SimulationParams {
            quality_effect: 0.0,
            strain_effect: 0.0,
            need_effect: 0.0,
            ..params(seed, 0.0)
        };
        let panel = world.simulate()?.panel();
        let models = [Family::Composite, Family::Ridge].map(RiskParams::of);
        let candidates = models.iter().map(|model| model as _).collect();
        let mut test = BacktestParams::new(vec![FeatureRecipe::default()], candidates);
        test.leads = vec![Months(0), Months(12)];
        test.replicates = 400;
        test.permutations = 0;
        let run = test.run(&panel, &|_, _| {})?;
        let differences = || run.summary.iter().flat_map(|s| &s.difference_to);
        let outside = |of: fn(&Difference) -> Estimate<Interval>| {
            let told = |d: &&Difference| of(d).is_ok_and(|i| !i.contains(0.0));
            differences().filter(told).count()
        };
        let alone = outside(|d| d.within_year_ci95);
        let together = outside(|d| d.simultaneous_ci95);
        Ok((differences().count(), alone > 0, together > 0))
    });
    let held =
        |of: fn(&(usize, bool, bool)) -> bool| share(found.iter().map(move |f| f64::from(!of(f))));
    say!(
        "\n{count} worlds without differences, {failed} failed, {} comparisons: all 95% intervals \
         hold 0, % (standard error)\n  simultaneous {}\n  each for itself {}",
        found.first().map_or(0, |f| f.0),
        held(|f| f.2),
        held(|f| f.1)
    );
    Ok(())
}
