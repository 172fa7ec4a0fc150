//! Why an organisation has no score.

use std::fmt;

use crate::score::{NotScored, Refusal};

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::TooSmall => f.write_str("numbers too small for any score"),
            Refusal::TooLittle { missing, of } => {
                let each = missing.iter().map(|m| format!("{} ({})", m.label, m.why));
                let each: Vec<String> = each.collect();
                let count = missing.len();
                write!(f, "{count} of {of} indicators missing: {}", each.join(", "))
            }
        }
    }
}

impl NotScored {
    /// The reason in words, with how it was formed.
    pub fn reason(&self) -> String {
        let formed = self.formed.as_ref().map(|formed| {
            let (on, from) = (formed.on, formed.from.join(" and "));
            format!("; formed on {on} from {from}")
        });
        format!("{}{}", self.why, formed.unwrap_or_default())
    }
}
