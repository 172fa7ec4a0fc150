//! Units and series that a service declares, and the release days of its series.

use jiff::civil::Date;

use super::fields::{Faults, Fields};
use crate::data::calendar::{Basis, Release, ReleaseCalendar, Series, SeriesRow};
use crate::data::intern::text;
use crate::data::unit::{Unit, UnitRow};

/// Bounds, in the unit, within which a declared unit has to stay.
const WIDEST: f64 = 1e12;

/// Days after a period by which its figures are taken to be known, unless the file says otherwise.
const FALLBACK_DAYS: f64 = 365.0;

/// Declares the units, so that indicators can name them.
pub(super) fn units(file: &mut Fields<'_>, faults: &mut Faults) {
    for mut fields in file.objects("units", faults) {
        let name = fields.text("name", faults);
        let words = fields.text("words", faults);
        let lower = fields.number("lower", -WIDEST..=WIDEST, 0.0, faults);
        let upper = fields.number("upper", -WIDEST..=WIDEST, f64::NAN, faults);
        let decimals = fields.number("decimals", 0.0..=9.0, 0.0, faults);
        let suffix = fields.text_if_given("suffix", faults);
        let rate = fields.flag("rate", false, faults);
        // NaN where nothing is stated: the comparison is false.
        let ordered = lower < upper;
        if !ordered {
            let expected = format!("a number above lower, which is {lower}");
            faults.note(&fields.path("upper"), upper, &expected);
        }
        if name.is_some_and(|name| Unit::BUILT_IN.iter().any(|unit| unit.name() == name)) {
            faults.note(&fields.path("name"), "a built-in unit", "another name");
            continue;
        }
        fields.finish(faults);
        if let (Some(name), Some(words), true) = (name, words, ordered) {
            Unit::declare(UnitRow {
                name: text(name),
                expected: text(&format!("{words} from {lower} to {upper}")),
                lower,
                upper,
                decimals: decimals as u8,
                suffix: text(suffix.unwrap_or_default()),
                rate,
            });
        }
    }
}

/// Declares the series, and reads their release days.
pub(super) fn series(file: &mut Fields<'_>, faults: &mut Faults) -> ReleaseCalendar {
    let mut calendar = ReleaseCalendar::empty();
    for mut fields in file.objects("series", faults) {
        let name = fields.text("name", faults);
        let path = fields.path("period_ends");
        let ends = fields.text("period_ends", faults);
        let day = ends.and_then(|ends| format!("2023-{ends}").parse::<Date>().ok());
        if let (Some(found), None) = (ends, day) {
            faults.note(
                &path,
                format!("{found:?}"),
                "a day that every year has, as 03-31",
            );
        }
        let days = fields.number("fallback_days", 0.0..=3650.0, FALLBACK_DAYS, faults);
        let releases = releases(&mut fields, faults);
        if name.is_some_and(|name| Series::ALL.iter().any(|series| series.name() == name)) {
            faults.note(&fields.path("name"), "a built-in series", "another name");
            continue;
        }
        fields.finish(faults);
        let (Some(name), Some(day)) = (name, day) else {
            continue;
        };
        let series = Series::declare(SeriesRow {
            name: text(name),
            ends: (day.month(), day.day()),
            fallback_days: days as u16,
        });
        for (period_end, release) in releases {
            calendar.insert(series, period_end, release);
        }
    }
    calendar
}

fn releases(series: &mut Fields<'_>, faults: &mut Faults) -> Vec<(Date, Release)> {
    let mut found = Vec::new();
    for mut fields in series.objects("releases", faults) {
        let mut day = |field: &'static str, faults: &mut Faults| {
            let path = fields.path(field);
            let text = fields.text(field, faults)?;
            let day = text.parse::<Date>().ok();
            if day.is_none() {
                faults.note(&path, format!("{text:?}"), "a day, as 2024-03-31");
            }
            day
        };
        let (period_end, published) = (day("period_end", faults), day("published", faults));
        let path = fields.path("basis");
        let basis = fields.text_if_given("basis", faults).unwrap_or("confirmed");
        let known = Basis::ALL.into_iter().find(|known| known.name() == basis);
        if known.is_none() {
            let names = Basis::ALL.map(Basis::name).join(", ");
            faults.note(&path, format!("{basis:?}"), &names);
        }
        let at = fields.path("published");
        fields.finish(faults);
        let (Some(period_end), Some(date), Some(basis)) = (period_end, published, known) else {
            continue;
        };
        if date < period_end {
            let expected = "a day on or after period_end";
            faults.note(&at, date, expected);
            continue;
        }
        found.push((period_end, Release { date, basis }));
    }
    found
}
