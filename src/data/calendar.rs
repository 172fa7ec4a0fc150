//! When a figure became public: reference period -> date known, and how sure we are.

use std::collections::BTreeMap;

use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};

use super::intern::Interner;
use crate::error::{Error, Result};

/// A statistical release, all of whose figures for one period appear on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
#[non_exhaustive]
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
    /// One that a service declares.
    Declared(DeclaredSeries),
}

/// A series that a service declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeclaredSeries(&'static SeriesRow);

/// A series as it is declared.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SeriesRow {
    /// In files.
    pub(crate) name: &'static str,
    /// Month and day on which its periods end.
    pub(crate) ends: (i8, i8),
    /// Days after the end of a period by which its figures are taken to be known.
    pub(crate) fallback_days: u16,
}

static DECLARED: Interner<SeriesRow> = Interner::new();

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

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Basis::Confirmed => "confirmed",
            Basis::Recalled => "recalled",
            Basis::Conservative => "conservative",
            Basis::Fallback => "fallback",
        }
    }
}

impl Series {
    pub(crate) fn declare(row: SeriesRow) -> Self {
        Series::Declared(DeclaredSeries(DECLARED.get(row)))
    }

    /// Those that are built in.
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
            Series::Declared(series) => series.0.name,
        }
    }

    /// The series of that name: a built-in one, or one that services read so far declare; none where
    /// they declare it in different ways.
    pub fn from_name(name: &str) -> Option<Series> {
        let declared = DECLARED.every().into_iter();
        let declared = declared.map(|row| Series::Declared(DeclaredSeries(row)));
        let mut found = Series::ALL
            .into_iter()
            .chain(declared)
            .filter(|s| s.name() == name);
        let first = found.next();
        first.filter(|_| found.next().is_none())
    }

    /// Last day of the reference period that the statistics call `year`; `None` for a year that
    /// the calendar of dates does not have.
    pub fn period_end(self, year: i16) -> Option<Date> {
        let (month, day) = match self {
            Series::SocialWorkWorkforce => (9, 30),
            Series::FreeSchoolMealsJanuaryCensus => (1, 31),
            Series::MidYearPopulation => (6, 30),
            Series::Declared(series) => series.0.ends,
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
            Series::Declared(series) => i64::from(series.0.fallback_days),
        }
    }
}

impl From<Series> for String {
    fn from(series: Series) -> Self {
        series.name().to_owned()
    }
}

impl TryFrom<String> for Series {
    type Error = Error;

    fn try_from(name: String) -> Result<Self> {
        Series::from_name(&name).ok_or_else(|| Error::InvalidValue {
            what: "series",
            found: name,
            expected: format!(
                "{}, or one of the service's series",
                Series::ALL.map(Series::name).join(", ")
            ),
        })
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
    /// A calendar without a day: every release is taken from its series' longest lag.
    pub fn empty() -> Self {
        ReleaseCalendar {
            releases: BTreeMap::new(),
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
