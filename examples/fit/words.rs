//! Measures and warnings in words.

use serde_json::Value;

/// Names of the measures, as they are said; those of one line apart are joined.
const NAMES: [(&str, &str); 12] = [
    ("of", "of"),
    ("auroc", "C-statistic"),
    ("auroc_se_delong", "  its standard error (DeLong)"),
    ("auroc_ci95_delong", "  its 95% interval (DeLong)"),
    ("average_precision", "average precision"),
    ("brier", "Brier score"),
    ("log_loss", "log-loss"),
    (
        "calibration_intercept_in_the_large",
        "calibration in the large",
    ),
    ("calibration_intercept_with_slope", "calibration intercept"),
    ("calibration_slope", "calibration slope"),
    ("observed_expected", "observed over expected"),
    ("eavg", "mean calibration error"),
];

/// Each measure with its value; what is corrected for optimism stands last.
pub fn measures(metrics: &Value) -> Vec<(&'static str, String)> {
    let known = NAMES
        .iter()
        .filter_map(|(key, name)| Some((*name, metrics.get(key)?)));
    let mut all: Vec<(&str, String)> = known.map(|(name, value)| (name, shown(value))).collect();
    if let Some(corrected) = metrics.get("optimism_corrected").filter(|v| !v.is_null()) {
        let of = |key: &str| shown(&corrected[key]);
        all.push((
            "corrected for optimism",
            format!(
                "C-statistic {}, Brier score {}, calibration slope {} ({} resamples, {} failed)",
                of("auroc"),
                of("brier"),
                of("calibration_slope"),
                of("replicates"),
                of("failed")
            ),
        ));
    }
    all
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "undefined".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_u64() => number.to_string(),
        Value::Number(number) => number.as_f64().map_or(String::new(), |n| format!("{n:.4}")),
        Value::Object(interval) => {
            let end = |key| interval.get(key).map(shown).unwrap_or_default();
            format!("{} to {}", end("low"), end("high"))
        }
        Value::Array(all) => all.iter().map(shown).collect::<Vec<_>>().join(" to "),
        other => other.to_string(),
    }
}

/// A warning, as it stands in the JSON, in words.
pub fn warning(warning: &Value) -> String {
    let text = |key: &str| warning[key].as_str().unwrap_or_default().to_owned();
    let kind = text("warning");
    match kind.as_str() {
        "left_out" => format!(
            "{}: left out, since it goes with neither outcome",
            text("column")
        ),
        "direction_learned" => format!(
            "{}: its direction ({}) was learned from these rows: declare it with --directions",
            text("column"),
            text("direction")
        ),
        "direction_binds" => format!(
            "{}: held at 0, since it goes against its declared direction",
            text("column")
        ),
        "not_proportional" => format!(
            "the odds are not proportional (score test, p {}): one slope for every grade may mislead",
            shown(&warning["test"]["p"])
        ),
        _ => warning["words"]
            .as_str()
            .map_or_else(|| warning.to_string(), str::to_owned),
    }
}
