//! `content.xml` as a stream: sheets, rows, cells and their text, within the limits.

use std::io::BufRead;
use std::path::Path;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};

use super::element::{Element, attribute};
use super::limits::{
    CELL_BYTES, HEADER_ROWS, MAX_DEPTH, MAX_KEPT, MAX_PIECE, malformed, too_large,
};
use super::metered::Metered;
use crate::error::{Error, Result};
use crate::read::table::sheet::{Cell, Row, Sheet};

/// The events of `content.xml`, within the limits.
pub(crate) struct Content<'f, R> {
    file: &'f Path,
    reader: Reader<Metered<R>>,
    piece: Vec<u8>,
    depth: usize,
    kept: u64,
}

impl<'f, R: BufRead> Content<'f, R> {
    pub fn new(file: &'f Path, inner: R) -> Self {
        let mut reader = Reader::from_reader(Metered::new(inner));
        reader.config_mut().expand_empty_elements = true;
        Content {
            file,
            reader,
            piece: Vec::new(),
            depth: 0,
            kept: 0,
        }
    }

    /// The next event; the end of the file only where every element is closed.
    #[inline]
    fn next(&mut self) -> Result<Event<'_>> {
        self.piece.clear();
        self.reader.get_mut().left = MAX_PIECE;
        let file = self.file;
        // Not `map_err`: the event borrows `self.piece` for as long as it is returned.
        let event = match self.reader.read_event_into(&mut self.piece) {
            Ok(event) => event,
            Err(source) => return Err(broken(file, &self.reader, &source)),
        };
        match event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::Eof if self.depth > 0 => {
                let found = "content.xml that breaks off before its end";
                return Err(malformed(file, found.to_owned()));
            }
            _ => {}
        }
        if self.depth > MAX_DEPTH {
            let limit = MAX_DEPTH as u64;
            return Err(too_large(file, "nesting of elements in content.xml", limit));
        }
        Ok(event)
    }

    /// Goes to the next sheet, and enters it.
    pub fn next_sheet(&mut self) -> Result<Option<String>> {
        loop {
            match self.next()? {
                Event::Start(tag) if tag.name().as_ref() == "table:table" => {
                    return Ok(Some(attribute(&tag, "table:name").unwrap_or_default()));
                }
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    /// The element that starts next, or `None` at anything else.
    fn element(&mut self) -> Result<Option<Element>> {
        Ok(match self.next()? {
            Event::Start(tag) => Some(Element::of(&tag)),
            _ => None,
        })
    }

    /// Passes over the rest of the element just entered.
    fn skip(&mut self) -> Result<()> {
        self.skip_to(self.depth - 1)
    }

    fn skip_to(&mut self, depth: usize) -> Result<()> {
        // Most elements are empty, and need not be told of twice while nothing is kept.
        self.reader.config_mut().expand_empty_elements = false;
        while self.depth > depth {
            self.next()?;
        }
        self.reader.config_mut().expand_empty_elements = true;
        Ok(())
    }

    /// The sheet just entered, if one of its first rows is wanted.
    pub fn sheet(&mut self, name: String, wanted: impl Fn(&Row) -> bool) -> Result<Option<Sheet>> {
        let outside = self.depth - 1;
        let (mut rows, mut number, mut found) = (Vec::new(), 1_u64, false);
        while self.depth > outside {
            match self.element()? {
                Some(Element::Row { repeated }) => {
                    let row = self.row(number, repeated)?;
                    number = number.saturating_add(repeated);
                    found = found || wanted(&row);
                    rows.extend(Some(row).filter(|r| !r.cells.is_empty()));
                }
                None | Some(Element::Rows) => {}
                Some(_) => self.skip()?,
            }
            if !found && number > HEADER_ROWS {
                self.skip_to(outside)?;
            }
        }
        Ok(found.then_some(Sheet { name, rows }))
    }

    fn row(&mut self, number: u64, repeated: u64) -> Result<Row> {
        let outside = self.depth - 1;
        let (mut cells, mut column) = (Vec::new(), 0_u64);
        while self.depth > outside {
            match self.element()? {
                Some(Element::Cell { repeated, typed }) => {
                    let text = match typed {
                        Some(value) => self.skip().map(|()| value)?,
                        None => self.text()?,
                    };
                    if !text.is_empty() {
                        self.keep(CELL_BYTES + text.len())?;
                        cells.push(Cell {
                            column,
                            repeated,
                            text,
                        });
                    }
                    column = column.saturating_add(repeated);
                }
                None => {}
                Some(_) => self.skip()?,
            }
        }
        Ok(Row {
            number,
            repeated,
            cells,
        })
    }

    /// The paragraphs of the cell just entered, one a line.
    fn text(&mut self) -> Result<String> {
        let outside = self.depth - 1;
        let mut text = String::new();
        while self.depth > outside {
            match self.element()? {
                Some(Element::Paragraph) => {
                    if !text.is_empty() {
                        text.push('\n');
                    }
                    self.paragraph(&mut text)?;
                }
                None => {}
                Some(_) => self.skip()?,
            }
        }
        Ok(text)
    }

    fn paragraph(&mut self, text: &mut String) -> Result<()> {
        let (file, outside) = (self.file, self.depth - 1);
        while self.depth > outside {
            if text.len() as u64 > MAX_PIECE {
                return Err(too_large(file, "text of one cell, in bytes", MAX_PIECE));
            }
            let mut entered = None;
            match self.next()? {
                Event::Start(tag) => entered = Some(Element::of(&tag)),
                Event::Text(run) => text.push_str(&run.xml10_content()),
                Event::CData(run) => text.push_str(&run.xml10_content()),
                Event::GeneralRef(name) => text.push(referenced(file, &name)?),
                _ => {}
            }
            match entered {
                // A count of spaces is not honoured: it could be any number.
                Some(Element::Space) => text.push(' '),
                None | Some(Element::Inline) => {}
                Some(_) => self.skip()?,
            }
        }
        Ok(())
    }

    fn keep(&mut self, bytes: usize) -> Result<()> {
        self.kept += bytes as u64;
        if self.kept > MAX_KEPT {
            return Err(too_large(
                self.file,
                "cells of the sheets read, in bytes",
                MAX_KEPT,
            ));
        }
        Ok(())
    }
}

/// The character of `&amp;` or `&#38;`. Others would need a document type, which is not read.
fn referenced(file: &Path, name: &BytesRef) -> Result<char> {
    let by_number = name.resolve_char_ref().ok().flatten();
    let by_name = || resolve_predefined_entity(name).and_then(|text| text.chars().next());
    by_number
        .or_else(by_name)
        .ok_or_else(|| malformed(file, format!("the unknown reference &{};", &**name)))
}

fn broken<R: BufRead>(
    file: &Path,
    reader: &Reader<Metered<R>>,
    source: &quick_xml::Error,
) -> Error {
    if reader.get_ref().left == 0 {
        return too_large(file, "one tag or text of content.xml, in bytes", MAX_PIECE);
    }
    let at = reader.error_position();
    let found = match source {
        quick_xml::Error::Io(source) => format!("content.xml that does not unpack ({source})"),
        other => format!("content.xml broken at byte {at} ({other})"),
    };
    malformed(file, found)
}
