//! The demo files as text, in forewarn's own layouts.

use std::fmt::Write as _;

use forewarn::data::Authority;
use forewarn::read::{inspections, tidy};
use forewarn::simulate::World;
use forewarn::{Error, Result};

/// Names and contents of the files, the same bytes for the same world.
///
/// # Errors
/// None: the files are written to memory.
pub fn files(world: &World) -> Result<[(&'static str, String); 4]> {
    let panel = world.panel();
    Ok([
        ("observations.csv", written(|to| tidy::write(&panel, to))?),
        (
            "inspections.csv",
            written(|to| in_memory(inspections(world, to)))?,
        ),
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

/// Writing to memory does not fail; a failure would name the demo.
fn in_memory(written: std::io::Result<()>) -> Result<()> {
    written.map_err(|source| Error::Io {
        path: "examples/demo".into(),
        source,
    })
}

fn inspections(world: &World, to: &mut Vec<u8>) -> std::io::Result<()> {
    let mut rows = world.inspections.clone();
    rows.sort_by_key(|i| (i.published, i.organisation));
    inspections::write(&rows, &world.register, to)
}

fn newest_code(authority: &Authority) -> &str {
    authority.ons_codes.first().map_or("", String::as_str)
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
