//! The coverage of the 95% intervals beside scores, printed.

use std::error::Error;

use forewarn::model::{Family, RefitParams, RiskParams};
use forewarn::score::{Capacity, ScoreParams, Scores};

use crate::draw::{share, worlds};
use crate::world::{DAY, KINDS, Kind, NEVER, ORGANISATIONS, Truth, World};

/// Draws of organisations for each model and world.
const REPLICATES: usize = 200;

/// Organisations whose intervals are counted.
pub const GROUPS: [&str; 5] = ["all", "listed", "middle", "never", "incomplete"];

/// In one world: the share of each group whose interval holds the average risk of organisations
/// with the same figures, and its own risk; and the mean width.
#[derive(Clone, Copy, Debug)]
pub struct Covered {
    pub average: [Option<f64>; GROUPS.len()],
    pub own: [Option<f64>; GROUPS.len()],
    pub width: f64,
}

pub fn covered(
    kind: &Kind,
    family: Family,
    replicates: usize,
    seed: u64,
) -> Result<Covered, Box<dyn Error>> {
    let world = World::new(kind, seed)?;
    let model = RiskParams::of(family).fit(&world.training)?;
    let refits = RefitParams { replicates, seed }.run(&model, &world.training)?;
    let scores = model.with_refits(refits).score_with(
        &world.panel,
        DAY,
        ScoreParams {
            capacity: Capacity::default(),
            ..ScoreParams::default()
        },
    )?;
    Covered::new(&scores, &world.truth)
}

impl Covered {
    fn new(scores: &Scores, truth: &[Truth]) -> Result<Self, Box<dyn Error>> {
        let number =
            |score: &forewarn::score::Score| score.organisation.to_string()[1..].parse::<usize>();
        let mut rows = Vec::with_capacity(scores.scores.len());
        for score in &scores.scores {
            rows.push((score, number(score)?));
        }
        let within = |group: &str, score: &forewarn::score::Score, number: usize| match group {
            "all" => true,
            "listed" => score.on_watchlist,
            "middle" => (68..=82).contains(&score.rank),
            "never" => number >= ORGANISATIONS - NEVER,
            _ => truth[number].incomplete,
        };
        let share = |of: fn(&Truth) -> f64| {
            GROUPS.map(|group| {
                let rows = rows.iter().filter(|(s, n)| within(group, s, *n));
                let held = rows
                    .clone()
                    .filter(|(s, n)| s.interval.contains(of(&truth[*n])));
                let count = rows.clone().count();
                (count > 0).then(|| held.count() as f64 / count as f64)
            })
        };
        let widths = rows.iter().map(|(s, _)| s.interval.high - s.interval.low);
        Ok(Covered {
            average: share(|t| t.average),
            own: share(|t| t.own),
            width: widths.sum::<f64>() / rows.len() as f64,
        })
    }
}

pub fn table(count: u64) {
    say!(
        "95% intervals of {ORGANISATIONS} organisations after 350 inspections, {count} worlds, \
         {REPLICATES} re-fits: hold the truth, % (standard error)\nlisted: the first 15; middle: \
         places 68 to 82; never: never inspected; incomplete: a figure missing on the day"
    );
    let families = [Family::Composite, Family::TowardsEqual, Family::Ridge];
    say!(
        "\nthe average risk of organisations with these figures\n{}",
        heads()
    );
    let mut own = Vec::new();
    for kind in &KINDS {
        for family in families {
            let (found, failed) = worlds(count, |seed| covered(kind, family, REPLICATES, seed));
            say!("{}", line(kind, family, &found, failed, |c| c.average));
            // An own risk is another only where something is not measured.
            if kind.unmeasured > 0.0 {
                own.push(line(kind, family, &found, failed, |c| c.own));
            }
        }
    }
    say!(
        "\nthe organisation's own risk\n{}\n{}",
        heads(),
        own.join("\n")
    );
}

fn heads() -> String {
    let groups = GROUPS.map(|group| format!("{group:>13}"));
    " ".repeat(37) + &groups.concat() + "  width"
}

fn line(
    kind: &Kind,
    family: Family,
    found: &[Covered],
    failed: usize,
    of: fn(&Covered) -> [Option<f64>; GROUPS.len()],
) -> String {
    let cells = (0..GROUPS.len()).map(|group| {
        let values = found.iter().filter_map(|c| of(c)[group]);
        format!("{:>13}", share(values))
    });
    let width = found.iter().map(|c| c.width).sum::<f64>() / found.len() as f64;
    let failed = match failed {
        0 => String::new(),
        failed => format!("  {failed} worlds without a model"),
    };
    let cells: String = cells.collect();
    format!(
        "{:23}{:14}{cells}   {width:.2}{failed}",
        kind.name,
        family.name()
    )
}
