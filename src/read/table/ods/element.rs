//! Tags of a spreadsheet: what they are and how often they stand for themselves.

use quick_xml::XmlVersion;
use quick_xml::events::BytesStart;

/// A tag's attribute, unescaped.
pub(crate) fn attribute(tag: &BytesStart, name: &str) -> Option<String> {
    let found = tag.try_get_attribute(name).ok().flatten()?;
    let value = found.normalized_value(XmlVersion::Explicit1_0).ok()?;
    Some(value.into_owned())
}

fn repeats(tag: &BytesStart, name: &str) -> u64 {
    attribute(tag, name)
        .and_then(|count| count.parse().ok())
        .unwrap_or(1)
        .max(1)
}

/// The elements that lead to the text of a cell; all others are passed over with what they hold,
/// so that annotations and drawings never leak into it.
pub(crate) enum Element {
    Rows,
    Row {
        repeated: u64,
    },
    Cell {
        repeated: u64,
        typed: Option<String>,
    },
    Paragraph,
    Inline,
    Space,
    Other,
}

impl Element {
    pub fn of(tag: &BytesStart) -> Self {
        match tag.name().as_ref() {
            "table:table-row-group" | "table:table-rows" | "table:table-header-rows" => {
                Element::Rows
            }
            "table:table-row" => Element::Row {
                repeated: repeats(tag, "table:number-rows-repeated"),
            },
            "table:table-cell" | "table:covered-table-cell" => Element::Cell {
                repeated: repeats(tag, "table:number-columns-repeated"),
                typed: typed(tag),
            },
            "text:p" | "text:h" => Element::Paragraph,
            "text:span" | "text:a" => Element::Inline,
            "text:s" | "text:tab" | "text:line-break" => Element::Space,
            _ => Element::Other,
        }
    }
}

/// The value of a cell that is not plain text: what is shown of it depends on a style.
fn typed(tag: &BytesStart) -> Option<String> {
    match attribute(tag, "office:value-type")?.as_str() {
        "date" => attribute(tag, "office:date-value"),
        "float" | "percentage" | "currency" => attribute(tag, "office:value"),
        _ => None,
    }
}
