//! The official layouts that are known: their columns and what they become.

use super::measure::Figure::{Percent, Plain, Ratio};
use super::measure::Measure;
use super::statistics::Statistics;
use crate::read::intake::Precedence;
use crate::read::load_report::Layout;

/// A percentage with its counts.
const fn rate(
    indicator: &'static str,
    percent: &'static str,
    above: &'static [&'static str],
    below: &'static [&'static str],
) -> Measure {
    Measure {
        indicator,
        value: Percent(percent),
        above,
        below,
        before: None,
    }
}

/// A figure in its unit, without counts.
const fn plain(indicator: &'static str, column: &'static str) -> Measure {
    Measure {
        indicator,
        value: Plain(column),
        above: &[],
        below: &[],
        before: None,
    }
}

/// A percentage without counts.
const fn percent(indicator: &'static str, column: &'static str) -> Measure {
    rate(indicator, column, &[], &[])
}

/// Only for years before 2017: later ones come from the workforce statistics themselves.
const fn before_2017(measure: Measure) -> Measure {
    Measure {
        before: Some(2017),
        ..measure
    }
}

const fn need(
    layout: Layout,
    label: &'static str,
    measures: &'static [Measure],
    counts: &'static [(&'static str, &'static str)],
) -> Statistics {
    Statistics {
        layout,
        label,
        precedence: Precedence::Statistics,
        only: &[],
        measures,
        counts,
        joint_in_one_row: false,
        note: None,
    }
}

/// All statistics layouts.
pub(crate) fn all() -> &'static [Statistics] {
    &STATISTICS
}

/// The statistics layout of that kind.
pub(crate) fn statistics(layout: Layout) -> Option<&'static Statistics> {
    STATISTICS.iter().find(|s| s.layout == layout)
}

/// Names of columns in older releases, and what the newest calls them.
pub(crate) fn older_names(layout: Layout) -> &'static [(&'static str, &'static str)] {
    match layout {
        Layout::Referrals => &REFERRALS_TO_2024,
        _ => &[],
    }
}

/// The releases of 2022 to 2024.
const REFERRALS_TO_2024: [(&str, &str); 7] = [
    ("Referrals", "referral_count"),
    ("Re_referrals", "rereferral_count"),
    ("Re_referrals_percent", "rereferral_percent"),
    ("No_Further_Action", "no_further_action_count"),
    ("No_Further_Action_percent", "no_further_action_percent"),
    ("Not_in_Need", "not_in_need_count"),
    ("Not_in_Need_percent", "not_in_need_percent"),
];

