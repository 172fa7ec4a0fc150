//! Where each authority's tile lies: England as a committed table, anywhere else packed by region.

use std::collections::{BTreeMap, BTreeSet};

use crate::data::{Authority, AuthorityCode};

/// Authority, label, column and row. Our own arrangement, drawn by hand: equal tiles, neighbours
/// near each other, every region in one piece. Former authorities have no tile.
const ENGLAND: &str = include_str!("england.csv");

/// How tiles are arranged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrangement {
    /// By the table of England.
    England,
    /// Region by region, in the order of names: no map.
    Packed,
}

/// A tile's place, in tiles from the top left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tile {
    pub(super) organisation: AuthorityCode,
    pub(super) label: String,
    pub(super) column: usize,
    pub(super) row: usize,
}

/// A text that stands over tiles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sign {
    pub(super) words: String,
    pub(super) column: usize,
    pub(super) row: usize,
    /// Tiles that it may be wide.
    pub(super) columns: usize,
}

/// All tiles, no two at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) arrangement: Arrangement,
    pub(super) tiles: Vec<Tile>,
    pub(super) signs: Vec<Sign>,
    pub(super) columns: usize,
    pub(super) rows: usize,
}

impl Layout {
    /// England's, with authorities of other days in rows of their own under it; packed if more
    /// than half of the authorities are not in the table.
    pub(super) fn new(authorities: &[&Authority]) -> Layout {
        let table = england();
        let known = |a: &&&Authority| table.contains_key(&a.code);
        let on_map = authorities.iter().filter(known).count();
        if 2 * on_map < authorities.len() || authorities.is_empty() {
            return packed(authorities);
        }
        let (placed, others): (Vec<&&Authority>, Vec<&&Authority>) =
            authorities.iter().partition(known);
        let tiles: Vec<Tile> = placed
            .iter()
            .filter_map(|a| table.get(&a.code).cloned())
            .collect();
        let mut layout = Layout {
            arrangement: Arrangement::England,
            columns: 1 + table.values().map(|t| t.column).max().unwrap_or(0),
            rows: 1 + table.values().map(|t| t.row).max().unwrap_or(0),
            tiles,
            signs: Vec::new(),
        };
        layout.append(&others);
        layout
    }

    /// Authorities without a tile of their own, under the map.
    fn append(&mut self, others: &[&&Authority]) {
        if others.is_empty() {
            return;
        }
        self.signs.push(Sign {
            words: "Former or other authorities, without a place on the map".to_owned(),
            column: 0,
            row: self.rows,
            columns: self.columns,
        });
        let first = self.rows + 1;
        for (number, authority) in others.iter().enumerate() {
            self.tiles.push(Tile {
                organisation: authority.code,
                label: short(authority),
                column: number % self.columns,
                row: first + number / self.columns,
            });
        }
        self.rows = first + others.len().div_ceil(self.columns);
    }
}

/// The table. A line that is none is left out; the tests hold that there is no such line.
pub(super) fn england() -> BTreeMap<AuthorityCode, Tile> {
    let lines = ENGLAND.lines().skip(1);
    lines
        .filter_map(tile)
        .map(|t| (t.organisation, t))
        .collect()
}

fn tile(line: &str) -> Option<Tile> {
    let mut cells = line.split(',');
    Some(Tile {
        organisation: AuthorityCode::new(cells.next()?).ok()?,
        label: cells.next()?.to_owned(),
        column: cells.next()?.parse().ok()?,
        row: cells.next()?.parse().ok()?,
    })
}

/// Tiles in a row of a block, and blocks beside each other.
const BLOCK: usize = 5;
const BESIDE: usize = 3;

/// Blocks of tiles, one for each region under its name.
fn packed(authorities: &[&Authority]) -> Layout {
    let regions: BTreeSet<&str> = authorities.iter().map(|a| a.region.as_str()).collect();
    let (mut tiles, mut signs) = (Vec::new(), Vec::new());
    let (mut top, mut height) = (0, 0);
    for (number, region) in regions.into_iter().enumerate() {
        if number % BESIDE == 0 {
            (top, height) = (top + height, 0);
        }
        let left = (number % BESIDE) * (BLOCK + 1);
        signs.push(Sign {
            words: if region.is_empty() {
                "No region"
            } else {
                region
            }
            .to_owned(),
            column: left,
            row: top,
            columns: BLOCK,
        });
        let members = authorities.iter().filter(|a| a.region == region);
        for (place, authority) in members.enumerate() {
            tiles.push(Tile {
                organisation: authority.code,
                label: short(authority),
                column: left + place % BLOCK,
                row: top + 1 + place / BLOCK,
            });
            height = height.max(2 + place / BLOCK);
        }
    }
    Layout {
        arrangement: Arrangement::Packed,
        tiles,
        signs,
        columns: BESIDE * (BLOCK + 1) - 1,
        rows: top + height,
    }
}

