//! The coefficients and the calibration as drawings.

use forewarn::ndarray::Axis;
use forewarn::report::chart::{self, CoefficientRow};
use forewarn::validate::{Forecast, Interval};

use crate::analysis::Report;
use crate::args::Args;
use crate::common::{Failure, write};
use crate::table::Table;

/// Writes what was asked for.
pub fn draw(args: &Args, table: &Table, report: &Report) -> Result<(), Failure> {
    if let Some(file) = &args.coefficients_svg {
        let sds = table.x.std_axis(Axis(0), 0.0);
        let scale = |name: &str| {
            let place = table.names.iter().position(|column| column == name);
            // The composite is a mean of standardised columns already.
            place.map_or(1.0, |at| sds[at])
        };
        let slopes = report
            .coefficients
            .iter()
            .filter(|c| c.name != "(Intercept)");
        let rows: Vec<CoefficientRow> = slopes
            .map(|c| CoefficientRow {
                name: c.name.clone(),
                estimate: c.estimate * scale(&c.name),
                interval: Interval {
                    low: c.ci_low * scale(&c.name),
                    high: c.ci_high * scale(&c.name),
                },
            })
            .collect();
        let drawn = chart::coefficients(report.family, args.level, &rows);
        write(file, &drawn.to_svg_file())?;
    }
    if let Some(file) = &args.calibration_svg {
        let fitted: Vec<f64> = serde_json::from_value(report.fitted.clone())?;
        let forecast = Forecast::new(&fitted, &table.events())?;
        write(
            file,
            &chart::calibration(report.family, &forecast).to_svg_file(),
        )?;
    }
    Ok(())
}
