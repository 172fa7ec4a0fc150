//! A tile-grid map: one equal tile for each authority, shaded by probability and numbered.

mod layout;

use std::fmt::Write;

use serde::Serialize;

use super::page::{Section, render};
use crate::data::{Authority, AuthorityCode, Register};
use crate::error::Result;
use crate::report::draw::chart::{Chart, Table};
use crate::report::draw::number::{percent, risk_and_places, tick_percent};
use crate::report::draw::palette::SHADES;
use crate::report::draw::svg::{escape, place};
use crate::report::draw::text;
use crate::report::input::ReportInput;
use crate::score::{Capacity, NotScored, Score, Scores};
use crate::words::day;

use layout::{Arrangement, Layout, Sign, Tile};

/// Pixels from one tile to the next, and of a tile.
const STEP: f64 = 42.0;
const SIDE: f64 = 40.0;
/// Pixels around the tiles.
const EDGE: f64 = 4.0;

/// Lower ends of the classes after the first, in probability.
const CLASSES: [f64; SHADES - 1] = [0.05, 0.1, 0.2, 0.3];

/// What is known of an authority.
enum Known<'a> {
    Scored(&'a Score),
    Not(&'a NotScored),
}

/// Where a tile leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    /// To the authority's page in the same file.
    Page,
    /// To the watchlist: there are no pages.
    Watchlist,
}

/// The map of a day's scores. Each tile links to `#authority-CODE` and says its authority, risk and
/// place; an authority that is not scored is hatched.
pub fn tile_map(scores: &Scores, register: &Register, capacity: Capacity) -> Chart {
    chart(scores, register, capacity, Link::Page)
}

fn chart(scores: &Scores, register: &Register, capacity: Capacity, link: Link) -> Chart {
    let on = scores.as_of;
    let listed = |code: AuthorityCode| known(scores, code).is_some();
    let authorities: Vec<&Authority> = register
        .iter()
        .filter(|a| a.exists_on(on) && listed(a.code))
        .collect();
    let layout = Layout::new(&authorities);
    let title = match layout.arrangement {
        Arrangement::England => "Risk on a map of equal tiles",
        Arrangement::Packed => "Risk in tiles by region: not a map",
    };
    let title = format!("{title}, as of {}", day(on));
    Chart {
        id: "map-tiles".to_owned(),
        description: description(scores, &layout),
        svg: drawing(&layout, scores, register, capacity, link, &title),
        narrow: String::new(),
        title,
        table: table(&authorities, scores),
    }
}

#[derive(Serialize)]
struct Body {
    chart: Chart,
    notes: Vec<String>,
    classes: Vec<(usize, String)>,
    capacity: usize,
}

/// The map as a section of the report.
pub(super) fn section(input: &ReportInput<'_>) -> Result<Section> {
    let link = input.profiles.map_or(Link::Watchlist, |_| Link::Page);
    let capacity = input.capacity;
    let chart = chart(input.scores, input.register, capacity, link);
    let classes = (0..SHADES).map(|class| (class, class_words(class)));
    let notes = vec![
        format!(
            "Every tile is one {}, whatever its size; the letters are short for its name, which \
             pointing at the tile or moving to it by keyboard tells. A tile leads to its page. \
             Neighbours on the map are neighbours only roughly.",
            input.nouns().one()
        ),
        format!(
            "{} that are not scored are unknown, not safe. The watchlist, with all shown, has the \
             same figures as a table.",
            input.nouns().headings()
        ),
    ];
    let body = Body {
        chart,
        notes,
        classes: classes.collect(),
        capacity: capacity.0.get(),
    };
    Ok(Section {
        id: "map".to_owned(),
        title: "Map".to_owned(),
        body: render("map", &body)?,
    })
}

fn known(scores: &Scores, code: AuthorityCode) -> Option<Known<'_>> {
    let not = || scores.not_scored.iter().find(|n| n.organisation == code);
    let scored = scores.of(code).map(Known::Scored);
    scored.or_else(|| not().map(Known::Not))
}

