//! Drawing: SVG, marks, axes, colours, and numbers as people write them.

pub(crate) mod axis;
pub(crate) mod chart;
pub(crate) mod mark;
pub(crate) mod number;
pub(crate) mod palette;
pub(crate) mod scale;
pub(crate) mod svg;
pub(crate) mod text;
