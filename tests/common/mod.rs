//! What several tests need: a small invented world, and the real data where they are present.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::path::PathBuf;

use forewarn::data::{
    Authority, AuthorityCode, Basis, Built, Catalogue, Entity, Framework, Grade, IndicatorId,
    Inspection, JudgementKey, Judgements, Observation, Origin, Panel, PanelBuilder, Register,
    Scope, Standing, Value,
};
use forewarn::jiff::civil::Date;

/// The folder of real data, or `None` (with a printed line) where it is absent.
pub fn real_data() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data");
    let folder = std::env::var_os("FOREWARN_DATA").map_or_else(|| default.into(), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no real data at {}", folder.display());
    None
}

/// A published file beside the real data, or `None` (with a printed line) where it is absent.
pub fn shared_file(path: &str) -> Option<PathBuf> {
    let shared = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared");
    let file = PathBuf::from(shared).join(path);
    if file.is_file() {
        return Some(file);
    }
    println!("skipped: no file {}", file.display());
    None
}

/// The folder of simulated data.
pub fn demo() -> PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo").into()
}

pub fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

pub fn code(text: &str) -> AuthorityCode {
    AuthorityCode::new(text).expect("a code")
}

pub fn indicator(text: &str) -> IndicatorId {
    IndicatorId::new(text).expect("an identifier")
}

pub fn authority(number: &str, name: &str) -> Authority {
    Authority {
        code: code(number),
        name: name.to_owned(),
        region_code: String::new(),
        region: String::new(),
        ons_codes: Vec::new(),
        variants: Vec::new(),
        from: None,
        to: None,
        predecessors: Vec::new(),
        scored: true,
        note: String::new(),
    }
}

/// A figure with counts, known from a day on.
pub fn figure(entity: Entity, what: &str, period: &str, known: &str, value: f64) -> Observation {
    Observation {
        entity,
        indicator: indicator(what),
        period_end: date(period),
        known_from: date(known),
        basis: Basis::Confirmed,
        value: Value::Number(value),
        numerator: None,
        denominator: None,
        standing: Standing::Released,
        joint: false,
        source: 0,
    }
}

/// A SIF inspection published 60 days after its start.
pub fn inspection(number: &str, start: &str, overall: Grade) -> Inspection {
    let start = date(start);
    Inspection {
        organisation: code(number),
        framework: Framework::Sif,
        kind: "first".to_owned(),
        scope: Scope::All,
        start: Some(start),
        end: None,
        published: start.saturating_add(forewarn::jiff::Span::new().days(60)),
        judgements: Judgements::of([
            (JudgementKey::OVERALL, overall),
            (JudgementKey::LEADERS, overall),
        ]),
        published_basis: String::new(),
        in_care_includes_care_leavers: None,
    }
}

/// A panel of these authorities, figures and inspections.
pub fn panel(
    authorities: Vec<Authority>,
    figures: Vec<Observation>,
    inspections: Vec<Inspection>,
) -> Panel {
    let built = built(authorities, figures, inspections);
    built.panel
}

/// The same, with what became of every figure.
pub fn built(
    authorities: Vec<Authority>,
    figures: Vec<Observation>,
    inspections: Vec<Inspection>,
) -> Built {
    let mut register = Register::empty();
    for authority in authorities {
        register.insert(authority);
    }
    let mut builder = PanelBuilder::new(register, Catalogue::childrens_services());
    builder.source(0, "test");
    for (line, figure) in figures.into_iter().enumerate() {
        builder.observation(
            figure,
            Origin {
                file: 0,
                line: line as u64,
            },
        );
    }
    for inspection in inspections {
        builder.inspection(inspection);
    }
    builder.build().unwrap()
}

/// 70 authorities that are inspected every three years from 2013 to 2022, in May: the more agency
/// staff, the more often they fail; vacancies say nothing. Every tenth has figures only from 2018 on.
pub fn small_world() -> Panel {
    let mut state = 7_u64;
    let mut uniform = move || {
        // Steele, Lea and Flood 2014: SplitMix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    };
    let (mut authorities, mut figures, mut inspections) = (vec![], vec![], vec![]);
    for i in 0..70_i16 {
        let number = format!("T{i:02}");
        authorities.push(authority(&number, &number));
        let level = 0.05 + 0.25 * uniform();
        let first = if i % 10 == 0 { 2018 } else { 2012 };
        for year in 2012..=2022 {
            let agency = level + 0.1 * uniform();
            let entity = Entity::Authority(code(&number));
            let (period, known) = (format!("{}-09-30", year - 1), format!("{year}-02-25"));
            for (what, rate) in [("agency_rate", agency), ("vacancy_rate", uniform())] {
                if year >= first {
                    figures.push(figure(entity, what, &period, &known, rate));
                }
            }
            if year > 2012 && (year - i) % 3 == 0 {
                let risk = 1.0 / (1.0 + (1.2 - 14.0 * (agency - 0.22)).exp());
                let grade = match uniform() {
                    u if u < risk => Grade::Inadequate,
                    u if u < 0.5 + risk => Grade::RequiresImprovement,
                    _ => Grade::Good,
                };
                let start = format!("{year}-05-{:02}", 1 + i % 20);
                inspections.push(inspection(&number, &start, grade));
            }
        }
    }
    panel(authorities, figures, inspections)
}