/// The class of a probability as it is written: what stands as 30% is not shaded as less.
fn class(probability: f64) -> usize {
    let decimals = if probability < 0.0995 { 1000.0 } else { 100.0 };
    let written = (probability * decimals).round() / decimals;
    CLASSES.iter().filter(|low| written >= **low).count()
}

fn class_words(class: usize) -> String {
    let end = |at: usize| CLASSES.get(at).map(|p| tick_percent(*p));
    match (class.checked_sub(1).and_then(end), end(class)) {
        (None, Some(high)) => format!("under {high}"),
        (Some(low), Some(high)) => format!("{low} to under {high}"),
        (Some(low), None) => format!("{low} and over"),
        (None, None) => String::new(),
    }
}

fn description(scores: &Scores, layout: &Layout) -> String {
    let counts = (0..SHADES).map(|wanted| {
        let of = scores.scores.iter().map(|s| class(s.probability));
        format!(
            "{}: {}",
            class_words(wanted),
            of.filter(|c| *c == wanted).count()
        )
    });
    let kind = match layout.arrangement {
        Arrangement::England => "arranged like a map",
        Arrangement::Packed => "packed region by region",
    };
    format!(
        "{} tiles {kind}. By risk: {}; not scored: {}.",
        layout.tiles.len(),
        counts.collect::<Vec<_>>().join(", "),
        scores.not_scored.len(),
    )
}

fn places(score: &Score) -> String {
    let places = score.places;
    places.map_or_else(String::new, |p| format!("{} to {}", p.low, p.high))
}

fn table(authorities: &[&Authority], scores: &Scores) -> Table {
    let mut table = Table::new(&["Name", "Region", "Risk", "Places"]);
    for authority in authorities {
        let (risk, places) = match known(scores, authority.code) {
            Some(Known::Scored(s)) => (percent(s.probability), places(s)),
            _ => ("not scored".to_owned(), String::new()),
        };
        table.push([
            authority.name.clone(),
            authority.region.clone(),
            risk,
            places,
        ]);
    }
    table
}

fn drawing(
    layout: &Layout,
    scores: &Scores,
    register: &Register,
    capacity: Capacity,
    link: Link,
    title: &str,
) -> String {
    let size = |tiles: usize| place(tiles as f64 * STEP + 2.0 * EDGE);
    let mut svg = format!(
        "<svg id=\"map-tiles\" class=\"c map\" viewBox=\"0 0 {} {}\" role=\"group\" \
         aria-labelledby=\"map-tiles-t\" aria-describedby=\"map-tiles-d\">\
         <title id=\"map-tiles-t\">{}</title><desc id=\"map-tiles-d\">{}</desc>{HATCH}",
        size(layout.columns),
        size(layout.rows),
        escape(title),
        escape(&description(scores, layout)),
    );
    for sign in &layout.signs {
        svg.push_str(&drawn_sign(sign));
    }
    // By rows, so that the tabulator key goes through them as one reads.
    let mut tiles: Vec<&Tile> = layout.tiles.iter().collect();
    tiles.sort_by_key(|t| (t.row, t.column));
    for tile in tiles {
        if let Some(known) = known(scores, tile.organisation) {
            let target = match link {
                Link::Page => format!("authority-{}", tile.organisation),
                Link::Watchlist => "watchlist".to_owned(),
            };
            svg.push_str(&drawn_tile(
                tile,
                &target,
                &known,
                scores.scores.len(),
                capacity,
            ));
        }
    }
    if layout.arrangement == Arrangement::England {
        svg.push_str(&borders(layout, register));
    }
    svg + "</svg>"
}

/// The ground of what is unknown; the page uses it for the legend too.
const HATCH: &str = "<defs><pattern id=\"hatch\" width=\"6\" height=\"6\" \
    patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
    <rect class=\"f-ground\" width=\"6\" height=\"6\"/><rect class=\"f-rule\" width=\"2\" \
    height=\"6\"/></pattern></defs>";

