//! One family fitted to a table: estimates, intervals, diagnostics and measures.

use std::error::Error;

use forewarn::data::Direction;
use forewarn::model::{
    ConstrainedParams, Firth, FirthParams, L2, Logistic, OrdinalParams, RidgeParams, normal_limit,
    separation, two_sided_p,
};
use forewarn::ndarray::{Array1, Array2, ArrayView2, Axis};
use forewarn::validate::{Bootstrap, Clusters, Forecast, Ranking};
use serde::Serialize;
use serde_json::{Value, json};

use crate::args::{Args, Family};
use crate::common::Failure;
use crate::table::Table;

/// One coefficient, on the scale of its column.
#[derive(Clone, Debug, Serialize)]
pub struct Coefficient {
    pub name: String,
    pub estimate: f64,
    pub se: f64,
    pub ci_low: f64,
    pub ci_high: f64,
    pub statistic: f64,
    pub p: f64,
}

/// The result: what is written as JSON.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub family: &'static str,
    pub n: usize,
    pub events: Option<usize>,
    pub converged: bool,
    pub gradient_norm: f64,
    pub iterations: usize,
    pub step_halvings: usize,
    pub condition_number: f64,
    pub events_per_parameter: Option<f64>,
    pub effective_parameters: Option<f64>,
    pub expected_shrinkage: Option<f64>,
    pub log_likelihood: f64,
    pub penalised_log_likelihood: Option<f64>,
    pub coefficients: Vec<Coefficient>,
    /// Those with Wald's interval and test where the others have the likelihood's.
    pub wald: Vec<String>,
    pub thresholds: Vec<f64>,
    pub fitted: Value,
    pub metrics: Value,
    pub warnings: Vec<Value>,
    pub failed_resamples: Option<String>,
}

impl Report {
    /// The coefficients, one row for each.
    pub fn to_csv(&self) -> Result<String, Failure> {
        let mut csv = csv::Writer::from_writer(Vec::new());
        for row in &self.coefficients {
            csv.serialize(row)?;
        }
        Ok(String::from_utf8(csv.into_inner()?)?)
    }
}

/// A fitted logistic model of any family, and what its family adds.
struct Fitted {
    logistic: Logistic,
    log_likelihood: f64,
    penalised: Option<f64>,
    // What columns become before the model: themselves, or one composite.
    weights: Option<Array2<f64>>,
    warnings: Vec<Value>,
}

/// Fits the family that was asked for.
pub fn analyse(args: &Args, table: &Table) -> Result<Report, Box<dyn Error>> {
    let penalised = args
        .penalty
        .unwrap_or(f64::from(u8::from(args.family != Family::Ordinal)))
        > 0.0;
    let shrinks = matches!(
        args.family,
        Family::Ridge | Family::Constrained | Family::Ordinal
    );
    if args.family != Family::Composite && !(shrinks && penalised) {
        let remedy = match args.family {
            Family::Ordinal => "fit fewer with --columns, or give a --penalty",
            _ => "fit fewer with --columns, or choose --family ridge or composite",
        };
        crate::rank::check(table, remedy)?;
    }
    if args.family == Family::Ordinal {
        return ordinal(args, table);
    }
    let y = table.events();
    let fitted = fit(args, table, table.x.view(), &y)?;
    let design = fitted.design(table.x.view());
    let log_odds = fitted.logistic.linear_predictor(design.view())?;
    let report = fitted.logistic.report();
    let mut warnings = fitted.warnings.clone();
    let directions = directions(args, table)?;
    let own = if fitted.weights.is_some() {
        &[][..]
    } else {
        &directions[..]
    };
    for warning in fitted.logistic.warnings(design.view(), &y, own)? {
        let words = warning.words(&|column| table.names[column].as_str());
        let mut warning = with_names(serde_json::to_value(warning)?, table);
        warning["words"] = json!(words);
        warnings.push(warning);
    }
    let (coefficients, wald) = coefficients(args, table, &fitted, &y)?;
    let metrics = metrics(args, table, &log_odds.to_vec(), &y)?;
    Ok(Report {
        failed_resamples: failed(&metrics),
        family: args.family.name(),
        n: y.len(),
        events: Some(report.events),
        converged: true,
        gradient_norm: report.gradient_norm,
        iterations: report.iterations,
        step_halvings: report.step_halvings,
        condition_number: report.condition_number,
        events_per_parameter: Some(report.events_per_parameter),
        effective_parameters: Some(report.effective_parameters),
        expected_shrinkage: report.expected_shrinkage(),
        log_likelihood: fitted.log_likelihood,
        penalised_log_likelihood: fitted.penalised,
        coefficients,
        wald,
        thresholds: Vec::new(),
        fitted: json!(fitted.logistic.probabilities(design.view())?.to_vec()),
        metrics,
        warnings,
    })
}

