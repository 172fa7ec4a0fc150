//! Which framework an inspection is under, by its start.

use jiff::civil::{Date, date};

use crate::data::Framework;

pub(super) const ILACS_FROM: Date = date(2018, 1, 1);
pub(super) const SIF_FROM: Date = date(2013, 8, 1);

pub(super) fn framework(start: Date) -> Framework {
    if start >= ILACS_FROM {
        Framework::Ilacs
    } else if start >= SIF_FROM {
        Framework::Sif
    } else {
        Framework::Slac
    }
}
