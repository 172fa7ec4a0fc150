//! How wide a text will be, so that labels neither clip nor overlap.

/// Widths of the printable ASCII characters in thousandths of the font size, from `!` on: Adobe's
/// metrics of Helvetica, which Arial and Liberation Sans share.
const WIDTHS: [u16; 94] = [
    278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, // ! to /
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, // 0 to ?
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, // @ to O
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, // P to _
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, // ` to o
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, // p to ~
];

/// The width of any other character: as of a capital, too wide rather than too narrow.
const OTHER: u16 = 722;

/// The width of a text at a font size, in the unit of the size.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    let thousandths: u32 = text.chars().map(|c| u32::from(character(c))).sum();
    size * f64::from(thousandths) / 1000.0
}

fn character(c: char) -> u16 {
    let from_exclamation = (c as usize).checked_sub('!' as usize);
    match (c, from_exclamation.and_then(|at| WIDTHS.get(at))) {
        (' ' | '\u{a0}', _) => 278,
        ('\u{2013}', _) => 556,
        ('\u{2212}', _) => 584,
        (_, Some(&width)) => width,
        (_, None) => OTHER,
    }
}

/// The text, or as much of it as fits with an ellipsis.
pub(crate) fn fitted(text: &str, size: f64, most: f64) -> String {
    if width(text, size) <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if width(&kept, size) + size > most {
            kept.pop();
            break;
        }
    }
    format!("{}\u{2026}", kept.trim_end())
}

/// The text in lines that fit, broken at spaces; a word that is too wide alone is shortened.
pub(crate) fn wrapped(text: &str, size: f64, most: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}"), size) <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(fitted(word, size, most)),
        }
    }
    lines
}

/// Positions at least `gap` apart, in the order of the wanted ones, as near to them as a pass in
/// each direction brings them, and inside `low..=high` where there is room.
pub(crate) fn spread(wanted: &[f64], gap: f64, (low, high): (f64, f64)) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]));
    let mut placed = vec![0.0; wanted.len()];
    let mut least = low;
    for &label in &order {
        placed[label] = wanted[label].max(least);
        least = placed[label] + gap;
    }
    let mut most = high;
    for &label in order.iter().rev() {
        placed[label] = placed[label].min(most);
        most = placed[label] - gap;
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn widths_are_those_of_helvetica() {
        // Adobe's Helvetica.afm: H 722, i 222, space 278, percent 889, tilde 584.
        assert!((width("Hi %~", 10.0) - 26.95).abs() < 1e-12);
    }

    #[test]
    fn a_text_is_cut_or_broken_to_fit() {
        assert_eq!(fitted("Leeds", 12.0, 100.0), "Leeds");
        assert!(width(&fitted("Kingston upon Hull", 12.0, 60.0), 12.0) <= 60.0);
        assert_eq!(
            wrapped("agency social workers", 12.0, 80.0),
            ["agency social", "workers"]
        );
    }

    proptest! {
        #[test]
        fn labels_keep_their_distance(wanted in prop::collection::vec(0.0..100.0f64, 1..8)) {
            let placed = spread(&wanted, 10.0, (0.0, 100.0));
            let mut sorted = placed.clone();
            sorted.sort_by(f64::total_cmp);
            prop_assert!(sorted.windows(2).all(|w| w[1] - w[0] >= 10.0 - 1e-9));
            prop_assert!(placed.iter().all(|p| (-1e-9..=100.0 + 1e-9).contains(p)));
        }
    }
}
