//! Rules, read from JSON and seen to hold together.

use serde::{Deserialize, Serialize};

use crate::data::Code;
use crate::error::{Error, Result};

/// A rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// What it is called.
    pub name: String,
    /// When it raises an alert.
    #[serde(flatten)]
    pub trigger: Trigger,
}

/// When an alert is raised.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Trigger {
    /// The risk is `enter` or more, until it is below `leave`.
    Risk {
        /// A probability.
        enter: f64,
        /// A probability, no more than `enter`.
        leave: f64,
    },
    /// The place is `enter` or better, until it is worse than `leave`.
    Place {
        /// A place.
        enter: usize,
        /// A place, no better than `enter`.
        leave: usize,
    },
    /// The risk has risen within so many months.
    Rise {
        /// Months looked back, 1 to 60.
        months: u16,
        /// By at least so much, as a probability.
        at_least: f64,
    },
    /// The newest figure of a feature is of a period that ended longer ago.
    Stale {
        /// Months, 1 to 240.
        months: u16,
    },
    /// A figure is missing that was there on the day before.
    Missing,
    /// Something happened.
    Event {
        /// The kind of event.
        event: Code<40>,
        /// What it has to have found; anything where not stated.
        #[serde(default)]
        finding: Option<Code<40>>,
    },
    /// The worst grade twice within five years (National Audit Office 2016, figure 15).
    Persistent,
    /// Every key judgement of the worst grade (the same).
    Systemic,
}

impl Rule {
    /// Reads a list of rules.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] with the rule and what is wrong in it.
    pub fn read(json: &str) -> Result<Vec<Rule>> {
        let rules: Vec<Rule> = serde_json::from_str(json).map_err(|error| Error::InvalidValue {
            what: "alert rules",
            found: error.to_string(),
            expected: "a list as documented in forewarn::monitor::alert".to_owned(),
        })?;
        let mut names: Vec<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
        names.sort_unstable();
        if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(wrong(
                twice[0],
                "two rules of this name",
                "one of each name",
            ));
        }
        rules.iter().try_for_each(Rule::check)?;
        Ok(rules)
    }

    /// Rules to begin with, whose record is to be looked at before they are used.
    pub fn usual() -> Vec<Rule> {
        let rule = |name: &str, trigger| Rule {
            name: name.to_owned(),
            trigger,
        };
        vec![
            rule(
                "high risk",
                Trigger::Risk {
                    enter: 0.30,
                    leave: 0.25,
                },
            ),
            rule(
                "top of the list",
                Trigger::Place {
                    enter: 15,
                    leave: 20,
                },
            ),
            rule(
                "rising",
                Trigger::Rise {
                    months: 6,
                    at_least: 0.08,
                },
            ),
            rule("stale return", Trigger::Stale { months: 24 }),
            rule("newly missing", Trigger::Missing),
            rule("persistent failure", Trigger::Persistent),
            rule("systemic failure", Trigger::Systemic),
        ]
    }

    fn check(&self) -> Result<()> {
        let probability = |p: f64| (0.0..=1.0).contains(&p);
        let (holds, expected) = match self.trigger {
            Trigger::Risk { enter, leave } => (
                probability(enter) && probability(leave) && leave <= enter && enter > 0.0,
                "probabilities, leave no more than enter",
            ),
            Trigger::Place { enter, leave } => (
                enter > 0 && enter <= leave,
                "places from 1, leave no less than enter",
            ),
            Trigger::Rise { months, at_least } => (
                (1..=60).contains(&months) && probability(at_least) && at_least > 0.0,
                "1 to 60 months and a probability above 0",
            ),
            Trigger::Stale { months } => ((1..=240).contains(&months), "1 to 240 months"),
            Trigger::Missing | Trigger::Event { .. } | Trigger::Persistent | Trigger::Systemic => {
                (true, "")
            }
        };
        match holds && !self.name.trim().is_empty() {
            true => Ok(()),
            false if holds => Err(wrong(&self.name, "no name", "a name")),
            false => Err(wrong(&self.name, &format!("{:?}", self.trigger), expected)),
        }
    }

    /// The rule with its threshold so many times as high; itself where it has none.
    pub fn scaled(&self, factor: f64) -> Rule {
        let places = |n: usize| ((n as f64 * factor).round() as usize).max(1);
        let trigger = match self.trigger {
            Trigger::Risk { enter, leave } => Trigger::Risk {
                enter: (enter * factor).min(1.0),
                leave: (leave * factor).min(1.0),
            },
            Trigger::Place { enter, leave } => Trigger::Place {
                enter: places(enter),
                leave: places(leave),
            },
            Trigger::Rise { months, at_least } => Trigger::Rise {
                months,
                at_least: (at_least * factor).min(1.0),
            },
            other => other,
        };
        Rule {
            name: self.name.clone(),
            trigger,
        }
    }

    /// Whether it has a threshold to be varied.
    pub fn has_threshold(&self) -> bool {
        matches!(
            self.trigger,
            Trigger::Risk { .. } | Trigger::Place { .. } | Trigger::Rise { .. }
        )
    }
}

impl Trigger {
    /// What it asks, in words.
    pub fn words(&self) -> String {
        match self {
            Trigger::Risk { enter, leave } => format!(
                "risk of {:.0}% or more, until below {:.0}%",
                100.0 * enter,
                100.0 * leave
            ),
            Trigger::Place { enter, leave } => {
                format!("place {enter} or better, until worse than {leave}")
            }
            Trigger::Rise { months, at_least } => format!(
                "risk up by {:.1} points within {months} months",
                100.0 * at_least
            ),
            Trigger::Stale { months } => format!("newest figure older than {months} months"),
            Trigger::Missing => "a figure missing that was there before".to_owned(),
            Trigger::Event { event, finding } => match finding {
                Some(finding) => format!("event {event} with {finding}"),
                None => format!("event {event}"),
            },
            Trigger::Persistent => "the worst grade twice within five years".to_owned(),
            Trigger::Systemic => "every key judgement of the worst grade".to_owned(),
        }
    }
}

fn wrong(rule: &str, found: &str, expected: &str) -> Error {
    Error::InvalidValue {
        what: "alert rule",
        found: format!("{rule:?}: {found}"),
        expected: expected.to_owned(),
    }
}
