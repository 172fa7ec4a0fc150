//! Past scores as a line, judgements marked on it.

use std::fmt::Write;

use super::frame::{Frames, PAST_HEIGHT, WIDE, path, words, years};
use super::tables::short;
use crate::data::Grade;
use crate::report::draw::number::percent;
use crate::report::draw::svg::{escape, place};
use crate::score::{Judged, PastScore, Profile, Profiles};
use crate::words::day;

/// The drawing; `None` where there never was a score.
pub(crate) fn drawing(profile: &Profile, profiles: &Profiles, frames: &Frames) -> Option<String> {
    let (first, last) = (profile.past.first()?, profile.past.last()?);
    let (days, risk) = &frames.past;
    let at = |p: &PastScore| (days.at(years(p.as_of)), risk.at(p.probability));
    // A quarter without a score breaks the line.
    let quarters = profiles.models.iter().map(|model| {
        let found = profile.past.iter().find(|p| p.as_of == model.as_of);
        found.map(at)
    });
    let mut svg = format!(
        "<svg class=\"c\" viewBox=\"0 0 {WIDE} {PAST_HEIGHT}\" role=\"img\"><title>{}: risk over \
         time</title><desc>{}</desc><use href=\"#fp\"/>",
        escape(&profile.name),
        description(profile, first, last),
    );
    let _ = write!(svg, "<path class=\"line\" d=\"{}\"/>", path(quarters));
    for judged in &profile.judged {
        mark(&mut svg, judged, frames);
    }
    let (x, y) = at(last);
    let (x_dot, y_dot) = (place(x), place(y));
    let _ = write!(
        svg,
        "<circle class=\"f-accent\" cx=\"{x_dot}\" cy=\"{y_dot}\" r=\"4\"/>"
    );
    let label_y = beside(y, profiles, frames);
    words(
        &mut svg,
        ((x + 6.0).round(), label_y.round()),
        "v",
        &percent(last.probability),
    );
    Some(svg + "</svg>")
}

/// Where the label of the last score stands, clear of the base rate's.
fn beside(y: f64, profiles: &Profiles, frames: &Frames) -> f64 {
    let base = profiles
        .models
        .last()
        .map(|m| frames.past.1.at(m.base_rate));
    match base {
        Some(base) if (y - base).abs() < 14.0 && y <= base => base - 10.0,
        Some(base) if (y - base).abs() < 14.0 => base + 18.0,
        _ => y + 4.5,
    }
}

fn description(profile: &Profile, first: &PastScore, last: &PastScore) -> String {
    let all = || profile.past.iter().map(|p| p.probability);
    format!(
        "From {} on {} to {} on {}; lowest {}, highest {}.",
        percent(first.probability),
        day(first.as_of),
        percent(last.probability),
        day(last.as_of),
        percent(all().fold(f64::MAX, f64::min)),
        percent(all().fold(0.0, f64::max)),
    )
}

/// A judgement within the years drawn: its grade over a line.
fn mark(svg: &mut String, judged: &Judged, frames: &Frames) {
    let (days, _) = &frames.past;
    let (low, high) = days.domain();
    let at = years(judged.published);
    let Some(grade) = judged.grade.filter(|_| (low..=high).contains(&at)) else {
        return;
    };
    let x = days.at(at).round();
    let ink = if grade.is_worst() { "rival" } else { "text" };
    let line = format!("M{} 20V{}", place(x), place(PAST_HEIGHT - 26.0));
    let _ = write!(svg, "<path class=\"thin s-{ink}\" d=\"{line}\"/>");
    words(svg, (x, 15.0), &format!("f-{ink} b mid"), grade.short());
}

/// A judgement in words.
pub(crate) fn judgement(judged: &Judged) -> String {
    let grade = judged.grade.map_or("no grade", Grade::words);
    let (published, framework) = (short(judged.published), judged.framework.name());
    format!("{grade} {published} ({framework})")
}
