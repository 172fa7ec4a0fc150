//! What a service is, in words.

use forewarn::data::Service;
use forewarn::features::FeatureRecipe;

pub fn describe(service: &Service, recipe: &FeatureRecipe) {
    let words = |names: Vec<&str>| names.join(", ");
    say!("{}", service.title());
    say!(
        "{} ({}) are inspected by {}.",
        service.noun().plural,
        service.name(),
        service.inspectorate()
    );
    let grades = service.grades().iter().map(|grade| grade.words());
    say!("Grades, the best first: {}.", words(grades.collect()));
    let judged = service
        .judgements()
        .map(|(_, judgement)| judgement.words.as_str());
    say!("Judgements: {}.", words(judged.collect()));
    for rules in service.frameworks() {
        let framework = rules.framework;
        let learned = match framework.is_like_for_like() {
            true => "learned from",
            false => "history, not learned from",
        };
        say!(
            "Framework {framework}: {learned}; a missing start is taken to be {} days before publication.",
            framework.days_to_publication()
        );
        for (own, grade) in &rules.grades {
            say!("  {own:?} is comparable with {grade}.");
        }
        for (grade, years) in &rules.usual_years {
            say!("  After {grade}, usually inspected again within {years} years.");
        }
    }
    for rule in service.outcomes() {
        say!(
            "Outcome {rule}: {} or worse; {} {}.",
            rule.from_grade(),
            service.noun().plural,
            rule.words()
        );
    }
    for indicator in service.catalogue().iter() {
        say!(
            "Indicator {}: {}; direction from {}.",
            indicator.id,
            indicator.name,
            indicator.source
        );
    }
    say!(
        "Default: {} by {}.",
        recipe.name(),
        service.default_family()
    );
    say!("{}", service.proper_use());
}
