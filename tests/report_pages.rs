//! The map and the pages of authorities: everyone has a tile and a page, and nothing else is said.
#![cfg(feature = "report")]

mod common;

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use common::{date, demo, real_data};
use forewarn::data::{OutcomeRule, Panel};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::model::{RefitParams, RiskParams};
use forewarn::report::{ReportInput, authority_html, html};
use forewarn::score::{Capacity, ProfileParams};
use serde_json::Value;

/// Bytes that pages and map may take, of the 1.5 MB of a whole report.
const MOST_BYTES: usize = 1_150_000;

/// The report of a panel, of all authorities or of one.
fn report(panel: &Panel, on: &str, quarters: u16, only: Option<&str>) -> String {
    report_and_figures(panel, on, quarters, only).0
}

fn report_and_figures(
    panel: &Panel,
    on: &str,
    quarters: u16,
    only: Option<&str>,
) -> (String, String) {
    let on = date(on);
    let recipe = FeatureRecipe::lead_indicators();
    let known = panel.as_of(on);
    let training = known.training(&recipe, OutcomeRule::default(), Months(0));
    let (training, ridge) = (training.unwrap(), RiskParams::ridge().penalty(0.05));
    let model = ridge.fit(&training).unwrap();
    let capacity = Capacity(NonZeroUsize::new(15).unwrap());
    let drawn = RefitParams {
        replicates: 40,
        ..RefitParams::default()
    };
    let refits = drawn.run(&model, &training).unwrap();
    let model = model.with_refits(refits);
    let scores = model.score(panel, on).unwrap();
    let params = ProfileParams { quarters };
    let profiles = params.run(&model, panel, &scores).unwrap();
    let input = ReportInput {
        service: forewarn::data::Service::childrens_services(),
        scores: &scores,
        model: &model,
        capacity,
        how_sure: "",
        evidence: None,
        profiles: Some(&profiles),
        read: None,
        register: panel.register(),
        catalogue: panel.catalogue(),
        notice: None,
    };
    let page = match only {
        Some(name) => authority_html(&input, panel.register().find(name).unwrap().code),
        None => html(&input),
    };
    (page.unwrap(), input.figures().unwrap())
}

fn simulated() -> Panel {
    forewarn::read::folder(demo()).unwrap().panel
}

/// What stands between two texts, every time.
fn between<'a>(page: &'a str, from: &str, to: &str) -> Vec<&'a str> {
    let pieces = page.split(from).skip(1);
    pieces.filter_map(|piece| piece.split(to).next()).collect()
}

fn section<'a>(page: &'a str, id: &str) -> &'a str {
    let from = format!("<section id=\"{id}\"");
    between(page, &from, "</section>")[0]
}

#[test]
fn every_authority_has_a_tile_and_a_page_and_every_tile_leads_to_one() {
    let panel = simulated();
    let page = report(&panel, "2024-06-01", 2, None);
    let map = section(&page, "map");
    let tiles = between(map, "href=\"#authority-", "\"");
    let pages = between(section(&page, "authorities"), "id=\"authority-", "\"");
    let existing = panel.as_of(date("2024-06-01")).authorities().count();
    assert_eq!((tiles.len(), pages.len()), (existing, existing));
    let set = |codes: &[&str]| {
        codes
            .iter()
            .map(|c| (*c).to_owned())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(set(&tiles), set(&pages));
    assert_eq!(set(&pages).len(), existing, "a page stands twice");
    assert!(map.contains("not a map"));
}

#[test]
fn what_is_not_scored_is_unknown_on_the_map_and_on_its_page() {
    let page = report(&simulated(), "2024-06-01", 2, None);
    let unknown = between(section(&page, "map"), "<a class=\"qx\"", "</a>");
    assert_eq!(unknown.len(), 2, "the two tiny authorities");
    for tile in unknown {
        assert!(tile.contains("not scored, numbers too small"), "{tile}");
        assert!(tile.ends_with(">?</text>"), "{tile}");
    }
    let pages = between(
        section(&page, "authorities"),
        "<details class=\"au\"",
        "What this does",
    );
    let refused = pages
        .iter()
        .filter(|p| p.contains("That is unknown, not safe."));
    assert_eq!(refused.count(), 2);
}

#[test]
fn a_page_alone_is_unfolded_and_is_the_one_asked_for() {
    let page = report(&simulated(), "2024-06-01", 2, Some("SIM000003"));
    assert_eq!(
        between(&page, "<details class=\"au\"", ">"),
        [" id=\"authority-S003\" open"]
    );
    assert!(page.contains("<title>Corvincombe, as of 1 June 2024</title>"));
    for heading in [
        "Risk over time",
        "What makes up the score",
        "What changed since 1 March 2024",
        "What this does not say",
    ] {
        assert!(page.contains(&format!("<h4>{heading}</h4>")), "{heading}");
    }
}

#[test]
fn identifiers_are_unique_and_every_reference_is_to_one() {
    let page = report(&simulated(), "2024-06-01", 4, None);
    let ids = between(&page, " id=\"", "\"");
    let unique: BTreeSet<_> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len());
    for target in between(&page, "href=\"#", "\"") {
        assert!(unique.contains(&target), "nothing is called {target}");
    }
}

