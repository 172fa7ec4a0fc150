//! The report: one file that refers to nothing outside, whose drawings are well-formed and whose
//! texts are texts.
#![cfg(feature = "report")]

mod common;

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::LazyLock;

use common::{date, demo, indicator};
use forewarn::data::{OutcomeRule, Panel};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::model::{RefitParams, RiskModel, RiskParams};
use forewarn::report::chart::{self, Chart};
use forewarn::report::{ReportInput, evidence_html, html};
use forewarn::score::{Capacity, Scores};
use forewarn::validate::{BacktestParams, Bootstrap, Evidence, EvidenceParams, Subset};
use proptest::prelude::*;
use quick_xml::events::Event;

/// Everything about the demo, computed once.
struct Demo {
    panel: Panel,
    model: RiskModel,
    scores: Scores,
    evidence: Evidence,
}

static DEMO: LazyLock<Demo> = LazyLock::new(|| {
    let panel = forewarn::read::folder(demo()).unwrap().panel;
    let day = date("2024-06-01");
    let recipe = FeatureRecipe::lead_indicators();
    let ridge = RiskParams::ridge().penalty(0.05);
    let training = panel
        .as_of(day)
        .training(&recipe, OutcomeRule::default(), Months(0))
        .unwrap();
    let model = ridge.fit(&training).unwrap();
    let drawn = RefitParams {
        replicates: 40,
        seed: 1,
    };
    let refits = drawn.run(&model, &training).unwrap();
    let model = model.with_refits(refits);
    let scores = model.score(&panel, day).unwrap();
    let params = BacktestParams {
        years: (2018, 2023),
        leads: vec![Months(0), Months(12)],
        replicates: 50,
        ..BacktestParams::new(vec![recipe], vec![&ridge])
    };
    let backtest = params.run(&panel, &|_, _| {}).unwrap();
    let params = EvidenceParams {
        list_share: 0.1,
        bootstrap: Bootstrap::new(50, 1),
        indicators: &["agency_rate", "caseload", "rereferral_rate"].map(indicator),
        as_of: day,
    };
    let evidence = Evidence::new(backtest, &panel, &params).unwrap();
    Demo {
        panel,
        model,
        scores,
        evidence,
    }
});

const CAPACITY: Capacity = Capacity(NonZeroUsize::new(15).unwrap());

fn input<'a>(demo: &'a Demo, scores: &'a Scores) -> ReportInput<'a> {
    ReportInput {
        service: forewarn::data::Service::childrens_services(),
        scores,
        model: &demo.model,
        capacity: CAPACITY,
        how_sure: "95%, by drawing authorities again.",
        evidence: Some(&demo.evidence),
        profiles: None,
        read: None,
        register: demo.panel.register(),
        catalogue: demo.panel.catalogue(),
        notice: Some("SIMULATED DATA"),
    }
}

fn page() -> String {
    html(&input(&DEMO, &DEMO.scores)).unwrap()
}

/// What stands between each pair of tags of these names, in order, with the tag before it.
fn outline(page: &str) -> String {
    const SHOWN: [&str; 7] = [
        "h1",
        "h2",
        "h3",
        "figcaption",
        "caption",
        "label",
        "th scope=\"col\"",
    ];
    let mut lines = Vec::new();
    for part in page.split('<').skip(1) {
        let Some((tag, text)) = part.split_once('>') else {
            continue;
        };
        let shown = SHOWN
            .iter()
            .find(|name| tag == **name || tag.starts_with(&format!("{name} ")));
        if let Some(name) = shown {
            lines.push(format!("{} {}", &name[..2], text.trim()));
        }
        if tag.starts_with("section ") || tag.starts_with("svg ") && tag.contains(" id=") {
            let id = tag.split('"').nth(1).unwrap_or_default();
            lines.push(format!("#{id}"));
        }
    }
    lines.join("\n")
}

fn drawings(page: &str) -> Vec<&str> {
    let parts = page.match_indices("<svg ");
    parts
        .map(|(at, _)| {
            let end = page[at..].find("</svg>").expect("an end") + "</svg>".len();
            &page[at..at + end]
        })
        .collect()
}

