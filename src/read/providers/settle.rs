//! All lists together -> the register, dated attributes, and every inspection once.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Span, civil::Date};

use super::line::{Home, List, Told};
use super::{DAYS_TO_PUBLICATION, SAME_INSPECTION_DAYS};
use crate::data::{
    Authority, Event, EventKind, Framework, Inspection, OrganisationCode, PanelBuilder, Scope,
    Service,
};
use crate::error::Result;
use crate::read::load_report::ListedInspections;

/// What the lists say of one home, the oldest list first.
#[derive(Default)]
struct History<'a> {
    /// Each yearly list that has it, by its number, and the home as it stands there.
    listed: Vec<(usize, &'a Home)>,
    told: Vec<(usize, &'a Told)>,
    /// The home as any list has it last.
    last: Option<&'a Home>,
}

/// Fills the panel.
///
/// # Errors
/// Those of the service's names.
pub(crate) fn settle(
    lists: Vec<List>,
    panel: &mut PanelBuilder,
) -> Result<Option<ListedInspections>> {
    if lists.is_empty() {
        return Ok(None);
    }
    let mut dated: Vec<(Date, List)> = lists
        .into_iter()
        .filter_map(|list| Some((list.day()?, list)))
        .collect();
    // Of one day, the yearly list before that of the year's inspections.
    dated.sort_by_key(|(day, list)| (*day, list.in_year));
    let releases: Vec<Option<Date>> = dated
        .iter()
        .map(|(day, list)| released(*day).filter(|_| !list.in_year))
        .collect();
    let mut homes: BTreeMap<OrganisationCode, History<'_>> = BTreeMap::new();
    for (number, (_, list)) in dated.iter().enumerate() {
        for home in &list.homes {
            let history = homes.entry(home.code).or_default();
            if !list.in_year {
                history.listed.push((number, home));
            }
            history
                .told
                .extend(home.inspections.iter().map(|told| (number, told)));
            history.last = Some(home);
        }
    }
    let rules = Rules::new(panel.service())?;
    let mut counts = ListedInspections::default();
    for (code, history) in homes {
        let Some(last) = history.last else { continue };
        let inspections = inspections(code, &history.told, &rules);
        let graded = history.told.iter().filter(|(_, told)| told.is_graded());
        let days: BTreeSet<Date> = graded.map(|(_, told)| told.start).collect();
        counts.homes += 1;
        counts.rows += history.told.len();
        counts.days += days.len();
        let graded = |i: &&Inspection| i.is_like_for_like() && i.grade().is_some();
        counts.inspections += inspections.iter().filter(graded).count();
        panel
            .register_mut()
            .insert(organisation(last, &history, &releases));
        for event in attributes(code, &history, &releases) {
            panel.event(event);
        }
        for inspection in inspections {
            panel.inspection(inspection);
        }
    }
    Ok(Some(counts))
}

/// The 1 October after a 31 March.
fn released(day: Date) -> Option<Date> {
    Date::new(day.year(), 10, 1).ok()
}

/// A home that is in no yearly list was told of by its inspections alone: it has resigned.
fn organisation(last: &Home, history: &History<'_>, releases: &[Option<Date>]) -> Authority {
    let yearly = || (0..releases.len()).filter(|&number| releases[number].is_some());
    let first_listed = history.listed.first().map(|(number, _)| *number);
    let last_listed = history.listed.last().map(|(number, _)| *number);
    let from = first_listed.filter(|first| yearly().next() != Some(*first));
    let gone = match last_listed {
        Some(last) => yearly().find(|number| *number > last),
        None => yearly().next(),
    };
    Authority {
        code: last.code,
        name: last.name.clone(),
        region_code: String::new(),
        region: last.region.clone(),
        ons_codes: Vec::new(),
        variants: Vec::new(),
        from: from.and_then(|number| releases[number]),
        to: gone
            .and_then(|number| releases[number])
            .and_then(|day| day.yesterday().ok()),
        predecessors: Vec::new(),
        scored: true,
        note: String::new(),
    }
}

/// Each value of an attribute from the day on which it was known, where it is another than before.
fn attributes(
    code: OrganisationCode,
    history: &History<'_>,
    releases: &[Option<Date>],
) -> Vec<Event> {
    let mut known: BTreeMap<EventKind, EventKind> = BTreeMap::new();
    let mut events = Vec::new();
    let starts = history.told.iter().map(|(_, told)| told.start);
    let first_day = starts
        .chain(history.last.and_then(|home| home.registered))
        .min();
    for (place, (number, home)) in history.listed.iter().enumerate() {
        let Some(release) = releases[*number] else {
            continue;
        };
        let known_from = match (place, first_day) {
            (0, Some(first)) => first.min(release),
            _ => release,
        };
        for &(attribute, value) in &home.attributes {
            if known.insert(attribute, value) != Some(value) {
                events.push(Event {
                    organisation: code,
                    kind: attribute,
                    finding: Some(value),
                    known_from,
                    source: format!("providers at 31 March {}", release.year()),
                });
            }
        }
    }
    events
}

/// Frameworks and scopes of the service.
struct Rules {
    before_2017: Framework,
    since_2017: Framework,
    full: Scope,
    monitoring: Scope,
}

/// The first day of the common inspection framework of social care.
const SINCE_2017: Date = jiff::civil::date(2017, 4, 1);

impl Rules {
    fn new(service: &Service) -> Result<Rules> {
        Ok(Rules {
            before_2017: service.framework("CHI")?.framework,
            since_2017: service.framework("SCCIF")?.framework,
            full: service.scope("full")?,
            monitoring: service.scope("monitoring")?,
        })
    }
}

/// Every inspection once.
fn inspections(code: OrganisationCode, told: &[(usize, &Told)], rules: &Rules) -> Vec<Inspection> {
    // By start; of one start, the last list last.
    let mut rows: Vec<&(usize, &Told)> = told.iter().collect();
    rows.sort_by_key(|(number, told)| (told.start, *number));
    let mut groups: Vec<Vec<&(usize, &Told)>> = Vec::new();
    for row in rows {
        let told = row.1;
        let same = groups.iter_mut().rev().find(|group| {
            group.iter().any(|(_, other)| {
                let near = (told.start - other.start).get_days().abs() <= SAME_INSPECTION_DAYS;
                let one = !told.number.is_empty() && told.number == other.number;
                one || (near && told.full == other.full)
            })
        });
        match same {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    let inspections = groups.iter().filter_map(|group| one(code, group, rules));
    inspections.collect()
}

/// The last list's telling; a day of publication that it lacks is taken from the newest that has it.
fn one(code: OrganisationCode, group: &[&(usize, &Told)], rules: &Rules) -> Option<Inspection> {
    let (_, kept) = group.iter().max_by_key(|(number, _)| *number)?;
    let stated = group.iter().rev().find_map(|(_, told)| told.published);
    let published = kept.published.or(stated);
    let assumed = kept
        .start
        .saturating_add(Span::new().days(DAYS_TO_PUBLICATION));
    let framework = match kept.start < SINCE_2017 {
        true => rules.before_2017,
        false => rules.since_2017,
    };
    Some(Inspection {
        organisation: code,
        framework,
        kind: kept.kind.clone(),
        scope: if kept.full {
            rules.full
        } else {
            rules.monitoring
        },
        start: Some(kept.start),
        end: None,
        published: published.unwrap_or(assumed),
        published_basis: match published {
            Some(_) => "list of providers".to_owned(),
            None => format!("assumed: {DAYS_TO_PUBLICATION} days after the start"),
        },
        judgements: kept.judgements,
        in_care_includes_care_leavers: None,
    })
}
