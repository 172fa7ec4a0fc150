//! A score as a waterfall in log-odds, the probabilities beside it.

use std::fmt::Write;

use super::frame::{Frames, HEAD, STEP, WIDE, words};
use crate::report::number::{decimal, percent};
use crate::report::svg::{escape, place};
use crate::report::text;
use crate::score::{Contribution, Score};

/// A log-odds with its sign.
pub(super) fn signed(log_odds: f64) -> String {
    let number = decimal(log_odds, 2);
    match log_odds >= 0.005 {
        true => format!("+{number}"),
        false => number,
    }
}

/// The drawing: from the average, by one feature after another, to the authority's score.
pub(super) fn drawing(score: &Score, frames: &Frames) -> String {
    let rows = score.contributions.len() + 2;
    let height = place(HEAD + rows as f64 * STEP);
    let mut svg = format!(
        "<svg class=\"c\" viewBox=\"0 0 {WIDE} {height}\" role=\"img\"><title>{}: what makes up \
         the score</title><desc>{}</desc><use href=\"#fw\"/>",
        escape(&score.name),
        escape(&description(score)),
    );
    let mut total = score.baseline_log_odds;
    end_row(&mut svg, frames, 0, total);
    for (number, part) in score.contributions.iter().enumerate() {
        step(&mut svg, frames, number + 1, total, part);
        total += part.log_odds;
    }
    end_row(&mut svg, frames, rows - 1, total);
    svg + "</svg>"
}

fn description(score: &Score) -> String {
    let part = |c: &Contribution| format!("{} {}", c.label, signed(c.log_odds));
    let parts: Vec<String> = score.contributions.iter().map(part).collect();
    format!(
        "In log-odds, from {} for the average: {}; together {}.",
        signed(score.baseline_log_odds),
        parts.join(", "),
        signed(score.linear_predictor),
    )
}

fn top(row: usize) -> f64 {
    HEAD + row as f64 * STEP + 17.0
}

/// The average, or the score: a dot at its log-odds.
fn end_row(svg: &mut String, frames: &Frames, row: usize, log_odds: f64) {
    let (x, y) = (frames.parts.at(log_odds), top(row));
    let (dot_x, dot_y) = (place(x), place(y + 5.0));
    let _ = write!(
        svg,
        "<circle class=\"f-text\" cx=\"{dot_x}\" cy=\"{dot_y}\" r=\"4\"/>"
    );
    words(svg, (x + 8.0, y + 9.5), "f-text m", &decimal(log_odds, 2));
    probability(svg, row, log_odds, "b e");
}

fn probability(svg: &mut String, row: usize, log_odds: f64, class: &str) {
    let risk = percent(crate::model::probability(log_odds));
    words(
        svg,
        (WIDE, top(row) + 9.5),
        &format!("f-text {class}"),
        &risk,
    );
}

/// A feature: a bar from the total before it to the total after it.
fn step(svg: &mut String, frames: &Frames, row: usize, before: f64, part: &Contribution) {
    let after = before + part.log_odds;
    let (from, to) = (frames.parts.at(before), frames.parts.at(after));
    let (left, right) = (from.min(to), from.max(to));
    let y = top(row);
    let ink = if part.log_odds > 0.0 {
        "rival"
    } else {
        "accent"
    };
    let bar = format!(
        "M{} {}H{}v10H{}Z",
        place(left),
        place(y),
        place(right),
        place(left)
    );
    let _ = write!(svg, "<path class=\"f-{ink}\" d=\"{bar}\"/>");
    let value = match part.missing {
        Some(_) => "missing: 0".to_owned(),
        None => signed(part.log_odds),
    };
    // Past the bar, unless that would run into the probabilities.
    let room = WIDE - 50.0 - text::width(&value, 12.0);
    let x = if right + 5.0 <= room {
        right + 5.0
    } else {
        left - 5.0
    };
    let class = if right + 5.0 <= room {
        "f-text m"
    } else {
        "f-text m e"
    };
    words(svg, (x, y + 9.5), class, &value);
    probability(svg, row, after, "e");
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