#[rustfmt::skip]
static STATISTICS: [Statistics; 11] = [
    need(Layout::Referrals, "DfE children in need: referrals", &[
        rate("rereferral_rate", "rereferral_percent", &["rereferral_count"], &["referral_count"]),
        rate("no_further_action_rate", "no_further_action_percent", &["no_further_action_count"], &["referral_count"]),
        rate("not_in_need_rate", "not_in_need_percent", &["not_in_need_count"], &["referral_count"]),
    ], &[("referral_rate", "referral_count")]),
    need(Layout::Conferences, "DfE children in need: section 47 enquiries and conferences", &[
        Measure { indicator: "conferences_15_day_rate", value: Ratio, above: &["Duration_0-10_days", "Duration_11-15_days"], below: &["ICPC"], before: None },
    ], &[("section_47_rate", "Section47"), ("conference_rate", "ICPC")]),
    need(Layout::RepeatPlans, "DfE children in need: repeat plans", &[
        rate("repeat_plan_rate", "CPP_subsequent_percent", &["CPP_subsequent"], &["CPP_start"]),
    ], &[("plan_start_rate", "CPP_start")]),
    need(Layout::PlanDurations, "DfE children in need: plans by duration", &[
        rate("long_plan_rate", "2_years_or_more_percent", &["2_years_or_more"], &["CPP_At31"]),
    ], &[("plan_rate", "CPP_At31")]),
    need(Layout::ChildrenInNeed, "DfE children in need: numbers", &[], &[("need_rate", "At31_episodes")]),
    need(Layout::WorkforceIndicators, "DfE social work workforce", &[
        rate("agency_rate", "agency_rate_fte", &["agency_fte"], &["agency_fte", "inpost_fte"]),
        rate("vacancy_rate", "vacancy_rate_fte", &["vacancy_fte"], &["vacancy_fte", "inpost_fte"]),
        rate("turnover_rate", "turnover_rate_fte", &["leavers_fte"], &["inpost_fte"]),
        rate("absence_rate", "absence_rate_fte", &["working_days_lost_fte"], &[]),
        Measure { indicator: "caseload", value: Plain("caseload_fte"), above: &["cases"], below: &["case_holders_fte"], before: None },
        plain("social_workers", "inpost_fte"),
    ], &[]),
    Statistics {
        precedence: Precedence::OlderWorkforce,
        joint_in_one_row: true,
        ..need(Layout::WorkforceHeadlines, "DfE social work workforce, headline measures to 2022", &[
            rate("agency_rate", "agency_worker_rate_fte_%", &["agency_fte"], &["agency_fte", "social_worker_fte"]),
            rate("vacancy_rate", "vacancy_rate_fte_%", &["vacancy_fte"], &["vacancy_fte", "social_worker_fte"]),
            rate("turnover_rate", "turnover_rate_fte_%", &["leaver_fte"], &["social_worker_fte"]),
            rate("absence_rate", "absence_rate_fte_%", &["working_days_lost_fte"], &[]),
            Measure { indicator: "caseload", value: Plain("caseload_fte"), above: &["cases"], below: &["case_holders_fte"], before: None },
            plain("social_workers", "social_worker_fte"),
        ], &[])
    },
    Statistics {
        only: &[("population_type", "Children looked after on 31 March each year")],
        ..need(Layout::LookedAfter, "DfE children looked after: rates", &[plain("looked_after_rate", "rate_per_10000")], &[])
    },
    Statistics {
        only: &[("cla_group", "CLA on 31 March"), ("placement_stability", "With 3 or more placements during the year")],
        ..need(Layout::PlacementStability, "DfE children looked after: placements", &[percent("three_placements_rate", "children_percent")], &[])
    },
    Statistics {
        only: &[("age_group", "Children aged 0 to 17 years")],
        ..need(Layout::Population, "ONS mid-year population", &[plain("children", "population_estimate")], &[])
    },
    Statistics {
        precedence: Precedence::InteractiveTool,
        joint_in_one_row: true,
        note: Some("workforce columns are read before 2017 only: the workforce statistics have the later years; caseload is never read, since 2016 is on another definition"),
        ..need(Layout::InteractiveTool, "Local Authority Interactive Tool", &[
            percent("assessments_45_day_rate", "Continue_Assess_Comp"),
            percent("reviews_on_time_rate", "RevCP"),
            percent("police_referral_rate", "RefBySource_Police_%"),
            plain("care_application_rate", "CareApplications"),
            plain("looked_after_rate", "LAC"),
            percent("three_placements_rate", "LACStable_2016on"),
            percent("placed_20_miles_rate", "LACDistance"),
            percent("missing_rate", "Children_missing"),
            percent("leavers_accommodation_rate", "CareLeaverAcc"),
            percent("low_income_rate", "ChildPov"),
            percent("free_meals_rate", "PriFSM"),
            before_2017(percent("agency_rate", "Work_Force_Agecy_Rate")),
            before_2017(percent("vacancy_rate", "Work_Force_Vac_Rate")),
            before_2017(percent("turnover_rate", "Work_Force_TO_Rate")),
            before_2017(plain("social_workers", "Work_Force_NoSW")),
        ], &[])
    },
];
