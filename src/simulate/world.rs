//! The world, drawn.

use jiff::civil::Date;

use super::condition::{self, Condition};
use super::figure;
use super::params::SimulationParams;
use super::place;
use super::visit::{self, TrueRisk};
use crate::data::{
    AuthorityCode, Catalogue, Inspection, Observation, Origin, Panel, PanelBuilder, Register,
};
use crate::error::Result;

/// A simulated world: what was published, and the truth behind it.
#[derive(Clone, Debug)]
pub struct World {
    /// What it was made from.
    pub params: SimulationParams,
    /// The invented authorities.
    pub register: Register,
    /// The figures, by entity (England, regions, authorities), indicator, period and day known.
    pub observations: Vec<Observation>,
    /// The inspections, by authority and date.
    pub inspections: Vec<Inspection>,
    /// The truth: what each inspection's outcome was drawn from, in the order of `inspections`.
    pub risks: Vec<TrueRisk>,
    /// The truth: conditions by authority and year.
    pub conditions: Vec<Condition>,
}

impl SimulationParams {
    /// Draws the world.
    ///
    /// # Errors
    /// [`Error::InvalidValue`](crate::Error::InvalidValue) if a parameter is outside its stated range.
    pub fn simulate(&self) -> Result<World> {
        self.check()?;
        let places = place::places(self)?;
        let (mut inspections, mut risks) = (Vec::new(), Vec::new());
        let mut paths = Vec::with_capacity(places.len());
        for (index, place) in places.iter().enumerate() {
            let mut path = condition::path(self, index, place);
            let visits = visit::history(self, index, place, &path);
            let failed = visits.iter().filter(|v| v.event);
            let failed: Vec<Date> = failed.map(|v| v.risk.start).collect();
            for condition in &mut path {
                condition.consequence = condition::consequence(&failed, condition.year);
            }
            for visit in visits {
                inspections.push(visit.inspection);
                risks.push(visit.risk);
            }
            paths.push(path);
        }
        Ok(World {
            params: self.clone(),
            register: place::register(&places),
            observations: figure::publish(self, &places, &paths)?,
            inspections,
            risks,
            conditions: paths.into_iter().flatten().collect(),
        })
    }
}

impl World {
    /// The published part as a panel, without the detour over files. It is not checked again: what
    /// was altered by hand belongs into a [`PanelBuilder`] of your own.
    pub fn panel(&self) -> Panel {
        let catalogue = Catalogue::childrens_services();
        let mut builder = PanelBuilder::new(self.register.clone(), catalogue);
        let source = builder.source(0, "simulated");
        for observation in &self.observations {
            let observation = Observation {
                source,
                ..*observation
            };
            builder.observation(observation, Origin::default());
        }
        for inspection in &self.inspections {
            builder.inspection(inspection.clone());
        }
        builder.built().panel
    }

    /// The truth: log-odds that an inspection of the authority starting on that day would end
    /// Inadequate. `None` for an unknown authority or a day outside the simulated years.
    pub fn log_odds(&self, authority: AuthorityCode, day: Date) -> Option<f64> {
        let from = self
            .conditions
            .partition_point(|c| c.organisation < authority);
        let to = self
            .conditions
            .partition_point(|c| c.organisation <= authority);
        visit::log_odds(&self.params, &self.conditions[from..to], day)
    }
}