/// Columns by name where a warning has their numbers.
fn with_names(mut warning: Value, table: &Table) -> Value {
    let name = |number: &Value| {
        let found = number.as_u64().and_then(|at| table.names.get(at as usize));
        found.map_or(number.clone(), |name| json!(name))
    };
    if let Some(columns) = warning.get_mut("columns").and_then(Value::as_array_mut) {
        for column in columns {
            *column = name(column);
        }
    }
    if let Some(column) = warning.get_mut("column") {
        *column = name(column);
    }
    warning
}

impl Fitted {
    fn new(logistic: Logistic, log_likelihood: f64) -> Fitted {
        let (penalised, weights, warnings) = (None, None, Vec::new());
        Fitted {
            logistic,
            log_likelihood,
            penalised,
            weights,
            warnings,
        }
    }

    fn firth(firth: Firth) -> Fitted {
        let penalised = Some(firth.penalised_log_likelihood());
        let log_likelihood = firth.log_likelihood();
        Fitted {
            penalised,
            ..Fitted::new(firth.logistic().clone(), log_likelihood)
        }
    }

    fn design(&self, x: ArrayView2<f64>) -> Array2<f64> {
        self.weights
            .as_ref()
            .map_or_else(|| x.to_owned(), |weights| x.dot(weights))
    }
}

fn fit(
    args: &Args,
    table: &Table,
    x: ArrayView2<f64>,
    y: &[bool],
) -> Result<Fitted, Box<dyn Error>> {
    if let Some(correction) = args.family.correction() {
        let params = FirthParams::new().correction(correction);
        return Ok(Fitted::firth(params.fit_rows(x, y)?));
    }
    let penalty = args.penalty.unwrap_or(1.0);
    match args.family {
        Family::Composite => composite(args, table, x, y),
        Family::Constrained => {
            let params = ConstrainedParams::new().l2(L2::Total(penalty));
            let found = params.directions(directions(args, table)?).fit_rows(x, y)?;
            let mut fitted = penalised(found.logistic().clone(), x, y)?;
            fitted.warnings = found
                .binding()
                .iter()
                .map(|b| json!({"warning": "direction_binds", "column": table.names[b.column]}))
                .collect();
            Ok(fitted)
        }
        _ => {
            if penalty == 0.0
                && let Some(found) = separation(x, y)?
            {
                let names: Vec<&str> = found
                    .columns
                    .iter()
                    .map(|&j| table.names[j].as_str())
                    .collect();
                return Err(format!(
                    "separated by {}: no finite estimate without a penalty; use --family firth",
                    names.join(", ")
                )
                .into());
            }
            penalised(
                RidgeParams::new().l2(L2::Total(penalty)).fit_rows(x, y)?,
                x,
                y,
            )
        }
    }
}

