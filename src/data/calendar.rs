//! When a figure became public: reference period -> date known, and how sure we are.

use std::collections::BTreeMap;

use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};

/// A statistical release, all of whose figures for one period appear on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Series {
    /// Characteristics of children in need: year to 31 March.
    ChildrenInNeed,
    /// Children's social work workforce: census of 30 September.
    SocialWorkWorkforce,
    /// Children looked after: year to 31 March.
    ChildrenLookedAfter,
    /// Free school meals: January census.
    FreeSchoolMealsJanuaryCensus,
    /// Cafcass care applications: year to 31 March.
    CafcassCareApplications,
    /// Section 251 outturn: financial year to 31 March.
    Section251Outturn,
    /// Children in low-income families: year to 31 March.
    ChildrenInLowIncomeFamilies,
    /// ONS mid-year population estimates: 30 June.
    MidYearPopulation,
    /// Indices of Deprivation: every few years, on the areas of 31 March.
    IndicesOfDeprivation,
}

/// How sure we are of the day on which a figure became public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Stated beside the figure itself, or confirmed by a source.
    Confirmed,
    /// Month reliable, day written from memory.
    Recalled,
    /// An upper bound: surely known by then.
    Conservative,
    /// The period is not in the calendar: its end plus the series' longest lag.
    Fallback,
}

/// The day on which a period's figures became public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    /// The day.
    pub date: Date,
    /// How sure we are.
    pub basis: Basis,
}

/// Release days by series and last day of the reference period.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleaseCalendar {
    releases: BTreeMap<(Series, Date), Release>,
}

impl Basis {
    pub(crate) const ALL: [Basis; 4] = [
        Basis::Confirmed,
        Basis::Recalled,
        Basis::Conservative,
        Basis::Fallback,
    ];
}

impl Series {
    /// All series.
    pub const ALL: [Series; 9] = [
        Series::ChildrenInNeed,
        Series::SocialWorkWorkforce,
        Series::ChildrenLookedAfter,
        Series::FreeSchoolMealsJanuaryCensus,
        Series::CafcassCareApplications,
        Series::Section251Outturn,
        Series::ChildrenInLowIncomeFamilies,
        Series::MidYearPopulation,
        Series::IndicesOfDeprivation,
    ];

    /// The series' name in a release calendar file.
    pub fn name(self) -> &'static str {
        match self {
            Series::ChildrenInNeed => "children_in_need",
            Series::SocialWorkWorkforce => "social_work_workforce",
            Series::ChildrenLookedAfter => "children_looked_after",
            Series::FreeSchoolMealsJanuaryCensus => "free_school_meals_january_census",
            Series::CafcassCareApplications => "cafcass_care_applications",
            Series::Section251Outturn => "section_251_outturn",
            Series::ChildrenInLowIncomeFamilies => "children_in_low_income_families",
            Series::MidYearPopulation => "mid_year_population",
            Series::IndicesOfDeprivation => "indices_of_deprivation",
        }
    }

    /// The series of that name.
    pub fn from_name(name: &str) -> Option<Series> {
        Series::ALL.into_iter().find(|s| s.name() == name)
    }

    /// Last day of the reference period that the statistics call `year`; `None` for a year that
    /// the calendar of dates does not have.
    pub fn period_end(self, year: i16) -> Option<Date> {
        let (month, day) = match self {
            Series::SocialWorkWorkforce => (9, 30),
            Series::FreeSchoolMealsJanuaryCensus => (1, 31),
            Series::MidYearPopulation => (6, 30),
            _ => (3, 31),
        };
        Date::new(year, month, day).ok()
    }

    /// Days after the end of a period by which its figures are taken to be known when the calendar
    /// does not say: no shorter than any lag in the built-in calendar.
    pub fn fallback_days(self) -> i64 {
        match self {
            Series::ChildrenInNeed => 270,
            Series::SocialWorkWorkforce => 215,
            Series::ChildrenLookedAfter => 270,
            Series::FreeSchoolMealsJanuaryCensus => 185,
            Series::CafcassCareApplications => 125,
            Series::Section251Outturn => 280,
            Series::ChildrenInLowIncomeFamilies => 370,
            Series::MidYearPopulation => 460,
            Series::IndicesOfDeprivation => 370,
        }
    }
}

impl Release {
    /// The later of two release days; of equal ones the less sure.
    #[cfg_attr(not(feature = "read"), expect(dead_code))]
    pub(crate) fn later(a: Release, b: Release) -> Release {
        let key = |r: Release| (r.date, r.basis);
        if key(a) < key(b) { b } else { a }
    }
}

impl ReleaseCalendar {
    /// The release days of the English statistics, periods ending 2013 to 2025.
    ///
    /// Children in need, workforce and looked-after days are confirmed where a source gave the
    /// day and recalled otherwise; the others are upper bounds that hold in every year.
    pub fn england() -> Self {
        let mut calendar = ReleaseCalendar {
            releases: BTreeMap::new(),
        };
        for (series, years) in [
            (Series::ChildrenInNeed, &CHILDREN_IN_NEED),
            (Series::SocialWorkWorkforce, &WORKFORCE),
            (Series::ChildrenLookedAfter, &LOOKED_AFTER),
        ] {
            for &(year, (y, m, d), basis) in years {
                calendar.insert_days(series, year, (y, m, d), basis);
            }
        }
        for year in 2013..=2025 {
            for (series, years_later, (month, day)) in YEARLY_BOUNDS {
                let public = (year + years_later, month, day);
                calendar.insert_days(series, year, public, Basis::Conservative);
            }
        }
        calendar
    }

