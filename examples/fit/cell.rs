//! The text of a cell as a number, an event or a grade.

/// A number, or what to write instead.
pub fn number(text: &str) -> Result<f64, String> {
    if let Some(number) = text.parse::<f64>().ok().filter(|n| n.is_finite()) {
        return Ok(number);
    }
    let plain = |text: &str| text.parse::<f64>().is_ok_and(f64::is_finite);
    let without = |sign: char| text.replace(sign, "");
    Err(match text {
        "" => "expected a number: fill it in, or leave the row out".to_owned(),
        _ if text.ends_with('%') && plain(&without('%')) => {
            let bare = without('%');
            format!("expected a number: write {bare}, without the sign, in the whole column")
        }
        _ if plain(&without(',')) => {
            let (bare, point) = (without(','), text.replacen(',', ".", 1));
            match text.split(',').skip(1).all(|part| part.len() == 3) {
                true => format!("expected a number: write {bare}, without thousands separators"),
                false => format!("expected a number: write {point}, with a decimal point"),
            }
        }
        _ => "expected a number".to_owned(),
    })
}

/// Whether it is neither a number nor one written otherwise, nor empty.
pub fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.starts_with(|c: char| c.is_ascii_digit() || "+-.,".contains(c))
}

/// Pairs that are understood without being told: the event second.
const PAIRS: [[&str; 2]; 7] = [
    ["0", "1"],
    ["1", "2"],
    ["no", "yes"],
    ["n", "y"],
    ["false", "true"],
    ["f", "t"],
    ["0.0", "1.0"],
];

type Outcomes = (Vec<f64>, Option<String>);

/// The outcome as 0 and 1, and what was taken for the event where it is not 1.
pub fn events(
    column: &str,
    cells: &[(u64, &str)],
    event: Option<&str>,
) -> Result<Outcomes, String> {
    check_filled(column, cells)?;
    let mut values: Vec<String> = cells.iter().map(|(_, t)| t.to_lowercase()).collect();
    let of = |event: &str| {
        let same = |(_, text): &(u64, &str)| f64::from(u8::from(text.eq_ignore_ascii_case(event)));
        cells.iter().map(same).collect::<Vec<f64>>()
    };
    let written = values.clone();
    values.sort_unstable();
    values.dedup();
    let shown = |values: &[String]| {
        let first: Vec<&str> = values.iter().take(6).map(String::as_str).collect();
        let more = if values.len() > 6 { ", ..." } else { "" };
        format!("{}{more}", first.join(", "))
    };
    if let Some(event) = event {
        if !written.contains(&event.to_lowercase()) {
            return Err(format!(
                "--event {event}: not in {column}, only {}",
                shown(&values)
            ));
        }
        return Ok((of(event), Some(format!("event: {column} is {event}"))));
    }
    let pair = PAIRS
        .iter()
        .find(|pair| values.iter().all(|v| pair.contains(&v.as_str())));
    match pair {
        Some([_, event]) => {
            let said = (*event != "1").then(|| format!("event: {column} is {event}"));
            Ok((of(event), said))
        }
        None => {
            let wrong = |(_, text): &&(u64, &str)| !["0", "1"].contains(text);
            let (line, text) = cells.iter().find(wrong).unwrap_or(&cells[0]);
            Err(format!(
                "outcome {column}, line {line}: found {text:?}, expected 0 or 1 (or yes and no, true \
                 and false, 1 and 2); it holds {}: say which is the event with --event VALUE",
                shown(&values)
            ))
        }
    }
}

/// The outcome as whole grades.
pub fn levels(column: &str, cells: &[(u64, &str)]) -> Result<Vec<f64>, String> {
    check_filled(column, cells)?;
    let level = |(line, text): &(u64, &str)| {
        let whole = text.parse::<f64>().ok().filter(|n| n.fract() == 0.0);
        whole.ok_or_else(|| {
            format!(
                "outcome {column}, line {line}: found {text:?}, expected a whole grade, the worst \
                 highest: --family ordinal is for grades"
            )
        })
    };
    cells.iter().map(level).collect()
}

fn check_filled(column: &str, cells: &[(u64, &str)]) -> Result<(), String> {
    match cells.iter().find(|(_, text)| text.is_empty()) {
        Some((line, _)) => Err(format!(
            "outcome {column}, line {line}: empty: leave out rows whose outcome is not known"
        )),
        None => Ok(()),
    }
}
