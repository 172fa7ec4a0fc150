//! The page: one HTML file whose policy allows its own style and script, and nothing else.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::report::draw::{palette, svg};

const TEMPLATES: [(&str, &str); 10] = [
    ("page", include_str!("templates/page.html")),
    ("chart", include_str!("templates/chart.html")),
    ("table", include_str!("templates/table.html")),
    ("evidence", include_str!("templates/evidence.html")),
    ("authorities", include_str!("templates/authorities.html")),
    ("map", include_str!("templates/map.html")),
    ("proper_use", include_str!("templates/proper_use.html")),
    ("record", include_str!("templates/record.html")),
    ("summary", include_str!("templates/summary.html")),
    ("watchlist", include_str!("templates/watchlist.html")),
];
const STYLE: &str = concat!(
    include_str!("templates/style.css"),
    include_str!("templates/pages.css")
);
const SCRIPT: &str = concat!(
    include_str!("templates/script.js"),
    include_str!("templates/review.js"),
    include_str!("templates/unfold.js")
);

/// What stands above the sections.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Heading {
    /// What it is, as of when.
    pub(crate) title: String,
    /// One sentence under it.
    pub(crate) lead: String,
    /// What has to be said first, as that all data are invented.
    pub(crate) notice: Option<String>,
}

/// A section with a heading of its own.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Section {
    /// Unique in the page; links lead to it.
    pub(crate) id: String,
    /// Its heading, in the contents too.
    pub(crate) title: String,
    /// HTML under the heading, made by [`render`]: headings in it start at `h3`.
    pub(crate) body: String,
}

#[derive(Serialize)]
struct Page<'a> {
    heading: &'a Heading,
    sections: &'a [Section],
    policy: String,
    style: String,
    script: &'static str,
}

/// The whole file.
///
/// # Errors
/// As [`render`].
pub(crate) fn page(heading: &Heading, sections: &[Section]) -> Result<String> {
    let style = format!("{}{}{STYLE}", palette::css(), svg::STYLE);
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        hash(&style),
        hash(SCRIPT),
    );
    let page = Page {
        heading,
        sections,
        policy,
        style,
        script: SCRIPT,
    };
    render("page", &page)
}

/// One template, every text in it escaped. Only markup that this module made goes in unescaped.
///
/// # Errors
/// [`Error::InvalidValue`] if a template cannot be rendered, which the tests of each one exclude.
pub(crate) fn render(template: &'static str, context: &impl Serialize) -> Result<String> {
    let failed = |error: minijinja::Error| Error::InvalidValue {
        what: "template of the report",
        found: format!("{error:#}"),
        expected: format!("{template} to be rendered"),
    };
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true);
    environment.set_syntax(syntax.build().map_err(failed)?);
    for (name, source) in TEMPLATES {
        environment.add_template(name, source).map_err(failed)?;
    }
    let found = environment.get_template(template).map_err(failed)?;
    found.render(Serde(context)).map_err(failed)
}

/// The source expression of an inline element: CSP level 3, section 2.3.1.
fn hash(text: &str) -> String {
    format!("sha256-{}", base64(&Sha256::digest(text.as_bytes())))
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let value = (bits >> (18 - 6 * digit)) & 63;
            let padding = digit > group.len();
            text.push(if padding {
                '='
            } else {
                char::from(DIGITS[value as usize])
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        // RFC 4648, section 10.
        let pairs = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ];
        for (plain, encoded) in pairs {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }

    #[test]
    fn the_policy_allows_the_style_and_script_that_stand_in_the_page() {
        let heading = Heading {
            title: String::new(),
            lead: String::new(),
            notice: None,
        };
        let page = page(&heading, &[]).unwrap();
        for (start, end) in [("<style>", "</style>"), ("<script>", "</script>")] {
            let found: Vec<&str> = page.split(start).skip(1).collect();
            assert_eq!(found.len(), 1, "{start}");
            let text = found[0].split(end).next().unwrap();
            assert!(text.len() > 1000 && page.contains(&format!("'{}'", hash(text))));
        }
    }

    #[test]
    fn texts_are_escaped_and_markup_is_not() {
        let heading = Heading {
            title: "</title><script>alert(1)</script>".to_owned(),
            lead: "a & b".to_owned(),
            notice: None,
        };
        let section = Section {
            id: "one".to_owned(),
            title: "<One>".to_owned(),
            body: "<p>kept</p>".to_owned(),
        };
        let page = page(&heading, &[section]).unwrap();
        assert!(
            page.contains("<title>&lt;&#x2f;title&gt;&lt;script&gt;"),
            "{page}"
        );
        assert!(page.contains("&lt;One&gt;") && page.contains("<p>kept</p>"));
        assert!(page.contains("a &amp; b"));
    }
}
