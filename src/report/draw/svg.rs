//! One drawing as SVG text: an image with a title and a description, and marks in it.
//!
//! A layer of our own, because the crates that draw charts as SVG do not do what a report needs:
//! `plotters` and `poloto` write fixed colours, so that one drawing cannot serve light, dark and
//! paper, and neither title nor description for a screen reader; `charming` needs a JavaScript
//! engine. Its only concepts are scales ([`Scale`](super::scale::Scale)), axes
//! ([`Axis`](super::axis::Axis)) and marks (the methods of [`Svg`] in `mark.rs`).

use super::palette;

/// A drawing in progress. Places are in pixels from the top left.
#[derive(Clone, Debug)]
pub(crate) struct Svg {
    id: String,
    width: f64,
    height: f64,
    title: String,
    description: String,
    body: String,
}

impl Svg {
    /// An empty drawing so many pixels wide, of no height yet. The identifier has to be unique in
    /// the page.
    pub(crate) fn new(id: &str, width: f64, title: &str, description: &str) -> Svg {
        Svg {
            id: slug(id),
            width,
            height: 0.0,
            title: title.to_owned(),
            description: description.to_owned(),
            body: String::new(),
        }
    }

    /// Makes room for so many pixels from the top.
    pub(crate) fn grow(&mut self, height: f64) {
        self.height = self.height.max(height);
    }

    /// Its width in pixels.
    pub(crate) fn width(&self) -> f64 {
        self.width
    }

    /// Adds markup, whose texts have to be escaped.
    pub(crate) fn push(&mut self, markup: &str) {
        self.body.push_str(markup);
    }

    /// Draws what stands in the page under an identifier.
    pub(crate) fn reuse(&mut self, id: &str) {
        self.push(&format!("<use href=\"#{id}\"/>"));
    }

    /// The marks alone, to stand in the page under an identifier.
    pub(crate) fn into_marks(self) -> String {
        self.body
    }

    /// The element, to stand in an HTML page whose style has the [`palette`] and [`STYLE`].
    pub(crate) fn finish(&self) -> String {
        let Svg { id, body, .. } = self;
        let (width, height) = (place(self.width), place(self.height));
        let (title, description) = (escape(&self.title), escape(&self.description));
        format!(
            "<svg id=\"{id}\" class=\"c\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\">\
             <title id=\"{id}-t\">{title}</title><desc id=\"{id}-d\">{description}</desc>{body}\
             </svg>"
        )
    }
}

impl Svg {
    /// The element for one of hundreds of rows: its name and description without identifiers.
    pub(crate) fn finish_row(&self) -> String {
        let (width, height) = (place(self.width), place(self.height));
        format!(
            "<svg class=\"c\" viewBox=\"0 0 {width} {height}\" role=\"img\"><title>{}</title>\
             <desc>{}</desc>{}</svg>",
            escape(&self.title),
            escape(&self.description),
            self.body,
        )
    }
}

/// A finished element as a file of its own: with its namespace, and the style in it.
pub(crate) fn standalone(element: &str) -> String {
    let namespace = "<svg xmlns=\"http://www.w3.org/2000/svg\" ";
    let style = format!("<style>{}{STYLE}</style><title ", palette::css());
    let file = element.replacen("<svg ", namespace, 1);
    file.replacen("<title ", &style, 1)
}

/// The style of marks and texts, beside the colours of the palette.
pub(crate) const STYLE: &str = "\
.c text{font-family:Arial,\"Liberation Sans\",Helvetica,sans-serif;font-size:13px;unicode-bidi:isolate}
.c .b{font-weight:bold}.c .m{font-size:12px}
.c .e{text-anchor:end}.c .mid{text-anchor:middle}
.c .l{stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.c .thin{stroke-width:1}.c .dash{stroke-dasharray:6 4}.c .dots{stroke-dasharray:1.5 4}
.c .pts{fill:none;stroke-width:6;stroke-linecap:round}
.c .open{fill:var(--ground);stroke-width:2}
.c .own,.c .line,.c .nbr,.c .ends{fill:none;stroke:var(--accent);stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.c .own{marker:url(#dot)}.c .v{fill:var(--accent);font-weight:bold}.c .v,.c .h{paint-order:stroke;stroke:var(--ground);stroke-width:4px}.c .nbr{stroke:var(--fourth);stroke-dasharray:1.5 4}
.c .ends{stroke:var(--text);stroke-width:8}
.map text{font-size:15px;text-anchor:middle}
.map>text{text-anchor:start;font-size:14px}
.map a{text-decoration:none}
.map .on rect{stroke:var(--rival);stroke-width:3.5}
.map a:hover rect,.map a:focus rect{stroke:var(--text);stroke-width:4}
.map a:focus{outline:none}
.qx text{paint-order:stroke;stroke:var(--ground);stroke-width:4px}
";

/// Text that is safe between tags and in quoted attributes. Characters that XML 1.0 has not are
/// replaced.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

/// An identifier of ASCII letters, digits and hyphens.
pub(crate) fn slug(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    lower.chars().map(plain).collect()
}

/// A place to a tenth of a pixel.
pub(crate) fn place(pixels: f64) -> String {
    let rounded = (10.0 * pixels).round() / 10.0;
    format!("{}", rounded + 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_control_characters_are_text() {
        let hostile = "</title><script>'\"&\u{0}\u{1b}";
        let safe = "&lt;/title&gt;&lt;script&gt;&#39;&quot;&amp;\u{fffd}\u{fffd}";
        assert_eq!(escape(hostile), safe);
        assert_eq!(slug("O'Hare & <b>"), "o-hare----b-");
        let svg = Svg::new("a b", 10.0, hostile, "").finish();
        assert!(svg.contains(safe) && svg.contains("id=\"a-b-t\""));
    }

    #[test]
    fn places_are_short() {
        assert_eq!([12.0, 0.25, -0.01].map(place), ["12", "0.3", "0"]);
    }
}