/// The code where it is short, else how the name begins.
fn short(authority: &Authority) -> String {
    let code = authority.code.as_str();
    match code.len() <= 4 {
        true => code.to_owned(),
        false => authority.name.chars().take(3).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Register;
    use jiff::civil::date;

    /// Regions as blocks: Greater London is one.
    fn block(authority: &Authority) -> &str {
        match authority.region_code.as_str() {
            "E13000001" | "E13000002" => "London",
            other => other,
        }
    }

    fn today(register: &Register) -> Vec<&Authority> {
        let on = date(2024, 1, 1);
        register.iter().filter(|a| a.exists_on(on)).collect()
    }

    /// Places that hang together by sides and corners, from the first on.
    fn piece(places: &BTreeSet<(usize, usize)>) -> usize {
        let mut reached: BTreeSet<(usize, usize)> = places.iter().take(1).copied().collect();
        loop {
            let near = |p: &&(usize, usize)| {
                let close = |q: &(usize, usize)| p.0.abs_diff(q.0) <= 1 && p.1.abs_diff(q.1) <= 1;
                reached.iter().any(close)
            };
            let grown: BTreeSet<_> = places.iter().filter(near).copied().collect();
            if grown.len() == reached.len() {
                return grown.len();
            }
            reached = grown;
        }
    }

    #[test]
    fn every_authority_of_england_has_one_tile_of_its_own() {
        let register = Register::england();
        let authorities = today(&register);
        assert_eq!(authorities.len(), 153);
        let table = england();
        assert_eq!(
            table.len(),
            ENGLAND.lines().count() - 1,
            "a line was left out"
        );
        let codes: Vec<_> = authorities.iter().map(|a| a.code).collect();
        assert_eq!(codes, table.keys().copied().collect::<Vec<_>>());
        let places: BTreeSet<_> = table.values().map(|t| (t.column, t.row)).collect();
        assert_eq!(places.len(), 153, "two tiles at one place");
        let labels: BTreeSet<_> = table.values().map(|t| &t.label).collect();
        assert_eq!(labels.len(), 153, "two tiles of one label");
        assert!(labels.iter().all(|l| l.chars().count() == 3));
    }

    #[test]
    fn regions_hang_together_and_london_is_a_block() {
        let register = Register::england();
        let table = england();
        let mut regions: BTreeMap<&str, BTreeSet<(usize, usize)>> = BTreeMap::new();
        for authority in today(&register) {
            let tile = &table[&authority.code];
            let places = regions.entry(block(authority)).or_default();
            places.insert((tile.column, tile.row));
        }
        assert_eq!(regions.len(), 9);
        for (region, places) in &regions {
            assert_eq!(piece(places), places.len(), "{region} is in pieces");
        }
        let london = &regions["London"];
        let span = |of: fn(&(usize, usize)) -> usize| {
            let values: BTreeSet<usize> = london.iter().map(of).collect();
            values.last().unwrap() - values.first().unwrap() + 1
        };
        assert_eq!((span(|p| p.0), span(|p| p.1)), (7, 5));
    }

    #[test]
    fn the_shape_is_englands() {
        let table = england();
        let at = |code: &str| &table[&AuthorityCode::new(code).unwrap()];
        let [northumberland, cornwall, norfolk, kent, cumberland] =
            ["929", "908", "926", "886", "942"].map(at);
        assert!(table.values().all(|t| northumberland.row <= t.row));
        let mainland = table.values().filter(|t| t.label != "Scy");
        assert!(mainland.clone().all(|t| cornwall.column <= t.column));
        assert!(mainland.clone().all(|t| norfolk.column >= t.column));
        assert!(kent.column > 12 && kent.row > 16 && cumberland.column < northumberland.column);
    }

    #[test]
    fn authorities_that_the_table_lacks_are_shown_all_the_same() {
        let register = Register::england();
        // In 2022 Cumbria was one authority and has no tile today.
        let on = date(2022, 6, 1);
        let then: Vec<_> = register.iter().filter(|a| a.exists_on(on)).collect();
        let layout = Layout::new(&then);
        assert_eq!(layout.arrangement, Arrangement::England);
        assert_eq!((layout.tiles.len(), layout.signs.len()), (then.len(), 1));
        let mut invented = then.clone();
        let names: Vec<Authority> = invented
            .drain(..)
            .map(|a| Authority {
                code: AuthorityCode::new(&format!("S{}", a.code)).unwrap(),
                ..a.clone()
            })
            .collect();
        let layout = Layout::new(&names.iter().collect::<Vec<_>>());
        assert_eq!(layout.arrangement, Arrangement::Packed);
        let places: BTreeSet<_> = layout.tiles.iter().map(|t| (t.column, t.row)).collect();
        assert_eq!(places.len(), then.len());
        assert!(
            places
                .iter()
                .all(|p| p.0 < layout.columns && p.1 < layout.rows)
        );
    }
}
