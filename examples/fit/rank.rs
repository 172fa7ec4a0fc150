//! Whether the rows can tell the columns apart.

use forewarn::ndarray::Array1;

use crate::table::{Table, centre_and_scale};

/// Part of a standardised column that has to be its own.
const OWN: f64 = 1e-9;

/// Refuses more columns than rows, and columns that are sums of others; `remedy` is what the
/// family offers.
pub fn check(table: &Table, remedy: &str) -> Result<(), String> {
    let groups = collinear(table);
    let mut told: Vec<String> = groups.iter().map(|group| group.join(", ")).collect();
    if !told.is_empty() {
        told = vec![format!("; sums of each other: {}", told.join("; "))];
    }
    let rows = table.x.nrows();
    let columns = table.names.len() + table.constant.len();
    if columns + 1 >= rows {
        if !table.constant.is_empty() {
            told.push(format!("; constant: {}", table.constant.join(", ")));
        }
        return Err(format!(
            "{columns} columns and an intercept for {rows} rows: more than they can tell apart{}: \
             {remedy}",
            told.concat()
        ));
    }
    match groups.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "collinear columns, which no row can tell apart{}: leave one of each group out with \
             --except, or {remedy}",
            told.concat()
        )),
    }
}

/// Each column that is a sum of those before it, with the ones that it is a sum of.
fn collinear(table: &Table) -> Vec<Vec<String>> {
    let mut x = table.x.clone();
    // Orthonormal directions, each with its column and what of the columns it is made of.
    let mut basis: Vec<(Array1<f64>, Array1<f64>)> = Vec::new();
    let mut groups = Vec::new();
    let width = x.ncols();
    for (j, mut column) in x.columns_mut().into_iter().enumerate() {
        centre_and_scale(column.view_mut());
        let length = column.dot(&column).sqrt();
        let mut rest = column.to_owned();
        let mut made = Array1::zeros(width);
        made[j] = 1.0;
        // Twice, because once leaves rounding behind.
        for _ in 0..2 {
            for (direction, of) in &basis {
                let part = direction.dot(&rest);
                rest.scaled_add(-part, direction);
                made.scaled_add(-part, of);
            }
        }
        let own = rest.dot(&rest).sqrt();
        if own > OWN * length {
            basis.push((rest / own, made / own));
        } else if basis.len() + 1 < table.x.nrows() {
            let part = |&k: &usize| made[k].abs() > 1e-6;
            let names = (0..width).filter(part).map(|k| table.names[k].clone());
            groups.push(names.collect());
        }
    }
    groups
}
