//! The recipes of a service.

use super::recipe::FeatureRecipe;
use crate::data::Service;
use crate::error::{Error, Result};

impl Service {
    /// Its recipes: those of its file, or the named ones of England's children's services.
    ///
    /// # Errors
    /// [`Error::Service`] listing every recipe of the file that is none, or that names an indicator
    /// which the file lacks.
    pub fn recipes(&self) -> Result<Vec<FeatureRecipe>> {
        if self.name() == Service::childrens_services().name() {
            return Ok(FeatureRecipe::named().to_vec());
        }
        let (mut recipes, mut faults) = (Vec::new(), Vec::new());
        for (at, written) in self.written_recipes().iter().enumerate() {
            match self.checked(written) {
                Ok(recipe) => recipes.push(recipe),
                Err(fault) => faults.push(format!("recipes[{at}]: {fault}")),
            }
        }
        let default = self.default_recipe();
        if faults.is_empty() && !recipes.iter().any(|recipe| recipe.name() == default) {
            let names: Vec<&str> = recipes.iter().map(FeatureRecipe::name).collect();
            let names = names.join(", ");
            faults.push(format!(
                "recipe: found {default:?}, expected one of recipes ({names})"
            ));
        }
        match faults.is_empty() {
            true => Ok(recipes),
            false => Err(Error::Service { faults }),
        }
    }

    /// The recipe of that name.
    ///
    /// # Errors
    /// Those of [`recipes`](Self::recipes); [`Error::InvalidValue`] naming the recipes there are.
    pub fn recipe(&self, name: &str) -> Result<FeatureRecipe> {
        let mut recipes = self.recipes()?;
        let found = recipes.iter().position(|recipe| recipe.name() == name);
        found
            .map(|at| recipes.swap_remove(at))
            .ok_or_else(|| Error::InvalidValue {
                what: "recipe",
                found: name.to_owned(),
                expected: recipes
                    .iter()
                    .map(|r| r.name())
                    .collect::<Vec<_>>()
                    .join(", "),
            })
    }

    fn checked(&self, written: &serde_json::Value) -> std::result::Result<FeatureRecipe, String> {
        let recipe: FeatureRecipe =
            serde_json::from_value(written.clone()).map_err(|error| error.to_string())?;
        let used = recipe.features().iter();
        for indicator in used.filter_map(|feature| feature.measure.indicator()) {
            let known = self.catalogue().get(indicator);
            known.map_err(|error| error.to_string())?;
        }
        Ok(recipe)
    }
}
