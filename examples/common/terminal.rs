//! What is said on the terminal, and how a program ends.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::ProgressBar;

/// The widest line.
pub const WIDTH: usize = 100;

/// Anything that ends a program before its end.
pub type Failure = Box<dyn Error>;

/// A command line that asks for what cannot be: exit code 2.
#[derive(Debug)]
pub struct Usage(pub String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Usage {}

/// The error of a command line.
pub fn usage(message: impl Into<String>) -> Failure {
    Box::new(Usage(message.into()))
}

/// Whether anything is said for people: not where standard output is asked for as data.
static SILENT: AtomicBool = AtomicBool::new(false);
/// Whether standard output was closed at its other end, as by `head`: that is no failure.
static CLOSED: AtomicBool = AtomicBool::new(false);
/// Whether standard output could not be written for any other reason.
static BROKEN: AtomicBool = AtomicBool::new(false);

/// Says nothing any more that is for people.
pub fn be_silent() {
    SILENT.store(true, Ordering::Relaxed);
}

/// Says a line.
macro_rules! say {
    () => { $crate::common::say_line(format_args!("")) };
    ($($arg:tt)*) => { $crate::common::say_line(format_args!($($arg)*)) };
}

/// Says a line; control characters, which a name may hold, are shown instead of obeyed.
pub fn say_line(line: fmt::Arguments<'_>) {
    if !SILENT.load(Ordering::Relaxed) {
        put(&format!("{}\n", shown(&line.to_string())));
    }
}

/// Puts data on standard output, as they are unless a terminal would obey them.
pub fn put_data(text: &str) {
    match io::stdout().is_terminal() {
        true => put(&shown(text)),
        false => put(text),
    }
}

fn put(text: &str) {
    if CLOSED.load(Ordering::Relaxed) {
        return;
    }
    let mut out = io::stdout().lock();
    if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        CLOSED.store(true, Ordering::Relaxed);
        BROKEN.store(error.kind() != ErrorKind::BrokenPipe, Ordering::Relaxed);
    }
}

/// A text without what a terminal would obey.
pub fn shown(text: &str) -> String {
    let obeyed = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match obeyed(c) {
            true => shown.extend(c.escape_default()),
            false => shown.push(c),
        }
    }
    shown
}

/// Success, or the error in one line: 2 for a command line that asks for what cannot be, else 1.
pub fn exit_code(result: Result<(), Failure>) -> ExitCode {
    let result = match BROKEN.load(Ordering::Relaxed) {
        true => result.and(Err("standard output could not be written".into())),
        false => result,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {}", shown(&error.to_string()));
            ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
        }
    }
}

/// Shows that work goes on, once it has taken a second.
pub fn with_spinner<T>(what: &'static str, work: impl FnOnce() -> T) -> T {
    let bar = ProgressBar::new_spinner().with_message(what);
    bar.enable_steady_tick(Duration::from_secs(1));
    let done = work();
    bar.finish_and_clear();
    done
}

/// Text cut to a width.
pub fn label_cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width - 1).collect();
    format!("{kept}…")
}

/// Columns of this terminal, up to the widest line.
fn width() -> usize {
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    terminal.map_or(WIDTH, |width| width.clamp(40, WIDTH))
}

/// Prints `text` after `lead`, wrapped at the width of the terminal and indented under it.
pub fn wrapped(lead: &str, text: &str) {
    let most = width();
    let indent = lead.chars().count();
    let mut line = lead.to_owned();
    let mut used = indent;
    for word in text.split(' ') {
        let width = word.chars().count();
        if used > indent && used + 1 + width > most {
            say!("{line}");
            line = " ".repeat(indent);
            used = indent;
        }
        if used > indent {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += width;
    }
    say!("{line}");
}
