//! When England's statistics became public.

use jiff::civil::Date;

use crate::data::calendar::{Basis, Release, ReleaseCalendar, Series};

impl ReleaseCalendar {
    /// The release days of the English statistics, periods ending 2013 to 2025.
    ///
    /// Children in need, workforce and looked-after days are confirmed where a source gave the
    /// day and recalled otherwise; the others are upper bounds that hold in every year.
    pub fn england() -> Self {
        let mut calendar = ReleaseCalendar::empty();
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
