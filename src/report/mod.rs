//! Evidence -> one self-contained HTML file, and its charts as SVG strings.
//!
//! Pure functions of results: nothing here reads a file, a clock or the network, and what is
//! drawn was computed in [`validate`](crate::validate) or [`score`](crate::score). Every text is
//! escaped; the page's own Content-Security-Policy allows one inline style, one inline script and
//! nothing else.

mod authority;
pub mod chart;
mod csv;
mod draw;
mod figures;
mod html;
mod input;
mod map;
mod page;
mod section;

pub use html::{authority_html, evidence_html, html};
pub use input::ReportInput;
