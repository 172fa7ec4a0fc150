//! Every fault of a file of own figures, in one pass.

use std::path::Path;

use forewarn::read::{Folder, template};

use crate::common::{Failure, with_spinner, wrapped};

/// Reads the file beside the others, and says what is wrong in it and what to look at again.
pub fn check(folder: Folder, file: &Path) -> Result<(), Failure> {
    let before = with_spinner("reading", || folder.clone().read())?.panel;
    let loaded = with_spinner("checking", || folder.file(file).read())?;
    if let Some((_, why)) = loaded.report.ignored.iter().find(|(f, _)| f == file) {
        return Err(format!("{}: {why}", file.display()).into());
    }
    let Some(report) = loaded.report.files.iter().find(|f| f.file == file) else {
        return Err(format!("{}: not read", file.display()).into());
    };
    let read = report.numbers + report.low;
    say!(
        "{}: {} rows, {read} figures, {} faults",
        file.display(),
        report.rows,
        report.refused_total
    );
    for note in &report.notes {
        wrapped("  ", note);
    }
    for fault in &report.refused {
        wrapped("  ! ", &fault.to_string());
    }
    for doubt in template::doubts(&before, &loaded.panel) {
        wrapped("  ? ", &doubt);
    }
    match report.refused_total {
        0 => Ok(()),
        faults => Err(format!(
            "{}: {faults} faults: mend them, and check again",
            file.display()
        )
        .into()),
    }
}
