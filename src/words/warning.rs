//! What to know of a fit.

use crate::model::{FitWarning, LEAST_EXPECTED_SLOPE, RiskModel, Term, Unused};

impl FitWarning {
    /// The warning in words, with the name of each column.
    pub fn words<'a>(&self, name: &dyn Fn(usize) -> &'a str) -> String {
        let names = |columns: &[usize]| {
            let names: Vec<&str> = columns.iter().map(|&j| name(j)).collect();
            names.join(", ")
        };
        match self {
            FitWarning::Overfitted {
                expected_slope: Some(slope),
            } => format!(
                "expected calibration slope on new rows {slope:.2}: below {LEAST_EXPECTED_SLOPE}, \
                 probabilities are likely to be too extreme"
            ),
            FitWarning::Overfitted {
                expected_slope: None,
            } => {
                "not likelier than its intercept alone: all that was found may be noise".to_owned()
            }
            FitWarning::Collinear { columns } => {
                format!("{} say all but the same in training", names(columns))
            }
            FitWarning::Separated(found) => format!(
                "{}: the classes are separated, and only the penalty keeps the coefficient finite",
                names(&found.columns)
            ),
            FitWarning::AgainstDirection {
                column,
                coefficient,
            } => format!(
                "{}: in training {} values went with the event, against its declared direction",
                name(*column),
                if *coefficient < 0.0 {
                    "lower"
                } else {
                    "higher"
                },
            ),
            FitWarning::DirectionBinds { column } => format!(
                "{}: held at 0, since in training it went against its declared direction",
                name(*column)
            ),
            FitWarning::OtherFramework {
                newest,
                inspections,
                of,
            } => format!(
                "{inspections} of {of} training inspections were under another framework than {}",
                newest.name()
            ),
        }
    }
}

impl RiskModel {
    /// What a user should be told of the model as a whole, in words: features and themes without a
    /// part in it, and the [`fit_warnings`](Self::fit_warnings).
    pub fn warnings(&self) -> Vec<String> {
        let terms = self.terms();
        let members = self.columns()[self.recipe().alone()..].iter();
        let members = members.map(|column| (column.label.as_str(), column.unused));
        let all = terms.iter().map(|term| (term.label.as_str(), term.unused));
        let unused = all.chain(members).filter_map(|(name, unused)| {
            let why = match unused? {
                Unused::NeverObserved => "has no value in the training window",
                Unused::Constant => "is constant in the training window",
                Unused::NotChosen => "is not among the features chosen",
            };
            Some(format!("{name} {why}: it has no part in the score"))
        });
        let used: Vec<&Term> = terms.iter().filter(|t| t.unused.is_none()).collect();
        let name = |place: usize| used[place].label.as_str();
        let found = self
            .fit_warnings()
            .iter()
            .map(|warning| warning.words(&name));
        unused.chain(found).collect()
    }
}
