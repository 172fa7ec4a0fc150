//! The report is one file that refers to nothing outside, and every drawing is well-formed.
#![cfg(feature = "report")]

mod common;

use common::date;
use forewarn::data::Panel;
use forewarn::features::FeatureRecipe;
use forewarn::features::Months;
use forewarn::model::RiskParams;
use forewarn::report::evidence_html;
use forewarn::validate::{BacktestParams, Bootstrap, Evidence, EvidenceParams};

fn demo_panel() -> Panel {
    forewarn::read::folder(common::demo()).unwrap().panel
}

fn demo_evidence(panel: &Panel) -> Evidence {
    let ridge = RiskParams::ridge().penalty(0.05);
    let params = BacktestParams {
        years: (2018, 2023),
        leads: vec![Months(0), Months(12)],
        replicates: 50,
        ..BacktestParams::new(vec![FeatureRecipe::lead_indicators()], vec![&ridge])
    };
    let backtest = params.run(panel, &|_, _| {}).unwrap();
    let indicators = ["agency_rate", "rereferral_rate", "repeat_plan_rate"].map(common::indicator);
    let params = EvidenceParams {
        list_share: 0.1,
        bootstrap: Bootstrap::new(50, 1),
        indicators: &indicators,
        as_of: date("2024-06-01"),
    };
    Evidence::new(backtest, panel, &params).unwrap()
}

#[test]
fn evidence_renders() {
    let panel = demo_panel();
    let html = evidence_html(&demo_evidence(&panel), panel.catalogue(), None).unwrap();
    std::fs::write("/tmp/h/e.html", &html).unwrap();
    assert!(html.contains("C-statistic"));
}
