//! Every colour of the report, once: what it is for, on light and on dark ground.
//!
//! The categories are those of Okabe and Ito 2008 (*Color Universal Design*), which people with
//! any common colour blindness tell apart, darkened on light ground and lightened on dark ground
//! until a mark has a contrast of 3:1 and a text of 4.5:1 (WCAG 2.2, 1.4.3 and 1.4.11). No meaning
//! hangs on colour alone: marks differ in shape or stand beside their names.

/// What a mark or text is drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Text.
    Text,
    /// Text of less weight, and marks that are context.
    Soft,
    /// Grid lines.
    Rule,
    /// The subject of a chart: the one accent.
    Accent,
    /// What it is held against.
    Rival,
    /// A third series.
    Third,
    /// A fourth series.
    Fourth,
    /// The ground of an interval or a group.
    Wash,
}

struct Colour {
    ink: Ink,
    name: &'static str,
    light: &'static str,
    dark: &'static str,
}

const fn colour(ink: Ink, name: &'static str, light: &'static str, dark: &'static str) -> Colour {
    Colour {
        ink,
        name,
        light,
        dark,
    }
}

const GROUND: (&str, &str) = ("#ffffff", "#121417");

const COLOURS: [Colour; 8] = [
    colour(Ink::Text, "text", "#0b0c0c", "#f3f2f1"),
    colour(Ink::Soft, "soft", "#505a5f", "#b1b8bd"),
    colour(Ink::Rule, "rule", "#d9dcde", "#363c42"),
    colour(Ink::Accent, "accent", "#00609a", "#6cc0f5"),
    colour(Ink::Rival, "rival", "#b04600", "#f0a35e"),
    colour(Ink::Third, "third", "#00775a", "#3fcf9f"),
    colour(Ink::Fourth, "fourth", "#96467a", "#e3a0c8"),
    colour(Ink::Wash, "wash", "#e3eef6", "#1d3445"),
];

/// Classes of a map, the lightest first on light ground and the darkest first on dark ground: fill
/// and text, light and dark. One hue, so that the order is seen without colour.
pub(crate) const SHADES: usize = 5;

const RAMP: [[&str; 4]; SHADES] = [
    ["#eaf2f9", "#0b0c0c", "#1b2a36", "#f3f2f1"],
    ["#c3dcef", "#0b0c0c", "#24435b", "#f3f2f1"],
    ["#85b8dd", "#0b0c0c", "#2f6288", "#ffffff"],
    ["#1f6fa8", "#ffffff", "#6cb0e0", "#0b0c0c"],
    ["#0b3d66", "#ffffff", "#c5e4fa", "#0b0c0c"],
];

impl Ink {
    /// The name of its colour in the style sheet: `--name`, and the classes `f-name`, `s-name`.
    pub(crate) fn name(self) -> &'static str {
        COLOURS
            .iter()
            .find(|c| c.ink == self)
            .map_or("text", |c| c.name)
    }
}

/// The colours as custom properties, light, dark and for paper, and the classes of fills and
/// strokes.
pub(crate) fn css() -> String {
    let properties = |dark: bool| {
        let ground = if dark { GROUND.1 } else { GROUND.0 };
        let colours = COLOURS.iter().map(|c| {
            let value = if dark { c.dark } else { c.light };
            format!("--{}:{value};", c.name)
        });
        let ramp = RAMP.iter().enumerate().map(|(class, shade)| {
            let [fill, text] = if dark {
                [shade[2], shade[3]]
            } else {
                [shade[0], shade[1]]
            };
            format!("--q{class}:{fill};--t{class}:{text};")
        });
        let ramp = ramp.collect::<String>();
        format!("--ground:{ground};{}{ramp}", colours.collect::<String>())
    };
    let classes = COLOURS.iter().map(|c| {
        let name = c.name;
        format!(".f-{name}{{fill:var(--{name})}}.s-{name}{{stroke:var(--{name});fill:none}}\n")
    });
    format!(
        ":root{{color-scheme:light dark;{}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{}}}}}\n{}",
        properties(false),
        properties(true),
        classes.collect::<String>(),
    ) + &shades()
}

/// The classes of a map: `q0` to `q4`, and `qx` for what is unknown.
fn shades() -> String {
    let shade = |class: usize| {
        format!(".q{class} rect{{fill:var(--q{class})}}.q{class} text{{fill:var(--t{class})}}\n")
    };
    let shades: String = (0..SHADES).map(shade).collect();
    shades + ".f-ground{fill:var(--ground)}.qx rect{fill:url(#hatch)}.qx text{fill:var(--text)}\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance of `#rrggbb` (WCAG 2.2, definition).
    fn luminance(hex: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_shade_bears_its_text_and_differs_from_the_next() {
        for [fill, text, dark_fill, dark_text] in RAMP {
            assert!(contrast(fill, text) >= 4.5, "{text} on {fill}");
            assert!(
                contrast(dark_fill, dark_text) >= 4.5,
                "{dark_text} on {dark_fill}"
            );
        }
        for pair in RAMP.windows(2) {
            assert!(luminance(pair[0][0]) > luminance(pair[1][0]));
            assert!(luminance(pair[0][2]) < luminance(pair[1][2]));
        }
    }

    #[test]
    fn every_ink_that_carries_meaning_can_be_read() {
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
        let wash = COLOURS.iter().find(|c| c.ink == Ink::Wash).unwrap();
        for colour in &COLOURS {
            if matches!(colour.ink, Ink::Rule | Ink::Wash) {
                continue;
            }
            for (ink, grounds) in [
                (colour.light, [GROUND.0, wash.light]),
                (colour.dark, [GROUND.1, wash.dark]),
            ] {
                for ground in grounds {
                    let found = contrast(ink, ground);
                    assert!(found >= 4.5, "{} on {ground}: {found:.2}", colour.name);
                }
            }
        }
    }
}