fn penalised(logistic: Logistic, x: ArrayView2<f64>, y: &[bool]) -> Result<Fitted, Box<dyn Error>> {
    let penalised = -logistic.report().objective;
    let log_odds = logistic.linear_predictor(x)?.to_vec();
    let mean_loss = Forecast::from_log_odds(&log_odds, y)?.log_loss()?;
    let log_likelihood = -mean_loss * y.len() as f64;
    Ok(Fitted {
        penalised: Some(penalised),
        ..Fitted::new(logistic, log_likelihood)
    })
}

/// Mean of standardised columns, each in its declared or learned direction, and one slope.
fn composite(
    args: &Args,
    table: &Table,
    x: ArrayView2<f64>,
    y: &[bool],
) -> Result<Fitted, Box<dyn Error>> {
    let declared = directions(args, table)?;
    let mut weights = Array2::zeros((x.ncols(), 1));
    let all_learned = args.directions.is_empty();
    for (j, column) in x.columns().into_iter().enumerate() {
        let n = column.len() as f64;
        let mean = column.sum() / n;
        let sd = (column.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt();
        let covariance: f64 = column
            .iter()
            .zip(y)
            .filter(|(_, y)| **y)
            .map(|(v, _)| v - mean)
            .sum();
        let learned = if covariance == 0.0 {
            0.0
        } else {
            covariance.signum()
        };
        let sign = if all_learned {
            learned
        } else {
            declared[j].sign().unwrap_or(0.0)
        };
        if sd > 0.0 {
            weights[[j, 0]] = sign / sd;
        }
    }
    let warnings = weights
        .iter()
        .zip(&table.names)
        .map(|(&weight, name)| match weight {
            0.0 => json!({"warning": "left_out", "column": name}),
            weight if all_learned => {
                let direction = if weight > 0.0 { "+" } else { "-" };
                json!({"warning": "direction_learned", "column": name, "direction": direction})
            }
            _ => Value::Null,
        });
    let warnings = warnings.filter(|warning| !warning.is_null()).collect();
    let used = weights.iter().filter(|w| **w != 0.0).count().max(1) as f64;
    weights /= used;
    let logistic = RidgeParams::new()
        .l2(L2::Total(0.0))
        .fit_rows(x.dot(&weights).view(), y)?;
    let log_likelihood = -logistic.report().objective;
    Ok(Fitted {
        weights: Some(weights),
        warnings,
        ..Fitted::new(logistic, log_likelihood)
    })
}

fn directions(args: &Args, table: &Table) -> Result<Vec<Direction>, String> {
    for (column, _) in &args.directions {
        if !table.names.contains(column) {
            return Err(format!("--directions: no column {column}"));
        }
    }
    let of = |name: &String| {
        let found = args.directions.iter().find(|(column, _)| column == name);
        found.map_or(Direction::None, |(_, direction)| *direction)
    };
    Ok(table.names.iter().map(of).collect())
}

fn coefficients(
    args: &Args,
    table: &Table,
    fitted: &Fitted,
    y: &[bool],
) -> Result<(Vec<Coefficient>, Vec<String>), Box<dyn Error>> {
    let mut names = vec!["(Intercept)".to_owned()];
    match fitted.weights {
        Some(_) => names.push("composite".to_owned()),
        None => names.extend(table.names.iter().cloned()),
    }
    let estimates = fitted.logistic.start();
    let errors = fitted.logistic.standard_errors();
    let mut all = wald(names, &estimates, &errors, args.level);
    let mut not_found = Vec::new();
    if let Some(params) = args.profile() {
        let found = params.inference(table.x.view(), y, args.level)?;
        for ((row, interval), test) in all.iter_mut().zip(&found.intervals).zip(&found.tests) {
            (row.ci_low, row.ci_high) = (interval.low, interval.high);
            (row.statistic, row.p) = (test.chi_square, test.p);
        }
        // FLIC's intercept has no other, which is said apart.
        let no_other = |j: &&usize| !(**j == 0 && args.family == Family::Flic);
        let found = found.wald.iter().filter(no_other);
        not_found.extend(found.map(|&j| all[j].name.clone()));
    }
    Ok((all, not_found))
}

fn wald(
    names: Vec<String>,
    estimates: &[f64],
    errors: &Array1<f64>,
    level: f64,
) -> Vec<Coefficient> {
    let z = normal_limit(level);
    let row = |((name, &estimate), &se): ((String, &f64), &f64)| Coefficient {
        name,
        estimate,
        se,
        ci_low: estimate - z * se,
        ci_high: estimate + z * se,
        statistic: estimate / se,
        p: two_sided_p(estimate / se),
    };
    names
        .into_iter()
        .zip(estimates)
        .zip(errors)
        .map(row)
        .collect()
}

/// The measures on the rows fitted to, and corrected for optimism by refits to resampled clusters.
fn metrics(
    args: &Args,
    table: &Table,
    log_odds: &[f64],
    y: &[bool],
) -> Result<Value, Box<dyn Error>> {
    let forecast = Forecast::from_log_odds(log_odds, y)?;
    let ranking = Ranking::new(log_odds, y)?;
    let delong = ranking.delong();
    let line = forecast.calibration_line();
    Ok(json!({
        "auroc": ranking.tally().c_statistic().ok(),
        "auroc_se_delong": delong.map(|d| d.standard_error).ok(),
        "auroc_ci95_delong": delong.map(|d| d.interval95).ok(),
        "average_precision": ranking.tally().average_precision().ok(),
        "brier": forecast.brier().ok(),
        "log_loss": forecast.log_loss().ok(),
        "calibration_intercept_in_the_large":
            forecast.calibration_in_the_large().map(|m| m.estimate).ok(),
        "calibration_intercept_with_slope": line.map(|l| l.intercept.estimate).ok(),
        "calibration_slope": line.map(|l| l.slope.estimate).ok(),
        "observed_expected": forecast.observed_expected().map(|o| o.ratio).ok(),
        "eavg": forecast.calibration_error().map(|e| e.mean).ok(),
        "optimism_corrected": optimism(args, table, y, &forecast, &ranking),
    }))
}

/// Said where more than one resample in twenty gave no fit: those that did are the easy ones.
fn failed(metrics: &Value) -> Option<String> {
    let of = |key: &str| metrics["optimism_corrected"][key].as_u64();
    let (failed, all) = (of("failed")?, of("replicates")?);
    (20 * failed > all).then(|| {
        format!(
            "{failed} of {all} resamples gave no fit (separated, or of one class): the corrected \
             measures are of the others, and flatter the model"
        )
    })
}

/// Harrell's correction; `null` without resamples.
fn optimism(
    args: &Args,
    table: &Table,
    y: &[bool],
    forecast: &Forecast,
    ranking: &Ranking,
) -> Value {
    let wanted = args.bootstrap.unwrap_or(200);
    if wanted == 0 {
        return Value::Null;
    }
    let replicates = Bootstrap::new(wanted, 1).run(&Clusters::new(&table.clusters), |counts| {
        replicate(args, table, y, counts).ok()
    });
    let found: Vec<[f64; 3]> = replicates.into_iter().flatten().collect();
    let mean = |part: usize| found.iter().map(|f| f[part]).sum::<f64>() / found.len() as f64;
    let corrected = |apparent: Option<f64>, part: usize| {
        apparent
            .filter(|_| !found.is_empty())
            .map(|apparent| apparent - mean(part))
    };
    json!({
        "replicates": wanted,
        "failed": wanted - found.len(),
        "auroc": corrected(ranking.tally().c_statistic().ok(), 0),
        "brier": corrected(forecast.brier().ok(), 1),
        "calibration_slope": (!found.is_empty()).then(|| mean(2)),
    })
}

/// C-statistic and Brier score lost between a resample and the table, and the slope on the table.
fn replicate(
    args: &Args,
    table: &Table,
    y: &[bool],
    counts: &[u32],
) -> Result<[f64; 3], Box<dyn Error>> {
    let rows: Vec<usize> = (0..counts.len())
        .flat_map(|row| std::iter::repeat_n(row, counts[row] as usize))
        .collect();
    let x = table.x.select(Axis(0), &rows);
    let drawn: Vec<bool> = rows.iter().map(|&row| y[row]).collect();
    let fitted = fit(args, table, x.view(), &drawn)?;
    let quality = |x: ArrayView2<f64>, y: &[bool]| -> Result<(f64, Forecast), Box<dyn Error>> {
        let log_odds = fitted
            .logistic
            .linear_predictor(fitted.design(x).view())?
            .to_vec();
        let c = Ranking::new(&log_odds, y)?.tally().c_statistic()?;
        Ok((c, Forecast::from_log_odds(&log_odds, y)?))
    };
    let (own, original) = (quality(x.view(), &drawn)?, quality(table.x.view(), y)?);
    let slope = original.1.calibration_line()?.slope.estimate;
    Ok([
        own.0 - original.0,
        own.1.brier()? - original.1.brier()?,
        slope,
    ])
}

fn ordinal(args: &Args, table: &Table) -> Result<Report, Box<dyn Error>> {
    let (grades, levels) = table.levels();
    let params = OrdinalParams::new().l2(L2::Total(args.penalty.unwrap_or(0.0)));
    let model = params.fit_rows(table.x.view(), &grades, levels.len())?;
    let report = model.report();
    let slopes = model.thresholds().len();
    let names = (1..levels.len())
        .map(|k| format!("{}|{}", levels[k - 1], levels[k]))
        .chain(table.names.iter().cloned())
        .collect();
    let mut estimates = model.thresholds().to_vec();
    estimates.extend(model.coefficients());
    let rows = wald(names, &estimates, &model.standard_errors(), args.level);
    let squares: f64 = model.coefficients().iter().map(|b| b * b).sum();
    let mut warnings = Vec::new();
    if let Ok(test) = OrdinalParams::new().proportionality(table.x.view(), &grades, levels.len())
        && test.score.p < 0.05
    {
        warnings.push(json!({"warning": "not_proportional", "test": test.score}));
    }
    Ok(Report {
        family: args.family.name(),
        n: grades.len(),
        events: None,
        converged: true,
        gradient_norm: report.gradient_norm,
        iterations: report.iterations,
        step_halvings: report.step_halvings,
        condition_number: report.condition_number,
        events_per_parameter: None,
        effective_parameters: Some(report.effective_parameters),
        expected_shrinkage: report.expected_shrinkage(),
        log_likelihood: report.log_likelihood,
        penalised_log_likelihood: Some(report.log_likelihood - 0.5 * report.alpha * squares),
        coefficients: rows[slopes..].to_vec(),
        wald: Vec::new(),
        failed_resamples: None,
        thresholds: model.thresholds().to_vec(),
        fitted: json!(
            model
                .probabilities(table.x.view())?
                .outer_iter()
                .map(|row| row.to_vec())
                .collect::<Vec<_>>()
        ),
        metrics: ordinal_metrics(&model.at_least(table.x.view(), levels.len() - 1)?, &grades)?,
        warnings,
    })
}

/// Measures of P(highest level) against whether it came.
fn ordinal_metrics(highest: &Array1<f64>, grades: &[usize]) -> Result<Value, Box<dyn Error>> {
    let last = grades.iter().copied().max().unwrap_or(0);
    let y: Vec<bool> = grades.iter().map(|&grade| grade == last).collect();
    let forecast = Forecast::new(&highest.to_vec(), &y)?;
    Ok(json!({
        "of": "the highest level against the others",
        "auroc": Ranking::new(&highest.to_vec(), &y)?.tally().c_statistic().ok(),
        "brier": forecast.brier().ok(),
        "log_loss": forecast.log_loss().ok(),
    }))
}
