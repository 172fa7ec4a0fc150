//! England's children's services as one service.

use std::sync::LazyLock;

use super::inspection::{FRAMEWORKS, GRADES, JUDGEMENTS, SCOPES};
use crate::data::calendar::ReleaseCalendar;
use crate::data::code::{Code, IndicatorId};
use crate::data::indicator::Catalogue;
use crate::data::outcome::OutcomeRule;
use crate::data::service::{FrameworkRules, Judgement, Noun, RivalRule, Service};

static SERVICE: LazyLock<Service> = LazyLock::new(|| Service {
    name: Code::literal("childrens_services"),
    title: "Children's services in England".to_owned(),
    noun: Noun {
        singular: "authority".to_owned(),
        plural: "authorities".to_owned(),
    },
    inspectorate: "Ofsted".to_owned(),
    benchmark: "England".to_owned(),
    grades: GRADES.to_vec(),
    spellings: Vec::new(),
    judgements: JUDGEMENTS
        .map(|(column, words)| Judgement {
            column: column.to_owned(),
            words: words.to_owned(),
        })
        .to_vec(),
    scopes: SCOPES.to_vec(),
    frameworks: FRAMEWORKS
        .map(|framework| FrameworkRules {
            framework,
            grades: Vec::new(),
            usual_years: Vec::new(),
        })
        .to_vec(),
    outcomes: OutcomeRule::ALL.to_vec(),
    fresh_years: 1.0,
    first_inspections: false,
    catalogue: Catalogue::childrens_services(),
    calendar: ReleaseCalendar::england(),
    rules: vec![RivalRule {
        name: "agency above 16%".to_owned(),
        indicator: IndicatorId::literal("agency_rate"),
        above: 0.16,
    }],
    recipes: Vec::new(),
    recipe: "themes".to_owned(),
    family: "composite".to_owned(),
    proper_use: "To decide where to look first, together with people who know the authority."
        .to_owned(),
});

impl Default for Service {
    /// [`Service::childrens_services`].
    fn default() -> Self {
        Service::childrens_services().clone()
    }
}

impl Service {
    /// England's children's services: the default.
    pub fn childrens_services() -> &'static Service {
        &SERVICE
    }
}