/// Names of the elements; panics where the text is no XML.
fn elements(svg: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(svg);
    let mut names = Vec::new();
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Eof => return names,
            Event::Start(tag) | Event::Empty(tag) => {
                for attribute in tag.attributes() {
                    attribute.expect("a well-formed attribute");
                }
                names.push(tag.name().as_ref().to_owned());
            }
            _ => {}
        }
    }
}

fn charts() -> Vec<Chart> {
    let evidence = &DEMO.evidence;
    let (backtest, recipe) = (&evidence.backtest, evidence.recipe.as_str());
    let meaning = evidence.meaning.as_ref().unwrap();
    vec![
        chart::c_statistics(backtest, recipe, 0, Subset::All),
        chart::capture_curve(meaning, &evidence.lists[0].capture),
        chart::lead_times(backtest, recipe).unwrap(),
        chart::reliability(meaning),
        chart::observed_expected(meaning),
        chart::decision_curve(meaning).unwrap(),
        chart::census_lags(&evidence.census_lags, DEMO.panel.catalogue()).unwrap(),
        chart::funnel(&evidence.funnels[0]),
    ]
}

#[test]
fn the_structure_is_as_reviewed() {
    insta::assert_snapshot!("structure", outline(&page()));
}

#[test]
fn every_chart_is_as_reviewed() {
    for chart in charts() {
        let lines = chart.svg.replace("><", ">\n<");
        insta::assert_snapshot!(chart.id.as_str(), lines);
        let file = chart.to_svg_file();
        assert!(file.contains("xmlns") && elements(&file).contains(&"style".to_owned()));
    }
}

#[test]
fn every_drawing_is_well_formed_named_and_described() {
    let page = page();
    let mut ids = BTreeSet::new();
    for part in page.split(" id=\"").skip(1) {
        let id = part.split('"').next().unwrap();
        assert!(ids.insert(id), "{id} stands twice");
    }
    let drawn = drawings(&page);
    assert!(drawn.len() > DEMO.scores.scores.len());
    let shown = drawn
        .iter()
        .filter(|svg| !svg.contains("aria-hidden=\"true\""));
    for svg in shown {
        let names = elements(svg);
        assert_eq!(names[..3], ["svg", "title", "desc"], "{svg}");
        for never in ["NaN", "\"inf", "\"-inf", "Minf", "Linf", " inf"] {
            assert!(!svg.contains(never), "{never}");
        }
        // A drawing in a row is named by its own title, without an identifier.
        let labels = svg.split("aria-labelledby=\"").nth(1);
        let labels = labels.map_or("", |l| l.split('"').next().unwrap());
        assert!(labels.split_whitespace().all(|id| ids.contains(id)));
    }
}

#[test]
fn nothing_outside_is_referred_to() {
    let evidence_alone = evidence_html(&DEMO.evidence, &DEMO.panel, None).unwrap();
    for page in [page(), evidence_alone] {
        for never in [
            "http:",
            "https:",
            "src=",
            "url(h",
            "url(/",
            "url('",
            "@import",
            "style=\"",
            "javascript:",
            "<link",
        ] {
            assert!(!page.contains(never), "{never}");
        }
        for part in page.split(" href=\"").skip(1) {
            assert!(
                part.starts_with('#') || part.starts_with("data:text"),
                "{part:.40}"
            );
        }
        for part in page.split('<').skip(1) {
            let tag = part.split('>').next().unwrap();
            let handler = tag
                .split(' ')
                .find(|a| a.starts_with("on") && a.contains('='));
            assert_eq!(handler, None, "{tag}");
        }
    }
}

#[test]
fn links_inside_lead_somewhere_and_headings_are_in_order() {
    let page = page();
    for part in page.split(" href=\"#").skip(1) {
        let id = part.split('"').next().unwrap();
        assert!(page.contains(&format!(" id=\"{id}\"")), "{id}");
    }
    let levels = page
        .split("<h")
        .skip(1)
        .filter_map(|part| part[..1].parse::<u8>().ok());
    let levels: Vec<u8> = levels.collect();
    assert_eq!(levels.iter().filter(|&&l| l == 1).count(), 1);
    assert!(levels.windows(2).all(|w| w[1] <= w[0] + 1), "{levels:?}");
}