fn corner(tile: &Tile) -> (f64, f64) {
    let at = |tiles: usize| EDGE + tiles as f64 * STEP + (STEP - SIDE) / 2.0;
    (at(tile.column), at(tile.row))
}

fn drawn_sign(sign: &Sign) -> String {
    let room = sign.columns as f64 * STEP;
    format!(
        "<text class=\"f-soft b\" x=\"{}\" y=\"{}\">{}</text>",
        place(EDGE + sign.column as f64 * STEP),
        place(EDGE + sign.row as f64 * STEP + 0.75 * STEP),
        escape(&text::fitted(&sign.words, 14.0, room)),
    )
}

fn drawn_tile(
    tile: &Tile,
    target: &str,
    known: &Known<'_>,
    scored: usize,
    capacity: Capacity,
) -> String {
    let (x, y) = corner(tile);
    let (class, number, name, listed) = match known {
        Known::Scored(s) => (
            format!("q{}", class(s.probability)),
            short_percent(s.probability),
            format!("{}: {}", s.name, risk_and_places(s, scored)),
            s.rank <= capacity.0.get(),
        ),
        Known::Not(n) => (
            "qx".to_owned(),
            "?".to_owned(),
            format!("{}: not scored, {}", n.name, n.reason()),
            false,
        ),
    };
    let name = escape(&name);
    let on = if listed { " on" } else { "" };
    let middle = place(x + SIDE / 2.0);
    format!(
        "<a class=\"{class}{on}\" href=\"#{target}\"><title>{name}</title><rect x=\"{}\" y=\"{}\" \
         width=\"{SIDE}\" height=\"{SIDE}\"/><text x=\"{middle}\" y=\"{}\">{}</text><text \
         x=\"{middle}\" y=\"{}\">{number}</text></a>",
        place(x),
        place(y),
        place(y + 17.0),
        escape(&tile.label),
        place(y + 34.0),
    )
}

/// A percentage that fits into a tile.
fn short_percent(probability: f64) -> String {
    match percent(probability).as_str() {
        "under 0.1%" => "&lt;0.1%".to_owned(),
        "over 99%" => "&gt;99%".to_owned(),
        other => other.to_owned(),
    }
}

/// Lines between tiles of different regions.
fn borders(layout: &Layout, register: &Register) -> String {
    let region = |column: usize, row: usize| {
        let tile = layout
            .tiles
            .iter()
            .find(|t| (t.column, t.row) == (column, row))?;
        Some(register.get(tile.organisation)?.region_code.as_str())
    };
    let mut path = String::new();
    for tile in &layout.tiles {
        let here = region(tile.column, tile.row);
        let (x, y) = (
            EDGE + tile.column as f64 * STEP,
            EDGE + tile.row as f64 * STEP,
        );
        let right = region(tile.column + 1, tile.row);
        if right.is_some() && right != here {
            let _ = write!(path, "M{} {}v{STEP}", place(x + STEP), place(y));
        }
        let below = region(tile.column, tile.row + 1);
        if below.is_some() && below != here {
            let _ = write!(path, "M{} {}h{STEP}", place(x), place(y + STEP));
        }
    }
    format!("<path class=\"l s-soft\" d=\"{path}\"/>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_named_as_they_are_filled() {
        let words: Vec<String> = (0..SHADES).map(class_words).collect();
        let expected = [
            "under 5%",
            "5% to under 10%",
            "10% to under 20%",
            "20% to under 30%",
            "30% and over",
        ];
        assert_eq!(words, expected);
        // 4.99% is written 5.0%, and 29.6% is written 30%.
        let found = [0.0494, 0.0499, 0.05, 0.294, 0.296, 1.0].map(class);
        assert_eq!(found, [0, 1, 1, 3, 4, 4]);
    }
}
