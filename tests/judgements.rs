//! Outcome rules, anchors and the derived failures.

mod common;

use common::{authority, code, date, inspection, panel};
use forewarn::data::{Framework, Grade, Inspection, JudgementKey, Judgements, OutcomeRule, Scope};

fn judged(framework: Framework, judgements: Judgements) -> Inspection {
    Inspection {
        framework,
        judgements,
        ..inspection("A", "2023-01-09", Grade::Good)
    }
}

#[test]
fn any_key_judgement_leaves_out_sub_judgements_and_the_safeguarding_board() {
    let bad = Some(Grade::Inadequate);
    let good = Judgements::of([
        (JudgementKey::OVERALL, Grade::RequiresImprovement),
        (JudgementKey::LEADERS, Grade::Good),
        (
            JudgementKey::HELP_AND_PROTECTION,
            Grade::RequiresImprovement,
        ),
        (JudgementKey::IN_CARE, Grade::Good),
    ]);
    let event =
        |framework, judgements| OutcomeRule::AnyKeyJudgement.event(&judged(framework, judgements));
    for framework in [Framework::Sif, Framework::Ilacs] {
        assert_eq!(event(framework, good), Some(false));
        assert_eq!(
            event(framework, {
                let mut given = good;
                given.set(JudgementKey::LEADERS, bad);
                given
            }),
            Some(true)
        );
        assert_eq!(
            event(framework, {
                let mut given = good;
                given.set(JudgementKey::IN_CARE, bad);
                given
            }),
            Some(true)
        );
        assert_eq!(
            event(framework, {
                let mut given = good;
                given.set(JudgementKey::LSCB, bad);
                given
            }),
            Some(false)
        );
    }
    let leavers = {
        let mut given = good;
        given.set(JudgementKey::CARE_LEAVERS, bad);
        given
    };
    assert_eq!(
        event(Framework::Sif, leavers),
        Some(false),
        "a sub-judgement of SIF"
    );
    assert_eq!(
        event(Framework::Ilacs, leavers),
        Some(true),
        "a key judgement since 2023"
    );
}

#[test]
fn the_outcome_survives_the_end_of_overall_grades() {
    let keys = Judgements::of([
        (JudgementKey::HELP_AND_PROTECTION, Grade::Inadequate),
        (JudgementKey::IN_CARE, Grade::Good),
    ]);
    let inspection = judged(Framework::Ilacs, keys);
    assert_eq!(OutcomeRule::AnyKeyJudgement.event(&inspection), Some(true));
    assert_eq!(
        OutcomeRule::HelpAndProtection.event(&inspection),
        Some(true)
    );
    assert_eq!(OutcomeRule::Overall.event(&inspection), None);
    assert_eq!(OutcomeRule::Leaders.event(&inspection), None);
    assert_eq!(inspection.grade(), Some(Grade::Inadequate));
}

#[test]
fn an_unknown_start_is_150_days_before_publication() {
    let unknown = Inspection {
        start: None,
        ..inspection("A", "2015-01-05", Grade::Good)
    };
    // Published on 6 March 2015; 150 days earlier is 7 October 2014.
    assert_eq!(unknown.anchor(), date("2014-10-07"));
}

#[test]
fn persistent_failure_is_twice_in_five_years() {
    let with = |starts: &[&str]| {
        let all = starts
            .iter()
            .map(|s| inspection("A", s, Grade::Inadequate))
            .collect();
        let panel = panel(vec![authority("A", "Aston Vale")], vec![], all);
        panel
            .as_of(date("2023-01-01"))
            .judgements(code("A"))
            .persistent_failure()
    };
    assert!(!with(&["2012-01-09"]));
    assert!(
        with(&["2012-01-09", "2017-01-08"]),
        "published on 9 March 2012 and 9 March 2017"
    );
    assert!(!with(&["2012-01-09", "2017-01-09"]), "and on 10 March 2017");
    assert!(with(&["2009-01-09", "2015-01-09", "2018-01-09"]));
}

#[test]
fn systemic_failure_is_every_key_judgement_inadequate() {
    let all = Judgements::of([
        (JudgementKey::OVERALL, Grade::Inadequate),
        (JudgementKey::LEADERS, Grade::Inadequate),
        (JudgementKey::HELP_AND_PROTECTION, Grade::Inadequate),
        (JudgementKey::IN_CARE, Grade::Inadequate),
    ]);
    let of = |judgements, scope| {
        let one = Inspection {
            scope,
            ..judged(Framework::Sif, judgements)
        };
        let panel = panel(vec![authority("A", "Aston Vale")], vec![], vec![one]);
        panel
            .as_of(date("2024-01-01"))
            .judgements(code("A"))
            .systemic_failure()
    };
    assert_eq!(of(all, Scope::All), Some(true));
    let part = {
        let mut given = all;
        given.set(JudgementKey::IN_CARE, Some(Grade::Good));
        given
    };
    assert_eq!(of(part, Scope::All), Some(false));
    assert_eq!(
        of(all, Scope::ChildProtectionOnly),
        None,
        "not a full inspection"
    );
}

#[test]
fn an_outcome_rule_is_known_however_it_is_spelt() {
    for text in ["any_key_judgement", "any-key-judgement", "AnyKeyJudgement"] {
        assert_eq!(
            text.parse::<OutcomeRule>().unwrap(),
            OutcomeRule::AnyKeyJudgement
        );
    }
    let refused = "adequate".parse::<OutcomeRule>().unwrap_err().to_string();
    assert_eq!(
        refused,
        "outcome rule: found adequate, expected any_key_judgement, overall, help_and_protection, leaders"
    );
}
