//! The demo files as text, in forewarn's own layouts.

use std::fmt::Write as _;

use forewarn::Result;
use forewarn::data::{Authority, Grade, Inspection};
use forewarn::read::tidy;
use forewarn::simulate::World;
use serde_json::Value as Json;

/// Names and contents of the files, the same bytes for the same world.
///
/// # Errors
/// None: the files are written to memory.
pub fn files(world: &World) -> Result<[(&'static str, String); 4]> {
    let panel = world.panel();
    Ok([
        ("observations.csv", written(|to| tidy::write(&panel, to))?),
        ("inspections.csv", inspections(world)),
        ("register.csv", register(world)),
        ("README.md", readme(world)),
    ])
}

fn text(value: Option<impl ToString>) -> String {
    value.map(|v| v.to_string()).unwrap_or_default()
}

fn table(header: &str, rows: impl Iterator<Item = String>) -> String {
    rows.fold(format!("{header}\n"), |mut all, row| {
        let _ = writeln!(all, "{row}");
        all
    })
}

/// The bytes that a writer of the crate writes.
fn written(write: impl FnOnce(&mut Vec<u8>) -> Result<()>) -> Result<String> {
    let mut bytes = Vec::new();
    write(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn inspections(world: &World) -> String {
    let header = "la_code,old_la_code,la_name,framework,inspection_type,scope,inspection_start,inspection_end,published,published_basis,overall_effectiveness,impact_of_leaders,help_and_protection,in_care,in_care_includes_care_leavers,care_leavers,adoption,lscb";
    let mut rows: Vec<&Inspection> = world.inspections.iter().collect();
    rows.sort_by_key(|i| (i.published, i.authority));
    table(header, rows.into_iter().map(|i| inspection(world, i)))
}

fn inspection(world: &World, i: &Inspection) -> String {
    let authority = world.register.get(i.authority);
    let name = authority.map_or("", |a| &a.name);
    let j = &i.judgements;
    let joint_judgement = i
        .in_care_includes_care_leavers
        .map(|yes| if yes { "yes" } else { "no" });
    format!(
        "{},{},{name},{},{},{},{},{},{},simulated,{},{},{},{},{},{},{},{}",
        authority.map_or("", newest_code),
        i.authority,
        word(&i.framework),
        i.kind,
        word(&i.scope),
        text(i.start),
        text(i.end),
        i.published,
        grade(j.overall),
        grade(j.leaders),
        grade(j.help_and_protection),
        grade(j.in_care),
        text(joint_judgement),
        grade(j.care_leavers),
        grade(j.adoption),
        grade(j.lscb),
    )
}

fn newest_code(authority: &Authority) -> &str {
    authority.ons_codes.first().map_or("", String::as_str)
}

/// The name under which serde writes an enum's value.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Json::String(word)) => word,
        _ => String::new(),
    }
}

fn grade(grade: Option<Grade>) -> String {
    grade.map(|g| word(&g)).unwrap_or_default()
}

fn register(world: &World) -> String {
    let header = "old_la_code,la_code,former_la_codes,la_name,region_code,region_name,exists_from,exists_to,predecessors,note";
    let row = |a: &Authority| {
        let predecessors: Vec<String> = a.predecessors.iter().map(ToString::to_string).collect();
        format!(
            "{},{},,{},{},{},{},{},{},{}",
            a.code,
            newest_code(a),
            a.name,
            a.region_code,
            a.region,
            text(a.from),
            text(a.to),
            predecessors.join(";"),
            a.note,
        )
    };
    table(header, world.register.iter().map(row))
}

fn readme(world: &World) -> String {
    format!(
        "# Simulated data

**Everything in this folder is SIMULATED.** The authorities, their names and codes, every figure and
every judgement are invented by a program (`src/simulate`, seed {seed}). Nothing here says anything
about a real authority, and no conclusion about children's services may be drawn from it.

- `observations.csv`: {figures} published figures, in forewarn's tidy layout.
- `inspections.csv`: {inspections} inspections with their judgements.
- `register.csv`: {authorities} invented authorities. `S001` and `S002` are tiny and never scored, `S005` and
  `S006` return their workforce census jointly, `S007` was split into `S008` and `S009` in 2019, and
  `S010` lost two years of figures.

Means, spreads, base rates and release days follow the published statistics of England for 2013 to
2024. So does a trap: staffing worsens *after* an Inadequate judgement. Whoever joins figures to
judgements by year, instead of by the day they were known, will find a warning that is none.

Made by `cargo run --release --example simulate_demo`, byte for byte the same on every machine.
",
        seed = world.params.seed,
        figures = world.observations.len(),
        inspections = world.inspections.len(),
        authorities = world.register.iter().count(),
    )
}