    fn insert_days(&mut self, series: Series, year: i16, (y, m, d): (i16, i8, i8), basis: Basis) {
        let release = Release {
            date: Date::constant(y, m, d),
            basis,
        };
        if let Some(end) = series.period_end(year) {
            self.insert(series, end, release);
        }
    }

    /// Sets the release of a period, replacing what was there.
    pub fn insert(&mut self, series: Series, period_end: Date, release: Release) {
        self.releases.insert((series, period_end), release);
    }

    /// When the figures of the period ending on `period_end` became public: the calendar's entry,
    /// or the series' fallback lag.
    pub fn release(&self, series: Series, period_end: Date) -> Release {
        let fallback = || Release {
            // A period in the last year of the calendar of dates has no later day: never known.
            date: period_end
                .checked_add(Span::new().days(series.fallback_days()))
                .unwrap_or(Date::MAX),
            basis: Basis::Fallback,
        };
        self.releases
            .get(&(series, period_end))
            .copied()
            .unwrap_or_else(fallback)
    }

    /// Every entry, by series and period.
    pub fn iter(&self) -> impl Iterator<Item = (Series, Date, Release)> + '_ {
        self.releases.iter().map(|(&(s, p), &r)| (s, p, r))
    }
}

impl Default for ReleaseCalendar {
    fn default() -> Self {
        ReleaseCalendar::england()
    }
}

type Day = (i16, i8, i8);

/// Series without known days, as (series, years after the period's, month and day by which public).
const YEARLY_BOUNDS: [(Series, i16, (i8, i8)); 5] = [
    (Series::FreeSchoolMealsJanuaryCensus, 0, (7, 31)),
    (Series::CafcassCareApplications, 0, (7, 31)),
    (Series::Section251Outturn, 0, (12, 31)),
    (Series::ChildrenInLowIncomeFamilies, 1, (3, 31)),
    (Series::MidYearPopulation, 1, (9, 30)),
];

const CHILDREN_IN_NEED: [(i16, Day, Basis); 13] = [
    (2013, (2013, 10, 31), Basis::Recalled),
    (2014, (2014, 10, 29), Basis::Recalled),
    (2015, (2015, 10, 22), Basis::Recalled),
    (2016, (2016, 11, 3), Basis::Recalled),
    (2017, (2017, 11, 2), Basis::Recalled),
    (2018, (2018, 10, 25), Basis::Recalled),
    (2019, (2019, 10, 31), Basis::Recalled),
    (2020, (2020, 12, 11), Basis::Recalled),
    (2021, (2021, 10, 28), Basis::Recalled),
    (2022, (2022, 10, 27), Basis::Recalled),
    (2023, (2023, 10, 26), Basis::Recalled),
    (2024, (2024, 10, 31), Basis::Recalled),
    (2025, (2025, 10, 30), Basis::Confirmed),
];

const WORKFORCE: [(i16, Day, Basis); 13] = [
    (2013, (2014, 4, 29), Basis::Recalled),
    (2014, (2015, 2, 26), Basis::Recalled),
    (2015, (2016, 2, 25), Basis::Recalled),
    (2016, (2017, 2, 16), Basis::Recalled),
    (2017, (2018, 2, 15), Basis::Recalled),
    (2018, (2019, 2, 28), Basis::Recalled),
    (2019, (2020, 2, 27), Basis::Confirmed),
    (2020, (2021, 2, 25), Basis::Recalled),
    (2021, (2022, 2, 24), Basis::Recalled),
    (2022, (2023, 2, 23), Basis::Recalled),
    (2023, (2024, 2, 29), Basis::Recalled),
    (2024, (2025, 2, 27), Basis::Confirmed),
    (2025, (2026, 3, 19), Basis::Conservative),
];

const LOOKED_AFTER: [(i16, Day, Basis); 13] = [
    (2013, (2013, 9, 26), Basis::Recalled),
    (2014, (2014, 9, 30), Basis::Recalled),
    (2015, (2015, 10, 1), Basis::Recalled),
    (2016, (2016, 9, 29), Basis::Recalled),
    (2017, (2017, 9, 28), Basis::Recalled),
    (2018, (2018, 11, 15), Basis::Recalled),
    (2019, (2019, 12, 5), Basis::Recalled),
    (2020, (2020, 12, 10), Basis::Recalled),
    (2021, (2021, 11, 18), Basis::Recalled),
    (2022, (2022, 11, 17), Basis::Recalled),
    (2023, (2023, 11, 16), Basis::Recalled),
    (2024, (2024, 11, 14), Basis::Recalled),
    (2025, (2025, 11, 26), Basis::Conservative),
];