#[test]
fn all_is_there_without_the_script_and_small() {
    let page = page();
    for score in &DEMO.scores.scores {
        assert!(
            page.contains(&format!("<bdi>{}</bdi>", score.name)),
            "{}",
            score.name
        );
        for reason in score.reasons.iter().take(3) {
            assert!(
                page.contains(&format!("<li>{}</li>", reason.reason())),
                "{}",
                reason.reason()
            );
        }
    }
    for refused in &DEMO.scores.not_scored {
        assert!(page.contains(&refused.name));
    }
    // 1.5 MB is the limit with a page for each of 153 authorities; this is the part without.
    assert!(page.len() < 700_000, "{}", page.len());
}

/// The figures of the tables are those of the JSON.
#[test]
fn figures_in_tables_are_in_the_json() {
    let json = serde_json::to_value(&DEMO.evidence).unwrap();
    let numbers = |value: &serde_json::Value, decimals: usize| {
        format!("{:.decimals$}", value.as_f64().unwrap())
    };
    let charts = charts();
    for (row, summary) in charts[0]
        .table
        .rows
        .iter()
        .zip(json["summary"].as_array().unwrap())
    {
        assert_eq!(row[0], summary["model"]);
        assert_eq!(row[1], numbers(&summary["auroc"], 2));
        let [low, high] = [0, 1].map(|end| numbers(&summary["auroc_ci95"][end], 2));
        assert_eq!(row[2], format!("{low} to {high}"));
    }
    let years = json["meaning"]["by_year"].as_array().unwrap();
    assert_eq!(charts[4].table.rows.len(), years.len());
    for (row, year) in charts[4].table.rows.iter().zip(years) {
        assert_eq!(row[2], year["events"].to_string());
        assert_eq!(row[3], numbers(&year["expected"], 1));
        assert_eq!(row[4], numbers(&year["ratio"], 2));
    }
    let points = json["funnels"][0]["points"].as_array().unwrap();
    for (row, point) in charts[7].table.rows.iter().zip(points) {
        assert_eq!(row[0], point["name"]);
    }
}

/// Names that hurt where they are not escaped.
fn hostile() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "</script><script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "\" onfocus=\"alert(1)",
        "'><svg/onload=alert(1)>",
        "\u{202e}gnihtyna\u{202c}",
        "{{ 7 * 7 }}{% raw %}",
        "]]> <!-- &amp; &#x3c;",
        "=cmd|' /C calc'!A0",
        "two\r\nlines\u{0}",
    ]);
    prop_oneof![known.prop_map(str::to_owned), "\\PC{0,30}"]
}

/// The report with this name for an authority on the list, one without a score and one in a funnel.
fn with(name: &str) -> String {
    let mut scores = DEMO.scores.clone();
    scores.scores[0].explained.name = name.to_owned();
    scores.not_scored[0].name = name.to_owned();
    let mut evidence = DEMO.evidence.clone();
    evidence.funnels[0].points[0].name = name.to_owned();
    let input = ReportInput {
        service: forewarn::data::Service::childrens_services(),
        evidence: Some(&evidence),
        ..input(&DEMO, &scores)
    };
    html(&input).unwrap()
}

static HARMLESS: LazyLock<String> = LazyLock::new(|| with("x"));

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn names_are_text_wherever_they_stand(name in hostile()) {
        let (plain, hostile) = (&*HARMLESS, with(&name));
        // No tag and no attribute more than with a harmless name.
        for mark in ['<', '>', '"'] {
            let count = |page: &str| page.matches(mark).count();
            prop_assert_eq!(count(plain), count(&hostile), "{}", mark);
        }
        for svg in drawings(&hostile) {
            elements(svg);
        }
    }
}
