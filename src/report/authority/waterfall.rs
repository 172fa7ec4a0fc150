//! A score as a waterfall in log-odds, the probabilities beside it.

use std::fmt::Write;

use super::frame::{Frames, HEAD, STEP, WIDE};
use crate::report::draw::number::{decimal, percent};
use crate::report::draw::svg::{escape, place};
use crate::report::draw::text;
use crate::score::{Contribution, Score};

/// A log-odds with its sign.
pub(crate) fn signed(log_odds: f64) -> String {
    let number = decimal(log_odds, 2);
    match log_odds >= 0.005 {
        true => format!("+{number}"),
        false => number,
    }
}

/// The drawing: from the average, by one feature after another, to the authority's score.
pub(crate) fn drawing(score: &Score, frames: &Frames) -> String {
    let rows = score.contributions.len() + 2;
    let height = place(HEAD + rows as f64 * STEP);
    let mut drawn = Drawn {
        frames,
        row: 0,
        bars: [String::new(), String::new()],
        values: String::new(),
        risks: String::new(),
        dots: String::new(),
    };
    let mut total = score.baseline_log_odds;
    drawn.end_row(total);
    for part in &score.contributions {
        drawn.step(total, part);
        total += part.log_odds;
    }
    drawn.end_row(total);
    format!(
        "<svg class=\"c\" viewBox=\"0 0 {WIDE} {height}\" role=\"img\"><title>{}: what makes up \
         the score</title><desc>From {} for the average to {}.</desc><use href=\"#fw\"/>\
         <path class=\"f-rival\" d=\"{}\"/><path class=\"f-accent\" d=\"{}\"/>\
         <path class=\"ends\" d=\"{}\"/><text class=\"f-text m h\">{}</text>\
         <text class=\"f-text e\">{}</text></svg>",
        escape(&score.name),
        percent(crate::fit::logistic::probability(score.baseline_log_odds)),
        percent(score.probability),
        drawn.bars[0],
        drawn.bars[1],
        drawn.dots,
        drawn.values,
        drawn.risks,
    )
}

/// The marks of a waterfall, by kind, so that each kind has one element.
struct Drawn<'a> {
    frames: &'a Frames,
    row: usize,
    /// Those that raise the risk, and those that lower it.
    bars: [String; 2],
    values: String,
    risks: String,
    dots: String,
}

impl Drawn<'_> {
    fn top(&self) -> f64 {
        HEAD + self.row as f64 * STEP + 17.0
    }

    /// The average, or the score: a dot at its log-odds.
    fn end_row(&mut self, log_odds: f64) {
        let x = self.frames.parts.at(log_odds);
        let _ = write!(self.dots, "M{} {}h0", x.round(), place(self.top() + 5.0));
        self.write_value(x + 8.0, &decimal(log_odds, 2));
        self.next_row(log_odds);
    }

    /// A feature: a bar from the total before it to the total after it.
    fn step(&mut self, before: f64, part: &Contribution) {
        let after = before + part.log_odds;
        let (from, to) = (self.frames.parts.at(before), self.frames.parts.at(after));
        // At least a pixel wide, or a part near 0 would not be seen.
        let left = from.min(to).round();
        let right = from.max(to).round().max(left + 1.0);
        let bar = format!(
            "M{} {}H{}v10H{}z",
            place(left),
            place(self.top()),
            place(right),
            place(left)
        );
        if part.log_odds != 0.0 {
            self.bars[usize::from(part.log_odds < 0.0)].push_str(&bar);
        }
        let value = match part.missing {
            Some(_) => "missing: 0".to_owned(),
            None => signed(part.log_odds),
        };
        // Past the bar, unless that would run into the probabilities.
        let width = text::width(&value, 12.0);
        let past = right + 5.0;
        let x = if past <= WIDE - 50.0 - width {
            past
        } else {
            left - 5.0 - width
        };
        self.write_value(x, &value);
        self.next_row(after);
    }

    fn write_value(&mut self, x: f64, value: &str) {
        let y = place(self.top() + 9.0);
        let _ = write!(
            self.values,
            "<tspan x=\"{}\" y=\"{y}\">{value}</tspan>",
            x.round()
        );
    }

    fn next_row(&mut self, log_odds: f64) {
        let risk = percent(crate::fit::logistic::probability(log_odds));
        let y = place(self.top() + 9.0);
        let _ = write!(self.risks, "<tspan x=\"{WIDE}\" y=\"{y}\">{risk}</tspan>");
        self.row += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_is_told_where_there_is_one() {
        let shown = [0.24, -0.1, 0.001, -0.004].map(signed);
        assert_eq!(shown, ["+0.24", "\u{2212}0.10", "0.00", "0.00"]);
    }
}
