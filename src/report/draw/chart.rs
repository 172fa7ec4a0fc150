//! A chart: its drawings, its data, and what it is called.

use serde::Serialize;

use super::svg::{self, Svg};

/// A chart: drawn for a screen or paper, drawn again for a telephone, and its data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chart {
    /// Unique in the report.
    pub id: String,
    /// What is drawn.
    pub title: String,
    /// What can be seen in it, for those who cannot see it.
    pub description: String,
    /// The drawing as an `<svg>` element 680 pixels wide, styled by the page that it stands in.
    pub svg: String,
    /// The same, 340 pixels wide.
    pub narrow: String,
    /// The data.
    pub table: Table,
}

/// A table: the first column names the row.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Table {
    /// What the columns are.
    pub columns: Vec<String>,
    /// One text for each column.
    pub rows: Vec<Vec<String>>,
}

/// Widths of the two drawings, in pixels.
const WIDE: f64 = 680.0;
const NARROW: f64 = 340.0;

/// What a chart is called.
pub(crate) struct Head {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) description: String,
}

impl Chart {
    /// Draws it in both widths. `draw` has to make the drawing as high as it needs.
    pub(crate) fn new(head: Head, table: Table, draw: impl Fn(&mut Svg)) -> Chart {
        let id = svg::slug(&head.id);
        let drawn = |id: &str, width: f64| {
            let mut svg = Svg::new(id, width, &head.title, &head.description);
            draw(&mut svg);
            svg.finish()
        };
        Chart {
            svg: drawn(&id, WIDE),
            narrow: drawn(&format!("{id}-narrow"), NARROW),
            id,
            title: head.title.clone(),
            description: head.description.clone(),
            table,
        }
    }

    /// The wide drawing as an SVG file of its own, light or dark as the viewer asks.
    pub fn to_svg_file(&self) -> String {
        svg::standalone(&self.svg)
    }
}

impl Table {
    /// An empty table.
    pub(crate) fn new(columns: &[&str]) -> Table {
        Table {
            columns: columns.iter().map(|&c| c.to_owned()).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub(crate) fn push<const N: usize>(&mut self, row: [String; N]) {
        self.rows.push(row.to_vec());
    }
}

/// Whether the drawing is the one for a telephone.
pub(crate) fn is_narrow(svg: &Svg) -> bool {
    svg.width() < 500.0
}
