//! What is published of England's children's services: units, counts, series, declared directions.

use crate::data::calendar::Series;
use crate::data::code::IndicatorId;
use crate::data::indicator::{Catalogue, Indicator};
use crate::data::unit::Unit;
use crate::fit::direction::Direction;

impl Catalogue {
    /// The indicators of English children's services.
    pub fn childrens_services() -> Self {
        let mut catalogue = Catalogue::empty();
        for entry in ENTRIES {
            catalogue.insert(entry.indicator());
        }
        catalogue
    }
}

impl Default for Catalogue {
    fn default() -> Self {
        Catalogue::childrens_services()
    }
}

struct Entry {
    id: &'static str,
    name: &'static str,
    unit: Unit,
    counts: (&'static str, &'static str),
    series: Series,
    declared: Declared,
}

/// A direction and where it is declared.
type Declared = (Direction, &'static str);

impl Entry {
    fn indicator(&self) -> Indicator {
        Indicator {
            id: IndicatorId::literal(self.id),
            name: self.name.to_owned(),
            unit: self.unit,
            numerator: self.counts.0.to_owned(),
            denominator: self.counts.1.to_owned(),
            series: self.series,
            direction: self.declared.0,
            source: self.declared.1.to_owned(),
        }
    }
}

const fn entry(
    id: &'static str,
    name: &'static str,
    unit: Unit,
    counts: (&'static str, &'static str),
    series: Series,
    declared: Declared,
) -> Entry {
    Entry {
        id,
        name,
        unit,
        counts,
        series,
        declared,
    }
}

use Direction::{HigherRiskier as Higher, LowerRiskier as Lower};
use Series::{
    CafcassCareApplications as Cafcass, ChildrenInLowIncomeFamilies as LowIncome,
    ChildrenInNeed as Need, ChildrenLookedAfter as Looked, FreeSchoolMealsJanuaryCensus as Meals,
    IndicesOfDeprivation as Indices, MidYearPopulation as Population,
    SocialWorkWorkforce as Workforce,
};
use Unit::{CasesPerWorker, Count, Per10kChildren as Per10k, Proportion, Score};

/// No direction is declared, and there is no source of it.
const NONE: Declared = (Direction::None, "");

const RECOMMENDED: &str = "NAO 2016, recommendation 24(d)";
const WORKLOAD: &str = "NAO 2016, 2.11";
const TIMESCALES: &str = "Working Together to Safeguard Children: statutory timescales";
const POLARITY: &str = "Department for Education: polarity of the Local Authority Interactive Tool";
const DEPRIVATION: &str = "Bywaters and Webb 2018; Webb, Bennett and Bywaters 2022";
const STANDS_FOR_DEPRIVATION: &str =
    "Bywaters and Webb 2018 (deprivation); that the rate stands for it is ours";

/// Directions as others published them; what the data say is for the fit to report.
#[rustfmt::skip]
const ENTRIES: [Entry; 31] = [
    entry("rereferral_rate", "re-referrals within 12 months", Proportion, ("re-referrals", "referrals"), Need, (Higher, RECOMMENDED)),
    entry("no_further_action_rate", "referrals closed with no further action", Proportion, ("referrals with no further action", "referrals"), Need, NONE),
    entry("not_in_need_rate", "referrals assessed as not in need", Proportion, ("referrals assessed as not in need", "referrals"), Need, NONE),
    entry("police_referral_rate", "referrals from the police", Proportion, ("referrals from the police", "referrals"), Need, NONE),
    entry("repeat_plan_rate", "repeat child protection plans", Proportion, ("second or later plans", "plans started"), Need, (Higher, RECOMMENDED)),
    entry("long_plan_rate", "plans open for two years or longer", Proportion, ("plans open for two years or longer", "plans open on 31 March"), Need, (Higher, POLARITY)),
    entry("assessments_45_day_rate", "assessments within 45 working days", Proportion, ("assessments in time", "assessments"), Need, (Lower, TIMESCALES)),
    entry("conferences_15_day_rate", "conferences within 15 working days", Proportion, ("conferences in time", "initial conferences"), Need, (Lower, TIMESCALES)),
    entry("reviews_on_time_rate", "plan reviews on time", Proportion, ("plans reviewed in time", "plans"), Need, (Lower, TIMESCALES)),
    entry("referral_rate", "referrals", Per10k, ("referrals", "children aged 0 to 17"), Need, NONE),
    entry("need_rate", "children in need on 31 March", Per10k, ("children in need", "children aged 0 to 17"), Need, NONE),
    entry("section_47_rate", "section 47 enquiries", Per10k, ("section 47 enquiries", "children aged 0 to 17"), Need, NONE),
    entry("conference_rate", "initial child protection conferences", Per10k, ("initial conferences", "children aged 0 to 17"), Need, NONE),
    entry("plan_rate", "child protection plans on 31 March", Per10k, ("plans open on 31 March", "children aged 0 to 17"), Need, NONE),
    entry("plan_start_rate", "child protection plans started", Per10k, ("plans started", "children aged 0 to 17"), Need, NONE),
    entry("agency_rate", "agency social workers", Proportion, ("agency workers (FTE)", "agency workers and staff in post (FTE)"), Workforce, (Higher, RECOMMENDED)),
    entry("vacancy_rate", "social worker vacancies", Proportion, ("vacancies (FTE)", "vacancies and staff in post (FTE)"), Workforce, (Higher, RECOMMENDED)),
    entry("turnover_rate", "social worker turnover", Proportion, ("leavers in the year (FTE)", "staff in post (FTE)"), Workforce, (Higher, POLARITY)),
    entry("absence_rate", "social worker absence", Proportion, ("days lost", "working days"), Workforce, (Higher, POLARITY)),
    entry("caseload", "cases per social worker", CasesPerWorker, ("cases", "case holders (FTE)"), Workforce, (Higher, WORKLOAD)),
    entry("social_workers", "social workers in post (FTE)", Count, ("", ""), Workforce, NONE),
    entry("looked_after_rate", "children looked after on 31 March", Per10k, ("children looked after", "children aged 0 to 17"), Looked, (Higher, STANDS_FOR_DEPRIVATION)),
    entry("three_placements_rate", "looked-after children with three or more placements", Proportion, ("children with three or more placements", "children looked after"), Looked, (Higher, POLARITY)),
    entry("placed_20_miles_rate", "looked-after children placed over 20 miles from home", Proportion, ("children placed over 20 miles from home", "children looked after"), Looked, NONE),
    entry("missing_rate", "looked-after children who went missing", Proportion, ("children who went missing", "children looked after"), Looked, (Higher, POLARITY)),
    entry("leavers_accommodation_rate", "care leavers in suitable accommodation", Proportion, ("care leavers in suitable accommodation", "care leavers"), Looked, (Lower, POLARITY)),
    entry("care_application_rate", "care applications", Per10k, ("care applications", "children aged 0 to 17"), Cafcass, NONE),
    entry("low_income_rate", "children in low-income families", Proportion, ("children in low-income families", "children"), LowIncome, (Higher, DEPRIVATION)),
    entry("deprivation_score", "deprivation (average score)", Score, ("", ""), Indices, (Higher, DEPRIVATION)),
    entry("free_meals_rate", "primary pupils eligible for free school meals", Proportion, ("eligible pupils", "pupils"), Meals, NONE),
    entry("children", "children aged 0 to 17", Count, ("", ""), Population, NONE),
];
