//! What a service is, in words.

use forewarn::data::Service;
use forewarn::features::FeatureRecipe;

pub fn describe(service: &Service, recipe: &FeatureRecipe) {
    let words = |names: Vec<&str>| names.join(", ");
    println!("{}", service.title());
    println!(
        "{} ({}) are inspected by {}.",
        service.noun().plural,
        service.name(),
        service.inspectorate()
    );
    let grades = service.grades().iter().map(|grade| grade.words());
    println!("Grades, the best first: {}.", words(grades.collect()));
    let judged = service
        .judgements()
        .map(|(_, judgement)| judgement.words.as_str());
    println!("Judgements: {}.", words(judged.collect()));
    for rules in service.frameworks() {
        let framework = rules.framework;
        let learned = match framework.is_like_for_like() {
            true => "learned from",
            false => "history, not learned from",
        };
        println!(
            "Framework {framework}: {learned}; a missing start is taken to be {} days before publication.",
            framework.days_to_publication()
        );
        for (own, grade) in &rules.grades {
            println!("  {own:?} is comparable with {grade}.");
        }
        for (grade, years) in &rules.usual_years {
            println!("  After {grade}, usually inspected again within {years} years.");
        }
    }
    for rule in service.outcomes() {
        println!(
            "Outcome {rule}: {} or worse; {} {}.",
            rule.from_grade(),
            service.noun().plural,
            rule.words()
        );
    }
    for indicator in service.catalogue().iter() {
        println!(
            "Indicator {}: {}; direction from {}.",
            indicator.id, indicator.name, indicator.source
        );
    }
    println!(
        "Default: {} by {}.",
        recipe.name(),
        service.default_family()
    );
    println!("{}", service.proper_use());
}
