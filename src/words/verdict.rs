//! What a comparison says.

use crate::validate::{Estimate, Interval, Undefined, Verdict};

impl Verdict {
    /// The verdict in words, for a comparison with this rival among so many.
    pub fn words(self, rival: &str, m: usize, interval: Estimate<Interval>) -> String {
        let together = match m {
            0 | 1 => String::new(),
            m => format!(" (simultaneously over {m} comparisons)"),
        };
        let range = match interval {
            Ok(i) => format!("from {:.2} to {:.2}", i.low, i.high),
            Err(Undefined::OneClass) => "no year has both outcomes".to_owned(),
            Err(why) => why.to_string(),
        };
        match self {
            Verdict::Better => format!("better than {rival}{together}: {range}"),
            Verdict::Worse => format!("worse than {rival}{together}: {range}"),
            Verdict::NoPracticalDifference => {
                format!("no practical difference from {rival}{together}: {range}")
            }
            Verdict::CannotBeTold => format!("against {rival}: cannot be told, {range}"),
        }
    }
}
