//! Figures that stood twice and differed, in words.

use std::path::PathBuf;

use super::load_report::{LoadReport, REFUSALS_KEPT};
use crate::data::{Conflict, Entity, Observation, Origin, Panel, Value};

/// Counts the conflicts and keeps the first of each kind in words.
pub(crate) fn report(
    conflicts: &[Conflict],
    panel: &Panel,
    files: &[PathBuf],
    report: &mut LoadReport,
) {
    let words = |kept_first: bool| {
        let kind = conflicts.iter().filter(move |c| c.kept_first == kept_first);
        kind.take(REFUSALS_KEPT).map(|c| in_words(c, panel, files))
    };
    report.conflicts = words(false).chain(words(true)).collect();
    report.conflicts_decided = conflicts.iter().filter(|c| c.kept_first).count();
    report.conflicts_left_out = conflicts.len() - report.conflicts_decided;
}

fn in_words(conflict: &Conflict, panel: &Panel, files: &[PathBuf]) -> String {
    let (figure, _) = conflict.first;
    let stands = |(observation, origin): &(Observation, Origin)| {
        let file = files.get(usize::from(origin.file));
        let file = file.map(|f| f.display().to_string()).unwrap_or_default();
        format!(
            "{} in {file}, line {}",
            value(observation.value),
            origin.line
        )
    };
    let outcome = match conflict.kept_first {
        true => "the first has precedence",
        false => "neither was taken: remove the wrong one",
    };
    format!(
        "{}, {}, period to {}, known from {}: {}, but {}; {outcome}",
        entity(figure.entity, panel),
        figure.indicator,
        figure.period_end,
        figure.known_from,
        stands(&conflict.first),
        stands(&conflict.second),
    )
}

fn entity(entity: Entity, panel: &Panel) -> String {
    match entity {
        Entity::England => "England".to_owned(),
        Entity::Region(code) => format!("region {code}"),
        Entity::Authority(code) => {
            let name = panel.register().get(code).map_or("", |a| a.name.as_str());
            format!("{code} {name}")
        }
    }
}

fn value(value: Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Low { .. } => "low".to_owned(),
        Value::Missing(missing) => missing.reason().to_owned(),
    }
}
