//! Whether a figure agrees with the counts beside it, whatever file states them.

use super::area::{Checked, Wrong};
use crate::data::{Unit, Value};

/// What a denominator of 0 is to be, beside a rate.
const RATE_OF_NOTHING: &str = "a count above 0, beside a rate";

/// More than any count of people, cases or posts in England.
const MOST: f64 = 1e8;

/// By how much a proportion may differ from its counts, which may be rounded to tens, and of which
/// some rates count others than the table shows (leavers of a year by those in post at its end).
const FAR_FROM_COUNTS: f64 = 0.05;
/// The same of other rates, as a share of them.
const FAR_IN_SHARES: f64 = 0.1;
/// What rounding may take from a count.
const ROUNDED: f64 = 10.0;

/// A figure with its counts, and how the columns are called.
pub(crate) struct Counted<'a> {
    pub(crate) unit: Unit,
    pub(crate) value: Option<Value>,
    pub(crate) numerator: Option<f64>,
    pub(crate) denominator: Option<f64>,
    /// Of the figure, the count above the line and the one below.
    pub(crate) columns: [&'a str; 3],
}

impl Counted<'_> {
    /// Refuses a part of more than its whole, a rate of nothing, counts beyond all bounds, and a
    /// figure that its own counts contradict.
    pub(crate) fn check(&self) -> Checked<()> {
        let [_, above_column, below_column] = self.columns;
        let (above, below) = (self.numerator, self.denominator);
        let stated = self.value.and_then(Value::point);
        let of_people = matches!(
            self.unit,
            Unit::Proportion | Unit::Per10kChildren | Unit::CasesPerWorker
        );
        for (column, count) in [(above_column, above), (below_column, below)] {
            if let Some(count) = count.filter(|count| of_people && *count > MOST) {
                let expected = format!("a count of at most {MOST}: nothing in England has more");
                return Err(Wrong::new(column, &count.to_string(), expected));
            }
        }
        if self.unit.is_rate() && stated.is_some() && below == Some(0.0) {
            return Err(Wrong::new(below_column, "0", RATE_OF_NOTHING));
        }
        let (Some(above), Some(below)) = (above, below) else {
            return Ok(());
        };
        if self.unit == Unit::Proportion && above > below {
            let expected = format!("at most {below_column}, which is {below}");
            return Err(Wrong::new(above_column, &above.to_string(), expected));
        }
        match stated.and_then(|stated| self.contradiction(stated, above, below)) {
            Some(wrong) => Err(wrong),
            None => Ok(()),
        }
    }

    fn contradiction(&self, stated: f64, above: f64, below: f64) -> Option<Wrong> {
        let per = match self.unit {
            Unit::Proportion | Unit::CasesPerWorker => 1.0,
            Unit::Per10kChildren => 1e4,
            _ => return None,
        };
        let counted = per * above / below;
        let far = match self.unit {
            Unit::Proportion => FAR_FROM_COUNTS,
            _ => FAR_IN_SHARES * counted.max(stated) + per * ROUNDED / below,
        };
        // Near in numbers, but surely a slip: of small rates too.
        let hundredfold =
            |small: f64, large: f64| large > 0.01 && (0.7..1.4).contains(&(100.0 * small / large));
        let slip = hundredfold(stated, counted) || hundredfold(counted, stated);
        if (stated - counted).abs() <= far && !slip {
            return None;
        }
        let [column, above_column, below_column] = self.columns;
        let shown = |rate: f64| match self.unit {
            Unit::Proportion => format!("{:.2}%", 100.0 * rate),
            _ => format!("{rate:.1}"),
        };
        Some(Wrong::new(
            column,
            &shown(stated),
            format!(
                "about {}, as {above_column} {above} by {below_column} {below} say: is it written on \
                 another scale, or are columns exchanged?",
                shown(counted)
            ),
        ))
    }
}

/// Refuses a place without a child: counts are divided by their number.
pub(crate) fn some_children(column: &str, value: Value) -> Checked<()> {
    match value {
        Value::Number(0.0) => Err(Wrong::new(column, "0", "a number of children above 0")),
        _ => Ok(()),
    }
}