#[test]
fn all_pages_of_england_leave_room_for_the_rest() {
    let Some(folder) = real_data() else { return };
    let panel = forewarn::read::folder(folder).unwrap().panel;
    let page = report(&panel, "2023-06-01", 32, None);
    let bytes = section(&page, "authorities").len() + section(&page, "map").len();
    println!("pages and map: {bytes} bytes of {}", page.len());
    assert!(bytes <= MOST_BYTES, "{bytes}");
    assert!(!page.contains("not a map of England"));
}

/// Every number in a JSON value.
fn numbers(value: &Value, found: &mut Vec<f64>) {
    match value {
        Value::Number(number) => found.extend(number.as_f64()),
        Value::Array(items) => items.iter().for_each(|item| numbers(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| numbers(field, found)),
        _ => {}
    }
}

/// Every percentage in a text, without its sign.
fn percentages(text: &str) -> Vec<&str> {
    let pieces: Vec<&str> = text.split('%').collect();
    let (_, before) = pieces.split_last().unwrap();
    before
        .iter()
        .map(|piece| {
            let digits = |c: char| c.is_ascii_digit() || c == '.';
            let start = piece.rfind(|c| !digits(c)).map_or(0, |at| {
                at + piece[at..].chars().next().map_or(1, char::len_utf8)
            });
            &piece[start..]
        })
        .filter(|digits| !digits.is_empty())
        .collect()
}

/// A percentage on an authority's page or in its row is one of that authority's own figures,
/// rounded as it is shown.
#[test]
fn every_percentage_of_an_authority_is_among_its_figures() {
    let panel = simulated();
    let (page, figures) = report_and_figures(&panel, "2024-06-01", 2, None);
    let figures: Value = serde_json::from_str(&figures).unwrap();
    let parts = ["/scores/scores", "/profiles/of"];
    let mut checked = 0;
    let places = [
        (section(&page, "watchlist"), "href=\"#authority-", "</tr>"),
        (
            section(&page, "authorities"),
            "id=\"authority-",
            "</details>",
        ),
    ];
    for (section, opening, closing) in places {
        for shown in between(section, opening, closing) {
            let code = shown.split('"').next().unwrap();
            let mut own = Vec::new();
            for entry in parts
                .iter()
                .flat_map(|part| figures.pointer(part).unwrap().as_array().unwrap())
            {
                if entry["organisation"] == code {
                    numbers(entry, &mut own);
                }
            }
            // Half of the last digit shown, and rounding noise.
            let among = |percentage: &str| {
                let decimals = percentage.split_once('.').map_or(0, |(_, d)| d.len());
                let half = 0.5 * 0.1_f64.powi(decimals as i32) + 1e-9;
                let number: f64 = percentage.parse().unwrap();
                own.iter().any(|v| (100.0 * v - number).abs() <= half)
            };
            for cell in ["<td>", "<b>", "<small>"]
                .iter()
                .flat_map(|tag| between(shown, tag, "<"))
            {
                for percentage in percentages(cell) {
                    assert!(among(percentage), "{code}: {percentage}% in {cell:?}");
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 2000, "{checked}");
}
