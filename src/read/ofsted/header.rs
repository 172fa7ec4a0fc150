//! Header rows: which column says what about which inspection.

use super::cell::{plain, reads};
use crate::data::{Framework, Scope};
use crate::read::table::sheet::Row;

/// What the columns of a table mean.
pub(crate) struct Table {
    pub who: Who,
    /// Its column, counted from 0.
    pub who_at: u64,
    /// One for each inspection that a row can tell of.
    pub groups: Vec<Group>,
    /// Headers of the columns that are not read.
    pub unused: Vec<String>,
}

/// What the column holds that tells whose row it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Code,
    Name,
}

impl Who {
    pub fn header(self) -> &'static str {
        match self {
            Who::Code => "local authority area code",
            Who::Name => "local authority name",
        }
    }

    /// The column with this header.
    fn find(self, row: &Row) -> Option<u64> {
        let found = row.cells.iter().find(|c| reads(&c.text, self.header()));
        found.map(|c| c.column)
    }
}

/// The columns of one inspection.
pub(crate) struct Group {
    pub framework: Framework,
    pub scope: Scope,
    /// As in our own table of inspections. ILACS has a column for it.
    pub kind: &'static str,
    /// The words that tell groups of one framework apart: "first", "second".
    series: String,
    pub columns: Vec<Column>,
}

/// One column of a group.
pub(crate) struct Column {
    /// Counted from 0.
    pub at: u64,
    pub header: String,
    pub field: Field,
}

/// What a column of a group says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Kind,
    Start,
    Published,
    Overall,
    Leaders,
    HelpAndProtection,
    InCare,
    CareLeavers,
    Adoption,
    Lscb,
}

impl Table {
    /// The table that a row is the header of, if it is one of a known layout.
    pub fn recognise(row: &Row) -> Option<Table> {
        history(row).or_else(|| wide(row))
    }
}

impl Group {
    fn new(framework: Framework, scope: Scope, kind: &'static str) -> Self {
        Group {
            framework,
            scope,
            kind,
            series: String::new(),
            columns: Vec::new(),
        }
    }

    pub fn column(&self, field: Field) -> Option<&Column> {
        self.columns.iter().find(|c| c.field == field)
    }

    fn same(&self, other: &Group) -> bool {
        (self.framework, self.kind, &self.series) == (other.framework, other.kind, &other.series)
    }
}

/// One row for each ILACS inspection, with the authority's code and the inspection's date.
fn history(row: &Row) -> Option<Table> {
    let who_at = Who::Code.find(row)?;
    let mut group = Group::new(Framework::Ilacs, Scope::All, "");
    let mut unused = Vec::new();
    for cell in &row.cells {
        let header = plain(&cell.text);
        match field(&header) {
            Some(field) => group.columns.push(Column {
                at: cell.column,
                header,
                field,
            }),
            None if cell.column == who_at => {}
            None => unused.push(header),
        }
    }
    let needed = [Field::Kind, Field::Start, Field::Published, Field::InCare];
    let complete = needed.iter().all(|&field| group.column(field).is_some());
    complete.then_some(Table {
        who: Who::Code,
        who_at,
        groups: vec![group],
        unused,
    })
}

/// One row for each authority, with a group of columns for each inspection.
fn wide(row: &Row) -> Option<Table> {
    let who_at = Who::Name.find(row)?;
    let (mut groups, mut unused) = (Vec::new(), Vec::new());
    for cell in &row.cells {
        let header = plain(&cell.text);
        match (group(&header), field(&header)) {
            (Some(group), Some(field)) => group_of(&mut groups, group).columns.push(Column {
                at: cell.column,
                header,
                field,
            }),
            _ if cell.column == who_at => {}
            _ => unused.push(header),
        }
    }
    let dated = groups
        .iter()
        .filter(|g| g.column(Field::Published).is_some());
    (dated.count() > 1).then_some(Table {
        who: Who::Name,
        who_at,
        groups,
        unused,
    })
}

/// The group in the list that equals `group`, which is added if there is none.
fn group_of(groups: &mut Vec<Group>, group: Group) -> &mut Group {
    let known = groups.iter().position(|g| g.same(&group));
    let at = known.unwrap_or(groups.len());
    if known.is_none() {
        groups.push(group);
    }
    &mut groups[at]
}

/// The inspection that a header of the wide layout belongs to.
fn group(header: &str) -> Option<Group> {
    let words: Vec<&str> = header.split(|c: char| !c.is_alphanumeric()).collect();
    let has = |word| words.contains(&word);
    let again = header.contains("re-inspection");
    let of = |framework, scope, kind| Some(Group::new(framework, scope, kind));
    if has("ilacs") {
        let series = header.split("ilacs").next().unwrap_or_default();
        return Some(Group {
            series: series.to_owned(),
            ..Group::new(Framework::Ilacs, Scope::All, "")
        });
    }
    // The safeguarding board was reviewed beside the first SIF inspection.
    if has("sif") || has("lscb") {
        let kind = if again { "reinspection" } else { "first" };
        return of(Framework::Sif, Scope::All, kind);
    }
    if has("slac") && again {
        return if header.contains("looked after") {
            of(
                Framework::Slac,
                Scope::LookedAfterOnly,
                "reinspection_looked_after",
            )
        } else {
            of(
                Framework::Slac,
                Scope::SafeguardingOnly,
                "reinspection_safeguarding",
            )
        };
    }
    if has("slac") {
        let scope = Scope::SafeguardingAndLookedAfter;
        return of(Framework::Slac, scope, "safeguarding_and_looked_after");
    }
    if has("cpri") {
        let kind = "child_protection_reinspection";
        return of(Framework::Cpi, Scope::ChildProtectionOnly, kind);
    }
    if has("cpi") {
        return of(
            Framework::Cpi,
            Scope::ChildProtectionOnly,
            "child_protection",
        );
    }
    if has("tlac") {
        return of(
            Framework::Tlac,
            Scope::LookedAfterOnly,
            "targeted_looked_after",
        );
    }
    None
}

/// Words of a header, and what the column says. The first that fits counts: "looked after ...
/// overall effectiveness" is about children in care.
const FIELDS: [(&str, Field); 13] = [
    ("publication date", Field::Published),
    ("inspection date", Field::Start),
    ("inspection type", Field::Kind),
    ("lscb", Field::Lscb),
    ("adoption", Field::Adoption),
    ("help and protection", Field::HelpAndProtection),
    ("leaders", Field::Leaders),
    ("children in care", Field::InCare),
    ("looked after", Field::InCare),
    ("care leavers", Field::CareLeavers),
    ("overall", Field::Overall),
    ("(oe)", Field::Overall),
    (" oe", Field::Overall),
];

fn field(header: &str) -> Option<Field> {
    let found = FIELDS.iter().find(|(words, _)| header.contains(words));
    found.map(|(_, field)| *field)
}
